"""Servers on plain sockets, which answer as no library would: what a script says, byte for byte."""

import gzip
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from http.client import parse_headers

from tracker.demo.standin import StandIn

Script = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Plays one script a request, the last one for ever after; remembers what it was sent."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.seen: list[str] = []
        self.spans: list[tuple[float, float]] = []
        self.scripts: list[Script] = []
        self.lines: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def play(self, *scripts: bytes | Script) -> str:
        def say(script: bytes) -> Script:
            return lambda line: line.sendall(script)

        self.scripts = [say(s) if isinstance(s, bytes) else s for s in scripts]
        return self.url

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listener.accept()
                self.lines.append(line)
                threading.Thread(target=self.talk, args=(line,), daemon=True).start()

    def talk(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            while True:
                text = b""
                while b"\r\n\r\n" not in text:
                    more = line.recv(65536)
                    if not more:
                        return
                    text += more
                start = time.monotonic()
                self.seen.append(text.decode())
                script = self.scripts[min(len(self.seen), len(self.scripts)) - 1]
                script(line)
                self.spans.append((start, time.monotonic()))
                if script is half:
                    return

    def close(self) -> None:
        for line in (self.listener, *self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


def half(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def drip(head: bytes, drop: bytes = b"x") -> Script:
    """`head`, then a byte every few milliseconds, for ever."""

    def script(line: socket.socket) -> None:
        line.sendall(head)
        for _ in range(2000):
            line.sendall(drop)
            time.sleep(0.01)

    return script


def status(code: int, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {code} Word", "Content-Length: 2", *headers]
    return ("\r\n".join(lines) + "\r\n\r\nno").encode()


def says(text: bytes) -> Script:
    """These bytes and nothing else."""
    return lambda line: line.sendall(text)


def page(kind: str, text: str, code: int = 200) -> Script:
    """An answer of a content type."""
    head = f"HTTP/1.1 {code} Word\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n\r\n"
    return says((head + text).encode())


def endless(line: socket.socket) -> None:
    """As fast as it is read, for ever."""
    line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        line.sendall(b" " * 65536)


def reset(line: socket.socket) -> None:
    """The connection is torn down instead of closed."""
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@cache
def _zeros() -> bytes:
    return gzip.compress(bytes(256 << 20))


def bomb(code: int = 200, *headers: str) -> bytes:
    """256 MiB of zeros in 256 KiB."""
    told = (f"HTTP/1.1 {code} Word", "Content-Encoding: gzip", f"Content-Length: {len(_zeros())}")
    return "\r\n".join((*told, *headers, "", "")).encode() + _zeros()


class Faulty(StandIn):
    """The stand-in on plain sockets: a request whose path fits a pattern of `bad` gets the script."""

    def __init__(self, *args, **more) -> None:
        super().__init__(*args, **more)
        self.bad: list[tuple[str, Script]] = []
        self._lines: list[socket.socket] = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        for line in (self._listener, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._lines.append(line)
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, suppress(OSError, ValueError), line.makefile("rb") as heard:
            if heard.peek(1)[:1] == b"\x16":  # TLS, which is not spoken here
                line.sendall(status(400))
                return
            while first := heard.readline():
                method, path, _ = first.decode("latin-1").split()
                headers = parse_headers(heard)
                heard.read(int(headers.get("Content-Length") or 0))
                script = next((do for fits, do in self.bad if re.search(fits, path)), None)
                if script:
                    self.requests.append((method, path))
                    script(line)
                    return
                line.sendall(_whole(self.answer(method, path, headers)))


def _whole(reply) -> bytes:
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    lines = [f"{name}: {value}" for name, value in reply.headers.items()]
    head = (f"HTTP/1.1 {reply.status} Word", *lines, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(head).encode() + body
