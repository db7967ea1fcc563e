"""The benchmarks that there are, and the goals that docs/evaluation.md states."""

from __future__ import annotations

from tests.evaluation.bench.figures import Benchmark, Wanted

MS = "ms"
_DIGESTS = (
    "24 hours", "24 hours, about a word", "24 hours, by an actor", "24 hours, of an outlet",
    "24 hours, five days told", "7 days", "7 days, about a word",
)  # fmt: skip
_ANY = r"([0-9][0-9.,]*)"


def _times(name: str, at: str, p99: float | None = None, p50: float | None = None) -> tuple[Wanted, Wanted]:
    return (
        Wanted(f"{name}, half", f"{at}.p50", MS, most=p50),
        Wanted(f"{name}, 99 of 100", f"{at}.p99", MS, most=p99),
    )


_STORE = (
    *_times("newest ten by actor and words", "lookup", 3),
    *_times("the same, frequent ones", "worst", 10),
    *_times("300 of 1,000 feeds", "lookup_300_feeds", 6),
    *_times("an actor's name as it is typed", "suggest", 2),
)
_STORE_ON_SERVER = (
    *_times("newest ten by actor and words", "lookup", 10),
    *_times("the same, frequent ones", "worst", 20),
    *_times("300 of 1,000 feeds", "lookup_300_feeds", 20),
    *_times("an actor's name as it is typed", "suggest", 2),
)
_STANCES = tuple(
    wanted
    for name, at in (
        ("an actor", "actor_all"), ("an actor and a target", "actor_target_all"), ("a target", "target_all"),
        ("the most frequent actor", "top_actor_all"), ("the most frequent target", "top_target_all"),
        ("the most frequent state", "top_state_all"),
    )
    for wanted in _times(name, at, 100)
)  # fmt: skip

