"""The JSON that look-ups and `read` print: a contract, so its shapes stand in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from bot.cli.json_values import Json, span_json, spans_json, time_json
from bot.cli.stances_json import shift_json, standing_json
from bot.messages.feeds import without_password
from news.answers import Occasion, Quote, QuotePage, Telling
from news.articles import Article
from news.briefs import Brief
from news.channels import Platform, Subscription
from news.digests import Difference, Digest, DigestStory, Source
from news.feeds import Entry, Fetched, Follow
from news.ledger import Standing
from news.names import NameChange
from news.profiles import ActorProfile, Counted
from news.reading import GivenUp
from news.soundness import Finding, Grade
from news.statements import Speaker, Statement
from news.stories import Story

_ACTING = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters that JSON lets through as they are, and those that turn the direction of text."""


def dumps(value: Json) -> str:
    """One line, readable in any script, in which nothing acts on a terminal.

    Lone surrogates are replaced, for they cannot be written.
    """
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def brief_json(article: Article, brief: Brief) -> Json:
    """One line of `attache read --json`."""
    return {
        "id": article.key,
        "title": article.title,
        "outlet": article.outlet,
        "published": time_json(article.published),
        "language": brief.language,
        "length": brief.length,
        "summary": [{"text": s.text, "span": span_json(s.span)} for s in brief.summary],
        "statements": _statements(brief),
        "stances": [
            {
                "actor": s.actor,
                "target": s.target,
                "position": s.position,
                "evidence": spans_json(s.evidence),
                "confidence": s.confidence,
            }
            for s in brief.stances
        ],
        "flags": [{"kind": f.kind, "detail": f.detail, "spans": spans_json(f.spans)} for f in brief.flags],
        "engines": dict(brief.engines),
    }


def error_json(key: str, kind: str, message: str) -> Json:
    """What stands in the place of an article that cannot be read."""
    return {"id": key, "error": {"kind": kind, "message": message}}


def quotes_json(page: QuotePage) -> Json:
    """The answer of `attache whosaid --json`."""
    query = page.query
    return {
        "query": {
            "actor": query.actor,
            "about": query.about,
            "since": time_json(query.since),
            "until": time_json(query.until),
            "outlet": query.outlet,
        },
        "total": page.total,
        "complete": page.complete,
        "offset": query.offset,
        "statements": [_occasion(occasion) for occasion in page.occasions],
    }


def digest_json(digest: Digest) -> Json:
    """The answer of `attache digest --json`."""
    return {
        "title": digest.title,
        "narrowed": digest.narrowed or None,
        "since": time_json(digest.window.since),
        "until": time_json(digest.window.until),
        "timezone": digest.timezone,
        "articles": digest.articles,
        "outlets": digest.outlets,
        "stories": [_digest_story(story) for story in digest.stories],
        "positions": [shift_json(shift) for shift in digest.positions],
        "left_out": digest.left_out,
        "unchanged": digest.unchanged,
        "notices": list(digest.notices),
        "feeds": {
            "followed": digest.health.followed,
            "failing": [{"name": name, "since": time_json(at)} for name, at in digest.health.failing],
        },
    }


def story_json(story: Story) -> Json:
    """One line of `attache stories --json`."""
    return {
        "id": str(story.id),
        "name": story.name,
        "newest": time_json(story.newest),
        "outlets": story.outlets,
        "articles": [
            {
                "id": r.article.key,
                "title": r.article.title,
                "outlet": r.article.outlet,
                "published": time_json(r.article.published),
                "url": r.article.url,
                "version": r.article.version,
                "revised": time_json(r.article.revised),
            }
            for r in story.readings
        ],
    }


def name_change_json(change: NameChange) -> Json:
    """One line of `attache actors list --json`."""
    return {
        "actor": change.actor,
        "name": change.name,
        "relation": change.relation,
        "made": time_json(change.made),
    }


