"""Questions in SPARQL: the cookbook, and how any query is asked of a store, a release or an endpoint.

    name or file or text ── wanted ──▶ Query ── ask ──▶ Answer ── written · cells · chart ──▶ what people read

Read only: a query that writes, calls out or is too deeply nested is refused before it runs, and what runs on
this machine runs in a process of its own, with a time and a memory limit.
"""

from lod.query.cookbook import Parameter, Saved, columns, cookbook
from lod.query.form import Form
from lod.query.published import base
from lod.query.running import DEFAULT_LIMITS, Limits, ask
from lod.query.wanted import Query, wanted

__all__ = [
    "DEFAULT_LIMITS",
    "Form",
    "Limits",
    "Parameter",
    "Query",
    "Saved",
    "ask",
    "base",
    "columns",
    "cookbook",
    "wanted",
]
