"""Names of targets: which one typed words mean, and what a workspace may add."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from news.actors import fold
from news.errors import InputError
from news.targets import BUILT_IN, Target
from news.terms import words_in

MOST_TARGETS = 100
"""Targets of its own that a workspace has: each article that it sees is read for all of them."""
LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_WORDING = 80, 400, 200
"""Characters."""
MOST_WORDINGS = 40
"""Wordings of one target, for and against."""
_NAMED = 8
"""Names that an error gives."""


def target_key(name: str) -> str:
    """What a target's name is compared by: case, diacritics and white space aside."""
    return " ".join(fold(name).split())


def built_in(key: str) -> Target | None:
    """The target of that key that is built in."""
    return next((target for target in BUILT_IN if target_key(target.name) == key), None)


def that_count(own: Iterable[Target], hidden: Iterable[str]) -> tuple[Target, ...]:
    """A workspace's own targets and those that are built in, less those whose keys are `hidden`; an own one stands in
    the place of one that is built in under the same key."""
    own = tuple(own)
    without = {*hidden, *(target_key(target.name) for target in own)}
    return (*(target for target in BUILT_IN if target_key(target.name) not in without), *own)


def checked_target(target: Target) -> Target:
    """The target as it is kept, white space tidied; InputError where it is too long or has no name."""
    name, description = _tidy(target.name), _tidy(target.description)
    supporting, opposing = _tidied(target.supporting), _tidied(target.opposing)
    tidy = Target(name, description, supporting, opposing, target.owner)
    if not words_in(name):
        raise InputError(
            "A target's name needs a letter or a digit: give it a name such as “harbour strike”."
        )
    if len(name) > LONGEST_NAME:
        raise InputError(
            f"A target's name has at most {LONGEST_NAME} characters: say the rest in its description."
        )
    if len(description) > LONGEST_DESCRIPTION:
        raise InputError(f"A target's description has at most {LONGEST_DESCRIPTION} characters: shorten it.")
    both = (*supporting, *opposing)
    if len(both) > MOST_WORDINGS:
        raise InputError(f"A target has at most {MOST_WORDINGS} wordings: leave some out.")
    if any(len(wording) > LONGEST_WORDING for wording in both):
        raise InputError(f"A wording has at most {LONGEST_WORDING} characters: shorten it.")
    return tidy


def find_target(targets: Sequence[Target], words: str) -> Target | None:
    """The target that the words mean: the one of that name, else the one whose name, else whose wordings have them.

    Where they are less than half of the one name that has them, wordings of others count as much. Each word may be the beginning of one. Raises InputError, which names them, where several do.
    """
    key = target_key(words)
    exact = next((target for target in targets if target_key(target.name) == key), None)
    typed = words_in(words)
    if exact is not None or not typed:
        return exact
    for texts in (_names, _wordings):
        found = [target for target in targets if any(_has(text, typed) for text in texts(target))]
        if len(found) == 1 and texts is _names and 2 * len(typed) < len(words_in(found[0].name)):
            found += [
                t for t in targets if t not in found and any(_has(text, typed) for text in _wordings(t))
            ]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"“{_tidy(words)}” may mean {_listed(found)}: name one of them.")
    return None


def suggest_targets(targets: Sequence[Target], typed: str, most: int) -> tuple[str, ...]:
    """Names that go on like what is typed; all of them for nothing typed, those that begin so first."""
    words, key = words_in(typed), target_key(typed)
    found = [target.name for target in targets if not words or _has(target.name, words)]
    return tuple(sorted(found, key=lambda name: not target_key(name).startswith(key))[:most])


def unknown_target(targets: Sequence[Target], name: str) -> str:
    """What is said where no target is called so."""
    keys = {target_key(target.name): target.name for target in targets}
    near = [keys[key] for key in difflib.get_close_matches(target_key(name)[:LONGEST_NAME], keys, n=3)]
    advice = f"did you mean {_either(near)}?" if near else "list the targets to see which ones there are."
    return f"There is no target “{_cut(_tidy(name))}”: {advice}"


def _names(target: Target) -> tuple[str, ...]:
    return (target.name,)


def _wordings(target: Target) -> tuple[str, ...]:
    return (target.description, *target.supporting, *target.opposing)


def _has(text: str, typed: Sequence[str]) -> bool:
    words = words_in(text)
    return all(any(word.startswith(one) for word in words) for one in typed)


def _listed(targets: Sequence[Target]) -> str:
    names = [target.name for target in targets[:_NAMED]]
    return _either([*names, "others"] if len(targets) > _NAMED else names)


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _tidied(wordings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_tidy, wordings))))


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"
