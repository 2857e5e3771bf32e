"""The web server process: uvicorn with the application, until it receives a signal to stop."""

import logging
import socket

import uvicorn

from lod.errors import NotReadOrWritten
from lod.progress import Progress, silent
from lod.web.pages.links import root_path
from lod.web.server.app import application
from lod.web.server.protocol import BoundedProtocol
from lod.web.server.release_reloader import LOG, ReleaseReloader, ServerConfig

_KEEP_ALIVE_SECONDS = 15
"""How long a connection without requests stays open."""
_SHUTDOWN_SECONDS = 20
"""How long running requests may take when the server stops."""


class WebServer:
    """A server of a release on a socket."""

    def __init__(self, config: ServerConfig, listener: socket.socket, progress: Progress = silent) -> None:
        """Open the release, and build its index if necessary.

        Raise Misused if the address is not valid, CheckFailed if the release is damaged.
        """
        self._listener = listener
        self.local_address = local_address(listener) + root_path(config.address)
        """The address of the site on this machine."""
        reloader = ReleaseReloader(config, progress)
        self.release = reloader.site.release.manifest.release
        self._server = uvicorn.Server(
            uvicorn.Config(
                application(reloader),
                http=BoundedProtocol,
                ws="none",
                lifespan="on",
                access_log=False,
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            )
        )

    def run(self) -> None:
        """Serve until the process receives a signal to stop."""
        self._server.run(sockets=[self._listener])


def log_to_stderr() -> None:
    """Write to standard error, beside what is wrong, which release is served from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a port, or for 0 on any free one; raise NotReadOrWritten on failure."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # what follows repeats the address
        raise NotReadOrWritten(
            f"cannot listen on {host}:{port}: {reason}; use another --port or --host"
        ) from None


def local_address(listener: socket.socket) -> str:
    """Return the address of a socket without a slash at its end, such as « http://127.0.0.1:8000 »."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
