"""From our RDF every value of a real document can be found again, but for what is left out for a reason.

A value is found if its words stand together in one literal or IRI of what describes its question. Days are
found as ISO days; codes, as what they stand for.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from lod import Document, Question, read_questions
from lod.dates import MONTHS
from lod.definitions import DEFAULT_BASE
from lod.describe import describe
from lod.iri import Iris
from lod.source import french
from lod.source.exports import page_xml, question
from lod.source.html_text import to_plain_text
from lod.source.pages import fiche
from lod.version import VERSION
from tests.conftest import SAMPLES, SHARED
from tests.source.test_exact_texts import official_files
from tests.source.test_official_json import leaves

DATA = SHARED / "data"
IRIS = Iris(DEFAULT_BASE)
CODES = {
    "JO_DEBAT": "jo an debats",
    "JO_QUESTION": "jo an questions",
    "JO_LOI_DECRET": "jo lois et decrets",
    "REP_PUB": "evenement reponse",
    "Réponse publiée": "evenement reponse",
    "FM": "evenement caducite",
    "FL": "evenement caducite",
    "AU": "evenement retrait",
}
"""What a code stands for, as an IRI has it."""
_ISSUE = re.compile(r"[0-9]{4}0*([1-9][0-9]*)")
_DAY = re.compile(rf"[0-9]{{1,2}}(?:er)? (?:{'|'.join(MONTHS)}) [0-9]{{4}}|[0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}}")
LEFT_OUT = {
    "labels of fields": "cle clee cles date dates donnees e fiche n numero o page parue posee pub publiee"
    " repondant s seance tete texte debat",
    "navigation": "accueil aller attendant bas contenu desactiver ete etes format htmlunknownanchortarget ici"
    " ide imprimer menu partager pdf recherche refonte suppress suppression vous warning",
    "the region of the day of export": "aquitaine france ile nouvelle pays",
    "the group of the day of export": "citoyen mouvement populaire renaissance republicain socialiste union",
}
"""The words of pages that are not published, by the reason."""
_ORDINAL = re.compile(r"(?<=[0-9])(?:\^? ?(?:e|er|ère|re|ème))\b")


class Published:
    """The words of all that is published of the only question of a document, value by value."""

    def __init__(self, name: str, data: bytes) -> None:
        (asked,) = (item for item in read_questions(Document(name, data)) if isinstance(item, Question))
        description = describe(asked, IRIS, VERSION)
        nodes = [description.document, *(resource.node for resource in description.shared)]
        values = [french.name_key(_ORDINAL.sub("", value)) for value in _values(nodes)]
        self._text = f" {' | '.join(values)} "
        self.words = set(self._text.split())

    def has(self, value: str) -> bool:
        """Return whether a value of the source, or what it stands for, is among what is published."""
        return any(f" {french.name_key(form)} " in self._text for form in _forms(value))


def _values(node: Any) -> Iterator[str]:
    if isinstance(node, dict | list | tuple):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _values(inner)
    elif node is not None:
        yield str(node)


def _forms(value: str) -> Iterator[str]:
    """Yield the forms in which a value may be published."""
    value = value.strip()
    yield _ORDINAL.sub("", to_plain_text(value) if re.search("[<&]", value) else value)
    if value in CODES:
        yield CODES[value]
    if _DAY.fullmatch(value):
        yield f"{french.parse_day(value)}"


def lost(name: str, data: bytes, values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the values of a document, by their places, that are not found again."""
    published = Published(name, data)
    return [(place, value) for place, value in values if value.strip() and not published.has(value)]


