"""The table of scenarios. Whoever builds another platform has them played on it, too."""

from __future__ import annotations

from tests.scenarios.steps import Scenario, later, picture, posted, press, say

OLDER = "Older"

SCENARIOS = (
    Scenario(
        "follow a feed",
        (
            say("feeds add {Hillside Herald}", "Following Hillside Herald"),
            say("whosaid Sennick", "Orla Sennick", "“The mill will open in spring,”", "Hillside Herald"),
            say("feeds list", "Hillside Herald", "Aldenmoor Wire"),
        ),
    ),
    Scenario(
        "look up who said what",
        (
            say(
                'whosaid Tarokhin about "in due course"',
                "Lev Tarokhin",
                "“in due course, and not on television”",
                "Aldenmoor Wire",
                "Kelvasen sets two conditions for negotiations with Kardovia",
                alone=False,
            ),
            say("whosaid about umbrella", "No", hides=("Tarokhin",)),
        ),
    ),
    Scenario(
        "a wrong time",
        (say("digest since eleventy", "No time is called eleventy", "12h", alone=True),),
    ),
    Scenario(
        "a command that is none",
        (
            say("horoscope", "There is no command horoscope", alone=True, discord=("open Discord anew",)),
            say("whosiad Kelvasen", "whosaid", alone=True, discord=("open Discord anew",)),
            say("whosaid Kelvasen", "Maira Kelvasen"),
        ),
    ),
    Scenario(
        "did you mean",
        (say("actor Tarokin", "Lev Tarokhin", hides=("not on television",)), say("stance Tarokin", "Lev Tarokhin"),),
    ),
    Scenario(
        "an actor whom nobody knows",
        (say("actor Xanthippe Quorn", "Xanthippe Quorn", hides=("Kelvasen", "Tarokhin")),),
    ),
    Scenario(
        "the next page",
        (
            say("whosaid Kelvasen", "Maira Kelvasen", "1–5 of"),
            press(OLDER, "Maira Kelvasen", "6–", hides=("1–5 of",)),
        ),
    ),
    Scenario(
        "add a schedule and pause it",
        (
            say("schedule add 10:00 title Noon", "Noon", "10:00"),
            say("schedule pause 1", "Noon", "paused"),
            say("schedule list", "Noon", "paused"),
            later(hours=2),
            posted(0),
        ),
    ),
    Scenario(
        "a digest at its time",
        (
            say('schedule add 10:00 title "Morning news"', "Morning news"),
            later(minutes=59),
            posted(0),
            later(minutes=2),
            posted(
                1,
                "Morning news",
                "Kelvasen sets two conditions for negotiations with Kardovia",
                "“We are ready to negotiate if the guns fall silent first,”",
            ),
            later(hours=1),
            posted(1),
        ),
    ),
    Scenario(
        "where somebody stands",
        (
            say('stance Kelvasen on "negotiations now"', "Maira Kelvasen", "negotiations now", "sets conditions"),
            picture("Maira Kelvasen", "opposes", "sets conditions"),
        ),
    ),
    Scenario(
        "a hostile article",
        (
            say(
                "whosaid Grimm",
                "@everyone",
                "[free](https://evil.example)",
                "<!channel>",
                "Toll",
                hides=("\x1b", "\u202e"),
            ),
            say("digest about toll", "Toll @here <https://evil.example|free> rises"),
        ),
    ),
    Scenario(
        "a feed that fails",
        (
            say("feeds notices here", "is told when a feed fails"),
            later(hours=2),
            posted(0),
            later(days=1),
            posted(1, "Radio Veshta", "has failed for a day", "500"),
            later(hours=7),
            posted(1),
            say("feeds list", "Radio Veshta", "failing"),
        ),
    ),
    Scenario(
        "help",
        (
            say("help", "whosaid", "digest", "schedule", alone=None),
            say("help whosaid", "Who said what, newest first", "outlet"),
        ),
    ),
)
