"""Reading jobs: which articles are to be read, handed out to the processes that read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import procrastinate
import psycopg
import psycopg_pool
from procrastinate import exceptions, jobs, manager, retry
from sqlalchemy.engine import URL

from news.articles import ArticleId
from news.errors import StoreAway, StoreError
from news.reading import Read, ReadingJob, Unread
from storage.engine import database_url
from storage.failures import place
from storage.jobs.tables import SCHEMA
from storage.postgres import REACH

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from procrastinate.manager import NotificationCallback

SIDE_BY_SIDE, ALONE, TASK = "reading", "reading alone", "read"
"""The queues, and what their jobs do. One whose worker died is of the second, of which a worker does one at a time."""
BEAT = 3.0
"""Seconds between two signs of life of a worker."""
SILENT = 15.0
"""Seconds without one after which a worker is taken for dead."""
POLL = 5.0
"""Seconds between two looks for jobs, should a notice of one be lost."""
GRACE = 3.0
"""Seconds that articles under way may take when a worker stops."""
ENDED = timedelta(seconds=15)
"""So long after a job was done here, the store has heard of it, or never will."""
CONNECTIONS = 4


class ReadingQueue:
    """Jobs in the database, with procrastinate. Raises StoreError and its kinds."""

    def __init__(self, url: URL, pool: psycopg_pool.AsyncConnectionPool, app: procrastinate.App) -> None:
        self._url = url
        self._pool = pool
        self._app = app
        self._manager = app.job_manager
        self._underway: set[int] = set()
        self._done: dict[int, tuple[int, datetime]] = {}
        """Tries that ended here: which of the job's, and when."""
        self._read: Read | None = None
        app.task(name=TASK, pass_context=True, retry=_Later())(self._do)

    async def offer(self, articles: Sequence[Unread]) -> int:
        """Makes a job of each that has none; how many. The newest are read first."""
        with self._told():
            live = {job.queueing_lock for job in await self._jobs()}
            new = [_job_of(article) for article in articles if str(article.article_id) not in live]
            if not new:
                return 0
            try:
                await self._manager.batch_defer_jobs_async(new)
            except exceptions.AlreadyEnqueued:  # another process was faster with one of them
                return sum([await self._offer_one(job) for job in new])
            return len(new)

    async def work(self, read: Read, *, at_once: int) -> None:
        """Has jobs done by `read`, so many side by side, until it is cancelled. Raises StoreError; it may be called again."""
        self._read = read
        workers = [
            asyncio.create_task(self._work(SIDE_BY_SIDE, at_once)),
            asyncio.create_task(self._work(ALONE, 1)),
        ]
        try:
            with self._told():
                done, _ = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
                for worker in done:
                    worker.result()
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            self._underway.clear()
        # It ends by itself where it was told to stop, which nobody does.
        raise StoreAway(self._broken())

    async def _work(self, queue: str, at_once: int) -> None:
        await self._app.run_worker_async(
            queues=[queue],
            concurrency=at_once,
            install_signal_handlers=False,
            fetch_job_polling_interval=POLL,
            update_heartbeat_interval=BEAT,
            stalled_worker_timeout=SILENT,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="always",
        )

    async def left_behind(self) -> tuple[ReadingJob, ...]:
        """Jobs whose worker has died, or has not been heard of for long."""
        with self._told():
            stalled = await self._manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=SILENT)
            return tuple(map(_ours, stalled))

    async def forgotten(self) -> tuple[ReadingJob, ...]:
        """Jobs of which this process ended a try, and could not tell the store.

        A try that the store knows of counts: where another process does the job by now, it is another try.
        """
        now = datetime.now(UTC)
        old = {(number, tried) for number, (tried, at) in self._done.items() if now - at > ENDED}
        if not old:
            return ()
        with self._told():
            doing = tuple(map(_ours, await self._jobs(jobs.Status.DOING)))
        found = tuple(job for job in doing if (job.number, job.attempts) in old)
        for known in old - {(job.number, job.attempts) for job in found}:
            self._forget(*known)
        return tuple(job for job in found if job.number not in self._underway)

    async def put_back(self, job: ReadingJob, after: timedelta) -> None:
        """Has it done anew after so long, and alone, since its worker died; nothing where somebody else did that."""
        anew = _job(job.article_id, deaths=job.deaths + 1).evolve(
            queue=ALONE, scheduled_at=datetime.now(UTC) + after
        )
        with self._told(), suppress(_Gone, exceptions.AlreadyEnqueued):
            with _gone():
                await self._manager.finish_job_by_id_async(job.number, jobs.Status.FAILED, delete_job=True)
            await self._manager.defer_job_async(anew)

    async def drop(self, job: ReadingJob) -> None:
        """Gives it up; nothing where it is gone already."""
        with self._told(), suppress(_Gone), _gone():
            await self._manager.finish_job_by_id_async(job.number, jobs.Status.FAILED, delete_job=True)
        self._forget(job.number, job.attempts)

    def _forget(self, number: int, tried: int) -> None:
        if number in self._done and self._done[number][0] == tried:
            del self._done[number]

    async def _offer_one(self, job: Job) -> bool:
        try:
            await self._manager.defer_job_async(job)
        except exceptions.AlreadyEnqueued:
            return False
        return True

    async def _jobs(self, status: jobs.Status | None = None) -> list[Job]:
        found = await self._manager.list_jobs_async(task=TASK, status=status.value if status else None)
        return list(found)

    async def _do(self, context: procrastinate.JobContext, /, **_: int) -> None:
        job, read = _ours(context.job), self._read
        assert read is not None
        self._underway.add(job.number)
        try:
            pause = await read(job)
        finally:
            self._underway.discard(job.number)
            self._done[job.number] = job.attempts, datetime.now(UTC)
        if pause is not None:
            raise _TryLater(pause)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what the driver raises into StoreError and its kinds."""
        try:
            yield
        except psycopg_pool.PoolTimeout as error:
            raise StoreAway(self._broken()) from error
        except (exceptions.ConnectorException, psycopg.Error) as error:
            cause = error.__cause__ if isinstance(error, exceptions.ConnectorException) else error
            if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedFunction):
                raise StoreError(
                    f"The database {place(self._url)} has no tables of jobs: make them with `attache db upgrade`."
                ) from error
            if isinstance(cause, psycopg.errors.ForeignKeyViolation):
                raise StoreAway(
                    "This process was silent for so long that others read what it was reading: it begins anew."
                ) from error
            raise StoreAway(self._broken()) from error

    def _broken(self) -> str:
        return f"The jobs in the database {place(self._url)} cannot be reached: they are tried again."


@asynccontextmanager
async def open_reading_queue(address: str) -> AsyncIterator[ReadingQueue]:
    """The queue on a database of this program's version. Raises StoreError and its kinds."""
    url = database_url(address)
    # They warn of every try to connect; what fails is told once by who uses the queue.
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    pool = psycopg_pool.AsyncConnectionPool(
        psycopg.conninfo.make_conninfo("", **_parameters(url)),
        open=False,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=REACH,
        configure=_configure,
        check=psycopg_pool.AsyncConnectionPool.check_connection,
    )
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    app.job_manager = _Manager(app.connector)
    await pool.open()
    try:
        await app.connector.open_async(pool)
        yield ReadingQueue(url, pool, app)
    finally:
        with suppress(psycopg.Error):
            await pool.close(timeout=GRACE)


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    await connection.execute(f"SET search_path TO {SCHEMA}".encode())