def official_values(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the values of an official JSON that are not left out for a reason, by their paths."""
    for where, value in leaves(json.loads(data)["question"]):
        path = ".".join(step for step in where if isinstance(step, str))
        if path in question.IGNORED_FIELDS or where[-1] in question.IGNORED_FIELDS:
            continue
        issue = _ISSUE.fullmatch(value) if path.endswith(".numJO") else None
        yield path, issue[1] if issue else value


def view_values(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the values of a view as XML, by paths; those of ids with the letters that official ids have."""
    letters = {"ID_ACTEUR": "PA", "ID_MINI": "PO", "ID_MINA": "PO", "ID_MANDAT": "PM"}
    waiting = [("", ElementTree.fromstring(data))]
    while waiting:
        path, element = waiting.pop()
        if not {path, element.tag} & page_xml.IGNORED_FIELDS.keys():
            yield path, letters.get(element.tag, "") + (element.text or "").strip()
        for name, value in element.attrib.items():
            if f"{path}.@{name}" not in page_xml.IGNORED_FIELDS:
                yield f"{path}.@{name}", letters.get(name, "") + value
        waiting += [(f"{path}.{child.tag}".lstrip("."), child) for child in element]


def fiche_values(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the values of a fiche, by its tags."""
    for tag, value in re.findall(r"<([A-Z]{2,12})>(.*?)</\1>", data.decode("windows-1252"), re.DOTALL):
        if (
            tag not in ("HTML", "BODY", "TITLE", "RUBRIQUAGE", "TEXTES")
            and tag.lower() not in fiche.IGNORED_TAGS
        ):
            yield tag, value


@pytest.mark.parametrize("path", sorted((SAMPLES / "json").glob("*.json")), ids=lambda path: path.stem)
def test_every_value_of_a_sample_is_found_again_and_another_is_missed(path: Path) -> None:
    data = path.read_bytes()
    assert lost(path.name, data, official_values(data)) == []
    assert lost(path.name, data, [("text", "des licornes bleues")]) == [("text", "des licornes bleues")]


@pytest.mark.real
def test_every_value_of_the_official_json_is_found_again() -> None:
    found = {name: lost(name, data, official_values(data)) for name, data in official_files()}
    broken_off = [name for name, values in found.items() for path, _ in values if path.endswith(".texte")]
    assert len(broken_off) == 4  # the tag that breaks off at the end of a text is reported
    assert [values for name, values in found.items() if values and name not in broken_off] == []


@pytest.mark.real
@pytest.mark.parametrize("path", sorted((DATA / "xml").glob("*.xml")), ids=lambda path: path.stem)
def test_every_value_of_a_view_as_xml_is_found_again(path: Path) -> None:
    assert lost(path.name, path.read_bytes(), view_values(path.read_bytes())) == []


@pytest.mark.real
@pytest.mark.parametrize("path", sorted((DATA / "fiches").glob("*.html")), ids=lambda path: path.stem)
def test_every_value_of_a_fiche_is_found_again(path: Path) -> None:
    assert lost(path.name, path.read_bytes(), fiche_values(path.read_bytes())) == []


def words_of_page(text: str, published: Published) -> set[str]:
    """Return the words of a page as text, but for those of days that are published as ISO days."""
    days = (day[0] for day in _DAY.finditer(text) if published.has(day[0]))
    dated = [word for day in days for word in french.name_key(day).split()]
    words = french.name_key(_ORDINAL.sub("", text)).split()
    return set(Counter(words) - Counter(dated))


def _left_out() -> set[str]:
    return {word for words in LEFT_OUT.values() for word in words.split()}


def text_of_page(path: Path) -> str:
    """Return the text of a page, without its head, navigation and scripts."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = re.sub(r"<(script|style|head|nav|footer|header)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return re.sub(r"\s+", " ", text)


@pytest.mark.real
@pytest.mark.parametrize(
    "path",
    [*sorted((DATA / "pages").glob("*.txt")), *sorted((DATA / "html").glob("*.html"))],
    ids=lambda path: path.stem,
)
def test_every_word_of_a_page_is_found_again_or_is_a_label(path: Path) -> None:
    published = Published(path.name, path.read_bytes())
    assert words_of_page(text_of_page(path), published) - published.words - _left_out() == set()