def profile_json(profile: ActorProfile, page: QuotePage, standings: Sequence[Standing]) -> Json:
    """The answer of `attache actor --json`."""
    return {
        "asked": profile.asked,
        "name": profile.names.main,
        "names": list(profile.names.names),
        "apart": list(profile.names.apart),
        "written": [_counted(each) for each in profile.written],
        "speaks_for": list(profile.speaks_for),
        "spoken_for_by": [_counted(each) for each in profile.spoken_for_by],
        "total": profile.total,
        "first": time_json(profile.first),
        "last": time_json(profile.last),
        "positions": [standing_json(standing) for standing in standings],
        "statements": quotes_json(page)["statements"],
    }


def fetched_json(source: str, fetched: Fetched) -> Json:
    """One line of `attache feeds check --json`."""
    return {
        "id": source,
        "title": fetched.title,
        "entries": [_entry(entry) for entry in fetched.entries],
        "error": None,
    }


def unfetched_json(source: str, kind: str, message: str) -> Json:
    """As `fetched_json`, for what is no feed."""
    return {"id": source, "title": None, "entries": [], "error": {"kind": kind, "message": message}}


def feed_json(follow: Follow) -> Json:
    """One line of `attache feeds list --json`."""
    feed = follow.feed
    return {
        "url": without_password(feed.url),
        "name": without_password(feed.name),
        "folder": follow.folder,
        "well": feed.failing_since is None,
        "ended": feed.ended,
        "last_success": time_json(feed.last_success),
        "last_error": feed.last_error,
        "failing_since": time_json(feed.failing_since),
        "failures": feed.failures,
        "next_check": None if feed.ended else time_json(feed.next_check),
        "interval_seconds": round(feed.interval.total_seconds()),
    }


def subscription_json(number: int, subscription: Subscription) -> Json:
    """One line of `attache schedule list --json`."""
    channel, narrowing = subscription.channel, subscription.narrowing
    at_home = channel.platform is Platform.TERMINAL
    return {
        "number": number,
        "title": subscription.title,
        "channel": "terminal" if at_home else f"{channel.platform}:{channel.external_id}",
        "cron": subscription.cron,
        "timezone": subscription.timezone,
        "next": None if subscription.paused else time_json(subscription.next_due),
        "paused": subscription.paused,
        "trouble": subscription.trouble,
        "about": narrowing.about,
        "actor": narrowing.actor,
        "outlet": narrowing.outlet,
        "length": narrowing.length,
        "form": subscription.form,
    }


def soundness_json(findings: Sequence[Finding]) -> Json:
    """The answer of `attache doctor --json`."""
    grades = [finding.grade for finding in findings]
    return {
        "problems": grades.count(Grade.PROBLEM),
        "warnings": grades.count(Grade.WARNING),
        "findings": [
            {"check": f.check, "grade": f.grade.value, "told": f.told, "advice": f.advice or None}
            for f in findings
        ],
    }


def given_up_json(one: GivenUp) -> Json:
    """An article that could not be read."""
    return {
        "id": one.key,
        "title": one.title,
        "outlet": one.outlet,
        "time": time_json(one.when),
        "reason": one.reason,
    }


def _statements(brief: Brief) -> list[Json]:
    """All of them in reading order, those withheld from people too."""
    found = sorted(
        (*brief.statements, *brief.withheld), key=lambda s: min(span.start for span in (*s.cue, *s.content))
    )
    return [_statement(statement) for statement in found]


def _statement(statement: Statement) -> Json:
    return {
        "speaker": _speaker(statement.speaker),
        "source": spans_json(statement.source),
        "cue": spans_json(statement.cue),
        "content": spans_json(statement.content),
        "kind": statement.kind,
        "mode": statement.mode,
        "venue": spans_json(statement.venue),
        "confidence": statement.confidence,
        "withheld": statement.withheld,
    }


