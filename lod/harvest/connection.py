"""Connections that can be cut, and are made to private addresses only if the user configured them."""

import contextlib
import ipaddress
import socket
from typing import Any, ClassVar, cast

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from lod.errors import SourceFailed, quote

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as IPv6 networks see them (RFC 6052)."""


class Connections:
    """What the connections of a client have in common: where they may lead, and the socket in use."""

    def __init__(self) -> None:
        self.may_be_private = False
        self.socket: socket.socket | None = None

    def cut(self) -> None:
        """End the connection in use, so that whoever reads from it goes on."""
        if self.socket:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection in use, which the libraries leave open after some errors."""
        if self.socket and (handle := self.socket.detach()) >= 0:
            socket.close(handle)
        self.socket = None

    def open(self, connection: HTTPConnection) -> socket.socket:
        """Connect to an address that was checked: looked up again, the name could lead elsewhere."""
        try:
            found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(connection.host, connection, socket.gaierror(str(error))) from None
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
        for address in addresses:
            if not self.may_be_private and not _is_public(address):
                raise SourceFailed(
                    f"refused: {quote(connection.host)} is at the private address {address}; only a source "
                    "of --sources FILE may be in a private network"
                )
        failure: OSError | None = None
        for address in addresses:
            try:
                place = (address, connection.port)
                return create_connection(place, connection.timeout, socket_options=connection.socket_options)
            except OSError as error:
                failure = error
        raise NewConnectionError(connection, f"{failure}")


class _WatchedConnection:
    """A connection whose socket is known, so that it can be cut."""

    connections: ClassVar[Connections]

    def connect(self) -> None:
        """Connect, and note the socket."""
        super().connect()  # type: ignore[misc]  # that of the class that it is mixed with
        self.connections.socket = self.sock  # type: ignore[attr-defined]


class _GuardedConnection(_WatchedConnection):
    """A connection that is opened by the rules of the client."""

    def _new_conn(self) -> socket.socket:
        return self.connections.open(cast("HTTPConnection", self))


class GuardedAdapter(HTTPAdapter):
    """Opens guarded connections. A proxy of the environment is one that the user configured."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Have direct connections guarded."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(_GuardedConnection, self._connections)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Have the connections to a proxy watched; where it connects to is not known here."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = _pools(_WatchedConnection, self._connections)
        return manager


def _pools(rule: type, connections: Connections) -> dict[str, type]:
    """Return the classes of pools, by scheme, whose connections obey a rule."""
    bases = {
        "http": (HTTPConnectionPool, HTTPConnection),
        "https": (HTTPSConnectionPool, HTTPSConnection),
    }
    pools = {}
    for scheme, (pool, connection) in bases.items():
        ruled = type(connection.__name__, (rule, connection), {"connections": connections})
        pools[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": ruled})
    return pools


def _is_public(address: str) -> bool:
    """Return whether an address is one of the public internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast
