"""Building the index of a release: a SQLite file, either complete or absent."""

import hashlib
import re
from pathlib import Path

import apsw

from lod import context as contexts
from lod.checksums import are_whole, write_checksums
from lod.compression import gzip_compress
from lod.context import Node
from lod.errors import Misused
from lod.iri import Iris
from lod.progress import Progress, silent
from lod.release import MANIFEST, Release, digest
from lod.versioned_dir import INDEX, RELEASE, locked, sync
from lod.web.index.documents import DocumentReader, SiteDocument
from lod.web.index.full_text import create_database
from lod.web.index.question_filter import Facet
from lod.web.index.question_life import question_life
from lod.web.index.question_row import IndexedResource, indexed_resource, question_row

_SCHEMA = Path(__file__).with_name("schema.sql")
_PROGRESS_STEP = 200
_MAX_INDEXES = 2
"""A folder keeps the newest index and the one before it, which may still be open."""
_INDEX_NAME = re.compile(rf"{RELEASE}-[0-9a-f]{{12}}{re.escape(INDEX)}")
"""Only files with such a name are ever removed."""
_UNFINISHED = ".lod-index"
_KINDS = {
    "Question": "question",
    "ComplexWork": "common-answer",
    "ItemList": "related",
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
    "LinkedDataset": "graph",
}
"""The kind of a document by the type of its subject; the first match counts."""


def ensure_index(release: Release, folder: Path, progress: Progress = silent) -> Path:
    """Return the index file of a release in a folder, building it if it does not exist or is damaged.

    Raise CheckFailed if the release is damaged, Busy if another process is building in that folder,
    NotReadOrWritten if the disk fails.
    """
    file = folder / f"{release.manifest.release}-{_version(release)}{INDEX}"
    if not are_whole(checksums_of(file)):
        with locked(folder, "another process is building an index in this folder"):
            unfinished = folder / _UNFINISHED
            unfinished.unlink(missing_ok=True)
            with create_database(unfinished) as connection:
                _Builder(release, connection).build(progress)
            sync(unfinished)
            checksums_of(file).unlink(missing_ok=True)
            unfinished.rename(file)
            write_checksums(checksums_of(file), [file.name])
            sync(folder)
            _remove_old(folder)
    return file


def checksums_of(index: Path) -> Path:
    """Return the file with the checksum of an index."""
    return index.with_name(f".{index.name}.sha256")


def default_index_folder(release: Release) -> Path:
    """Return the folder `site` next to the releases; raise Misused for a release outside such a folder."""
    if release.output_folder is None:
        raise Misused(
            f"{release.folder}: this release does not lie in a folder of releases; name a folder with --work"
        )
    return release.output_folder / "site"


def _version(release: Release) -> str:
    """Return a digest of the release and the schema: indexes of another schema are not used."""
    content = f"{digest(release.folder / MANIFEST)} {digest(_SCHEMA)}"
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _remove_old(folder: Path) -> None:
    indexes = [file for file in folder.iterdir() if _INDEX_NAME.fullmatch(file.name)]
    for old in sorted(indexes, key=lambda file: file.stat().st_mtime)[:-_MAX_INDEXES]:
        old.unlink()
        checksums_of(old).unlink(missing_ok=True)


