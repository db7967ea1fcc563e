"""The app in several workspaces: what Bolt keeps of each, in our store, sealed.

A person's installation stands under who installed; the bot, which is one for all of them, stands under nobody.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from datetime import UTC, datetime, timedelta
from logging import Logger
from typing import TYPE_CHECKING, Any, Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.jobs.keeping import keep
from bot.platforms.slack.tokens import Seal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.ports import Clock
    from bot.repositories import Store, UnitOfWork
    from bot.repositories.installations import Place

log = structlog.get_logger(__name__)

STATE_LASTS: Final = timedelta(minutes=10)
"""From "Add to Slack" until somebody comes back."""
_A_SECOND = timedelta(seconds=1)
"""Slack tells when something happened in whole ones."""
_OF_THE_BOT = (
    "bot_token",
    "bot_id",
    "bot_user_id",
    "bot_scopes",
    "bot_refresh_token",
    "bot_token_expires_at",
)


class StoredInstallations(AsyncInstallationStore):
    """Bolt's store of installations. Everything raises InputError where the keys do not fit, and StoreError."""

    def __init__(self, store: Store, *, client_id: str, keys: str) -> None:
        self._store = store
        self.client_id = client_id
        self._seal = Seal(keys)
        self._opened: dict[Place, tuple[bytes, Bot]] = {}
        """Bots that spoke, in memory only; each as long as what is stored of it is the same, byte for byte."""

    @property
    def logger(self) -> Logger:
        return logging.getLogger(__name__)

    async def async_save(self, installation: Installation) -> None:
        """Keeps the installation of whoever installed, and its bot."""
        team_id = None if installation.is_enterprise_install else installation.team_id
        place = _place(installation.enterprise_id, team_id, installation.user_id)
        kept = [(place, _written(installation, without=_OF_THE_BOT))]
        if installation.bot_token:
            kept.append(((*place[:2], ""), _written(installation.to_bot())))
        await self._keep(kept, installation.installed_at)

    async def async_save_bot(self, bot: Bot) -> None:
        """Keeps the bot, whose token was renewed."""
        place = _place(bot.enterprise_id, None if bot.is_enterprise_install else bot.team_id, "")
        await self._keep([(place, _written(bot))], bot.installed_at)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot in that workspace, or in the whole enterprise."""
        place = _place(enterprise_id, None if is_enterprise_install else team_id, "")
        async with self._store.read() as uow:
            found = await uow.installations.find(self.client_id, place)
        return None if found is None else Bot(**self._read(found))

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Somebody's installation, or the newest there; with the present bot, if there is one."""
        place = _place(enterprise_id, None if is_enterprise_install else team_id, user_id)
        async with self._store.read() as uow:
            if user_id:
                found = await uow.installations.find(self.client_id, place)
            else:
                found = await uow.installations.newest(self.client_id, *place[:2])
            its_bot = await uow.installations.find(self.client_id, (*place[:2], ""))
        if found is None:
            return None
        parts = self._read(found)
        if its_bot is not None:
            parts |= {name: part for name, part in self._read(its_bot).items() if name in _OF_THE_BOT}
        return Installation(**parts)

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forgets the bot there; who installed it stays known."""
        await self._remove(_place(enterprise_id, team_id, ""))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forgets somebody's installation, or everybody's there; the bot stays."""
        place = _place(enterprise_id, team_id, user_id)
        if user_id:
            await self._remove(place)
            return
        async with self._store.write() as uow:
            await uow.installations.remove_people(self.client_id, *place[:2])
            await uow.commit()

    async def authorize(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> AuthorizeResult | None:
        """Who speaks for us where something was asked: the workspace's bot, else its enterprise's; None for nobody.

        Slack itself is not asked, for there are three seconds to acknowledge: a revoked token shows when it is used.
        """
        bot = await self._speaker(_place(enterprise_id, team_id, ""))
        if bot is None and enterprise_id:
            bot = await self._speaker(_place(enterprise_id, None, ""))
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=list(bot.bot_scopes or ()),
        )

    async def bot_in(self, team_id: str) -> Bot | None:
        """The workspace's own bot; the same object as long as nothing of it changes."""
        async with self._store.read() as uow:
            found = await uow.installations.of_workspace(self.client_id, team_id)
        if found is not None:
            return self._open(*found)
        for place in [place for place in self._opened if place[1] == team_id]:
            del self._opened[place]
        return None

    async def of_enterprises(self) -> tuple[Bot, ...]:
        """The bot of every enterprise that installed the app as a whole."""
        async with self._store.read() as uow:
            kept = await uow.installations.of_enterprises(self.client_id)
        for place in [place for place in self._opened if not place[1] and place not in kept]:
            del self._opened[place]
        return tuple(self._open(place, sealed) for place, sealed in kept.items())

    def forget(self, token: str) -> None:
        """Keeps that token in memory no longer."""
        for place in [place for place, (_, bot) in self._opened.items() if bot.bot_token == token]:
            del self._opened[place]

    async def leave(
        self, uow: UnitOfWork, *, enterprise_id: str | None, team_id: str | None, at: datetime
    ) -> int:
        """Forgets all that was installed there, or, without a `team_id`, in the whole enterprise, by then; how much
        that was. What was installed since then stays: Slack may tell late that an app was taken out. Commits nothing.
        """
        gone = await uow.installations.remove_before(
            self.client_id,
            enterprise_id=enterprise_id or "",
            team_id=team_id or "",
            before=at + _A_SECOND,
        )
        for place in gone:
            self._opened.pop(place, None)
        return len(gone)

    async def has_bot(self, uow: UnitOfWork, *, enterprise_id: str | None, team_id: str) -> bool:
        """Whether anybody speaks for us in the workspace: its own bot, else its enterprise's."""
        if await uow.installations.of_workspace(self.client_id, team_id) is not None:
            return True
        place = _place(enterprise_id, None, "")
        return bool(enterprise_id) and await uow.installations.find(self.client_id, place) is not None

    async def seal_anew(self) -> int:
        """Seals with the first key what another one sealed; how many those were.

        To be called before anything is asked: it raises InputError where something cannot be opened, and has changed
        nothing then. Afterwards keys behind the first are no longer needed.
        """
        old = await keep(self._store, self._seal_all_anew, harmless_twice=True)
        if old:
            log.info("slack tokens are sealed with the present key", installations=old)
        return old

    async def _seal_all_anew(self, uow: UnitOfWork) -> int:
        kept = await uow.installations.all(self.client_id)
        opened = {place: (sealed, self._seal.open(sealed)) for place, sealed in kept.items()}
        old = {place: each for place, each in opened.items() if not self._seal.seals_like(each[0])}
        for place, (sealed, text) in old.items():
            await uow.installations.seal_anew(self.client_id, place, sealed, self._seal.seal(text))
        return len(old)

    async def _keep(self, kept: list[tuple[Place, str]], installed_at: float) -> None:
        installed = datetime.fromtimestamp(installed_at, UTC)
        async with self._store.write() as uow:
            for place, text in kept:
                await uow.installations.save(
                    self.client_id, place, self._seal.seal(text), installed=installed
                )
            await uow.commit()

    async def _remove(self, place: Place) -> None:
        async with self._store.write() as uow:
            await uow.installations.remove(self.client_id, place)
            await uow.commit()

    async def _speaker(self, place: Place) -> Bot | None:
        async with self._store.read() as uow:
            sealed = await uow.installations.find(self.client_id, place)
        if sealed is None:
            self._opened.pop(place, None)
            return None
        return self._open(place, sealed)

    def _open(self, place: Place, sealed: bytes) -> Bot:
        """Reads it, unless that was done already."""
        known = self._opened.get(place)
        if known is None or known[0] != sealed:  # another process may have stored another one
            known = self._opened[place] = (sealed, Bot(**self._read(sealed)))
        return known[1]

    def _read(self, sealed: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._seal.open(sealed))
        return found


class StoredStates(AsyncOAuthStateStore):
    """Bolt's store of who is on the way to install; only hashes are kept, and each is good once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @property
    def logger(self) -> Logger:
        return logging.getLogger(__name__)

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """A new state, good for `STATE_LASTS`."""
        state = secrets.token_urlsafe(32)
        now = self._clock.now()
        async with self._store.write() as uow:
            await uow.installations.expect(_hash(state), now=now, until=now + STATE_LASTS)
            await uow.commit()
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether the state was given out, lately, and is shown for the first time."""
        async with self._store.write() as uow:
            good = await uow.installations.came_back(_hash(state), now=self._clock.now())
            await uow.commit()
        return good


def _place(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> Place:
    return enterprise_id or "", team_id or "", user_id or ""


def _written(kept: Installation | Bot, *, without: Collection[str] = ()) -> str:
    """As JSON, of which `Installation` or `Bot` can be made again."""
    parts: Mapping[str, Any] = kept.to_dict_for_copying()
    written = {name: value for name, value in parts.items() if value is not None and name not in without}
    return json.dumps(written, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode(errors="replace")).hexdigest()
