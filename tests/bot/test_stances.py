"""`stance` and `targets` on a real store, from the typed line to what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.answers.stories import compose_digest
from bot.desk import FrontDesk
from bot.grammar import parse
from bot.jobs.brief import cluster
from bot.messages.message import Saying
from bot.platforms.terminal.rendering import render
from bot.ports import Kind as Suggested
from news.arrivals import Arrival
from news.channels import Channel, Platform
from news.digests import Window
from news.errors import AlreadyThere, GrammarError, InputError, NotFound
from news.queries import StoryQuery
from news.stances import Position, Stance
from news.statements import Kind
from news.targets import BUILT_IN
from tests.bot.samples import told
from tests.builders import MORNING, a_brief, a_draft, a_signature, a_span, a_speaker, a_statement

HERE, CHANNEL = Channel(Platform.TERMINAL, "local"), Channel(Platform.DISCORD, "9")
TALKS, AID = "negotiations now", "military aid"
READ = (
    (0, "Herald", "Orla Venn", Position.OPPOSES, TALKS, "Orla Venn rejected talks on Monday.", "rejected talks"),
    (1, "Kurier", "Orla Venn", Position.OPPOSES, TALKS, "“I reject talks,” Orla Venn said.", "“I reject talks,”"),
    (50, "Herald", "Orla Venn", Position.CONDITIONAL, TALKS, "Orla Venn would talk if the guns fall silent.",
     "would talk if the guns fall silent"),
    (51, "Kurier", "Orla Venn", Position.CONDITIONAL, TALKS, "“We talk if the guns are silent,” Orla Venn said.",
     "“We talk if the guns are silent,”"),
    (52, "Herald", "Nan Corry", Position.SUPPORTS, AID, "Nan Corry backs the package.", "backs the package"),
)  # fmt: skip


class Judging:
    """An understanding that finds fault with targets called `everything` and `same`."""

    def __init__(self, understanding):
        self._understanding = understanding
        self.judged = []

    def __getattr__(self, name):
        return getattr(self._understanding, name)

    async def fault(self, target, others):
        self.judged.append((target.name, [other.name for other in others]))
        sentences = {
            "everything": "It would match everything: say what it is about.",
            "same": "It says the same as sanctions: choose another.",
        }
        return sentences.get(target.name)


@pytest.fixture
def judge(understanding):
    return Judging(understanding)


@pytest.fixture
async def desk(store, reader, judge, clock, workspace):
    async with store.write() as uow:
        feed = await uow.feeds.follow(workspace.id, "https://herald.example/feed")
        for number, (hour, outlet, actor, position, target, text, evidence) in enumerate(READ):
            at = MORNING + timedelta(hours=hour)
            url = f"https://{outlet.lower()}.example/{number}"
            draft = a_draft(text, title=f"Headline {number}", published=at, outlet=outlet, url=url)
            arrival = Arrival(str(number), draft, "f", arrived=at)
            (article,) = await uow.articles.save_all(feed.id, [arrival], now=at)
            said = a_statement(text, evidence, speaker=a_speaker(actor))
            stance = Stance(actor, target, position, (a_span(text, evidence),), 0.9)
            await uow.briefs.save(a_brief(article, said, stances=(stance,)))
            await uow.clusters.sign(article.id, a_signature(str(number)), now=at)
        await uow.commit()
    await cluster(store, judge, clock)
    clock.at = MORNING + timedelta(hours=60)
    return FrontDesk(store, reader, judge, clock)


@pytest.fixture
def ask(desk, workspace):
    async def ask(line, *, channel=HERE):
        parsed = parse(line)
        return await desk.answer(workspace, channel, parsed.command, parsed.options)

    return ask


@pytest.fixture
def read(ask):
    """Types a line and reads the answer's lines in a terminal."""

    async def read(line):
        shown = render(await ask(line), width=100, color=False)
        return [row.strip() for row in shown.splitlines() if row.strip()]

    return read


def positions(message):
    return [told(block.who) for block in message.blocks if isinstance(block, Saying)]


async def test_a_changed_position_is_told_with_both_words(read):
    shown = " ".join(await read("stance Venn"))
    for words in (
        "Venn · 1 position",
        "◆ Orla Venn sets conditions for",
        "“We talk if the guns are silent,”",
        "https://kurier.example/3",
        "first: would talk if the guns fall silent · Herald",
        "changed, opposed until Wed 4 Dec 2024: “I reject talks,” · Kurier",
        "https://kurier.example/1",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("stance Orla Venn", ["◆ Orla Venn sets conditions for negotiations now, since <day>"]),
        ("stance Venn target military aid", []),
        ("stance Corry target aid", ["▲ Nan Corry supports military aid, since <day>"]),
        (
            "stance President Venn target negotiations",
            ["◆ Orla Venn sets conditions for negotiations now, since <day>"],
        ),
        ("stance target negotiations now", ["◆ Orla Venn sets conditions for negotiations now, since <day>"]),
        ("stance target negotiations until 24h", ["▼ Orla Venn opposes negotiations now, since <day>"]),
    ],
)
async def test_an_actor_and_a_target_find_positions(ask, line, expected):
    assert positions(await ask(line)) == expected


