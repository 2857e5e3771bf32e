"""What texts cite is found in every spelling; what only resembles a citation is not linked."""

import csv
from datetime import date, datetime

import pytest

from lod.describe.citations import label, target_iri
from lod.iri import Iris
from lod.links.citations import Citation, DoubtKind, find_citations
from lod.model import QuestionId, QuestionKind
from tests.conftest import ROOT, SHARED

IRIS = Iris("https://data.example.org/")
CITING = QuestionId(legislature=16, kind=QuestionKind.WRITTEN, number=9000)
ASKED = date(2023, 5, 2)
LAW = "https://www.legifrance.gouv.fr/eli/loi/2021/5/3/2021-9901/jo/texte"
CODES = "https://www.legifrance.gouv.fr/codes/texte_lc/"
GOLD = ROOT / "tests" / "links" / "citations.tsv"


def cited(text: str, asked: date = ASKED) -> list[tuple[str, str]]:
    """Return the words of each citation of a text, and the IRI of what is cited."""
    found = find_citations(text, CITING, asked)
    assert all(text[each.start : each.end] == each.quotation for each in found.citations)
    return [(each.quotation, target_iri(IRIS, each.target)) for each in found.citations]


@pytest.mark.parametrize(
    "words",
    [
        "loi n° 2021-9901 du 3 mai 2021",
        "loi n°2021-9901 du 3 mai 2021",
        "Loi n ° 2021-9901 du 3 mai 2021",
        "loi no 2021-9901 du 3 mai 2021",
        "loi N° 2021-9901 du 03 mai 2021",
        "loi numéro 2021-9901 du 3 mai 2021",
        "loi 2021-9901 du 3 mai 2021",
        "loi\u00a0n°\u00a02021-9901\u00a0du\u00a03\u00a0mai\u00a02021",
        "loi n°\u202f2021-9901 du 3\u202fmai 2021",
        "loi n° 2021‑9901 du 3 mai 2021",
        "loi n° 2021–9901 du 3 mai 2021",
        "loi n° 2021-9901, du 3 mai 2021",
        "loi (n° 2021-9901 du 3 mai 2021",
        "loi de finances n° 2021-9901 du 3 mai 2021",
        "loi relative aux marées imaginaires n° 2021-9901 en date du 3 mai 2021",
        "loi « Marées », n° 2021-9901 du 3 mai 2021",
        "loi du 3 mai 2021 n° 2021-9901",
        "loi n° 2021-9901 modifiée du 3 mai 2021",
    ],
)
def test_a_law_is_found_in_every_spelling(words: str) -> None:
    assert cited(f"Les marées, que la {words} ignore, montent.") == [(words, LAW)]


@pytest.mark.parametrize(
    ("words", "eli"),
    [
        ("décret n° 84-9902 du 1er août 1984", "decret/1984/8/1/84-9902"),
        ("décret n° 84-9902 du 1 aout 1984", "decret/1984/8/1/84-9902"),
        ("Decret n° 99-9902 du premier décembre 1999", "decret/1999/12/1/99-9902"),
        ("ordonnance n° 2000-9903 du 10 fevrier 2000", "ordonnance/2000/2/10/2000-9903"),
        ("décrets n° 2022-9904 du 4 avril 2022", "decret/2022/4/4/2022-9904"),
        ("décret d'application n° 2022-9904 du 4 avril 2022", "decret/2022/4/4/2022-9904"),
    ],
)
def test_decrees_and_ordinances_are_named_by_their_signature(words: str, eli: str) -> None:
    assert cited(f"Le {words}.") == [(words, f"https://www.legifrance.gouv.fr/eli/{eli}/jo/texte")]


def test_a_number_without_date_has_the_one_that_stands_elsewhere_in_the_text() -> None:
    text = "La loi n° 2021-9901 est claire. Or la loi n° 2021-9901 du 3 mai 2021 est longue."
    assert [iri for _, iri in cited(text)] == [LAW, LAW]
    assert cited("La loi n° 2021-9901 est claire. La loi du 3 mai 2021 est longue.") == []
    assert cited("Le décret n° 2021-9901, pris pour la loi n° 2021-9901 du 3 mai 2021.")[0][1] == LAW


