"""What stands on a page beside the reporting, and what only looks like it."""

from __future__ import annotations

import pytest

from summarizer.furniture import is_furniture


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more: The bridge that nobody wanted to pay for",
        "READ MORE about the bridge on our pages.",
        "Sign up for our morning letter about bridges and harbours.",
        "Follow us on the networks for more from the harbour.",
        "Click here to see all the pictures of the bridge.",
        "Scroll down for video.",
        "Subscribe now and read every article about the harbour.",
        "Are you affected by the closure of the bridge?",
        "If you have seen the ferry, please call the harbour office.",
        "For more information, visit the council in the town hall.",
        "Advertisement The council voted to close the bridge.",
        "Story continues below.",
        "This article was first published on Monday and has since been edited.",
        "Correction: An earlier text had the wrong year.",
        "Bell and Reed contributed to this report from Oldhaven.",
        "Reporting by Anna Bell; editing by Tom Reed.",
        "All rights reserved, and nothing may be copied without asking.",
        "© 2024 The Oldhaven Herald and its owners.",
        "Image caption The bridge was built in a hurry.",
        "File photo of the bridge as it stood in May.",
        "Pictured: Anna Bell opens the bridge in Oldhaven.",
        "Anna Bell, pictured in Oldhaven in May, opened the bridge.",
        "Anna Bell (left) and Tom Reed open the bridge.",
        "Anna Bell, left, and Tom Reed, right, open the bridge.",
        "Under fire: The harbour council has closed the bridge.",
        "10.15 The minister has arrived at the bridge.",
        "09:40 GMT Anna Bell is about to speak in Oldhaven.",
        "3.20pm: Bell has now left the building for good.",
        "By Anna Bell, Harbour Correspondent",
        "By Anna Bell and Tom Reed in Oldhaven",
        "Write to anna.bell@herald.example with what you know.",
        "The plan is at https://herald.example/bridge for all to read.",
    ],
)
def test_furniture_is_known(sentence):
    assert is_furniture(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "For more than a decade, the bridge had no owner.",
        "By Monday the harbour had been closed for a week.",
        "By using divers, engineers found cracks in the piers.",
        "By signing the treaty, Norden gave up its harbour.",
        "Published figures show that the harbour lost money.",
        "Advertising revenue fell by a third, the Herald said.",
        "Copyright law was changed by the assembly on Monday.",
        "The Herald’s left-wing (left-leaning, says Bell) rival closed.",
        "“Read more books,” Bell told the class.",
        "“If you want peace, call them,” Bell said.",
        "Bell left and Reed, right behind her, locked the door.",
        "Watch makers in Oldhaven have sold less this year.",
        "10 people were hurt when the ferry struck the pier.",
        "Related cases have been reported from the other bank.",
        "The mayor said: “We will close the bridge.”",
        "",
    ],
)
def test_reporting_is_no_furniture(sentence):
    assert not is_furniture(sentence)
