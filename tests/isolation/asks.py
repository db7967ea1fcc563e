"""Everything that can be asked in a line, with what the other workspace has in the place of names and numbers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.grammar import parse
from bot.messages.commands import COMMANDS, JOINTS, SCHEDULE_ACTIONS, TARGET_ACTIONS
from tests.isolation.planted import ADDED, MARK, NAMES, filled_in

LINES: dict[tuple[str, str], tuple[str, ...]] = {
    ("digest", ""): (
        "digest", "digest since 90d", "digest {article} since 90d", "digest about {text} since 90d",
        "digest actor {actor} since 90d", "digest actor {both} since 90d", "digest outlet {outlet} since 90d",
        "digest about bridge since 90d until 1m", "digest {topic} since 90d", "digest about copy since 90d",
    ),
    ("whosaid", ""): (
        "whosaid {actor}", "whosaid {alias}", "whosaid {misspelt}", "whosaid {importer}", "whosaid {affiliation}",
        "whosaid about {statement}", "whosaid about {import}", "whosaid about bridge outlet {outlet}",
        "whosaid {both} since 90d until 1m", "whosaid {both} page 2", "whosaid {both} page 3", "whosaid about copy",
        "whosaid Ambers",
    ),
    ("stance", ""): (
        "stance {actor}", "stance {alias}", "stance on {target}", "stance on {near_target}", "stance {both}",
        'stance {both} on "negotiations now" since 90d until 1m', "stance {misspelt}", "stance {both} page 2",
    ),
    ("actor", ""): (
        "actor {actor}", "actor {alias}", "actor {both}", "actor {misspelt}", "actor {importer}", "actor Ambers",
    ),
    ("feeds", "list"): ("feeds", "feeds list"),
    ("feeds", "remove"): (
        "feeds remove {address}", "feeds remove {feed}", "feeds remove {outlet}", "feeds remove import:1",
        "feeds remove import:2", "feeds remove {number}",
    ),
    ("feeds", "add"): (f'feeds add {ADDED} outlet "{MARK} Two" folder {MARK}', "feeds add import:2"),
    ("feeds", "notices"): ("feeds notices", "feeds notices here", "feeds notices off"),
    ("feeds", "export"): ("feeds export",),
    ("schedule", "list"): ("schedule", "schedule list"),
    ("schedule", "add"): (
        (f'schedule add 10:00 timezone UTC title "{MARK} noon" about bridge actor {{both}} outlet {MARK} length 3 '
        "form message"),
    ),
    ("schedule", "preview"): ("schedule preview 1", "schedule preview {number}"),
    ("schedule", "now"): ("schedule now 1", "schedule now {number}"),
    ("schedule", "pause"): ("schedule pause {number}",),
    ("schedule", "resume"): ("schedule resume {number}",),
    ("schedule", "change"): (
        (f'schedule change {{number}} 11:00 timezone UTC title "{MARK} later" about none actor none outlet none '
        "length 4 form message"),
    ),
    ("schedule", "remove"): ("schedule remove {number}",),
    ("schedule", "timezone"): ("schedule timezone", "schedule timezone Europe/Kyiv"),
    ("targets", "list"): ("targets list",),
    ("targets", "show"): ("targets show {target}", "targets show {near_target}"),
    ("targets", "remove"): ("targets remove {target}", "targets remove {near_target}"),
    ("targets", "add"): (
        (f'targets add "{MARK} mills" description "Mills here" for "fund the mills; pay for the mills" '
        'against "close the mills; shut the mills"'),
    ),
    ("targets", "export"): ("targets export",),
    ("actors", "list"): ("actors list",),
    ("actors", "alias"): (f"actors alias {{importer}} as {MARK}",),
    ("actors", "merge"): ("actors merge {affiliation} into {importer}",),
    ("actors", "undo"): ("actors undo",) * 5,
    ("actors", "split"): ("actors split {alias} from {actor}",),
    ("help", ""): ("help", *(f'help "{name}"' for name in COMMANDS if name != "help")),
}  # fmt: skip
"""By command and what it does."""
FILES = {("feeds", "import"), ("targets", "import")}
"""What takes a file and no line."""
OPML = f"https://alpha-list.example/feed | {MARK} listed | {MARK}".encode()
YAML = f"- name: {MARK} towers\n  for: build the towers\n  against: tear the towers down\n".encode()
TYPED = ("", "1", "b", "import", *(name[:3] for name in NAMES.values()), *NAMES.values())
"""What is typed where something is suggested: beginnings and whole names of what the other has."""
_ACTIONS = {
    "feeds": ("list", "add", "remove", "notices", "import", "export"),
    "schedule": SCHEDULE_ACTIONS,
    "targets": TARGET_ACTIONS,
    "actors": ("list", *JOINTS, "undo"),
}


def leaves() -> set[tuple[str, str]]:
    """Every command of the grammar, with each thing that it does."""
    return {(name, action) for name in COMMANDS for action in _ACTIONS.get(name, ("",))}


def lines(*numbers: int) -> Iterator[str]:
    """All of them; what is numbered, with small numbers and with those of the other's rows."""
    for (command, action), some in LINES.items():
        for line in some:
            for number in sorted({*range(2, 6), *numbers}) if "{number}" in line else (0,):
                typed = filled_in(line.replace("{number}", str(number)))
                if not number or number < 1_000_000 or command != "schedule":
                    yield typed
        assert all(command == parse(filled_in(line.replace("{number}", "2"))).command for line in some), (
            action
        )


def known(line: str) -> str:
    """What whoever asks that knows already: what he asks for, and of names what he told before."""
    return f"{line} {NAMES['importer']} {NAMES['affiliation']}" if line.startswith("actors") else line


def looks(line: str) -> bool:
    """Whether it is a look-up, which a button can stand for."""
    return line.split()[0] in ("digest", "whosaid", "stance", "actor", "help")
