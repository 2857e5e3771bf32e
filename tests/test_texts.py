"""Two printings of a text say the same if only marks of a conversion differ, and only then."""

import pytest

from lod.texts import same_words

SAME = {
    "bullets": (
        "Trois mesures :\nla première ;\nla deuxième.",
        "Trois mesures :\n* la première ;\n- la deuxième.",
    ),
    "published bullets": ("Mesures :\n• la première ;", "Mesures :\n* la première ;"),
    "numbers of a list": ("Points :\n1. le premier ;\n2. le second.", "Points :\nle premier ;\nle second."),
    "numbers otherwise": ("Points :\n1) le premier ;", "Points :\n1. le premier ;"),
    "letters of a list": ("Points :\na) le premier ;\nii. le second.", "Points :\nle premier ;\nle second."),
    "tables": ("Année | Griffons\n2024 | 12", "| Année | Griffons |\n| --- | :-: |\n| 2024 | 12 |"),
    "superscripts": ("300 m² et 10⁶ ou 10⁻³", "300 m^2 et 10^6 ou 10^-3"),
    "a superscript in parentheses": ("10⁽³⁾ et 3ᵃᵇ", "10^(3) et 3^(ab)"),
    "a superscript of a letter": ("300 m²", "300 m2"),
    "ordinals": ("le 1er, n° 5, XIXe", "le 1^er, n^o 5, XIX^e"),
    "links": (
        "Voir le rapport (https://example.org/r_(1).pdf).",
        "Voir [le rapport](https://example.org/r_(1).pdf).",
    ),
    "links without address": ("Voir le rapport.", "Voir [le rapport](https://example.org/r.pdf)."),
    "bare links": ("Voir https://example.org/r.pdf.", "Voir <https://example.org/r.pdf>."),
    "addresses of mail": ("Écrire au greffe (greffe@example.org).", "Écrire au greffe."),
    "pictures": ("Carte :[image : carte des zones] Fin.", "Carte :![carte des zones](/x.png) Fin."),
    "pictures without words": ("Carte :\n[image]\nFin.", "Carte :\nFin."),
    "escapes": ("5 * 3 et [sic] a_b", "5 \\* 3 et \\[sic\\] a\\_b"),
    "emphasis": ("Un terme sine die et gras.", "Un terme *sine die* et **gras**."),
    "headings and quotations": ("Titre\nCité", "## Titre\n> Cité"),
    "struck text": ("Il est maintenu.", "Il est ~~supprimé~~ maintenu."),
    "ligatures": ("l'œuvre, cæcum, ﬁn", "l’oeuvre, caecum, fin"),
    "quotation marks": ("« Bien », dit-il : “oui”…", '"Bien", dit-il : «\u00a0oui\u00a0»...'),
    "dashes": ("le sous\u2011préfet – absent —", "le sous-préfet - absent -"),
    "spaces": ("12\u202f000 griffons,\u00a0soit\n3,5 %", "12 000 griffons, soit 3,5 %"),
    "composition": ("e\u0301tude", "étude"),
    "case": ("SITUATION à Mayotte", "Situation à Mayotte"),
}
DIFFERENT = {
    "words": ("la première mesure", "la dernière mesure"),
    "accents": ("le marché", "le marche"),
    "figures": ("12 griffons", "13 griffons"),
    "decimal signs": ("3,5 griffons", "35 griffons"),
    "minus signs": ("un solde de -3 points", "un solde de 3 points"),
    "powers": ("10⁶ griffons", "106 griffons"),
    "powers as carets": ("10^6 griffons", "106 griffons"),
    "signs of powers": ("10⁻⁶ griffons", "10⁶ griffons"),
    "units": ("3 % du total", "3 € du total"),
    "years at the start of a line": ("Bilan :\n2024. Rien.", "Bilan :\nRien."),
    "words in parentheses": ("le rapport (provisoire)", "le rapport"),
    "words in brackets": ("le rapport [provisoire]", "le rapport"),
    "an address in the text": ("Voir https://example.org/a", "Voir https://example.org/b"),
    "nothing": ("", "rien"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_marks_of_a_conversion_make_no_difference(one: str, other: str) -> None:
    assert one != other
    assert same_words(one, other)
    assert same_words(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_a_text_says_makes_a_difference(one: str, other: str) -> None:
    assert not same_words(one, other)
    assert not same_words(other, one)
