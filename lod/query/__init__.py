"""Questions in SPARQL: the cookbook, and how any query is asked of a store, a release or an endpoint.

    name or file or text ── wanted ──▶ Query ── ask ──▶ Answer ── written · cells · chart ──▶ what people read

Read only: a query that writes, calls out or is too deeply nested is refused before it runs, and what runs on
this machine runs in a process of its own, with a time and a memory limit.
"""

from lod.query.cookbook import Parameter, SavedQuery, columns, cookbook
from lod.query.output_format import OutputFormat
from lod.query.published_base import base
from lod.query.query_text import Query, wanted
from lod.query.run import DEFAULT_LIMITS, Limits, ask

__all__ = [
    "DEFAULT_LIMITS",
    "OutputFormat",
    "Limits",
    "Parameter",
    "Query",
    "SavedQuery",
    "ask",
    "base",
    "columns",
    "cookbook",
    "wanted",
]
