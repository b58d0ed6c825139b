"""A requests session that follows nothing, keeps nothing, and whose requests can be cut off."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from tracker import __version__

USER_AGENT = f"tech-report-tracker/{__version__}"


def open_session(contact: str | None) -> requests.Session:
    """A session for a run. contact: an address for the User-Agent, if there is one."""
    session = _Session()
    session.trust_env = False
    # ... which also forgets the certificates of a company's own proxy.
    session.verify = (
        os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    )
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # gzip and deflate only: urllib3 decodes them within bounds, whatever else is installed.
    agent = f"{USER_AGENT} (+{contact})" if contact else USER_AGENT
    session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip, deflate"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter())
    return session


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests would read and decode a redirect's whole body before following it."""


@dataclass
class Flight:
    """The time of one exchange: when it is up, its socket is shut, whatever that waits for.

    requests' own timeouts are for each read: a server that drips a byte a second outlasts them.
    """

    seconds: float
    over: bool = False
    _line: socket.socket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> None:
        self._timer = threading.Timer(self.seconds, self._end)
        self._timer.daemon = True
        self._timer.start()
        _OF_THREAD.flight = self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        _OF_THREAD.flight = None
        with self._lock:
            self._hang_up()

    def watch(self, line: socket.socket) -> None:
        """Take over a handle of the socket in use."""
        with self._lock:
            self._hang_up()
            self._line = line
            if self.over:
                self._shut()

    def _end(self) -> None:
        with self._lock:
            self.over = True
            self._shut()

    def _shut(self) -> None:
        if self._line:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
        self._line = None


_OF_THREAD = threading.local()  # requests hands nothing of ours down to its connections


def _watch(sock: Any) -> None:  # noqa: ANN401 - a socket, or TLS around one
    flight: Flight | None = getattr(_OF_THREAD, "flight", None)
    if flight:
        # A handle of our own: TLS takes the first away, and `Connection: close` closes it early.
        flight.watch(socket.fromfd(sock.fileno(), socket.AF_INET, socket.SOCK_STREAM))


class _Connection(HTTPConnection):
    """Tells the flight which socket is in use, new or kept alive."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        _watch(sock)
        return sock

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed through
        if self.sock is not None:
            _watch(self.sock)
        super().request(*args, **kwargs)


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed through
        super().init_poolmanager(*args, **kwargs)
        _use_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - handed through
        manager = super().proxy_manager_for(*args, **kwargs)
        if isinstance(manager, ProxyManager):  # SOCKS has pools of its own
            _use_pools(manager)
        return manager


def _use_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
