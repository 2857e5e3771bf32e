"""The files of a release, byte by byte, and the figures of its manifest and catalogue, against its dumps."""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from lod.errors import NotReadOrWritten, quote
from lod.iri import Iris
from lod.progress import Progress
from lod.release import MANIFEST, File, Manifest, digest, seal
from lod.verify.findings import Findings
from lod.verify.parsed_dumps import split_triple
from lod.verify.references import QUESTION, DumpSummary

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
CATALOGUE = "catalog.ttl"
SIGNATURES = (f"{MANIFEST}.sig", f"{MANIFEST}.minisig")
"""The files beside the manifest in which ssh-keygen and minisign put its signature."""

Descriptions: TypeAlias = dict[str, dict[str, list[str]]]
"""The objects of triples by subject and predicate, all as N-Triples spells them."""


def check_files(folder: Path, manifest: Manifest, findings: Findings, progress: Progress) -> list[File]:
    """Compare every file with the manifest, report other files, and return those that can be read."""
    present, done, total = [], 0, sum(file.bytes for file in manifest.files)
    for file in manifest.files:
        if _is_present(folder, file, findings):
            present.append(file)
            size, sha256 = _size_and_digest(folder / file.path)
            findings.equal(file.path, "bytes", file.bytes, size)
            if sha256 != file.sha256:
                findings.add(file.path, f"the SHA-256 {quote(file.sha256, 64)}", f"« {sha256} »")
        done += file.bytes
        progress("checksums", done, total)
    for path in _unlisted(folder, {file.path for file in manifest.files}):
        findings.add(quote(path, 200), "no file that the manifest does not list", "one")
    for path, times in Counter(file.path for file in manifest.files).items():
        if times > 1:
            findings.add(MANIFEST, f"the file {quote(path, 200)} once", f"it {times} times")
    findings.compared["files"] = len(present)
    return present


def _is_present(folder: Path, file: File, findings: Findings) -> bool:
    pure = PurePosixPath(file.path)
    if pure.is_absolute() or ".." in pure.parts or "\0" in file.path:
        findings.add(MANIFEST, "files of the release", quote(file.path))
        return False
    if not (folder / file.path).is_file() or (folder / file.path).is_symlink():
        findings.add(quote(file.path, 200), f"a file of {file.bytes} bytes", "none")
        return False
    return True


