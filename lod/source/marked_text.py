"""A text whose markup has become single control characters, as plain text and as canonical HTML.

No text that can be published holds control characters, so that the marks cannot be mistaken for it.
"""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lod.errors import quote
from lod.finding import Finding
from lod.model import Text
from lod.source.document import normalize

STRONG: Final = ("\x02", "\x03")
EMPHASIS: Final = ("\x04", "\x05")
SUPERSCRIPT: Final = ("\x06", "\x07")
SUBSCRIPT: Final = ("\x08", "\x0b")
PICTURE: Final = ("\x11", "\x12")
STRUCK: Final = ("\x18", "\x19")
LINK: Final = ("\x0e", "\x0f", "\x10")
"""Before the address, between it and the words, after these."""
NOTHING: Final = "\x13"
"""Stands for a tag that means nothing here: no character reference spans it."""
_SPEAKER, _DIRECTION = ("\x14", "\x15"), ("\x16", "\x17")

MARKS: Final = re.compile("[\x02-\x08\x0b\x0e-\x19]")
_TAGS = {
    STRONG[0]: "<strong>",
    EMPHASIS[0]: "<em>",
    SUPERSCRIPT[0]: "<sup>",
    SUBSCRIPT[0]: "<sub>",
    _SPEAKER[0]: '<span class="speaker">',
    _DIRECTION[0]: '<span class="stage-direction">',
}
_ENDS = {
    end: (start, f"</{re.split('[ >]', _TAGS[start][1:])[0]}>")
    for start, end in (STRONG, EMPHASIS, SUPERSCRIPT, SUBSCRIPT, _SPEAKER, _DIRECTION)
}
_END_TAGS = dict(_ENDS.values())
_EMPHASIS_MARKS = re.compile(f"([{''.join((*STRONG, *EMPHASIS))}])")
_FLAT_ENDS = dict((STRONG, EMPHASIS))
_TAG_MARKS = re.compile("([\x02-\x08\x0b\x14-\x17])")
_SPEAKER_AT_START = re.compile("^([ \x13]*)\x02([^\n\x02\x03]*[^\\W\\d_][^\n\x02\x03]*)\x03", re.MULTILINE)
_STAGE_DIRECTION = re.compile("\x04([ \u00a0]*\\([^\n\x04\x05]*|(?<=\\(\x04)[^\n\x04\x05]*)\x05")
_LINK = re.compile("\x0e([^\x0e-\x10]*)\x0f([^\x0e-\x10]*)\x10")
_PICTURE = re.compile("\x11([^\x11\x12]*)\x12")
_STRUCK = re.compile("\x18([^\x18\x19]*)\x19")
_RAISED = re.compile("(.?)\x06([^\x06\x07]*)\x07", re.DOTALL)
_LOWERED = re.compile("\x08([^\x08\x0b]*)\x0b")
_SPACES = re.compile(" {2,}")
_WEB_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
_SHORT_ADDRESS = re.compile(r"^(?:https?://|mailto:)?(?:www\.)?|/$", re.IGNORECASE)

