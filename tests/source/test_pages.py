"""The text pages are read completely and exactly; what is not is told, or the page refused."""

import time
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from lod import Document, Problem, Question, read_questions
from lod.errors import Cause, Severity
from lod.finding import Finding
from lod.model import QuestionKind, Seat
from tests.conftest import REAL_PAGES, SAMPLES
from tests.support.reading import plain

PAGES = sorted((SAMPLES / "pages").glob("*.txt"))
PAGE = (SAMPLES / "pages" / "90001-lien-vide.txt").read_text(encoding="utf-8")


def read_text(text: str | bytes) -> tuple[Question | None, list[Problem]]:
    data = text if isinstance(text, bytes) else text.encode()
    items = list(read_questions(Document("page.txt", data)))
    questions = [item for item in items if isinstance(item, Question)]
    assert len(questions) <= 1
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Problem)]


def question(text: str | bytes) -> Question:
    read, problems = read_text(text)
    assert read, problems
    return read


def text_of(text: str | bytes) -> str:
    return plain(question(text).text)


def seat_of(text: str | bytes) -> Seat:
    seat = question(text).author.seat
    assert seat
    return seat


def refusal(text: str | bytes) -> Problem:
    read, problems = read_text(text)
    assert read is None
    assert [problem.severity for problem in problems] == [Severity.REJECTED]
    return problems[0]


def test_a_page_gives_every_field_of_its_record() -> None:
    read = question(PAGE)
    assert read.id.uid == "QANR5L17QE90001"
    assert (read.id.legislature, read.id.kind, read.id.number) == (17, QuestionKind.WRITTEN, 90001)
    assert read.title == "Pénurie de parapluies dans les communes imaginaires"
    assert (read.author.civility, read.author.name, read.author.official_id) == (
        "Mme",
        "Zéphyrine Exemple",
        None,
    )
    assert read.author.seat == Seat(departement="01", number=41)
    assert read.author.group
    assert read.author.group.label == "Groupe des Essais"
    assert read.rubric == "environnement"
    assert (read.ministry_asked and read.ministry_asked.label) == "Beaux temps et éclaircies"
    assert [attribution.ministry for attribution in read.attributions] == [read.ministry_asked]
    assert (str(read.published.on), read.published.page) == ("2026-09-01", "9001")
    assert text_of(PAGE).startswith("Mme Zéphyrine Exemple attire")
    assert text_of(PAGE).endswith("100 habitants.")


@pytest.mark.real
@pytest.mark.parametrize(
    ("number", "title", "seat", "group", "rubric", "day", "page"),
    [
        (
            16300,
            "Avenir du dispositif Asalée",
            "44-09",
            "Horizons & Indépendants",
            "santé",
            "2026-06-23",
            "5635",
        ),
        (14939, "Dispositif Asalée - financement", "45-06", "Les Démocrates", "santé", "2026-05-05", "3903"),
        (
            13820,
            "Situation financière et suspension des financements du dispositif Asalée",
            "45-02",
            "Écologiste et Social",
            "santé",
            "2026-03-24",
            "2498",
        ),
        (
            14340,
            "Association Asalée et soins coordonnés",
            "72-04",
            "La France insoumise - Nouveau Front Populaire",
            "professions de santé",
            "2026-04-14",
            "3063",
        ),
        (
            12332,
            "Généralisation du dispositif Asalée",
            "25-05",
            "Droite Républicaine",
            "professions de santé",
            "2026-01-20",
            "268",
        ),
    ],
)
def test_the_real_pages_give_their_printed_values(
    number: int, title: str, seat: str, group: str, rubric: str, day: str, page: str
) -> None:
    path = next(p for p in REAL_PAGES.iterdir() if f"n° {number}\n" in p.read_text(encoding="utf-8"))
    read = question(path.read_bytes())
    assert read.author.group
    assert (read.title, seat_of(path.read_bytes()).notation, read.author.group.label) == (title, seat, group)
    assert (read.rubric, str(read.published.on), read.published.page) == (rubric, day, page)
    assert (
        read.ministry_asked and read.ministry_asked.label
    ) == "Santé, familles, autonomie et personnes handicapées"
    printed = path.read_text(encoding="utf-8").split("Texte de la question")[1].split("Données clés")[0]
    assert plain(read.text) == printed.strip().replace("*via*", "via")


