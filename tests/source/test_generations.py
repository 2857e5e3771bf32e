"""Pages of all generations, as HTML and as text, are read completely and exactly; what is not is reported."""

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from lod import Document, Problem, Question, definitions, read_questions
from lod.errors import Cause, Severity
from lod.finding import Finding
from lod.model import Closure, Ending, Journal, JournalPage, QuestionKind, Seat
from lod.source.french import official_rubric
from lod.source.html_text import read_fragment, to_plain_text
from lod.source.pages.markdown import plain_line
from tests.conftest import SAMPLES, SHARED
from tests.support.golden import approved
from tests.support.reading import plain, without_end
from tests.support.renderings import rendered

REAL = sorted((SHARED / "data" / "html").glob("*.html"))
HTML = sorted((SAMPLES / "html").glob("*.html"))
TEXTS = sorted((SAMPLES / "older-pages").glob("*.txt"))
NAMES = [path.name for path in (*HTML, *TEXTS)]


def read(data: str | bytes) -> list[Question | Problem]:
    return list(read_questions(Document("page", data if isinstance(data, bytes) else data.encode())))


def question(data: str | bytes) -> Question:
    record = next((item for item in read(data) if isinstance(item, Question)), None)
    assert record, read(data)
    return record


def problems(data: str | bytes) -> list[Problem]:
    return [item for item in read(data) if isinstance(item, Problem)]


def refusal(data: str | bytes) -> Problem:
    [problem] = problems(data)
    assert problem.severity is Severity.REJECTED
    return problem


def sample(name: str) -> str:
    folder = "html" if name.endswith(".html") else "older-pages"
    return (SAMPLES / folder / name).read_text(encoding="utf-8")


def changed(name: str, old: str, new: str) -> str:
    text = sample(name)
    assert old in text, old
    return text.replace(old, new)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_gives_the_approved_record(name: str, regen: bool) -> None:
    approved(f"generations/{name}.lines", rendered(read(sample(name)), whole=True), regen=regen)


@pytest.mark.real
@pytest.mark.parametrize("name", ["11_qe", "11_qg", "14_qe", "14_qosd", "16_qe", "16_qg"])
def test_a_real_page_gives_the_approved_record(name: str, regen: bool) -> None:
    items = read((SHARED / "data" / "html" / f"{name}.html").read_bytes())
    approved(f"generations/real-{name}.lines", rendered(items, whole=False), regen=regen)


def without_structure(record: Question) -> Question:
    """Return a question with plain texts alone: a page as text has lost the structure of the HTML."""
    answers = [
        replace(answer, text=answer.text and replace(answer.text, html=None)) for answer in record.answers
    ]
    return replace(record, text=record.text and replace(record.text, html=None), answers=tuple(answers))


@pytest.mark.parametrize(
    "name", [path.stem for path in TEXTS if (SAMPLES / "html" / f"{path.stem}.html") in HTML]
)
def test_a_page_gives_the_same_record_as_html_and_as_text(name: str) -> None:
    html, text = question(sample(f"{name}.html")), question(sample(f"{name}.txt"))
    if text.author.official_id is None:
        html = replace(html, author=replace(html.author, official_id=None))
    if html.author.group:  # a text has no abbreviation
        group = replace(html.author.group, abbreviation=None)
        html = replace(html, author=replace(html.author, group=group))
    assert without_structure(html) == without_structure(text)


def test_a_page_since_2025_is_read_as_html_too() -> None:
    text = sample("17-99112QE.txt")
    body = "".join(f"<p>{line}</p>\n" for line in text.replace("^e", "<sup>e</sup>").split("\n") if line)
    linked = re.sub(r"\[([^\]]+)\]\(#\)", r'<a href="#">\1</a>', body)
    assert question(f"<!DOCTYPE html><html><body><main>{linked}</main></body></html>") == question(text)


# Lines whose loss cannot be noticed: whole statements that a page makes once and no other line implies.
EVENTS = re.compile(
    r"Date de (?:changement|signalement|renouvellement)|Erratum de la|Question retirée|Cause : ",
    re.IGNORECASE,
)


