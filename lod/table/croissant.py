"""The data set as Croissant (MLCommons) describes it: files with their checksums, columns of the table."""

from typing import Any

from lod.describe.authority import SPDX_LICENCE, ReleaseFacts
from lod.formats import COMPRESSED, RDF, TABLES
from lod.iri import Iris
from lod.release_files import Dump, Table
from lod.table.columns import COLUMNS, CellType, Column
from lod.table.rows import SEPARATOR

_VOCABULARY = "http://mlcommons.org/croissant/"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": _VOCABULARY,
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification, version 1.0, prescribes."""
_DATA_TYPES = {
    CellType.IRI: "sc:URL",
    CellType.TEXT: "sc:Text",
    CellType.NUMBER: "sc:Integer",
    CellType.DAY: "sc:Date",
}
_TABLE = "questions"
"""The name of the record set."""


def croissant(iris: Iris, facts: ReleaseFacts) -> dict[str, Any]:
    """Return the description of the data set; the table has a record set if its CSV is not compressed."""
    tables = [path for path, table in facts.tables if table.format == "csv" and table.compression == "none"]
    first, last = facts.period
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": iris.dataset("questions"),
        "conformsTo": f"{_VOCABULARY}1.0",
        "name": "Questions in the Assemblée nationale",
        "alternateName": {"@value": "Questions à l’Assemblée nationale", "@language": "fr"},
        "description": "The questions of French deputies to the Government, their answers and procedures.",
        "url": iris.dataset_page("questions"),
        "license": SPDX_LICENCE,
        "identifier": facts.version,
        "version": f"{last.year}.{last.month}.{last.day}",  # in the form that Croissant asks for
        "datePublished": facts.modified.isoformat(),
        "temporalCoverage": f"{first.isoformat()}/{last.isoformat()}",
        "inLanguage": "fr",
        "isLiveDataset": True,
        "citeAs": f"Assemblée nationale, {facts.publisher}: Questions, {facts.version}",
        "creator": {"@type": "sc:Organization", "name": "Assemblée nationale"},
        "publisher": {"@type": "sc:Organization", "name": facts.publisher},
        "distribution": [
            *(_file(iris, facts, path, dump) for path, dump in facts.dumps),
            *(_file(iris, facts, path, table) for path, table in facts.tables),
        ],
        "recordSet": [_record_set(path) for path in tables],
    }


def _file(iris: Iris, facts: ReleaseFacts, path: str, content: Dump | Table) -> dict[str, Any]:
    kind = COMPRESSED.get(content.compression) or (RDF | TABLES)[content.format]
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": iris.dump(path),
        "contentSize": f"{facts.files[path].bytes} B",
        "encodingFormat": kind.media_type,
        "sha256": facts.files[path].sha256,
    }


def _record_set(path: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": _TABLE,
        "name": _TABLE,
        "description": "A row for each question.",
        "key": {"@id": f"{_TABLE}/iri"},
        "field": [_field(path, column) for column in COLUMNS],
    }


def _field(path: str, column: Column) -> dict[str, Any]:
    source: dict[str, Any] = {"fileObject": {"@id": path}, "extract": {"column": column.name}}
    repeated = {"repeated": True} if column.is_list else {}
    if column.is_list:
        source["transform"] = {"separator": SEPARATOR}
    return {
        "@type": "cr:Field",
        "@id": f"{_TABLE}/{column.name}",
        "name": f"{_TABLE}/{column.name}",
        "description": column.description,
        "dataType": _DATA_TYPES[column.type],
        **repeated,
        "source": source,
    }