_SIGNS = dict(zip("+-\u2212=()", "⁺⁻⁻⁼⁽⁾", strict=True))
_SUPERSCRIPTS = _SIGNS | dict(
    zip(
        "0123456789abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
        "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
        strict=True,
    )
)
_SUBSCRIPTS = dict(
    zip("+-\u2212=()0123456789aehijklmnoprstuvx", "₊₋₋₌₍₎₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_RAISED_ALREADY = frozenset("°ºª®™©*'’\u2032\u2033⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMERALS = frozenset("0123456789IVXLCDM")
_ENDINGS_OF_NUMERALS = frozenset(
    (
        *("er", "ers", "re", "res", "ère", "ères", "e", "es", "ème", "èmes", "eme", "emes", "nd", "nds"),
        *("nde", "ndes", "d", "ds", "de", "des", "o", "os", "th", "st", "bis", "ter", "quater", "quinquies"),
        *("sexies", "septies", "octies", "nonies", "decies"),
    )
)
_ENDINGS_OF_WORDS = frozenset(
    (
        *("me", "mes", "lle", "lles", "r", "rs", "re", "res", "gr", "grs", "t", "te", "ts", "tes", "ve"),
        *("ie", "ies", "al", "aux", "el", "o", "os"),
    )
)
"""Raised endings of French ordinals, and those of abbreviations such as « Mme » and « no »: letters."""


class Observation(NamedTuple):
    """What is worth a remark about a text: what was expected, what was found, and the kind of finding."""

    expected: str
    found: str
    finding: Finding = Finding.TEXT_SIMPLIFIED


def without_emphasis(marked: str) -> str:
    """Return a marked text without the marks whose words say the same without them."""
    for mark in (*STRONG, *EMPHASIS, NOTHING):
        if mark in marked:
            marked = marked.replace(mark, "")
    return marked


def plain_text(marked: str) -> str:
    """Return a marked text with what its marks stand for, in plain characters."""
    text = without_emphasis(marked)
    if not MARKS.search(text):
        return _SPACES.sub(" ", text)
    text = _LINK.sub(_plain_link, _PICTURE.sub(_plain_picture, _STRUCK.sub("", text)))
    text = _LOWERED.sub(_lowered, _RAISED.sub(_raised, text))
    return _SPACES.sub(" ", text)


def bare_text(marked: str) -> str:
    """Return a marked text without its marks, addresses and struck words, to find labels in it."""
    if not MARKS.search(marked):
        return marked
    return _SPACES.sub(" ", MARKS.sub("", _LINK.sub(r"\2", _STRUCK.sub("", marked))))


def is_said(marked: str) -> bool:
    """Return whether a line has words or a picture, or had words that are struck."""
    return any(mark in marked for mark in (STRUCK[0], PICTURE[0])) or bool(bare_text(marked).strip(" "))


def has_structure(marked: str) -> bool:
    """Return whether the marks of a text say more than its plain text can."""
    return bool(MARKS.search(_STRUCK.sub("", _PICTURE.sub("", marked)).replace(NOTHING, "")))


def html_lines(marked: str, *, debate: bool = False) -> list[str]:
    """Return the lines of a marked text as HTML; in a debate, with speakers and stage directions."""
    unstruck = _SPACES.sub(" ", _STRUCK.sub("", marked)) if STRUCK[0] in marked else marked
    text = _PICTURE.sub(_plain_picture, unstruck.replace(NOTHING, ""))
    flat = None if MARKS.search(without_emphasis(text)) else flat_html(text, debate=debate)
    if flat is not None:
        return flat.split("\n")
    if debate:
        text = _SPEAKER_AT_START.sub("\\1\x14\\2\x15", text)
        text = _STAGE_DIRECTION.sub("\x16\\1\x17", text)
    return list(_nested_lines(html.escape(text, quote=False)))


def flat_html(marked: str, *, debate: bool) -> str | None:
    """Return a text with marks of emphasis alone as lines of HTML; None if they are nested or span lines."""
    pieces = _EMPHASIS_MARKS.split(html.escape(marked, quote=False))
    starts, words, ends = pieces[1::4], pieces[2::4], pieces[3::4]
    if [_FLAT_ENDS.get(start) for start in starts] != ends or not all(words) or "\n" in "".join(words):
        return None
    if debate:
        starts = list(map(_role, pieces[0::4], starts, words))
    pieces[1::4] = [_TAGS[start] for start in starts]
    pieces[3::4] = [_END_TAGS[start] for start in starts]
    return "".join(pieces)


def _role(before: str, start: str, words: str) -> str:
    """Return the mark of a speaker, whose name begins a line, or of a stage direction, or the mark itself."""
    if start == STRONG[0]:
        begins_line = not before.rpartition("\n")[2].strip(" ") and (before == "" or "\n" in before)
        return _SPEAKER[0] if begins_line and any(map(str.isalpha, words)) else start
    return _DIRECTION[0] if words.lstrip(" \u00a0").startswith("(") or before.endswith("(") else start


def observations(marked: str) -> Iterator[Observation]:
    """Yield what is worth a remark about a marked text: links, pictures, struck text."""
    if not any(mark in marked for mark in (LINK[0], PICTURE[0], STRUCK[0])):
        return
    addresses = [link[1] for link in _LINK.finditer(marked) if not _is_its_address(link[2], link[1])]
    if addresses:
        found = (
            f"{len(addresses)} with the address of a link, published in parentheses: {quote(addresses[0])}"
        )
        yield Observation("words without a link", found)
    if pictures := _PICTURE.findall(marked):
        yield Observation(
            "a text without pictures", f"{len(pictures)}, published as « [image] » with their words"
        )
    if struck := [words for words in _STRUCK.findall(marked) if words.strip()]:
        yield Observation(
            "words that are valid", f"{len(struck)} struck and left out: {quote(bare_text(struck[0]))}"
        )


def make_text(plain: str, html_text: str | None) -> Text:
    """Return a text with its accents composed; raise BadValue for characters that cannot be published."""
    return Text(plain=normalize(plain), html=html_text and normalize(html_text))


def _nested_lines(text: str) -> Iterator[str]:
    """Yield lines of HTML; what is open at the end of a line is closed there and opened on the next."""
    is_open = list[str]()
    for line in text.split("\n"):
        pieces = [_TAGS[mark] for mark in is_open]
        split = _TAG_MARKS.split(_LINK.sub(_html_link, line))
        pieces += [_toggled(piece, is_open) if piece in _TAGS or piece in _ENDS else piece for piece in split]
        pieces += [_END_TAGS[mark] for mark in reversed(is_open)]
        yield _without_empty("".join(pieces))


def _toggled(mark: str, is_open: list[str]) -> str:
    """Return the tags that stand for a mark, properly nested."""
    if mark in _TAGS:
        is_open.append(mark)
        return _TAGS[mark]
    start, tag = _ENDS[mark]
    if start not in is_open:
        return ""
    at = len(is_open) - 1 - is_open[::-1].index(start)
    after = is_open[at + 1 :]
    del is_open[at]
    return "".join([*(_END_TAGS[m] for m in reversed(after)), tag, *(_TAGS[m] for m in after)])


_EMPTY_ELEMENT = re.compile(r'<(strong|em|sup|sub|span)(?: class="[a-z-]+")?></\1>')


def _without_empty(line: str) -> str:
    while line != (line := _EMPTY_ELEMENT.sub("", line)):
        pass
    return line


def _html_link(link: re.Match[str]) -> str:
    """Return a link to the web as HTML; other addresses stand in parentheses, as in plain text."""
    address, words = html.unescape(link[1]), link[2]
    if not _WEB_ADDRESS.fullmatch(address):
        return f"{words} ({link[1]})" if address else words
    return f'<a href="{html.escape(address)}">{words or link[1]}</a>'


def _plain_link(link: re.Match[str]) -> str:
    address, words = link[1].removeprefix("mailto:"), link[2]
    return words if _is_its_address(words, address) else f"{words.rstrip(' ')} ({address})".strip(" ")


def _is_its_address(words: str, address: str) -> bool:
    """Return whether the words of a link are its address, which may lack what browsers add."""
    plain = _SHORT_ADDRESS.sub("", bare_text(words).strip(" \u00a0.").casefold())
    return plain == _SHORT_ADDRESS.sub("", address.casefold())


def _plain_picture(picture: re.Match[str]) -> str:
    words = bare_text(picture[1]).strip(" ")
    return f"[image : {words}]" if words else "[image]"


def _raised(match: re.Match[str]) -> str:
    """Return a superscript behind a character: letters if it ends an ordinal or an abbreviation."""
    before, words = match[1], match[2]
    endings = _ENDINGS_OF_NUMERALS if before in _NUMERALS else ()
    if before and (
        words.casefold() in endings or (before.isalpha() and words.casefold() in _ENDINGS_OF_WORDS)
    ):
        return before + words
    return before + _in_characters(words, _SUPERSCRIPTS, "^")


def _lowered(match: re.Match[str]) -> str:
    return _in_characters(match[1], _SUBSCRIPTS, "_")


def _in_characters(words: str, characters: dict[str, str], sign: str) -> str:
    """Return raised or lowered words in the characters that Unicode has for that, or in parentheses."""
    core = words.strip(" \u00a0")
    if not core or _RAISED_ALREADY.issuperset(core):
        return words
    if all(character in characters for character in core):
        shown = "".join(characters[character] for character in core)
    else:
        shown = f"{sign}({core})"
    start = words.index(core)
    return f"{words[:start]}{shown}{words[start + len(core) :]}"