class _Builder:
    """Fills the tables with the documents of a release."""

    def __init__(self, release: Release, connection: apsw.Connection) -> None:
        self._release = release
        self._reader = DocumentReader(release, contexts.published())
        self._chamber = Iris(self._reader.base).chamber()
        self._connection = connection
        self._resources: dict[str, int] = {}

    def build(self, progress: Progress) -> None:
        manifest = self._release.manifest
        total = manifest.counts["questions"]
        self._connection.execute(_SCHEMA.read_text(encoding="utf-8"))
        self._connection.execute("BEGIN")
        metadata = {"release": manifest.release, "base": manifest.base}
        self._connection.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        for number, document in enumerate(self._reader.documents(), 1):
            self._add_document(document, number)
            if number % _PROGRESS_STEP == 0:
                progress("indexing", min(number, total), total)
        self._finish()
        self._connection.execute("COMMIT")
        self._connection.execute("ANALYZE")

    def _add_document(self, document: SiteDocument, number: int) -> None:
        kind = _kind(document)
        formats = [gzip_compress(data) for data in (document.jsonld, document.turtle, document.ntriples)]
        row = (number, document.path, kind, document.label, document.label_en, *formats)
        self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        aliases = [(path, number) for path in sorted(document.aliases)]
        self._connection.executemany("INSERT OR IGNORE INTO aliases VALUES (?, ?)", aliases)
        if kind == "question":
            self._add_question(document.subject, number)
        for node in document.nodes:
            if "Membership" in node.get("type", ()):
                self._add_membership(node)

    def _add_question(self, node: Node, number: int) -> None:
        question = question_row(node)
        execute, many = self._connection.execute, self._connection.executemany
        execute("INSERT INTO questions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *question[:8]))
        execute(
            "INSERT INTO question_texts (rowid, title, question, answer) VALUES (?, ?, ?, ?)",
            (number, *question.texts),
        )
        life = question_life(node)
        ministry = self._resource_id(life.ministry) if life.ministry else None
        execute(
            "INSERT INTO question_lives VALUES (?, ?, ?, ?)", (number, life.due, life.is_waiting, ministry)
        )
        facets = [(facet, self._resource_id(resource), number) for facet, resource in question.facets]
        many("INSERT OR IGNORE INTO question_facets VALUES (?, ?, ?)", facets)
        memberships = [
            (self._resource_id(IndexedResource(iri, None)), number) for iri in question.memberships
        ]
        many("INSERT INTO author_memberships VALUES (?, ?)", memberships)

    def _add_membership(self, node: Node) -> None:
        """Record the group of a membership or, if it is one of the chamber, the constituency."""
        is_mandate = node["organization"]["id"] == self._chamber
        facet = Facet.CONSTITUENCY if is_mandate else Facet.GROUP
        value = node.get("spatial") if is_mandate else node["organization"]
        if value:
            membership = self._resource_id(IndexedResource(node["id"], None))
            row = (membership, facet, self._resource_id(indexed_resource(value)))
            self._connection.execute("INSERT INTO membership_facets VALUES (?, ?, ?)", row)

    def _resource_id(self, resource: IndexedResource) -> int:
        """Return the row id of a resource; its label is the first one that a document gives."""
        if resource.iri not in self._resources:
            self._resources[resource.iri] = number = len(self._resources) + 1
            self._connection.execute("INSERT INTO resources VALUES (?, ?, ?)", (number, *resource))
        return self._resources[resource.iri]

    def _finish(self) -> None:
        """Add the groups and constituencies of authors to the facets; create and optimize the indexes."""
        self._connection.execute(
            "INSERT OR IGNORE INTO question_facets SELECT facet, resource, question"
            " FROM author_memberships JOIN membership_facets USING (membership);"
            "CREATE INDEX questions_by_day ON questions (published DESC, id);"
            "CREATE INDEX questions_by_number ON questions (number);"
            "CREATE INDEX waiting_questions ON question_lives (due) WHERE is_waiting;"
            "CREATE INDEX question_facets_by_facet ON question_facets (facet, resource);"
            "CREATE INDEX question_facets_by_question ON question_facets (question, facet, resource);"
            "INSERT INTO question_texts (question_texts) VALUES ('optimize');"
        )


def _kind(document: SiteDocument) -> str:
    """Return the kind of a document, which decides on the layout of its page."""
    if "sameAs" in document.subject and not document.types:
        return "replaced"
    if "documentStatus" in document.subject:
        return "tombstone"
    return next((kind for type_, kind in _KINDS.items() if type_ in document.types), "other")
