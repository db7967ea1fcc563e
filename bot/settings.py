"""Settings: the environment (and a `.env` file) as one frozen value; nobody else reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from news.errors import InputError


def default_database_url() -> str:
    """An SQLite file in the user's data folder."""
    return f"sqlite:///{user_data_path('attache') / 'attache.db'}"


class Settings(BaseSettings):
    """All that can be set; every name is read with the prefix `ATTACHE_`."""

    model_config = SettingsConfigDict(
        env_prefix="ATTACHE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: SecretStr = Field(default_factory=lambda: SecretStr(default_database_url()))
    """Where the store is: `sqlite:///…` or `postgresql://…`. Secret, for it may hold a password."""
    timezone: str = "UTC"
    """IANA name; times are shown in it where a workspace has none of its own."""
    private_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """Hosts (`name` or `name:port`, separated by commas) that may be fetched although their address is private."""
    user_agent: str = "Attache/0.1 (+news digest bot; reads feeds on behalf of a chat channel)"
    """How feeds are asked: name yourself here, with an address to reach you."""
    heartbeat_seconds: float = Field(default=20.0, gt=0, le=3600)
    """How often `attache run` looks for due feeds and digests."""
    discord_token: SecretStr | None = None
    discord_api_url: str | None = None
    discord_gateway_url: str | None = None
    log_level: str = "info"
    log_format: str = "console"

    @field_validator("private_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            frozenset(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {value!r}: use a name such as Europe/Kyiv") from error
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


def load_settings(env_file: Path | str | None = ".env") -> Settings:
    """The settings of this process. Raises InputError that names the variable which cannot be used."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = "ATTACHE_" + "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{name} cannot be used: {reason}.") from None
    except UnicodeDecodeError:
        raise InputError("The file .env is not text in UTF-8: save it as UTF-8.") from None
