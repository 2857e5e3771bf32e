"""What the markup of a text says is in its plain text, in its structure, or reported."""

from typing import NamedTuple

import pytest

from lod import Problem
from lod.errors import BadValue, Severity
from lod.model import Text
from lod.source.html_text import read_fragment
from lod.source.pages import markdown
from tests.source.test_page_labels import PAGE
from tests.support.reading import plain, read


def plain_of(fragment: str) -> str:
    return plain(read_fragment(fragment).text)


def html_of(fragment: str, *, debate: bool = False) -> str | None:
    text = read_fragment(fragment, debate=debate).text
    return text.html if text else None


def found_in(fragment: str) -> list[str]:
    return [seen.found for seen in read_fragment(fragment).observations]


RAISED = {
    "12<sup>1</sup> millions en 2023<sup>2</sup>": "12¹ millions en 2023²",
    "10<sup>6</sup> griffons et 300 m<sup>2</sup>": "10⁶ griffons et 300 m²",
    "3<sup>(3)</sup> %": "3⁽³⁾ %",
    "10<sup>-3</sup>, 10<sup>\u22123</sup>, 10<sup>+n</sup>": "10⁻³, 10⁻³, 10⁺ⁿ",
    "<sup>1</sup> Hors taxes": "¹ Hors taxes",
    "CO<sub>2</sub>, x<sub>n+1</sub>, H<sub>(aq)</sub>": "CO₂, xₙ₊₁, H_((aq))",
    "10<sup>1,5</sup> et x<sup>é</sup>": "10^(1,5) et x^(é)",
    "x<sub>bc</sub>": "x_(bc)",
    "1<sup>er</sup>, 2<sup>e</sup>, XIX<sup>ème</sup>, 2<sup>nde</sup>": "1er, 2e, XIXème, 2nde",
    "M<sup>me</sup>, M<sup>lles</sup>, D<sup>r</sup>, C<sup>ie</sup>": "Mme, Mlles, Dr, Cie",
    "n<sup>o</sup> 5, n<sup>os</sup> 5 et 6, n<sup>°</sup> 5": "no 5, nos 5 et 6, n° 5",
    "art. 3<sup>bis</sup>": "art. 3bis",
    "<b>10</b><sup><i>6</i></sup>": "10⁶",
    "a<sup></sup>b<sup> 2</sup>": "ab ²",
    "marque<sup>®</sup>": "marque®",
    '10<span style="vertical-align: super">6</span>': "10⁶",
    'x<font style="vertical-align:sub">2</font>': "x₂",
}


@pytest.mark.parametrize(("fragment", "text"), RAISED.items())
def test_raised_and_lowered_characters_stay_so_and_ordinals_are_letters(fragment: str, text: str) -> None:
    assert plain_of(fragment) == text


NUMERALS = """er ers re res ère ères e es ème èmes eme emes nd nds nde ndes d ds de des o os th st bis ter
quater quinquies sexies septies octies nonies decies"""
WORDS = "me mes lle lles r rs re res gr grs t te ts tes ve ie ies al aux el o os"


@pytest.mark.parametrize(
    "text",
    [*(f"2{ending}" for ending in NUMERALS.split()), *(f"abr{ending}" for ending in WORDS.split())],
)
def test_every_raised_ending_of_french_numerals_and_abbreviations_is_letters(text: str) -> None:
    stem = 1 if text[0] == "2" else 3
    assert plain_of(f"{text[:stem]}<sup>{text[stem:]}</sup>") == text


def test_raised_and_lowered_words_are_kept_as_structure() -> None:
    assert html_of("10<sup>6</sup> CO<SUB>2</SUB>") == "<p>10<sup>6</sup> CO<sub>2</sub></p>"


