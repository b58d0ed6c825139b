"""A server on this machine that answers as arXiv, GitHub and Hugging Face did on a day.

For the demo and for tests. What it knows is in `facts.json`; what each service says of it is in
the modules beside this one.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from tracker.config import Endpoints
from tracker.demo import arxiv, github, github_files, huggingface
from tracker.demo.wire import Fact, Reply, Request, queried

Fault = Callable[[str, str], "Reply | tuple[int, dict[str, str], str | bytes] | None"]
Bad = Fault | Reply | tuple[int, dict[str, str], str | bytes]

_SERVICES: dict[str, Callable[[Fact, Request], Reply]] = {
    "arxiv": arxiv.answer,
    "github": github.answer,
    "raw": github_files.raw,
    "huggingface": huggingface.answer,
}


def shipped() -> Fact:
    """The facts that come along."""
    text = resources.files("tracker.demo").joinpath("facts.json").read_text(encoding="utf-8")
    facts: Fact = json.loads(text)
    return facts


class StandIn:
    """The three services on 127.0.0.1, for as long as the `with` block runs.

    now: the instant whose answers are given; may be set between rounds.
    faults: (pattern, reply) for requests to answer otherwise, the first that fits the path with
    its query; a reply may be a function of method and path, and None from it lets the answer pass.
    requests: (method, path with query) of everything asked, in order.
    """

    def __init__(self, now: datetime, facts: Fact | None = None) -> None:
        self.now = now
        self.facts = shipped() if facts is None else facts
        self.requests: list[tuple[str, str]] = []
        self.faults: list[tuple[str | re.Pattern[str], Bad]] = []
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self._server = _Server(self)
        # The default poll of half a second would be most of a short demo.
        serve = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        serve.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._server:
            self._server.stop()

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        if self._server is None:
            raise RuntimeError("the stand-in answers inside its with block only")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def endpoints(self) -> Endpoints:
        """Where to ask, without tokens."""
        return Endpoints(
            arxiv_api=f"{self.url}/arxiv/api/query",
            arxiv_oai=f"{self.url}/arxiv/oai",
            arxiv=f"{self.url}/arxiv",
            github_api=f"{self.url}/github",
            github_graphql=f"{self.url}/github/graphql",
            github_raw=f"{self.url}/raw",
            huggingface=f"{self.url}/huggingface",
        )

    def answer(self, method: str, path: str, headers: Any) -> Reply:  # noqa: ANN401 - the library's
        """What one request gets."""
        self.requests.append((method, path))
        for pattern, bad in tuple(self.faults):
            if re.search(pattern, path):
                reply = bad(method, path) if callable(bad) else bad
                if reply is not None:
                    return Reply(*reply)
        split = urlsplit(path)
        name, _, rest = split.path.removeprefix("/").partition("/")
        if name not in _SERVICES:
            return Reply(404, {"Content-Type": "text/plain"}, "no such service here")
        request = Request(
            method=method,
            path=f"/{unquote(rest)}".rstrip("/"),
            query=queried(split.query),
            headers=headers,
            base=f"{self.url}/{name}",
            now=self.now,
        )
        return _rooted(_SERVICES[name](self.facts, request), name)


def _rooted(reply: Reply, name: str) -> Reply:
    """A relative Location, below the service's own prefix, as a mirror would write it."""
    location = reply.headers.get("Location", "")
    if not location.startswith("/"):
        return reply
    return reply._replace(headers={**reply.headers, "Location": f"/{name}{location}"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def stop(self) -> None:
        """Take no more, and hang up on those who keep a connection."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asks may hang up at any time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: no waiting for an acknowledgement between them
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length:
            self.rfile.read(length)
        reply = self.server.standin.answer(self.command, self.path, self.headers)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "content-length" not in {name.lower() for name in reply.headers}:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_words: object) -> None:
        """Say nothing: `StandIn.requests` tells what was asked."""
