"""What messages say of targets."""

from __future__ import annotations

from bot.messages.message import Attachment
from bot.messages.targets import (
    Imported,
    Listed,
    target_added_message,
    target_message,
    target_removed_message,
    targets_exported_message,
    targets_imported_message,
    targets_message,
)
from news.rereading import Progress
from news.targets import BUILT_IN, Target
from tests.bot.samples import KYIV, notes, told
from tests.bot.standings import NIGHTS

BARE = Target("ferries", owner=NIGHTS.owner)
PEACE = BUILT_IN[0]


def items(message):
    return [told(line) for line in message.blocks[0].items]


def test_own_targets_stand_first_with_their_wordings():
    listed = [Listed(NIGHTS, 3, Progress("night shifts", 12, 1900)), Listed(BARE, 0), Listed(PEACE, 1)]
    message = targets_message(listed, KYIV)
    assert told(message.title) == "2 targets of your own, 1 built in"
    assert items(message) == [
        "Your own",
        (
            "night shifts · Paying night shifts in full · for: pay the nights; full pay at night · against: cut the nights"
            " · 3 positions · articles are being read for it, 12 of 1,900 done"
        ),
        "ferries · no wordings · 0 positions",
        "",
        "Built in",
        "negotiations now · 10 wordings · 1 position",
    ]
    assert notes(message) == ["targets show NAME shows the wordings of one."]


def test_who_has_no_targets_is_told_how_to_add_one():
    message = targets_message([Listed(PEACE, 0)], KYIV)
    assert told(message.title) == "0 targets of your own, 1 built in"
    assert notes(message)[1].startswith('Add one: targets add "night shifts" for "pay')


def test_a_target_is_shown_with_all_that_is_known_of_it():
    message = target_message(Listed(NIGHTS, 3, Progress("night shifts", 12, 1900)), KYIV)
    assert told(message.title) == "night shifts · your own, 3 positions"
    assert [told(block.line) for block in message.blocks] == [
        "Paying night shifts in full.",
        "For: pay the nights; full pay at night",
        "Against: cut the nights",
        "Articles are being read for it, 12 of 1,900 done.",
        'stance target "night shifts" shows who stands where.',
    ]


def test_a_target_that_nobody_has_a_position_on_says_so():
    message = target_message(Listed(PEACE, 0), KYIV)
    assert told(message.title) == "negotiations now · built in, 0 positions"
    assert notes(message) == ["No article that was read has a position on it."]


def test_what_has_no_wordings_is_told_to_get_some():
    for message in (target_message(Listed(BARE, 0), KYIV), target_added_message(BARE, KYIV)):
        assert any(note.startswith("It has no wordings, so only plain words") for note in notes(message))
    assert not any("no wordings" in note for note in notes(target_added_message(NIGHTS, KYIV)))


def test_adding_tells_that_older_articles_are_read_again():
    message = target_added_message(NIGHTS, KYIV)
    assert told(message.title) == "Positions are kept on night shifts from now on"
    assert notes(message) == [
        (
            "Articles already read get their positions while the bot runs: "
            'targets show "night shifts" tells how far it is.'
        ),
        'stance target "night shifts" shows who stands where.',
    ]


def test_adding_one_that_is_built_in_tells_in_whose_place_it_stands():
    own = Target("Sanctions", "Ours.", ("sanction them",), (), owner=NIGHTS.owner)
    (note,) = [note for note in notes(target_added_message(own, KYIV)) if "built in" in note]
    assert note == "It stands in the place of the one that is built in, which comes back when it is removed."
    assert not any("built in" in note for note in notes(target_added_message(NIGHTS, KYIV)))


def test_removing_tells_what_becomes_of_it():
    removed, hidden = (target_removed_message(target, KYIV) for target in (NIGHTS, PEACE))
    assert told(removed.title) == "night shifts is removed, and with it the positions on it"
    assert (notes(removed), told(hidden.title)) == ([], "negotiations now is taken away here")
    assert notes(hidden) == ['targets add "negotiations now" brings it back.']


def test_a_list_goes_out_as_a_file_and_comes_in_with_what_became_of_it():
    exported = targets_exported_message((NIGHTS, BARE), b"- name: x", KYIV)
    assert told(exported.title) == "2 targets of your own as YAML"
    assert exported.attachments == (Attachment("targets.yaml", b"- name: x"),)
    imported = Imported((NIGHTS,), already=2, refused=tuple(f"{n} is no good." for n in range(7)))
    message = targets_imported_message(imported, KYIV)
    assert told(message.title) == "1 target added; 2 are there already; 7 refused"
    assert notes(message) == [
        *(f"{n} is no good." for n in range(5)),
        "and 2 more",
        "Articles already read get their positions while the bot runs: targets list",
    ]
    assert notes(targets_imported_message(Imported(already=1), KYIV)) == []


def test_a_list_says_what_of_it_stands_in_the_place_of_what_is_built_in():
    own = [Target(name, "Ours.", owner=NIGHTS.owner) for name in ("Sanctions", "Mediation")]
    one, both = (
        notes(targets_imported_message(Imported(added), KYIV))[0] for added in ((NIGHTS, own[0]), tuple(own))
    )
    assert one == "Sanctions stands in the place of the one that is built in."
    assert both == "Sanctions, Mediation stand in the place of those that are built in."
