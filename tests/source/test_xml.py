"""The XML of the 14th legislature gives the whole life of a question; nothing in it is fetched."""

import re
from datetime import date
from pathlib import Path

import pytest

from lod import Document, Options, Problem, Question, build_release, check_files, read_questions
from lod.errors import Cause, Severity
from lod.model import Erratum, Journal, JournalPage, Status
from lod.source.exports.page_xml import IGNORED_FIELDS
from tests.conftest import SAMPLES, SHARED
from tests.support.golden import approved
from tests.support.reading import plain

SAMPLE = SAMPLES / "xml" / "14-99001QE.vue.xml"
TEXT = SAMPLE.read_text(encoding="utf-8")
REAL = SHARED / "data" / "xml" / "14-47351QE.vue.xml"


def read(text: str) -> tuple[Question | None, list[Problem]]:
    items = list(read_questions(Document("vue.xml", text.encode())))
    questions = [item for item in items if isinstance(item, Question)]
    return (questions[0] if questions else None), [item for item in items if isinstance(item, Problem)]


def question(text: str) -> Question:
    record, problems = read(text)
    assert record, problems
    assert problems == []
    return record


def test_a_question_is_read_with_its_whole_life() -> None:
    asked = question(TEXT)
    assert asked.id.uid == "QANR5L14QE99001"
    assert (asked.title, asked.rubric) == ("fontaines", "eau")
    assert asked.keywords == ("fontaines", "jouvence", "entretien")
    author = asked.author
    assert (author.civility, author.name, author.official_id, author.mandate_id) == (
        "Mme",
        "Ondine Chimère",
        "PA9990006",
        "PM9990042",
    )
    assert author.seat
    assert author.seat.notation == "2A-42"
    assert author.group is None
    assert [
        (attribution.ministry.official_id, str(attribution.on), attribution.journal)
        for attribution in asked.attributions
    ] == [
        ("PO9990030", "2014-02-04", Journal.QUESTIONS),
        ("PO9990031", "2014-04-03", Journal.LAWS),
    ]
    assert [str(day) for day in asked.renewals] == ["2014-05-13"]
    assert asked.status is Status.ANSWERED
    assert plain(asked.answers[0].text) == (
        "Les communes l'assurent :\nCOMMUNE | FONTAINES en service\nPort-aux-Songes | 1\u00a0200"
    )


def test_every_text_is_published_ignored_for_a_reason_or_reported() -> None:
    before = question(TEXT)
    for match in re.finditer(r">([^<>\n]+)</(\w+)>", TEXT):
        text = TEXT[: match.start(1)] + "Autre" + TEXT[match.end(1) :]
        after, problems = read(text)
        ignored = any(name.rpartition(".")[2] == match[2] for name in IGNORED_FIELDS)
        assert ignored or problems or after != before, match[0]


@pytest.mark.parametrize("number", range(TEXT.count("\n")))
def test_a_file_without_any_one_line_is_refused_or_yields_no_more(number: int) -> None:
    lines = TEXT.split("\n")
    record, problems = read("\n".join(lines[:number] + lines[number + 1 :]))
    assert record or problems
    if record:
        assert record.id == question(TEXT).id


def test_an_unknown_value_is_reported_with_its_path() -> None:
    record, problems = read(TEXT.replace("<LEGISLATURE>", "<SURPRISE>oh</SURPRISE><LEGISLATURE>"))
    assert record == question(TEXT)
    assert [(p.severity, p.cause, p.place) for p in problems] == [
        (Severity.WARNING, Cause.UNKNOWN, "SURPRISE")
    ]


@pytest.mark.parametrize(
    ("kind", "journal", "read_as"),
    [
        ("QE", "JO_QUESTION", Journal.QUESTIONS),
        ("QE", "", Journal.QUESTIONS),
        ("QOSD", "JO_DEBAT", Journal.DEBATES),
        ("QOSD", "", Journal.DEBATES),
        ("QOSD", "JO_QUESTION", Journal.QUESTIONS),
    ],
)
def test_the_series_of_an_answer_follows_from_the_closure_or_the_kind(
    kind: str, journal: str, read_as: Journal
) -> None:
    head, closure, end = TEXT.partition("<CLOTURE>")
    text = head.replace('TYPE="QE"', f'TYPE="{kind}"') + closure
    asked = question(text + end.replace("<TYPE_JO>JO_QUESTION", f"<TYPE_JO>{journal}", 1))
    assert asked.answers[0].published.journal is read_as
    assert asked.published.journal is Journal.QUESTIONS


@pytest.mark.parametrize(
    ("old", "new", "place", "expected"),
    [
        ("<DATE_JO>10/06/2014", "<DATE_JO>11/06/2014", "CLOTURE.DATE_JO", "« 2014-06-10 » as elsewhere"),
        ("<PAGE_JO>4801", "<PAGE_JO>4802", "CLOTURE.PAGE_JO", "« 4801 » as elsewhere"),
        ("PAGE_JO_REPONSE>4801", "PAGE_JO_REPONSE>", "CLOTURE.PAGE_JO", "« nothing » as elsewhere"),
        (
            "<DEPARTEMENT>Corse-du-Sud",
            "<DEPARTEMENT>Ain",
            "CIRCONSCRIPTION.DEPARTEMENT",
            "« 2A » as elsewhere",
        ),
        ('<ORDRE NUMERO="2">', '<ORDRE NUMERO="3">', "MINA.ORDRE[1].@NUMERO", "« 2 » as elsewhere"),
    ],
)
def test_repeated_values_that_differ_are_reported(old: str, new: str, place: str, expected: str) -> None:
    assert old in TEXT
    _, problems = read(TEXT.replace(old, new))
    assert (place, expected) in [(p.place, p.expected) for p in problems]


