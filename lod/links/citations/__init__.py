"""What a text cites: French acts, codes, acts of the European Union, other questions; each with its place.

Precision comes first: what is not certain is left out, and what contradicts itself is told as a `Doubt`.
"""

from datetime import date

from lod.links.citations.acts import find_acts
from lod.links.citations.codes import find_codes
from lod.links.citations.european import find_european_acts
from lod.links.citations.found import Act as Act
from lod.links.citations.found import Citation as Citation
from lod.links.citations.found import Code as Code
from lod.links.citations.found import Doubt as Doubt
from lod.links.citations.found import DoubtKind as DoubtKind
from lod.links.citations.found import EuropeanAct as EuropeanAct
from lod.links.citations.found import Found
from lod.links.citations.found import Target as Target
from lod.links.citations.questions import find_questions
from lod.model import QuestionId


def find_citations(text: str, question: QuestionId, published_on: date) -> Found:
    """Return what a text of a question asked on a day, or of an answer to it, cites, in its order."""
    plain = _plain(text)
    found = Found()
    find_acts(plain, found)
    find_codes(plain, published_on, found)
    find_european_acts(plain, found)
    find_questions(plain, question, published_on, found)
    return found.quoting(text)


def _plain(text: str) -> str:
    """Return a text of the same length with plain spaces, hyphens and apostrophes."""
    for special, plain in _SPECIAL:
        text = text.replace(special, plain)
    return text


_SPECIAL = (("\u00a0", " "), ("\u202f", " "), ("\u2011", "-"), ("\u2013", "-"), ("’", "'"), ("\n", " "))
