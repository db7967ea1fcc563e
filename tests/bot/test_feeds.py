"""What `feeds` does on a real store: follow, find, import, leave, and who is told how feeds fare."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.answers.feeds import meant
from bot.desk import FrontDesk
from bot.messages.message import Moment
from news.channels import Channel, Platform
from news.errors import AlreadyThere, FeedError, InputError, NotFound, ParseError
from news.feeds import Entry, Fetched, Gone, Validators
from news.notices import Recipient
from tests.bot.samples import notes, told

HERE, THERE = Channel(Platform.DISCORD, "9"), Channel(Platform.DISCORD, "10")
TERMINAL = Channel(Platform.TERMINAL, "local")
HERALD, LEDGER = "https://herald.example/feed", "https://ledger.example/feed"
PAGE = "https://herald.example/"
TOLD_HERE = "This channel is told when a feed fails; feeds notices off ends that."


def a_feed(title, url):
    return Fetched(title, (), Validators(), "1", url)


class NotAFeed(ParseError):
    """A page that names feeds."""

    def __init__(self, *feeds):
        super().__init__(PAGE, f"{PAGE} is no feed but a web page: give the feed's address.")
        self.feeds = feeds


@pytest.fixture
def desk(store, reader, understanding, clock):
    reader.feeds = {HERALD: a_feed("Herald", HERALD), LEDGER: a_feed("Ledger", LEDGER)}
    return FrontDesk(store, reader, understanding, clock)


@pytest.fixture
async def guild(desk):
    return await desk.workspace(Platform.DISCORD, "42")


@pytest.fixture
def ask(desk, guild):
    async def ask(action, *, channel=HERE, **options):
        return await desk.answer(guild, channel, "feeds", {"action": action, **options})

    return ask


async def followed(store, workspace):
    async with store.read() as uow:
        follows = await uow.feeds.follows(workspace.id)
    return [(follow.feed.url, follow.feed.name, follow.folder) for follow in follows]


async def recipient(store, workspace):
    async with store.read() as uow:
        return await uow.workspaces.notices(workspace.id)


async def test_a_feed_is_followed_under_a_name_and_in_a_folder(ask, store, guild, reader, clock):
    entry = Entry("1", title="Bridge to close", summary="The bridge closes.", published=clock.now())
    reader.feeds[HERALD] = Fetched("Herald", (entry,), Validators(), "1", HERALD)
    answer = await ask("add", url=HERALD, outlet="Daily Herald", folder="World")
    assert told(answer.title) == "Following Daily Herald: 1 article read"
    assert await followed(store, guild) == [(HERALD, "Daily Herald", "World")]
    with pytest.raises(AlreadyThere):
        await ask("add", url=HERALD)


async def test_of_a_page_the_first_feed_that_it_names_is_followed(ask, store, guild, reader):
    reader.feeds[PAGE] = NotAFeed("https://herald.example/gone", HERALD, LEDGER)
    answer = await ask("add", url=PAGE)
    assert told(answer.title) == f"Following Herald (found on {PAGE}): 0 articles read"
    assert await followed(store, guild) == [(HERALD, "Herald", "")]
    with pytest.raises(AlreadyThere, match=HERALD):
        await ask("add", url=PAGE)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (f"  {HERALD}\n", HERALD),
        (f"<{HERALD}>", HERALD),
        (f"{HERALD}#top", HERALD),
        ("HTTPS://Herald.Example/Feed", "https://herald.example/Feed"),
        ("herald.example/feed", "https://herald.example/feed"),
        ("localhost:8080/feed", "https://localhost:8080/feed"),
        ("feed://herald.example/feed", "https://herald.example/feed"),
        ("feed:https://herald.example/feed", "https://herald.example/feed"),
        ("https://Me:Key@Herald.example/", "https://Me:Key@herald.example/"),
        ("ftp://herald.example/", "ftp://herald.example/"),
        ("herald", "herald"),
        ("/etc/passwd", "/etc/passwd"),
        ("file.xml", "https://file.xml"),
        ("", ""),
    ],
)
def test_what_is_typed_or_pasted_is_taken_as_it_was_meant(typed, address):
    assert meant(typed) == address


async def test_a_page_whose_feed_cannot_be_read_says_why(ask, reader):
    dead = "https://herald.example/gone"
    error = NotAFeed(dead)
    error.args = (f"{PAGE} is a web page, not a feed: add the feed it names, {dead}.",)
    reader.feeds[PAGE] = error
    with pytest.raises(ParseError) as caught:
        await ask("add", url=PAGE)
    assert str(caught.value) == (
        f"{PAGE} is a web page, and the feed that it names cannot be read: {dead} answered 404: check the address."
    )


async def test_a_feed_without_a_name_is_left_by_what_the_list_calls_it(ask, store, guild, reader):
    secret = "https://me:key@www.quiet.example/feed"
    reader.feeds[secret] = a_feed(None, secret)
    await ask("add", url=secret)
    listing = await ask("list")
    assert "key" not in str(listing)
    await ask("remove", url="quiet.example")
    assert await followed(store, guild) == []


async def test_of_a_page_that_names_many_feeds_few_are_tried(ask, store, guild, reader):
    reader.feeds[PAGE] = NotAFeed(*(f"https://herald.example/{number}" for number in range(4)), HERALD)
    with pytest.raises(ParseError, match="no feed but a web page"):
        await ask("add", url=PAGE)
    assert reader.fetched == [PAGE, *(f"https://herald.example/{number}" for number in range(4))]
    assert await followed(store, guild) == []


async def test_a_feed_that_has_ended_is_not_followed(ask, store, guild, reader):
    reader.feeds[HERALD] = Gone()
    with pytest.raises(FeedError, match="has ended"):
        await ask("add", url=HERALD)
    assert await followed(store, guild) == []


@pytest.mark.parametrize("named", [HERALD, "Herald", "herald"])
async def test_a_feed_is_left_by_its_address_or_its_name(ask, store, guild, named):
    await ask("add", url=HERALD)
    answer = await ask("remove", url=named)
    assert told(answer.title) == f"No longer following Herald ({HERALD}); what was read from it stays stored"
    with pytest.raises(NotFound, match=named):
        await ask("remove", url=named)


async def test_a_name_that_several_feeds_have_removes_none(ask, store, guild, reader):
    reader.feeds[LEDGER] = a_feed("Herald", LEDGER)
    await ask("add", url=HERALD)
    await ask("add", url=LEDGER)
    with pytest.raises(InputError, match="More than one feed is called Herald"):
        await ask("remove", url="Herald")
    assert len(await followed(store, guild)) == 2


async def test_the_first_channel_that_adds_a_feed_is_told_unless_somebody_chose(ask, store, guild):
    assert TOLD_HERE in notes(await ask("add", url=HERALD))
    assert await recipient(store, guild) == Recipient(HERE, chosen=True)
    assert TOLD_HERE not in notes(await ask("add", url=LEDGER, channel=THERE))
    assert await recipient(store, guild) == Recipient(HERE, chosen=True)


async def test_who_wants_no_notices_gets_none_by_adding_a_feed(ask, store, guild):
    assert told((await ask("notices")).title) == "Nobody is told when a feed fails"
    assert told((await ask("notices", where="off")).title) == "Nobody is told when a feed fails"
    assert TOLD_HERE not in notes(await ask("add", url=HERALD))
    assert await recipient(store, guild) == Recipient(None, chosen=True)
    assert told((await ask("notices", where="here")).title) == "This channel is told when a feed fails"
    assert (
        told((await ask("notices", channel=THERE)).title)
        == "Another channel (discord:9) is told when a feed fails"
    )


async def test_the_terminal_is_not_made_the_place_for_a_guilds_notices(ask, store, guild):
    assert TOLD_HERE not in notes(await ask("add", url=HERALD, channel=TERMINAL))
    assert await recipient(store, guild) == Recipient()


async def test_a_list_is_followed_unread(desk, store, guild, reader):
    async with store.write() as uow:
        await uow.feeds.follow(guild.id, LEDGER)
        await uow.commit()
    lines = (
        f"{HERALD} | The Herald | World/Asia",
        f"{LEDGER} | L |",
        "gopher://old.example | Old |",
        "http://[ | |",
    )
    answer = await desk.import_feeds(guild, HERE, "\n".join(lines).encode(), "mine.opml")
    assert told(answer.title) == "Following 1 feed; 1 was followed already; 2 are no web addresses"
    assert TOLD_HERE in notes(answer)
    assert await followed(store, guild) == [(LEDGER, LEDGER, ""), (HERALD, "The Herald", "World/Asia")]
    assert reader.fetched == []
    async with store.read() as uow:
        assert [feed.outlet for feed in await uow.feeds.due(desk._clock.now())] == [None, None]


async def test_what_is_no_list_changes_nothing(desk, store, guild):
    with pytest.raises(ParseError, match=r"mine\.opml is no list"):
        await desk.import_feeds(guild, HERE, b"", "mine.opml")
    assert await recipient(store, guild) == Recipient()


async def test_a_list_taken_along_reads_back_as_itself(ask, desk, store, guild):
    await ask("add", url=HERALD, folder="World")
    await ask("add", url=LEDGER)
    (file,) = (await ask("export")).attachments
    other = await desk.workspace(Platform.DISCORD, "43")
    await desk.import_feeds(other, HERE, file.content, file.name)
    assert await followed(store, other) == await followed(store, guild)


async def test_the_list_says_when_each_is_tried_next(ask, store, guild, clock):
    await ask("add", url=HERALD)
    clock.forward(minutes=5)
    (listed,) = (await ask("list")).blocks
    (line,) = listed.items
    assert told(line).startswith("Herald  well, read <full>; next <time>, every 30 minutes")
    last, following = (part.at for part in line if isinstance(part, Moment))
    assert last == clock.now() - timedelta(minutes=5)
    assert timedelta(minutes=20) < following - clock.now() < timedelta(minutes=30)
