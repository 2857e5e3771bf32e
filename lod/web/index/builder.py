"""The index of a release, built beside it: a SQLite file, whole or not there."""

import hashlib
import re
from pathlib import Path

import apsw

from lod import context as contexts
from lod.compression import gzip_compress
from lod.context import Node
from lod.errors import Misused
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release, digest
from lod.versioned_dir import INDEX, RELEASE, locked, sync
from lod.web.index.connection import creating
from lod.web.index.documents import DocumentReader, SiteDocument
from lod.web.index.question_row import Facet, IndexedResource, asked, resource

_SCHEMA = Path(__file__).with_name("schema.sql")
_STEP = 200
_KEPT = 2
"""How many indexes a folder keeps: the newest, and the one before for those who read it."""
_OURS = re.compile(rf"{RELEASE}-[0-9a-f]{{12}}{re.escape(INDEX)}")
"""What indexes are called: what is called otherwise is never removed."""
_FRESH = ".lod-index"
_KINDS = {
    "Question": "question",
    "ComplexWork": "common-answer",
    "Issue": "issue",
    "Person": "person",
    "GovernmentOrganization": "ministry",
    "Organization": "organ",
    "FormalOrganization": "organ",
    "Location": "constituency",
    "ParliamentaryTerm": "legislature",
    "Concept": "concept",
    "ConceptScheme": "scheme",
    "Dataset": "dataset",
    "DatasetSeries": "dataset",
    "Catalog": "catalogue",
    "owl:Ontology": "ontology",
}
"""What a document is about, by the first of these types that it has."""


def index_of(release: Release, folder: Path, progress: Progress = silent) -> Path:
    """Give the index of a release in a folder; it is built if it is not there.

    Raise CheckFailed if the release is damaged, Busy if another process builds in that folder,
    NotReadOrWritten if the disk fails.
    """
    place = folder / f"{release.manifest.release}-{_version(release)}{INDEX}"
    if not place.exists():
        with locked(folder, "another process builds an index in this folder"):
            fresh = folder / _FRESH
            fresh.unlink(missing_ok=True)
            with creating(fresh) as connection:
                _Builder(release, connection).build(progress)
            sync(fresh)
            fresh.rename(place)
            sync(folder)
            ours = [each for each in folder.iterdir() if _OURS.fullmatch(each.name)]
            for old in sorted(ours, key=lambda each: each.stat().st_mtime)[:-_KEPT]:
                old.unlink()
    return place


def beside(release: Release) -> Path:
    """Give the folder `site` beside the releases; raise Misused if this one is in no folder of releases."""
    if release.output_folder is None:
        raise Misused(f"{release.folder}: this release is in no folder of releases; say --work")
    return release.output_folder / "site"


def _version(release: Release) -> str:
    """Tell releases apart, and indexes of the same release that were built otherwise."""
    told = f"{digest(release.folder / MANIFEST)} {digest(_SCHEMA)}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


class _Builder:
    """Fills an index with the documents of a release."""

    def __init__(self, release: Release, connection: apsw.Connection) -> None:
        self._release = release
        self._describer = DocumentReader(release, contexts.published())
        self._base = self._describer.base
        self._connection = connection
        self._resources: dict[str, int] = {}

    def build(self, progress: Progress) -> None:
        total = self._release.manifest.counts["questions"]
        execute = self._connection.execute
        execute(_SCHEMA.read_text(encoding="utf-8"))
        execute("BEGIN")
        self._say_what_it_is_about()
        for number, document in enumerate(self._describer.documents(), 1):
            self._take(document, number)
            if number % _STEP == 0:
                progress("indexing", min(number, total), total)
        self._close()
        execute("COMMIT")
        execute("ANALYZE")

    def _say_what_it_is_about(self) -> None:
        manifest = self._release.manifest
        said = {"release": manifest.release, "base": manifest.base}
        self._connection.executemany("INSERT INTO about VALUES (?, ?)", said.items())

    def _take(self, document: SiteDocument, number: int) -> None:
        formats = [gzip_compress(data) for data in (document.jsonld, document.turtle, document.ntriples)]
        row = (number, document.path, kind(document), document.label, document.label_en, *formats)
        self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        others = [(path, number) for path in sorted(document.others)]
        self._connection.executemany("INSERT OR IGNORE INTO others VALUES (?, ?)", others)
        if kind(document) == "question":
            self._list(document.node, number)
        for node in document.nodes:
            if "Membership" in node.get("type", ()):
                self._join(node)

    def _list(self, node: Node, number: int) -> None:
        """List a question, by all its facets, and let its words be found."""
        listed = asked(node)
        links = [(facet, self._resource(resource), number) for facet, resource in listed.links]
        execute, many = self._connection.execute, self._connection.executemany
        execute("INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *listed[:8]))
        execute(
            "INSERT INTO texts (rowid, title, question, answer) VALUES (?, ?, ?, ?)", (number, *listed.texts)
        )
        many("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", links)
        locked = [(self._resource(IndexedResource(iri, None)), number) for iri in listed.capacities]
        many("INSERT INTO capacities VALUES (?, ?)", locked)

    def _join(self, node: Node) -> None:
        """Note what a membership stands for: a group, or, of the chamber, a constituency."""
        is_mandate = node["organization"]["id"] == f"{self._base}an/assemblee-nationale#id"
        facet = Facet.CONSTITUENCY if is_mandate else Facet.GROUP
        value = node.get("spatial") if is_mandate else node["organization"]
        if value:
            row = (self._resource(IndexedResource(node["id"], None)), facet, self._resource(resource(value)))
            self._connection.execute("INSERT INTO memberships VALUES (?, ?, ?)", row)

    def _resource(self, resource: IndexedResource) -> int:
        """Give the number of a resource; it is called what it was first called."""
        if resource.iri not in self._resources:
            self._resources[resource.iri] = number = len(self._resources) + 1
            self._connection.execute("INSERT INTO resources VALUES (?, ?, ?)", (number, *resource))
        return self._resources[resource.iri]

    def _close(self) -> None:
        """List questions by the groups and constituencies of their authors, and put the words in order."""
        self._connection.execute(
            "INSERT OR IGNORE INTO links SELECT facet, resource, question"
            " FROM capacities JOIN memberships USING (membership);"
            "CREATE INDEX questions_by_day ON questions (published DESC, id);"
            "CREATE INDEX links_by_facet ON links (facet, resource);"
            "CREATE INDEX links_of_question ON links (question, facet, resource);"
            "INSERT INTO texts (texts) VALUES ('optimize');"
        )


def kind(document: SiteDocument) -> str:
    """Say what kind of thing a document is about, for those who lay out its page."""
    if "sameAs" in document.node and not document.types:
        return "elsewhere"
    if "documentStatus" in document.node:
        return "tombstone"
    return next((name for type_, name in _KINDS.items() if type_ in document.types), "other")
