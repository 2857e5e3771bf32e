"""The pages of the catalogue and its data sets: the files to download."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lod.web.index.reader import IndexedDocument, nodes
from lod.web.pages import schema_org
from lod.web.pages.language import Label, format_size
from lod.web.pages.property_table import PropertyTable, Statement, description
from lod.web.pages.renderer import PageRenderer

_FACTS = (
    *("identifier", "version", "modified", "license", "accrualPeriodicity", "inSeries", "spatial", "theme"),
    *("documents", "triples", "entities", "distinctSubjects", "properties", "classes"),
)
"""The properties of a data set that its page shows, in this order."""

_GRAPH_FACTS = ("triples", "dataDumps")
"""The properties of a named graph that its page shows, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadableFile:
    """A file to download."""

    name: str
    title: str
    description: Label | None
    size: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A data set, or the catalogue, with its files."""

    label: Label
    iri: str
    description: Label | None
    files: tuple[DownloadableFile, ...]


def render_dataset(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of a data set."""
    dataset = _data_set(renderer, document)
    sets = [dataset] if dataset.files else []
    described = schema_org.script(_schema_org(renderer, document))
    facts = _facts(renderer, document, _FACTS)
    return _page(renderer, document, dataset, sets=sets, facts=facts, schema_org=described)


def render_graph(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of a named graph."""
    dataset = _data_set(renderer, document)
    facts = _facts(renderer, document, _GRAPH_FACTS)
    return _page(renderer, document, dataset, sets=[], facts=facts, schema_org=None)


def render_catalogue(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of the catalogue: every data set with its files."""
    documents = list(renderer.index.documents("dataset"))
    sets = [_data_set(renderer, each) for each in documents]
    catalogue = _data_set(renderer, document)
    return _page(
        renderer,
        document,
        catalogue,
        sets=sorted(sets, key=lambda dataset: not dataset.files),
        facts=[],
        schema_org=schema_org.catalogue(
            catalogue.label.text,
            _about(catalogue),
            renderer.links.absolute(renderer.links.page(document.path)),
            [_schema_org(renderer, each) for each in documents],
        ),
    )


def _page(renderer: PageRenderer, document: IndexedDocument, main: DataSet, **values: Any) -> str:
    return renderer.page(
        "dataset.html",
        main.label.text,
        here=renderer.here(document.path),
        path=document.path,
        kind=document.kind,
        main=main,
        summary=_about(main),
        **values,
    )


def _about(main: DataSet) -> str:
    return main.description.text if main.description else main.label.text


def _schema_org(renderer: PageRenderer, document: IndexedDocument) -> dict[str, Any]:
    """Describe a data set for search engines of data."""
    json, main = renderer.index.json(document), _data_set(renderer, document)
    url = renderer.links.absolute(renderer.links.page(document.path))
    return schema_org.dataset(nodes(json), _subject(json), main.label.text, _about(main), url)


def _facts(renderer: PageRenderer, document: IndexedDocument, properties: tuple[str, ...]) -> list[Statement]:
    json = renderer.index.json(document)
    facts = PropertyTable(renderer.links, json).facts(_subject(json))
    statements = {statement.property: statement for statement in facts}
    return [statements[key] for key in properties if key in statements]


def _data_set(renderer: PageRenderer, document: IndexedDocument) -> DataSet:
    json = renderer.index.json(document)
    subject = _subject(json)
    return DataSet(
        label=renderer.links.document_label(document),
        iri=subject["id"],
        description=description(subject, renderer.language),
        files=tuple(_files(renderer, json)) if document.kind == "dataset" else (),
    )


def _subject(json: dict[str, Any]) -> dict[str, Any]:
    """Return the node of the data set or catalogue; the document has others for its files and periods."""
    types = {"Dataset", "DatasetSeries", "Catalog"}
    return next((node for node in nodes(json) if types & set(node.get("type", ()))), nodes(json)[0])


def _files(renderer: PageRenderer, json: dict[str, Any]) -> Iterator[DownloadableFile]:
    for node in nodes(json):
        if "Distribution" in node.get("type", ()) and "downloadUrl" in node:
            yield DownloadableFile(
                name=node["downloadUrl"].rpartition("/")[2],
                title=node.get("title", ""),
                description=description(node, renderer.language),
                size=format_size(int(node.get("byteSize", 0)), renderer.language),
                href=renderer.links.iri(node["downloadUrl"]) or node["downloadUrl"],
            )
