"""Together: what is asked at one time is done in one transaction, and each learns what became of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from bot.jobs.keeping import STORE_FAILS

Asked = TypeVar("Asked")
Done = TypeVar("Done")

MOST = 50
"""Questions in one transaction."""


class Together(Generic[Asked, Done]):
    """Does for many at once what each asks for: those that come while one transaction is under way share the next."""

    def __init__(self, do: Callable[[Sequence[Asked]], Awaitable[Sequence[Done]]]) -> None:
        self._do = do
        self._waiting: list[tuple[Asked, asyncio.Future[Done]]] = []
        self._turn = asyncio.Lock()

    async def __call__(self, asked: Asked) -> Done:
        """What was done, as soon as it is kept. Raises what doing it raised; others are not hindered."""
        answer: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        try:
            while not answer.done():
                async with self._turn:
                    if not answer.done():
                        await self._do_some()
        except BaseException:
            answer.cancel()  # nobody waits for it any more
            raise
        return answer.result()

    async def _do_some(self) -> None:
        """Those in front; whoever has the turn does it for all of them."""
        lot = [one for one in self._waiting[:MOST] if not one[1].done()]  # who gave up is no longer asked for
        self._waiting = self._waiting[MOST:]
        try:
            await self._answer(lot)
        except BaseException:
            # The next who has the turn does them.
            self._waiting[:0] = [one for one in lot if not one[1].done()]
            raise

    async def _answer(self, lot: Sequence[tuple[Asked, asyncio.Future[Done]]]) -> None:
        try:
            done = await self._do([asked for asked, _ in lot])
        except STORE_FAILS as error:  # each by itself would fare no better
            for _, answer in lot:
                _fail(answer, error)
        except Exception as error:  # noqa: BLE001 - raised where each waits
            if len(lot) == 1:
                _fail(lot[0][1], error)
                return
            for one in lot:  # one of them is at fault
                await self._answer([one])
        else:
            for (_, answer), one_done in zip(lot, done, strict=True):
                if not answer.done():  # who gave up meanwhile hears nothing
                    answer.set_result(one_done)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)
