"""Quality does not fall below what was measured, less a point."""

from __future__ import annotations

import importlib.util
import json

import pytest

from summarizer.stories import Clusterer
from tests.evaluation import attribution, clustering, faithfulness, seesaw, summaries
from tests.summarizer.reading import brief_of

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not attribution.SHARED.exists(), reason="the measuring data are not here"),
]
ARTICLES = attribution.SHARED / "articles"


@pytest.fixture(scope="module")
def floors() -> dict[str, dict[str, float]]:
    return json.loads(attribution.FLOORS.read_text(encoding="utf-8"))


def test_attribution_stays_above_its_floors(floors):
    figures = attribution.measure()
    for kind, floor in floors["attribution"].items():
        assert 100 * figures["pair"]["hit"][kind]["f1"] >= floor, kind
    assert 100 * figures["linked"]["exact"]["all"]["f1"] >= floors["exact"]
    assert 100 * figures["speaker"]["f1"]["direct"]["f1"] >= floors["direct_speaker"]


@pytest.mark.parametrize("name", clustering.SETS)
def test_clustering_stays_above_its_floor(name, floors):
    *_, f1 = clustering.measure(clustering.DATA, name, Clusterer())
    assert 100 * f1 >= floors["clustering"][name]


@pytest.mark.parametrize("name", ["realsumm"])
def test_summaries_stay_above_their_floors_and_above_the_first_sentences(name, floors):
    figures = summaries.measure(summaries.DATA, name)
    for found, first, floor in zip(
        figures["extract"], figures["lead-3"], floors["summaries"][name], strict=True
    ):
        assert found >= max(first, floor)


@pytest.mark.parametrize("name", faithfulness.SETS)
def test_check_of_sentences_stays_above_its_floor(name, floors):
    assert 100 * faithfulness.measure(faithfulness.DATA, name) >= floors["faithfulness"][name]


def test_clustering_with_dates_stays_above_its_floor(floors):
    *_, f1 = clustering.measure(clustering.DATA, "allsides", Clusterer(), dated=True)
    assert 100 * f1 >= floors["clustering"]["dated"]


def test_check_of_sentences_tells_right_from_wrong(floors):
    assert 100 * faithfulness.rank_accuracy(faithfulness.DATA) >= floors["faithfulness"]["rank19"]


def test_attitudes_between_actors_stay_above_their_floors(floors):
    named = list(seesaw.pairs("valid", sources=True))
    words, vector = floors["seesaw"]
    assert seesaw.measure(named).f1 >= words
    assert seesaw.measure(named, seesaw.by_vector_too).f1 >= vector


def test_articles_name_the_right_speakers(floors, capsys):
    spec = importlib.util.spec_from_file_location("score_articles", attribution.SHARED / "score_articles.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = json.loads((ARTICLES / "gold.json").read_text(encoding="utf-8"))
    figures = scorer.score(gold, [_read(article["file"], article["title"]) for article in gold])
    assert figures["found"] >= floors["articles"]["found"]
    assert figures["right"] >= floors["articles"]["right"]
    assert figures["wrong"] <= floors["articles"]["wrong"], capsys.readouterr().out


def _read(file: str, title: str | None) -> dict[str, object]:
    brief = brief_of((ARTICLES / file).read_text(encoding="utf-8"), title=title)
    statements = [
        {
            "speaker": {"name": s.speaker.name, "anonymous": s.speaker.anonymous} if s.speaker else None,
            "content": [[span.start, span.end] for span in s.content],
        }
        for s in brief.statements
    ]
    return {"id": file, "statements": statements, "stances": []}
