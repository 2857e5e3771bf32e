"""The named graphs of a store beside those of questions, answers and issues, as VoID describes data."""

from collections.abc import Iterable, Iterator

from lod.context import Node
from lod.describe.authority import Graph
from lod.iri import Iris, SharedGraph

_TITLES = {
    SharedGraph.PEOPLE: ("Acteurs et organes", "People and organs"),
    SharedGraph.CONCEPTS: ("Concepts", "Concepts"),
    SharedGraph.LINKS: ("Liens entre noms", "Links between names"),
    SharedGraph.PLACES: ("Lieux", "Places"),
    SharedGraph.METADATA: ("Métadonnées", "Metadata"),
    SharedGraph.ONTOLOGY: ("Ontologie", "Ontology"),
    SharedGraph.WITHDRAWN: ("Retraits", "Withdrawals"),
}
_DESCRIPTIONS = {
    SharedGraph.PEOPLE: (
        "Personnes, mandats, groupes, ministères, Assemblée nationale.",
        "People, mandates, groups, ministries, the Assemblée nationale.",
    ),
    SharedGraph.CONCEPTS: (
        "Types, rôles, états, événements, rubriques et législatures, en SKOS.",
        "Types, roles, states, events, rubrics and legislatures, as SKOS.",
    ),
    SharedGraph.LINKS: (
        "Les liens « owl:sameAs » des formes nommées aux identifiants officiels.",
        "The owl:sameAs links from named forms to official identifiers.",
    ),
    SharedGraph.PLACES: ("Circonscriptions et départements.", "Constituencies and départements."),
    SharedGraph.METADATA: (
        "La provenance des descriptions, question par question : documents reçus, traitement, programme.",
        "The provenance of descriptions, question by question: documents received, run, program.",
    ),
    SharedGraph.ONTOLOGY: ("Les termes propres à ces données.", "The terms that are these data's own."),
    SharedGraph.WITHDRAWN: (
        "Les questions qui ne sont plus publiées.",
        "The questions that are no longer published.",
    ),
}


def describe_graphs(iris: Iris, graphs: Iterable[Graph]) -> Iterator[Node]:
    """Yield the description of each graph: what it holds, how much, and in which files."""
    for graph in graphs:
        title, title_en = _TITLES[graph.name]
        description, description_en = _DESCRIPTIONS[graph.name]
        yield {
            "type": ["LinkedDataset"],
            "id": iris.graph(graph.name),
            "title": title,
            "titleEn": title_en,
            "description": description,
            "descriptionEn": description_en,
            "triples": graph.triples,
            "dataDumps": [iris.dump(path) for path in graph.files],
        }
