"""Concepts: the fixed ones of `ontology/schemes`, and those that documents name."""

from functools import lru_cache

from lod.context import Node
from lod.describe.shared import CACHE_SIZE, SharedResource
from lod.finding import Finding
from lod.iri import Iris, SharedGraph
from lod.model import Quality, QuestionKind, Status

QUESTION_TYPES = {
    QuestionKind.WRITTEN: "question-ecrite",
    QuestionKind.GOVERNMENT: "question-au-gouvernement",
    QuestionKind.ORAL: "question-orale-sans-debat",
}
ANSWER_TYPES = {
    QuestionKind.WRITTEN: "reponse-question-ecrite",
    QuestionKind.GOVERNMENT: "reponse-question-au-gouvernement",
    QuestionKind.ORAL: "reponse-question-orale-sans-debat",
}
QUALITIES = {
    Quality.MEMBER: "membre",
    Quality.AFFILIATED: "apparente",
    Quality.CHAIR: "president",
    Quality.NON_ATTACHED: "non-inscrit",
}
STATES = {
    Status.AWAITING: "en-attente-de-reponse",
    Status.ANSWERED: "repondue",
    Status.WITHDRAWN: "retiree",
    Status.LAPSED: "caduque",
    Status.CLOSED: "close",
    Status.ENDED: "terminee",
}
FINDINGS = {
    Finding.ACCOUNT_PREFERRED: "recit-prefere",
    Finding.ACCOUNTS_CONTRADICT: "recits-contradictoires",
    Finding.AUTHOR_MISSING: "auteur-absent",
    Finding.AUTHOR_UNCERTAIN: "auteur-incertain",
    Finding.CORRECTION_APPLIED: "correction-appliquee",
    Finding.CORRECTION_NOT_APPLIED: "correction-non-appliquee",
    Finding.DAY_IMPLAUSIBLE: "date-invraisemblable",
    Finding.DAY_MISSING: "date-absente",
    Finding.DEPARTEMENT_UNKNOWN: "departement-inconnu",
    Finding.DOCUMENT_UNREADABLE: "document-illisible",
    Finding.ENCODING_ASSUMED: "codage-suppose",
    Finding.END_UNKNOWN: "fin-inconnue",
    Finding.FORM_NOT_READ: "forme-non-lue",
    Finding.INVISIBLE_CHARACTER: "caractere-invisible",
    Finding.MINISTRY_MISSING: "ministere-absent",
    Finding.PAGE_MISSING: "page-absente",
    Finding.RECALL_UNRESOLVED: "rappel-non-resolu",
    Finding.REGISTER_INCOMPLETE: "registre-incomplet",
    Finding.SERIES_UNKNOWN: "serie-inconnue",
    Finding.SHAPE_RESULT: "resultat-de-validation",
    Finding.SHARED_VALUE_DIFFERS: "valeur-commune-differente",
    Finding.TEXT_GARBLED: "texte-altere",
    Finding.TEXT_MISSING: "texte-absent",
    Finding.TEXT_SIMPLIFIED: "texte-simplifie",
    Finding.VALUE_UNEXPECTED: "valeur-inattendue",
    Finding.VALUE_UNKNOWN: "valeur-inconnue",
    Finding.WEEKDAY_UNEXPECTED: "jour-inattendu",
}
"""The names of metrics, by the kind of finding that they count."""

