"""Names that were told to be one actor's or not, and whom an asked name finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.actors import name_key
from news.errors import InputError
from news.names import (
    MOST_NAMES,
    ActorNames,
    NameChange,
    NameChangeId,
    Relation,
    checked_name,
    links_between,
    names_of,
    seek,
    without_title,
)

START = datetime(2025, 1, 1, tzinfo=UTC)


def told(*lines):
    """Changes, an hour apart: `Anna Bell = Nan` or `Anna Bell ≠ Bell`, the actor first."""
    changes = []
    for number, line in enumerate(lines, start=1):
        relation = Relation.SAME if " = " in line else Relation.APART
        actor, name = line.split(" = " if relation is Relation.SAME else " ≠ ")
        made = START + timedelta(hours=number)
        changes.append(NameChange(NameChangeId(number), actor, name, relation, made))
    return changes


@pytest.mark.parametrize(
    ("lines", "asked", "main", "names", "apart"),
    [
        ([], "Bell", "Bell", {"Bell"}, ()),
        (["Anna Bell = Nan"], "Nan", "Anna Bell", {"Anna Bell", "Nan"}, ()),
        (["Anna Bell = Nan"], "anna  BELL’s", "Anna Bell", {"Anna Bell", "Nan"}, ()),
        (["Anna Bell = Nan"], "Bell", "Bell", {"Bell"}, ()),  # names are whole
        # from name to name, whoever is asked for
        (["A Ltd = B Ltd", "B Ltd = C Ltd"], "C Ltd", "A Ltd", {"A Ltd", "B Ltd", "C Ltd"}, ()),
        (["Anna = Nan", "Tom = Tommy", "Anna = Tom"], "Tommy", "Anna", {"Anna", "Nan", "Tom", "Tommy"}, ()),
        # a later change of a pair takes the place of the earlier one, in either direction
        (["Anna = Nan", "Nan = Anna"], "Anna", "Nan", {"Anna", "Nan"}, ()),
        (["Anna = Nan", "Anna ≠ Nan"], "Anna", "Anna", {"Anna"}, ("Nan",)),
        (["Anna ≠ Nan", "Nan = Anna"], "Anna", "Nan", {"Anna", "Nan"}, ()),
        # a circle has no end, so the last change tells the main name
        (["Anna = Nan", "Nan = Ann", "Ann = Anna"], "Nan", "Ann", {"Anna", "Nan", "Ann"}, ()),
        (["Anna = anna", "Anna = !?"], "Anna", "Anna", {"Anna"}, ()),
        # one name of two actors that nobody joined: the last one told is the main one
        (["Anna = Bell", "Tom = Bell"], "Bell", "Tom", {"Anna", "Tom", "Bell"}, ()),
        # what is apart is never reached
        (["Anna = Nan", "Nan = Tom", "Anna ≠ Tom"], "Anna", "Anna", {"Anna", "Nan"}, ("Tom",)),
        (["Anna = Nan", "Nan = Tom", "Anna ≠ Tom"], "Tom", "Nan", {"Nan", "Tom"}, ("Anna",)),
        (["Anna = Nan", "Nan = Tom", "Anna ≠ Tom"], "Nan", "Nan", {"Nan", "Tom"}, ("Anna",)),
        (["Anna = Nan", "Tom ≠ Nan"], "Anna", "Anna", {"Anna", "Nan"}, ("Tom",)),
        # a general name keeps the special ones, unless it was told so itself
        (["Anna Bell ≠ Bell"], "Anna Bell", "Anna Bell", {"Anna Bell"}, ("Bell",)),
        (["Anna Bell ≠ Bell"], "Bell", "Bell", {"Bell"}, ()),
        (["Bell ≠ Anna Bell"], "Bell", "Bell", {"Bell"}, ("Anna Bell",)),
        (["Bell ≠ Anna Bell"], "Anna Bell", "Anna Bell", {"Anna Bell"}, ("Bell",)),
    ],
)  # fmt: skip
def test_a_name_stands_for_all_names_of_its_actor(lines, asked, main, names, apart):
    found = names_of(told(*lines), asked)
    assert (found.main, set(found.names), found.apart) == (main, names, apart)
    assert found.names[0] == main
    assert len(found.names) == len(names)


def test_a_told_spelling_is_shown_and_an_asked_one_where_none_was_told():
    changes = told("Volodymyr Zelenskyy = Ze")
    assert names_of(changes, "Volodimir Zelensky").names == ("Volodymyr Zelenskyy", "Ze")
    assert names_of(changes, "Tarokhin") == ActorNames("Tarokhin", ("Tarokhin",))


SOME = st.sampled_from(["Ann", "Bo", "Cy", "Dan", "Eve Bo", "the ann"])
# Of a name and itself nothing is ever told.
TOLD = st.tuples(SOME, st.sampled_from([" = ", " ≠ "]), SOME).filter(
    lambda t: name_key(t[0]) != name_key(t[2])
)
CHANGES = st.lists(TOLD.map("".join), max_size=9)


@given(CHANGES, SOME, st.randoms())
def test_the_order_in_which_changes_are_read_means_nothing_and_names_apart_are_never_the_actors(
    lines, asked, random
):
    changes = told(*lines)
    found = names_of(changes, asked)
    shuffled = list(changes)
    random.shuffle(shuffled)
    assert names_of(shuffled, asked) == found
    assert not set(found.names) & set(found.apart)
    assert len(set(found.names)) == len(found.names)
    assert seek(changes, asked).names == found or asked not in {n for c in changes for n in (c.actor, c.name)}


@pytest.mark.parametrize(
    ("lines", "actor", "name", "found"),
    [
        ([], "Anna", "Nan", []),
        (["Anna = Nan"], "Anna", "Nan", ["Anna = Nan"]),
        (["Anna = Nan"], "Nan", "Anna", ["Anna = Nan"]),
        (["Anna = Nan"], "Anna", "Anna", []),
        (["Anna ≠ Nan"], "Anna", "Nan", []),
        (["Anna = Nan", "Nan = Nanny"], "Anna", "Nanny", ["Nan = Nanny"]),
        (["Anna = Nan", "Nan = Nanny"], "Anna", "Nan", ["Anna = Nan"]),  # and its other names go with it
        (["Anna = Nan", "Tom = Nan", "Anna = Tom"], "Anna", "Nan", ["Anna = Nan", "Tom = Nan"]),
    ],
)
def test_the_changes_between_two_names_are_those_that_end_at_the_name(lines, actor, name, found):
    changes = told(*lines)
    links = links_between(changes, actor, name)
    assert sorted(f"{link.actor} = {link.name}" for link in links) == found
    left = [change for change in changes if change not in links]
    assert actor == name or name not in names_of(left, actor).names


@pytest.mark.parametrize(
    ("lines", "asked", "within", "alone", "surnames", "apart"),
    [
        ([], "Bell", ["Bell"], [], [], []),
        ([], "Anna Bell", ["Anna Bell"], [], ["Bell"], []),
        ([], "?!", [], [], [], []),
        (["Anna Bell = Nan"], "Nan", ["Anna Bell", "Nan"], [], ["Bell"], []),
        # the short form of a told name is the whole of a speaker's, not a part
        (["Anna Bell = Bell"], "Anna Bell", ["Anna Bell"], ["Bell"], [], []),
        (["Anna Bell = Bell"], "Bell", ["Anna Bell"], ["Bell"], [], []),
        # a part that nobody told of finds what the whole names find, and all who have it
        (["Anna Bell = Nan"], "Bell", ["Bell", "Anna Bell", "Nan"], [], [], []),
        (["Eva Bell = Nan", "Tom Bell = Jo"], "Bell", ["Bell", "Eva Bell", "Nan", "Tom Bell", "Jo"], [], [], []),
        (["Eva Bell = Nan", "Eva Bell ≠ Tom Bell", "Nan ≠ Jo"], "Bell", ["Bell", "Eva Bell", "Nan"], [], [], ["Jo"]),
        (["Anna Bell = Nan", "Nan ≠ Tom"], "Tom", ["Tom"], [], [], ["Nan"]),
        (["Anna Bell ≠ Bell"], "Anna Bell", ["Anna Bell"], [], [], ["Bell"]),
    ],
)  # fmt: skip
def test_what_an_asked_name_finds(lines, asked, within, alone, surnames, apart):
    found = seek(told(*lines), asked)
    parts = (found.within, found.alone, found.surnames, found.apart)
    wanted = (within, alone, surnames, apart)
    assert [sorted(part) for part in parts] == [sorted(map(name_key, part)) for part in wanted]


def test_a_part_of_too_many_names_stands_for_itself():
    changes = told(*(f"P{number} Bell = Q{number}" for number in range(MOST_NAMES)))
    assert seek(changes, "Bell").names == ActorNames("Bell", ("Bell",))
    assert len(seek(changes[:3], "Bell").names.names) == 7


@pytest.mark.parametrize(
    ("asked", "speaker", "left"),
    [
        ("Anna Bell", "Tom Bell", False),
        ("Anna Bell", "Anna Bell", True),
        ("Anna Bell", "Anna Maria Bell", True),
        ("Anna Maria Bell", "Anna Bell", True),
        ("Anna Bell", "A. Bell", True),  # an initial may be hers
        ("Anna Bell", "T. Bell", False),
        ("President Bell", "Tom Bell", True),  # a title tells no two Bells apart
        ("Anna Bell", "Bell Industries", True),  # no surname
        ("Anna Bell", "", True),
        ("State Department", "Justice Department", False),
    ],
)
def test_a_surname_alone_is_nobodys_where_another_one_of_that_surname_speaks(asked, speaker, left):
    assert bool(seek([], asked).among([name_key(speaker)]).surnames) is left


def test_a_name_set_apart_makes_another_one_of_that_surname():
    sought = seek(told("Anna Bell ≠ A. Bell"), "Anna Bell")
    assert sought.among([name_key("A. Bell")]).surnames == ()


def test_an_actors_own_other_names_make_no_other():
    sought = seek(told("Anna Bell = Nan Bell"), "Anna Bell")
    assert sought.among(map(name_key, ("Nan Bell", "Anna Bell"))).surnames == (name_key("Bell"),)


@pytest.mark.parametrize(
    ("text", "part"), [("", "letter or a digit"), (" …!", "letter or a digit"), ("x" * 101, "shorten")]
)
def test_what_is_no_name_is_refused_with_what_to_do(text, part):
    with pytest.raises(InputError, match=part):
        checked_name(text)


def test_a_name_is_kept_on_one_line():
    assert checked_name("  Anna\n Bell ") == "Anna Bell"


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("President Marlow", "Marlow"),
        ("Pope Francis", "Pope Francis"),
        ("prime minister edda marlow", "edda marlow"),
        ("Gen. Marlow", "Gen. Marlow"),
        ("Mr. Marlow", "Marlow"),
        ("Edda Marlow", "Edda Marlow"),
        ("President", "President"),
        ("Prime Minister", "Prime Minister"),
        ("minister of defence", "minister of defence"),
        ("", ""),
    ],
)
def test_titles_are_left_out_where_a_name_is_left(name, without):
    assert without_title(name) == without
