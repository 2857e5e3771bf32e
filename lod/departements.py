"""The départements and the territories that elect deputies: one table for readers and writers.

Names and links of the 101 départements come from INSEE and the EU Publications Office; the codes of the other
territories are those of the Assemblée's register. Corse was one département (20) until 1976; Côtes-d'Armor
was called Côtes-du-Nord until 27 February 1990. Mayotte and Saint-Pierre-et-Miquelon elect deputies whether
they are départements (since 2011; from 1976 to 1985) or not.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from lod import definitions

INSEE = "http://id.insee.fr/geo/departement/"
EU = "http://publications.europa.eu/resource/authority/atu/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departement:
    """A département or territory under one of its names, with the first and last day of that name.

    `iri` is None for one that INSEE does not name, or no longer.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    iri: str | None
    same: tuple[str, ...]
    since: date | None
    until: date | None


@cache
def departements_by_code() -> dict[str, Departement]:
    """Return all départements and territories by code, under the last name of each."""
    return {entry.code: entry for entry in departement_names()}


@cache
def departement_names() -> tuple[Departement, ...]:
    """Return all départements and territories under all their names, the last name of each last."""
    with (definitions.folder("ontology") / "departements.tsv").open(encoding="utf-8", newline="") as lines:
        return tuple(map(_parse_row, csv.DictReader(lines, delimiter="\t")))


def former_names(code: str) -> list[str]:
    """Return the names that a département no longer has."""
    current = departements_by_code()[code]
    return [entry.name for entry in departement_names() if entry.code == code and entry is not current]


def _parse_row(row: dict[str, str]) -> Departement:
    links = (INSEE + row["insee"] if row["insee"] else "", EU + row["eu"] if row["eu"] else "")
    return Departement(
        code=row["code"],
        name=row["name"],
        aliases=tuple(filter(None, row["alias"].split("|"))),
        iri=INSEE + row["code"] if row["insee"] else None,
        same=tuple(link for link in links if link),
        since=_parse_day(row["since"]),
        until=_parse_day(row["until"]),
    )


def _parse_day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
