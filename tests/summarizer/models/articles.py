"""Invented articles for the writers of summaries."""

from __future__ import annotations

FERRY = (
    "The last ferry across Lake Orvane will stop in March, the Dunholt harbour office said on Monday.\n"
    "Its engine is 61 years old, and a new one would cost 4 million crowns, harbour master Petra Lindqvast said.\n"
    "“We have patched it for the last time,” she told the town council.\n"
    "Nobody claimed that the ferry sank.\n"
    "Commuters on the southern shore will have to drive 40 kilometres around the lake until a bridge is built.\n"
    "The council of Dunholt wants to vote on a bridge in June, after two earlier plans failed.\n"
    "A shuttle bus will run twice an hour from the northern pier, the office added.\n"
)
EXTRACTED = "The last ferry across Lake Orvane will stop in March, the Dunholt harbour office said on Monday."
OWN_WORDS = "The ferry across Lake Orvane will stop in March, the harbour office said on Monday."
"""What a model may write of it."""
