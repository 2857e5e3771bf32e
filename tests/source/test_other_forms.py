"""Documents in forms that are not read are refused in one sentence that says what they look like."""

import re
from datetime import date

import pytest

from lod import Document, Problem, departements, read_questions
from lod.finding import Finding
from lod.source import french
from tests.conftest import SAMPLES
from tests.support.reading import question, read

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<QUESTIONS Type="QE">
<QUESTION source="AN"><DATE_PUBLICATION_JO>2008-11-25</DATE_PUBLICATION_JO></QUESTION>
</QUESTIONS>"""
PAGE = (SAMPLES / "pages" / "90001-lien-vide.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (FEED.encode(), "the feed of questions to the Government"),
        (b"\xef\xbb\xbf" + FEED.encode(), "the feed of questions to the Government"),
        (b"<REDIF_ANQ><Section part='QE'/></REDIF_ANQ>", "markup that begins"),
        (b"<?xml version='1.0'?><REDIF_ANQ><Section part='QE'/></REDIF_ANQ>", "by the DILA"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "an RSS feed"),
        (b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>", "an Atom feed"),
        (b"numero;legislature;texte\n1;17;Qui ?", "a table (CSV) of 3 columns"),
        (b'"numero","legislature","date de question"\n', "a table (CSV) of 3 columns"),
        (b"numero\tlegislature\ttexte\n", "a table (CSV) of 3 columns"),
        (b'{"question": {}}\n{"question": {}}\n', "JSON Lines, an object on each line"),
        (b'{"questions": 3}', "JSON that begins"),
        (b"<!DOCTYPE html><html><head><title>503 Service</title></head></html>", "entitled « 503 Service »"),
        (b"<HTML><HEAD><TITLE>404</TITLE></HEAD></HTML>", "entitled « 404 »"),
        (b"%PDF-1.4\n%\xe2\xe3", "a PDF"),
        (b"\x1f\x8b\x08\x00", "a gzip file"),
        (b"Bonjour, la question est posee, merci", "a text that begins"),
    ],
)
def test_another_form_is_refused_in_one_sentence_that_names_it(data: bytes, looks_like: str) -> None:
    [problem] = read_questions(Document("document", data))
    assert isinstance(problem, Problem)
    assert looks_like in problem.found
    assert problem.found.endswith("this form is not read")
    assert problem.kind is Finding.FORM_NOT_READ


@pytest.mark.parametrize(
    "prologue",
    [
        "<!DOCTYPE html>\n",
        "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        "<?xml version='1.0'?>\n<!DOCTYPE html>",
    ],
)
@pytest.mark.parametrize("container", ["", "main", "section"])
def test_the_declaration_of_a_page_is_no_line_of_it(prologue: str, container: str) -> None:
    plain = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", PAGE)
    lines = "".join(f"<P>{line}</P>" for line in plain.split("\n") if line)
    body = f"<{container}>{lines}</{container}>" if container else lines
    page = f"{prologue}<HTML><HEAD><TITLE>x</TITLE></HEAD><BODY>{body}</BODY></HTML>"
    found, problems = read(page)
    assert [item.id.uid for item in found] == ["QANR5L17QE90001"], problems


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Cotes-du-Nord", "22"),
        ("Côtes d'Armor", "22"),
        ("Corse", "20"),
        ("Corse du Sud", "2A"),
        ("Réunion (La)", "974"),
        ("Iles Wallis et Futuna", "986"),
        ("Saint-Pierre-et-Miquelon", "975"),
        ("Mayotte", "976"),
    ],
)
def test_a_departement_is_known_under_every_name_it_had(name: str, code: str) -> None:
    assert french.parse_departement(name) == code
    assert french.parse_departement_code(code) == code


@pytest.mark.parametrize(
    ("name", "on", "was_so_called"),
    [
        ("Côtes-du-Nord", date(1990, 2, 26), True),
        ("Côtes-du-Nord", date(1990, 2, 27), False),
        ("Côtes-d'Armor", date(1990, 2, 26), False),
        ("Côtes-d'Armor", date(1990, 2, 27), True),
        ("Corse", date(1981, 7, 2), False),
        ("Haute-Corse", date(1981, 7, 2), True),
        ("Ain", date(1981, 7, 2), True),
    ],
)
def test_the_names_of_departements_have_their_days(name: str, on: date, was_so_called: bool) -> None:
    assert french.is_departement_name(name, on) == was_so_called


def test_each_departement_has_one_name_at_a_time() -> None:
    names = departements.departement_names()
    for former in (entry for entry in names if entry.until):
        later = [entry for entry in names if entry.code == former.code and entry is not former]
        assert all(entry.since and former.until and (entry.since - former.until).days == 1 for entry in later)


def test_an_issue_of_questions_on_another_day_than_its_own_is_told() -> None:
    tuesday = question(PAGE).published.on
    (found,), problems = read(PAGE.replace("1er septembre 2026", "3 septembre 2026"))
    assert (tuesday.weekday(), found.published.on.weekday()) == (1, 3)
    assert [(problem.expected, problem.kind) for problem in problems] == [
        ("a Tuesday, as issues of « Questions » are", Finding.WEEKDAY_UNEXPECTED)
    ]
