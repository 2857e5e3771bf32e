"""The metadata of the table as CSV on the Web (W3C): its dialect, columns, datatypes and RDF properties."""

from typing import Any

from lod.describe.authority import LICENCE
from lod.table.columns import COLUMNS, CellType, Column
from lod.table.rows import ROW_END, SEPARATOR

CSVW = "http://www.w3.org/ns/csvw"


def metadata(base: str, url: str) -> dict[str, Any]:
    """Return the metadata of the table at a URL, whose questions are under a base.

    A column with a property makes exactly the triples of the RDF; the others make none.
    """
    return {
        "@context": [CSVW, {"@language": "fr"}],
        "url": url,
        "dc:title": "Questions à l’Assemblée nationale",
        "dc:license": {"@id": LICENCE},
        "dc:source": "Assemblée nationale, https://data.assemblee-nationale.fr/",
        "dialect": {
            "encoding": "utf-8",
            "lineTerminators": [ROW_END],
            "quoteChar": '"',
            "doubleQuote": True,
            "delimiter": ",",
            "header": True,
            "headerRowCount": 1,
            "skipInitialSpace": False,
            "trim": False,
        },
        "tableSchema": {
            "aboutUrl": "{+iri}",
            "primaryKey": "iri",
            "columns": [_column(base, column) for column in COLUMNS],
        },
    }


def _column(base: str, column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": {"und": [column.name], "fr": [column.french], "en": [column.english]},
        "dc:description": {"@value": column.description, "@language": "en"},
        "datatype": _datatype(column),
        "required": column.is_required,
    }
    if column.is_french:
        described["lang"] = "fr"
    if column.is_list:
        described["separator"] = SEPARATOR
    if column.property is None:
        return {**described, "suppressOutput": True}
    described["propertyUrl"] = column.property
    if column.ending:
        described["aboutUrl"] = f"{{+iri}}{column.ending}"
    if column.link:
        described["valueUrl"] = f"{base}{column.link}"
    elif column.type is CellType.IRI:
        described["valueUrl"] = f"{{+{column.name}}}"
    return described


def _datatype(column: Column) -> str | dict[str, str]:
    if column.values:
        return {"base": str(column.type), "format": "|".join(column.values)}
    return str(column.type)
