"""Metrics: what this process did and how the store fares, for Prometheus. The only door to `prometheus_client`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.operations.figures import FIGURES, Figure
from news.channels import DeliveryState

if TYPE_CHECKING:
    from news.briefs import Brief
    from news.channels import Platform
    from news.soundness import Life

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""Of what `Metrics.render` makes."""

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0)
_USUAL = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_LATE = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14_400.0)


class Metrics:
    """All metrics of one process, in a registry of their own. Implements `bot.ports.Meter`."""

    def __init__(self) -> None:
        # In this format they are one more series each, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = own = CollectorRegistry()
        ProcessCollector(registry=own)
        PlatformCollector(registry=own)
        GCCollector(registry=own)
        Info("attache_build", "The version of attache.", registry=own).info({"version": version("attache")})
        self._store = _Store()
        own.register(self._store)
        self._count_intake(own)
        self._count_posts(own)
        self._count_work(own)

    def _count_intake(self, own: CollectorRegistry) -> None:
        """Feeds asked, articles stored, and what was read in them."""
        self._fetches = Counter(
            "attache_feed_fetches_total", "Feeds asked, by outcome.", ("outcome",), registry=own
        )
        self._fetch = Histogram(
            "attache_feed_fetch_seconds",
            "Seconds that asking a feed took, the wait for its host included.",
            buckets=_USUAL,
            registry=own,
        )
        self._stored = Counter(
            "attache_articles_stored_total", "Articles stored, new or edited.", registry=own
        )
        self._reading = Histogram(
            "attache_article_reading_seconds",
            "Seconds that reading an article took: its statements, positions, summary and signature.",
            buckets=_USUAL,
            registry=own,
        )
        self._unreadable = Counter(
            "attache_articles_unreadable_total", "Articles whose reading broke.", registry=own
        )
        self._statements = Counter("attache_statements_found_total", "Statements found.", registry=own)
        self._stances = Counter("attache_stances_found_total", "Stances found.", registry=own)

    def _count_posts(self, own: CollectorRegistry) -> None:
        """What the platforms were asked, and how they stand."""
        self._deliveries = Counter(
            "attache_deliveries_total",
            "Posts by the state that an attempt brought them to.",
            ("platform", "kind", "state"),
            registry=own,
        )
        self._lateness = Histogram(
            "attache_delivery_lateness_seconds",
            "Seconds from when a post was due to when the platform had taken it.",
            ("platform", "kind"),
            buckets=_LATE,
            registry=own,
        )
        self._platform = Histogram(
            "attache_platform_request_seconds",
            "Seconds that a platform took for a post, our own pacing included.",
            ("platform", "operation", "outcome"),
            buckets=_USUAL,
            registry=own,
        )
        self._limits = Counter(
            "attache_rate_limits_total",
            "Requests that a platform refused as one too many.",
            ("platform",),
            registry=own,
        )
        self._connected = Gauge(
            "attache_platform_connected",
            "Whether this process has connected to the platform: 1, or 0 while it tries.",
            ("platform",),
            registry=own,
        )
        self._sockets = Gauge(
            "attache_platform_sockets",
            "Connections on which commands are heard now: Discord's shards, Slack's sockets.",
            ("platform",),
            registry=own,
        )

    def _count_work(self, own: CollectorRegistry) -> None:
        """Commands answered, and rounds of work."""
        self._commands = Counter(
            "attache_commands_total", "Commands by outcome.", ("command", "outcome"), registry=own
        )
        self._command = Histogram(
            "attache_command_seconds",
            "Seconds from a command's arrival at the desk to its answer.",
            ("command",),
            buckets=_QUICK,
            registry=own,
        )
        self._beats = Counter(
            "attache_beats_total",
            "Rounds of work of the heartbeat, by outcome.",
            ("work", "outcome"),
            registry=own,
        )
        self._beat = Histogram(
            "attache_beat_seconds", "Seconds that a round took.", ("work",), buckets=_LATE, registry=own
        )
        self._lag = Histogram(
            "attache_event_loop_lag_seconds",
            "Seconds by which the event loop was late for a timer, looked at twice a second.",
            buckets=_QUICK,
            registry=own,
        )

    def render(self, life: Life | None, now: datetime) -> bytes:
        """All of it as text; `life` is how the store fares `now`, None where it does not answer."""
        self._store.life, self._store.now = life, now
        return generate_latest(self.registry)

    def lagged(self, seconds: float) -> None:
        """The event loop was late by so much."""
        self._lag.observe(seconds)

    def connected(self, platform: str, *, there: bool) -> None:
        """Whether this process has connected to the platform."""
        self._connected.labels(platform).set(there)

    def fetched(self, outcome: str, seconds: float) -> None:
        """As `Meter.fetched`; so are the others."""
        self._fetches.labels(outcome).inc()
        self._fetch.observe(seconds)

    def stored(self, articles: int) -> None:
        self._stored.inc(articles)

    def read(self, brief: Brief | None, seconds: float) -> None:
        if brief is None:
            self._unreadable.inc()
            return
        self._reading.observe(seconds)
        self._statements.inc(len(brief.statements))
        self._stances.inc(len(brief.stances))

    def settled(self, platform: Platform, kind: str, state: DeliveryState, late: timedelta) -> None:
        self._deliveries.labels(platform.value, kind, state.value).inc()
        if state is DeliveryState.SENT:
            self._lateness.labels(platform.value, kind).observe(late.total_seconds())

    def asked(self, platform: Platform, operation: str, outcome: str, seconds: float) -> None:
        self._platform.labels(platform.value, operation, outcome).observe(seconds)

    def limited(self, platform: Platform) -> None:
        self._limits.labels(platform.value).inc()

    def heard_on(self, platform: Platform, sockets: int) -> None:
        self._sockets.labels(platform.value).set(sockets)

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        self._commands.labels(command, outcome).inc()
        self._command.labels(command).observe(seconds)

    def beat(self, work: str, outcome: str, seconds: float) -> None:
        self._beats.labels(work, outcome).inc()
        self._beat.labels(work).observe(seconds)


class _Store(Collector):
    """What the store tells of itself, as it was asked last."""

    def __init__(self) -> None:
        self.life: Life | None = None
        self.now: datetime | None = None

    def describe(self) -> Iterable[Metric]:
        """All of them, without values."""
        return [_store_up(), *map(_family, FIGURES)]

    def collect(self) -> Iterator[Metric]:
        """What is known now; of a store that does not answer, that it does not."""
        up = _store_up()
        up.add_metric((), self.life is not None)
        yield up
        if self.life is None or self.now is None:
            return
        for figure in FIGURES:
            family = _family(figure)
            for value, number in figure.values(self.life, self.now).items():
                family.add_metric((value,) if figure.label else (), number)
            yield family


def _store_up() -> GaugeMetricFamily:
    return GaugeMetricFamily("attache_store_up", "Whether the database answers: 1, or 0.")


def _family(figure: Figure) -> GaugeMetricFamily:
    return GaugeMetricFamily(figure.name, figure.meaning, labels=(figure.label,) if figure.label else ())