def _is_of_a_text(line: str, whole: Question, least: int) -> bool:
    """Return whether a line is a paragraph: one of several may be missing, any may be repeated, unnoticed."""
    texts = [text for text in (plain(whole.text), *(plain(answer.text) for answer in whole.answers)) if text]
    spared = [text for text in texts if text.count("\n") + 1 >= least]
    words = to_plain_text(line).strip(" ").split("\n")[0]
    return bool(words) and any(words in text or plain_line(words) in text for text in spared)


def _silent(text: str, damage: Callable[[list[str], int], list[str]], least: int) -> list[str]:
    """Return the lines whose damage changes the record unnoticed; texts of `least` lines are spared."""
    whole, expected_problems, lines = question(text), problems(text), text.split("\n")
    silent = []
    for n, line in enumerate(lines):
        items = read("\n".join(damage(lines, n)))
        record = next((item for item in items if isinstance(item, Question)), None)
        new_problem = len([item for item in items if isinstance(item, Problem)]) > len(expected_problems)
        if record not in (None, whole) and not new_problem and not _is_of_a_text(line, whole, least):
            silent.append(line)
    return silent


def _gone(lines: list[str], n: int) -> list[str]:
    return lines[:n] + lines[n + 1 :]


def _twice(lines: list[str], n: int) -> list[str]:
    return [*lines[: n + 1], *lines[n:]]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_any_one_line_is_refused_reported_or_unchanged(name: str) -> None:
    assert [line for line in _silent(sample(name), _gone, least=2) if not EVENTS.search(line)] == []


@pytest.mark.parametrize("name", [path.name for path in TEXTS])
def test_a_text_with_any_one_line_twice_is_refused_reported_or_unchanged(name: str) -> None:
    assert _silent(sample(name), _twice, least=1) == []


@pytest.mark.real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_real_page_without_any_one_line_is_refused_reported_or_unchanged(path: Path) -> None:
    assert _silent(path.read_text(encoding="utf-8"), _gone, least=2) == []


NOTICE = sample("14-99104QE.txt")
JO = "https://example.org/jo.pdf"
PUBLICATION = "Publication de la question au Journal Officiel"
BLOC = sample("16-99108QE.txt")
OLDER_BLOC = sample("14-99110QE.txt")
SINCE_2025 = sample("17-99112QE.txt")
OPEN = {
    # an open question on a page of each form, and the words after which labelled lines may follow
    "notice": (re.sub(r"\n(?:Date de|Question retirée).*", "", sample("15-99105QE.txt")), "9105"),
    "bloc": (
        re.sub(r"\n(?:Question clôturée|Cause|Date de clôture|20 juin|Fin).*", "", OLDER_BLOC),
        "1er septembre 2015",
    ),
    "page": (
        re.sub(r"Texte de la réponse.*?Données", "Données", SINCE_2025, flags=re.DOTALL).partition(
            "\n\nDate de changement"
        )[0],
        "page 9112",
    ),
}


def with_lines(form: str, *lines: str) -> str:
    text, below = OPEN[form]
    head, found, rest = text.rpartition(below)
    return f"{head}{found}\n" + "\n".join(lines) + rest


ENDINGS = [
    (["Question retirée le: 21/06/2022 (fin de mandat)"], Ending.LAPSED, "Fin de mandat"),
    (["Question retirée le: 21/06/2022 (FIN DE MANDAT)"], Ending.LAPSED, "Fin de mandat"),
    (["Question retirée le 21 juin 2022", "Cause : Fin de mandat"], Ending.LAPSED, "Fin de mandat"),
    (["Question clôturée le 21 juin 2022", "Cause : Fin de mandat"], Ending.LAPSED, "Fin de mandat"),
    (["Date de cloture : 21 juin 2022", "Fin de mandat"], Ending.LAPSED, "Fin de mandat"),
    (["Date de clôture :", "21 juin 2022", "Fin de mandat"], Ending.LAPSED, "Fin de mandat"),
    (
        ["Question retirée le 21 juin 2022", "Date de clôture :", "Fin de mandat"],
        Ending.LAPSED,
        "Fin de mandat",
    ),
    (["Question retirée le : 22/06/2021 (retrait de l’auteur)"], Ending.WITHDRAWN, "retrait de l’auteur"),
    (["Question retirée le 22 juin 2021", "Cause : Décès"], Ending.CLOSED, "Décès"),
    (["Question retirée le > 22/06/2021"], Ending.WITHDRAWN, "Question retirée"),
    (["Question clôturée le 22 juin 2021", "Cause : Caducité"], Ending.LAPSED, "Caducité"),
]


