"""Under which base the data of a place were published: its release says it, or the store made of one."""

from pathlib import Path

from lod.definitions import DEFAULT_BASE
from lod.errors import Misused, quote
from lod.iri import Iris
from lod.query.run import DEFAULT_LIMITS, Limits, PlaceKind, ask, held, is_address
from lod.release import Release

_ONTOLOGY = Iris().graph("ontologie").removeprefix(DEFAULT_BASE)
_GRAPHS = f"""SELECT ?graph WHERE {{
  GRAPH ?graph {{ <{DEFAULT_BASE}ontology> a <http://www.w3.org/2002/07/owl#Ontology> }}
}}"""
"""Where the ontology is: its name is the same under every base, that of its graph begins with the base."""


def base(place: str, told: str | None = None, limits: Limits = DEFAULT_LIMITS) -> str:
    """Give the base of the data of a place; of one that does not say it, what is told, or the default.

    Raise Misused if another is told than the place says, or none that can be one.
    """
    named = Iris(DEFAULT_BASE if told is None else told).base
    found = None if is_address(place) else _found(place, limits)
    if found and told not in (None, found):
        raise Misused(f"{place}: expected --base {found}, under which it was published, found {quote(named)}")
    return found or named


def _found(place: str, limits: Limits) -> str | None:
    try:
        folder, kind = held(place)
    except Misused:  # whoever asks the query of this place is told that it is none
        return None
    return Release(folder).manifest.base if kind is PlaceKind.RELEASE else _of_store(folder, limits)


def _of_store(folder: Path, limits: Limits) -> str | None:
    """Ask a store for its base: None if it holds no release, or several."""
    from lod.query.results import words

    _, rows = ask(_GRAPHS, str(folder), limits).rows()
    graphs = [words(graph) for (graph,) in rows]
    found = {graph.removesuffix(_ONTOLOGY) for graph in graphs if graph.endswith(_ONTOLOGY)}
    return found.pop() if len(found) == 1 else None
