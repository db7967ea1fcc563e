"""Where quotations begin and end, in all styles of marks and in broken ones."""

from __future__ import annotations

import pytest

from summarizer.quotations import find_quotations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “yes” and left.", ["“yes”"]),
        ('He said "yes" and left.', ['"yes"']),
        ("He said ‘yes’ and left.", ["‘yes’"]),
        ("He said 'yes' and left.", ["'yes'"]),
        ("He said ''yes'' and left.", ["''yes''"]),
        ("He said «yes» and left.", ["«yes»"]),
        ("He said „yes“ and left.", ["„yes“"]),
        ("He said „yes” and left.", ["„yes”"]),
        ("He said ”yes” and left.", ["”yes”"]),
        ("He said “yes“ and left.", ["“yes“"]),
        ("“One.” “Two.”", ["“One.”", "“Two.”"]),
        ("“He said ‘no’ twice,” she said.", ["“He said ‘no’ twice,”"]),
        ("‘He said “no” twice,’ she said.", ["‘He said “no” twice,’"]),
        ("I don’t know the soldiers’ names.", []),
        ("I don't know the soldiers' names.", []),
        ("Rock ’n’ roll of the ’90s, ’tis true.", []),
        ("‘I don’t know the soldiers’ names,’ he said.", ["‘I don’t know the soldiers’ names,’"]),
        ("‘We aren’t asking,’ he said. It’s the workers’ plan.", ["‘We aren’t asking,’"]),
        ("She is 5' 4\" tall.", []),
        ("He called it (“a farce”).", ["“a farce”"]),
        ("No marks here.", []),
        ("", []),
        ('""', []),
    ],
)
def test_quotations_are_found_with_their_marks(text, expected):
    assert [q.pieces[0].of(text) for q in find_quotations(text)] == expected


def test_quotation_over_paragraphs_is_one():
    text = "“One.\n\n“Two.\n“Three,” he said."
    (quotation,) = find_quotations(text)
    assert [piece.of(text) for piece in quotation.pieces] == ["“One.", "“Two.", "“Three,”"]
    assert quotation.closed


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("He said “one.\nIt rained.", [["“one."]]),
        ("He said “one.\nIt rained. “Two,” he said.", [["“one."], ["“Two,”"]]),
        ("“One.\n\n“Two.", [["“One.", "“Two."]]),
    ],
)
def test_open_quotation_ends_with_its_paragraph(text, pieces):
    found = find_quotations(text)
    assert [[p.of(text) for p in q.pieces] for q in found] == pieces
    assert not found[0].closed
