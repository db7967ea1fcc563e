"""Rows of every version of the tables, as that version stored them: the walk puts them in place.

A new migration gets an entry here: in `ROWS` what only its version can store, in `CHANGES` the columns whose stored
values it is meant to change, in `LOSES` the rows for which the version before it has no place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from storage import indexing

AT = datetime(2024, 12, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

Values = Mapping[str, object]
Rows = Sequence[tuple[str, Values]]

WORKSPACE = {"platform": "terminal", "timezone": "Europe/Kyiv"}
FEED = {"failures": 0, "ended": False}
ARTICLE = {"feed_id": 1, "imported": False, "outlet": "Herald", "outlet_key": "herald", "published": AT}
ARTICLE |= {"arrived": AT, "moment": AT, "version": 1, "briefed": 1, "story_id": 100}
VERSION = {"version": 1, "seen": AT, "text": "“It is so,” said Anna Bell.", "partial": False}
VERSION |= {"title": "So", "title_key": " so "}
WORDS = {"title_words": " so ", "words": " so  it is so said anna bell "}
STATEMENT = {"moment": AT, "outlet_key": "herald", "kind": "direct", "mode": "speech", "confidence": 0.75}
STATEMENT |= {"speaker_name": "Anna Bell", "mention": "Anna Bell", "anonymous": False, "state_key": ""}
STATEMENT |= {"speaker_key": " anna bell ", "affiliation_key": ""}
STATEMENT |= {"content_words": " it is so ", "cue_words": " said ", "spans": {"content": [[0, 11]]}}
SURNAME = {"surname_key": "bell"}
SUBSCRIPTION = {"workspace_id": 1, "platform": "terminal", "channel": "local", "timezone": "Europe/Kyiv"}
SUBSCRIPTION |= {"title": "Morning digest", "about": "", "paused": False, "removed": False, "next_due": AT}
DELIVERY = {"subscription_id": 1, "digest_id": 1, "state": "sent", "touched": AT, "attempts": 1}
NAMES = {"workspace_id": 1, "actor": "Anna Bell", "actor_key": "anna bell", "relation": "same", "made": AT}
BRIEF = {"version": 1, "length": 28, "language": "en", "summary": [], "flags": []}
BRIEF |= {"engines": {"summary": "extract 1"}}
STANCES = [
    {
        "actor": "Anna Bell",
        "target": "the bridge",
        "position": "opposes",
        "confidence": 0.5,
        "evidence": [[0, 11]],
    },
    {
        "actor": "Anna Bell",
        "target": "the ferry",
        "position": "supports",
        "confidence": 1.0,
        "evidence": [[2, 5]],
    },
]
TARGET = {
    "description": "",
    "supporting": ["build it"],
    "opposing": [],
    "made": AT,
    "waiting": False,
    "done": 0,
}
STANCE = {"article_id": 41, "moment": AT, "actor": "Citadel", "actor_key": "citadel", "voice": "Anna Bell"}
STANCE |= {"state": "Oldland", "state_key": "oldland", "outlet_key": "herald"}
STANCE |= {"target": "sanctions", "target_key": "sanctions", "position": "opposes", "confidence": 0.5}
STANCE |= {"evidence": [[0, 11]]}
NOTICE = {"workspace_id": 1, "feed_id": 1, "since": AT, "reason": "It answered 500.", "platform": "terminal"}
NOTICE |= {"channel": "local", "made": AT, "touched": AT, "attempts": 0}
INSTALLATION = {"client_id": "1.2", "team_id": "T1", "installed": AT}

ROWS: Mapping[str, Rows] = {
    "0001": [
        ("workspaces", WORKSPACE | {"external_id": "local"}),
        ("workspaces", WORKSPACE | {"external_id": "other"}),
        ("feeds", FEED | {"url": "https://herald.example/feed", "url_key": "https://herald.example/feed"}),
        ("feeds", FEED | {"url": "imports of 1", "url_key": "imports of 1", "imports_of": 1}),
        ("follows", {"workspace_id": 1, "feed_id": 1}),
        ("stories", {"id": 100}),
        (
            "articles",
            ARTICLE
            | {"id": 11, "key": "11", "url": "https://herald.example/a"}
            | {"url_key": "https://herald.example/a"},
        ),
        # At the same address, as later versions compare them; and one that was brought along with it.
        (
            "articles",
            ARTICLE
            | {"id": 12, "key": "12", "url": "http://www.herald.example/a/"}
            | {"url_key": "http://www.herald.example/a/"},
        ),
        (
            "articles",
            ARTICLE
            | {"id": 13, "key": "mine", "url": "https://herald.example/a", "imported": True, "feed_id": 2}
            | {"url_key": "https://herald.example/a"},
        ),
        # Not in a story yet.
        ("articles", ARTICLE | {"id": 14, "key": "14", "story_id": None}),
        *(("article_versions", VERSION | WORDS | {"article_id": number}) for number in (11, 12, 13, 14)),
        ("article_versions", VERSION | WORDS | {"article_id": 11, "version": 2, "seen": AT + HOUR}),
        *(
            ("entries", {"feed_id": 1, "key": f"e{number}", "article_id": number, "fingerprint": "f"})
            for number in (11, 12, 14)
        ),
        ("briefs", BRIEF | {"article_id": 11, "stances": STANCES}),
        ("statements", STATEMENT | SURNAME | {"id": 1101, "article_id": 11, "position": 0}),
        ("actor_names", NAMES | {"name": "A. Bell", "name_key": "a bell", "pair_key": "a bell|anna bell"}),
        ("subscriptions", SUBSCRIPTION | {"cron": "0 9 * * *"}),
        ("digests", {"workspace_id": 1, "composed": AT, "content": {"title": "Morning digest"}}),
        ("deliveries", DELIVERY | {"slot": AT}),
    ],
    "0002": [
        ("stories", {"id": 101, "told": AT}),
        ("articles", ARTICLE | {"id": 21, "key": "21", "story_id": 101, "copy_of": 11, "placed": AT}),
        ("article_versions", VERSION | WORDS | {"article_id": 21}),
        ("entries", {"feed_id": 1, "key": "e21", "article_id": 21, "fingerprint": "f"}),
        ("briefs", BRIEF | {"article_id": 21, "stances": [], "figures": [{"value": 3}]}),
        ("signatures", {"article_id": 21, "terms": b"\x00\x01", "vector": b"\x02", "shingles": b""}),
        ("told", {"story_id": 101, "digest_id": 1, "workspace_id": 1, "name": "So"}),
        # Like the first one but for an actor: the version before could not keep both.
        (
            "subscriptions",
            SUBSCRIPTION | {"cron": "0 9 * * *", "actor": "Anna Bell", "outlet": "", "length": 3},
        ),
    ],
    "0003": [
        ("workspaces", WORKSPACE | {"external_id": "told", "notices_platform": "", "notices_channel": ""}),
        (
            "feeds",
            FEED
            | {"url": "https://wire.example/feed", "url_key": "https://wire.example/feed"}
            | {"pace": {"at_least": 3600}, "interval": 600},
        ),
        ("follows", {"workspace_id": 1, "feed_id": 3, "folder": "Wires"}),
        ("articles", ARTICLE | {"id": 31, "key": "31", "version": 2, "briefed": 2}),
        ("article_versions", VERSION | WORDS | {"article_id": 31}),
        ("article_versions", VERSION | WORDS | {"article_id": 31, "version": 2, "modified": AT + HOUR}),
        (
            "entries",
            {"feed_id": 3, "key": "e31", "article_id": 31, "fingerprint": "f", "address": "/a", "tries": 2},
        ),
        ("briefs", BRIEF | {"article_id": 31, "version": 2, "figures": [], "stances": STANCES[1:]}),
        ("statements", STATEMENT | SURNAME | {"id": 3101, "article_id": 31, "position": 0, "version": 2}),
        # Words that the second version of the article has no more.
        (
            "statements",
            STATEMENT
            | SURNAME
            | {"id": 3102, "article_id": 31, "position": -1, "version": 1, "gone": AT + HOUR},
        ),
        ("notices", NOTICE | {"kind": "failing", "state": "pending"}),
        ("notices", NOTICE | {"kind": "back", "state": "sent", "post": 1, "receipt": "r"}),
    ],
    "0004": [
        # Too old: of the article nothing is left but its statements, of another not even that it was one.
        ("articles", ARTICLE | {"id": 41, "key": "41", "version": 1, "briefed": 1, "aged": AT + HOUR}),
        ("article_versions", VERSION | {"article_id": 41}),
        ("entries", {"feed_id": 3, "key": "e40", "article_id": None, "fingerprint": "f", "tries": 0}),
        ("entries", {"feed_id": 3, "key": "e41", "article_id": 41, "fingerprint": "f", "tries": 0}),
        ("briefs", BRIEF | {"article_id": 41, "figures": []}),
        ("statements", STATEMENT | {"id": 4101, "article_id": 41, "position": 0, "version": 1}),
        (
            "stances",
            {
                "id": 41,
                "article_id": 41,
                "place": 0,
                "moment": AT,
                "actor": "Anna Bell",
                "actor_key": "anna bell",
            }
            | {
                "target": "the bridge",
                "target_key": "the bridge",
                "position": "conditional",
                "confidence": 0.5,
            }
            | {"evidence": [[0, 11]]},
        ),
        ("outlets", {"key": "herald", "unique_key": "herald"}),
        ("actors", {"key": " anna bell ", "unique_key": " anna bell ", "name": "Anna Bell", "uses": 1}),
        ("actor_tokens", {"token": "bell ", "actor_id": 1, "weight": 1}),
        ("actor_feeds", {"actor_id": 1, "feed_id": 3, "role": "speaker"}),
        ("search_index", {"version": indexing.VERSION}),
    ],
    "0005": [],  # only indexes
    "0006": [
        (
            "subscriptions",
            SUBSCRIPTION
            | {"cron": "0 8 * * *", "actor": "", "outlet": "", "form": "thread", "made_by": "77"}
            | {"trouble": "It may not post there.", "trouble_since": AT, "skipped": 2},
        ),
        ("deliveries", DELIVERY | {"slot": AT + HOUR, "digest_id": None, "state": "claimed", "skipped": 1}),
        (
            "notices",
            NOTICE | {"feed_id": None, "subscription_id": 3, "kind": "paused", "state": "pending"},
        ),
        ("leases", {"name": "posting", "holder": "a", "until": AT}),
    ],
    "0007": [
        ("targets", TARGET | {"workspace_id": 1, "kind": "own", "name": "Bridge", "key": "bridge"}),
        ("targets", TARGET | {"workspace_id": 1, "kind": "hidden", "name": "sanctions", "key": "sanctions"}),
        (
            "targets",
            TARGET
            | {"kind": "set", "name": "2", "key": "2", "waiting": True, "reached_moment": AT}
            | {"reached_id": 41, "done": 1, "total": 5},
        ),
        ("stances", STANCE | {"id": 42, "place": 1}),
        ("stances", STANCE | {"id": 43, "place": 2, "target": "Bridge", "target_key": "bridge", "owner": 1}),
    ],
    "0008": [],  # what is there is only read anew
    "0009": [
        ("installations", INSTALLATION | {"enterprise_id": "", "user_id": "U1", "content": b"\x80sealed"}),
        ("installations", INSTALLATION | {"enterprise_id": "E1", "user_id": "", "content": b"sealed"}),
        ("install_states", {"key": "a", "until": AT}),
    ],
    "0010": [
        ("outages", {"platform": "slack", "since": AT, "reason": "Slack cannot be reached."}),
        ("handled", {"key": "slack:1.2", "holder": "a", "until": AT}),
    ],
    "0011": [
        (
            "workspaces",
            {"id": 9, "platform": "slack", "external_id": "T9", "timezone": "UTC", "since": AT},
        ),
    ],
    "0012": [
        ("articles", ARTICLE | {"id": 51, "key": "51", "briefed": 1}),
        ("article_versions", VERSION | {"article_id": 51}),
        ("briefs", BRIEF | {"article_id": 51, "unread": "Its reader died each time that it read it."}),
    ],
    "0013": [],  # only an index
}

CHANGES: Mapping[str, set[tuple[str, str]]] = {
    "0002": {("articles", "briefed")},  # what is in no story is read once more
    "0003": {("articles", "url_key")},
    "0008": {("targets", name) for name in ("waiting", "done", "total", "reached_moment", "reached_id")},
}
"""What going up to a version changes in rows that were there."""

CHANGES_BACK: Mapping[str, set[tuple[str, str]]] = {
    "0002": {("subscriptions", "removed")},  # what was narrowed is not posted whole
}
"""What going down from it changes."""

LOSES: Mapping[str, Mapping[str, set[tuple[object, ...]]]] = {
    "0003": {"statements": {(3102,)}},
    "0004": {"entries": {(3, "e40")}},
    "0006": {"deliveries": {(2,)}, "notices": {(3,)}},
    "0007": {"stances": {(43,)}},
}
"""Rows that are gone after going down from it, by table: their keys."""