async def test_a_target_that_nobody_knows_is_answered_with_one_that_may_be_meant(ask):
    with pytest.raises(NotFound, match="did you mean sanctions"):
        await ask("stance target sanctoins")
    with pytest.raises(NotFound, match="list the targets"):
        await ask("stance Venn target xyzzy")
    with pytest.raises(InputError, match="may mean"):
        await ask("stance target war")


async def test_an_actor_that_nobody_knows_is_answered_with_one_that_may_be_meant(read):
    assert await read("stance Orla Ven") == [
        "Orla Ven · no positions",
        "No such position stands in the articles that are read here.",
        "Nobody called Orla Ven is known here. Did you mean Orla Venn?",
        "targets list shows what positions are about.",
    ]
    shown = await read("stance Corry target negotiations")
    assert "whosaid Corry shows what was said." in shown


async def test_a_chat_gets_a_picture_and_a_terminal_words_alone(ask):
    assert (await ask("stance Venn")).attachments == ()
    message = await ask("stance Venn", channel=CHANNEL)
    (picture,) = message.attachments
    assert picture.name == "positions.png"
    assert picture.content.startswith(b"\x89PNG")
    assert "Orla Venn" in picture.description
    (saying,) = message.blocks
    assert told(saying.notes).startswith("[4] ")
    assert [told(line)[:4] for line in saying.sources] == ["[3] ", "[2] ", "also"]
    assert told(saying.sources[-1]) == "also in the picture: [1] Herald · <full>"
    assert (await ask("stance Nobody", channel=CHANNEL)).attachments == ()