LINKS = {
    'lu <a href="https://www.example.org/r.pdf">ici</a>.': "lu ici (https://www.example.org/r.pdf).",
    "lu <a href=https://example.org/r.pdf>ici</a>.": "lu ici (https://example.org/r.pdf).",
    '<a href="https://www.example.org/r/">example.org/r</a>': "example.org/r",
    '<a href="https://example.org/r">https://example.org/r</a>': "https://example.org/r",
    '<a href="mailto:greffe@example.org">greffe@example.org</a>': "greffe@example.org",
    '<a href="mailto:greffe@example.org">le greffe</a>': "le greffe (greffe@example.org)",
    '<a href="/dyn/rapport">le rapport</a>': "le rapport (/dyn/rapport)",
    '<a href="https://example.org/a?b=1&amp;c=2">x</a>': "x (https://example.org/a?b=1&c=2)",
    '<a href="https://example.org/r">deux<br>lignes</a>': "deux\nlignes (https://example.org/r)",
    '<a href="https://example.org/r"><b>gras</b></a>': "gras (https://example.org/r)",
    '<a href="#note">note</a> <a name=PG1>a</a> <a href="javascript:x()">b</a>': "note a b",
    'Avant <a href="http://x>lien</a> après.': "Avant lien (http://x) après.",
}


@pytest.mark.parametrize(("fragment", "text"), LINKS.items())
def test_the_address_of_a_link_stands_behind_its_words(fragment: str, text: str) -> None:
    assert plain_of(fragment) == text
    assert bool(found_in(fragment)) is ("(" in text)


def test_a_link_to_the_web_is_kept_as_structure_and_no_other() -> None:
    assert html_of('<a href=https://example.org/?a=1&amp;b=">ici</a>') == (
        '<p><a href="https://example.org/?a=1&amp;b=">ici</a></p>'
    )
    assert (
        html_of('<a href="/x">ici</a><a href="javascript:x()">là</a> <i>é</i>')
        == "<p>ici (/x)là <em>é</em></p>"
    )


def test_a_picture_is_told_and_its_words_stand_for_it() -> None:
    assert plain_of('E = <img src="/i.png" alt="mc&sup2;"> !') == "E = [image : mc²] !"
    assert plain_of("Carte :<br/><img src='data:image/png;base64,AAAA'><br/>Fin.") == "Carte :\n[image]\nFin."
    assert plain_of('<img alt="l\'île" src=x>') == "[image : l'île]"
    assert html_of("<i>a</i><img alt='&lt;b&gt;'>") == "<p><em>a</em>[image : &lt;b&gt;]</p>"
    assert found_in("a<img src=x>") == ["1, published as « [image] » with their words"]


TABLES = {
    "spans": (
        (
            '<table><tr><th rowspan="2">Région</th><th colspan="2">Griffons</th></tr>'
            "<tr><th>2024</th><th>2025</th></tr>"
            '<tr><td>Ain</td><td></td><td>9</td></tr><tr><td>Total</td><td colspan="2">21</td></tr></table>'
        ),
        ["Région | Griffons |", "| 2024 | 2025", "Ain | | 9", "Total | 21 |"],
        (
            '<table><thead><tr><th rowspan="2">Région</th><th colspan="2">Griffons</th></tr>'
            "<tr><th>2024</th><th>2025</th></tr></thead><tbody><tr><td>Ain</td><td></td><td>9</td></tr>"
            '<tr><td>Total</td><td colspan="2">21</td></tr></tbody></table>'
        ),
    ),
    "no head": (
        "<table><tr><td>Année</td><td>Griffons</td></tr><tr><td>2024</td><td>12</td></tr></table>",
        ["Année | Griffons", "2024 | 12"],
        (
            "<table><tbody><tr><td>Année</td><td>Griffons</td></tr>"
            "<tr><td>2024</td><td>12</td></tr></tbody></table>"
        ),
    ),
    "a head by its section": (
        (
            "<table><thead><tr><td>Année</td><td>Nombre</td></tr></thead>"
            "<tr><td>2024</td><td>12</td></tr></table>"
        ),
        ["Année | Nombre", "2024 | 12"],
        (
            "<table><thead><tr><td>Année</td><td>Nombre</td></tr></thead>"
            "<tbody><tr><td>2024</td><td>12</td></tr></tbody></table>"
        ),
    ),
    "heads of rows": (
        "<table><tr><th>Ain</th><td>1</td></tr><tr><th>Aude</th><td>2</td></tr></table>",
        ["Ain | 1", "Aude | 2"],
        "<table><tbody><tr><th>Ain</th><td>1</td></tr><tr><th>Aude</th><td>2</td></tr></tbody></table>",
    ),
    "a foot that stands first": (
        "<table><tfoot><tr><td>Total</td><td>3</td></tr></tfoot><tr><td>Ain</td><td>3</td></tr></table>",
        ["Ain | 3", "Total | 3"],
        "<table><tbody><tr><td>Ain</td><td>3</td></tr><tr><td>Total</td><td>3</td></tr></tbody></table>",
    ),
    "a caption, lines and blanks": (
        (
            "<table><caption>Bilan</caption><tr><td>a<br>b</td><td> c </td></tr>"
            "<tr><td></td><td></td></tr></table>"
        ),
        ["Bilan", "a b | c"],
        (
            "<p>Bilan</p>\n<table><tbody><tr><td>a<br>b</td><td>c</td></tr>"
            "<tr><td></td><td></td></tr></tbody></table>"
        ),
    ),
    "a span that is too large": (
        (
            '<table><tr><td colspan="99">Titre</td></tr><tr><td rowspan="9">a</td><td>b</td></tr>'
            "<tr><td>c</td></tr></table>"
        ),
        ["Titre |", "a | b", "| c"],
        (
            '<table><tbody><tr><td colspan="2">Titre</td></tr><tr><td rowspan="2">a</td><td>b</td></tr>'
            "<tr><td>c</td></tr></tbody></table>"
        ),
    ),
    "badly quoted": (
        (
            '<table><tr><th rowspan=2">a</th><th>b</th></tr><tr><th>c</th></tr>'
            "<tr><td>d</td><td>e</td></tr></table>"
        ),
        ["a | b", "| c", "d | e"],
        (
            '<table><thead><tr><th rowspan="2">a</th><th>b</th></tr><tr><th>c</th></tr></thead>'
            "<tbody><tr><td>d</td><td>e</td></tr></tbody></table>"
        ),
    ),
    "a single cell": ("<table><tr><td>a<br>b</td></tr></table>", ["a", "b"], None),
}