@pytest.mark.parametrize("form", OPEN)
@pytest.mark.parametrize(("lines", "ending", "label"), ENDINGS)
def test_a_closure_is_read_in_every_spelling(form: str, lines: list[str], ending: Ending, label: str) -> None:
    record = question(with_lines(form, *lines))
    day = date(2021, 6, 22) if "2021" in lines[0] else date(2022, 6, 21)
    assert record.closure == Closure(ending=ending, on=day, label=label)


@pytest.mark.parametrize("form", OPEN)
@pytest.mark.parametrize("line", ["Question retirée le : 21/06/2022", "Question clôturée le 3 mai 2021"])
def test_a_closure_without_a_cause_is_published_and_reported(form: str, line: str) -> None:
    record = question(with_lines(form, line))
    assert record.closure
    assert record.closure.ending is Ending.UNKNOWN
    assert "the cause of the end" in [problem.expected for problem in problems(with_lines(form, line))]


@pytest.mark.parametrize("form", OPEN)
@pytest.mark.parametrize(
    "lines",
    [
        ("Question retirée le : 21/06/2022", "Date de clôture : 22/06/2022"),
        ("Question retirée le : 21/06/2022 (fin de mandat)", "Cause : Décès"),
        ("Date de clôture : Fin de mandat",),
        ("Cause : Fin de mandat",),
        ("Question retirée le : hier",),
        ("Erratum de la réponse publié au JO le : 12/05/1998 page : 2254",),
        ("Date de changement d'attribution : 21/06/2022", "Date de changement d'attribution : 22/06/2022"),
        ("Question publiée au JO le : 21/06/2022",),
    ],
)
def test_contradictory_statements_are_reported(form: str, lines: tuple[str, ...]) -> None:
    whole, contradicting = with_lines(form), with_lines(form, *lines)
    assert question(contradicting).text == question(whole).text
    assert without_end(set(problems(contradicting)) - set(problems(whole)))


@pytest.mark.parametrize("form", OPEN)
@pytest.mark.parametrize("separator", [" : ", ": ", " > ", ">", "\u00a0:\u00a0", " :\n\n"])
def test_the_life_is_read_with_every_separator(form: str, separator: str) -> None:
    labels = {
        "Date de changement d’attribution": "21/05/2022",
        "Date de signalement": "11/05/2021",
        "Date de renouvellement": "25 février 2014",
        "Erratum de la question publié au JO le": "12/05/1998 page : 2254",
    }
    record = question(with_lines(form, *(f"{label}{separator}{value}" for label, value in labels.items())))
    assert [attribution.on for attribution in record.attributions] == [date(2022, 5, 21)]
    assert (record.flaggings, record.renewals) == ((date(2021, 5, 11),), (date(2014, 2, 25),))
    assert [erratum.published for erratum in record.errata] == [
        JournalPage(on=date(1998, 5, 12), page="2254")
    ]


