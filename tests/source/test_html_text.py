"""Simple markup is converted into text as by a browser's parser, character by character."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lod.errors import BadValue
from lod.source import html_text
from lod.source.text_blocks import block_lines, read_lines
from tests.support.reading import plain

WORDS = (
    "a",
    "b",
    "é",
    "œ",
    " ",
    "  ",
    "\n",
    "\u00a0",
    "<",
    ">",
    "&",
    ";",
    "x<y",
    "<!-- c -->",
    "<!--",
    "-->",
)
REFERENCES = (
    "&amp;",
    "&lt;i&gt;",
    "&nbsp",
    "&#339;",
    "&#150;",
    "&#x41;",
    "&#0;",
    "&notit;",
    "&am",
    "&#10;",
    "&Tab;",
)
TAGS = ("<br>", "<br/>", "</br>", "<BR />", "<p>", "</p>", "<p align='CENTER'>", "<i>", "</i>", "<b>", "</b>")
MORE_TAGS = ("<strong>", "</strong>", "<a name=PG13>", "</a>", "<sup>", "</sup>", "<span class='x'>", "<x>")
PIECES = st.sampled_from((*WORDS, *REFERENCES, *TAGS, *MORE_TAGS))


@settings(max_examples=1500)
@given(st.lists(PIECES, max_size=12).map("".join))
@example("</p><p align='CENTER'> TITRE <a name=PG13></a> </p><br><strong>M. X. </strong>Oui.<br><br> <p>")
@example("<!-->a<!-- c -->")
@example("a<a name=PG13>a<p><i>")
@example("<strong>a</b>b")
@example("<i>a<a name=PG13>b<p>c</a>d")
@example("a&NewLine;b&Tab;c")
@example("a&Tab;b  c")
@example("<p>a<i>b<p>c</i>d</p>e")
@example("<ſ>a<ı>b</ı>c<ſpan>d<ſ p>e")
def test_simple_markup_is_converted_as_by_a_parser(fragment: str) -> None:
    if html_text.mark_simple(fragment) is not None:
        parsed = read_lines(list(block_lines(html_text.parse_fragment(fragment))))
        for debate in (False, True):
            assert (
                html_text.read_fragment(fragment, debate=debate).text
                == read_lines(list(block_lines(html_text.parse_fragment(fragment))), debate=debate).text
            )
        assert html_text.to_plain_text(fragment) == plain(parsed.text)


@pytest.mark.parametrize("fragment", ["a&#0;b", "a&#1;b", "a&#xD800;b", "a&#xFFFE;b", "<td>a&#1;"])
def test_unpublishable_characters_are_refused_however_they_are_written(fragment: str) -> None:
    with pytest.raises(BadValue, match="control characters"):
        html_text.to_plain_text(fragment)


def test_nothing_but_markup_and_space_is_lost() -> None:
    for fragment in ("x<y et z>w", "3 < 4 & 5 > 2", "«<i> œ </i>» &amp;amp;", "a<b>c</b>d</p>e"):
        kept = re.sub(r"</?[ibp]>|\s", "", fragment).replace("&amp;amp;", "&amp;")
        assert "".join(html_text.to_plain_text(fragment).split()) == kept


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ('Avant <a href="http://x>lien</a> après.', "Avant lien après."),
        ('<table><tr><td>a</td></tr></table><a href="http://x>lien</a> après', "a\nlien après"),
        ('<a title="x > y">lien</a>', 'y">lien'),
        ('<table><tr><th rowspan=2">a</th><td>b</td></tr></table>', "a | b"),
        ('E = <img src="/i.png" alt="mc&sup2;"> !', "E = mc² !"),
        ('<div>E = <img src="/i.png" alt="mc&sup2;"> !</div>', "E = mc² !"),
        ('<img src="/i.png">x', "x"),
    ],
)
def test_no_attribute_swallows_text_and_a_picture_becomes_its_alternative_text(
    fragment: str, text: str
) -> None:
    assert html_text.to_plain_text(fragment) == text


def test_markup_that_reopens_itself_is_refused_before_it_grows() -> None:
    with pytest.raises(BadValue, match="nested at most"):
        html_text.to_plain_text("<div></div>" + "".join(f"<b x={n}></i><p>" for n in range(6000)))
