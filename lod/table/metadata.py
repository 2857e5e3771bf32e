"""What programs must know of the table, as CSV on the Web (W3C) says it: columns, types, terms of RDF."""

from typing import Any

from lod.describe.authority import LICENCE
from lod.table.column import Column, Type
from lod.table.rows import BETWEEN, COLUMNS, END

CSVW = "http://www.w3.org/ns/csvw"


def metadata(base: str, url: str) -> dict[str, Any]:
    """Describe the table that lies at this address, of questions named under this base.

    Columns with a property are statements of the RDF, to the letter; the others make none.
    """
    return {
        "@context": [CSVW, {"@language": "fr"}],
        "url": url,
        "dc:title": "Questions à l’Assemblée nationale",
        "dc:license": {"@id": LICENCE},
        "dc:source": "Assemblée nationale, https://data.assemblee-nationale.fr/",
        "dialect": {
            "encoding": "utf-8",
            "lineTerminators": [END],
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
        "dc:description": {"@value": column.about, "@language": "en"},
        "datatype": _datatype(column),
        "required": column.always,
    }
    if column.french_text:
        described["lang"] = "fr"
    if column.many:
        described["separator"] = BETWEEN
    if column.term is None:
        return {**described, "suppressOutput": True}
    described["propertyUrl"] = column.term
    if column.of:
        described["aboutUrl"] = f"{{+iri}}{column.of}"
    if column.link:
        described["valueUrl"] = f"{base}{column.link}"
    elif column.type is Type.IRI:
        described["valueUrl"] = f"{{+{column.name}}}"
    return described


def _datatype(column: Column) -> str | dict[str, str]:
    if column.values:
        return {"base": str(column.type), "format": "|".join(column.values)}
    return str(column.type)
