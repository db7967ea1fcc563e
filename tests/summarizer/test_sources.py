"""Sources of any engine to speakers: names, roles, bodies, states, pronouns, and when it is nobody."""

from __future__ import annotations

import re

import pytest

from news.statements import Speaker
from tests.summarizer.marked import speakers_of

# The last source in ⟦⟧ → its speaker's name | affiliation | state | whether anonymous; or nobody. `\n` begins a paragraph.
TABLE = r"""
⟦Orla Finch⟧ said it rained. → Orla Finch | - | -
⟦Orla Finch,⟧ said the paper. → Orla Finch | - | -
⟦Joanna Reed, who was the mayor's chief of staff from 2010⟧ said it rained. → Joanna Reed | - | -
⟦Joanna Reed, who is the spokeswoman for the Harbour Board⟧ said it rained. → Joanna Reed | Harbour Board | -
The plan was praised ⟦by Orla Finch⟧ on Monday. → Orla Finch | - | -
Orla Finch was there. It was ⟦Finch's⟧ view that it rained. → Orla Finch | - | -
⟦Orla Finch herself⟧ said it rained. → Orla Finch | - | -
⟦even Orla Finch⟧ said it rained. → Orla Finch | - | -
⟦Castle spokesman Tom Reed, 54, who joined in May,⟧ said it rained. → Tom Reed | Castle | -
⟦The spokesman for the Harbour Board, Tom Reed,⟧ said it rained. → Tom Reed | Harbour Board | -
⟦Rado Malek's press secretary, Lev Tarr,⟧ said it rained. → Lev Tarr | Rado Malek | -
⟦Ruritanian President Rado Malek's press secretary, Lev Tarr,⟧ said it rained. → Lev Tarr | Rado Malek | -
⟦Russian President Rado Malek's press secretary, Lev Tarr,⟧ said it rained. → Lev Tarr | Rado Malek | Russia
Russian President Rado Malek spoke. ⟦Malek's press secretary, Lev Tarr,⟧ said it rained. → Lev Tarr | Rado Malek | Russia
⟦Russian Foreign Minister Lev Tarr⟧ said it rained. → Lev Tarr | Russia | Russia
⟦the Russian foreign minister, Lev Tarr,⟧ said it rained. → Lev Tarr | Russia | Russia
⟦Lev Tarr, Russia's ambassador to Ruritania,⟧ said it rained. → Lev Tarr | Russia | Russia
⟦Lev Tarr, the foreign minister of Russia,⟧ said it rained. → Lev Tarr | Russia | Russia
⟦former Russian Foreign Minister Lev Tarr⟧ said it rained. → Lev Tarr | - | -
⟦Russian opposition leader Lev Tarr⟧ said it rained. → Lev Tarr | Russian opposition | -
⟦Russian singer Lev Tarr⟧ said it rained. → Lev Tarr | - | -
⟦Kremlin spokesman Lev Tarr⟧ said it rained. → Lev Tarr | Kremlin | Russia
Kremlin spokesman Lev Tarr came. ⟦Tarr⟧ said it rained. → Lev Tarr | Kremlin | Russia
Lev Tarr, the Kremlin spokesman, came. ⟦Tarr⟧ said it rained. → Lev Tarr | Kremlin | Russia
⟦U.S. Secretary of State Ann Cole⟧ said it rained. → Ann Cole | U.S. | United States
⟦White House spokeswoman Ann Cole⟧ said it rained. → Ann Cole | White House | United States
⟦NATO Secretary General Ann Cole⟧ said it rained. → Ann Cole | NATO | -
⟦State Department spokesman Tom Reed⟧ said it rained. → Tom Reed | State Department | United States
⟦Israeli Prime Minister Dov Marr⟧ said it rained. → Dov Marr | Israel | Israel
Israeli Prime Minister Dov Marr came. ⟦The Israeli prime minister⟧ said it rained. → Dov Marr | Israel | Israel
Israeli Prime Minister Dov Marr met Greek Prime Minister Nikos Vall. ⟦The prime minister⟧ said it rained. → prime minister | - | - | anonymous
⟦The Israeli prime minister⟧ said it rained. → Israeli prime minister | Israel | Israel | anonymous
Greek Prime Minister Nikos Vall came. ⟦The Israeli prime minister⟧ said it rained. → Israeli prime minister | Israel | Israel | anonymous
Former President Joan Cole came. ⟦The president⟧ said it rained. → president | - | - | anonymous
Former President Joan Cole came. ⟦The former president⟧ said it rained. → Joan Cole | - | -
Governor Ann Cole came. ⟦The governor⟧ said it rained. → Ann Cole | - | -
⟦The Kremlin⟧ said it rained. → Kremlin | Russia | Russia
⟦Moscow⟧ said it rained. → Moscow | Russia | Russia
⟦Kyiv⟧ said it rained. → Kyiv | Ukraine | Ukraine
⟦Kiev⟧ said it rained. → Kiev | Ukraine | Ukraine
⟦Washington⟧ said it rained. → Washington | United States | United States
⟦the White House⟧ said it rained. → White House | United States | United States
⟦Beijing⟧ said it rained. → Beijing | China | China
⟦Downing Street⟧ said it rained. → Downing Street | United Kingdom | United Kingdom
⟦Russia⟧ said it rained. → Russia | - | Russia
⟦the United States⟧ said it rained. → United States | - | United States
⟦the U.S.⟧ said it rained. → U.S. | - | United States
⟦Brussels⟧ said it rained. → Brussels | - | -
George Washington was a general. ⟦Washington⟧ said it rained. → nobody
Jordan Miles came. ⟦Jordan⟧ said it rained. → nobody
⟦Jordan⟧ said it rained. → Jordan | - | Jordan
Kerry Washington came. Kerry Washington sang. ⟦Mr. Washington⟧ said it rained. → Kerry Washington | - | -
⟦the Russian Foreign Ministry⟧ said it rained. → Russian Foreign Ministry | Russia | Russia
⟦Russia's defence ministry⟧ said it rained. → Russia's defence ministry | Russia | Russia
⟦the government in Riyadh⟧ said it rained. → government in Riyadh | Saudi Arabia | Saudi Arabia
The Russian Foreign Ministry spoke. ⟦The ministry⟧ said it rained. → Russian Foreign Ministry | Russia | Russia
The Russian Foreign Ministry spoke. ⟦The foreign ministry⟧ said it rained. → Russian Foreign Ministry | Russia | Russia
The Russian Foreign Ministry and the Greek Foreign Ministry met. ⟦The ministry⟧ said it rained. → ministry | - | -
⟦The ministry⟧ said it rained. → ministry | - | -
The Russian Foreign Ministry spoke. ⟦A spokesman for the ministry⟧ said it rained. → spokesman for the ministry | Russian Foreign Ministry | Russia | anonymous
The Harbour Board met. ⟦The board⟧ said it rained. → Harbour Board | - | -
The Harbour Board met. ⟦It⟧ said it rained. → Harbour Board | - | -
⟦The Harbour Board⟧ said no. ⟦It⟧ said it rained. → Harbour Board | - | -
⟦The Harbour Board⟧ said no. ⟦They⟧ said it rained. → nobody
⟦Russian officials⟧ said it rained. → Russian officials | Russia | Russia | anonymous
⟦senior U.S. officials⟧ said it rained. → senior U.S. officials | U.S. | United States | anonymous
⟦Two Israeli officials⟧ said it rained. → Two Israeli officials | Israel | Israel | anonymous
⟦Russian and Greek officials⟧ said it rained. → Russian and Greek officials | - | - | anonymous
⟦Russian-backed officials⟧ said it rained. → Russian-backed officials | - | - | anonymous
⟦Russian residents⟧ said it rained. → Russian residents | - | - | anonymous
⟦a Western diplomat⟧ said it rained. → Western diplomat | - | - | anonymous
⟦a French diplomat⟧ said it rained. → French diplomat | France | France | anonymous
⟦a source close to the Kremlin⟧ said it rained. → source close to the Kremlin | - | - | anonymous
⟦a Kremlin official⟧ said it rained. → Kremlin official | Kremlin | Russia | anonymous
⟦an official who spoke on condition of anonymity because the talks are secret⟧ said it rained. → official | - | - | anonymous
⟦one person familiar with the matter⟧ said it rained. → person familiar with the matter | - | - | anonymous
⟦analysts⟧ said it rained. → analysts | - | - | anonymous
⟦several pilots⟧ said it rained. → several pilots | - | - | anonymous
⟦the Russians⟧ said it rained. → Russians | - | - | anonymous
⟦a Russian company⟧ said it rained. → Russian company | - | - | anonymous
⟦another Quellport Liberal⟧ said it rained. → Quellport Liberal | - | - | anonymous
⟦residents of Oldtown⟧ said it rained. → residents of Oldtown | - | - | anonymous
⟦A senior official⟧ said no. ⟦The official⟧ said it rained. → senior official | - | - | anonymous
⟦A senior official⟧ said no. ⟦An army official⟧ said yes. ⟦The official⟧ said it rained. → official | - | - | anonymous
⟦A senior official⟧ said no. ⟦He⟧ said it rained. → senior official | - | - | anonymous
⟦no official⟧ said it rained. → nobody
⟦nobody⟧ said it rained. → nobody
⟦41 percent of voters⟧ said it rained. → nobody
⟦most of them⟧ said it rained. → nobody
⟦I⟧ said it rained. → nobody
⟦we⟧ said it rained. → nobody
⟦the former⟧ said it rained. → nobody
⟦the two⟧ said it rained. → nobody
⟦both⟧ said it rained. → nobody
⟦his lawyer⟧ said it rained. → nobody
⟦his lawyer, Tom Reed,⟧ said it rained. → Tom Reed | - | -
⟦Tom Reed and Ann Cole⟧ said it rained. → Tom Reed and Ann Cole | - | -
⟦Tom Reed, Ann Cole and Bob Gray⟧ said it rained. → Tom Reed, Ann Cole and Bob Gray | - | -
⟦Tom Reed and his wife⟧ said it rained. → Tom Reed and his wife | - | -
⟦Russia and Greece⟧ said it rained. → Russia and Greece | - | -
⟦two pilots, Tom Reed and Ann Cole,⟧ said it rained. → Tom Reed and Ann Cole | - | -
⟦a group led by Chairman Tom Reed⟧ said it rained. → group led by Chairman Tom Reed | - | - | anonymous
⟦several senators, including Tom Reed⟧ said it rained. → several senators | - | - | anonymous
Anna Bell met Tom Bell. ⟦Bell⟧ said it rained. → nobody
Anna Bell met Tom Bell. ⟦Anna⟧ said it rained. → Anna Bell | - | -
Anna Bell met Tom Bell. ⟦Mr. Bell⟧ said it rained. → Tom Bell | - | -
Anna Bell met Tom Bell. ⟦Ms. Bell⟧ said it rained. → Anna Bell | - | -
⟦Anna Bell⟧ said no. Tom Bell slept.\nIt was late. ⟦Bell⟧ said it rained. → Anna Bell | - | -
Tom Bell slept.\n⟦Anna Bell⟧ spoke first. ⟦Bell⟧ said it rained. → Anna Bell | - | -
⟦Anna Bell⟧ said no. ⟦Tom Bell⟧ said yes.\nIt was late.\n⟦Bell⟧ said it rained. → nobody
Anna Bell and Tom Bell came. ⟦Bell⟧ said no. ⟦She⟧ said it rained. → nobody
⟦Tom Reed⟧ said no. ⟦Tarr⟧ said yes. ⟦He⟧ said it rained. → Tarr | - | -
⟦Tom Reed⟧ said no. ⟦The man⟧ said yes. ⟦He⟧ said it rained. → man | - | - | anonymous
⟦Tom Reed⟧ said no. ⟦He⟧ said it rained. → Tom Reed | - | -
⟦Tom Reed⟧ said no. ⟦She⟧ said it rained. → nobody
⟦Tom Reed⟧ said no. Bob Gray was late, ⟦he⟧ said. → Tom Reed | - | -
“Tom Reed came and ⟦he⟧ said it rained,” Ann Cole recalled. → nobody
⟦Pilots⟧ said no. ⟦They⟧ said it rained. → nobody
⟦A pilot⟧ said no. ⟦They⟧ said it rained. → nobody
⟦Tom Reed⟧ said no. ⟦They⟧ said it rained. → nobody
⟦Pilots⟧ said no. Dockers slept. ⟦They⟧ said it rained. → nobody
Tom Reed, ⟦who⟧ said it rained, left. → Tom Reed | - | -
A spokesman for Tom Reed, ⟦who⟧ said it rained, left. → nobody
An adviser to Tom Reed, ⟦who⟧ said it rained, left. → nobody
Tom Reed, a docker, ⟦who⟧ said it rained, left. → Tom Reed | - | -
Mr. Reed, ⟦who⟧ said it rained, left. → Reed | - | -
Anna Reed came. Mr. Reed, ⟦who⟧ said it rained, left. → Reed | - | -
It was a year of plans and dreams ⟦who⟧ said it rained. → nobody
A senior official ⟦who⟧ said it rained left. → senior official | - | - | anonymous
⟦Republican Tom Reed⟧ said it rained. → Tom Reed | - | -
⟦Ukrainian Tom Reed⟧ said it rained. → Tom Reed | - | -
⟦Izvestia⟧ said it rained. → Izvestia | - | -
⟦a new poll⟧ said it rained. → new poll | - | -
⟦Anwar al-Tarni⟧ said it rained. → Anwar al-Tarni | - | -
⟦Jean King⟧ said no. ⟦King⟧ said it rained. → Jean King | - | -
⟦Reed campaign spokeswoman Ann Cole⟧ said it rained. → Ann Cole | Reed campaign | -
⟦Ann Cole, the Arjay and Frances Mill Chair in Federal Policy,⟧ said it rained. → Ann Cole | - | -
⟦Volodymyr Tarenskyy⟧ said no. ⟦Tarensky⟧ said it rained. → Volodymyr Tarenskyy | - | -
⟦“”⟧ said it rained. → nobody
⟦-⟧ said it rained. → nobody
⟦the mayor of Oldtown, Tom Reed,⟧ said it rained. → Tom Reed | Oldtown | -
⟦Tom Reed (Q-Oldtown)⟧ said it rained. → Tom Reed | - | -
⟦Tom Reed — the harbour master —⟧ said it rained. → Tom Reed | - | -
⟦Moscow Mayor Lev Tarr⟧ said it rained. → Lev Tarr | Moscow | -
⟦Russian presidential envoy Lev Tarr⟧ said it rained. → Lev Tarr | Russia | Russia
⟦the Israel Defense Forces⟧ said it rained. → Israel Defense Forces | Israel | Israel
⟦the Chinese embassy in Washington⟧ said it rained. → Chinese embassy in Washington | China | China
⟦New Jersey officials⟧ said it rained. → New Jersey officials | New Jersey | - | anonymous
⟦African American lawmakers⟧ said it rained. → African American lawmakers | - | - | anonymous
⟦the Pentagon⟧ said it rained. → Pentagon | United States | United States
⟦the Élysée⟧ said it rained. → Élysée | France | France
⟦Russian state media⟧ said it rained. → Russian state media | - | -
⟦Ukraine's air force⟧ said it rained. → Ukraine's air force | Ukraine | Ukraine
⟦a Russian foreign ministry spokeswoman⟧ said it rained. → Russian foreign ministry spokeswoman | Russian foreign ministry | Russia | anonymous
Ann Cole, ⟦who⟧ said no, came. ⟦She⟧ said it rained. → Ann Cole | - | -
⟦Tom Reed's brother⟧ said it rained. → Tom Reed's brother | - | - | anonymous
⟦Ms. Tarn⟧ said no. ⟦She⟧ said it rained. → Tarn | - | -
⟦“Big” Tom Reed⟧ said it rained. → Tom Reed | - | -
⟦the 41-year-old⟧ said it rained. → 41-year-old | - | - | anonymous
⟦two of whom⟧ said it rained. → nobody
⟦Moscow and Minsk⟧ said it rained. → Moscow and Minsk | - | -
"""


def expected(source: str, row: str) -> Speaker | None:
    """The speaker that a row asks for."""
    if row == "nobody":
        return None
    name, affiliation, state, *anonymous = (part.strip() for part in row.split("|"))
    side = None if affiliation == "-" else affiliation
    mention = source.strip(" ,")
    return Speaker(name, mention, side, bool(anonymous), None if state == "-" else state)


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_source_has_its_speaker(row):
    text, _, speaker = row.replace("\\n", "\n").partition(" → ")
    source = re.findall("⟦([^⟧]*)⟧", text)[-1]
    assert speakers_of(text)[-1] == expected(source, speaker)
