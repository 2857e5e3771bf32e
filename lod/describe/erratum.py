"""Errata: each a document of its own, which corrects a question or an answer."""

from lod.context import Node
from lod.describe import journal
from lod.describe.concept import fixed
from lod.iri import Iris
from lod.model import Erratum


def errata(iris: Iris, corrected: str, name: str, published: tuple[Erratum, ...]) -> Node:
    """Say by which errata a work, called by this name, is corrected; nothing if there are none."""
    described = [_erratum(iris, corrected, name, erratum, rank) for rank, erratum in enumerate(published, 1)]
    return {"correctedBy": described} if described else {}


def _erratum(iris: Iris, corrected: str, name: str, erratum: Erratum, rank: int) -> Node:
    me, title = iris.erratum(corrected, rank), _title(name, rank)
    return {
        "type": ["Work"],
        "id": me,
        "workType": fixed(iris, "type", "erratum"),
        "title": title,
        **(journal.published(iris, erratum.published) if erratum.published else {}),
        "corrects": corrected,
        **({"text": erratum.text.plain} if erratum.text else {}),
        "expression": journal.expression(iris, me, title, erratum.text),
    }


def _title(name: str, rank: int) -> str:
    """Name an erratum after what it corrects: Erratum de la question écrite n° 16300."""
    nth = "Erratum" if rank == 1 else f"{rank}e erratum"
    return f"{nth} de la {name[0].lower()}{name[1:]}"
