"""HTTP as a polite and distrustful client speaks it: one request at a time, every answer bounded.

A request ends by its deadline, whatever the server does. Redirects lead nowhere but to the same server, and
connections to private addresses are made only if the user configured the address.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from typing import NoReturn
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential_jitter
from urllib3.exceptions import HTTPError, InvalidHeader

from lod.errors import Misused, SourceFailed, quote
from lod.harvest.connection import Connections, GuardedAdapter
from lod.harvest.sources import SourceAddress
from lod.version import VERSION

MAX_ATTEMPTS = 6
GO_ON = "run again to go on from here"

_CHUNK_BYTES = 2**16
_CONNECT_SECONDS = 30.0
_IDLE_SECONDS = 60.0
_MAX_REDIRECTS = 5
_MAX_HEADER = 256
"""The length of the longest validator that is kept and sent back."""
_LONGEST_WAIT = 7 * 24 * 3600
_BACKOFF = wait_exponential_jitter(initial=1, max=60)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_RETRIED = {408, 429, 500, 502, 503, 504}
_STATUS_HINTS = {
    401: "it requires a password",
    403: "it refuses access",
    429: "it has received too many requests",
    503: "it is overloaded or under maintenance",
}


class Interrupted(SourceFailed):
    """A request failed in a way that may not happen again; the server may have said how long to wait."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotThere(SourceFailed):
    """There is nothing at the address (404, 410)."""


class Deadline:
    """The instant at which work must have ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """The seconds that are left; a little more than none after the deadline."""
        return max(self._end - time.monotonic(), 0.001)

    @property
    def is_over(self) -> bool:
        """Whether the instant has passed."""
        return time.monotonic() >= self._end

    def check(self) -> None:
        """Raise SourceFailed if the instant has passed."""
        if self.is_over:
            raise SourceFailed(f"not whole within {self.seconds:g} s; {GO_ON}, or raise --timeout")


class HttpAnswer:
    """The answer to one request: its status, its header, and the body as it arrives."""

    def __init__(self, response: requests.Response, deadline: Deadline) -> None:
        self._response = response
        self._deadline = deadline
        self.status = response.status_code
        self.media_type = self.header("Content-Type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """Return the value of a field of the header; empty if there is none, or one not fit to be kept."""
        value = self._response.headers.get(name, "")
        return value if len(value) <= _MAX_HEADER and value.isascii() and value.isprintable() else ""

    @property
    def length(self) -> int | None:
        """The number of bytes that the server promises."""
        value = self.header("Content-Length")
        return int(value) if value.isdecimal() and len(value) < 19 else None

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it arrives; raise Interrupted if it is cut, SourceFailed at the deadline."""
        while True:
            try:
                chunk = self._response.raw.read1(_CHUNK_BYTES, decode_content=False)
            except (requests.RequestException, HTTPError, ValueError) as error:
                _fail(error, self._deadline)
            self._deadline.check()
            if not chunk:
                return
            yield chunk


class HttpClient:
    """Sends requests, one after the other, with a contact in the User-Agent."""

    def __init__(self, contact: str | None) -> None:
        self._connections = Connections()
        self._adapter = GuardedAdapter(self._connections)
        self._environment = requests.Session()
        self._headers = {
            "User-Agent": user_agent(contact),
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }

    @contextlib.contextmanager
    def get(
        self, address: SourceAddress, headers: Mapping[str, str], deadline: Deadline
    ) -> Iterator[HttpAnswer]:
        """Request an address and yield the answer, while its body can be read.

        Raise Interrupted if it makes sense to ask again, NotThere if nothing is there, SourceFailed for any
        other answer that is neither the document (200, 206) nor about it (304, 416).
        """
        self._connections.may_be_private = address.may_be_private
        with self._cut_at(deadline), self._follow(address.url, headers, deadline) as response:
            _check_status(response)
            answer = HttpAnswer(response, deadline)
            encoding = answer.header("Content-Encoding").lower()
            if encoding not in {"", "identity"}:
                raise SourceFailed(f"expected the file as it is, found it encoded as {quote(encoding)}")
            yield answer

    def attempts(self, deadline: Deadline) -> Retrying:
        """Return the attempts to make: at growing intervals or after the time that the server asks for."""
        return Retrying(
            retry=retry_if_exception_type(Interrupted),
            stop=stop_after_attempt(MAX_ATTEMPTS) | stop_before_delay(deadline.remaining),
            wait=_wait,
            reraise=True,
        )

    def _follow(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> requests.Response:
        for _ in range(_MAX_REDIRECTS + 1):
            response = self._send(url, headers, deadline)
            if not response.is_redirect:
                return response
            response.close()
            url = redirect_target(url, response.headers["Location"])
        raise SourceFailed(f"refused: more than {_MAX_REDIRECTS} redirects")

    def _send(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> requests.Response:
        """Send a request without a session: that would add passwords and read the body of a redirect."""
        deadline.check()
        limits = (min(_CONNECT_SECONDS, deadline.remaining), min(_IDLE_SECONDS, deadline.remaining))
        try:
            request = requests.Request("GET", url, headers={**self._headers, **headers}).prepare()
            settings = self._environment.merge_environment_settings(url, {}, True, None, None)
            return self._adapter.send(request, timeout=limits, **settings)  # type: ignore[arg-type]
        except (requests.RequestException, HTTPError, ValueError) as error:
            self._connections.close()
            _fail(error, deadline)

    @contextlib.contextmanager
    def _cut_at(self, deadline: Deadline) -> Iterator[None]:
        """Cut the connection at the deadline: a server that sends now and then a byte trips no timeout."""
        has_ended = threading.Event()

        def watch() -> None:
            wait = deadline.remaining
            while not has_ended.wait(wait):
                self._connections.cut()
                wait = 0.5

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            has_ended.set()
            thread.join()


def user_agent(contact: str | None) -> str:
    """Return the name under which the program asks; raise Misused if the contact cannot be in a header."""
    if contact is None:
        return f"lod/{VERSION}"
    if not contact.isascii() or not contact.isprintable() or not 0 < len(contact.strip()) <= _MAX_HEADER:
        raise Misused(f"--contact: expected an e-mail or web address, found {quote(contact)}")
    return f"lod/{VERSION} ({contact.strip()})"


def redirect_target(url: str, location: str) -> str:
    """Return the address to which a server redirects; raise SourceFailed if it is not one of its own."""
    try:
        before, after = urlsplit(url), urlsplit(urljoin(url, location))
        is_allowed = _server(after) in {_server(before), ("https", before.hostname, 443)}
    except ValueError:
        is_allowed = False
    if not is_allowed or "@" in after.netloc:
        raise SourceFailed(
            f"refused: the server redirects to {quote(location, 200)}, which is not its own address; "
            "if the source has moved, name its new address with --sources FILE"
        )
    return after._replace(fragment="").geturl()


def _server(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _check_status(response: requests.Response) -> None:
    code = response.status_code
    if code in {200, 206, 304, 416}:
        return
    if code in {404, 410}:
        raise NotThere(f"there is nothing at this address ({code}); --sources FILE can name another one")
    hint = _STATUS_HINTS.get(code) or quote(str(response.reason))
    if code not in _RETRIED:
        raise SourceFailed(f"the server answers {code}: {hint}")
    seconds = _retry_after(response)
    waits = f", and asks to wait {seconds:g} s" if seconds else ""
    raise Interrupted(f"the server answers {code}: {hint}{waits}; try again later", seconds)


def _retry_after(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After")
    try:
        return urllib3.Retry(retry_after_max=_LONGEST_WAIT).parse_retry_after(value) if value else None
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _wait(state: RetryCallState) -> float:
    """Return the seconds until the next attempt."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, Interrupted) else None
    return max(asked or 0, _BACKOFF(state))


_CAUSES = {
    "certificate": "the certificate of the server is not valid",
    "ssl": "no encrypted connection could be made",
    "resol": "the name of the server is unknown",
    "refused": "nothing listens there",
    "timed out": "the server does not answer",
    "got more than": "the header of the answer is too long",
    "incompleteread": "the answer was cut",
}
"""What went wrong, by a word of the library's message."""


def _fail(error: Exception, deadline: Deadline) -> NoReturn:
    """Raise SourceFailed or Interrupted for an error of the libraries."""
    deadline.check()
    message = str(error).lower()
    word = next((word for word in _CAUSES if word in message), None)
    if word is None and isinstance(error, requests.exceptions.InvalidURL | ValueError):
        raise SourceFailed(f"the answer is not one of HTTP ({quote(str(error), 100)})") from None
    sentence = _CAUSES[word] if word else "the server closed the connection"
    if word in {"certificate", "got more than"}:
        raise SourceFailed(sentence) from None
    advice = GO_ON if word in {None, "incompleteread", "timed out"} else "try again later"
    raise Interrupted(f"{sentence}; {advice}") from None
