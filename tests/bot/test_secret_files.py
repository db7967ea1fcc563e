"""Secrets from files, as a container engine mounts them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import make_url

from bot import secret_files
from bot.settings import Settings, load_settings
from news.errors import InputError


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """Writes secret files; the settings of this process are away."""
    for name in [name for name in os.environ if name.startswith("ATTACHE_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("ATTACHE_SECRETS_DIR", str(folder))

    def put(**files):
        for name, text in files.items():
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return put


def test_a_file_is_called_as_its_setting(secrets):
    secrets(attache_discord_token="abc.def\n", ATTACHE_DATABASE_URL="sqlite:///x.db")
    found = load_settings(None)
    assert found.discord_token.get_secret_value() == "abc.def"
    assert found.database_url.get_secret_value() == "sqlite:///x.db"


def test_the_environment_counts_before_files(secrets, monkeypatch):
    secrets(attache_discord_token="of the file", attache_timezone="Europe/Kyiv")
    monkeypatch.setenv("ATTACHE_DISCORD_TOKEN", "of the environment")
    found = load_settings(None)
    assert (found.discord_token.get_secret_value(), found.timezone) == ("of the environment", "Europe/Kyiv")


def test_files_of_others_are_left_alone(secrets):
    secrets(grafana_password=b"\xff", discord_token="", attache_unknown="").joinpath("more").mkdir()
    assert load_settings(None).discord_token is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty: write the secret into it, or take it away."),
        (" \n", "is empty"),
        ("abc \n", "begins or ends with a blank"),
        ("abc\r\n", "begins or ends with a blank"),
        (b"\xff\xfe", "is not text in UTF-8"),
    ],
)
def test_a_file_without_a_secret_is_one_clear_line(secrets, content, told):
    folder = secrets(attache_discord_token=content)
    with pytest.raises(InputError, match=told) as error:
        load_settings(None)
    assert str(folder / "attache_discord_token") in str(error.value)


def test_a_file_that_cannot_be_read_is_one_clear_line(secrets):
    folder = secrets()
    (folder / "attache_discord_token").mkdir()  # as an engine does where the file to mount is not there
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\): let the user read it"):
        load_settings(None)


def test_a_link_out_of_the_folder_is_not_followed(secrets, tmp_path):
    (tmp_path / "elsewhere").write_text("abc")
    (secrets() / "attache_discord_token").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="leads out of its folder"):
        load_settings(None)


def test_links_within_the_folder_are_followed(secrets):
    """As Kubernetes lays them."""
    folder = secrets()
    (folder / "..data").mkdir()
    (folder / "..data" / "attache_discord_token").write_text("abc")
    (folder / "attache_discord_token").symlink_to(folder / "..data" / "attache_discord_token")
    assert load_settings(None).discord_token.get_secret_value() == "abc"


def test_a_link_to_itself_is_told(secrets):
    folder = secrets()
    (folder / "attache_discord_token").symlink_to(folder / "attache_discord_token")
    with pytest.raises(InputError, match="attache_discord_token cannot be read"):
        load_settings(None)


def test_a_folder_that_is_none_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("ATTACHE_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="ATTACHE_SECRETS_DIR cannot be used: there is no folder"):
        load_settings(None)


def test_the_usual_folder_is_read_where_it_is_there(secrets, monkeypatch):
    folder = secrets(attache_discord_token="abc")
    monkeypatch.delenv("ATTACHE_SECRETS_DIR")
    monkeypatch.setattr(secret_files, "USUAL", folder / "not there")
    assert load_settings(None).discord_token is None
    monkeypatch.setattr(secret_files, "USUAL", folder)
    assert load_settings(None).discord_token.get_secret_value() == "abc"


def test_the_folder_may_stand_in_the_file_of_settings(secrets, monkeypatch, tmp_path):
    folder = secrets(attache_discord_token="abc")
    monkeypatch.delenv("ATTACHE_SECRETS_DIR")
    (tmp_path / "settings").write_text(f"ATTACHE_SECRETS_DIR={folder}\n")
    assert load_settings(tmp_path / "settings").discord_token.get_secret_value() == "abc"


ODD = "".join(map(chr, range(33, 127))) + "é %2F +"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_a_password_may_have_any_characters(secrets, monkeypatch, scheme):
    secrets(attache_database_password=ODD)
    monkeypatch.setenv("ATTACHE_DATABASE_URL", f"{scheme}://attache@database:5433/news?sslmode=disable")
    url = make_url(load_settings(None).database_url.get_secret_value())
    assert url.password == ODD
    assert (url.username, url.host, url.port, url.database) == ("attache", "database", 5433, "news")
    assert url.query == {"sslmode": "disable"}


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sqlite:///x.db", "only PostgreSQL asks for a password"),
        ("postgresql://a:b@host/d", "it holds a password, too"),
        ("postgresql://host/d", "name the user before the host"),
        (None, "only PostgreSQL asks for a password"),
    ],
)
def test_a_password_needs_an_address_without_one(secrets, monkeypatch, address, told):
    secrets(attache_database_password="hidden")
    if address:
        monkeypatch.setenv("ATTACHE_DATABASE_URL", address)
    with pytest.raises(InputError, match=f"ATTACHE_DATABASE_URL cannot be used: {told}") as error:
        load_settings(None)
    assert "hidden" not in str(error.value)


def test_the_password_does_not_show(secrets, monkeypatch):
    secrets(attache_database_password="hidden")
    monkeypatch.setenv("ATTACHE_DATABASE_URL", "postgresql://attache@database/attache")
    assert "hidden" not in repr(load_settings(None))


def test_every_secret_may_come_from_a_file(secrets):
    """Also one that the others do not go with: each is refused in the same words as from the environment."""
    for name, field in Settings.model_fields.items():
        if "SecretStr" in str(field.annotation):
            file = secrets(**{f"attache_{name}": ""}) / f"attache_{name}"
            with pytest.raises(InputError, match=f"attache_{name} is empty"):
                load_settings(None)
            file.unlink()


def test_the_command_says_it_in_one_line(secrets):
    folder = secrets(attache_discord_token="")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--once"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"attache: The secret file {folder / 'attache_discord_token'} is empty: write the secret into it, or take it away."
    ]