@pytest.mark.parametrize(("fragment", "lines", "html"), TABLES.values(), ids=TABLES)
def test_each_row_of_a_table_has_as_many_cells(fragment: str, lines: list[str], html: str | None) -> None:
    assert plain_of(fragment).split("\n") == lines
    assert html_of(fragment) == html


def test_a_table_that_would_fill_the_memory_is_refused() -> None:
    wide = '<td colspan="1000">a</td>' * 2000
    with pytest.raises(BadValue, match="a table of at most"):
        read_fragment(f"<table><tr>{wide}</tr></table>")
    with pytest.raises(BadValue, match="a table of at most"):
        read_fragment(f"<table><tr>{'<td>a</td>' * 2000}</tr>{'<tr><td>a</td></tr>' * 2000}</table>")


LISTS = {
    "<ol><li>un</li><li>deux</li></ol>trois": (
        "1. un\n2. deux\ntrois",
        "<ol><li>un</li><li>deux</li></ol>\n<p>trois</p>",
    ),
    "<ol start=3><li>un<li value=7>deux<li>trois</ol>": (
        "3. un\n7. deux\n8. trois",
        '<ol start="3"><li>un</li><li value="7">deux</li><li>trois</li></ol>',
    ),
    "<ol type=a><li>un<ol type=I><li>x<li>y</ol><li>deux</ol>": (
        "a. un\nI. x\nII. y\nb. deux",
        '<ol type="a"><li>un<ol type="I"><li>x</li><li>y</li></ol></li><li>deux</li></ol>',
    ),
    "<ol reversed><li>un<li>deux</ol>": (
        "2. un\n1. deux",
        '<ol start="2"><li>un</li><li value="1">deux</li></ol>',
    ),
    "<ul><li>un<br>bis<li><b>deux</b></ul>": (
        "un\nbis\ndeux",
        "<ul><li>un<br>bis</li><li><strong>deux</strong></li></ul>",
    ),
    "<ol><li>un</li><ol><li>x</ol><li></li><li>trois</li></ol>": (
        "1. un\n1. x\n3. trois",
        '<ol><li>un<ol><li>x</li></ol></li><li value="3">trois</li></ol>',
    ),
}


@pytest.mark.parametrize(("fragment", "read"), LISTS.items())
def test_the_numbers_of_a_list_are_kept(fragment: str, read: tuple[str, str]) -> None:
    text = read_fragment(fragment).text
    assert text
    assert (text.plain, text.html) == read