def test_several_numbers_share_the_type_before_them() -> None:
    text = "Les lois n° 82-9905 du 2 mars 1982, n° 83-9906 du 7 janvier 1983 et n° 83-9907 du 22 juillet 1983"
    assert [(words, iri.split("/eli/")[1]) for words, iri in cited(text)] == [
        ("lois n° 82-9905 du 2 mars 1982", "loi/1982/3/2/82-9905/jo/texte"),
        ("n° 83-9906 du 7 janvier 1983", "loi/1983/1/7/83-9906/jo/texte"),
        ("n° 83-9907 du 22 juillet 1983", "loi/1983/7/22/83-9907/jo/texte"),
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("loi n° 2021-9901 du 3 mai 2019", DoubtKind.YEAR_CONTRADICTS),
        ("loi n° 84-9901 du 3 mai 1985", DoubtKind.YEAR_CONTRADICTS),
        ("ordonnance n° 20-9903 du 29 janvier 2020", DoubtKind.NUMBER_ABBREVIATED),
        ("loi n° 1984-9901 du 3 mai 1984", DoubtKind.NUMBER_ABBREVIATED),
        ("loi organique n° 2021-9901 du 3 mai 2021", DoubtKind.WITHOUT_ELI),
        ("directive 2011/9999/UE du 3 mai 2012", DoubtKind.YEAR_CONTRADICTS),
    ],
)
def test_what_contradicts_itself_or_has_no_eli_is_told_and_not_linked(words: str, kind: DoubtKind) -> None:
    found = find_citations(f"Selon la {words}, rien.", CITING, ASKED)
    assert found.citations == []
    assert [(doubt.quotation, doubt.kind) for doubt in found.doubts] == [(words, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "La loi n° 2021-9901 pour les marées.",
        "La proposition de loi n° 2021-9901 du 3 mai 2021.",
        "Le projet de loi n° 2021-9901 du 3 mai 2021.",
        "Le décret-loi n° 38-9901 du 3 mai 1938.",
        "La loi et l'arrêté n° 2021-9901 du 3 mai 2021.",
        "La loi ne suit pas la décision n° 2021-9901 du 3 mai 2021.",
        "La loi est là. Le contrat n° 2021-9901 du 3 mai 2021.",
        "La loi, pour la saison 2021-2022 du 3 mai 2021.",
        "La loi n° 2021-9901 du 31 février 2021.",
        "Le plan 2021-2024, la loi de 2021.",
        "Le code du travail est long.",
        "L'examen du code de la route.",
        "L'article 3 du code de conduite.",
        "L'article 3 de la loi.",
        "Le règlement (UE) n° 2015/2014.",
        "Le règlement du Conseil n° 1/1958.",
        "La directive 12/34.",
        "La question écrite n° 08545.",
        "La question écrite n° 8545 de M. Exemple, publiée dans le JO Sénat du 2 février 2023.",
        "La question écrite n° 9000.",
        "La question écrite n° 9001.",
        "La question écrite n° 8545 du 3 mai 2018.",
        "La question n° 8545.",
        "La question orale n° 12.",
    ],
)
def test_what_resembles_a_citation_is_not_linked(text: str) -> None:
    assert find_citations(text, CITING, ASKED).citations == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("article L. 211-23 du code rural", "LEGITEXT000006071367"),
        ("article L211-23 du Code rural et de la pêche maritime", "LEGITEXT000006071367"),
        ("articles L. 161-1 et L. 161-2 du code de l’éducation", "LEGITEXT000006071191"),
        ("articles 60-1, 60-2, 77-1-1 et 77-1-2 du code de procédure pénale", "LEGITEXT000006071154"),
        ("article 1636 B sexies du code général des impôts", "LEGITEXT000006069577"),
        ("article L.O. 135-1 du code électoral", "LEGITEXT000006070239"),
        ("articles D. 324-13 et suivants du code du tourisme", "LEGITEXT000006074073"),
        ("art. R.\u00a0313-22 du code de la consommation", "LEGITEXT000006069565"),
    ],
)
def test_articles_lead_to_their_code(words: str, code: str) -> None:
    assert cited(f"Selon l'{words}, rien.") == [(words, CODES + code)]


def test_the_articles_of_several_codes_are_found() -> None:
    text = "Vu les articles R. 635-2 du code pénal et L. 122-3 du code de la consommation."
    assert [words for words, _ in cited(text)] == [
        "articles R. 635-2 du code pénal",
        "L. 122-3 du code de la consommation",
    ]


