"""The questions of a search as CSV."""

import csv
import io

from starlette.requests import Request
from starlette.responses import Response

from lod.errors import BadValue
from lod.formats import CONTENT_TYPES
from lod.web.http.responses import bad_parameter, respond
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.reader import Index
from lod.web.index.search_parameters import parse_filter
from lod.web.pages.search_page import MAX_ROWS
from lod.web.server.api import FILTERS, parameters_digest, read_parameters
from lod.web.server.site import Site

_COLUMNS = ("type", "legislature", "number", "title", "published", "answered", "response_days")
_LABELS = ("author", "group", "ministry", "status")


async def result_table(request: Request, site: Site) -> Response:
    """Answer with the questions that match the parameters of a search, at most MAX_ROWS."""
    try:
        parameters = read_parameters(request, FILTERS)
        body = await site.run_in_thread(lambda: _table(site.index, parse_filter(parameters, site.index)))
    except BadValue as error:
        return bad_parameter(error)
    headers = {"Content-Type": CONTENT_TYPES["csv"], "Vary": "Accept-Encoding"}
    headers["Content-Disposition"] = 'attachment; filename="questions.csv"'
    return respond(request, site.body(body, f"csv-{parameters_digest(parameters)}"), headers)


def _table(index: Index, question_filter: QuestionFilter) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("iri", *_COLUMNS, *_LABELS))
    for row in index.questions(question_filter, limit=MAX_ROWS):
        values = (getattr(row, name) for name in (*_COLUMNS, *_LABELS))
        writer.writerow((index.base + row.path, *values))
    return out.getvalue().encode()