@pytest.mark.parametrize("form", OPEN)
def test_renewals_on_one_day_count_once(form: str) -> None:
    days = ("2 mai 2022", "1er mars 2022", "2 mai 2022")
    record = question(with_lines(form, *(f"Date de renouvellement : {day}" for day in days)))
    assert record.renewals == (date(2022, 3, 1), date(2022, 5, 2))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("14-99104QE.txt", "14ème législature", "14e Législature"),
        ("14-99104QE.txt", "Question N° 99104", "Question N° : 99104"),
        ("14-99104QE.txt", "Question N° 99104\n\nde [", "Question N° 99104 de ["),
        ("14-99104QE.txt", "Ministère attributaire >", "Ministère répondant :"),
        ("14-99104QE.txt", "Ministère interrogé >", "**Ministère interrogé :**"),
        ("14-99104QE.txt", "Tête d'analyse >", "Tête d’analyse :"),
        ("14-99104QE.txt", "04/02/2014 page : 9104", "[4 février 2014](#), page 9104"),
        ("14-99104QE.txt", "14ème législature", "FICHE QUESTION\n\n14ème législature"),
        ("14-99104QE.txt", "Question écrite", "QE"),
        ("11-99101QE.txt", "Texte de la REPONSE :", "Texte de la réponse"),
        ("16-99108QE.txt", "Question écrite n°99108 :\n\nArcs", "Question écrite n° 99108 : Arcs"),
        (
            "16-99108QE.txt",
            f"[{PUBLICATION} du 26 juillet 2022, page 9108]({JO})",
            f"{PUBLICATION}\n\ndu 26/07/2022, page 9108",
        ),
        ("16-99108QE.txt", "Réponse publiée le 27", "Réponse en séance, et publiée le 27"),
        ("16-99108QE.txt", "Ministère répondant", "Ministère attributaire"),
        ("16-99108QE.txt", "Rubrique : Environnement", "Rubrique :\n\nenvironnement"),
        ("16-99108QE.txt", "Question de : Mme", "Question de :\n\nMme"),
        ("16-99108QE.txt", "Question de :", "**Question de :**"),
        ("16-99108QE.txt", "Dates :", "Date :"),
        ("16-99108QE.txt", "Dates :\n", ""),
        ("16-99108QE.txt", "Type de question :", "Numéro de la question : 99108\n\nType de question :"),
        ("16-99109QG.txt", "séance :\n\nLa question", "séance : La question"),
        ("14-99110QE.txt", "Question clôturée", "Question retirée"),
        ("14-99110QE.txt", "Date de clôture :\n\n20", "Date de cloture : 20"),
        ("14-99110QE.txt", "[M. Aimé Modèle](PA9990003)", "[M. Aimé Modèle](/dyn/deputes/PA9990003?x)"),
        ("17-99112QE.txt", "Ministère attributaire", "Ministère répondant"),
        ("17-99112QE.txt", "d'attribution", "d’attribution"),
        ("17-99112QE.txt", "Texte de la réponse", "TEXTE DE LA RÉPONSE :"),
    ],
)
def test_a_page_with_other_labels_gives_the_same_record(name: str, old: str, new: str) -> None:
    assert question(changed(name, old, new)) == question(sample(name))


