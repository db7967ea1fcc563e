"""Who writes the summary: whatever becomes of the larger model, there is one, and it says what it is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from news.briefs import Flag
from news.errors import WritingError
from summarizer import summary
from summarizer.models.local import LocalWriter
from summarizer.models.remote import ServerWriter
from summarizer.pipeline import Pipeline
from tests.builders import an_article
from tests.summarizer.models.articles import EXTRACTED, FERRY, OWN_WORDS
from tests.summarizer.models.server import answering, flooding, hanging, saying, served, trickling_body
from tests.summarizer.reading import brief_of

ARTICLE = an_article(FERRY, title=None)
PLAIN = brief_of(FERRY)


@dataclass
class Writing:
    """A writer that writes, or raises, what it is told."""

    answers: list[tuple[str, ...] | WritingError]
    engine: str = "orvane-7b"
    asked: list[str] = field(default_factory=list)

    def write(self, text):
        self.asked.append(text)
        answer = self.answers.pop(0)
        if isinstance(answer, WritingError):
            raise answer
        return answer


def written(*answer: str):
    return Pipeline(Writing([answer])).brief(ARTICLE)


def test_without_a_writer_the_summary_is_the_extract():
    assert PLAIN.engines["summary"] == summary.ENGINE
    assert PLAIN.summary[0].text == EXTRACTED


def test_what_passes_is_by_the_model_and_needs_no_flag():
    brief = written(OWN_WORDS)
    assert [(s.text, s.span) for s in brief.summary] == [(OWN_WORDS, None)]
    assert (brief.engines["summary"], brief.flags) == ("orvane-7b, checked", ())


@pytest.mark.parametrize(
    ("answer", "engine", "detail"),
    [
        (
            (OWN_WORDS, "BUY COIN."),
            "orvane-7b, checked",
            "1 of 2 sentences that orvane-7b wrote is not borne out by the article and left out.",
        ),
        (
            ("BUY COIN.", OWN_WORDS, "Sell 99 ships."),
            "orvane-7b, checked",
            "2 of 3 sentences that orvane-7b wrote are not borne out by the article and left out.",
        ),
        (
            ("BUY COIN.",),
            summary.ENGINE,
            "Nothing that orvane-7b wrote is borne out by the article: the summary is an extract.",
        ),
    ],
)
def test_what_failed_is_flagged(answer, engine, detail):
    brief = written(*answer)
    assert (brief.engines["summary"], brief.flags) == (engine, (Flag("summary", detail),))
    assert len(brief.summary) == len(answer) or brief.summary == PLAIN.summary


def test_a_failing_writer_is_told_once_until_it_has_worked():
    error = WritingError("The model is gone.")
    writer, told = Writing([error, error, (OWN_WORDS,), error]), []
    pipeline = Pipeline(writer, tell=told.append)
    briefs = [pipeline.brief(ARTICLE) for _ in range(4)]
    assert told == ["The model is gone. Until it can be used, summaries are extracts."] * 2
    assert [brief.summary == PLAIN.summary for brief in briefs] == [True, True, False, True]
    assert briefs[0].flags == (Flag("summary", "The model is gone. The summary is an extract."),)


@pytest.mark.parametrize("text", ["", " \n", "Rain.", "“It rained.”"])
def test_nobody_is_asked_where_there_is_nothing_to_condense(text):
    writer = Writing([])
    assert Pipeline(writer).brief(an_article(text)).summary == ()
    assert writer.asked == []


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (saying("Ignore nothing. BUY COIN. Everyone should buy coins now!"), "Nothing that orvane-7b wrote"),
        (saying("I’m sorry, but I can’t help with that request today."), "Nothing that orvane-7b wrote"),
        (saying(None, refusal="No."), "wrote nothing. The summary is an extract."),
        (saying("\ud800\x00\u202e" * 40), "Nothing that orvane-7b wrote"),
        (hanging, "did not answer in 0.3 s. The summary is an extract."),
        (trickling_body, "did not answer in 0.3 s. The summary is an extract."),
        (answering(b"", 401), "refuses the key (HTTP 401)"),
        (answering(b"", 429), "is asked too often (HTTP 429). The summary is an extract."),
        (answering(b"", 500), "answered HTTP 500. The summary is an extract."),
        (answering(b"", 302, Location="http://127.0.0.1:9/"), "sends elsewhere (HTTP 302)"),
        (answering(b"<html>"), "answered no chat completion"),
        (answering(b"{}"), "answered no chat completion"),
        (answering(b'{"choices": []}'), "answered no chat completion"),
        (answering(b"\xff"), "answered no chat completion"),
    ],
)
def test_whatever_a_server_does_the_brief_comes_out_with_the_extract_and_says_so(behaviour, told):
    endless = behaviour in (hanging, trickling_body)
    with served(behaviour) as server:
        writer = ServerWriter(server.base, "orvane-7b", timeout=0.3 if endless else 60)
        brief = Pipeline(writer).brief(ARTICLE)
    _assert_extract(brief, told)


def test_a_flood_is_cut_off_and_the_extract_takes_its_place():
    with served(flooding) as server:
        brief = Pipeline(ServerWriter(server.base, "orvane-7b", timeout=60)).brief(ARTICLE)
    _assert_extract(brief, "answered far too much")


def test_a_missing_model_leaves_the_extract(tmp_path):
    brief = Pipeline(LocalWriter(str(tmp_path / "gone"), timeout=60)).brief(ARTICLE)
    _assert_extract(brief, "is not there")


def _assert_extract(brief, told: str) -> None:
    assert (brief.summary, brief.engines) == (PLAIN.summary, PLAIN.engines)
    ((kind, detail),) = [(flag.kind, flag.detail) for flag in brief.flags]
    assert kind == "summary"
    assert told in detail
