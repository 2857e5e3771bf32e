"""Whether a way makes the triples that it must: all of ours, or the subset that can be compared."""

from pathlib import Path

import pyoxigraph as ox

from bench.contenders import Makes

BASE = "https://w3id.org/anq/"
_QUESTIONS = f"<{BASE}an/17/qe/"
_COMMON = "/reponse-commune/"
_MEMBER = "<http://data.europa.eu/eli/ontology#is_member_of>"
_LEFT_OUT = frozenset(
    (
        "<http://data.europa.eu/eli/ontology#is_about>",  # named after a label
        "<https://w3id.org/anq/ontology#inCapacityOf>",  # takes the register
    )
)


def difference(release: Path, made: Path, makes: Makes) -> str:
    """Say how the triples of a file differ from those that they must be; nothing if they do not.

    All are all but those that take all questions at once, on answers that are common to several. What our
    release has in `concepts.ttl` may be there too.
    """
    ours, theirs = _triples(release / "questions.nt"), _triples(made)
    if makes is Makes.SUBSET:
        expected, allowed = set(filter(_comparable, ours)), set[str]()
    else:
        expected, allowed = set(filter(_alone, ours)), ours | _triples(release / "concepts.ttl")
    missing, more = expected - theirs, theirs - expected - allowed
    if not missing and not more:
        return ""
    return f"{len(missing)} triples are missing, {len(more)} are too many, such as {min(missing or more)}"


def _triples(path: Path) -> set[str]:
    """Read triples, all spelt in the same way."""
    form = ox.RdfFormat.from_extension(path.suffix[1:])
    return {str(quad.triple) for quad in ox.parse(path=path, format=form)}


def _alone(triple: str) -> bool:
    """Say whether a triple is told by a question without the others."""
    subject, predicate, _ = triple.split(" ", 2)
    return _COMMON not in subject and predicate != _MEMBER


def _comparable(triple: str) -> bool:
    """Say whether a triple is told by the document of a question without register, digest or thesaurus."""
    subject, predicate, _ = triple.split(" ", 2)
    mine = subject.startswith(_QUESTIONS) and not subject.endswith(("#lecture>", "#description>"))
    return mine and _alone(triple) and predicate not in _LEFT_OUT