def _parameters(url: URL) -> dict[str, Any]:
    """What libpq is to know of the address."""
    query = {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    known: Mapping[str, Any] = {
        "host": url.host or query.get("host"),
        "port": url.port or query.get("port"),
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        "sslmode": _sslmode(query.get("ssl")),
        "application_name": "attache jobs",
        "connect_timeout": int(REACH),
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }
    return {name: value for name, value in known.items() if value is not None}


def _sslmode(ssl: str | None) -> str | None:
    """asyncpg's word for it as libpq's."""
    return {"true": "require", "false": "disable"}.get(ssl.lower(), ssl) if ssl else None


def _job_of(article: Unread) -> Job:
    priority = int(article.when.timestamp() // 60)  # newest first
    return _job(article.article_id).evolve(priority=priority)


def _job(article_id: ArticleId, *, deaths: int = 0) -> Job:
    key = str(article_id)
    return jobs.Job(
        queue=SIDE_BY_SIDE,
        task_name=TASK,
        lock=key,
        queueing_lock=key,
        task_kwargs={"article_id": article_id, "deaths": deaths},
    )


def _ours(job: Job) -> ReadingJob:
    assert job.id is not None
    given = cast("Mapping[str, int]", job.task_kwargs)
    return ReadingJob(job.id, ArticleId(given["article_id"]), job.attempts, given["deaths"])


class _Manager(manager.JobManager):
    """Goes on where procrastinate would end one of its tasks, of which nobody would hear but its log.

    What became of a job is noted where it can be: where it was taken back meanwhile that is another's to note, and what
    a store that is away does not hear of is `forgotten`. A sign of life that got lost is followed by the next, and
    notices of jobs are waited for again: until then there is `POLL`.
    """

    async def update_heartbeat(self, worker_id: int) -> None:
        with suppress(exceptions.ConnectorException, psycopg.Error):
            await super().update_heartbeat(worker_id)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        while True:
            with suppress(exceptions.ConnectorException, psycopg.Error, OSError):
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            await asyncio.sleep(POLL)

    async def finish_job(self, job: Job, status: jobs.Status, delete_job: bool) -> None:
        with suppress(exceptions.ConnectorException, psycopg.Error):
            await super().finish_job(job, status, delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        with suppress(exceptions.ConnectorException, psycopg.Error):
            await super().retry_job(job, retry_at, priority, queue, lock)


class _TryLater(Exception):
    """It is to be done anew after a pause."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(pause)
        self.pause = pause


class _Later(retry.BaseRetryStrategy):
    """Does anew what says so; all else is given up, and offered again by whoever finds it undone."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> retry.RetryDecision | None:
        if not isinstance(exception, _TryLater):
            return None
        return retry.RetryDecision(retry_at=datetime.now(UTC) + exception.pause)


class _Gone(Exception):
    """Somebody else has done that with the job."""


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except exceptions.ConnectorException as error:
        if isinstance(error.__cause__, psycopg.errors.RaiseException):
            raise _Gone from error
        raise
