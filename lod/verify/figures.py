"""The figures that the manifest and the catalogue give, against what is in the dumps."""

from collections import defaultdict
from collections.abc import Mapping

from lod.release import MANIFEST, Manifest
from lod.verify.dump_summary import QUESTION, DumpSummary
from lod.verify.findings import Findings
from lod.verify.triples import parts

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"

Said = dict[str, dict[str, list[str]]]
"""What triples say: by subject and property, all as N-Triples spells it."""


def check_manifest(findings: Findings, manifest: Manifest, questions: int) -> None:
    """Compare the counts of the manifest with each other, and with the questions that are there."""
    counts = manifest.counts
    findings.equal(MANIFEST, "questions, as in the dumps", questions, counts.get("questions", 0))
    accounted = sum(counts.get(name, 0) for name in ("questions", "rejected", "duplicates"))
    what = "documents, as many as published, rejected and duplicates"
    findings.equal(MANIFEST, what, accounted, counts.get("documents", 0))


def check_catalogue(findings: Findings, manifest: Manifest, lines: list[str], gathered: DumpSummary) -> None:
    """Compare the figures of the catalogue with the dumps, and the sizes in it with the manifest."""
    said = _said(lines)
    whole = said.get(f"<{manifest.base}jeu/questions#id>", {})
    expected = {
        "triples": gathered.tally.count,
        "documents": gathered.classes[QUESTION],
        "entities": gathered.classes[QUESTION],
        "distinctSubjects": sum(len(part) for part in gathered.subjects.parts()),
        "classes": len(gathered.classes),
        "properties": len(gathered.predicates),
    }
    for name, count in expected.items():
        _figure(findings, f"void:{name} {count}", whole.get(f"<{VOID}{name}>", []), count)
    for kind, figure, counted in (
        ("class", "entities", gathered.classes),
        ("property", "triples", gathered.predicates),
    ):
        _partitions(findings, said, whole.get(f"<{VOID}{kind}Partition>", []), (kind, figure), dict(counted))
    sizes = {f"<{manifest.base}dumps/{file.path}>": file.bytes for file in manifest.files}
    for node in said.values():
        for address in node.get(f"<{DCAT}downloadURL>", ()):
            if address in sizes:
                what = f"dcat:byteSize {sizes[address]} of {address}"
                _figure(findings, what, node.get(f"<{DCAT}byteSize>", []), sizes[address])
    findings.compared["figures of the catalogue"] = len(expected) + sum(
        len(whole.get(f"<{VOID}{kind}Partition>", ())) for kind in ("class", "property")
    )


def check_graphs(findings: Findings, lines: list[str], graphs: Mapping[str, int]) -> None:
    """Compare what the catalogue says of the size of named graphs with the N-Quads."""
    said = _said(lines)
    for graph, count in sorted(graphs.items()):
        _figure(
            findings,
            f"void:triples {count} of {graph}",
            said.get(graph, {}).get(f"<{VOID}triples>", []),
            count,
        )
    findings.compared["named graphs"] = len(graphs)


def _partitions(
    findings: Findings, said: Said, nodes: list[str], names: tuple[str, str], counted: dict[str, int]
) -> None:
    kind, figure = names
    left = dict(counted)
    for node in nodes:
        for term in said.get(node, {}).get(f"<{VOID}{kind}>", ()):
            count = left.pop(term, 0)
            _figure(findings, f"{count} of {term}", said[node].get(f"<{VOID}{figure}>", []), count)
    for term, count in sorted(left.items()):
        findings.add("catalog.ttl", f"a void:{kind}Partition of {term}, of which there are {count}", "none")


def _figure(findings: Findings, what: str, values: list[str], expected: int) -> None:
    found = [value.split('"')[1] for value in values if value.startswith('"')]
    if found != [str(expected)]:
        findings.add("catalog.ttl", what, ", ".join(found) or "nothing")


def _said(lines: list[str]) -> Said:
    said: Said = defaultdict(lambda: defaultdict(list))
    for line in lines:
        subject, predicate, value = parts(line)
        said[subject][predicate].append(value)
    return {subject: dict(properties) for subject, properties in said.items()}
