"""Questions on the same matter: which are related, which copy a text, and the list of each cluster."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lod.context import Node
from lod.iri import Iris
from lod.links.related import Cluster, Pair, QuestionText
from lod.model import QuestionId


def related_questions(
    iris: Iris, clusters: Iterable[Cluster], pairs: Iterable[Pair], texts: Mapping[str, QuestionText]
) -> list[Node]:
    """Describe the links of questions to the others of their cluster, its list and copied texts; by IRI."""
    nodes, copies = dict[str, Node](), defaultdict[str, list[str]](list)
    for cluster in clusters:
        members = sorted(iri for iri, _ in cluster.members)
        listed = iris.related_list(iris.question_of(first_question(cluster, texts)))
        for iri in members:
            nodes[iri] = {"related": [each for each in members if each != iri], "relatedIn": listed}
    for pair in pairs:
        if pair.is_copied and pair.one in nodes and pair.other in nodes[pair.one]["related"]:
            copies[pair.one].append(pair.other)
            copies[pair.other].append(pair.one)
    return [
        {"id": iri, **node, **({"copies": sorted(copies[iri])} if iri in copies else {})}
        for iri, node in sorted(nodes.items())
    ]


def cluster_list(iris: Iris, cluster: Cluster, texts: Mapping[str, QuestionText], title: str) -> Node:
    """Describe a cluster as a list named after its first question, whose title is given."""
    me = iris.related_list(iris.question_of(first_question(cluster, texts)))
    days = sorted(texts[iri].published_on for iri, _ in cluster.members)
    return {
        "id": me,
        "type": ["ItemList"],
        "prefLabel": f"Questions semblables : {title}",
        "temporal": {
            "id": iris.part(me, "periode"),
            "type": ["PeriodOfTime"],
            "startDate": days[0].isoformat(),
            "endDate": days[-1].isoformat(),
        },
        "items": [_item(iris, me, iris.question_of(iri), score) for iri, score in cluster.members],
    }


def first_question(cluster: Cluster, texts: Mapping[str, QuestionText]) -> str:
    """Return the question of a cluster that was asked first; of one day, the first by number."""
    return min((texts[iri].published_on, len(iri), iri) for iri, _ in cluster.members)[2]


def _item(iris: Iris, cluster: str, question: QuestionId, score: float) -> Node:
    return {
        "id": iris.part(cluster, question.uid),
        "type": ["ListItem"],
        "item": {"id": iris.question(question)},
        "score": str(score),  # 0.62, 1.0: the canonical form, which no store alters
    }