def test_a_code_is_the_one_that_had_the_name_on_the_day() -> None:
    text = "Vu l'article L. 5 du code de commerce."
    for asked, code in (("1999-01-05", "LEGITEXT000006069441"), ("2001-01-09", "LEGITEXT000005634379")):
        assert [iri for _, iri in cited(text, date.fromisoformat(asked))] == [CODES + code]


@pytest.mark.parametrize(
    ("words", "eli"),
    [
        ("directive 2011/9999/UE", "dir/2011/9999"),
        ("directive (UE) 2019/9990", "dir/2019/9990"),
        ("directive n° 2000/960/CE du Parlement européen et du Conseil du 23 octobre 2000", "dir/2000/960"),
        ("directive 79/909/CEE", "dir/1979/909"),
        ("directive déléguée (UE) 2019/9990", "dir_del/2019/9990"),
        ("règlement (UE) 2016/9679", "reg/2016/9679"),
        ("règlement (CE) n° 1997/2006", "reg/2006/1997"),
        ("règlement (CE) n° 2003/2003", "reg/2003/2003"),
        ("règlement (UE) n° 9169/2011", "reg/2011/9169"),
        ("règlement d'exécution (UE) 2020/9294 de la Commission du 15 septembre 2020", "reg_impl/2020/9294"),
    ],
)
def test_european_acts_are_named_by_year_and_number(words: str, eli: str) -> None:
    assert cited(f"Selon la {words}, rien.") == [(words, f"http://data.europa.eu/eli/{eli}/oj")]


@pytest.mark.parametrize(
    ("words", "rest", "path"),
    [
        ("question écrite n° 8545", "", "an/16/qe/8545"),
        ("question écrite n°\u00a08\u202f545", " publiée le 3 janvier 2023", "an/16/qe/8545"),
        ("question écrite n° 12345", " de la XVe législature", "an/15/qe/12345"),
        ("question orale sans débat n° 12", " (15ème législature)", "an/15/qosd/12"),
        ("question au Gouvernement n° 12", " de la 15e législature", "an/15/qg/12"),
    ],
)
def test_another_question_is_one_of_the_same_or_of_the_stated_legislature(
    words: str, rest: str, path: str
) -> None:
    assert cited(f"Sa {words}{rest}.") == [(words, IRIS.base + path)]


def test_offsets_count_code_points() -> None:
    [found] = find_citations("🌊🌊 La loi n° 2021-9901 du 3 mai 2021.", CITING, ASKED).citations
    assert (found.start, found.end) == (6, 36)


def test_what_is_cited_has_a_name() -> None:
    text = "La loi n° 2021-9901 du 1er mai 2021, la directive 2011/9999/UE, la question écrite n° 12."
    names = [label(each.target) for each in find_citations(text, CITING, ASKED).citations]
    assert names == ["Loi n° 2021-9901 du 1er mai 2021", "Directive 2011/9999", "Question écrite n° 12"]


def real_texts() -> dict[str, tuple[str, QuestionId, date]]:
    csv.field_size_limit(2**24)
    with (SHARED / "data" / "questions-L16.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return {
        row["number"]: (
            row["text"],
            QuestionId(legislature=16, kind=QuestionKind.WRITTEN, number=int(row["number"])),
            datetime.strptime(row["date"], "%d/%m/%Y").date(),
        )
        for row in rows
    }


def acts(found: list[Citation]) -> set[tuple[int, int, str]]:
    named = {(each.start, each.end, target_iri(IRIS, each.target)) for each in found}
    return {each for each in named if "/eli/" in each[2] and "legifrance" in each[2]}


@pytest.mark.real
def test_the_reviewed_citations_of_real_questions_are_found_and_no_others() -> None:
    """`citations.tsv` has number, offsets and ELI of what was reviewed by eye; no ELI: it must be told."""
    texts = real_texts()
    with GOLD.open(encoding="utf-8", newline="") as lines:
        gold = [
            (r["question"], int(r["start"]), int(r["end"]), r["eli"])
            for r in csv.DictReader(lines, delimiter="\t")
        ]
    found, told = set(), set()
    for number, (text, question, asked) in texts.items():
        result = find_citations(text, question, asked)
        found |= {(number, *each) for each in acts(result.citations)}
        told |= {(number, doubt.start, doubt.end, "") for doubt in result.doubts}
    assert len(gold) > 80
    assert found | told == set(gold)
