"""A column of the table of questions: the name, the type, what a cell says, what that is in RDF."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lod.iri import Iris
from lod.model import Question

Cell = str | int | date | None
Value = Cell | list[Cell]
"""What stands in a cell; None if the question does not have it, or the source does not say it."""

ANQ = "https://w3id.org/anq/ontology#"
BIBO = "http://purl.org/ontology/bibo/"
DCTERMS = "http://purl.org/dc/terms/"
ELI = "http://data.europa.eu/eli/ontology#"
ELI_DL = "http://data.europa.eu/eli/eli-draft-legislation-ontology#"
SCHEMA = "http://schema.org/"
ANSWER = "/reponse"
"""What the IRI of the first answer adds to that of the question."""


class Type(enum.StrEnum):
    """What a cell holds, by the names of CSVW."""

    IRI = "anyURI"
    TEXT = "string"
    NUMBER = "integer"
    DAY = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name and titles, what it says (`about`), the type of a cell, how a question gives it.

    `term` is the property by which the RDF says the very same of the question, or of what has its IRI with
    `of` behind; `link` is a pattern of the IRI that the RDF has where the cell has a code.
    """

    name: str
    french: str
    english: str
    about: str
    of_question: Callable[[Iris, Question], Value]
    type: Type = Type.TEXT
    term: str | None = None
    of: str = ""
    link: str | None = None
    french_text: bool = False
    many: bool = False
    always: bool = False
    values: tuple[str, ...] = ()
