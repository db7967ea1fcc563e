"""The checker finds each thing that may go wrong, and nothing in a store where all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.evaluation.crashes.soundness import (
    Article,
    Delivery,
    Digest,
    Expected,
    Fault,
    Feed,
    Handed,
    Notice,
    Posted,
    Statement,
    Stored,
    Subscription,
    at_any_time,
    counted_only,
    in_the_end,
    vanished,
)

SIX = datetime(2025, 1, 6, 6, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return SIX + timedelta(minutes=minutes)


ONE = Article(1, "herald.example/1", 2, (1, 2), 2, 7, at(1.5), 1, "We will pay 102 crowns.")
TWO = Article(2, "herald.example/2", 1, (1,), 1, 7, at(2.5), 1, "We will pay 201 crowns.")
WELL = Stored(
    feeds=(Feed(1, '"x"'), Feed(2), Feed(8, failing=True, ended=True)),
    articles=(ONE, TWO),
    entries=((1, "a", 1), (1, "b", 2), (2, "b", 2)),
    briefs=((1, 2), (2, 1)),
    statements=(Statement(1, 2, 0, "pay 102 crowns"), Statement(2, 1, 0, "pay 201 crowns")),
    stories=frozenset({7}),
    subscriptions=(Subscription(1, "* * * * *", "UTC", at(2), at(4), at(3.1)),),
    digests={
        1: Digest(1, at(2.1), at(0), at(2.1), frozenset({1})),
        2: Digest(2, at(3.1), at(2.1), at(3.1), frozenset({2})),
    },
    deliveries=(Delivery(1, 1, 1, at(2), "sent", "m1"), Delivery(2, 1, 2, at(3), "sent", "m2")),
    notices=(Notice(1, 9, "ended", at(1), "sent", 1, "m3"), Notice(2, 8, "ended", at(1), "sent", 1, "m3")),
)
POSTED = (Posted("attache-1", "m1"), Posted("attache-2", "m2"), Posted("attache-n1", "m3"))
EXPECTED = (Expected("herald.example/1", "pay 102 crowns"), Expected("herald.example/2", "pay 201 crowns"))
HANDED = {'"x"': (Handed("a", ("pay 101 crowns", "pay 102 crowns")), Handed("b", ("pay 201 crowns",)))}
FIRST, SECOND = WELL.deliveries


def with_article(article: Article) -> Stored:
    return replace(WELL, articles=(article, TWO))


def with_second(**changes: object) -> Stored:
    return replace(WELL, deliveries=(FIRST, replace(SECOND, **changes)))


def with_digest(number: int, **changes: object) -> Stored:
    return replace(WELL, digests={**WELL.digests, number: replace(WELL.digests[number], **changes)})


def test_where_all_is_well_nothing_is_found():
    assert at_any_time(WELL, POSTED, HANDED) == ()
    assert in_the_end(WELL, POSTED, EXPECTED) == ()
    assert vanished(WELL, WELL) == ()
    assert vanished(Stored(), WELL) == ()
    assert counted_only(WELL) == 0


@pytest.mark.parametrize(
    ("stored", "posted", "fault", "words"),
    [
        (replace(WELL, integrity=("page 3 is never used",)), POSTED, Fault.UNSOUND, "page 3"),
        (replace(WELL, feeds=(Feed(1, failing=True),)), POSTED, Fault.UNSOUND, "feed 1 is blamed"),
        (WELL, (*POSTED, Posted("attache-2", "m4")), Fault.DOUBLED, "post attache-2 stands 2 times"),
        (WELL, (*POSTED, Posted("attache-n1", "m4")), Fault.DOUBLED, "post attache-n1 stands 2 times"),
        (WELL, (*POSTED, Posted("", "m4")), Fault.UNSOUND, "no key"),
        (WELL, POSTED[1:], Fault.LOST, "post attache-1 counts as sent"),
        (with_second(receipt="m9"), POSTED, Fault.LOST, "post attache-2 counts as sent and does not stand at m9"),
        (replace(WELL, articles=(ONE, TWO, replace(TWO, id=3, address=ONE.address))), POSTED, Fault.DOUBLED, "articles at"),
        (replace(WELL, entries=(*WELL.entries, (1, "a", 1))), POSTED, Fault.DOUBLED, "entry"),
        (replace(WELL, entries=(*WELL.entries, (1, "c", 5))), POSTED, Fault.LOST, "leads to an article that is gone"),
        (replace(WELL, entries=WELL.entries[:1]), POSTED, Fault.LOST, "entry b of feed 1 was read and is not stored"),
        (with_article(replace(ONE, text="We will pay 100 crowns.")), POSTED, Fault.LOST, "entry a of feed 1 was read and is as it was"),
        (replace(WELL, briefs=(*WELL.briefs, (2, 1))), POSTED, Fault.DOUBLED, "brief of article 2"),
        (replace(WELL, briefs=WELL.briefs[1:]), POSTED, Fault.UNSOUND, "article 1 has not the brief"),
        (with_article(replace(ONE, briefed=3)), POSTED, Fault.UNSOUND, "article 1 has not the brief"),
        (with_article(replace(ONE, versions=(2,))), POSTED, Fault.LOST, "article 1 has versions (2,) of 2"),
        (with_article(replace(ONE, versions=(1, 2, 3))), POSTED, Fault.LOST, "article 1 has versions"),
        (with_article(replace(ONE, story=8)), POSTED, Fault.LOST, "article 1 is in a story that is gone"),
        (
            replace(WELL, statements=(*WELL.statements, Statement(2, 1, 1, "pay 201 crowns"))),
            POSTED, Fault.DOUBLED, "statement (2, 'pay 201 crowns')",
        ),
        (replace(WELL, statements=(*WELL.statements, Statement(2, 1, 0, "x"))), POSTED, Fault.DOUBLED, "statement at"),
        (replace(WELL, statements=(Statement(1, 1, 0, "x"),)), POSTED, Fault.UNSOUND, "of another version"),
        (
            replace(WELL, deliveries=(*WELL.deliveries, replace(SECOND, id=3, state="pending"))),
            POSTED, Fault.DOUBLED, "delivery of subscription and slot",
        ),
        (replace(WELL, deliveries=(SECOND,)), POSTED, Fault.LOST, "subscription 1 was due at 2025-01-06 06:02"),
        (with_second(slot=at(2.5)), POSTED, Fault.DOUBLED, "subscription 1 was due at 2025-01-06 06:03"),
        (replace(WELL, deliveries=(FIRST,)), POSTED, Fault.LOST, "is due at 2025-01-06 06:03"),
        (replace(WELL, digests={1: WELL.digests[1]}), POSTED, Fault.LOST, "the digest of delivery 2 is gone"),
        (with_digest(2, since=at(2.2)), POSTED, Fault.UNTOLD, "nothing is told between"),
        (with_digest(2, since=at(2)), POSTED, Fault.DOUBLED, "tells again"),
        (with_digest(2, until=at(3)), POSTED, Fault.UNSOUND, "is not told up to where"),
        (replace(WELL, notices=(*WELL.notices, replace(WELL.notices[1], id=3))), POSTED, Fault.DOUBLED, "notice"),
    ],
)  # fmt: skip
def test_what_must_never_be_is_found(stored, posted, fault, words):
    found = at_any_time(stored, posted, HANDED)
    assert any(problem.fault is fault and words in problem.what for problem in found), found


@pytest.mark.parametrize(
    ("stored", "posted", "expected", "fault", "words"),
    [
        (WELL, POSTED, (*EXPECTED, Expected("herald.example/3", "pay 301 crowns")), Fault.LOST, "no article at herald.example/3"),
        (WELL, POSTED, (Expected("herald.example/1", "pay 103 crowns"),), Fault.LOST, "has not its newest words"),
        (replace(WELL, entries=WELL.entries[1:]), POSTED, EXPECTED, Fault.LOST, "no entry leads to article 1"),
        (replace(WELL, statements=WELL.statements[1:]), POSTED, EXPECTED, Fault.LOST, "article 1 has 0 statements"),
        (
            replace(WELL, statements=(*WELL.statements, Statement(1, 2, 1, "will pay 102 crowns"))),
            POSTED, EXPECTED, Fault.DOUBLED, "article 1 has 2 statements",
        ),
        (with_article(replace(ONE, briefed=1)), POSTED, EXPECTED, Fault.LOST, "article 1 was never read"),
        (with_article(replace(ONE, story=None)), POSTED, EXPECTED, Fault.LOST, "article 1 is in no story"),
        (with_second(state="pending"), POSTED, EXPECTED, Fault.LOST, "post attache-2 is still pending"),
        (with_second(state="sending"), POSTED, EXPECTED, Fault.LOST, "post attache-2 is still sending"),
        (with_second(state="failed"), POSTED, EXPECTED, Fault.UNSOUND, "stands and counts as failed"),
        (WELL, (*POSTED, Posted("attache-3", "m4")), EXPECTED, Fault.LOST, "post attache-3 stands and nobody knows"),
        (with_digest(2, told=frozenset()), POSTED, EXPECTED, Fault.UNTOLD, "article 2, which arrived at"),
    ],
)  # fmt: skip
def test_what_must_not_be_in_the_end_is_found(stored, posted, expected, fault, words):
    found = in_the_end(stored, posted, expected)
    assert any(problem.fault is fault and words in problem.what for problem in found), found


@pytest.mark.parametrize(
    "stored",
    [
        with_second(state="unknown", receipt=None),  # the platform could not tell
        with_digest(2, told=frozenset(), whole=False),  # more than it names
        replace(WELL, subscriptions=(replace(WELL.subscriptions[0], narrowed=True),),
                digests={**WELL.digests, 2: replace(WELL.digests[2], told=frozenset())}),
    ],
)  # fmt: skip
def test_what_is_honest_is_no_problem(stored):
    assert (*at_any_time(stored, POSTED, HANDED), *in_the_end(stored, POSTED, EXPECTED)) == ()


def test_a_feed_need_not_have_changed_what_first_came_by_another():
    other = replace(ONE, feed=2, text="We will pay 100 crowns.")
    assert at_any_time(with_article(other), POSTED, HANDED) == ()


def test_after_a_post_that_failed_the_next_digest_may_begin_where_it_began():
    stored = replace(with_digest(2, since=at(0)), deliveries=(replace(FIRST, state="failed"), SECOND))
    assert at_any_time(stored, POSTED[1:], HANDED) == ()


def test_what_a_digest_only_counts_is_counted():
    assert counted_only(with_digest(2, told=frozenset(), whole=False)) == 1


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (replace(WELL, articles=(TWO,)), "article (1, 1) was stored"),
        (with_article(replace(ONE, version=1, versions=(1,), briefed=1)), "article (1, 2) was stored"),
        (with_article(replace(ONE, briefed=1)), "the brief of article 1 was newer"),
        (replace(WELL, entries=WELL.entries[1:]), "entry (1, 'a', 1) was stored"),
        (replace(WELL, digests={1: WELL.digests[1]}), "digest 2 was stored"),
        (replace(WELL, deliveries=(FIRST,)), "delivery 2 was stored"),
        (with_second(state="pending"), "sent delivery 2 was stored"),
        (replace(WELL, notices=WELL.notices[:1]), "sent notice 2 was stored"),
    ],
)  # fmt: skip
def test_what_was_there_and_is_gone_is_found(after, words):
    found = vanished(WELL, after)
    assert any(problem.fault is Fault.LOST and words in problem.what for problem in found), found


@pytest.mark.parametrize(("kept", "sound"), [(1, True), (0, False), (2, False)])
def test_what_went_by_before_a_claimed_delivery_is_kept_with_its_subscription(kept, sound):
    claimed = Delivery(3, 1, None, at(5), "claimed")
    subscription = replace(WELL.subscriptions[0], next_due=at(6), skipped=kept)
    stored = replace(WELL, subscriptions=(subscription,), deliveries=(FIRST, SECOND, claimed))
    assert (at_any_time(stored, POSTED, HANDED) == ()) is sound


def test_only_what_a_workspace_follows_must_be_told_to_it():
    untold = with_digest(2, told=frozenset())
    assert in_the_end(untold, POSTED, EXPECTED)
    assert in_the_end(_followed(untold, {1}), POSTED, EXPECTED)
    assert in_the_end(_followed(untold, {3}), POSTED, EXPECTED) == ()


def _followed(stored: Stored, feeds: set[int]) -> Stored:
    return replace(stored, subscriptions=(replace(stored.subscriptions[0], feeds=frozenset(feeds)),))
