"""What texts say: whether two printings of a text differ in more than the marks of a conversion."""

import re
import unicodedata

_ADDRESS = r"(?:[^\s()]|\([^\s()]*\))*"
_NOT_WORDS = re.compile(
    rf"!\[[^\[\]\n]*\]\({_ADDRESS}\)"  # a picture of Markdown
    r"|\[image(?: : [^\[\]\n]*)?\]"  # the same as published
    r"|~~[^~\n]+~~"  # struck text
    rf"|(?<=\])\({_ADDRESS}\)"  # the address of a link of Markdown
    rf"| ?\((?:[a-z]{{3,6}}://|mailto:|/){_ADDRESS}\)"  # the same as published
    r"| ?\([^\s()@]+@[^\s()@]+\)"  # an address of mail, as published
    r"|^[ \t\u00a0*>-]*(?:[0-9]{1,3}|[a-z]|[ivx]{2,5})[.)][ \t\u00a0]",  # the number of an item of a list
    re.MULTILINE,
)
_POWER = re.compile(r"(?<=[0-9])(?:\^\(?(?=[-+\u2212]?[0-9])|(?=[⁽⁺⁻]?[⁰¹²³⁴-⁹]))")
"""Where a superscript begins behind a figure: without it, the figure is another."""
_MINUS = re.compile(r"(?<=[ (\x02])[-\u2010\u2013\u2212](?=[0-9])")
_SIGN_OF_MEANING = "\x02"
_OTHER_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "°": "o"})
_NOT_SAID = re.compile(rf"(?:(?<![0-9])[.,]|[.,](?![0-9])|[^\w%‰§€$£×÷±={_SIGN_OF_MEANING}.,]|_)+")


def same_words(one: str, other: str) -> bool:
    """Return whether two texts say the same: the same letters, figures and signs, whatever marks are around.

    Bullets, numbers of lists, pipes of tables, carets and superscripts, links, pictures, escapes, emphasis,
    ligatures, quotation marks, dashes, spaces and case make no difference. Decimal signs, minus signs and
    superscripts of figures do: 10⁶ is 10^6, but not 106.
    """
    return one == other or _words_key(one) == _words_key(other)


def _words_key(text: str) -> str:
    """Return what a text says, as a key."""
    words = _POWER.sub(_SIGN_OF_MEANING, _NOT_WORDS.sub("", text))
    letters = _MINUS.sub(_SIGN_OF_MEANING, unicodedata.normalize("NFKC", words))
    return _NOT_SAID.sub("", letters.casefold().translate(_OTHER_LETTERS))
