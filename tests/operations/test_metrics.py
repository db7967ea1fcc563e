"""What is measured is documented, and what is documented or drawn is measured."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from bot.desk import FrontDesk
from bot.operations.measured import COMMANDS
from bot.operations.metrics import Metrics
from news.channels import DeliveryState, Platform
from news.soundness import Life, Unreached, Waiting
from tests.fakes import NOON

ROOT = Path(__file__).parents[2]
REFERENCE = (
    (ROOT / "docs" / "reference.md").read_text(encoding="utf-8").partition("## What an operator sees")[2]
)
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "attache.json").read_text(encoding="utf-8"))
LIFE = Life(
    feeds=4,
    failing=1,
    unread=Waiting(3, NOON - timedelta(minutes=2)),
    pending=Waiting(2, NOON - timedelta(seconds=30)),
    unknown=Waiting(1, NOON + timedelta(hours=1)),
    subscriptions={"slack": 5},
    unreached=(Unreached("discord", NOON - timedelta(hours=1), "It is away."),),
)
ROW = re.compile(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|([^|]*)\|([^|]*)\|", re.MULTILINE)


def rendered(metrics=None, life=LIFE):
    return (metrics or Metrics()).render(life, NOON).decode()


def types():
    """Each metric by its name in a query, and of what type it is."""
    return dict(re.findall(r"^# TYPE (\w+) (\w+)$", rendered(), re.MULTILINE))


def documented():
    """Each documented metric, with its type and labels."""
    return {
        name: (kind.partition(",")[0].strip(), frozenset(re.findall(r"`(\w+)`", labels)))
        for names, kind, labels in ROW.findall(REFERENCE)
        for name in re.findall(r"`([a-z_]+)`", names)
    }


def test_every_metric_is_documented_and_every_documented_one_is_there():
    assert set(documented()) == set(types())


def test_metrics_are_of_the_documented_type():
    ours = {name: kind for name, (kind, _) in documented().items() if name.startswith("attache_")}
    assert ours == {name: kind for name, kind in types().items() if name.startswith("attache_")}


def used():
    """Metrics with something in each of them."""
    metrics = Metrics()
    metrics.fetched("fetched", 0.2)
    metrics.settled(Platform.SLACK, "digest", DeliveryState.SENT, timedelta(seconds=2))
    metrics.asked(Platform.SLACK, "send", "done", 0.1)
    metrics.limited(Platform.DISCORD)
    metrics.heard_on(Platform.DISCORD, 2)
    metrics.answered("whosaid", "answered", 0.01)
    metrics.beat("intake", "done", 1)
    metrics.connected("slack", there=True)
    return metrics


def test_labels_are_those_that_are_documented():
    found = {}
    for name, labels in re.findall(r"^(attache_\w+)(?:\{(.*)\})? ", rendered(used()), re.MULTILINE):
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        found.setdefault(base, set()).update(set(re.findall(r'(\w+)="', labels)) - {"le"})
    assert found == {
        name: set(labels) for name, (_, labels) in documented().items() if name.startswith("attache_")
    }


def test_names_end_as_their_kind_and_unit_do():
    for name, kind in types().items():
        if name.startswith("attache_"):
            assert (kind == "counter") == name.endswith("_total"), name
            assert kind != "histogram" or name.endswith(("_seconds", "_bytes")), name


def test_ages_count_from_when_the_first_one_waits():
    text = rendered()
    assert "attache_articles_unread 3.0\nattache_articles_unread_oldest_seconds 120.0" in re.sub(
        "# .*\n", "", text
    )
    assert 'attache_posts_waiting_oldest_seconds{state="pending"} 30.0' in text
    assert 'attache_posts_waiting_oldest_seconds{state="unknown"} 0.0' in text  # the clock was set back
    assert 'attache_platform_away_seconds{platform="discord"} 3600.0' in text
    assert 'attache_schedules{platform="slack"} 5.0' in text


def test_a_store_that_does_not_answer_tells_nothing_old():
    text = rendered(used(), None)
    assert "\nattache_store_up 0.0" in text
    assert "attache_feeds_due" not in text
    assert 'attache_rate_limits_total{platform="discord"} 1.0' in text


def test_only_what_was_sent_has_a_lateness():
    metrics = used()
    metrics.settled(Platform.SLACK, "digest", DeliveryState.PENDING, timedelta(hours=2))
    text = rendered(metrics)
    assert 'attache_delivery_lateness_seconds_sum{kind="digest",platform="slack"} 2.0' in text
    assert 'attache_deliveries_total{kind="digest",platform="slack",state="pending"} 1.0' in text


def test_two_processes_metrics_share_nothing():
    used()
    assert "attache_commands_total{" not in rendered()


def test_the_desk_knows_the_commands_that_are_labels():
    desk = FrontDesk(None, None, None, None)
    assert set(desk._handlers) == COMMANDS


PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
_FUNCTIONS = {"rate", "sum", "max", "min", "count", "histogram_quantile"}
_WORDS = {"by"}


def named(query):
    """The metrics that a query names, and the labels that it picks or groups by."""
    groups = re.findall(r"\bby \(([^)]*)\)", query)
    picked = re.findall(r"\{([^}]*)\}", query)
    labels = {label.strip() for group in groups for label in group.split(",")}
    labels |= {label for some in picked for label in re.findall(r"(\w+)\s*[=!]", some)}
    rest = re.sub(r"\bby \([^)]*\)|\{[^}]*\}|\[[^\]]*\]", " ", query)
    names = set(re.findall(r"[a-zA-Z_]\w*", rest)) - _FUNCTIONS - _WORDS
    return names, labels


@pytest.mark.parametrize("query", QUERIES)
def test_each_query_of_the_dashboard_names_metrics_and_labels_that_are_there(query):
    known = types()
    names, labels = named(query)
    assert names
    described = documented()
    for name in names:
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        if base != name:
            assert known.get(base) == "histogram", name
        assert base in known, name
        assert labels - {"le", "job", "instance"} <= described[base][1], name


def test_the_check_of_queries_sees_what_is_wrong():
    assert named('sum by (feed) (rate(attache_x_total{a="b", c!="d"}[5m])) / attache_y') == (
        {"attache_x_total", "attache_y"},
        {"feed", "a", "c"},
    )


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_in_balance_and_rates_counters_alone(query):
    assert query.count("(") == query.count(")")
    assert query.count("{") == query.count("}")
    known = types()
    for name in named(query)[0]:
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        assert (known[base] in {"counter", "histogram"}) == bool(re.search(rf"rate\({name}\b", query))


def test_the_dashboard_is_sound():
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
    for panel in PANELS:
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references)


def test_prometheus_and_grafana_are_told_of_each_other():
    deploy = ROOT / "deploy"
    read = lambda *parts: yaml.safe_load(deploy.joinpath(*parts).read_text(encoding="utf-8"))
    [source] = read("grafana", "provisioning", "datasources", "prometheus.yml")["datasources"]
    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}
    [provider] = read("grafana", "provisioning", "dashboards", "attache.yml")["providers"]
    assert provider["type"] == "file"
    job, *_ = read("prometheus.yml")["scrape_configs"]
    jobs = {job for query in QUERIES for job in re.findall(r'job="(\w+)"', query)}
    assert jobs == {job["job_name"]}
