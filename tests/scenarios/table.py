"""The table of scenarios. Whoever builds another platform has them played on it, too."""

from __future__ import annotations

from tests.scenarios.steps import Scenario, later, picture, posted, press, say

OLDER, NEWER = "Older", "Newer"
STALE = ("open Discord anew",)
"""Discord sends no command that the bot has not registered, but for one that it once had."""
KELVASEN = "Kelvasen sets two conditions for negotiations with Kardovia"

SCENARIOS = (
    Scenario(
        "follow a feed",
        (
            say("whosaid Sennick", "Sennick · no statements"),
            say("feeds add {Hillside Herald}", "Following Hillside Herald: 1 article read"),
            say("whosaid Sennick", "Orla Sennick", "“The mill will open in spring,”", "Hillside Herald"),
            say("feeds list", "4 feeds, 1 failing", "Hillside Herald", "Aldenmoor Wire"),
        ),
    ),
    Scenario(
        "look up who said what",
        (
            say(
                'whosaid Tarokhin about "in due course"',
                "Lev Tarokhin, for the Citadel",
                "“in due course, and not on television”",
                "Aldenmoor Wire",
                KELVASEN,
                alone=False,
            ),
            say("whosaid about umbrella", "On umbrella · no statements", hides=("Tarokhin",)),
        ),
    ),
    Scenario(
        "a wrong time",
        (
            say("digest since eleventy", "No time is called eleventy: after since, use 45m, 12h", alone=True),
            say("digest since 2d about dam", "At least 21 dead after dam bursts in Corvana", alone=False),
        ),
    ),
    Scenario(
        "a command that is none",
        (
            say("horoscope", "There is no command horoscope: use one of digest,", alone=True, discord=STALE),
            say("whosaid Tarokhin", "Lev Tarokhin", alone=False),
        ),
    ),
    Scenario(
        "did you mean",
        (
            say("whosiad Tarokhin", "did you mean whosaid?", alone=True, discord=STALE),
            say("stance Tarokin", "Nobody called Tarokin is known here. Did you mean Lev Tarokhin?"),
            say("schedule timezone Europe/Kiev2", "did you mean", "Europe/", alone=True),
        ),
    ),
    Scenario(
        "an actor whom nobody knows",
        (
            say(
                "whosaid Xanthippe Quorn",
                "Xanthippe Quorn · no statements",
                "Try a shorter name",
                hides=("Kelvasen", "Tarokhin"),
            ),
            say(
                "actor Xanthippe Quorn",
                "Xanthippe Quorn",
                "No such statement",
                hides=("Kelvasen", "Tarokhin"),
            ),
        ),
    ),
    Scenario(
        "the next page",
        (
            say("whosaid Kelvasen", "1–5 of 10 statements, newest first", "Not for an hour"),
            press(OLDER, "6–10 of 10 statements", "rejected an Osmaran proposal", hides=("Not for an hour",)),
            press(NEWER, "1–5 of 10 statements", "Not for an hour"),
        ),
    ),
    Scenario(
        "add a schedule and pause it",
        (
            say("schedule add 10:00 title Noon", "Noon", "every day at 10:00 Europe/Kyiv"),
            say("schedule pause 1", "Schedule 1, Noon, is paused"),
            say("schedule list", "1 scheduled digest, 1 paused", "Noon", "every day at 10:00"),
            later(hours=2),
            posted(0),
        ),
    ),
    Scenario(
        "a digest at its time",
        (
            say('schedule add 10:00 title "Morning news"', "Morning news", "every day at 10:00 Europe/Kyiv"),
            later(minutes=59),
            posted(0),
            later(minutes=2),
            posted(
                1,
                "Morning news",
                "5 stories from 6 articles, 2 outlets",
                KELVASEN,
                "“We are ready to negotiate if the guns fall silent first,”",
            ),
            later(hours=1),
            posted(1),
        ),
    ),
    Scenario(
        "where somebody stands",
        (
            say(
                'stance Kelvasen on "negotiations now"',
                "Maira Kelvasen opposes negotiations now, since",
                "reported otherwise, sets conditions for it",
                alone=False,
                terminal=("Maira Kelvasen opposes", "reported otherwise, sets conditions for it"),
            ),
            picture("Maira Kelvasen: opposes since 3 Dec", terminal=("Maira Kelvasen opposes", "3 Dec 2024")),
        ),
    ),
    Scenario(
        "a hostile article",
        (
            say(
                "whosaid Grimm",
                "“Ask @everyone and <!channel>, read [free](https://evil.example) and `pay` _now_ <@U0READER001> ",
                "Toll @here <https://evil.example|free> rises",
                hides=("\u202e",),
            ),
            say("digest about toll", "Toll @here <https://evil.example|free> rises", "*the council*"),
        ),
    ),
    Scenario(
        "a feed that fails",
        (
            say("feeds notices here", "is told when a feed fails"),
            later(hours=2),
            posted(0),
            later(days=1),
            posted(1, "Radio Veshta has failed for a day", "500 Internal Server Error"),
            later(hours=7),
            posted(1),
            say("feeds list", "3 feeds, 1 failing", "Radio Veshta"),
        ),
    ),
    Scenario(
        "help",
        (
            say("help", "What you can ask", "Who said what, newest first", "Digests that are posted"),
            say(
                "help whosaid",
                "Who said what, newest first",
                "For example:",
                hides=("Digests that are posted",),
            ),
        ),
    ),
)