LABELS = {
    "type": {
        "question-ecrite": "Question écrite",
        "question-au-gouvernement": "Question au Gouvernement",
        "question-orale-sans-debat": "Question orale sans débat",
        "reponse-question-ecrite": "Réponse à une question écrite",
        "reponse-question-au-gouvernement": "Réponse à une question au Gouvernement",
        "reponse-question-orale-sans-debat": "Réponse à une question orale sans débat",
        "erratum": "Erratum",
    },
    "procedure": {
        "question-ecrite": "Procédure de la question écrite",
        "question-au-gouvernement": "Procédure de la question au Gouvernement",
        "question-orale-sans-debat": "Procédure de la question orale sans débat",
    },
    "role": {
        "auteur": "Auteur",
        "ministere-interroge": "Ministère interrogé",
        "ministere-attributaire": "Ministère attributaire",
        "attributaire-actuel": "Attributaire actuel",
        "depute": "Député",
        "membre": "Membre",
        "apparente": "Apparenté",
        "president": "Président",
        "non-inscrit": "Non-inscrit",
    },
    "etat": {
        "en-attente-de-reponse": "En attente de réponse",
        "repondue": "Répondue",
        "retiree": "Retirée",
        "caduque": "Caduque",
        "close": "Close pour une autre cause",
        "terminee": "Terminée sans réponse connue",
    },
    "evenement": {
        "publication-question": "Publication de la question",
        "changement-attribution": "Changement d’attribution",
        "renouvellement": "Renouvellement",
        "signalement": "Signalement",
        "reponse": "Réponse",
        "retrait": "Retrait",
        "caducite": "Caducité",
        "cloture": "Clôture",
        "erratum": "Erratum",
    },
    "organe": {
        "assemblee": "Assemblée parlementaire",
        "groupe-politique": "Groupe politique",
        "non-inscrits": "Députés non inscrits",
        "ministere": "Ministère",
    },
    "constat": {
        "recit-prefere": "Récit préféré",
        "recits-contradictoires": "Récits contradictoires",
        "auteur-absent": "Auteur absent",
        "auteur-incertain": "Auteur incertain",
        "correction-appliquee": "Correction appliquée",
        "correction-non-appliquee": "Correction non appliquée",
        "date-invraisemblable": "Date invraisemblable",
        "date-absente": "Date absente",
        "departement-inconnu": "Département inconnu",
        "document-illisible": "Document illisible",
        "codage-suppose": "Codage supposé",
        "fin-inconnue": "Fin inconnue",
        "forme-non-lue": "Forme non lue",
        "caractere-invisible": "Caractère invisible",
        "ministere-absent": "Ministère absent",
        "page-absente": "Page absente",
        "rappel-non-resolu": "Rappel non résolu",
        "registre-incomplet": "Registre incomplet",
        "serie-inconnue": "Série inconnue",
        "resultat-de-validation": "Résultat de validation",
        "valeur-commune-differente": "Valeur commune différente",
        "texte-altere": "Texte altéré",
        "texte-absent": "Texte absent",
        "texte-simplifie": "Texte simplifié",
        "valeur-inattendue": "Valeur inattendue",
        "valeur-inconnue": "Valeur inconnue",
        "jour-inattendu": "Jour de la semaine inattendu",
    },
}
"""The fixed concepts and their French labels, as in `ontology/schemes`: scheme -> name -> label."""


@lru_cache(maxsize=CACHE_SIZE)
def fixed(iris: Iris, scheme: str, name: str) -> Node:
    """Refer to a fixed concept; raise KeyError if `ontology/schemes` does not have it."""
    return {"id": iris.concept(scheme, name), "label": LABELS[scheme][name]}


@lru_cache(maxsize=CACHE_SIZE)
def rubric(iris: Iris, label: str) -> Node:
    """Refer to a rubric by its label."""
    return {"id": iris.concept("rubrique", label), "label": label}


@lru_cache(maxsize=CACHE_SIZE)
def rubric_concept(iris: Iris, label: str) -> list[SharedResource]:
    """Describe a rubric of the Assemblée's index."""
    return top_concept(
        iris.scheme("rubrique"),
        {"type": ["Concept"], "id": iris.concept("rubrique", label), "prefLabel": label},
    )


def keyword(iris: Iris, label: str) -> Node:
    """Refer to a keyword of the analyses of the earlier legislatures."""
    return {"id": iris.concept("analyse", label), "label": label}


@lru_cache(maxsize=CACHE_SIZE)
def keyword_concept(iris: Iris, label: str) -> list[SharedResource]:
    """Describe a keyword of the Assemblée's analyses."""
    node: Node = {"type": ["Concept"], "id": iris.concept("analyse", label), "prefLabel": label}
    return top_concept(iris.scheme("analyse"), node)


@lru_cache(maxsize=CACHE_SIZE)
def legislature(iris: Iris, number: int) -> Node:
    """Refer to a legislature."""
    return {"id": iris.legislature(number), "label": legislature_label(number)}


@lru_cache(maxsize=CACHE_SIZE)
def legislature_concept(iris: Iris, number: int) -> list[SharedResource]:
    """Describe a legislature of the Fifth Republic."""
    node = {
        "type": ["ParliamentaryTerm", "Concept"],
        "id": iris.legislature(number),
        "prefLabel": legislature_label(number),
        "notation": str(number),
    }
    return top_concept(iris.scheme("legislature"), node)


def legislature_label(number: int) -> str:
    """Return the name of a legislature as the Journal officiel writes it: XVIIe législature."""
    tens, units = divmod(number, 10)
    roman = "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]
    return f"{roman}{'re' if number == 1 else 'e'} législature"


def top_concept(scheme: str, node: Node, graph: SharedGraph = SharedGraph.CONCEPTS) -> list[SharedResource]:
    """Describe a top concept of a scheme, with the links in both directions."""
    return [
        SharedResource(graph, {**node, "inScheme": scheme, "topConceptOf": scheme}),
        SharedResource(SharedGraph.CONCEPTS, {"id": scheme, "hasTopConcept": [node["id"]]}),
    ]
