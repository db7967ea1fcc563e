"""Processes in which strangers' bytes are made sense of: they may hang, swell or crash, and only the input is lost."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from news.errors import AttacheError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pebble import ProcessPool

P = ParamSpec("P")
T = TypeVar("T")

DEADLINE = 10.0
"""Seconds that one document may take, from the moment a worker has it in hand."""
MEMORY = 512 * 2**20
"""Bytes that one document may take, beside what the worker holds already."""
MOST_TASKS = 500
"""How many documents a worker takes before a fresh one follows it: what libraries leak goes with it."""

_KINDNESS = 5
"""By so much these let others come first, the event loop above all, which answers whoever asks."""
_LATE = 20.0
"""Seconds after which a worker that should long have been stopped is not believed to exist any more."""
_BEGINS = 30.0
"""Seconds within which a worker has begun."""
_LOOK = 1.0
"""Seconds between two looks at whether a task's worker is there."""
_PRELOADED = ("feedparser", "lxml.html", "trafilatura", "trafilatura.settings")


class Unfinished(Exception):
    """A worker did not bring its task to an end. `str()` says what the input does, as in "takes too long to read"."""

    @property
    def passing(self) -> bool:
        """Whether it was no fault of the input's."""
        return str(self) in {NO_PROCESS, CLOSED}


TOO_LONG = "takes too long to read"
TOO_LARGE = "takes too much memory to read"
BREAKS = "breaks what should read it"
NO_PROCESS = "was not read, because no process could be started for it"
CLOSED = "was not read, because the program ends"


class _Broken(Exception):
    """The pool can be used no more. `str()` says of the task what Unfinished would."""


class Workers:
    """Runs functions in worker processes, as many at a time as there are cores. Call `aclose` at the end.

    Nothing starts before the first task. A function and its arguments are pickled: it is one of a module. `settle` is
    what a worker does before its first task, and begins with this module's.
    """

    def __init__(
        self,
        *,
        count: int | None = None,
        deadline: float = DEADLINE,
        memory: int = MEMORY,
        most_tasks: int = MOST_TASKS,
        settle: Callable[[], None] | None = None,
    ) -> None:
        self._settle = settle or settle_for_feeds
        self._most_tasks = most_tasks
        self._count = count or cores()
        self._limits = _Limits(deadline, memory)
        self._slots = asyncio.Semaphore(self._count)
        self._starting = asyncio.Lock()
        self._pool: ProcessPool | None = None
        self._running: set[asyncio.Future[bytes]] = set()
        self._closed = False

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns. Raises its AttacheError, or Unfinished when it does not end well.

        A task that waits for its turn is not charged for that. One that is given up is stopped.
        """
        payload = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        async with self._slots:
            try:
                outcome = await self._outcome(payload)
            except _Broken:  # perhaps through another's fault, and the next pool is a new one
                try:
                    outcome = await self._outcome(payload)
                except _Broken as error:
                    raise Unfinished(str(error)) from error
        return _unpacked(outcome)  # type: ignore[no-any-return]

    async def aclose(self) -> None:
        """Ends all workers at once, whatever they do."""
        self._closed = True
        for waiting in tuple(self._running):
            waiting.cancel()
        async with self._starting:
            await self._retire(self._pool)

    async def _outcome(self, payload: bytes) -> bytes:
        """What a worker made of it. Raises Unfinished, or _Broken where the pool was no good."""
        from concurrent.futures import BrokenExecutor

        from pebble import ProcessExpired

        pool = await self._started()
        try:
            task = pool.schedule(_perform, (payload, self._limits), timeout=self._limits.deadline + 1)
            return await self._done(pool, task)
        except ProcessExpired as error:
            raise Unfinished(TOO_LONG if error.exitcode == -signal.SIGALRM else BREAKS) from None
        except TimeoutError:
            raise Unfinished(TOO_LONG) from None
        except (BrokenExecutor, RuntimeError):
            await self._retire(pool)
            raise _Broken(BREAKS) from None
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if self._closed and not (current and current.cancelling()):
                raise Unfinished(CLOSED) from None
            raise

    async def _done(self, pool: ProcessPool, task: Future[bytes]) -> bytes:
        """What became of it, while it is waited for no longer than a pool that is well could take."""
        waiting, lost = asyncio.wrap_future(task), False
        loop = asyncio.get_running_loop()
        end = loop.time() + self._limits.deadline + _LATE
        self._running.add(waiting)
        try:
            while (left := end - loop.time()) > 0:
                done, _ = await asyncio.wait({waiting}, timeout=min(_LOOK, left))
                if done:
                    return waiting.result()
                if lost:
                    raise Unfinished(BREAKS)
                lost = _is_lost(pool, task)
            begun = task.running()
        finally:
            self._running.discard(waiting)
            waiting.cancel()
        await self._retire(pool)
        if begun:
            raise TimeoutError
        # No fault of the input's: a worker that is killed between two tasks may take with it what hands out the next.
        raise _Broken(NO_PROCESS)

    async def _started(self) -> ProcessPool:
        from concurrent.futures import BrokenExecutor

        async with self._starting:
            if self._closed:
                raise Unfinished(CLOSED)
            if self._pool is None:
                opening = asyncio.ensure_future(
                    asyncio.to_thread(_pool, self._count, self._most_tasks, self._settle)
                )
                try:
                    self._pool = await asyncio.shield(opening)
                except asyncio.CancelledError:
                    self._pool = await opening  # it is there, and `aclose` has to know of it
                    raise
                except (BrokenExecutor, OSError, RuntimeError) as error:
                    raise Unfinished(NO_PROCESS) from error
            return self._pool

    async def _retire(self, pool: ProcessPool | None) -> None:
        if pool is not None and pool is self._pool:
            self._pool = None
            await asyncio.to_thread(_end, pool)


@dataclass(frozen=True, slots=True)
class _Limits:
    deadline: float
    memory: int


def cores() -> int:
    """The cores that this process may use: a container's may be fewer than the machine's."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _pool(count: int, most_tasks: int, settle: Callable[[], None]) -> ProcessPool:
    from pebble import CONSTS, ProcessPool

    CONSTS.sleep_unit = 0.02  # how often it looks for dead workers, and how long it takes to close
    pool = ProcessPool(max_workers=count, max_tasks=most_tasks, initializer=settle, context=_context())
    try:
        # Whether any worker gets as far as a task: where none does, no input is to blame.
        pool.schedule(_nothing, timeout=_BEGINS).result(_BEGINS + 1)
    except BaseException as error:
        _end(pool)
        raise OSError("no worker begins") from error
    return pool