def _damaged(path: Path) -> None:
    data = path.read_text(encoding="utf-8")
    whole, lines = question(data), data.split("\n")
    paragraphs = plain(whole.text).split("\n")
    for n, line in enumerate(lines):
        if len(paragraphs) > 1 and line.strip() in paragraphs:
            continue  # the loss of a whole paragraph cannot be noticed
        read, problems = read_text("\n".join(lines[:n] + lines[n + 1 :]))
        assert read == whole or problems, f"line {n + 1}: {line!r}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_sample_without_any_one_line_is_refused_reported_or_unchanged(path: Path) -> None:
    _damaged(path)


@pytest.mark.real
def test_a_real_page_without_any_one_line_is_refused_reported_or_unchanged() -> None:
    for path in sorted(REAL_PAGES.iterdir()):
        _damaged(path)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_with_any_one_line_twice_is_refused_told_or_unchanged(path: Path) -> None:
    data = path.read_text(encoding="utf-8")
    whole, lines = question(data), data.split("\n")
    text = range(lines.index("Texte de la question") + 1, lines.index("Données clés"))
    for n, line in enumerate(lines):
        if n in text:
            continue  # a paragraph may well be repeated
        read, problems = read_text("\n".join([*lines[: n + 1], *lines[n:]]))
        assert read == whole or problems, f"line {n + 1}: {line!r}"


@pytest.mark.parametrize(
    "heading",
    [
        "Date(s) clé(s)",
        "Date(s) clé(e)s",
        "Date(s) clée(s)",
        "Dates clés",
        "Date clé",
        "DATES CLÉES",
        "Date(s) clés :",
    ],
)
def test_the_heading_of_the_dates_is_read_in_every_spelling(heading: str) -> None:
    assert question(PAGE.replace("Date(s) clé(s)", heading)) == question(PAGE)


@pytest.mark.parametrize("ordinal", ["41e", "41^e", "41ème", "41 e", "41^ème"])
def test_ordinals_are_read_in_every_spelling(ordinal: str) -> None:
    assert question(PAGE.replace("41^e", ordinal)) == question(PAGE)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("1^re", 1),
        ("1re", 1),
        ("1ère", 1),
        ("2nde", 2),
        ("9^e", 9),
    ],
)
def test_the_first_and_the_ninth_constituency(written: str, printed: int) -> None:
    assert seat_of(PAGE.replace("41^e", written)).number == printed


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PAGE.encode("utf-8-sig"), id="a byte order mark"),
        pytest.param(PAGE.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(PAGE.replace("\n", "\r").encode(), id="CR"),
        pytest.param(PAGE.encode("utf-16"), id="UTF-16 with its mark"),
        pytest.param(unicodedata.normalize("NFD", PAGE).encode(), id="decomposed accents"),
        pytest.param(PAGE.replace("n° ", "n°\u00a0").replace(" :", "\u202f:").encode(), id="no-break spaces"),
        pytest.param(PAGE.replace("[Mme Z", "[Mme\u00a0Z").encode(), id="a no-break space in a name"),
        pytest.param(PAGE.replace("septembre 2026", "septembre\u00a02026").encode(), id="one in a day"),
        pytest.param(PAGE.replace("\n\n", "\n \u00a0\n\t\n").encode(), id="blank lines"),
        pytest.param(PAGE.replace("clés\n", "CLÉS :  \n").encode(), id="case and colon of a heading"),
        pytest.param(PAGE.replace("17ème législature", "17e Législature").encode(), id="the legislature"),
    ],
)
def test_the_same_page_in_another_encoding_gives_the_same_record(data: bytes) -> None:
    assert question(data) == question(PAGE)