def _size_and_digest(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_size, digest(path)
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None


def _unlisted(folder: Path, listed: set[str]) -> list[str]:
    paths = []
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        paths += [(Path(parent) / name).relative_to(folder).as_posix() for name in (*files, *links)]
    return sorted(set(paths) - listed - {MANIFEST, *SIGNATURES})


def check_seal(folder: Path, findings: Findings) -> None:
    """Compute the name of the release from its manifest and catalogue; report a manifest that was changed."""
    text = _read(folder / MANIFEST)
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        findings.add(MANIFEST, "JSON that can be parsed", "other text")
        return
    if seal.serialize(manifest).encode(errors="surrogatepass") != text:
        findings.add(MANIFEST, "the text that lod build writes", "the same in another spelling")
    paths = [path for path in seal.CATALOGUES if (folder / path).is_file()]
    name = seal.name(manifest, {path: _read(folder / path) for path in paths})
    if name != manifest["release"]:
        expected = f"the release {quote(name)}, by the digest of its manifest and catalogue"
        findings.add(MANIFEST, expected, quote(manifest["release"]))


def check_udata(findings: Findings, folder: Path) -> None:
    """Compare the catalogue for udata, if there is one, with the other: only the checksums are untyped."""
    if (folder / seal.UDATA).is_file():
        expected = re.sub(rb'("[0-9a-f]{64}")\^\^xsd:hexBinary', rb"\1", _read(folder / CATALOGUE))
        if _read(folder / seal.UDATA) != expected:
            findings.add(
                seal.UDATA, f"the text of {CATALOGUE}, with checksums as plain strings", "other text"
            )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None


def check_manifest(findings: Findings, manifest: Manifest, questions: int) -> None:
    """Compare the counts of the manifest with each other, and with the questions in the dumps."""
    counts = manifest.counts
    findings.equal(MANIFEST, "questions, as in the dumps", questions, counts.get("questions", 0))
    accounted = sum(counts.get(name, 0) for name in ("questions", "rejected", "duplicates"))
    accounted -= counts.get("kept", 0)
    what = "documents, as many as published and not kept, rejected and duplicates"
    findings.equal(MANIFEST, what, accounted, counts.get("documents", 0))


def check_catalogue(findings: Findings, manifest: Manifest, lines: list[str], summary: DumpSummary) -> None:
    """Compare the figures of the catalogue with the dumps, and the sizes in it with the manifest."""
    nodes, iris = _descriptions(lines), Iris(manifest.base)
    whole = nodes.get(f"<{iris.dataset('questions')}>", {})
    expected = {
        "triples": summary.digest.count,
        "documents": summary.classes[QUESTION],
        "entities": summary.classes[QUESTION],
        "distinctSubjects": sum(len(part) for part in summary.subjects.parts()),
        "classes": len(summary.classes),
        "properties": len(summary.predicates),
    }
    for name, count in expected.items():
        _figure(findings, f"void:{name} {count}", whole.get(f"<{VOID}{name}>", []), count)
    for kind, figure, counted in (
        ("class", "entities", summary.classes),
        ("property", "triples", summary.predicates),
    ):
        _partitions(findings, nodes, whole.get(f"<{VOID}{kind}Partition>", []), (kind, figure), counted)
    sizes = {f"<{iris.dump(file.path)}>": file.bytes for file in manifest.files}
    for node in nodes.values():
        for address in node.get(f"<{DCAT}downloadURL>", ()):
            if address in sizes:
                what = f"dcat:byteSize {sizes[address]} of {address}"
                _figure(findings, what, node.get(f"<{DCAT}byteSize>", []), sizes[address])
    findings.compared["figures of the catalogue"] = len(expected) + sum(
        len(whole.get(f"<{VOID}{kind}Partition>", ())) for kind in ("class", "property")
    )


def check_graphs(
    findings: Findings, lines: list[str], graphs: Mapping[str, int], what: str = "named graphs"
) -> None:
    """Compare the sizes of named graphs in the catalogue with the N-Quads; `what` they are is counted."""
    nodes = _descriptions(lines)
    for graph, count in sorted(graphs.items()):
        values = nodes.get(graph, {}).get(f"<{VOID}triples>", [])
        _figure(findings, f"void:triples {count} of {graph}", values, count)
    findings.compared[what] = len(graphs)


def _partitions(
    findings: Findings,
    nodes: Descriptions,
    partitions: list[str],
    names: tuple[str, str],
    counted: Mapping[str, int],
) -> None:
    kind, figure = names
    left = dict(counted)
    for partition in partitions:
        for term in nodes.get(partition, {}).get(f"<{VOID}{kind}>", ()):
            count = left.pop(term, 0)
            _figure(findings, f"{count} of {term}", nodes[partition].get(f"<{VOID}{figure}>", []), count)
    for term, count in sorted(left.items()):
        findings.add(CATALOGUE, f"a void:{kind}Partition of {term}, which occurs {count} times", "none")


def _figure(findings: Findings, what: str, values: list[str], expected: int) -> None:
    found = [value.split('"')[1] for value in values if value.startswith('"')]
    if found != [str(expected)]:
        findings.add(CATALOGUE, what, ", ".join(found) or "nothing")


def _descriptions(lines: list[str]) -> Descriptions:
    nodes: Descriptions = defaultdict(lambda: defaultdict(list))
    for line in lines:
        subject, predicate, value = split_triple(line)
        nodes[subject][predicate].append(value)
    return {subject: dict(properties) for subject, properties in nodes.items()}