BENCHMARKS = (
    Benchmark(
        "reading",
        ("speed",),
        (
            Wanted("an article of 800 words", rf"whole reading +{_ANY} s", "s of one core"),
            Wanted("against the bare encoder", rf"^ratio +{_ANY}", "times"),
            Wanted("two threads", rf"two threads +{_ANY}", "articles a second"),
            Wanted("resident at most", rf"resident at most +{_ANY}", "MB"),
        ),
        quick=("--articles", "8", "--times", "1"),
    ),
    Benchmark(
        "clustering speed",
        ("clustering_speed",),
        (
            Wanted("one new article among 100,000, half", rf"by the clock: .*p50 {_ANY}", MS, most=20),
            Wanted("one new article among 100,000, 99 of 100", rf"by the clock: .*p99 {_ANY}", MS),
        ),
        quick=("--articles", "10000", "--asked", "50"),
    ),
    Benchmark(
        "composing",
        ("digest_speed", "--articles", "100000"),
        tuple(
            Wanted(f"{name}, 99 of 100", rf"^{name} +[0-9]+ +[0-9]+ +{_ANY} \|", MS, most=150)
            for name in _DIGESTS
        ),
        quick=("--articles", "5000", "--runs", "20"),
        minutes=30,
    ),
    Benchmark(
        "intake",
        ("intake",),
        (
            Wanted("conditional requests", "requests_per_second", "a second", least=2000),
            Wanted("unchanged feeds", "unchanged_feeds_per_cpu_second", "a CPU second", least=200),
            Wanted("a feed of 100 entries", "feed_of_100_ms", MS, most=60),
            Wanted("pages against the bare library", "pace_against_bare", "times its pace", least=0.8),
            Wanted("the event loop is late, 99 of 100", "lag_p99_ms", MS, most=20),
            Wanted("hostile inputs: crashes", "hostile_crashes", "", most=0),
            Wanted("hostile inputs over 250 ms", "hostile_over_250_ms", "", most=0),
        ),
        quick=("--seconds", "15", "--inputs", "500"),
        minutes=30,
    ),
    Benchmark("store", ("store", "--scale", "0.02"), _STORE, quick=("--runs", "50"), minutes=60),
    Benchmark(
        "store on PostgreSQL",
        ("store", "--scale", "0.02", "--database", "postgresql"),
        _STORE_ON_SERVER,
        minutes=60,
    ),
    Benchmark(
        "positions", ("store_stances",), _STANCES, quick=("--scale", "0.02", "--runs", "10"), minutes=60
    ),
    Benchmark(
        "pictures",
        ("pictures",),
        (
            Wanted("12 rows of 10 turns, half", rf"^ +12 +10 +{_ANY}", "ms of one core", most=250),
            Wanted("12 rows of 10 turns, the slowest", rf"^ +12 +10 +[0-9]+ +{_ANY}", "ms of one core"),
        ),
        quick=("--times", "3"),
    ),
    Benchmark(
        "Discord",
        ("discord",),
        (
            Wanted("10,000 subscriptions due in one second are taken", "claim.seconds", "s", most=0.7),
            Wanted("the event loop is late meanwhile, at most", "claim.loop_late_ms.max", MS, most=20),
            Wanted("1,000 channels due in one second are posted to", "post.seconds", "s", most=20.8),
            Wanted("refused for their rate", "post.refused_429", "", most=0),
            Wanted("posted twice", "post.twice", "", most=0),
            *_times("/whosaid, twenty at one time", "ask.idle", 100, 30),
            *_times("/whosaid while posting", "ask.while_posting", 100, 30),
            Wanted("50 kills: lost", "kill.lost", "posts", most=0),
            Wanted("50 kills: posted twice", "kill.twice", "posts", most=0),
            Wanted("an idle bot", "memory.resident_mb", "MB", most=200),
            Wanted("it ends after", "memory.stopped_after_s", "s", most=10),
        ),
        minutes=30,
    ),
    Benchmark(
        "Slack",
        ("slack",),
        (
            Wanted("500 channels due in one second are posted to", "post.seconds", "s"),
            Wanted("lost", "post.lost", "posts", most=0),
            Wanted("posted twice", "post.twice", "posts", most=0),
            Wanted("with faults: lost", "post_with_faults.lost", "posts", most=0),
            Wanted("with faults: posted twice", "post_with_faults.twice", "posts", most=0),
            Wanted("30 kills: lost", "kill.lost", "posts", most=0),
            Wanted("30 kills: posted twice", "kill.twice", "posts", most=0),
            Wanted("twenty at one time: acknowledged, 99 of 100", "ask.idle.acknowledged.p99", MS, most=50),
            Wanted("twenty at one time: answered, 99 of 100", "ask.idle.answered.p99", MS, most=150),
            Wanted(
                "an idle bot on Discord and Slack", "memory.discord_and_slack.resident_mb", "MB", most=250
            ),
        ),
        minutes=30,
    ),
    Benchmark(
        "soak",
        ("soak", "--minutes", "5"),
        (
            Wanted("lost", "lost", "", most=0),
            Wanted("doubled", "doubled", "", most=0),
            Wanted("answers, 99 of 100", "answers_ms.all.p99", MS, most=200),
            Wanted("read", "read_a_second", "articles a second"),
            Wanted("tracebacks", "tracebacks", "", most=0),
        ),
        quick=("--minutes", "1", "--feeds", "60", "--subscriptions", "30", "--questions", "5"),
        minutes=20,
    ),
    Benchmark(
        "positions between people",
        ("valence",),
        (Wanted("our own, seen: macro F1", rf"^seen, with vector: macro F1 {_ANY}", "%"),),
        quick=(),
    ),
    Benchmark(
        "who said what",
        ("attribution",),
        (Wanted("pair hit", rf"^pair +hit +all .*F1 +{_ANY}", "%"),),
        shared=True,
    ),
    Benchmark(
        "stories",
        ("clustering",),
        tuple(
            Wanted(f"{name}: B-cubed F1", rf"^{name} .*F1 +{_ANY}", "%", least=goal)
            for name, goal in (("allsides", 80), ("ecbplus", 92), ("triplets", 95))
        ),
        shared=True,
    ),
    Benchmark(
        "written sentences",
        ("faithfulness",),
        (
            Wanted("QAGS-CNN: area", rf"^qags-cnn +AUC +{_ANY}", "%", least=86),
            Wanted("SummEval: area", rf"^summeval +AUC +{_ANY}", "%", least=85),
        ),
        shared=True,
    ),
    Benchmark(
        "summaries",
        ("summaries",),
        (
            Wanted("realsumm: ROUGE-1", rf"^realsumm +ours +ROUGE-1 +{_ANY}", "%", least=42.5),
            Wanted("realsumm: ROUGE-2", rf"^realsumm +ours .*ROUGE-2 +{_ANY}", "%", least=18.8),
        ),
        shared=True,
    ),
    Benchmark(
        "for or against",
        ("seesaw",),
        (Wanted("SEESAW valid: macro F1", rf"^valid, both named, with vector: macro F1 {_ANY}", "%"),),
        shared=True,
    ),
)
"""In the order in which they run."""
