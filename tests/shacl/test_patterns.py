"""Each pattern of a shape accepts what it promises, and no value a step beyond."""

import re
from dataclasses import dataclass

import pytest
import rdflib
from rdflib import SH

from lod.shacl import Engine, Shapes
from tests.conftest import ROOT
from tests.support.patterns import neighbours

BASE = "https://w3id.org/anq/"
DCTERMS = "http://purl.org/dc/terms/"
ELI = "http://data.europa.eu/eli/ontology#"
ELI_DL = "http://data.europa.eu/eli/eli-draft-legislation-ontology#"
IGEO = "http://rdf.insee.fr/def/geo#"
ORG = "http://www.w3.org/ns/org#"
SCHEMA = "http://schema.org/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
QUESTION = f"a <{SCHEMA}Question>"
DIGEST = "0123456789abcdef" * 4


@dataclass(frozen=True)
class Pattern:
    """A shape with a pattern: a focus node, the property that leads to the values, values in and out."""

    focus: str
    path: str
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    constraint: str = "Pattern"
    values_are_iris: bool = False

    def triples(self) -> dict[str, str]:
        """Return the Turtle of a focus node for each value."""
        form = "<{}>" if self.values_are_iris else '"{}"'
        return {
            value: f"<{BASE}focus/{n}> {self.focus} ; <{self.path}> {form.format(value)} .\n"
            for n, value in enumerate(dict.fromkeys((*self.accepted, *self.rejected)))
        }


def one_letter_off(*texts: str) -> tuple[str, ...]:
    """Return texts with each letter in turn replaced by one that no pattern has."""
    return tuple(f"{text[:n]}~{text[n + 1 :]}" for text in texts for n in range(len(text)))


