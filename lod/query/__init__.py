"""SPARQL queries: the cookbook, and running any query on a store, a release or an endpoint.

    name, file or text ─ resolve_query ─▶ Query ─ ask ─▶ QueryResult ─ serialize · rows · chart ─▶ output

Queries are read-only: one that updates, calls other servers or is nested too deeply is refused before it
runs. On this machine a query runs in a worker process of its own, within limits of time, memory and size.
"""

from lod.query.cookbook import Parameter, Query, SavedQuery, columns, cookbook, resolve_query
from lod.query.limits import Limits
from lod.query.results import OutputFormat, QueryResult
from lod.query.run import DEFAULT_LIMITS, ask, base

__all__ = [
    "DEFAULT_LIMITS",
    "Limits",
    "OutputFormat",
    "Parameter",
    "Query",
    "QueryResult",
    "SavedQuery",
    "ask",
    "base",
    "columns",
    "cookbook",
    "resolve_query",
]