@pytest.mark.parametrize(
    ("data", "expected", "found"),
    [
        pytest.param(PAGE.encode("cp1252"), "text in UTF-8", "the byte 0xC9 at offset 12", id="Windows-1252"),
        pytest.param(PAGE.encode("utf-16-le"), "text in UTF-8", "the byte 0xC9", id="UTF-16 unmarked"),
        pytest.param(
            PAGE.replace("pluie", "plu\0ie").encode(), "text without control characters", "U+0000", id="NUL"
        ),
        pytest.param(
            PAGE.replace("pluie", "plu\x0cie").encode(), "text without control", "U+000C", id="form feed"
        ),
        pytest.param(
            PAGE.replace("pluie", "plu\ufffeie").encode(), "text without control", "U+FFFE", id="noncharacter"
        ),
        pytest.param(
            PAGE.replace("pluie", "plu\ufffdie").encode(),
            "text without control",
            "U+FFFD",
            id="lost character",
        ),
        pytest.param(PAGE.replace("pluie", "plu\x92ie").encode(), "text without control", "U+0092", id="C1"),
        pytest.param(
            PAGE.encode()[:-1] + b"\xc3", "text in UTF-8", "the byte 0xC3", id="truncated in a letter"
        ),
        pytest.param(b"", "a text", "an empty document", id="empty"),
        pytest.param(b" \n\t\n", "a text", "an empty document", id="blank"),
        pytest.param(bytes(range(256)), "text in UTF-8", "the byte 0x80", id="binary"),
        pytest.param(
            PAGE.replace(" ", "\u00a0").encode(),
            "a text with ordinary spaces",
            "U+00A0",
            id="no space at all",
        ),
        pytest.param(PAGE[:600].encode(), "the heading « Données clés » once", "0 of them", id="truncated"),
        pytest.param(
            (PAGE + PAGE).encode(), "the heading « Texte de la question » once", "2 of them", id="two pages"
        ),
        pytest.param(
            b"<html><body>500</body></html>", "a document of the Assembl", "an HTML page", id="an error page"
        ),
    ],
)
def test_bytes_that_are_not_a_page_are_refused_in_one_sentence(
    data: bytes, expected: str, found: str
) -> None:
    problem = refusal(data)
    assert expected in problem.expected
    assert found in problem.found
    assert "\n" not in str(problem)


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\u0085", "ﬁ", "Ⅳ", "𝔘", "\U0001f327"])
def test_unusual_characters_of_a_text_are_kept(character: str) -> None:
    assert character in text_of(PAGE.replace("la pluie", f"la{character}pluie"))


def test_no_break_spaces_of_a_text_are_kept() -> None:
    assert "100\u00a0habitants" in text_of(PAGE.replace("100 habitants", "100\u00a0habitants"))


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u2066"])
def test_invisible_characters_are_kept_and_reported(hidden: str) -> None:
    read, problems = read_text(PAGE.replace("la pluie", f"la {hidden}pluie"))
    assert read
    assert hidden in plain(read.text)
    assert [(problem.severity, problem.found[:6]) for problem in problems] == [
        (Severity.WARNING, f"U+{ord(hidden):04X}")
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "expected", "found"),
    [
        ("question : 90001", "question : 90010", "Numéro de la question", "« QE 90001 »", "« QE 90010 »"),
        (
            "Question écrite n°",
            "Question au Gouvernement n°",
            "Numéro de la question",
            "« QG 90001 »",
            "« QE 90001 »",
        ),
        ("n° 90001", "n° 9 0001", "heading", "a number", "« 9 0001 »"),
        ("question : 90001", "question : 9_0001", "Numéro de la question", "a number", "9_0001"),
        ("question : 90001", "question : ９０００１", "Numéro de la question", "a number", "９"),
        ("question : 90001", "question : " + "9" * 1900, "Numéro de la question", "a number", "…"),
        ("question : 90001", "question : " + "9" * 5000, "Numéro de la question", "at most 2000", "5000"),
        ("1er septembre 2026", "31 septembre 2026", "Question publiée au JO le", "a day", "31 septembre"),
        ("1er septembre 2026", "29 février 2026", "Question publiée au JO le", "a day", "29 février"),
        ("1er septembre 2026", "1er septembre 26", "Question publiée au JO le", "a day", "septembre 26"),
        ("1er septembre 2026", "1er setpembre 2026", "Question publiée au JO le", "a day", "setpembre"),
        ("Auteur :", "Autuer :", "", "the field « Auteur »", "« Autuer »"),
        (
            "interrogé :",
            "interogé :",
            "Ministère interrogé",
            "the field « Ministère interrogé »",
            "« Ministère interogé »",
        ),
        ("Ain (", "Atlantide (", "Circonscription", "a département", "« Atlantide »"),
        ("(41^e circonscription)", "", "Circonscription", "a seat", "Ain"),
        ("17ème législature", "dix-septième législature", "heading", "a legislature", "dix-septième"),
        ("Ain (41^e", "Ain (0e", "Circonscription", "a seat", "0e"),
        ("page 9001", "page 9001 Réponse publiée", "Question publiée au JO le", "a page", "Réponse"),
        ("page 9001", "page <script>", "Question publiée au JO le", "a page", "<script>"),
        ("Mme Zéphyrine Exemple](#)", "M.](#)", "Auteur", "a name", "« M. »"),
        ("Mme Zéphyrine Exemple](#)", "23 juin 2026](#)", "Auteur", "a name", "23 juin"),
        ("Mme Zéphyrine Exemple](#)", "M. A et Mme B](#)", "Auteur", "a name", "et Mme B"),
        ("Mme Zéphyrine Exemple](#)", "M. A\u2028Rubrique : B](#)", "Auteur", "a name", "Rubrique"),
        ("Rubrique : Environnement", "Rubrique :", "Rubrique", "a value", "nothing"),
        (
            "Type de question : Question écrite",
            "Type de question : Motion",
            "Type de question",
            "a type",
            "Motion",
        ),
        ("[Mme Zéphyrine Exemple](#)", "[Mme Zéphyrine Exemple](#", "Auteur", "a value", "](#"),
    ],
)
def test_a_bad_field_is_told_with_its_place(
    old: str, new: str, place: str, expected: str, found: str
) -> None:
    assert old in PAGE
    _, (problem, *_) = read_text(PAGE.replace(old, new))
    assert problem.place == place
    assert expected in problem.expected
    assert found in problem.found
    assert len(str(problem)) < 300


