"""The server: uvicorn with the application, until it is told to stop."""

import socket

import uvicorn

from lod.errors import NotReadOrWritten
from lod.progress import Progress, silent
from lod.web.pages.links import root_path
from lod.web.server.app import application
from lod.web.server.protocol import BoundedProtocol
from lod.web.server.release_reloader import ReleaseReloader, ServerConfig

_IDLE = 15
"""The seconds for which a connection is kept that asks for nothing."""
_GRACE = 20
"""The seconds that requests get to end when the server is told to stop."""


class WebServer:
    """A release about to be served at a port."""

    def __init__(self, offer: ServerConfig, port: socket.socket, progress: Progress = silent) -> None:
        """Open the release, building its index if need be.

        Raise Misused if the address is none, CheckFailed if the release is damaged.
        """
        self._port = port
        self.here = reached(port) + root_path(offer.address)
        """Where it answers on this machine."""
        current = ReleaseReloader(offer, progress)
        self.release = current.site.release.manifest.release
        config = uvicorn.Config(
            application(current),
            http=BoundedProtocol,
            ws="none",
            lifespan="on",
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until the process is told to stop."""
        self._server.run(sockets=[self._port])


def taken(host: str, port: int) -> socket.socket:
    """Take a port to listen at, any if it is 0; raise NotReadOrWritten if it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]  # then the library says again which address it is
        raise NotReadOrWritten(
            f"{host}:{port}: cannot listen there, {why}; say another --port or --host"
        ) from None


def reached(port: socket.socket) -> str:
    """Give the address of a port without a slash at its end, such as « http://127.0.0.1:8000 »."""
    host, number = port.getsockname()[:2]
    return f"http://[{host}]:{number}" if ":" in host else f"http://{host}:{number}"