async def test_what_cannot_be_drawn_is_told_in_words(ask, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("no ink")

    monkeypatch.setattr("bot.pictures.positions.draw_positions", fail)
    message = await ask("stance Venn", channel=CHANNEL)
    assert (positions(message), message.attachments) == (positions(await ask("stance Venn")), ())


async def test_pages_hold_the_same_as_one_would(ask, desk, workspace):
    everything = await ask("stance target negotiations now page 1")
    past = await ask("stance target negotiations now page 9")
    assert told(past.blocks[0].line) == "That page is past the last position."
    assert [choice.command for choice in past.choices] == ['stance target "negotiations now"']
    assert everything.choices == ()


async def test_an_actor_is_shown_with_the_latest_positions(read, ask):
    shown = "\n".join(await read("actor Orla Venn"))
    assert "Latest positions" in shown
    assert (
        "◆ Orla Venn sets conditions for negotiations now, since Fri 6 Dec 2024 · changed, opposed until"
        in shown
    )
    assert [(choice.label, choice.command) for choice in (await ask("actor Orla Venn")).choices] == [
        ("Older", 'whosaid "Orla Venn"'),
        ("Positions", 'stance "Orla Venn"'),
    ]


async def test_a_name_of_too_many_is_asked_for_more_of_it_and_an_actor_shown_all_the_same(
    ask, store, workspace, clock
):
    lines = [f"Guild {number} of Selm agrees." for number in range(510)]
    text = "\n".join(lines)
    said = [
        a_statement(text, line, speaker=f"Guild {number} of Selm", kind=Kind.INDIRECT)
        for number, line in enumerate(lines)
    ]
    async with store.write() as uow:
        article = await uow.articles.import_(workspace.id, "guilds", a_draft(text), now=clock.at)
        await uow.briefs.save(a_brief(article, *said))
        await uow.commit()
    with pytest.raises(InputError, match="give more of the name"):
        await ask("stance Guild")
    assert told((await ask("actor Guild")).title).startswith("Guild · 510 statements")


async def test_a_target_is_added_shown_found_and_removed(read, ask, judge):
    line = 'targets add "night shifts" description "Paying nights." for "pay the nights" against "cut them"'
    shown = await read(line)
    assert shown[0] == "Positions are kept on night shifts from now on"
    assert judge.judged == [("night shifts", [target.name for target in BUILT_IN])]
    listed = " ".join(await read("targets"))
    assert listed.startswith(
        "1 target of your own, 15 built in Your own night shifts · Paying nights · for: pay the nights · "
        "against: cut them · 0 positions · articles are being read for it, none done yet Built in"
    )
    shown = await read("targets show night")
    assert shown[0] == "night shifts · your own, 0 positions"
    assert "Articles are being read for it, none done yet." in shown
    assert any(
        row.startswith("Articles are still being read for night shifts")
        for row in await read("stance target night")
    )
    with pytest.raises(AlreadyThere, match="NIGHT SHIFTS already"):
        await ask("targets add NIGHT SHIFTS for x")
    assert await read("targets remove night shifts") == [
        "night shifts is removed, and with it the positions on it"
    ]
    with pytest.raises(NotFound):
        await ask("targets show night shifts")


@pytest.mark.parametrize(
    ("name", "reason"),
    [("everything", "It would match everything: say what it is about."), ("same", "the same as sanctions")],
)
async def test_a_target_with_a_fault_is_refused_and_not_kept(ask, name, reason):
    with pytest.raises(InputError, match=reason):
        await ask(f"targets add {name} for x")
    with pytest.raises(NotFound):
        await ask(f"targets show {name}")


async def test_a_built_in_target_is_taken_away_here_and_brought_back(read, judge):
    assert await read("targets remove negotiations now") == [
        "negotiations now is taken away here",
        'targets add "negotiations now" brings it back.',
    ]
    assert (await read("targets"))[0] == "0 targets of your own, 14 built in"
    assert (await read("targets add negotiations now"))[
        0
    ] == "Positions are kept on negotiations now from now on"
    assert judge.judged == []
    assert (await read("targets"))[0] == "0 targets of your own, 15 built in"


async def test_positions_are_counted_for_each_target(read):
    shown = await read("targets")
    assert "negotiations now · 10 wordings · 1 position" in shown
    assert "sanctions · 7 wordings · 0 positions" in shown


async def test_own_targets_go_out_as_a_list_and_come_in_again(desk, ask, workspace):
    await ask("targets add night shifts description Paying nights. for pay them; pay all")
    (file,) = (await ask("targets export")).attachments
    assert file.name == "targets.yaml"
    await ask("targets remove night shifts")
    again = await desk.import_targets(workspace, HERE, file.content, file.name)
    assert told(again.title) == "1 target added"
    shown = "\n".join(told(block.line) for block in (await ask("targets show night shifts")).blocks)
    assert "For: pay them; pay all" in shown


async def test_of_a_list_each_target_is_judged_by_itself(desk, ask, workspace):
    await ask("targets add ferries for run them")
    body = b"- name: everything\n- name: ferries\n  for: x\n- name: piers\n  description: A second pier.\n- name: same\n"
    message = await desk.import_targets(workspace, HERE, body, "t.yaml")
    assert told(message.title) == "1 target added; 1 is there already; 2 refused"
    assert told(message.blocks[0].line) == "everything: It would match everything: say what it is about."
    with pytest.raises(InputError, match=r"t\.yaml holds no targets"):
        await desk.import_targets(workspace, HERE, b"x", "t.yaml")


@pytest.mark.parametrize(
    ("line", "error"), [("targets show", GrammarError), ("targets remove xyzzy", NotFound)]
)
async def test_what_cannot_be_done_is_said(ask, line, error):
    with pytest.raises(error):
        await ask(line)


@pytest.mark.parametrize(
    ("typed", "values"),
    [("neg", ["negotiations now"]), ("xyzzy", []), ("x" * 1000, []), ("MILI", ["military aid"])],
)
async def test_targets_are_suggested_while_they_are_typed(desk, workspace, typed, values):
    assert [one.value for one in await desk.suggest(workspace, Suggested.TARGET, typed)] == values


async def test_nothing_typed_suggests_every_target(desk, workspace):
    assert len(await desk.suggest(workspace, Suggested.TARGET, "")) == len(BUILT_IN)


async def test_a_digest_tells_who_changed_and_where_it_stands(read, ask):
    shown = " ".join(await read("digest since 24h"))
    changed = "◆ Orla Venn sets conditions for negotiations now, since Fri 6 Dec 2024 [1] · changed, opposed until Wed 4 Dec"
    assert shown.count(changed) == 1
    assert "▲ Nan Corry supports military aid, since Fri 6 Dec 2024 [1]" in shown
    assert "Changed positions" not in shown
    narrowed = " ".join(await read("digest backs package since 24h"))
    assert "Orla Venn" not in narrowed
    earlier = " ".join(await read("digest since 2024-12-04 until 2024-12-05"))
    assert "▼ Orla Venn opposes negotiations now, since Wed 4 Dec 2024 [1]" in earlier
    assert "changed" not in earlier


async def test_a_change_whose_story_has_no_room_is_told_at_the_end(desk, workspace, store, clock):
    query = StoryQuery()
    async with store.read() as uow:
        window = Window(clock.at - timedelta(hours=24), clock.at)
        digest = await compose_digest(
            uow, workspace.id, query, window, title="Digest", timezone="UTC", length=1
        )
    told_of = [shift for story in digest.stories for shift in story.positions]
    assert {shift.actor for shift in (*told_of, *digest.positions)} >= {"Orla Venn"}
    assert len([shift for shift in (*told_of, *digest.positions) if shift.actor == "Orla Venn"]) == 1
