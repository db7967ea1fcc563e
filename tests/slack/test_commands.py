"""Commands typed in Slack reach the desk, and its answers reach the one who asked."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
import structlog.testing

from bot.messages.commands import COMMANDS
from bot.messages.message import Attachment, Hint, Message, Note, Paragraph, Text, plain
from bot.platforms.sentences import AWAY, BROKEN, UNKNOWN
from bot.platforms.slack import answering
from bot.platforms.slack.failures import OUTDATED, TOO_LONG, UNSHOWN, UNSURE
from bot.platforms.slack.replies import Reply
from bot.platforms.slack.typed import read
from news.channels import Channel, Platform
from news.errors import GrammarError, NotFound, StoreAway, StoreUnknown
from tests.slack.bots import connect, words
from tests.slack.fake import DESK, LOBBY, NEWS, OTHER, READER, TEAM

CHANNEL = Channel(Platform.SLACK, NEWS)
PICTURE = Attachment("positions.png", b"\x89PNG", "Venn opposes it since May.")
LIST = Attachment("feeds.opml", b"<opml/>")


@pytest.fixture
async def messenger(slack, desk):
    async with connect(slack, desk) as messenger:
        yield messenger


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "text", "meant", "options"),
    [
        ("digest", "", "digest", {}),
        ("digest", "grain deal since 3d", "digest", {"about": "grain deal", "since": "3d"}),
        (
            "whosaid",
            "Peskov about “peace talks” outlet „Daily Herald“",
            "whosaid",
            {"actor": "Peskov", "about": '"peace talks"', "outlet": "Daily Herald"},
        ),
        ("stance", "Venn target Q&amp;A", "stance", {"actor": "Venn", "target": "Q&A"}),
        ("actor", "Venn", "actor", {"actor": "Venn"}),
        ("attache", "whosaid Venn page 2", "whosaid", {"actor": "Venn", "page": "2"}),
        ("attache", "/digest", "digest", {}),
    ],
)
async def test_a_look_up_reaches_the_desk_and_its_answer_everybody(
    slack, desk, command, text, meant, options
):
    asked = await slack.command(f"/{command}", text)
    answer = await asked.answer()
    assert desk.asked == [(TEAM, CHANNEL, meant, options)]
    assert asked.ack.payload is None
    assert not answer.private
    assert words(answer.blocks) == "*Two statements*\nHere they are."
    assert (answer.payload["unfurl_links"], answer.payload["unfurl_media"]) == (False, False)


@pytest.mark.usefixtures("messenger")
async def test_a_partner_in_a_shared_channel_asks_the_workspace_that_we_are_in(slack, desk):
    await (await slack.command("/digest", team="T0PARTNER00")).answer()
    await slack.open_home(READER, team="T0PARTNER00")
    assert {team for team, *_ in desk.asked} == {TEAM}


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("command", "text", "meant", "options"),
    [
        ("attache", "", "help", {}),
        *(("attache", f"help {name}", "help", {"command": name}) for name in COMMANDS),
        ("feeds", "", "feeds", {"action": "list"}),
        (
            "feeds",
            "add <https://example.org/feed?a=1&amp;b=2|example.org>",
            "feeds",
            {"action": "add", "url": "https://example.org/feed?a=1&b=2"},
        ),
        ("actors", 'merge Orlov into "Orla Venn"', "actors", {"action": "merge", "actor": "Orla Venn", "name": "Orlov"}),
        ("targets", "show peace", "targets", {"action": "show", "name": "peace"}),
        ("schedule", "list", "schedule", {"action": "list"}),
        (
            "schedule",
            f"add weekdays 09:00 channel <#{DESK}|desk>",
            "schedule",
            {"action": "add", "times": "weekdays 09:00", "channel": f"slack:{DESK}", "by": READER},
        ),
        ("digest", "grain --private", "digest", {"about": "grain"}),
        ("digest", "—private", "digest", {}),
    ],
)  # fmt: skip
async def test_administration_help_and_what_is_private_are_for_the_asker_alone(
    slack, desk, command, text, meant, options
):
    answer = await (await slack.command(f"/{command}", text)).answer()
    assert desk.asked == [(TEAM, CHANNEL, meant, options)]
    assert (answer.private, answer.user) == (True, READER)
    assert slack.channel().texts == []


@pytest.mark.parametrize(
    ("typed", "line", "private"),
    [
        ("<@U1|orla> said", "@orla said", False),
        ("<@U1> said", "@U1 said", False),
        ("<!here> <!subteam^S1|@press> now", "@here @press now", False),
        ("<mailto:a@b.test|a@b.test>", "a@b.test", False),
        ("&lt;#C1&gt; &eacute; &amp;lt;", "<#C1> &eacute; &lt;", False),
        ("1 &lt; 2 &gt; 1", "1 < 2 > 1", False),
        ("<https://a.test/x>\n--PRIVATE", "https://a.test/x", True),
        ("--private", "", True),
        ("schools --private teachers", "schools --private teachers", False),
        ("private schools", "private schools", False),
        ("<unclosed", "<unclosed", False),
    ],
)
def test_what_slack_did_to_the_text_is_undone(typed, line, private):
    found = read(typed)
    assert (found.line, found.private) == (line, private)


@pytest.mark.usefixtures("messenger")
async def test_a_command_is_acknowledged_before_the_desk_answers(slack, desk):
    desk.gate = asyncio.Event()
    asked = await slack.command("/digest")
    assert asked.ack
    assert not asked.answers
    desk.gate.set()
    assert (await asked.answer()).blocks


@pytest.mark.usefixtures("messenger")
async def test_who_waits_long_is_told_that_the_answer_comes(slack, desk, monkeypatch):
    monkeypatch.setattr(answering, "PROMPT", 0.01)
    desk.gate = asyncio.Event()
    asked = await slack.command("/digest")
    soon = await asked.answer()
    assert (soon.private, words(soon.blocks)) == (True, "One moment: the answer comes here.")
    desk.gate.set()
    assert not (await asked.answer(2)).private


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (GrammarError("I cannot read the time: use 3d or 12h."), "I cannot read the time: use 3d or 12h."),
        (NotFound("<!channel> is not *known* here."), "&lt;!channel&gt; is not ∗known∗ here."),
        (RuntimeError("secret detail"), BROKEN),
        (StoreAway("Cannot reach the database news on db.internal:5432."), AWAY),
        (StoreUnknown("The connection to db.internal broke."), UNKNOWN),
    ],
)
@pytest.mark.parametrize("command", ["/whosaid", "/feeds"])
async def test_a_failure_is_told_privately(slack, desk, command, failure, told):
    desk.failure = failure
    answer = await (await slack.command(command, "list")).answer()
    assert (answer.private, words(answer.blocks)) == (True, told)
    assert slack.channel().texts == []


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize("text", ['"', "since", "a since b since c", "x" * 5000])
async def test_a_line_that_means_nothing_is_told_privately_and_the_desk_is_not_asked(slack, desk, text):
    answer = await (await slack.command("/whosaid", text)).answer()
    assert answer.private
    assert desk.asked == []


@pytest.mark.usefixtures("messenger")
async def test_an_answer_that_does_not_come_is_given_up_with_a_sentence(slack, desk, monkeypatch):
    monkeypatch.setattr(answering, "LONGEST", 0.02)
    desk.gate = asyncio.Event()
    answer = await (await slack.command("/feeds")).answer()
    assert (answer.private, words(answer.blocks)) == (True, TOO_LONG)


@pytest.mark.usefixtures("messenger")
@pytest.mark.parametrize(("knob", "told"), [("break_down", UNSHOWN), ("drop", UNSURE)])
async def test_what_is_done_is_not_said_to_have_failed_where_slack_does_not_take_the_answer(
    slack, knob, told
):
    if knob == "break_down":
        slack.knobs.break_down(status=500, method="response_url")
    else:
        slack.knobs.drop("before", method="response_url")
    answer = await (await slack.command("/feeds")).answer()
    assert (answer.private, words(answer.blocks)) == (True, told)


@pytest.mark.usefixtures("messenger")
async def test_an_answer_whose_reply_was_lost_is_not_shown_twice(slack):
    slack.knobs.drop("after", method="response_url")
    asked = await slack.command("/digest")
    assert words((await asked.answer(2)).blocks) == UNSURE
    assert len(slack.channel().texts) == 1


@pytest.mark.usefixtures("messenger")
async def test_an_answer_that_is_one_too_many_is_shown_when_slack_takes_it(slack):
    slack.knobs.limit(retry_after=0, method="response_url")
    assert not (await (await slack.command("/digest")).answer()).private


@pytest.mark.usefixtures("messenger")
async def test_hostile_words_have_no_effect_in_an_answer(slack, desk):
    hostile = "<!channel> <@U1> <https://evil.test|x> *b* `c` ~s~ :smile: &"
    desk.message = Message(plain(hostile), (Paragraph(plain(hostile)),))
    answer = await (await slack.command("/digest")).answer()
    harmless = "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.test|x&gt; ∗b∗ ˋcˋ ∼s∼ :\u2060smile: &amp;"
    assert words(answer.blocks) == f"*{harmless}*\n{harmless}"


@pytest.mark.usefixtures("messenger")
async def test_a_command_of_another_version_is_answered_all_the_same(slack, desk):
    asked = await slack.command("/horoscope", "leo")
    assert asked.ack.payload == {"text": OUTDATED}
    assert desk.asked == []


async def test_a_command_may_have_another_name_here(slack, desk):
    hints = (Note((Hint("digest since 3d"),)), Note((Text("See "), Hint("help digest"))))
    desk.message = Message(plain("Nothing"), hints)
    async with connect(slack, desk, command_names={"digest": "news-digest"}):
        answer = await (await slack.command("/news-digest", "grain")).answer()
        assert desk.asked[0][2:] == ("digest", {"about": "grain"})
        assert words(answer.blocks) == "*Nothing*\n`/news-digest since 3d`\nSee `/attache help digest`"
        assert (await slack.command("/digest")).ack.payload == {"text": OUTDATED}


@pytest.mark.usefixtures("messenger")
async def test_what_comes_twice_is_answered_once(slack, desk):
    slack.knobs.repeat_envelopes = 1
    asked = await slack.command("/digest")
    await slack.until(lambda: len(asked.envelope.acks) == 2)
    await (await slack.command("/feeds")).answer()
    assert [command for _, _, command, _ in desk.asked] == ["digest", "feeds"]
    assert len(asked.answers) == 1


async def test_managing_may_be_for_some_people_only(slack, desk):
    async with connect(slack, desk, managers={READER}):
        for command in ("/feeds", "/schedule", "/actors", "/targets"):
            answer = await (await slack.command(command, "list", user=OTHER)).answer()
            assert "Only those who manage" in words(answer.blocks)
        assert desk.asked == []
        await (await slack.command("/attache", "digest", user=OTHER)).answer()
        await (await slack.command("/feeds", user=READER)).answer()
    assert [command for _, _, command, _ in desk.asked] == ["digest", "feeds"]


@pytest.mark.usefixtures("messenger")
async def test_a_picture_follows_a_public_answer(slack, desk):
    desk.message = Message(plain("Venn"), attachments=(PICTURE,))
    asked = await slack.command("/stance", "Venn")
    post = await asked.post(2)
    assert [file["name"] for file in post["files"]] == ["positions.png"]
    [file] = slack.files.values()
    assert (file["content"], file["alt_txt"]) == (PICTURE.content, PICTURE.description)


@pytest.mark.usefixtures("messenger")
async def test_a_picture_that_may_not_be_posted_is_told_in_words(slack, desk):
    desk.message = Message(plain("Venn"), attachments=(PICTURE,))
    slack.knobs.refuse("not_in_channel", method="files.completeUploadExternal")
    asked = await slack.command("/stance", "Venn", channel=LOBBY)
    answer = await asked.answer(2)
    assert (answer.private, words(answer.blocks)) == (False, PICTURE.description)


@pytest.mark.usefixtures("messenger")
async def test_a_picture_of_a_private_answer_is_told_in_words(slack, desk):
    desk.message = Message(plain("Venn"), attachments=(PICTURE,))
    answer = await (await slack.command("/stance", "Venn --private")).answer()
    assert answer.private
    assert PICTURE.description in words(answer.blocks)
    assert slack.files == {}


@pytest.mark.usefixtures("messenger")
async def test_a_list_is_handed_over_where_nobody_else_reads(slack, desk):
    desk.message = Message(plain("12 feeds"), attachments=(LIST,))
    assert (await (await slack.command("/feeds", "export")).answer()).private
    direct = await slack.until(lambda: next((c for c in slack.channels.values() if c.user == READER), None))
    [post] = await slack.posted(1, direct.id)
    assert [file["name"] for file in post["files"]] == ["feeds.opml"]
    assert slack.channel().texts == []


@pytest.mark.usefixtures("messenger")
async def test_a_list_that_cannot_be_handed_over_is_said_so(slack, desk):
    desk.message = Message(plain("12 feeds"), attachments=(LIST,))
    slack.knobs.refuse("missing_scope", method="conversations.open")
    answer = await (await slack.command("/feeds", "export")).answer(2)
    assert (answer.private, words(answer.blocks)) == (
        True,
        "Slack did not take feeds.opml: ask again in a minute.",
    )


@pytest.mark.usefixtures("messenger")
async def test_an_address_that_is_no_longer_good_is_logged_and_harms_nothing(slack, desk):
    slack.knobs.response_url_lasts = -1
    with structlog.testing.capture_logs() as logs:
        await slack.command("/digest")
        await slack.called("response_url", 2)
        slack.knobs.response_url_lasts = 1800
        assert (await (await slack.command("/digest")).answer()).blocks
    assert [each["event"] for each in logs] == [
        "slack command answered in vain",
        "slack command left unanswered",
    ]


async def test_an_address_takes_five_answers(slack):
    asked = slack._asked(READER, NEWS)
    async with aiohttp.ClientSession() as session:
        reply = Reply(slack.new_response_url(asked), session)
        for _ in range(6):
            await reply.tell("Hello.")
    assert len(asked.answers) == len(slack.asked("response_url")) == 5


@pytest.mark.usefixtures("messenger")
async def test_many_at_once_are_all_acknowledged_and_answered(slack, desk):
    asked = await asyncio.gather(*(slack.command("/digest", f"topic{n}") for n in range(20)))
    for each in asked:
        assert not (await each.answer()).private
    assert len(desk.asked) == 20
    assert max(each.ack.took for each in asked) < 1