@pytest.mark.parametrize(
    ("name", "old", "new", "expected", "found"),
    [
        ("14-99104QE.txt", "Question N° 99104", "Question N° 9 9104", "a number", "« 9 9104 »"),
        ("14-99104QE.txt", "Question écrite", "Motion", "a type", "« Motion »"),
        ("14-99104QE.txt", "Ministère interrogé >", "Ministère interogé >", "a type", "interogé"),
        ("14-99104QE.txt", "Analyse > jouvence. entretien.\n", "", "the field « Analyse »", "nothing"),
        ("14-99104QE.txt", "Date de renouvellement", "Date de renoncement", "a known field", "renoncement"),
        ("14-99104QE.txt", "10/06/2014", "31/06/2014", "a day", "31/06/2014"),
        ("14-99104QE.txt", "14ème législature", "14ème législature\n\nquatorze", "Question N°", "quatorze"),
        ("14-99104QE.txt", "\n-->\n", "\nTexte de la question\n", "each at most once", "2 and 1"),
        ("16-99108QE.txt", "Auteur : [Mme Z", "Auteur : [M. Z", "Zéphyrine", "M. Zéphyrine"),
        ("16-99108QE.txt", "question : Question écrite", "question : Question orale", "« QE 99108 »", "QOSD"),
        (
            "16-99108QE.txt",
            "Réponse publiée le 27 septembre 2022\n\nIl",
            "Il",
            "the text of the answer",
            "nothing",
        ),
        ("16-99108QE.txt", "Réponse publiée le 27", "Réponse publiée le 28", "one day", "and 2022-09-28"),
        (
            "16-99108QE.txt",
            "Le *Gou",
            "Réponse publiée le 27 septembre 2022\n\nLe *Gou",
            "one answer",
            "text",
        ),
        ("16-99108QE.txt", "16ème Législature", "Sixième législature", "a heading", "Sixième"),
        ("16-99108QE.txt", "Rubrique", "Rubrıque", "the field « Rubrique »", "Rubrıque"),
        ("16-99108QE.txt", "page 9108", "page neuf", "a page", "« neuf »"),
        ("16-99108QE.txt", "partager", "Votes : 12", "a known field", "« Votes : 12 »"),
        ("16-99109QG.txt", "et publiée le 26", "et publiée le 27", "one day", "2022-10-26 and 2022-10-27"),
        (
            "14-99110QE.txt",
            "- Non inscrit",
            "- Non inscrit\n\nAin (1re circonscription) - X",
            "one seat",
            "two",
        ),
        (
            "14-99110QE.txt",
            "Question de :",
            "Question :",
            "the heading « Texte de la question »",
            "0 of them",
        ),
        ("11-99101QE.html", "<nleg>11", "<nleg>12", "legislature 11", "12"),
        ("11-99101QE.html", "<nat>QE", "<nat>QX", "one of QE", "QX"),
        ("11-99101QE.html", "</mini>", "", "each tag once", "a tag that is not closed"),
        ("11-99101QE.html", "<ret></ret>", "<rub>eau</rub>", "each tag once", "a tag twice"),
    ],
)
def test_a_fault_in_a_page_is_reported(name: str, old: str, new: str, expected: str, found: str) -> None:
    found_problems = problems(changed(name, old, new))
    assert any(expected in problem.expected and found in problem.found for problem in found_problems)
    assert all(len(str(problem)) < 400 for problem in found_problems)


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("14-99104QE.txt", "Corse-du-Sud )", "Atlantide )", "« Atlantide »"),
        ("11-99101QE.html", "<dept>Corse-du-Sud", "<dept>Atlantide", "« Atlantide »"),
        ("11-99101QE.html", "<dept>Corse-du-Sud", "<dept>", "nothing"),
    ],
)
def test_a_departement_that_is_not_known_costs_only_itself(name: str, old: str, new: str, found: str) -> None:
    text = changed(name, old, new)
    (found_without,) = [item for item in read(text) if isinstance(item, Question)]
    assert found_without.author.departement is None
    assert found_without == replace(question(sample(name)), author=found_without.author)
    [problem] = [p for p in problems(text) if p not in problems(sample(name))]
    assert (problem.expected, problem.found) == ("a département such as « Loire-Atlantique »", found)
    assert problem.kind is Finding.DEPARTEMENT_UNKNOWN


def test_a_departement_by_the_name_of_another_time_is_read_and_remarked() -> None:
    text = changed("14-99104QE.txt", "Corse-du-Sud )", "Côtes-du-Nord )")
    (found,) = [item for item in read(text) if isinstance(item, Question)]
    assert found.author.departement == "22"
    [remark] = [p for p in problems(text) if p not in problems(sample("14-99104QE.txt"))]
    assert (remark.place, remark.kind) == ("author", Finding.DEPARTEMENT_UNKNOWN)
    assert remark.expected == f"the name of a département on {found.published.on}"
    assert remark.found == "« Côtes-du-Nord »"


@pytest.mark.parametrize("tag", ["ret", "dc", "comprep", "nouveau"])
def test_an_unknown_tag_is_reported(tag: str) -> None:
    text = sample("11-99101QE.html").replace("<ret></ret>", "<ret></ret><nouveau></nouveau>")
    [problem] = problems(text.replace(f"<{tag}></{tag}>", f"<{tag}>quelque chose</{tag}>"))
    assert (problem.place, problem.found, problem.cause) == (tag, "« quelque chose »", Cause.UNKNOWN)
    assert problem.severity is Severity.WARNING


def test_words_outside_all_tags_are_reported() -> None:
    [problem] = problems(changed("11-99101QE.html", "<ret></ret>", "<ret></ret><p>Question jointe</p>"))
    assert problem.found == "« Question jointe »"


@pytest.mark.parametrize("tag", ["dsign", "dca"])
def test_a_tag_may_hold_its_label_too(tag: str) -> None:
    label = {"dsign": "Date de signalement", "dca": "Date de changement d'attribution"}[tag]
    labelled = changed("11-99101QE.html", f"<{tag}>", f"<{tag}>{label} : ")
    assert question(labelled) == question(sample("11-99101QE.html"))


