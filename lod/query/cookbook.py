"""The cookbook: each file of `queries/` a query with its titles, what it says and its parameters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lod import definitions
from lod.errors import BadValue, CheckFailed, Misused
from lod.query.parameters import EXPECTED, ParameterType, term

_HEAD = re.compile(r"# (title|title@en|says|says@en|relies on|parameter): (.+)")
_PARAMETER = re.compile(r"(\w+) (\w+)(?: (\S+))? — (.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A blank of a query: its variable, what it takes, and what stands in it if nothing is said."""

    name: str
    kind: ParameterType
    default: str | None
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A query of the cookbook."""

    name: str
    title: str
    title_en: str
    says: str
    says_en: str
    relies_on: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str

    def bound(self, values: Mapping[str, str], base: str = definitions.DEFAULT_BASE) -> str:
        """Give the query with its parameters filled in, of data published under a base.

        Raise Misused if a parameter has no value, is not one of the query's, or has a value of another kind.
        """
        for name in values:
            if name not in {parameter.name for parameter in self.parameters}:
                raise Misused(f"{self.name}: expected {self._parameter_names()}, found {name}")
        text = self.under(base)
        for parameter in self.parameters:
            filled = f"VALUES ?{parameter.name} {{ {self._value(parameter, values)} }}"
            before, after = _blank(parameter.name).split(text)
            text = before + filled + after
        return text

    def under(self, base: str) -> str:
        """Give the query of data published under a base, with the examples that stand in it."""
        return self.text.replace(f"BASE <{definitions.DEFAULT_BASE}>", f"BASE <{base}>")

    def _value(self, parameter: Parameter, values: Mapping[str, str]) -> str:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            raise Misused(
                f"{self.name}: expected --param {parameter.name}=…, {EXPECTED[parameter.kind]}, found none"
            )
        try:
            return term(parameter.kind, value)
        except BadValue as error:
            raise Misused(f"{self.name}, {parameter.name}: {error}") from None

    def _parameter_names(self) -> str:
        return ", ".join(parameter.name for parameter in self.parameters) or "no parameter"


@cache
def cookbook() -> dict[str, SavedQuery]:
    """Read all saved queries, by name."""
    files = sorted(definitions.folder("queries").glob("*.rq"))
    return {path.stem: read(path.stem, path.read_text(encoding="utf-8")) for path in files}


@cache
def columns() -> dict[str, str]:
    """Give what each column of the cookbook's answers is called in French."""
    lines = (definitions.folder("queries") / "columns.tsv").read_text(encoding="utf-8").splitlines()
    return {name: french for name, french, _english in (line.split("\t") for line in lines[1:])}


def read(name: str, text: str) -> SavedQuery:
    """Read a saved query; raise CheckFailed if its head is not whole."""
    head = [_HEAD.fullmatch(line) for line in text.split("\n") if line.startswith("# ")]
    said = [(found[1], found[2]) for found in head if found]
    once = dict(said)
    if len(said) != len(head) or not {"title", "title@en", "says", "says@en"} <= once.keys():
        raise CheckFailed(f"{name}: expected a title and a sentence in two languages, found {sorted(once)}")
    return SavedQuery(
        name=name,
        title=once["title"],
        title_en=once["title@en"],
        says=once["says"],
        says_en=once["says@en"],
        relies_on=tuple(value for key, value in said if key == "relies on"),
        parameters=tuple(_parameter(name, value, text) for key, value in said if key == "parameter"),
        text=text,
    )


def _parameter(query: str, line: str, text: str) -> Parameter:
    found = _PARAMETER.fullmatch(line)
    if not found or found[2] not in list(ParameterType) or len(_blank(found[1]).findall(text)) != 1:
        raise CheckFailed(f"{query}: expected « name kind [default] — meaning » and one VALUES, found {line}")
    return Parameter(name=found[1], kind=ParameterType(found[2]), default=found[3], meaning=found[4])


def _blank(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{name} \{{ [^\n]* \}}")
