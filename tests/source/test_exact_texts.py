"""The text of every real document has the characters of its source, cut out by other means than the readers'.

Tags are cut out and references resolved; but for spaces and separators of cells, the same characters must be
published in the same order. No real document has links, pictures, lists or struck words in its texts yet.
"""

import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lod import Document, Question, read_questions
from tests.conftest import SHARED
from tests.support.reading import plain

DATA = SHARED / "data"
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def letters(text: str) -> str:
    """Return the characters of a text but for spaces, separators of cells and marks of raised figures."""
    return re.sub(r"[\s|]", "", text.translate(RAISED))


def letters_of_markup(fragment: str) -> str:
    """Return the characters of a fragment of HTML without its tags; a tag that breaks off is none of them."""
    without_tags = re.sub(r"<!--.*?-->|</?[A-Za-z][^<>]*>|<[a-z]{1,6}$", "", fragment, flags=re.DOTALL)
    return letters(html.unescape(without_tags))


def letters_of_marks(text: str) -> str:
    """Return the characters of a text in Markdown without marks of emphasis and carets."""
    return letters(re.sub(r"\*+|(?<=[0-9IVXLC])\^", "", text))


def published(name: str, data: bytes) -> tuple[str, str]:
    """Return the texts of the only question of a document, and of its answers."""
    questions = [item for item in read_questions(Document(name, data)) if isinstance(item, Question)]
    (found,) = questions
    return plain(found.text), "\n".join(plain(answer.text) for answer in found.answers)


def official_texts(data: bytes) -> tuple[str, str]:
    """Return the fragments of a question and of its answers in an official JSON."""
    whole = json.loads(data)["question"]
    asked, answered = (
        [whole[key][inner]["texte"]] if whole[key] else []
        for key, inner in (("textesQuestion", "texteQuestion"), ("textesReponse", "texteReponse"))
    )
    return "".join(asked), "".join(answered)


def official_files() -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(DATA / "Questions_gouvernement_L16.json.zip") as archive:
        yield from ((name, archive.read(name)) for name in archive.namelist() if name.endswith(".json"))
    for path in sorted((DATA / "json").iterdir()):
        yield path.name, path.read_bytes()


@pytest.mark.real
def test_every_text_of_the_official_json_has_the_characters_of_its_source() -> None:
    compared = 0
    for name, data in official_files():
        for ours, source in zip(published(name, data), official_texts(data), strict=True):
            assert letters(ours) == letters_of_markup(source), name
            compared += bool(ours)
    assert compared > 400


@pytest.mark.real
def test_the_texts_of_the_view_as_xml_have_the_characters_of_their_source() -> None:
    path = DATA / "xml" / "14-47351QE.vue.xml"
    fragments = re.findall(r"<!\[CDATA\[(.*?)\]\]>", path.read_text(encoding="utf-8"), re.DOTALL)
    for ours, source in zip(published(path.name, path.read_bytes()), fragments, strict=True):
        assert letters(ours) == letters_of_markup(source)


@pytest.mark.real
@pytest.mark.parametrize("path", sorted((DATA / "pages").glob("*.txt")), ids=lambda path: path.stem)
def test_the_text_of_a_page_as_text_has_the_characters_of_its_source(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    source = text.partition("Texte de la question\n")[2].partition("Données clés")[0]
    asked, answered = published("page", text.encode())
    assert answered == ""
    assert letters(asked) == letters_of_marks(source)


@pytest.mark.real
@pytest.mark.parametrize("path", sorted((DATA / "html").glob("*.html")), ids=lambda path: path.stem)
def test_the_texts_of_a_page_have_the_characters_of_its_html(path: Path) -> None:
    data = path.read_bytes()
    source, texts = letters_of_markup(data.decode()), [text for text in published("page", data) if text]
    assert texts
    for text in texts:
        assert letters(text) in source


@pytest.mark.real
@pytest.mark.parametrize("path", sorted((DATA / "fiches").glob("*.html")), ids=lambda path: path.stem)
def test_the_texts_of_a_fiche_have_the_characters_of_their_tags(path: Path) -> None:
    data = path.read_bytes()
    source = data.decode("windows-1252")
    fragments = ["".join(re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)) for tag in ("QUEST", "REP")]
    for ours, fragment in zip(published(path.name, data), fragments, strict=True):
        assert letters(ours) == letters_of_markup(fragment)