def official(prefix: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return official identifiers of a kind of thing, and what resembles them."""
    accepted = (f"{prefix}0", f"{prefix}9", f"{prefix}841339")
    beside = ("1", f"x{prefix}1", f"{prefix}1x", f"{prefix}1 ", f"{prefix}-1", f"{prefix}A1", f"{prefix}1A")
    return accepted, ("", prefix, prefix.lower() + "1", *beside, *one_letter_off(f"{prefix}12"))


UIDS = tuple(f"QANR5L{rest}" for rest in ("1QE1", "9QG9", "17QE16300", "10QOSD109", "19QE1"))
NOT_UIDS = (
    *("", "17QE1", "qANR5L17QE1", "xQANR5L17QE1", "QANR5L0QE1", "QANR5L01QE1", "QANR5LQE1", "QANR5L117QE1"),
    *("QANR5L17QC1", "QANR5L1XQE1", "QANR5L171", "QANR5L17QE", "QANR5L17QE0", "QANR5L17QE01", "QANR5L17QEX"),
    *("QANR5L17QE1X", "QANR5L17QE1x", "QANR5L17QE1 "),
    *one_letter_off("QANR5L17QE12", "QANR5L17QG12", "QANR5L17QOSD12"),
)
NUMBERS = (("1", "9", "16300", "10", "19"), ("", "0", "01", "X", "1X", "x1", "1.0", "-1", "1 "))
ANSWERS = tuple(f"{uid}-REP{rank}" for uid in UIDS for rank in ("", "-1", "-2", "-9", "-10", "-19", "-123"))
NOT_ANSWERS = (
    *(f"{uid}-REP" for uid in NOT_UIDS),
    *(f"QANR5L17QE1{end}" for end in ("", "REP", "-REP-", "-REP-0", "-REP-01", "-REP2", "-REP-X", "-REP-2X")),
    *(f"QANR5L17QE1-REP{end}" for end in ("-2x", "-2-3", "x", "-REP", "--2")),
    *one_letter_off("QANR5L17QE1-REP-23"),
)
QUESTION_IRIS = tuple(
    f"{BASE}an/{path}" for path in ("1/qe/1", "9/qg/9", "17/qe/16300", "10/qosd/109", "19/qe/1")
)
NOT_QUESTION_IRIS = (
    *(
        f"{BASE}an/{path}"
        for path in ("0/qe/1", "01/qe/1", "/qe/1", "1X/qe/1", "117/qe/1", "17/qc/1", "17//1")
    ),
    *(f"{BASE}an/17/qe{path}" for path in ("", "/", "1", "/0", "/01", "/1X", "/1/fr", "/1#auteur", "/1x")),
    *(f"{BASE}{path}" for path in ("17/qe/1", "xan/17/qe/1", "an17/qe/1", "an/17qe/1", "17/qe/1/an")),
    *(f"{BASE[:-1]}{path}" for path in one_letter_off("/an/17/qe/12", "/an/17/qg/12", "/an/17/qosd/12")),
)
CODES = ("01", "44", "2A", "2B", "99", "09", "90", "974", "099", "988", "970", "979")
NOT_CODES = ("", "1", "A1", "2C", "2a", "2AA", "9741", "97X", "97A", "x44", "44x", "4X", "44 ")
CONSTITUENCIES = tuple(f"{code}-{number}" for code in CODES for number in ("01", "09", "10", "99"))
NOT_CONSTITUENCIES = (
    *(f"{code}-01" for code in NOT_CODES),
    *("44", "44-", "44-1", "44-001", "44-0X", "44-X1", "4401", "44-01x", "44-01-02"),
    *one_letter_off("974-12"),
)
SEATLESS = (
    f"{BASE}an/17/qe/1#depute",
    f"{BASE}an/acteur/PA1#id",
    *(f"{BASE}an/depute/{term}/975/jean-exemple#id" for term in ("1", "9", "10", "17", "19")),
    *(f"{BASE}an/depute/17/{code}/jean-exemple#id" for code in ("099", "20", "977", "986", "987", "988")),
)
SEATED = (
    *(f"{BASE}an/17/qe/1{end}" for end in ("#deputes", "#auteur", "depute")),
    *(f"{BASE}{path}" for path in ("an/acteurPA1", "xan/acteur/PA1", "anacteur/PA1", "17/975/x", "x/975/x")),
    *(f"{BASE}an/depute/17/{code}/x" for code in ("44", "976", "974", "9750", "0975", "98", "75", "", "989")),
    *(
        f"{BASE}an/depute/{path}"
        for path in ("0/975/x", "01/975/x", "/975/x", "117/975/x", "1X/975/x", "17975/x")
    ),
    *(
        f"{BASE}{path}"
        for path in ("an/depute/17/975", "an/depute/17/975x", "an/depute17/975/x", "xan/depute/17")
    ),
    *(f"{BASE}an/17/qe/1{end}" for end in one_letter_off("#depute")),
    *(f"{BASE[:-1]}{path}PA1#id" for path in one_letter_off("/an/acteur/")),
    *(
        f"{BASE[:-1]}{path}jean-exemple#id"
        for code in ("099", "20", "975", "977", "986", "987", "988")
        for path in one_letter_off(f"/an/depute/17/{code}/")
    ),
)
OFFICIAL_PAGE = "https://questions.assemblee-nationale.fr/q"
PATTERNS = {
    "Answer-identifier": Pattern(f"a <{SCHEMA}Answer>", f"{DCTERMS}identifier", ANSWERS, NOT_ANSWERS),
    "Constituency-notation": Pattern(
        f"a <{DCTERMS}Location>", f"{SKOS}notation", CONSTITUENCIES, NOT_CONSTITUENCIES
    ),
    "Constituency-official-identifiers": Pattern(
        f"a <{DCTERMS}Location>", f"{SCHEMA}identifier", *official("PO")
    ),
    "Departement-code": Pattern(f"a <{IGEO}Departement>", f"{IGEO}codeINSEE", CODES, NOT_CODES),
    "Issue-number": Pattern(
        "a <http://purl.org/ontology/bibo/Issue>", "http://purl.org/ontology/bibo/issue", *NUMBERS
    ),
    "Legislature-notation": Pattern(
        f"a <{ELI_DL}ParliamentaryTerm>",
        f"{SKOS}notation",
        ("1", "9", "10", "17", "19", "99"),
        ("", "0", "01", "117", "X", "1X", "x1", "XVII", "17e", "17 "),
    ),
    "Membership-deputy-has-a-seat": Pattern(
        f"a <{ORG}Membership> ; <{ORG}role> <{BASE}def/role/depute>",
        f"{ORG}member",
        SEATLESS,
        SEATED,
        constraint="Or",
        values_are_iris=True,
    ),
    "Membership-identifier": Pattern(f"a <{ORG}Membership>", f"{DCTERMS}identifier", *official("PM")),
    "Organization-identifier": Pattern(f"a <{ELI}Organization>", f"{DCTERMS}identifier", *official("PO")),
    "Person-identifier": Pattern(
        "a <http://xmlns.com/foaf/0.1/Person>", f"{DCTERMS}identifier", *official("PA")
    ),
    "Person-known": Pattern(
        "a <http://xmlns.com/foaf/0.1/Person>",
        f"{ORG}hasMembership",
        (f"{BASE}an/17/qe/1#depute-mandat-17",),
        (
            f"{BASE}an/acteur/PA1#PM1",
            *(f"{BASE}an/17/qe/1{end}mandat" for end in one_letter_off("#depute-")),
        ),
        constraint="Or",
        values_are_iris=True,
    ),
    "Process-number": Pattern(f"a <{ELI_DL}Process>", f"{ELI_DL}process_number", *NUMBERS),
    "Question-identifier": Pattern(QUESTION, f"{DCTERMS}identifier", UIDS, NOT_UIDS),
    "Question-number": Pattern(QUESTION, f"{ELI}number", *NUMBERS),
    "Question-official-page": Pattern(
        QUESTION,
        f"{DCTERMS}isReferencedBy",
        (f"{OFFICIAL_PAGE}17/17-16300QE.htm",),
        (
            *(
                "https://www.assemblee-nationale.fr/q17/1.htm",
                "https://questions.assemblee-nationale.fr/dyn/17",
            ),
            *("https://example.org/", OFFICIAL_PAGE[:-1], f"http{OFFICIAL_PAGE[5:]}", OFFICIAL_PAGE[8:]),
            f"https://example.org/{OFFICIAL_PAGE}17/17-16300QE.htm",
            *(
                OFFICIAL_PAGE.replace(part, "")
                for part in ("https", "//questions", "assemblee-nationale", "fr")
            ),
            *one_letter_off(OFFICIAL_PAGE),
        ),
        values_are_iris=True,
    ),
    "Question-refers-to": Pattern(
        QUESTION, f"{ELI}refers_to", QUESTION_IRIS, NOT_QUESTION_IRIS, values_are_iris=True
    ),
    "SourceDocument-digest": Pattern(
        "a <http://www.w3.org/ns/prov#Entity>",
        f"{DCTERMS}identifier",
        (f"sha256:{DIGEST}",),
        (
            *(
                DIGEST,
                f"sha256:{DIGEST[1:]}",
                f"sha256:{DIGEST}0",
                f"sha256:{DIGEST.upper()}",
                f"sha1:{DIGEST}",
            ),
            *(
                f"sha256{DIGEST}",
                f"xsha256:{DIGEST}",
                f"sha256:g{DIGEST[1:]}",
                f"sha256:{DIGEST}x",
                "sha256:",
            ),
            f":{DIGEST}",
            *one_letter_off(f"sha256:{DIGEST}"),
        ),
    ),
    "Tombstone-identifier": Pattern(
        "<http://www.w3.org/ns/adms#status> <http://purl.org/adms/status/Withdrawn>",
        f"{DCTERMS}identifier",
        UIDS,
        NOT_UIDS,
    ),
}


def stated() -> dict[str, str]:
    """Return the patterns of the shapes by the name of the shape, or of that in which they stand."""
    shapes = rdflib.Graph()
    for path in (ROOT / "shapes").rglob("*.ttl"):
        shapes.parse(path)
    return {_name(shapes, shape): str(pattern) for shape, pattern in shapes.subject_objects(SH.pattern)}


def _name(shapes: rdflib.Graph, node: rdflib.term.Node) -> str:
    """Return the name of a shape, or of that in which a shape without a name stands."""
    while isinstance(node, rdflib.BNode):
        (node,) = shapes.subjects(None, node)
    return str(node).rpartition("#")[2]


STATED = stated()


def test_every_pattern_has_its_values() -> None:
    assert STATED.keys() == PATTERNS.keys()


@pytest.mark.parametrize("shape", PATTERNS)
def test_values_tell_a_pattern_from_every_one_a_step_wider_or_narrower(shape: str) -> None:
    expected = dict.fromkeys(PATTERNS[shape].accepted, True) | dict.fromkeys(PATTERNS[shape].rejected, False)
    unnoticed = [
        other
        for other in neighbours(STATED[shape])
        if all(bool(re.search(other, value)) == is_accepted for value, is_accepted in expected.items())
    ]
    assert unnoticed == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("shape", PATTERNS)
def test_a_pattern_accepts_what_it_promises_and_nothing_else(shape: str, engine: Engine) -> None:
    pattern = PATTERNS[shape]
    triples = pattern.triples()
    graph = rdflib.Graph().parse(data="".join(triples.values()), format="turtle")
    component = f"{SH}{pattern.constraint}ConstraintComponent"
    results = Shapes(BASE, engine).check(graph.serialize(format="nt", encoding="utf-8"))
    failed = {r.focus for r in results if (r.shape_name, r.component) == (shape, component)}
    told = {value for n, value in enumerate(triples) if f"{BASE}focus/{n}" in failed}
    assert told == set(pattern.rejected)
