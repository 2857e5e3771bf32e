"""Links to other data: the dumps of each kind agree, in one graph, and say nothing that is said elsewhere."""

from collections.abc import Mapping

from lod.errors import quote
from lod.formats import DUMPS
from lod.iri import Iris
from lod.release import MANIFEST, LinkKind
from lod.release_files import LINK_GRAPHS
from lod.verify.comparison import BucketedDigest, TripleSet, compare
from lod.verify.findings import LINE, CappedFindings, Findings
from lod.verify.parsed_dumps import ParsedDump
from lod.verify.references import DumpSummary


def check_links(
    findings: Findings, base: str, kind: LinkKind, dumps: Mapping[str, ParsedDump], summary: DumpSummary
) -> dict[str, int]:
    """Compare the dumps of a kind of links, and add the IRIs in them; return the size of their graph.

    Raise CheckFailed where a dump is damaged.
    """
    missing = sorted(set(DUMPS) - dumps.keys())
    for form in missing:
        findings.add(MANIFEST, f"the {kind} as {form}", "none")
    if missing:
        return {}
    graph = f"<{Iris(base).graph(LINK_GRAPHS[kind])}>"
    digests = {form: _read(findings, form, dump, graph) for form, dump in sorted(dumps.items())}
    for line in dumps["nt"].triples():
        summary.add_link(line)
    reference = TripleSet(dumps["nt"].path, digests["nt"], dumps["nt"].triples)
    for form, dump in sorted(dumps.items()):
        findings.equal(dump.path, "triples, as the manifest lists", dump.listed, digests[form].count)
        compare(findings, reference, TripleSet(dump.path, digests[form], dump.triples))
    findings.compared |= {f"{kind}, triples": digests["nt"].count}
    return {graph: digests["nq"].count}


def _read(findings: Findings, form: str, dump: ParsedDump, graph: str) -> BucketedDigest:
    """Return the digest of a dump; report statements of N-Quads that are in another graph."""
    digest, misplaced = BucketedDigest(), CappedFindings(findings, dump.path)
    for line, name in dump.quads():
        digest.add(line)
        if form == "nq" and name != graph:
            misplaced.add(f"statements in the graph {graph}", f"{quote(line, LINE)} in {quote(name, LINE)}")
    misplaced.close("statements in the wrong graph")
    return digest
