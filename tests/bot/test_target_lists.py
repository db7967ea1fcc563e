"""Lists of targets as YAML, anybody's: read into targets or refused in one sentence."""

from __future__ import annotations

import contextlib
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.target_lists import MOST_BYTES, parse_targets, write_targets
from news.errors import InputError
from news.targets import BUILT_IN, Target

LIST = """\
- name: night shifts
  description: Paying night shifts in full.
  for: [pay the nights, 'full pay: at night']
  against: cut the nights; end them
- {name: 2025, description: yes}
- name: "on"
  for:
"""


def test_a_list_becomes_targets_and_every_scalar_is_text():
    assert parse_targets(LIST.encode(), "t.yaml") == (
        Target(
            "night shifts",
            "Paying night shifts in full.",
            ("pay the nights", "full pay: at night"),
            ("cut the nights", "end them"),
        ),
        Target("2025", "yes"),
        Target("on"),
    )


def test_a_written_list_reads_back_as_itself():
    hard = Target("on: {x} — ñ", "- #\\'\"", ("yes", "~", "2024-01-01", "a: b"), ("&x *y !z",))
    targets = (*BUILT_IN, hard)
    assert parse_targets(write_targets(targets), "t.yaml") == targets


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("", "t.yaml holds no targets: write a list of name and description."),
        ("[]", "holds no targets"),
        ("name: x", "holds no targets"),
        ("- x", "t.yaml, target 1: write it as name and description."),
        ("- name: x\n- description: y", "t.yaml, target 2 has no name: give it one."),
        ("- name: ''", "has no name"),
        ("- name: [x]", "t.yaml, target 1: name is no text."),
        ("- name: x\n  for: {a: b}", "for is no list of wordings"),
        ("- name: x\n  for: [[a]]", "holds no targets"),
        ("- name: x\n  agianst: y", "target 1 has agianst: use name, description, for and against."),
        ("- name: " + "x" * 81, "t.yaml, target 1: A target's name has at most 80 characters"),
        ("a: [", "t.yaml cannot be read as YAML: "),
        ("- name: \x07", "cannot be read as YAML"),
        ("- ? [a]\n  : b", "cannot be read as YAML"),
        ("- &a name\n- *a", "t.yaml has an anchor"),
        ("- name: *a", "t.yaml has an anchor"),
        ("- name: x\n---\n- name: y", "found another document in line 2"),
        ("[" * 1000, "holds no targets"),
        ("- name: x\n" * 101, "more than 100 targets"),
        ("[" + "a," * 60_000 + "]", "more than 100 targets"),
        ("x" * (MOST_BYTES + 1), "larger than 128 KiB"),
    ],
)
def test_what_is_no_list_of_targets_is_refused_in_one_sentence(body, part):
    with pytest.raises(InputError) as raised:
        parse_targets(body.encode(), "t.yaml")
    assert part in str(raised.value)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(InputError, match="not text in UTF-8"):
        parse_targets(b"- name: \xff\xfe", "t.yaml")


@pytest.mark.parametrize(
    "name", ["!!python/object/apply:os.system [x]", "!!binary aGk=", "!!python/name:os.system"]
)
def test_no_tag_means_anything(name):
    try:
        (target,) = parse_targets(f"- name: {name}".encode(), "t.yaml")
    except InputError:
        return
    assert isinstance(target.name, str)


BOMB = "- &a {name: [x, x]}\n" + "".join(
    f"- &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    "piece",
    ["[", "{", "- ", "? ", "a ", "a: ", "!", "\n", "#\n", "'", "\\", "- name: a\n", "---\n", "[a, ", BOMB],
)
def test_a_list_of_any_make_is_done_with_at_once(piece):
    body = (piece * (MOST_BYTES // len(piece))).encode()[:MOST_BYTES]
    began = process_time()
    with pytest.raises(InputError):
        parse_targets(body, "t.yaml")
    assert process_time() - began < 5


@given(st.text(max_size=200) | st.text("-&*!:[]{}#'\"\\\n nameforagainst", max_size=80))
def test_no_text_does_more_than_become_targets_or_complain(text):
    with contextlib.suppress(InputError):
        targets = parse_targets(text.encode("utf-8", "replace"), "t.yaml")
        assert all(isinstance(target, Target) and target.name for target in targets)