@pytest.mark.parametrize(
    "label", ["Question transmise le : 2 octobre 2026", "Date de la séance : 2 octobre 2026", "Erratum"]
)
def test_an_unknown_field_is_never_dropped(label: str) -> None:
    read, (problem,) = read_text(f"{PAGE}\n\n{label}")
    assert read == question(PAGE)
    assert problem.cause is Cause.UNKNOWN
    assert label in problem.found


@pytest.mark.parametrize("label", ["Rubrique : Autre", "Auteur : M. Autre"])
def test_a_duplicate_field_is_told(label: str) -> None:
    _, (problem,) = read_text(f"{PAGE}\n\n{label}")
    assert "twice" in problem.found


@pytest.mark.parametrize(
    "quoted",
    [
        "Auteur : M. Personne",
        "Question publiée au JO le : 1er mai 1999, page 1",
        "Question écrite n° 1",
        "Rubrique : Pluie",
    ],
)
def test_a_label_quoted_in_the_text_is_text(quoted: str) -> None:
    quoting = question(PAGE.replace("Elle lui demande", f"\n\n{quoted}\n\nElle lui demande"))
    assert quoted in plain(quoting.text)
    assert (quoting.author, quoting.rubric, quoting.published) == (
        question(PAGE).author,
        question(PAGE).rubric,
        question(PAGE).published,
    )


@pytest.mark.parametrize("heading", ["Données clés", "Texte de la question", "ASSEMBLÉE NATIONALE"])
def test_a_section_heading_quoted_in_the_text_is_ambiguous(heading: str) -> None:
    assert heading in str(refusal(PAGE.replace("Elle lui demande", f"\n\n{heading}\n\nElle lui demande")))


def test_an_answer_below_the_question_is_never_taken_for_its_text() -> None:
    answered = PAGE.replace("Données clés", "Texte de la réponse\n\nLa pluie est en route.\n\nDonnées clés")
    read, problems = read_text(answered)
    assert read
    assert (read.text, read.answers) == (question(PAGE).text, ())
    assert [(problem.found, problem.kind) for problem in problems] == [
        ("only its text, which is left out", Finding.DAY_MISSING)
    ]


def test_an_answer_of_which_only_the_day_is_known_is_published_without_a_text_and_reported() -> None:
    read, problems = read_text(f"{PAGE}\n\nRéponse publiée au JO le : 6 octobre 2026, page 9001")
    assert read
    assert [(answer.published.on, answer.text) for answer in read.answers] == [(date(2026, 10, 6), None)]
    assert [(problem.place, problem.expected) for problem in problems] == [
        ("answer", "the text of the answer")
    ]


def test_another_name_in_the_text_is_reported_but_never_fills_a_field() -> None:
    read, problems = read_text(PAGE.replace("Mme Zéphyrine Exemple attire", "M. Barnabé Factice attire"))
    assert read
    assert read.author.name == "Zéphyrine Exemple"
    assert [(p.severity, p.place) for p in problems] == [(Severity.WARNING, "Texte de la question")]


@pytest.mark.parametrize("start", ["Mme la ministre a dit que", "M. le Premier ministre", "Les parapluies"])
def test_a_text_that_does_not_open_with_a_name_is_not_reported(start: str) -> None:
    read, problems = read_text(PAGE.replace("Mme Zéphyrine Exemple attire", start))
    assert read
    assert problems == []


@pytest.mark.parametrize(
    ("target", "official_id"),
    [
        ("#", None),
        ("https://www.example.org/dyn/deputes/PA9990001", "PA9990001"),
        ("/deputes/PA9990001?x=PA9990001", "PA9990001"),
        ("https://example.org/SPA9990001", None),
    ],
)
def test_a_link_may_hold_the_official_id(target: str, official_id: str | None) -> None:
    read = question(PAGE.replace("[Mme Zéphyrine Exemple](#)", f"[Mme Zéphyrine Exemple]({target})"))
    assert (read.author.name, read.author.official_id) == ("Zéphyrine Exemple", official_id)


