"""What someone would write for pyoxigraph from the start: rows to its terms, by batches, in three formats.

    python -m bench.ways.oxigraph_alone CORPUS REGISTER OUT

It makes the comparable subset (`bench.same`), and nothing of this project is used.
"""

import sys
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from bench.ways.flat import Row, Rows, questions
from bench.ways.serialised import append

Said: TypeAlias = list[tuple[str, ox.NamedNode | ox.Literal]]

BATCH = 100
BASE = "https://w3id.org/anq/"
PAGES = "https://questions.assemblee-nationale.fr/q17/17-"
PREFIXES = {
    "anq": "https://w3id.org/anq/ontology#",
    "bibo": "http://purl.org/ontology/bibo/",
    "dcterms": "http://purl.org/dc/terms/",
    "dl": "http://data.europa.eu/eli/eli-draft-legislation-ontology#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "epvoc": "https://data.europarl.europa.eu/def/epvoc#",
    "language": "http://publications.europa.eu/resource/authority/language/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@cache
def term(name: str) -> ox.NamedNode:
    """Give what is written so often that it is made once."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


@cache
def concept(name: str) -> ox.NamedNode:
    """Refer to a concept of the schemes."""
    return link(f"def/{name}")


def link(path: str) -> ox.NamedNode:
    """Refer to a resource under the base."""
    return ox.NamedNode(BASE + path)


def french(text: str) -> ox.Literal:
    """Give a text in French."""
    return ox.Literal(text, language="fr")


def typed(value: str, datatype: str) -> ox.Literal:
    """Give a value of a datatype of XML Schema."""
    return ox.Literal(value, datatype=term(f"xsd:{datatype}"))


def say(path: str, *types: str, said: Said) -> Iterator[ox.Triple]:
    """Say of what types a resource is, and all else."""
    subject = link(path)
    for name in types:
        yield ox.Triple(subject, term("rdf:type"), term(name))
    for predicate, value in said:
        yield ox.Triple(subject, term(predicate), value)


def triples(rows: Rows) -> Iterator[ox.Triple]:
    """Map the rows of a question."""
    [row] = rows["questions"]
    me = f"an/17/qe/{row['number']}"
    parts = ["auteur", "interroge", *(f"attributaire-{given['rank']}" for given in rows["attributions"])]
    said = [*work(me, "question-ecrite", row), ("eli:number", ox.Literal(row["number"]))]
    said += [("dl:parliamentary_term", link("an/legislature/17"))]
    said += [("schema:author", link(f"an/acteur/{row['author']}#id"))]
    said += [("dcterms:isReferencedBy", ox.NamedNode(f"{PAGES}{row['number']}QE.htm"))]
    said += [("epvoc:workHadParticipation", link(f"{me}#{name}")) for name in parts]
    for name in ("dl:is_answered_in", "schema:acceptedAnswer") if rows["answers"] else ():
        said.append((name, link(f"{me}/reponse")))
    yield from say(me, "eli:Work", "schema:Question", said=said)
    yield from expression(me, row)
    person = ("dl:had_participant_person", link(f"an/acteur/{row['author']}#id"))
    yield from participation(me, "auteur", "auteur", person)
    yield from participation(me, "interroge", "ministere-interroge", ministry(row))
    for given in rows["attributions"]:
        name = f"attributaire-{given['rank']}"
        yield from participation(me, name, "ministere-attributaire", ministry(given))
    current = ("dl:participation_role", concept("role/attributaire-actuel"))
    yield from say(f"{me}#attributaire-{row['charged']}", said=[current])
    yield from process(me, rows)
    for given in rows["answers"]:
        said = work(f"{me}/reponse", "reponse-question-ecrite", given)
        said += [("anq:responseDays", typed(given["days"], "integer"))]
        said += [("dl:answers_to", link(me)), ("schema:parentItem", link(me))]
        yield from say(f"{me}/reponse", "eli:Work", "schema:Answer", said=said)
        yield from expression(f"{me}/reponse", given)


def work(me: str, kind: str, row: Row) -> Said:
    """Say what is said of a question as of an answer."""
    return [
        ("eli:work_type", concept(f"type/{kind}")),
        ("dcterms:identifier", ox.Literal(row["identifier"])),
        ("dcterms:title", french(row["title"])),
        ("eli:date_document", typed(row["on"], "date")),
        ("dcterms:issued", typed(row["on"], "date")),
        ("eli:is_part_of", link(f"jo/{row['journal']}/{row['on']}")),
        ("bibo:pageStart", ox.Literal(row["page"])),
        ("schema:text", french(row["text"])),
        ("eli:is_realized_by", link(f"{me}/fr")),
    ]


def expression(me: str, row: Row) -> Iterator[ox.Triple]:
    """Describe the French text of a work."""
    said: Said = [("eli:realizes", link(me)), ("eli:language", term("language:FRA"))]
    yield from say(f"{me}/fr", "eli:Expression", said=[*said, ("eli:title", french(row["title"]))])


def ministry(row: Row) -> tuple[str, ox.NamedNode]:
    """Say which ministry takes part."""
    return "dl:had_participant_organization", link(f"an/organe/{row['ministry']}#id")


def participation(me: str, name: str, role: str, who: tuple[str, ox.NamedNode]) -> Iterator[ox.Triple]:
    """Describe who takes part as what."""
    said: Said = [("dl:participation_role", concept(f"role/{role}")), who]
    yield from say(f"{me}#{name}", "dl:Participation", said=said)


def process(me: str, rows: Rows) -> Iterator[ox.Triple]:
    """Describe the procedure, what has happened in it, and what is to happen."""
    [row] = rows["questions"]
    said: Said = [
        ("dl:process_number", ox.Literal(row["number"])),
        ("dl:process_type", concept("procedure/question-ecrite")),
        ("dl:process_status", concept(f"etat/{row['status']}")),
        ("dl:parliamentary_term", link("an/legislature/17")),
        ("dl:latest_activity", link(f"{me}#{row['latest']}")),
        ("dl:involved_work", link(me)),
        *(("dl:involved_work", link(f"{me}/reponse")) for _ in rows["answers"]),
        *(("dl:consists_of", link(f"{me}#{one['name']}")) for one in rows["activities"] + rows["foreseen"]),
    ]
    yield from say(f"{me}#procedure", "dl:Process", said=said)
    more: dict[str, Said] = {name: [] for name in ("publication", "signalement-1", "reponse")}
    more["publication"] = [("dl:created_a_realization_of", link(me)), recorded(row)]
    for name in ("auteur", "interroge", "attributaire-1"):
        more["publication"].append(("dl:had_participation", link(f"{me}#{name}")))
    more["signalement-1"] = [("dl:based_on_a_realization_of", link(me))]
    more["signalement-1"] += [("dl:was_motivated_by", link(f"{me}#publication"))]
    for answer in rows["answers"]:
        more["reponse"] = [("dl:based_on_a_realization_of", link(me)), recorded(answer)]
        more["reponse"] += [("dl:created_a_realization_of", link(f"{me}/reponse"))]
    for change in rows["changes"]:
        part = ("dl:had_participation", link(f"{me}#attributaire-{change['rank']}"))
        more[f"attribution-{change['rank']}"] = [part, recorded(change)]
    for one in rows["activities"]:
        said = [("dl:had_activity_type", concept(f"evenement/{one['kind']}"))]
        said += [("dl:activity_date", typed(one["on"], "date"))]
        said += [("dl:activity_order", typed(one["rank"], "decimal"))]
        yield from say(f"{me}#{one['name']}", "dl:Activity", said=said + more[one["name"]])
    for one in rows["foreseen"]:
        said = [("dl:had_activity_type", concept("evenement/reponse"))]
        said += [("dl:activity_date", typed(one["on"], "date"))]
        said += [("dl:was_motivated_by", link(f"{me}#{one['motive']}"))]
        said += [("dl:was_executed_in", link(f"{me}#reponse")) for _ in rows["answers"]]
        yield from say(f"{me}#{one['name']}", "dl:ForeseenActivity", said=said)


def recorded(row: Row) -> tuple[str, ox.NamedNode]:
    """Say in which issue an activity is recorded."""
    return "dl:recorded_in_a_realization_of", link(f"jo/{row['journal']}/{row['on']}")


def main() -> None:
    """Write batch by batch."""
    corpus, out = Path(sys.argv[1]), Path(sys.argv[3])
    out.mkdir()
    rows = questions(corpus)
    while batch := [triple for one in islice(rows, BATCH) for triple in triples(one)]:
        append(batch, out, PREFIXES)


if __name__ == "__main__":
    main()
