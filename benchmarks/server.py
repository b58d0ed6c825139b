"""The stand-in as a process of its own, so that its time and memory are not the measured one's.

It answers as `tracker.demo` does, with GitHub's GraphQL besides, each answer 50 ms after its
question. `/counts` tells what was asked since it was last asked itself. It ends with its stdin.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from benchmarks import graphql_api, world
from tracker.demo import arxiv, github, github_files, huggingface
from tracker.demo.repository import Repository
from tracker.demo.standin import shipped
from tracker.demo.wire import Fact, Reply, Request, queried

NOW = datetime(2025, 11, 22, 12, tzinfo=UTC)
DELAY = 0.05
SERVICES: dict[str, Callable[[Fact, Request], Reply]] = {
    "arxiv": arxiv.answer,
    "github": github.answer,
    "raw": github_files.raw,
    "huggingface": huggingface.answer,
}
Facts = Callable[[str, Request], Fact]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.counts: Counter[str] = Counter()
        self.counting = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def count(self, service: str) -> None:
        with self.counting:
            self.counts[service] += 1

    def counted(self) -> dict[str, int]:
        """What was asked, by service; the next count begins."""
        with self.counting:
            counts, self.counts = self.counts, Counter()
        return dict(counts)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of who hangs up; everything else is an error of the benchmark."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


# A paper's page or PDF, a model's file: fetched to be compared.
_FILE = re.compile(r"^(?:html|pdf)/|/raw/")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True
    server: _Server
    connection: socket.socket

    def do_GET(self) -> None:
        due = time.monotonic() + DELAY
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        split = urlsplit(self.path)
        service, _, rest = split.path.removeprefix("/").partition("/")
        if service == "counts":
            self._send(Reply(200, {}, json.dumps(self.server.counted())))
            return
        self.server.count("files" if service == "raw" or _FILE.search(rest) else service)
        request = Request(
            method=self.command,
            path=f"/{unquote(rest)}".rstrip("/"),
            query=queried(split.query),
            headers=self.headers,  # type: ignore[arg-type] # a message finds headers in any case
            base=f"http://{self.headers['Host']}/{service}",
            now=NOW,
        )
        reply = self._answer(service, request, body)
        time.sleep(max(0, due - time.monotonic()))
        self._send(reply)

    do_POST = do_GET  # noqa: N815 - the library's name

    def _answer(self, service: str, request: Request, body: bytes) -> Reply:
        if (service, request.path) == ("github", "/graphql"):
            facts = self.server.facts

            def find(name: str) -> Repository:
                named = Request("GET", f"/repos/{name}", {}, {}, request.base, NOW)
                return github_files.known(facts("github", named), named, name=name)

            token = "Authorization" in self.headers
            return graphql_api.answer(json.loads(body), find, token=token)
        return SERVICES[service](self.server.facts(service, request), request)

    def _send(self, reply: Reply) -> None:
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing: the counts tell what was asked."""


def _facts(kind: str) -> Facts:
    """The "made" ones, or those that come along, as "shipped" or with new weights of each model."""
    if kind == "made":
        return world.facts
    known = shipped()
    if kind == "revised":
        known = {**known, "models": [_revised(model) for model in known["models"]]}
    return lambda _service, _request: known


def _revised(model: Fact) -> Fact:
    first = model["commits"][0]
    files = {**first["files"], "model.safetensors": {"size": 5, "lfs": True}}
    newer = {"sha": "c" * 40, "date": "2025-03-01", "title": "New weights", "files": files}
    return {**model, "commits": [*model["commits"], newer]}


def main(kind: str) -> None:
    """Serve facts of a kind, at the address that the first line tells."""
    server = _Server(_facts(kind))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