@pytest.mark.parametrize(
    ("old", "new", "journal", "has_text"),
    [
        ("14-99106QOSD.html", "14-99106QOSD.html", Journal.QUESTIONS, True),
        ("14-99107QG.html", "14-99107QG.html", Journal.DEBATES, False),
        ("11-99102QG.html", "11-99102QG.txt", Journal.DEBATES, False),
        ("16-99109QG.html", "16-99109QG.txt", Journal.DEBATES, False),
    ],
)
def test_oral_questions_are_answered_in_the_debates(
    old: str, new: str, journal: Journal, has_text: bool
) -> None:
    for name in (old, new):
        record = question(sample(name))
        assert (record.published.journal, record.answers[0].published.journal) == (journal, Journal.DEBATES)
        assert bool(plain(record.text)) is has_text
        assert has_text or record.answers[0].published == record.published


def test_the_same_fragment_gives_the_same_text_as_in_json() -> None:
    fragment = (
        '</p><p align="CENTER"> TITRE <a name=PG13></a> </p><br><strong>M. X. </strong>2 * 3 *a* ^e'
        "<table><tr><td>a<br>b</td><td>1&#160;2 &lt;b&gt; x<y et z>w</td></tr></table>"
        "[y](z) &#339;uvre<sup>e</sup><br> <p>"
    )
    html = changed("14-99106QOSD.html", '<p align="CENTER"> RECENSEMENT', f"{fragment}</p> RECENSEMENT")
    assert plain(question(html).answers[0].text).startswith(
        plain(read_fragment(fragment).text) + "\nRECENSEMENT"
    )


@pytest.mark.parametrize(
    ("printed", "spelt"),
    [
        ("Animaux", "animaux"),
        ("Ministères et secrétariats d'état", "ministères et secrétariats d'État"),
        ("État", "État"),
        ("Tva", "TVA"),
        ("Licornes", "Licornes"),
    ],
)
def test_a_rubric_has_its_official_spelling(printed: str, spelt: str) -> None:
    assert official_rubric(printed) == spelt
    assert question(BLOC.replace("Environnement", printed)).rubric == spelt


def test_a_heading_before_the_fifteenth_legislature_is_the_head_of_analysis() -> None:
    assert (question(OLDER_BLOC).title, question(OLDER_BLOC).keywords) == (None, ())
    record = question(OLDER_BLOC.replace(": animaux", ": licornes"))
    assert (record.title, record.keywords) == ("licornes", ("licornes",))


def test_a_seat_is_read_where_it_is_printed_and_a_missing_one_is_reported() -> None:
    assert question(OLDER_BLOC).author.seat == Seat(departement="974", number=21)
    without = OLDER_BLOC.replace("La Réunion (21e circonscription) - Non inscrit\n", "")
    assert question(without).author.seat is None
    assert "a seat, or a region and a group" in [problem.expected for problem in problems(without)]


def test_a_seat_within_the_text_is_text() -> None:
    quoted = "Creuse (1re circonscription) - Autre"
    record = question(BLOC.replace("Le prix d'un arc", f"{quoted}\n\nLe prix d'un arc"))
    assert record.author.seat is None
    assert plain(record.text).split("\n")[:2] == [
        "Mme Zéphyrine Exemple demande pourquoi nul ne voit les arcs-en-ciel de nuit.",
        quoted,
    ]


@pytest.mark.parametrize("declared", ["iso-8859-1", "ISO-8859-15", "windows-1252"])
@pytest.mark.parametrize("name", ["11-99101QE.html", "14-99104QE.html"])
def test_a_declared_encoding_is_honoured(name: str, declared: str) -> None:
    text = sample(name).replace(
        "fontaines", "cœur d’eau à 3 €" if declared != "ISO-8859-15" else "cœur à 3 €"
    )
    meta = f'<meta content="text/html; charset={declared}" http-equiv="Content-Type">'
    text = text.replace("<title>", f"{meta}<title>").replace('<meta charset="utf-8"/>', "")
    codec = "iso-8859-15" if declared == "ISO-8859-15" else "windows-1252"
    assert question(text.encode(codec)) == question(text.replace(meta, ""))


