"""What texts cite, as links with evidence: who cites what, in which words, and where they stand.

A question or answer `eli:refers_to` a legal resource, and `dcterms:references` another question: between
questions, `eli:refers_to` is what a source states of recalls. A Web Annotation says where: its body is what
is cited, its target the passage, with positions in code points of `schema:text` and the words themselves.
"""

from collections.abc import Iterable

from lod.context import Node
from lod.dates import french_date
from lod.describe.question import label_of
from lod.iri import LEGIFRANCE, Iris, eli_of_act
from lod.links.citations import Act, Citation, Code, EuropeanAct, Target
from lod.model import QuestionId

EUR_LEX = "http://data.europa.eu/eli/"
_LINKING = "http://www.w3.org/ns/oa#linking"
_TYPES = {"loi": "Loi", "decret": "Décret", "ordonnance": "Ordonnance"}
_EUROPEAN = {
    "dir": "Directive",
    "dir_del": "Directive déléguée",
    "dir_impl": "Directive d’exécution",
    "reg": "Règlement",
    "reg_del": "Règlement délégué",
    "reg_impl": "Règlement d’exécution",
}


def citing_work(iris: Iris, work: str, citations: Iterable[Citation]) -> Node:
    """Describe what a question or an answer cites, by its IRI: legal resources, and other questions."""
    citations = list(citations)
    links = dict[str, list[str]]()
    for target in dict.fromkeys(each.target for each in citations):
        key = "references" if isinstance(target, QuestionId) else "refersTo"
        links.setdefault(key, []).append(target_iri(iris, target))
    return {"id": work, **links, "passages": [_passage(iris, work, each) for each in citations]}


def cited_resource(iris: Iris, target: Target) -> Node | None:
    """Describe what is cited, if it is not of this data set: its name, and the day and number that it has."""
    if isinstance(target, QuestionId):
        return None
    node: Node = {"id": target_iri(iris, target), "type": ["LegalResource"], "title": label(target)}
    if isinstance(target, Act):
        node |= {"number": target.number, "documentDate": target.signed.isoformat()}
    return node


def target_iri(iris: Iris, target: Target) -> str:
    """Return the IRI of what is cited: its ELI, the address of a code, or that of a question."""
    match target:
        case Act(type=kind, number=number, signed=day):
            return eli_of_act(kind, number, day)
        case Code(id=code):
            return f"{LEGIFRANCE}codes/texte_lc/{code}"
        case EuropeanAct(type=kind, year=year, number=number):
            return f"{EUR_LEX}{kind}/{year}/{number}/oj"
        case QuestionId():
            return iris.question(target)


def label(target: Target) -> str:
    """Return the name of what is cited: Loi n° 2005-157 du 23 février 2005."""
    match target:
        case Act(type=kind, number=number, signed=day):
            return f"{_TYPES[kind]} n° {number} du {french_date(day)}"
        case Code(name=name):
            return name
        case EuropeanAct(type=kind, year=year, number=number):
            return f"{_EUROPEAN[kind]} {year}/{number}"
        case QuestionId():
            return label_of(target)


def _passage(iris: Iris, work: str, citation: Citation) -> Node:
    name = f"citation-{citation.start}"
    return {
        "id": iris.part(work, f"{name}-passage"),
        "type": ["Passage"],
        "selector": {
            "id": iris.part(work, f"{name}-position"),
            "type": ["PositionSelector", "QuoteSelector"],
            "start": citation.start,
            "end": citation.end,
            "exact": citation.quotation,
        },
        "annotations": [
            {
                "id": iris.part(work, name),
                "type": ["Annotation"],
                "motivation": _LINKING,
                "body": {"id": target_iri(iris, citation.target), "label": label(citation.target)},
            }
        ],
    }
