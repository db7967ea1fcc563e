"""A few hundred hostile inputs of each kind: nothing but errors that are told to people. Times are not looked at."""

import pytest

from tests.fuzzing.campaign import campaign, inputs
from tests.fuzzing.mutations import LARGEST
from tests.fuzzing.targets import TARGETS

FEW = 100


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", TARGETS)
def test_hostile_inputs_end_in_a_value_or_a_sentence(name):
    outcome = campaign(name, 0, range(FEW))

    assert (outcome.inputs, outcome.crashes) == (FEW, [])


@pytest.mark.parametrize("name", TARGETS)
def test_an_input_is_always_the_same(name):
    first, again = dict(inputs(name, 3, range(20))), dict(inputs(name, 3, range(20)))

    assert first == again
    assert len(set(first.values())) > 15
    assert max(map(len, first.values())) <= LARGEST
    assert dict(inputs(name, 4, range(20))).values() != first.values()


def test_what_breaks_is_told_by_its_number(tmp_path, monkeypatch):
    def breaks(data: bytes) -> None:
        if data[:1] != b"<" or len(data) > 10_000:
            raise KeyError("anything")

    monkeypatch.setitem(TARGETS, "feeds", (breaks, (b"<a>x</a>",)))

    outcome = campaign("feeds", 1, range(40), tmp_path)

    assert 0 < len(outcome.crashes) < 40
    key = outcome.crashes[0].partition(":")[0]
    data = (tmp_path / f"{key}.bin").read_bytes()
    assert dict(inputs("feeds", 1, [int(key.rpartition("-")[2])])) == {key: data}
    with pytest.raises(KeyError):
        breaks(data)
