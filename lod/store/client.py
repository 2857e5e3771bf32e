"""HTTP requests to a triple store: credentials, retries, and a sentence for each way to fail."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_netrc_auth
from urllib3.util import Retry

from lod.errors import Misused, StoreFailed, quote
from lod.store.deadline import AnswerTooLong, DeadlineSession, read_body

USER, PASSWORD = "LOD_STORE_USER", "LOD_STORE_PASSWORD"

MAX_ANSWER_BYTES = 1 << 29
"""Many times what the most rows that are asked for at a time take."""

_MOST_RETRIES = 5
_BUSY = (429, 503)
_LONGEST_WAIT = 60
_REFUSALS = {
    401: f"requires a valid user and password; set {USER} and {PASSWORD}, or add them to a netrc file",
    403: "does not allow this user to write there",
    404: "has nothing at this address; check the address of the store and --kind",
    413: "accepts no request of this size; raise the limit of the store, or of the proxy before it",
}


class _NoCredentials(AuthBase):
    """Sends no credentials, and keeps requests from looking for any."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class StoreClient:
    """Sends requests to one store; raises StoreFailed if it cannot be reached, refuses or fails.

    A request that the store is too busy for (429, 5xx) is sent again, at growing intervals or after the time
    that the store asks for. All this, and reading the answer, must be done within `timeout` seconds.
    """

    def __init__(self, address: str, *, timeout: float) -> None:
        self.address = _checked(address)
        self._timeout = timeout
        self._credentials = _credentials(self.address)
        self._auth: AuthBase = HTTPDigestAuth(*self._credentials) if self._credentials else _NoCredentials()
        wait = min(timeout, _LONGEST_WAIT)
        retries = {**_RETRIES, "backoff_max": wait, "retry_after_max": wait}
        self._retrying = DeadlineSession(Retry(status_forcelist=(*_BUSY, 500, 502, 504), **retries))
        self._cautious = DeadlineSession(Retry(status_forcelist=_BUSY, read=0, **retries))

    def get(self, path: str) -> "StoreAnswer":
        """Return the answer to a GET request, whatever its status."""
        return self._send(self._retrying, "GET", path)

    def post(self, path: str, *, repeatable: bool = True, **options: Any) -> "StoreAnswer":
        """Send data; one that is not repeatable is sent again only if the store has not processed it."""
        answer = self._send(self._retrying if repeatable else self._cautious, "POST", path, **options)
        if not answer.is_success:
            raise StoreFailed(f"{self.address}{path.partition('?')[0]}: {_refusal(answer)}")
        return answer

    def _send(self, session: DeadlineSession, method: str, path: str, **options: Any) -> "StoreAnswer":
        limits = (min(self._timeout, 30.0), self._timeout)
        options.update(timeout=limits, allow_redirects=False, stream=True)
        try:
            with session.deadline(time.monotonic() + self._timeout):
                answer = _read(session.request(method, self.address + path, auth=self._auth, **options))
                if not self._requires_basic(answer):
                    return answer
                return _read(session.request(method, self.address + path, auth=self._auth, **options))
        except AnswerTooLong:
            why = f"sent more than {MAX_ANSWER_BYTES >> 20} MB in one answer"
        except requests.Timeout:
            why = f"did not answer within {self._timeout:g} seconds; --timeout gives it more"
        except requests.exceptions.ChunkedEncodingError:
            why = "cut its answer short"
        except requests.ConnectionError as error:
            why = _unreachable(error, self._timeout)
        except requests.RequestException as error:
            why = f"did not answer in HTTP ({type(error).__name__})"
        raise StoreFailed(f"{self.address}: the store {why}")

    def _requires_basic(self, answer: "StoreAnswer") -> bool:
        """Return whether the store requires Basic authentication, and switch to it; Digest is the default."""
        schemes = answer.headers.get("WWW-Authenticate", "").lower()
        if answer.status != 401 or "basic" not in schemes or "digest" in schemes:
            return False
        if self._credentials is None:
            return False
        user, password = (part.encode() for part in self._credentials)
        self._auth, self._credentials = HTTPBasicAuth(user, password), None
        return True


@dataclass(frozen=True, slots=True)
class StoreAnswer:
    """An answer of a store, read whole."""

    status: int
    headers: Mapping[str, str]
    """Their names in any case."""
    content: bytes

    @property
    def is_redirect(self) -> bool:
        """Whether it leads to another address."""
        return 300 <= self.status < 400 and "Location" in self.headers

    @property
    def is_success(self) -> bool:
        """Whether the store has done what was asked."""
        return self.status < 400 and not self.is_redirect


def _read(response: requests.Response) -> StoreAnswer:
    with response:
        return StoreAnswer(response.status_code, response.headers, read_body(response, MAX_ANSWER_BYTES))


_RETRIES: Mapping[str, Any] = {
    "total": _MOST_RETRIES,
    "connect": 2,
    "backoff_factor": 0.5,
    "allowed_methods": None,
    "raise_on_status": False,
    "redirect": False,
}


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        secret, host, _ = parts.username or parts.password, parts.hostname, parts.port
    except ValueError:
        raise Misused("expected the address of a store, found an invalid one") from None
    if secret:
        raise Misused(f"expected an address without a user: set {USER} and {PASSWORD} instead")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise Misused(f"expected an address such as http://localhost:7878, found {quote(address)}")
    return address.rstrip("/")


def _credentials(address: str) -> tuple[str, str] | None:
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if (user is None) != (password is None):
        raise Misused(f"expected both {USER} and {PASSWORD}, or neither, found one")
    return (user, password) if user is not None and password is not None else get_netrc_auth(address)


def _refusal(answer: StoreAnswer) -> str:
    code = answer.status
    if answer.is_redirect:
        return f"the store redirects to another address; use {quote(answer.headers['Location'], 200)}"
    if code in _REFUSALS:
        return f"the store {_REFUSALS[code]} ({code})"
    if code in _BUSY:
        return f"the store was busy {_MOST_RETRIES + 1} times ({code}); try again later"
    body = " ".join(answer.content[:2000].decode(errors="replace").split())
    return f"the store failed ({code})" + (f": {quote(body, 300)}" if body else "")


def _unreachable(error: requests.ConnectionError, timeout: float) -> str:
    text = str(error).lower()
    if "timed out" in text:
        return f"did not answer within {timeout:g} seconds; --timeout gives it more"
    if "refused" in text:
        return "cannot be reached: nothing listens there"
    if "resolve" in text or "resolution" in text:
        return "cannot be reached: its host name is unknown"
    if "certificate" in text or "ssl" in text:
        return "cannot be trusted: its certificate is not valid"
    return "closed the connection"
