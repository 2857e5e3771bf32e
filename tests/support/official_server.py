"""A server that behaves as that of the official archives, but for the faults that a test wants."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

MONDAY = datetime(2026, 9, 7, 5, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 9, 8, 5, 0, tzinfo=UTC)

PackingTime = tuple[int, int, int, int, int, int]
Fault = Callable[[Request, Response], Response]
"""Returns what is sent in place of the response that it gets."""


@dataclass
class OfficialFile:
    """A file as the server has it."""

    data: bytes
    modified: datetime | None = MONDAY
    etag: str | None = None
    media_type: str = "application/zip"


@dataclass
class Answered:
    """A request and what was sent for it."""

    path: str
    headers: dict[str, str]
    status: int
    body_bytes: int


@dataclass
class OfficialServer:
    """The files by their paths, the faults of the next answers, and what was asked."""

    http: HTTPServer
    files: dict[str, OfficialFile] = field(default_factory=dict)
    faults: list[Fault | None] = field(default_factory=list)
    always: Fault | None = None
    answered: list[Answered] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return str(self.http.url_for(path))

    def respond(self, request: Request) -> Response:
        response = self._respond(request)
        fault = self.faults.pop(0) if self.faults else self.always
        if fault:
            response = fault(request, response)
        body = [] if response.is_streamed else response.get_app_iter(request.environ)
        sent = response.content_length if response.is_streamed else sum(map(len, body))
        self.answered.append(Answered(request.path, dict(request.headers), response.status_code, sent or 0))
        return response

    def _respond(self, request: Request) -> Response:
        file = self.files.get(request.path)
        if file is None:
            return Response("not found", 404, content_type="text/html")
        response = Response(file.data, content_type=file.media_type)
        if file.modified:
            response.last_modified = file.modified
        if file.etag:
            response.set_etag(*_etag(file.etag))
        response.make_conditional(request, accept_ranges=True, complete_length=len(file.data))
        return response

    @property
    def asked(self) -> list[str]:
        return [answer.path for answer in self.answered]


def _etag(text: str) -> tuple[str, bool]:
    return text.removeprefix("W/").strip('"'), text.startswith("W/")


def archive(documents: dict[str, str], when: PackingTime = (2026, 9, 7, 5, 0, 0)) -> bytes:
    """Return a zip of documents, packed at a time: another time gives other bytes and equal members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in documents.items():
            opened.writestr(zipfile.ZipInfo(name, when), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def table(path: Path, rows: Iterable[tuple[str, int | None, str]], single: str = "") -> Path:
    """Write a table of sources."""
    lines = []
    for kind, legislature, address in rows:
        lines += ["[[archive]]", f'kind = "{kind}"', f'address = "{address}"']
        lines += [f"legislature = {legislature}"] if legislature else []
    path.write_text("\n".join([*lines, single, ""]), encoding="utf-8")
    return path


def cut(size: int) -> Fault:
    """Send so many bytes of the body, and close the connection."""
    return lambda _, response: streamed(response, iter([response.get_data()[:size]]))


def streamed(response: Response, body: Iterator[bytes], length: int | None = -1) -> Response:
    """Return a response with another body, and the length of its own, another one, or none."""
    told = len(response.get_data()) if length == -1 else length
    response.response = body
    response.headers.remove("Content-Length")
    if told is not None:
        response.headers["Content-Length"] = str(told)
    return response


def replaced(body: bytes, status: int = 200, **headers: str) -> Fault:
    """Send another response."""

    def fault(_request: Request, response: Response) -> Response:
        kept = {name: value for name, value in response.headers.items() if name == "Last-Modified"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(body, status, headers={"Content-Type": "application/zip"} | kept | named)

    return fault
