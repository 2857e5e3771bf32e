"""The values of a query's parameters: words of people, checked by type and written as terms of SPARQL."""

import enum
import re
from datetime import date
from typing import TYPE_CHECKING

from lod.errors import BadValue, quote

if TYPE_CHECKING:
    import pyoxigraph as ox

_XSD = "http://www.w3.org/2001/XMLSchema#"


class ParameterType(enum.StrEnum):
    """What a parameter takes."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CODE = "code"
    IRI = "iri"


EXPECTED = {
    ParameterType.TEXT: "some text",
    ParameterType.DAY: "a day such as 2026-06-23, or today",
    ParameterType.NUMBER: "a whole number",
    ParameterType.CODE: "a code of letters and digits such as 2A",
    ParameterType.IRI: "an absolute IRI",
}
_TYPED = {ParameterType.DAY: "date", ParameterType.NUMBER: "integer", ParameterType.CODE: "token"}
_SPELT = {
    ParameterType.DAY: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ParameterType.NUMBER: re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    ParameterType.CODE: re.compile(r"[0-9A-Za-z-]{1,20}"),
}


def term(kind: ParameterType, value: str) -> str:
    """Write a value as a term of SPARQL, whatever is in it; raise BadValue if it is not of its kind.

    The one place where words of people become part of a query.
    """
    try:
        return str(_term(kind, value))
    except ValueError:
        raise BadValue(EXPECTED[kind], quote(value)) from None


def _term(kind: ParameterType, value: str) -> "ox.Literal | ox.NamedNode":
    import pyoxigraph as ox

    if kind is ParameterType.IRI:
        return ox.NamedNode(value)
    if kind is ParameterType.TEXT:
        return ox.Literal(value)
    if kind is ParameterType.DAY:
        value = date.today().isoformat() if value == "today" else value
        date.fromisoformat(value)
    if not _SPELT[kind].fullmatch(value):
        raise ValueError
    return ox.Literal(value, datatype=ox.NamedNode(_XSD + _TYPED[kind]))
