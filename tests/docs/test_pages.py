"""What any page shows exists: commands, options, settings, modules, links, and the pages themselves."""

from __future__ import annotations

import importlib.util
import re
import shlex

import pytest
import typer

from bot.__main__ import verbs
from bot.settings import Settings
from tests.docs.pages import PAGES, ROOT, anchors, blocks, inline, links, mentioned, text_of, typed

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
GROUP = typer.main.get_command(verbs())
ENOUGH = 100
"""Command lines that all pages show together, at least: a pattern that finds none would find no fault."""


def resolved(words):
    """The command that the words name, and those that are left for it."""
    command, path = GROUP, ["attache"]
    while words and (found := getattr(command, "commands", {}).get(words[0])) is not None:
        command, path, words = found, [*path, words[0]], words[1:]
    return command, " ".join(path), words


def fault_of(line):
    """What is wrong with a command line that can be typed so; None where nothing is."""
    command, path, words = resolved(shlex.split(line, comments=True)[1:])
    words = [*words[: next((n for n, word in enumerate(words) if word in {"|", ">", "<"}), None)]]
    if hasattr(command, "commands") and words and not words[0].startswith("-"):
        return f"{path} has no {words[0]}"
    try:
        command.make_context(path, words)
    except typer.Exit:  # --help
        return None
    except typer.TyperException as error:
        return f"{line}: {error.format_message()}"
    return None


def fault_of_mention(line):
    """What is wrong with a command that is named, its arguments in whatever words."""
    command, path, words = resolved(line.split()[1:])
    group = getattr(command, "commands", None)
    if group is not None and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        return f"{path} has no {words[0]}"
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in options]
    return f"{path} has no {unknown[0]}" if unknown else None


@pages
def test_every_command_line_can_be_typed_so(page):
    text = text_of(page)
    faults = [*map(fault_of, typed(text)), *map(fault_of_mention, mentioned(text))]
    assert [fault for fault in faults if fault] == []


def test_the_pages_have_command_lines():
    texts = [text_of(page) for page in PAGES]
    assert sum(len([*typed(text), *mentioned(text)]) for text in texts) > ENOUGH


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("attache feeds list --json", None),
        ("attache demo --serve 8000   # until Ctrl-C", None),
        ("attache dump | gzip", None),
        ("attache feeds sing", "attache feeds has no sing"),
        ("attache sing", "attache has no sing"),
        ("attache feeds list --loud", "attache feeds list --loud: No such option: --loud"),
        ("attache whosaid Bell --page two", "--page"),
        ("attache restore", "Missing argument"),
    ],
)
def test_a_line_that_cannot_be_typed_is_found(line, fault):
    found = fault_of(line)
    assert found is None if fault is None else fault in found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("attache feeds check FILE-OR-URL… --json", None),
        ("attache schedule …", None),
        ("attache feeds sing", "attache feeds has no sing"),
        ("attache digest WORD --loud", "attache digest has no --loud"),
    ],
)
def test_a_command_that_is_named_and_is_none_is_found(line, fault):
    assert fault_of_mention(line) == fault


@pages
def test_every_setting_that_is_named_exists(page):
    named = set(re.findall(r"\bATTACHE_([A-Z][A-Z_]*[A-Z])\b", text_of(page)))
    assert named <= {name.upper() for name in Settings.model_fields}


@pages
def test_links_lead_to_pages_and_headings_that_are_there(page):
    broken = []
    for link in links(text_of(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page if not path else (page.parent / path).resolve()
        if not target.exists() or (anchor and anchor not in anchors(text_of(target))):
            broken.append(link)
    assert broken == []


@pages
def test_every_module_that_is_run_exists(page):
    text = text_of(page)
    lines = [line for block in blocks(text) for line in block.lines] + inline(text)
    modules = {found for line in lines for found in re.findall(r"python -m ([a-z_.]+)", line)}
    ours = {module for module in modules if module.split(".")[0] in {"tests", "bot", "summarizer"}}
    assert modules <= ours | {"pytest", "venv", "http.server"}
    missing = {module for module in ours if not (runs(module) or runs(f"{module}.__main__"))}
    assert missing == set()


def runs(module):
    """Whether it is there and does something when it is run."""
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return False
    if spec is None or spec.origin is None or spec.origin.endswith("__init__.py"):
        return False
    with open(spec.origin, encoding="utf-8") as file:
        return module.endswith("__main__") or "__main__" in file.read()


def test_every_page_stands_in_the_index():
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in links(text_of(index))}
    assert {page for page in PAGES if page != index} <= linked


def test_the_readme_is_read_in_a_minute():
    """At 240 words a minute, pictures and code aside, with somewhat more for those."""
    text = text_of(ROOT / "README.md")
    assert len(text.splitlines()) <= 80
    assert len(re.sub(r"```.*?```", "", text, flags=re.DOTALL).split()) <= 420
