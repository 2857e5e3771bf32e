"""The départements and the territories that elect deputies: one table for readers and writers.

Names and links of the 101 départements come from INSEE and the EU Publications Office; the codes of the other
territories are those of the Assemblée's register.
"""

import csv
from dataclasses import dataclass
from functools import cache

from lod import definitions

INSEE = "http://id.insee.fr/geo/departement/"
EU = "http://publications.europa.eu/resource/authority/atu/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Departement:
    """A département by its code, such as 44; `iri` is None for a territory unknown to INSEE."""

    code: str
    name: str
    aliases: tuple[str, ...]
    iri: str | None
    same: tuple[str, ...]


@cache
def departements_by_code() -> dict[str, Departement]:
    """Return all départements and territories by code."""
    with (definitions.folder("ontology") / "departements.tsv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _parse_row(row) for row in csv.DictReader(lines, delimiter="\t")}


def _parse_row(row: dict[str, str]) -> Departement:
    links = (INSEE + row["insee"] if row["insee"] else "", EU + row["eu"] if row["eu"] else "")
    return Departement(
        code=row["code"],
        name=row["name"],
        aliases=(row["alias"],) if row["alias"] else (),
        iri=INSEE + row["code"] if row["insee"] else None,
        same=tuple(link for link in links if link),
    )
