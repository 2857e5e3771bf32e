"""The table of questions has the columns that were promised: names, order, types, and what they hold."""

import csv
import json
from typing import Any

import pytest

from lod import Summary

COLUMNS = (
    ("iri", "anyURI", "required"),
    ("identifier", "string", "required"),
    ("legislature", "integer", "required"),
    ("type", "string", "required"),
    ("number", "integer", "required"),
    ("title", "string", "required"),
    ("rubric", "string", "optional"),
    ("rubric_iri", "anyURI", "optional"),
    ("keywords", "string", "optional"),
    ("author_iri", "anyURI", "required"),
    ("author_id", "string", "optional"),
    ("author_name", "string", "optional"),
    ("group", "string", "optional"),
    ("group_iri", "anyURI", "optional"),
    ("departement", "string", "optional"),
    ("constituency", "string", "optional"),
    ("ministry_asked", "string", "optional"),
    ("ministry_asked_iri", "anyURI", "optional"),
    ("ministry_in_charge", "string", "optional"),
    ("ministry_in_charge_iri", "anyURI", "optional"),
    ("date_published", "date", "required"),
    ("page", "string", "optional"),
    ("status", "string", "required"),
    ("answers", "integer", "required"),
    ("date_answered", "date", "optional"),
    ("response_days", "integer", "optional"),
    ("renewals", "date", "optional"),
    ("flaggings", "date", "optional"),
    ("official_page", "anyURI", "required"),
    ("question_text", "string", "optional"),
    ("answer_text", "string", "optional"),
)
TITLES = {
    "iri": ("IRI de la question", "IRI of the question"),
    "number": ("Numéro", "Number"),
    "author_name": ("Auteur", "Author"),
    "group": ("Groupe politique", "Political group"),
    "departement": ("Département", "Département"),
    "constituency": ("Circonscription", "Constituency"),
    "date_published": ("Date de publication", "Day of publication"),
    "status": ("État", "Status"),
    "response_days": ("Délai de réponse en jours", "Response time in days"),
}
PROPERTIES = {
    "identifier": "http://purl.org/dc/terms/identifier",
    "legislature": "http://data.europa.eu/eli/eli-draft-legislation-ontology#parliamentary_term",
    "title": "http://purl.org/dc/terms/title",
    "rubric_iri": "http://data.europa.eu/eli/ontology#is_about",
    "author_iri": "http://schema.org/author",
    "date_published": "http://purl.org/dc/terms/issued",
    "page": "http://purl.org/ontology/bibo/pageStart",
    "date_answered": "http://purl.org/dc/terms/issued",
    "response_days": "https://w3id.org/anq/ontology#responseDays",
    "official_page": "http://purl.org/dc/terms/isReferencedBy",
    "question_text": "http://schema.org/text",
    "answer_text": "http://schema.org/text",
}
"""The columns that say the very same as a triple, and the property of that."""

OF_THE_ANSWER = {"date_answered", "response_days", "answer_text"}
ANSWERED = {
    "iri": "https://w3id.org/anq/an/11/qe/99101",
    "identifier": "QANR5L11QE99101",
    "legislature": "11",
    "type": "QE",
    "number": "99101",
    "title": "fontaines",
    "rubric": "eau",
    "rubric_iri": "https://w3id.org/anq/def/rubrique/eau",
    "keywords": "fontaines|entretien|jouvence|saison sèche",
    "author_id": "",
    "author_name": "Chimère Ondine",
    "group": "Groupe des Essais",
    "group_iri": "https://w3id.org/anq/an/groupe/11/groupe-des-essais#id",
    "departement": "2A",
    "constituency": "",
    "ministry_asked": "beaux temps et éclaircies",
    "ministry_asked_iri": "https://w3id.org/anq/gouvernement/ministere/beaux-temps-et-eclaircies#id",
    "ministry_in_charge": "faune inventée",
    "ministry_in_charge_iri": "https://w3id.org/anq/gouvernement/ministere/faune-inventee#id",
    "date_published": "1998-02-02",
    "page": "9101",
    "status": "answered",
    "answers": "1",
    "date_answered": "1998-05-04",
    "response_days": "91",
    "renewals": "",
    "flaggings": "1998-04-20",
    "official_page": "https://questions.assemblee-nationale.fr/q11/11-99101QE.htm",
}
"""A row of the samples, cell by cell, as samples/older-pages/11-99101QE.txt has it."""


def kind(column: dict[str, Any]) -> str:
    """Return the datatype of a column, without the codes that it may be restricted to."""
    datatype = column["datatype"]
    return str(datatype if isinstance(datatype, str) else datatype["base"])


@pytest.fixture(scope="module")
def rows(varied_release: Summary) -> list[dict[str, str]]:
    with (varied_release.path / "questions.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def columns(varied_release: Summary) -> list[dict[str, Any]]:
    text = (varied_release.path / "questions.csv-metadata.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["tableSchema"]["columns"]
    return [column for column in found if not column.get("virtual")]


def test_the_head_has_the_promised_names_in_their_order(varied_release: Summary) -> None:
    head = (varied_release.path / "questions.csv").read_bytes().partition(b"\r\n")[0]
    assert head.decode() == ",".join(name for name, _, _ in COLUMNS)


def test_the_metadata_have_the_promised_names_and_types(columns: list[dict[str, Any]]) -> None:
    told = [(c["name"], kind(c), "required" if c.get("required") else "optional") for c in columns]
    assert told == [*COLUMNS]


def test_columns_of_codes_have_the_promised_codes(columns: list[dict[str, Any]]) -> None:
    codes = {c["name"]: c["datatype"]["format"] for c in columns if not isinstance(c["datatype"], str)}
    assert codes == {"type": "QE|QG|QOSD", "status": "awaiting|answered|withdrawn|lapsed|closed|ended"}


def test_lists_are_parted_by_a_bar(columns: list[dict[str, Any]]) -> None:
    assert {c["name"]: c["separator"] for c in columns if "separator" in c} == dict.fromkeys(
        ("keywords", "renewals", "flaggings"), "|"
    )


def test_the_dialect_is_that_of_the_file(varied_release: Summary) -> None:
    text = (varied_release.path / "questions.csv-metadata.json").read_text(encoding="utf-8")
    assert json.loads(text)["dialect"] == {
        "encoding": "utf-8",
        "lineTerminators": ["\r\n"],
        "quoteChar": '"',
        "doubleQuote": True,
        "delimiter": ",",
        "header": True,
        "headerRowCount": 1,
        "skipInitialSpace": False,
        "trim": False,
    }


@pytest.mark.parametrize("name", TITLES)
def test_a_column_has_its_titles(name: str, columns: list[dict[str, Any]]) -> None:
    (column,) = (each for each in columns if each["name"] == name)
    assert (column["titles"]["fr"], column["titles"]["en"]) == ([TITLES[name][0]], [TITLES[name][1]])


def test_columns_that_are_triples_have_their_property(columns: list[dict[str, Any]]) -> None:
    assert {c["name"]: c["propertyUrl"] for c in columns if "propertyUrl" in c} == PROPERTIES
    of_answer = {c["name"] for c in columns if "/reponse" in c.get("aboutUrl", "")}
    assert of_answer == OF_THE_ANSWER


@pytest.mark.parametrize("name", ANSWERED)
def test_a_cell_holds_what_the_document_says(name: str, rows: list[dict[str, str]]) -> None:
    (row,) = (each for each in rows if each["identifier"] == "QANR5L11QE99101")
    assert row[name] == ANSWERED[name]
