"""Which state a capital, a seat, a ministry or an official speaks for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from summarizer.places import is_capital, is_people, is_state, state_at, state_of


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Moscow", "Russia"),
        ("the Kremlin", "Russia"),
        ("Kyiv", "Ukraine"),
        ("Kiev", "Ukraine"),
        ("Bankova", "Ukraine"),
        ("Washington", "United States"),
        ("Washington, D.C.", "United States"),
        ("the White House", "United States"),
        ("the Pentagon", "United States"),
        ("Foggy Bottom", "United States"),
        ("the U.S.", "United States"),
        ("Britain", "United Kingdom"),
        ("Downing Street", "United Kingdom"),
        ("No. 10", "United Kingdom"),
        ("the Élysée", "France"),
        ("Elysee", "France"),
        ("Beijing", "China"),
        ("Zhongnanhai", "China"),
        ("Bogota", "Colombia"),
        ("Türkiye", "Turkey"),
        ("Astana", "Kazakhstan"),
        ("Czechia", "Czech Republic"),
        ("the Holy See", "Vatican"),
        ("Brussels", None),
        ("Jerusalem", None),
        ("Georgia", None),
        ("Kingston", None),
        ("Washington Post", None),
        ("us", None),
        ("Quellport", None),
        ("", None),
    ],
)
def test_place_that_speaks_is_its_state(name, state):
    assert state_at(name) == state


@pytest.mark.parametrize(
    ("phrase", "state"),
    [
        ("Russian Foreign Ministry", "Russia"),
        ("Russia's defence ministry", "Russia"),
        ("Ministry of Foreign Affairs of Ukraine", "Ukraine"),
        ("Ukrainian Main Directorate of Intelligence", "Ukraine"),
        ("the Israeli prime minister", "Israel"),
        ("senior U.S. officials", "United States"),
        ("South Korean President", "South Korea"),
        ("Georgian officials", "Georgia"),
        ("Saudi officials", "Saudi Arabia"),
        ("the Chinese embassy in Washington", "China"),
        ("the government in Riyadh", "Saudi Arabia"),
        ("Ukrainian and Russian officials", None),
        ("Russian-installed officials", None),
        ("Russian opposition leader", None),
        ("former Russian president", None),
        ("Russian singer", None),
        ("African American lawmakers", None),
        ("British Columbia officials", None),
        ("New Jersey officials", None),
        ("Georgia officials", None),
        ("London police", None),
        ("Congolese army", None),
        ("Dominican officials", None),
        ("Swiss bank", None),
        ("", None),
        ("of", None),
        ("Russian " * 5_000 + "officials", None),
    ],
)
def test_office_speaks_for_its_state_and_others_do_not(phrase, state):
    assert state_of(phrase) == state


def test_names_of_states_capitals_and_peoples_are_told_apart():
    assert is_state("the United States")
    assert not is_state("Washington")
    assert not is_state("the Kremlin")
    assert is_capital("Moscow")
    assert not is_capital("the Kremlin")
    assert not is_capital("Singapore")
    assert is_people("Ukrainian")
    assert not is_people("ukrainian")
    assert not is_people("Ukraine")


def test_countries_are_loaded_late():
    command = "import sys, summarizer.pipeline; sys.exit('countryinfo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0