def test_a_question_without_a_ministry_in_charge_is_published_and_reported() -> None:
    without = re.sub(r"<MINA>.*?</MINA>", "<MINA/>", TEXT, flags=re.DOTALL)
    assert without != TEXT
    record, problems = read(without)
    assert record
    assert record.attributions == ()
    assert ("MINA", "a ministry in charge", "nothing") in [(p.place, p.expected, p.found) for p in problems]


def test_a_publication_without_its_page_is_reported() -> None:
    record, problems = read(TEXT.replace("<PAGE_JO>", "<PAGE_JO/><!--", 1).replace("</PAGE_JO>", "-->", 1))
    assert record
    assert [(p.place, p.expected) for p in problems] == [("publication", "a page of the Journal officiel")]


def test_a_renewal_in_another_series_is_reported() -> None:
    head, renewal, end = TEXT.partition("<DATE_RENOUVELLEMENT>")
    record, problems = read(head + renewal + end.replace("JO_QUESTION", "JO_DEBAT", 1))
    assert record == question(TEXT)
    assert [(p.place, p.found) for p in problems] == [("RENOUVELLEMENT.ORDRE.TYPE_JO", "« debates »")]


def test_a_truncated_tag_is_removed_and_reported() -> None:
    record, problems = read(TEXT.replace("<!-- FINTAB -->]]>", "<!-- FINTAB --><b]]>"))
    assert record == question(TEXT)
    assert [(p.place, p.found) for p in problems] == [("REPONSE.TEXTE_REPONSE", "« <b » at its end")]


def test_errata_are_read_with_the_day_and_the_page() -> None:
    empty = "<ERRATUM_{0}>\n        <DATE_JO/>\n        <PAGE_JO/>\n        <TYPE_JO/>"
    full = "<ERRATUM_{0}><DATE_JO>01/04/2014</DATE_JO><PAGE_JO>12</PAGE_JO><TYPE_JO>JO_QUESTION</TYPE_JO>"
    text = TEXT
    for element in ("QUESTION", "REPONSE"):
        assert empty.format(element) in text
        text = text.replace(empty.format(element), full.format(element))
    after = question(text)
    published = JournalPage(on=date(2014, 4, 1), page="12")
    assert after.errata == after.answers[0].errata == (Erratum(published=published, text=None),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>',
            "XML without a document type",
        ),
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://example.org/">',
            "XML without",
        ),
        ("</QUESTION>", "", "well-formed XML"),
        ("QUESTION", "REPONSE_X", "XML with the root QUESTION"),
        ("<LEGISLATURE>14</LEGISLATURE>", "", "a value"),
    ],
)
def test_xml_without_a_question_is_refused(old: str, new: str, expected: str) -> None:
    record, problems = read(TEXT.replace(old, new))
    assert record is None
    assert expected in problems[0].expected


def test_a_question_of_which_no_day_is_valid_is_refused() -> None:
    record, problems = read(TEXT.replace("04/02/2014", "31/02/2014"))
    assert record is None
    assert "the day on which the question was published" in problems[0].expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<CODE_DEPARTEMENT>2A", "<CODE_DEPARTEMENT>ZZ", "the code of a département"),
        ("<ID_ACTEUR>9990006", "<ID_ACTEUR>x", "an official id"),
    ],
)
def test_a_bad_value_is_reported_and_the_rest_is_published(old: str, new: str, expected: str) -> None:
    record, problems = read(TEXT.replace(old, new))
    assert record
    assert record.answers == question(TEXT).answers
    assert expected in problems[0].expected


def test_a_question_without_its_deposit_is_refused() -> None:
    record, problems = read(
        '<?xml version="1.0"?><QUESTION TYPE="QE"><LEGISLATURE>14</LEGISLATURE></QUESTION>'
    )
    assert record is None
    assert (problems[0].place, problems[0].found) == ("DEPOT", "0")


@pytest.mark.parametrize("depth", [500, 900, 20_000])
def test_xml_nested_too_deeply_is_refused_in_one_sentence(depth: int) -> None:
    nested = "<a>" * depth + "x" + "</a>" * depth
    record, problems = read(TEXT.replace("<LEGISLATURE>", nested + "<LEGISLATURE>"))
    assert record is None or problems
    assert len(problems) == 1


def test_the_sample_conforms_and_matches_the_approved_record(tmp_path: Path, regen: bool) -> None:
    released = build_release([SAMPLE], tmp_path)
    assert released.problems == []
    assert check_files([released.path]) == []
    turtle = (released.path / "questions.ttl").read_text(encoding="utf-8")
    assert "anq:responseDays 126 ;" in turtle
    approved("xml.nq", (released.path / "questions.nq").read_text(encoding="utf-8"), regen=regen)


@pytest.mark.real
def test_the_real_question_has_its_attributions_renewal_and_answer_after_126_days(
    tmp_path: Path,
) -> None:
    released = build_release([REAL], tmp_path, Options(documents=True))
    assert (released.counts["questions"], released.problems) == (1, [])
    assert check_files([released.path]) == []
    turtle = (released.path / "questions.ttl").read_text(encoding="utf-8")
    assert "anq:responseDays 126 ;" in turtle
    assert turtle.count("<an/14/qe/47351#attributaire-2> a ") == 1
    assert "<an/14/qe/47351#renouvellement-1> a " in turtle
    assert "<jo/lois-et-decrets/2014-04-03> a eli:Work , bibo:Issue" in turtle
    assert "VAB Génie | 314 | 302 | 43,10 | 36,70 | 30 | 28\u00a0972" in turtle