def _quote(quote: Quote) -> Json:
    return {
        "speaker": _speaker(quote.speaker),
        "words": quote.words,
        "cue_words": quote.cue,
        "kind": quote.kind,
        "mode": quote.mode,
        "venue_words": quote.venue,
        "confidence": quote.confidence,
        "article": quote.article_key,
        "title": quote.headline,
        "outlet": quote.outlet,
        "time": time_json(quote.when if quote.dated else None),
        "url": quote.url,
        "content": spans_json(quote.content),
        "cue": spans_json(quote.cue_spans),
        "source": spans_json(quote.source_spans),
        "version": quote.version,
        "gone": time_json(quote.gone),
    }


def _occasion(occasion: Occasion) -> Json:
    """The fullest wording, and the wording of each article that carries it, newest first."""
    return {
        **_quote(occasion.told.quote),
        "own": occasion.own,
        "sentence": _sentence(occasion.told),
        "sources": [
            {**_quote(telling.quote), "sentence": _sentence(telling)} for telling in occasion.tellings
        ],
    }


def _sentence(telling: Telling) -> Json:
    return {"text": telling.sentence_words, "span": span_json(telling.sentence)}


def _digest_story(story: DigestStory) -> Json:
    by_mark = {source.mark: source for source in story.sources}
    return {
        "id": str(story.story_id),
        "name": story.name,
        "outlets": story.outlets,
        "articles": story.articles,
        "copies": story.copies,
        "since": time_json(story.since),
        "summary": [
            {"text": p.text, "span": span_json(p.span), **_cited(by_mark[p.mark])} for p in story.summary
        ],
        "statements": [_quote(said.quote) | {"marks": list(said.marks)} for said in story.said],
        "positions": [shift_json(shift) | {"marks": list(shift.marks)} for shift in story.positions],
        "differences": [_difference(difference, by_mark) for difference in story.differences],
        "flags": [
            {
                "kind": "headline",
                "detail": c.detail,
                "spans": spans_json(c.spans),
                "mark": c.mark,
                **_cited(by_mark[c.mark]),
            }
            for c in story.cautions
        ],
        "sources": [
            {
                "mark": s.mark,
                "title": s.headline,
                "version": s.version,
                "revised": time_json(s.revised),
                "copy_of": s.copy_of,
                **_cited(s),
            }
            for s in story.sources
        ],
        "withdrawn": [
            {"mark": w.mark, **_cited(by_mark[w.mark]), "gone": time_json(w.when), "told": _quote(w.quote)}
            for w in story.withdrawn
        ],
        "headlines": [
            {"mark": r.mark, "before": r.before, "title": r.now, **_cited(by_mark[r.mark])}
            for r in story.retitled
        ],
    }


def _difference(difference: Difference, by_mark: Mapping[int, Source]) -> Json:
    return {
        "matter": difference.matter,
        "what": difference.what,
        "sides": [
            {
                "words": side.words,
                "marks": list(side.marks),
                "evidence": side.evidence,
                "spans": spans_json(side.spans),
                **_cited(by_mark[side.marks[0]]),
            }
            for side in difference.sides
        ],
    }


def _cited(source: Source) -> Json:
    return {
        "article": source.article_key,
        "outlet": source.outlet,
        "time": time_json(source.when if source.dated else None),
        "url": source.url,
    }


def _entry(entry: Entry) -> Json:
    return {
        "id": entry.guid or entry.key,
        "title": entry.title,
        "link": entry.url,
        "published": time_json(entry.published),
        "author": entry.byline,
        "summary": entry.summary,
        "content": entry.content,
    }


def _counted(each: Counted) -> Json:
    return {"name": each.name, "statements": each.statements}


def _speaker(speaker: Speaker | None) -> Json | None:
    if speaker is None:
        return None
    return {
        "name": speaker.name,
        "mention": speaker.mention,
        "affiliation": speaker.affiliation,
        "anonymous": speaker.anonymous,
        "state": speaker.state,
    }