STRUCK = ("<s>supprimé</s>", "<del>supprimé</del>", "<strike>supprimé</strike>", "<S>suppri<b>mé</b></S>",
          '<span style="text-decoration: line-through">supprimé</span>')  # fmt: skip


@pytest.mark.parametrize("struck", STRUCK)
def test_struck_words_are_left_out_and_told(struck: str) -> None:
    assert plain_of(f"Le point 2 est {struck} <ins>maintenu</ins>.") == "Le point 2 est maintenu."
    assert found_in(f"un {struck}") == ["1 struck and left out: « supprimé »"]
    assert html_of(f"<i>un</i> {struck} deux") == "<p><em>un</em> deux</p>"


def test_a_quotation_has_its_marks_and_preformatted_lines_stay() -> None:
    assert plain_of("un <q>deux</q> trois") == "un «\u00a0deux\u00a0» trois"
    assert plain_of("<pre>un\n  deux</pre>trois") == "un\ndeux\ntrois"


DEBATE = (
    '</p><p align="CENTER"> NUAGES <a name=PG13></a> </p><br><strong>Mme la présidente. </strong>Oui.<br><br>'
    "<strong>M. Aimé Modèle,</strong><i> ministre. </i>Non <b>jamais</b> <i>sine die</i>. "
    "<i>(Rires.)</i> (<i>Cris.)</i> <p>"
)


def test_speakers_and_stage_directions_of_a_debate_are_kept_as_structure() -> None:
    assert html_of(DEBATE, debate=True) == (
        '<p>NUAGES</p>\n<p><span class="speaker">Mme la présidente. </span>Oui.</p>\n'
        '<p><span class="speaker">M. Aimé Modèle,</span><em> ministre. </em>Non <strong>jamais</strong> '
        '<em>sine die</em>. <span class="stage-direction">(Rires.)</span> '
        '(<span class="stage-direction">Cris.)</span></p>'
    )
    assert "span" not in (html_of(DEBATE) or "")


def test_a_text_of_paragraphs_alone_has_no_structure() -> None:
    for fragment in (
        "un<br>deux",
        "<p>un</p><p class=x>deux</p>",
        "<div>un</div><font size=2>deux</font>",
        "a</i>",
    ):
        assert html_of(fragment) is None


def test_what_is_published_as_structure_is_escaped() -> None:
    assert (
        html_of("<i>x<y et z>w</i> &amp; &lt;script&gt;")
        == "<p><em>x&lt;y et z&gt;w</em> &amp; &lt;script&gt;</p>"
    )
    assert html_of("<table onclick=x><tr><td style='y'>a</td><td>\"</td></tr></table>") == (
        '<table><tbody><tr><td>a</td><td>"</td></tr></tbody></table>'
    )


class Spoilt(NamedTuple):
    fragment: str
    text: str
    found: str


