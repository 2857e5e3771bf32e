"""The parliamentary questions of the Assemblée nationale as checked linked data.

The public classes and functions are in `lod.api`; each is available here, too, as `lod.Release` for example.

The map: one line for each folder, in the order in which data flows.

    model.py        the records: a question and its life
    errors.py       exceptions and problems, each with its exit code
    iri.py          the IRIs of all resources
    context.py      the published JSON-LD context
    harvest/        official archives ──▶ a local mirror
    source/         official documents ──▶ records
    corrections/    what an operator publishes in place of what documents say
    merge.py        several accounts of one question ──▶ one record
    describe/       a record ──▶ JSON-LD nodes, one function for each kind of resource
    write/          nodes ──▶ text in each RDF format
    shacl/          triples ──▶ validation results
    table/          a record ──▶ a row of CSV or Parquet
    build/          runs these stages over whole sources; the only package that knows them all
    executors/      runs tasks in this process, in several, or on a Dask cluster
    release/        a release directory: written, described by its manifest, opened
    changes.py      two releases ──▶ what has happened to each question
    update.py       harvest, build, comparison: one command to run each day
    verify/         checks whether a release is whole and consistent
    store/          loads a release into triple stores
    query/          asks SPARQL queries of a store, a release or an endpoint
    web/            a release on the web: index, pages, server, SPARQL endpoint, site as files
    cli/            the command line
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from lod.version import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from lod.api import *  # noqa: F403 - the one list of public names


def _load(name: str) -> Any:
    """Return a public name of `lod.api`, which is loaded only now: a query need not wait for the readers."""
    if (
        not name.startswith("_") and find_spec(f"{__name__}.{name}") is None
    ):  # modules are not names of the API
        value = vars(import_module(f"{__name__}.api")).get(name)
        if _is_public(name, value):
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if not TYPE_CHECKING:  # type checkers read the import above
    __getattr__ = _load


def __dir__() -> list[str]:
    api = vars(import_module(f"{__name__}.api"))
    return sorted(name for name, value in api.items() if _is_public(name, value))


def _is_public(name: str, value: Any) -> bool:
    return not name.startswith("_") and getattr(value, "__module__", "").startswith(f"{__name__}.")
