"""Spellings of a name that mean the same have the same words."""

import pytest

from lod.slugs import words

SPELLINGS = {
    "Œdipe": "oedipe",
    "Lætitia": "laetitia",
    "Strauß": "strauss",
    "Søren": "soren",
    "Łukasz": "lukasz",
    "Đorđe": "dorde",
    "Guðrún": "gudrun",
    "Þór": "thor",
    "Élodie": "elodie",
    "Señor": "senor",
    "Français": "francais",
    "ÎLE": "ile",
}


@pytest.mark.parametrize(("name", "word"), SPELLINGS.items())
def test_letters_are_those_of_the_alphabet(name: str, word: str) -> None:
    assert words(name) == [word]


def test_all_but_letters_and_figures_parts_words() -> None:
    assert words("L'Étalon-Épreuve, 2ᵉ_du\u00a0nom") == ["l", "etalon", "epreuve", "2e", "du", "nom"]
    assert words(" – ") == []