def test_a_link_to_two_people_is_refused() -> None:
    assert refusal(PAGE.replace("Exemple](#)", "Exemple](/PA1/PA2)")).found == "PA1 and PA2"


@pytest.mark.parametrize(
    ("written", "seat", "group"),
    [
        ("Ain (1re circonscription)", "01-01", None),
        ("Ain (1re circonscription) - Non inscrit", "01-01", "Non inscrit"),
        ("La Réunion (7e circonscription) - A - B (c) - D", "974-07", "A - B (c) - D"),
        ("Réunion (7e circonscription) - E & F", "974-07", "E & F"),
        ("Français établis hors de France (11^e circonscription) - G", "099-11", "G"),
        ("Corse-du-Sud (2^e circonscription) - G", "2A-02", "G"),
        ("Saint-Barthélemy et Saint-Martin (1^re circonscription) - G", "977-01", "G"),
        ("Côtes-d’Armor (5e circonscription) - G", "22-05", "G"),
    ],
)
def test_a_seat_and_a_group_are_split_at_the_first_dash(written: str, seat: str, group: str | None) -> None:
    read = question(PAGE.replace("Ain (41^e circonscription) - Groupe des Essais", written))
    assert read.author.seat
    assert read.author.seat.notation == seat
    assert (read.author.group.label if read.author.group else None) == group


@pytest.mark.parametrize(
    ("written", "page"),
    [
        ("[1er septembre 2026](#), page 9001", "9001"),
        ("1er septembre 2026, page 9001-9002 S", "9001-9002 S"),
        ("01/09/2026 page : 9001", "9001"),
        ("1^er SEPTEMBRE 2026", None),
    ],
)
def test_a_day_and_a_page_are_read_in_every_spelling(written: str, page: str | None) -> None:
    read = question(PAGE.replace("[1er septembre 2026](#), page 9001", written))
    assert (str(read.published.on), read.published.page) == ("2026-09-01", page)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("la pluie *sine die*.", "la pluie sine die."),
        ("le XIX^e siècle et le 1^er mai", "le XIXe siècle et le 1er mai"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("une note* et une autre*", "une note* et une autre*"),
        ("a*b*c", "a*b*c"),
        ("Prix (*) du lait (*)", "Prix (*) du lait (*)"),
        ("2 *3* 4", "2 *3* 4"),
        ("le titre *« Pluie »* dit", "le titre « Pluie » dit"),
        ("x^2", "x²"),
    ],
)
def test_marks_of_emphasis_and_superscript_are_removed_from_the_text(written: str, plain: str) -> None:
    assert plain in text_of(PAGE.replace("Elle lui demande", f"{written} Elle lui demande"))


@pytest.mark.parametrize(
    "flood",
    [
        PAGE.replace("la pluie", "la pluie " * 500_000).replace("Pénurie", "Pénurie " * 60_000),
        PAGE.replace("la pluie", "*a " * 500_000),
        PAGE.replace("la pluie", "[" * 500_000),
        PAGE.replace("2026](#), page", "2026](#)" + " " * 200_000 + ", page"),
        PAGE.replace("[1er septembre 2026](#), page", "1er septembre 2026" + " , page" * 50_000),
        PAGE.replace("[Mme Zéphyrine Exemple](#)", "[" * 200_000),
        PAGE.replace("Ain (", "(" * 200_000 + "Ain ("),
        PAGE.replace("Environnement", "](" * 100_000),
        PAGE.replace("41^e", "41" + "\u2003" * 100_000 + "^e"),
        PAGE.replace("17ème", "17" + "\u2003" * 100_000 + "ème"),
        PAGE.replace("la pluie", "e" + "\u0301\u0316" * 200_000),
    ],
    ids=[
        "long",
        "asterisks",
        "brackets",
        "spaces",
        "pages",
        "links",
        "parentheses",
        "targets",
        "wide",
        "wider",
        "marks",
    ],
)
def test_a_flood_is_read_or_refused_without_delay(flood: str) -> None:
    started = time.process_time()
    read, problems = read_text(flood)
    assert read or problems
    assert time.process_time() - started < 20, "not linear"


def test_marks_of_emphasis_are_removed_from_titles_too() -> None:
    title = question(PAGE.replace("Pénurie", "Pénurie *in fine* au XX^e")).title
    assert title == "Pénurie in fine au XXe de parapluies dans les communes imaginaires"
