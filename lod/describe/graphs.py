"""The named graphs of a store beside those of questions, answers and issues, as VoID describes data."""

from collections.abc import Iterable, Iterator

from lod.context import Node
from lod.describe.authority import Graph
from lod.iri import Iris

_TITLES = {
    "acteurs": ("Acteurs et organes", "People and organs"),
    "concepts": ("Concepts", "Concepts"),
    "liens": ("Liens entre noms", "Links between names"),
    "lieux": ("Lieux", "Places"),
    "metadonnees": ("Métadonnées", "Metadata"),
    "ontologie": ("Ontologie", "Ontology"),
    "retraits": ("Retraits", "Withdrawals"),
}
_DESCRIPTIONS = {
    "acteurs": (
        "Personnes, mandats, groupes, ministères, Assemblée nationale.",
        "People, mandates, groups, ministries, the Assemblée nationale.",
    ),
    "concepts": (
        "Types, rôles, états, événements, rubriques et législatures, en SKOS.",
        "Types, roles, states, events, rubrics and legislatures, as SKOS.",
    ),
    "liens": (
        "Les liens « owl:sameAs » des formes nommées aux identifiants officiels.",
        "The owl:sameAs links from named forms to official identifiers.",
    ),
    "lieux": ("Circonscriptions et départements.", "Constituencies and départements."),
    "metadonnees": (
        "La provenance des descriptions, question par question : documents reçus, traitement, programme.",
        "The provenance of descriptions, question by question: documents received, run, program.",
    ),
    "ontologie": ("Les termes propres à ces données.", "The terms that are these data's own."),
    "retraits": (
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
