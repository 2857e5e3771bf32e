"""Each HTML tag of an official text does to the text what it does to a reader's page.

The tags are those of HTML 4.01 and HTML that official texts and pages use: a block ends the line, a cell is
parted from the next one, emphasis leaves no trace, and the words of a picture stand for it.
"""

import json

import pytest

from tests.support.reading import plain, question, read

BLOCKS = (
    *("address", "blockquote", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("li", "ol", "p", "pre", "ul"),
)
INLINE = (
    *("a", "abbr", "acronym", "b", "big", "cite", "em", "font", "i", "ins", "mark", "small", "span"),
    *("strong", "tt", "u"),
)
ROWS = ("caption", "thead", "tbody", "tfoot")
PAGE_BLOCKS = ("article", "fieldset", "figure", "header", "section")
CHROME = (
    "aside",
    "button",
    "footer",
    "form",
    "iframe",
    "nav",
    "noscript",
    "script",
    "style",
    "svg",
    "template",
)
NOT_TAGS = ("x", "y", "nom", "article", "ſpan", "video", "script", "titre")
CLASSES = ("bloc-actions", "breadcrumb", "menu-evitement", "print_and_pdf", "site-header", "page-breadcrumb")


def text_of(fragment: str) -> str | None:
    """Return what an export's question says whose text is a fragment of HTML."""
    publication = {"typeJO": "JO_QUESTION", "dateJO": "2026-01-06", "pageJO": "12"}
    ministry = {"abrege": "Faune"}
    whole = {
        "uid": "QANR5L17QE91",
        "identifiant": {"numero": "91", "legislature": "17"},
        "type": "QE",
        "auteur": {"identite": {"acteurRef": "PA9990001"}},
        "minInt": ministry,
        "minAttribs": {"minAttrib": {"infoJO": publication | {"pageJO": None}, "denomination": ministry}},
        "textesQuestion": {"texteQuestion": {"infoJO": publication, "texte": fragment}},
    }
    return plain(question(json.dumps({"question": whole})).text)


@pytest.mark.parametrize("tag", BLOCKS)
def test_a_block_is_a_line(tag: str) -> None:
    assert text_of(f"un<{tag}>deux</{tag}>trois") == "un\ndeux\ntrois"
    assert text_of(f"un<{tag.upper()} class='x'>deux</{tag.upper()}>trois") == "un\ndeux\ntrois"


@pytest.mark.parametrize("tag", INLINE)
def test_emphasis_leaves_no_trace(tag: str) -> None:
    assert text_of(f"un<{tag}>deux</{tag}>trois") == "undeuxtrois"
    assert text_of(f"un<{tag.upper()} class='x'>deux</{tag.upper()}>trois") == "undeuxtrois"


@pytest.mark.parametrize("tag", ["br", "hr"])
@pytest.mark.parametrize("form", ["<{}>", "<{}/>", "<{} />"])
def test_a_break_ends_the_line(tag: str, form: str) -> None:
    assert text_of(f"un{form.format(tag)}deux") == "un\ndeux"


@pytest.mark.parametrize("tag", ["td", "th"])
def test_cells_of_a_row_are_parted(tag: str) -> None:
    row = f"<tr><{tag}>un</{tag}><{tag}>deux<br>trois</{tag}></tr>"
    assert text_of(f"avant<table>{row}{row}</table>après") == "avant\nun | deux trois\nun | deux trois\naprès"


@pytest.mark.parametrize("tag", ROWS)
def test_the_parts_of_a_table_are_lines(tag: str) -> None:
    inner = "deux" if tag == "caption" else "<tr><td>deux</td></tr>"
    assert text_of(f"un<table><{tag}>{inner}</{tag}></table>trois") == "un\ndeux\ntrois"


@pytest.mark.parametrize("comment", ["<!-- DEBTAB -->", "<!-- a\nb -->", "<!-->", "<!--->", "<!-- a --!>"])
def test_a_comment_is_no_text(comment: str) -> None:
    assert text_of(f"un{comment}deux") == "undeux"


@pytest.mark.parametrize("tag", NOT_TAGS)
def test_what_is_no_tag_of_a_text_stays(tag: str) -> None:
    assert text_of(f"un <{tag}> deux") == f"un <{tag}> deux"


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#339;", "œ"),
        ("&#xe9;", "é"),
        ("&eacute;", "é"),
        ("&nbsp;", "\u00a0"),
    ],
)
def test_a_reference_is_a_character(reference: str, meant: str) -> None:
    assert text_of(f"un{reference}deux") == f"un{meant}deux"


PAGE = """<html><head><title>Titre</title></head><body>
<p>ASSEMBLÉE NATIONALE</p><p>17ème législature</p><p>Fontaines</p><p>Question écrite n° 91</p>
<h2>Texte de la question</h2><p>Qui veille ?</p>{more}
<h2>Données clés</h2><p>Auteur : Mme Ondine Chimère</p>
<p>Circonscription : Ain (41e circonscription) - Groupe des Essais</p>
<p>Type de question : Question écrite</p>
<p>Numéro de la question : 91</p><p>Rubrique : Sources</p><p>Ministère interrogé : Faune</p>
<p>Ministère attributaire : Faune</p><p>Date(s) clé(s)</p>
<p>Question publiée au JO le : 6 janvier 2026, page 9301</p></body></html>"""


@pytest.mark.parametrize("tag", PAGE_BLOCKS)
def test_a_block_of_a_page_is_a_line(tag: str) -> None:
    (asked,), _ = read(PAGE.format(more=f"<p>un<{tag}>deux</{tag}></p>"))
    assert plain(asked.text) == "Qui veille ?\nun\ndeux"


@pytest.mark.parametrize("tag", CHROME)
def test_what_surrounds_a_document_is_not_read(tag: str) -> None:
    (asked,), _ = read(PAGE.format(more=f"<{tag}>Menu</{tag}>"))
    assert plain(asked.text) == "Qui veille ?"


@pytest.mark.parametrize("name", CLASSES)
def test_what_surrounds_a_document_is_told_by_its_class(name: str) -> None:
    (asked,), _ = read(PAGE.format(more=f'<div class="x {name}">Menu</div>'))
    assert plain(asked.text) == "Qui veille ?"


@pytest.mark.parametrize("room", ["<main>{}</main>", '<div class="contenu-principal">{}</div>'])
def test_of_a_page_with_a_main_part_only_that_is_read(room: str) -> None:
    head, _, rest = PAGE.format(more="").partition("<body>")
    inner = rest.removesuffix("</body></html>").strip()
    text = f"{head}<body><p>Menu</p>{room.format(inner)}<p>Pied</p></body></html>"
    (asked,), problems = read(text)
    assert problems == []
    assert plain(asked.text) == "Qui veille ?"


def test_the_official_identifier_of_a_link_is_kept() -> None:
    for link in ('<a data-document-id="PA9990001">', '<a href="/dyn/deputes/PA9990001">'):
        text = PAGE.format(more="").replace("Mme Ondine Chimère", f"{link}Mme Ondine Chimère</a>")
        (asked,), _ = read(text)
        assert asked.author.official_id == "PA9990001"
