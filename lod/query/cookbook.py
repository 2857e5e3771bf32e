"""The cookbook: the saved queries of `queries/`, with titles, descriptions and parameters.

A query is named, read from a file or written out; `resolve_query` finds it. The value of a parameter is
checked by its type and written as one SPARQL term: only there does user input become part of a query.
"""

import difflib
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lod import definitions
from lod.errors import BadValue, CheckFailed, Misused, NotReadOrWritten, quote

if TYPE_CHECKING:
    import pyoxigraph as ox


class ParameterType(enum.StrEnum):
    """The type of a parameter's value."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CODE = "code"
    IRI = "iri"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a query: the name of its variable, its type, and its default value if it has one."""

    name: str
    type: ParameterType
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A query of the cookbook."""

    name: str
    title: str
    title_en: str
    description: str
    description_en: str
    relies_on: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, values: Mapping[str, str], base: str = definitions.DEFAULT_BASE) -> str:
        """Return the text of the query with values for its parameters, for data published under a base.

        Raise Misused if a required parameter has no value, or if a value has an unknown name or a wrong type.
        """
        names = {parameter.name for parameter in self.parameters}
        if unknown := values.keys() - names:
            valid = ", ".join(parameter.name for parameter in self.parameters)
            hint = f"its parameters are {valid}" if valid else "it has no parameters"
            raise Misused(f"the query {self.name} has no parameter {quote(min(unknown))}; {hint}")
        text = self.rebase(base)
        for parameter in self.parameters:
            block = f"VALUES ?{parameter.name} {{ {self._term(parameter, values)} }}"
            before, after = _values_block(parameter.name).split(text)
            text = before + block + after
        return text

    def rebase(self, base: str) -> str:
        """Return the text of the query, with its example values, for data published under a base."""
        return self.text.replace(f"BASE <{definitions.DEFAULT_BASE}>", f"BASE <{base}>")

    def _term(self, parameter: Parameter, values: Mapping[str, str]) -> str:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            expected = _EXPECTED[parameter.type]
            raise Misused(f"the query {self.name} needs --param {parameter.name}=…, {expected}")
        try:
            return sparql_term(parameter.type, value)
        except BadValue as error:
            raise Misused(f"{self.name}, parameter {parameter.name}: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The text of a query, and its title if it is a saved one."""

    text: str
    title: str | None = None


def resolve_query(query: str, values: Mapping[str, str], base: str = definitions.DEFAULT_BASE) -> Query:
    """Return the query meant by the name of a saved query, a file or the text of a query.

    Raise Misused if it is none of these or a parameter is wrong, NotReadOrWritten if the file cannot be read.
    """
    saved = cookbook().get(query)
    if saved:
        return Query(text=saved.bind(values, base), title=saved.title)
    if values:
        raise Misused("--param goes with a saved query only, not with the text of a query or a file")
    return Query(text=query if _is_text(query) else _read_file(query))


def _is_text(query: str) -> bool:
    """Return whether this is the text of a query: all have braces, but for some that begin with DESCRIBE."""
    return "{" in query or re.match(r"\s*(base|prefix|describe)\s", query, re.IGNORECASE) is not None


def _read_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Misused(f"{path} is not in UTF-8: byte {error.start} is not valid") from None
    except (FileNotFoundError, ValueError):
        near = difflib.get_close_matches(path, cookbook(), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "lod query --list shows the saved queries"
        raise Misused(f"{quote(path)} is not a saved query, a file or the text of a query; {hint}") from None
    except OSError as error:
        raise NotReadOrWritten(f"{path}: {error.strerror}") from None


_EXPECTED = {
    ParameterType.TEXT: "some text",
    ParameterType.DAY: "a day such as 2026-06-23, or today",
    ParameterType.NUMBER: "a whole number",
    ParameterType.CODE: "a code of letters and digits such as 2A",
    ParameterType.IRI: "an absolute IRI",
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = {ParameterType.DAY: "date", ParameterType.NUMBER: "integer", ParameterType.CODE: "token"}
_PATTERNS = {
    ParameterType.DAY: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ParameterType.NUMBER: re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    ParameterType.CODE: re.compile(r"[0-9A-Za-z-]{1,20}"),
}


def sparql_term(type_: ParameterType, value: str) -> str:
    """Return a value as a SPARQL term, escaped; raise BadValue if it is not of the type."""
    try:
        return str(_term(type_, value))
    except ValueError:
        raise BadValue(_EXPECTED[type_], quote(value)) from None


def _term(type_: ParameterType, value: str) -> "ox.Literal | ox.NamedNode":
    import pyoxigraph as ox

    if type_ is ParameterType.IRI:
        return ox.NamedNode(value)
    if type_ is ParameterType.TEXT:
        return ox.Literal(value)
    if type_ is ParameterType.DAY:
        value = date.today().isoformat() if value == "today" else value
        date.fromisoformat(value)
    if not _PATTERNS[type_].fullmatch(value):
        raise ValueError
    return ox.Literal(value, datatype=ox.NamedNode(_XSD + _DATATYPES[type_]))


@cache
def cookbook() -> dict[str, SavedQuery]:
    """Return all saved queries by name."""
    files = sorted(definitions.folder("queries").glob("*.rq"))
    return {path.stem: parse(path.stem, path.read_text(encoding="utf-8")) for path in files}


@cache
def columns(language: str = "fr") -> dict[str, str]:
    """Return the headings of the columns that the saved queries return, in French or English."""
    lines = (definitions.folder("queries") / "columns.tsv").read_text(encoding="utf-8").splitlines()
    position = lines[0].split("\t").index(language)
    rows = (line.split("\t") for line in lines[1:])
    return {row[0]: row[position] for row in rows}


_HEADER = re.compile(r"# (title|title@en|description|description@en|relies on|parameter): (.+)")
_REQUIRED = {"title", "title@en", "description", "description@en"}
_PARAMETER = re.compile(r"(\w+) (\w+)(?: (\S+))? — (.+)")


def parse(name: str, text: str) -> SavedQuery:
    """Parse the file of a saved query; raise CheckFailed if its header is incomplete."""
    matches = [_HEADER.fullmatch(line) for line in text.split("\n") if line.startswith("# ")]
    fields = [(match[1], match[2]) for match in matches if match]
    single = dict(fields)
    if len(fields) != len(matches) or _REQUIRED - single.keys():
        keys = ", ".join(sorted(single)) or "no field"
        raise CheckFailed(
            f"{name}: expected a header with a title and a description in both languages, found {keys}"
        )
    return SavedQuery(
        name=name,
        title=single["title"],
        title_en=single["title@en"],
        description=single["description"],
        description_en=single["description@en"],
        relies_on=tuple(value for key, value in fields if key == "relies on"),
        parameters=tuple(_parameter(name, value, text) for key, value in fields if key == "parameter"),
        text=text,
    )


def _parameter(query: str, line: str, text: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if not match or match[2] not in list(ParameterType) or len(_values_block(match[1]).findall(text)) != 1:
        raise CheckFailed(
            f"{query}: expected a parameter « name type [default] — meaning » with one VALUES, found {line}"
        )
    return Parameter(name=match[1], type=ParameterType(match[2]), default=match[3], meaning=match[4])


def _values_block(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{name} \{{ [^\n]* \}}")
