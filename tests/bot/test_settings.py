import pytest

from bot.settings import load_settings
from news.errors import InputError


@pytest.fixture
def environment(monkeypatch):
    def put(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def test_settings_come_from_the_environment(environment):
    environment(ATTACHE_DATABASE_URL="sqlite:///x.db", ATTACHE_PRIVATE_HOSTS="a:1, b")
    found = load_settings(None)
    assert found.database_url.get_secret_value() == "sqlite:///x.db"
    assert found.private_hosts == {"a:1", "b"}


def test_settings_come_from_a_file(tmp_path):
    (tmp_path / "settings").write_text("ATTACHE_TIMEZONE=Europe/Berlin\nOTHER=1\n")
    assert load_settings(tmp_path / "settings").timezone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATTACHE_TIMEZONE", "Mars/Olympus"),
        ("ATTACHE_TIMEZONE", "/etc/passwd"),
        ("ATTACHE_LOG_LEVEL", "loud"),
        ("ATTACHE_LOG_FORMAT", "xml"),
        ("ATTACHE_HEARTBEAT_SECONDS", "soon"),
        ("ATTACHE_HEARTBEAT_SECONDS", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environment, name, value):
    environment(**{name: value})
    with pytest.raises(InputError, match=name):
        load_settings(None)


def test_secrets_do_not_show(environment):
    environment(ATTACHE_DISCORD_TOKEN="abc.def", ATTACHE_DATABASE_URL="postgresql://u:hidden@h/d")
    shown = repr(load_settings(None))
    assert "abc.def" not in shown
    assert "hidden" not in shown


def test_shards_are_numbers(environment):
    environment(ATTACHE_DISCORD_SHARDS="4", ATTACHE_DISCORD_SHARD_IDS=" 0, 3")
    found = load_settings(None)
    assert (found.discord_shards, found.discord_shard_ids) == (4, (0, 3))


@pytest.mark.parametrize(
    ("shards", "ids", "told"),
    [
        ("0", "", "ATTACHE_DISCORD_SHARDS cannot be used: give 1 or more."),
        ("two", "0", "ATTACHE_DISCORD_SHARDS cannot be used"),
        ("", "0", "set ATTACHE_DISCORD_SHARDS, too, to how many there are in all."),
        ("2", "0,2", "give different numbers from 0 to 1, for there are 2 shards."),
        ("2", "0,0", "give different numbers from 0 to 1, for there are 2 shards."),
        ("2", "0;1", "give numbers separated by commas, such as 0,1."),
        ("2", "-1", "give numbers separated by commas, such as 0,1."),
        ("2", "0,", "give numbers separated by commas, such as 0,1."),
    ],
)
def test_shards_that_cannot_be_are_told(environment, shards, ids, told):
    environment(ATTACHE_DISCORD_SHARDS=shards, ATTACHE_DISCORD_SHARD_IDS=ids)
    with pytest.raises(InputError) as error:
        load_settings(None)
    assert told in str(error.value)
    assert "ATTACHE_DISCORD_SHARD" in str(error.value)
