"""HTTP requests to a triple store: credentials, retries, and a sentence for each way to fail."""

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
    that the store asks for.
    """

    def __init__(self, address: str, *, timeout: float) -> None:
        self.address = _checked(address)
        self._timeout = timeout
        self._credentials = _credentials(self.address)
        self._auth: AuthBase = HTTPDigestAuth(*self._credentials) if self._credentials else _NoCredentials()
        self._retrying = _session(Retry(status_forcelist=(*_BUSY, 500, 502, 504), **_RETRIES))
        self._cautious = _session(Retry(status_forcelist=_BUSY, read=0, **_RETRIES))

    def get(self, path: str) -> requests.Response:
        """Return the response to a GET request, whatever its status."""
        return self._send(self._retrying, "GET", path)

    def post(self, path: str, *, repeatable: bool = True, **options: Any) -> requests.Response:
        """Send data; one that is not repeatable is sent again only if the store has not processed it."""
        answer = self._send(self._retrying if repeatable else self._cautious, "POST", path, **options)
        if not answer.ok or answer.is_redirect:
            raise StoreFailed(f"{self.address}{path.partition('?')[0]}: {_refusal(answer)}")
        return answer

    def _send(self, session: requests.Session, method: str, path: str, **options: Any) -> requests.Response:
        limits = (min(self._timeout, 30.0), self._timeout)
        try:
            options.update(timeout=limits, allow_redirects=False)
            answer = session.request(method, self.address + path, auth=self._auth, **options)
            if not self._requires_basic(answer):
                return answer
            return session.request(method, self.address + path, auth=self._auth, **options)
        except requests.Timeout:
            why = f"did not answer within {self._timeout:g} seconds; --timeout gives it more"
        except requests.exceptions.ChunkedEncodingError:
            why = "cut its answer short"
        except requests.ConnectionError as error:
            why = _unreachable(error, self._timeout)
        except requests.RequestException as error:
            why = f"did not answer in HTTP ({type(error).__name__})"
        raise StoreFailed(f"{self.address}: the store {why}")

    def _requires_basic(self, answer: requests.Response) -> bool:
        """Return whether the store requires Basic authentication, and switch to it; Digest is the default."""
        schemes = answer.headers.get("WWW-Authenticate", "").lower()
        if answer.status_code != 401 or "basic" not in schemes or "digest" in schemes:
            return False
        if self._credentials is None:
            return False
        user, password = (part.encode() for part in self._credentials)
        self._auth, self._credentials = HTTPBasicAuth(user, password), None
        return True


_RETRIES: Mapping[str, Any] = {
    "total": _MOST_RETRIES,
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


def _refusal(answer: requests.Response) -> str:
    code = answer.status_code
    if answer.is_redirect:
        return f"the store redirects to another address; use {quote(answer.headers['Location'], 200)}"
    if code in _REFUSALS:
        return f"the store {_REFUSALS[code]} ({code})"
    if code in _BUSY:
        return f"the store was busy {_MOST_RETRIES + 1} times ({code}); try again later"
    body = " ".join(answer.text[:2000].split())
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