def test_bytes_of_another_encoding_than_the_declared_one_are_refused() -> None:
    text = changed("14-99104QE.html", 'charset="utf-8"', 'charset="iso-8859-1"')
    assert refusal(text.encode()).found == "text in UTF-8"
    assert (
        "the byte 0x81" in refusal(text.replace("é", "e").encode("windows-1252", "replace") + b"\x81").found
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<!DOCTYPE html><html><body><h1>Erreur 500</h1><p>Question</p></body></html>", "an HTML page"),
        ("<html><head><title>Question n°200</title></head><body></body></html>", "an HTML page"),
        ("<html><head><title>FICHE QUESTION</title></head></html>", "an HTML page"),
        ("<!DOCTYPE html>\n<html><main><p>Page introuvable</p></main></html>", "an HTML page"),
        ("<", "markup"),
    ],
)
def test_html_of_no_known_generation_is_refused_and_named(text: str, found: str) -> None:
    assert refusal(text).expected == "a document of the Assemblée nationale about a question"
    assert found in refusal(text).found


FLOODS = [
    ("14-99104QE.html", "fontaines de jouvence", "<a " * 300_000),
    ("14-99104QE.html", "fontaines de jouvence", "<!-- " * 300_000),
    ("14-99104QE.html", "fontaines de jouvence", "<b>" * 300_000),
    ("14-99104QE.html", "fontaines de jouvence", "<p>" * 300_000),
    ("14-99104QE.html", "fontaines de jouvence", "<a href='PA1'>x</a>" * 50_000),
    ("14-99104QE.html", "fontaines de jouvence", "<table>" * 100_000),
    ("14-99104QE.html", "fontaines de jouvence", "&" * 1_000_000),
    ("14-99104QE.html", "Beaux temps et éclaircies", "(" * 300_000),
    ("14-99104QE.txt", "(Groupe des Essais", "(" * 300_000),
    ("14-99104QE.txt", "Question N° 99104", "Question N° 99104 de " * 50_000),
    ("16-99108QE.txt", "Question écrite n°", "question n° " * 50_000),
    ("16-99108QE.txt", "(Région imaginaire", " (" * 200_000),
    ("16-99108QE.txt", "Le prix", "Question de : x\n" * 50_000),
    ("16-99108QE.txt", "*Gouvernement*", "**a *b " * 100_000),
    ("14-99110QE.txt", "La Réunion (", "(" * 200_000),
    ("14-99110QE.txt", "Date :", "Date de renouvellement : 1er mai 2016\n" * 20_000),
    ("11-99101QE.html", "<ret></ret>", "<ab><cd>" * 100_000),
    ("11-99101QE.html", "jouvence", "<br>" * 300_000),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new"), FLOODS, ids=range(len(FLOODS)))
def test_a_flood_is_read_or_refused_without_delay(name: str, old: str, new: str) -> None:
    text = changed(name, old, new)
    started = time.process_time()
    assert read(text)
    assert time.process_time() - started < 20, "not linear"


def test_an_oral_question_is_recognised_under_any_of_its_names() -> None:
    oral = changed("14-99104QE.txt", "Question écrite", "Question orale sans débat")
    assert question(oral) == question(oral.replace("orale sans débat", "orale"))
    assert question(oral).id.kind is QuestionKind.ORAL


@pytest.mark.parametrize("line", ["Question N° 12 de M. X", "Question de : M. X", "Question N° : 12"])
def test_a_heading_of_another_generation_in_a_text_is_text(line: str) -> None:
    record = question(
        SINCE_2025.replace("Mme Zéphyrine Exemple interroge", f"{line}\n\nMme Zéphyrine Exemple interroge")
    )
    assert plain(record.text).startswith(line)


def test_a_long_title_is_kept_whole_and_a_long_heading_is_refused() -> None:
    title = "Arcs-en-ciel " * 1000
    assert question(BLOC.replace("Arcs-en-ciel de nuit\n", f"{title}\n", 1)).title == title.strip()
    assert refusal(NOTICE.replace("Groupe des Essais", "Groupe " * 1000)).place == "heading"


def test_two_spellings_of_the_list_of_rubrics_are_never_the_same() -> None:
    lines = (definitions.folder("ontology") / "rubriques.tsv").read_text(encoding="utf-8").splitlines()[2:]
    assert [official_rubric(line.upper()) for line in lines] == lines
    assert len(lines) == 191
