"""A brief as a message says which of its sentences are not the article's own."""

from bot.messages.briefs import brief_message
from bot.messages.message import Heading, Note, Paragraph, Style, Text, plain
from news.briefs import Flag, SummarySentence
from news.spans import Span
from tests.builders import a_brief, an_article


def test_generated_sentences_are_labelled_and_flags_are_told():
    article = an_article("It rained. It snowed.", url=None)
    brief = a_brief(
        article,
        summary=(
            SummarySentence("Rain fell, then snow.", None),
            SummarySentence("It snowed.", Span(11, 21)),
            SummarySentence("It was wet.", None),
        ),
        flags=(Flag("summary", "The server is down."),),
    )
    blocks = brief_message(article, brief).blocks
    assert blocks[:-1] == (
        Paragraph(
            (
                Text("Rain fell, then snow."),
                Text(" (generated)", Style.QUIET),
                Text(" "),
                Text("It snowed."),
                Text(" "),
                Text("It was wet."),
                Text(" (generated)", Style.QUIET),
            )
        ),
        Note(plain("Nobody is quoted in it.")),
        Note((Text("! The server is down.", Style.QUIET),)),
    )
    assert not any(isinstance(block, Heading) for block in blocks)
