"""Settings: the environment (and a `.env` file) as one frozen value; nobody else reads the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.reasons import reason
from bot.roles import Role
from bot.secret_files import secrets_folder
from bot.setting_texts import address_with, is_key, is_place, is_token, passwords_in, split_address
from news.addresses import SLACK_MEMBER
from news.channels import Platform
from news.errors import InputError
from news.retention import LEAST, Keep


def default_database_url() -> str:
    """An SQLite file in the user's data folder."""
    return f"sqlite:///{user_data_path('attache') / 'attache.db'}"


class _Place(BaseSettings):
    """What must be known before the rest is read."""

    model_config = SettingsConfigDict(
        env_prefix="ATTACHE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    secrets_dir: Path | None = None
    """A folder of files called as settings in small letters, each with one secret; `/run/secrets` where it is there."""


class Settings(_Place):
    """All that can be set; every name is read with the prefix `ATTACHE_`."""

    database_password: SecretStr | None = None
    """The PostgreSQL user's, which `database_url` then leaves out; any characters."""
    database_url: SecretStr = Field(
        default_factory=lambda: SecretStr(default_database_url()), validate_default=True
    )
    """Where the store is: `sqlite:///…` or `postgresql://…`. Secret, for it may hold a password."""
    role: Role = Role.ALL
    """What `attache run` does in this process; all but `all` need a store that processes share."""
    timezone: str = "UTC"
    """IANA name; times are shown in it where a workspace has none of its own."""
    private_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """Hosts (`name` or `name:port`, separated by commas) that may be fetched although their address is private."""
    user_agent: str = "Attache/0.1 (+news digest bot; reads feeds on behalf of a chat channel)"
    """How feeds are asked: name yourself here, with an address to reach you."""
    heartbeat_seconds: float = Field(default=5.0, gt=0, le=3600)
    """How often `attache run` looks for due feeds and digests."""
    reading_at_once: int | None = Field(default=None, ge=1, le=256)
    """How many articles this process reads side by side; by default as many as it has cores, and `attache run`, which
    reads in processes of their own, four at most."""
    look_up_processes: int | None = Field(default=None, ge=0, le=64)
    """How many processes `attache run` has answer look-ups beside the one that is connected to the platforms, which does
    it itself where there is none; by default one, where there are two cores."""
    commands_a_minute: int = Field(default=30, ge=0, le=10_000)
    """How much one person may ask on Discord and Slack in a minute, of each process; 0 for as much as they like."""
    keep_days: int | None = Field(default=None, ge=LEAST.days, le=36_500)
    """For how many days articles and digests are kept; for ever where it is not set."""
    keep_statements: bool = True
    """Whether statements outlast their articles, with the sentences that they stand in."""
    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    discord_shards: int | None = Field(default=None, ge=1, le=100_000)
    """Of how many shards the bot's connection to Discord is, over all processes; as many as Discord recommends by default."""
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode] = ()
    """Which of them this process runs, counted from 0, separated by commas; all by default."""
    slack_client_id: str | None = None
    """Whose installations in several workspaces are kept; with the next two, and without a bot token."""
    slack_client_secret: SecretStr | None = Field(default=None, validate_default=True)
    slack_token_key: SecretStr | None = Field(default=None, validate_default=True)
    """Encrypts the tokens of several workspaces; of several keys, separated by commas, the first does, and all decrypt."""
    slack_bot_token: SecretStr | None = None
    """`xoxb-…`: the app's in one workspace."""
    slack_signing_secret: SecretStr | None = None
    """By which requests are known to be Slack's, where Slack sends them to `slack_http`."""
    slack_app_token: SecretStr | None = Field(default=None, validate_default=True)
    """`xapp-…`: for Socket Mode, which needs no public address."""
    slack_http: str | None = Field(default=None, validate_default=True)
    """`host:port` to listen on."""
    slack_api_url: str | None = None
    slack_managers: Annotated[frozenset[str], NoDecode] = frozenset()
    """Ids of those who may manage feeds, schedules, names and targets on Slack, separated by commas; everybody by default."""
    slack_commands: Annotated[Mapping[str, str], NoDecode] = Field(default_factory=dict)
    """What commands are called on Slack, by our names, such as `digest=news,actor=who`."""
    summary_model: str | None = None
    """A larger model that writes summaries: a folder, or `owner/name` on the hub."""
    summary_server: str | None = None
    """In its place, the base address of an OpenAI-compatible server, such as `http://localhost:8000/v1`."""
    summary_server_model: str | None = Field(default=None, validate_default=True)
    """Which of the server's models writes."""
    summary_server_key: SecretStr | None = None
    summary_timeout: float = Field(default=60.0, gt=0, le=3600)
    """Seconds that one summary may take; then the extract stands in its place."""
    status_http: str | None = None
    """`host:port` at which `attache run` tells how it fares and what it has done; nowhere by default."""
    sentry_dsn: SecretStr | None = None
    """Where errors of `attache run` are reported to; needs the extra `sentry`."""
    log_level: str = "info"
    log_format: str = "console"

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """Where people ask and are posted to; none for who does not post."""
        there = {
            Platform.DISCORD: self.discord_token is not None,
            Platform.SLACK: self.slack_bot_token is not None or self.slack_client_id is not None,
        }
        return tuple(platform for platform, is_named in there.items() if self.role.posts and is_named)

    @field_validator("database_url")
    @classmethod
    def _with_password(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        password = info.data.get("database_password")
        if password is None:
            return value
        return SecretStr(address_with(value.get_secret_value(), password.get_secret_value()))

    @field_validator("private_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            frozenset(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("discord_shard_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else []
        if not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
            raise ValueError("give numbers separated by commas, such as 0,1")
        return tuple(map(int, parts)) if parts else value

    @field_validator("discord_shard_ids")
    @classmethod
    def _of_the_shards(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        if not value or "discord_shards" not in info.data:
            return value
        total = info.data["discord_shards"]
        if total is None:
            raise ValueError("set ATTACHE_DISCORD_SHARDS, too, to how many there are in all")
        if len(set(value)) < len(value) or not all(number < total for number in value):
            raise ValueError(f"give different numbers from 0 to {total - 1}, for there are {total} shards")
        return value

    @field_validator("slack_client_secret")
    @classmethod
    def _with_client(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if (value is None) != (info.data.get("slack_client_id") is None):
            raise ValueError(
                "set it together with ATTACHE_SLACK_CLIENT_ID: "
                "both stand on the page Basic Information of the Slack app"
            )
        return value

    @field_validator("slack_token_key")
    @classmethod
    def _usable_keys(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("slack_client_id") is not None:
            raise ValueError(
                "the tokens of several workspaces are kept encrypted: set it to a key of your own"
            )
        if value is not None and not all(map(is_key, value.get_secret_value().split(","))):
            raise ValueError(
                "a key is 32 random bytes in URL-safe base64, 44 characters; separate several by commas"
            )
        return value

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is not None and info.data.get("slack_client_id") is not None:
            raise ValueError(
                "ATTACHE_SLACK_CLIENT_ID is set, too: keep this one for one workspace, that one for several"
            )
        if value is not None and not is_token(value.get_secret_value(), "xoxb-"):
            raise ValueError(
                "give the Bot User OAuth Token of the app's page OAuth & Permissions: it begins with xoxb-"
            )
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        signed = info.data.get("slack_signing_secret") is not None
        installed = _has_slack(info)
        if value is None:
            if installed and not signed:
                raise ValueError(
                    "set it for Socket Mode, or ATTACHE_SLACK_SIGNING_SECRET and ATTACHE_SLACK_HTTP in its place"
                )
            return None
        if not is_token(value.get_secret_value(), "xapp-"):
            raise ValueError(
                "give an App-Level Token of the app's page Basic Information: it begins with xapp-"
            )
        if signed:
            raise ValueError(
                "ATTACHE_SLACK_SIGNING_SECRET is set, too: keep this one for Socket Mode, that one for HTTP"
            )
        if not installed:
            raise ValueError("set ATTACHE_SLACK_BOT_TOKEN, too: it begins with xoxb-")
        return value

    @field_validator("slack_http")
    @classmethod
    def _listening(cls, value: str | None, info: ValidationInfo) -> str | None:
        signed = info.data.get("slack_signing_secret") is not None
        several = info.data.get("slack_client_id") is not None
        if value is None:
            if signed or several:
                why = "requests are signed" if signed else "workspaces install the app"
                raise ValueError(f"say where to listen, such as 0.0.0.0:3000, as {why} over HTTP")
            return None
        if not (signed or several):
            raise ValueError("set ATTACHE_SLACK_SIGNING_SECRET, too, or leave both out for Socket Mode")
        if signed and not _has_slack(info):
            raise ValueError("set ATTACHE_SLACK_BOT_TOKEN, too: it begins with xoxb-")
        if not is_place(value):
            raise ValueError("give a host and a port to listen on, such as 0.0.0.0:3000")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _slack_address(cls, value: str | None) -> str | None:
        if value is not None and split_address(value) is None:
            raise ValueError("give a base address, such as https://slack.com/api/")
        return value

    @field_validator("slack_managers", mode="before")
    @classmethod
    def _ids_of_managers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(re.fullmatch(SLACK_MEMBER, one) for one in ids):
            raise ValueError(
                "give members' ids separated by commas, such as U012AB3CD: their profiles show them"
            )
        return frozenset(ids)

    @field_validator("slack_commands", mode="before")
    @classmethod
    def _names_of_commands(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        named = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
        if len(named) < len(pairs) or not all((*named, *named.values())):
            raise ValueError("give each command once, with its name on Slack, such as digest=news,actor=who")
        return {ours: theirs.removeprefix("/") for ours, theirs in named.items()}

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {value!r}: use a name such as Europe/Kyiv") from error
        return value

    @field_validator("summary_server")
    @classmethod
    def _one_writer(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        if info.data.get("summary_model") is not None:
            raise ValueError("ATTACHE_SUMMARY_MODEL is set, too: keep one of them")
        parts = split_address(value)
        if parts is None:
            raise ValueError("give the server's base address, such as http://localhost:8000/v1")
        if "@" in parts:
            raise ValueError("put the key into ATTACHE_SUMMARY_SERVER_KEY, not into the address")
        return value

    @field_validator("summary_server_model")
    @classmethod
    def _named_model(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("summary_server") is not None:
            raise ValueError("name the model that ATTACHE_SUMMARY_SERVER shall use")
        return value

    @field_validator("summary_server_key")
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        key = value.get_secret_value() if value is not None else ""
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ValueError("a key has plain letters, digits and signs only")
        return value

    @field_validator("status_http")
    @classmethod
    def _asked_at(cls, value: str | None) -> str | None:
        if value is not None and not is_place(value):
            raise ValueError("give a host and a port to listen on, such as 127.0.0.1:9464")
        return value

    @field_validator("sentry_dsn")
    @classmethod
    def _reported_to(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(
            r"https?://[^\s:/@]+(:[^\s:/@]+)?@[^\s/@]+/(\S*/)?[0-9]+", value.get_secret_value()
        ):
            raise ValueError("give the DSN of a Sentry project, such as https://key@sentry.example/1")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.lower() not in {"debug", "info", "warning", "error"}:
            raise ValueError("use debug, info, warning or error")
        return value.lower()

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        if value.lower() not in {"console", "json"}:
            raise ValueError("use console or json")
        return value.lower()


def keeps(settings: Settings) -> Keep | None:
    """For how long what is kept; None for ever."""
    if settings.keep_days is None:
        return None
    return Keep(timedelta(days=settings.keep_days), settings.keep_statements)


def secrets_of(settings: Settings) -> frozenset[str]:
    """What stands in no line that anybody reads: tokens, keys, and the password of the database."""
    found: set[str] = set()
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if not isinstance(value, SecretStr):
            continue
        text = value.get_secret_value()
        if name == "database_url":
            found.update(passwords_in(text))
        else:
            found.update(part.strip() for part in (text, *text.split(",")))
    return frozenset(found - {""})


def _has_slack(info: ValidationInfo) -> bool:
    """Whether there is something to speak to Slack with, in one workspace or in several."""
    return any(info.data.get(name) is not None for name in ("slack_bot_token", "slack_client_id"))


def load_settings(env_file: Path | str | None = ".env") -> Settings:
    """The settings of this process. Raises InputError that names the variable or file which cannot be used.

    The environment comes first, then the file of settings, then the files of secrets.
    """
    files = {f"attache_{name}" for name in Settings.model_fields}
    try:
        place = _Place(_env_file=env_file)  # type: ignore[call-arg]
        secrets = secrets_folder(place.secrets_dir, files)
        return Settings(_env_file=env_file, _secrets_dir=secrets)  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ATTACHE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InputError(f"{name} cannot be used: {reason(first)}.") from None
    except UnicodeDecodeError:
        raise InputError("The file .env is not text in UTF-8: save it as UTF-8.") from None
