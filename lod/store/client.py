"""HTTP to a triple store: credentials that nobody sees, patience, and one sentence for each way to fail."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_netrc_auth
from urllib3.util import Retry

from lod.errors import Misused, StoreFailed, quote

USER, PASSWORD = "LOD_STORE_USER", "LOD_STORE_PASSWORD"

_TRIES = 5
_BUSY = (429, 503)
_LONGEST_WAIT = 60
_REFUSALS = {
    401: f"wants a user and a password that it knows; set {USER} and {PASSWORD}, or write a netrc file",
    403: "does not allow this user to write, or to write there",
    404: "has nothing at this address; is it the address of the store, and the right --kind?",
    413: "takes no request of this size; raise the limit in its settings, or in those of the proxy before it",
}


class _Anybody(AuthBase):
    """Sends no credentials, and keeps requests from looking for some."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class StoreClient:
    """Sends requests to one store; raises StoreFailed if it cannot be reached, refuses or fails.

    What the store says is busy (429, 5xx) is sent again, later each time, or when the store says.
    """

    def __init__(self, address: str, *, timeout: float) -> None:
        self.address = _checked(address)
        self._timeout = timeout
        self._known = _credentials(self.address)
        self._auth: AuthBase = HTTPDigestAuth(*self._known) if self._known else _Anybody()
        self._patient = _session(Retry(status_forcelist=(*_BUSY, 500, 502, 504), **_PATIENCE))
        self._careful = _session(Retry(status_forcelist=_BUSY, read=0, **_PATIENCE))

    def get(self, path: str) -> requests.Response:
        """Ask for a page, whatever the answer's status."""
        return self._send(self._patient, "GET", path)

    def post(self, path: str, *, repeatable: bool = True, **what: Any) -> requests.Response:
        """Send data; what is not repeatable is sent again only if the store has surely not done it."""
        answer = self._send(self._patient if repeatable else self._careful, "POST", path, **what)
        if not answer.ok or answer.is_redirect:
            raise StoreFailed(f"{self.address}{path.partition('?')[0]}: {_refusal(answer)}")
        return answer

    def _send(self, session: requests.Session, method: str, path: str, **what: Any) -> requests.Response:
        limits = (min(self._timeout, 30.0), self._timeout)
        try:
            what.update(timeout=limits, allow_redirects=False)
            answer = session.request(method, self.address + path, auth=self._auth, **what)
            if not self._has_basic(answer):
                return answer
            return session.request(method, self.address + path, auth=self._auth, **what)
        except requests.Timeout:
            why = f"did not answer within {self._timeout:g} seconds; --timeout gives it more"
        except requests.exceptions.ChunkedEncodingError:
            why = "cut its answer short"
        except requests.ConnectionError as error:
            why = _unreachable(error, self._timeout)
        except requests.RequestException as error:
            why = f"answered with what is not HTTP ({type(error).__name__})"
        raise StoreFailed(f"{self.address}: the store {why}")

    def _has_basic(self, answer: requests.Response) -> bool:
        """Say whether the store asks for a password as it is, which it then gets; digests are the default."""
        asked = answer.headers.get("WWW-Authenticate", "").lower()
        if answer.status_code != 401 or "basic" not in asked or "digest" in asked or self._known is None:
            return False
        user, password = (part.encode() for part in self._known)
        self._auth, self._known = HTTPBasicAuth(user, password), None
        return True


_PATIENCE: Mapping[str, Any] = {
    "total": _TRIES,
    "connect": 2,
    "backoff_factor": 0.5,
    "backoff_max": _LONGEST_WAIT,
    "retry_after_max": _LONGEST_WAIT,
    "allowed_methods": None,
    "raise_on_status": False,
    "redirect": False,
}


def _session(retry: Retry) -> requests.Session:
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        secret, host, _ = parts.username or parts.password, parts.hostname, parts.port
    except ValueError:
        raise Misused("expected the address of a store, found none that is valid") from None
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


def _refusal(answer: requests.Response) -> str:
    code = answer.status_code
    if answer.is_redirect:
        return f"the store leads to another address, {quote(answer.headers['Location'], 200)}; give that one"
    if code in _REFUSALS:
        return f"the store {_REFUSALS[code]} ({code})"
    if code in _BUSY:
        return f"the store was busy {_TRIES + 1} times ({code}); try again later"
    said = " ".join(answer.text[:2000].split())
    return f"the store failed ({code})" + (f": {quote(said, 300)}" if said else "")


def _unreachable(error: requests.ConnectionError, timeout: float) -> str:
    told = str(error).lower()
    if "timed out" in told:
        return f"did not answer within {timeout:g} seconds; --timeout gives it more"
    if "refused" in told:
        return "cannot be reached: nothing listens there"
    if "resolve" in told or "resolution" in told:
        return "cannot be reached: its name is not known"
    if "certificate" in told or "ssl" in told:
        return "cannot be trusted: its certificate is not valid"
    return "closed the connection"