SPOILT = {
    "mojibake": Spoilt("lâ€™Ã©tude <i>oÃ¹</i>", "l’étude où", "« â€™Ã©tude <i> »: the text was repaired"),
    "mojibake beside accents": Spoilt(
        "lâ€™Ã©tude à", "lâ€™Ã©tude à", "« â€™Ã©tude à », published as it came"
    ),
    "mojibake without way back": Spoilt("Ã©t Ã", "Ã©t Ã", "« Ã©t Ã », published as it came"),
    "references": Spoilt(
        "l&amp;eacute;t&amp;#233; &amp;amp; x", "lété & x", "« &eacute; »: the text was repaired"
    ),
    "references and an ampersand": Spoilt(
        "R&D &amp;eacute;", "R&D &eacute;", "« &eacute; », published as it came"
    ),
    "references to signs": Spoilt("un &amp;amp; deux", "un &amp; deux", "« &amp; », published as it came"),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_text_is_told_and_repaired_only_if_all_of_it_is_spoilt(spoilt: Spoilt) -> None:
    assert plain_of(spoilt.fragment) == spoilt.text
    assert found_in(spoilt.fragment) == [spoilt.found]


@pytest.mark.parametrize("sound", ["SÃO PAULO", "Âge, Île, Åland", "R&D ; AT&T", "à l’été", "x &lt;y&gt;"])
def test_a_sound_text_is_not_taken_for_spoilt(sound: str) -> None:
    assert found_in(sound) == []


@pytest.mark.parametrize(
    ("old", "spoilt", "place"),
    [
        ("Sources", "Société", "rubric"),
        ("Groupe des Essais", "Groupe d’été", "author"),
        ("Ondine Chimère", "Ondine Chimère", "author"),
        ("Mers", "Éclaircies", "ministry"),
    ],
)
def test_a_spoilt_name_is_published_as_it_came_and_told(old: str, spoilt: str, place: str) -> None:
    came = spoilt.encode().decode("cp1252")
    [question], problems = read(PAGE.replace(old, came))
    assert came in str(question.content)
    assert {each.place for each in problems} == {place}
    assert all(each.found.endswith("published as it came") for each in problems)


MARKS = {
    "5 \\* 3, \\[sic\\], a\\_b, 1\\.": "5 * 3, [sic], a_b, 1.",
    "300 m^2, 10^6, 10^-3, 3^(3)": "300 m², 10⁶, 10⁻³, 3⁽³⁾",
    "le XIX^e siècle, le 1^er mai, M^me, n^o 5": "le XIXe siècle, le 1er mai, Mme, no 5",
    "a ^ b et ^c": "a ^ b et ^c",
    "Voir <https://example.org/r.pdf>.": "Voir https://example.org/r.pdf.",
    "[le rapport](https://example.org/r_(1).pdf)": "le rapport (https://example.org/r_(1).pdf)",
    "[M. X](#) et [x] (y)": "M. X et [x] (y)",
    "![carte](/x.png) et ![](/y.png)": "[image : carte] et [image]",
    "Un *sine die* et **gras** ; 2 * 3 * 4": "Un sine die et gras ; 2 * 3 * 4",
    "est ~~supprimé~~ maintenu": "est maintenu",
    "## Titre": "Titre",
    "x<y et z>w & <b>": "x<y et z>w & <b>",
    "- un\n1. deux\n> trois\na_b_c": "- un\n1. deux\n> trois\na_b_c",
    "* un\n* deux\n* * *\ntrois": "un\ndeux\ntrois",
    "| Année | Nom |\n| --- | :-: |\n| 2024 | a\\|b |\nFin": "Année | Nom\n2024 | a|b\nFin",
    "| a | b |\nsans filet": "| a | b |\nsans filet",
}


@pytest.mark.parametrize(("marked", "text"), MARKS.items())
def test_marks_of_a_conversion_are_read_as_what_they_stand_for(marked: str, text: str) -> None:
    assert plain(markdown.read_text(marked.split("\n")).text) == text


def test_the_structure_of_a_page_as_text_is_that_of_its_marks() -> None:
    lines = [
        "| A | B |",
        "| --- | --- |",
        "| 1 | *x* |",
        "* un",
        "* deux",
        "|  |  |",
        "|---|---|",
        "| c | d |",
    ]
    assert markdown.read_text(lines).text == Text(
        plain="A | B\n1 | x\nun\ndeux\nc | d",
        html="<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td><em>x</em></td></tr>"
        "</tbody></table>\n<ul><li>un</li><li>deux</li></ul>\n<table><tbody>"
        "<tr><td>c</td><td>d</td></tr></tbody></table>",
    )


def test_a_page_as_text_and_an_export_give_the_same_text() -> None:
    marked = "300 m^2, 10^6, [ici](https://example.org/r), *sine die*, ![carte](/x.png)"
    fragment = (
        '300 m<sup>2</sup>, 10<sup>6</sup>, <a href="https://example.org/r">ici</a>, <i>sine die</i>, '
        '<img src="/x.png" alt="carte">'
    )
    assert markdown.read_text([marked]).text == read_fragment(fragment).text


def warnings(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.place, problem.found) for problem in problems if problem.severity is Severity.WARNING]


def test_what_is_doubtful_in_a_text_is_told_of_every_form() -> None:
    page, problems = read(PAGE.replace("Qui veille ?", "Voir [ici](https://example.org/r)."))
    told = "1 with the address of a link, published in parentheses: « https://example.org/r »"
    assert plain(page[0].text).endswith("Voir ici (https://example.org/r).")
    assert told in [found for _, found in warnings(problems)]
