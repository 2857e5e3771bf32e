"""The pages of data sets and their catalogue: the files to download."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lod.web.index.index import Held
from lod.web.pages.capacity import nodes
from lod.web.pages.language import Language
from lod.web.pages.links import Named
from lod.web.pages.property_table import PropertyTable, described
from lod.web.pages.renderer import PageRenderer

_UNITS = ("o", "ko", "Mo", "Go", "To"), ("B", "kB", "MB", "GB", "TB")
_FIGURES = ("documents", "triples", "entities", "distinctSubjects", "properties", "classes")
_FACTS = (
    "identifier",
    "version",
    "modified",
    "license",
    "accrualPeriodicity",
    "inSeries",
    "spatial",
    "theme",
)


_GRAPH_FACTS = ("triples", "dataDumps")


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadableFile:
    """A file to download: its name, what it is, how big it is, and its address."""

    name: str
    title: str
    told: Named | None
    size: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A data set with its files."""

    named: Named
    iri: str
    told: Named | None
    files: tuple[DownloadableFile, ...]


def dataset_page(made: PageRenderer, held: Held) -> str:
    """Write the page of a data set."""
    document = made.index.json(held)
    saying = PropertyTable(made.links, document)
    facts = {told.property: told for told in saying.facts(_main(document))}
    main = _data_set(made, held)
    told = [facts[key] for key in (*_FACTS, *_FIGURES) if key in facts]
    return _page(made, held, main, sets=[main] if main.files else [], facts=told)


def graph_page(made: PageRenderer, held: Held) -> str:
    """Write the page of a named graph."""
    document = made.index.json(held)
    told = [
        one
        for one in PropertyTable(made.links, document).facts(_main(document))
        if one.property in _GRAPH_FACTS
    ]
    return _page(made, held, _data_set(made, held), sets=[], facts=told)


def catalogue_page(made: PageRenderer, held: Held) -> str:
    """Write the page of the catalogue: every data set with its files."""
    found = [_data_set(made, one) for one in made.index.documents("dataset")]
    sets = sorted(found, key=lambda one: not one.files)
    return _page(made, held, _data_set(made, held), sets=sets, facts=[])


def _page(made: PageRenderer, held: Held, main: DataSet, **values: Any) -> str:
    here = made.here(held.path)
    return made.page(
        "dataset.html", main.named.text, here=here, path=held.path, kind=held.kind, main=main, **values
    )


def _data_set(made: PageRenderer, held: Held) -> DataSet:
    document = made.index.json(held)
    main = _main(document)
    return DataSet(
        named=made.links.held(held),
        iri=main["id"],
        told=described(main, made.language),
        files=tuple(_files(made, document)) if held.kind == "dataset" else (),
    )


def _main(document: dict[str, Any]) -> dict[str, Any]:
    """Give the data set or catalogue of a document, beside which it describes files and periods."""
    kinds = ("Dataset", "DatasetSeries", "Catalog")
    found = (node for node in nodes(document) if any(kind in node.get("type", ()) for kind in kinds))
    return next(found, nodes(document)[0])


def _files(made: PageRenderer, document: dict[str, Any]) -> Iterator[DownloadableFile]:
    for node in nodes(document):
        if "Distribution" in node.get("type", ()) and "downloadUrl" in node:
            yield DownloadableFile(
                name=node["downloadUrl"].rpartition("/")[2],
                title=node.get("title", ""),
                told=described(node, made.language),
                size=size(int(node.get("byteSize", 0)), made.language),
                href=made.links.of(node["downloadUrl"]) or node["downloadUrl"],
            )


def size(count: int, language: Language) -> str:
    """Say how big a file is: 28,8 ko."""
    units = _UNITS[language is Language.EN]
    told, power = float(count), 0
    while told >= 1000 and power < len(units) - 1:
        told, power = told / 1000, power + 1
    number = f"{told:.0f}" if told >= 100 or not power else f"{told:.1f}"
    return f"{number.replace('.', ',') if language is Language.FR else number}\u00a0{units[power]}"
