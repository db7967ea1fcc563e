"""What language a text is in, as far as its commonest words tell."""

from __future__ import annotations

import re

_SAMPLE = 6_000
_LEAST = 4
"""Common words that must be found before a language is named."""
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": "the of and to in that is was for it with as his her on be at by had are from this have not but they which said",
    "de": "der die und das nicht ist den von mit ein eine auf dem sich des für im auch wird sind hat dass bei zu",
    "fr": "le la les des et est une dans que qui pour pas sur du au avec ce il par sont plus été cette aux",
    "es": "el la los las de que y en un una por con para del se no es su al como más fue ha",
    "it": "il di che la e un per del della non sono in con una le si gli dei alla ha anche come più",
    "pt": "o de que e do da em um para com não uma os no se na por mais as dos como foi ao",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er door ook bij naar maar",
    "pl": "i w na z się nie do to że jest o jak po co przez od dla ale za przed są",
    "uk": "і в на що не з до та за від як це про для але його із було який є",
    "ru": "и в на что не с по как это за из от для но его о также после был она он",
    "sv": "och i att det som en på är av för med den till inte om har de ett var men",
    "tr": "ve bir bu da de için ile olarak çok daha gibi olan ne kadar sonra ancak en",
}


def find_language(text: str) -> str | None:
    """ISO 639-1 code; None where too little is said, or nothing that we know."""
    found = [w.lower() for w in _WORD.findall(text[:_SAMPLE])]
    counts = {code: sum(w in common for w in found) for code, common in _sets().items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] < _LEAST or counts[best] < len(found) * 0.08:
        return None
    return best


def reads_as_english(text: str, language: str | None) -> bool:
    """Whether English rules may be tried on a text of which `find_language` says `language`."""
    if language is not None:
        return language == "en"
    letters = [c for c in text[:_SAMPLE] if c.isalpha()]
    return sum(c.isascii() for c in letters) >= 0.9 * len(letters)


def _sets() -> dict[str, frozenset[str]]:
    return {code: frozenset(common.split()) for code, common in _COMMON.items()}