def _nothing() -> None:
    """What any worker can do."""


def _is_lost(pool: ProcessPool, task: Future[bytes]) -> bool:
    """Whether the worker that took it is gone. pebble misses that where it sees the end before it hears of the beginning."""
    manager: Any = pool._pool_manager
    for one in tuple(manager.task_manager.tasks.values()):
        if one.future is task:
            return one.worker_id not in {0, None} and one.worker_id not in manager.worker_manager.workers
    return False


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(RuntimeError, OSError):  # of workers and pipes that are gone already
        pool.join()


_START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
"""Where the system allows it, workers are forked from a clean process that has loaded what they need: such a fork
takes milliseconds and inherits no thread, lock, connection or model of this process."""
_PLAIN: Any = multiprocessing.get_context(_START)
_STARTING = threading.Lock()
_SAFE_PATH = "PYTHONSAFEPATH"


class _Worker(_PLAIN.Process):  # type: ignore[misc]
    """A process that has nothing of the program but what its tasks need."""

    def start(self) -> None:
        with _STARTING, _apart():
            super().start()

    def __reduce__(self) -> tuple[Callable[[bytes], _Worker], tuple[bytes]]:
        return _begun, (bytes(ForkingPickler.dumps(self.__dict__)),)


@contextlib.contextmanager
def _apart() -> Iterator[None]:
    """While a process is started: what it must not take over is out of its way."""
    main, path = sys.modules["__main__"], os.environ.get(_SAFE_PATH)
    # Python would run the main module in it, which loads the whole program.
    sys.modules["__main__"] = types.ModuleType("__main__")
    # Before it knows better, Python looks for modules in the folder that it is started in: it may be anybody's.
    os.environ[_SAFE_PATH] = "1"
    # Ctrl-C in a terminal reaches every process: it is this one's to answer, not of one that just begins.
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        sys.modules["__main__"] = main
        if path is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = path


def _begun(state: bytes) -> _Worker:
    """In a new process: the worker that it is to be. When the pool was closed meanwhile, it ends without a word."""
    try:
        fields = pickle.loads(state)
    except FileNotFoundError:  # the pool's locks are gone
        os._exit(0)
    worker = _Worker.__new__(_Worker)
    worker.__dict__.update(fields)
    return worker


class _Context(type(_PLAIN)):  # type: ignore[misc]
    Process = _Worker


def _context() -> _Context:
    context = _Context()
    if _START == "forkserver":
        context.set_forkserver_preload(list(_PRELOADED))
    return context


def settle_for_feeds() -> None:
    """In a new worker: as `settle`, and loads what it will need."""
    import feeds.extract
    import feeds.parse  # noqa: F401

    settle()


def settle() -> None:
    """In a new worker: lets the bot's own process come first, leaves no core files, ends when the bot does."""
    import resource

    os.nice(_KINDNESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # to be stopped at once, also inside a library
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    threading.Thread(target=_follow, name="follow", daemon=True).start()


def _follow() -> None:
    """Ends the worker with the program, however that ended and whatever the worker waits for."""
    if program := multiprocessing.parent_process():
        program.join()
        os._exit(0)


def _perform(payload: bytes, limits: _Limits) -> bytes:
    """In a worker: the task's outcome, always one that can be sent."""
    try:
        with _limited(limits):
            return pickle.dumps((None, _result(payload)), pickle.HIGHEST_PROTOCOL)
    except AttacheError as error:
        return pickle.dumps((error, None))
    except MemoryError:
        return pickle.dumps((Unfinished(TOO_LARGE), None))
    except BaseException:  # noqa: BLE001 - whatever it is, it is of this input
        return pickle.dumps((Unfinished(BREAKS), None))


def _result(payload: bytes) -> object:
    function, args, kwargs = pickle.loads(payload)  # ours, through a pipe that nobody else has
    return function(*args, **kwargs)


def _unpacked(outcome: bytes) -> Any:  # noqa: ANN401 - what the function returned
    error, result = pickle.loads(outcome)
    if error is not None:
        raise error
    return result


@contextlib.contextmanager
def _limited(limits: _Limits) -> Iterator[None]:
    """The system itself ends the process at the deadline, and gives it no more memory than allowed."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _address_space() + limits.memory
    if most > limits.memory and hard in {resource.RLIM_INFINITY, max(hard, most)}:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    signal.setitimer(signal.ITIMER_REAL, limits.deadline)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    """Bytes that this process has mapped; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as sizes:
            return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
