"""A server on this machine that answers as GitHub Pages does: a tag and a time of the last
deployment for each file, 304 to who has it, gzip to who takes it, its content types."""

import gzip
import threading
from contextlib import contextmanager
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
}


class Pages:
    """The files that are served, by their paths. `asked` is what was asked for, with the status it
    got: (path, status, content encoding)."""

    def __init__(self):
        self.files = {}
        self.deployed = 1_700_000_000
        self.asked = []
        self.address = ""

    def deploy(self, files):
        """Serve other files: as on Pages every one of them is a new one then, whatever it holds."""
        self.files = {f"/{name}": content for name, content in files.items()}
        self.deployed += 3600

    def statuses(self, path):
        """What was answered for a path since the last deployment or call."""
        told = [status for asked, status, _ in self.asked if asked == path]
        self.asked = [one for one in self.asked if one[0] != path]
        return told


def read(folder):
    """The files below a folder, by name."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


class Handler(BaseHTTPRequestHandler):
    """Answers from the `pages` of its server."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_words):
        pass

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        name = f"{path}index.html" if path.endswith("/") else path
        body = self.server.pages.files.get(name)
        packed = "gzip" in self.headers.get("Accept-Encoding", "")
        if body is None:
            self.answer(path, 404, b"none\n", {"Content-Type": TYPES[".html"]})
            return
        tag = f'"{self.server.pages.deployed:x}-{len(body):x}"'
        headers = {
            "Content-Type": TYPES.get(name[name.rfind(".") :], "application/octet-stream"),
            "Last-Modified": formatdate(self.server.pages.deployed, usegmt=True),
            "ETag": f"W/{tag}" if packed else tag,
            "Cache-Control": "max-age=600",
            "Access-Control-Allow-Origin": "*",
            "Vary": "Accept-Encoding",
        }
        if self.known(tag):
            self.answer(path, 304, b"", headers)
        elif packed:
            headers["Content-Encoding"] = "gzip"
            self.answer(path, 200, gzip.compress(body), headers)
        else:
            self.answer(path, 200, body, headers)

    def known(self, tag):
        """Whether who asks has what stands: a tag counts before a time (RFC 9110, 13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return tag in [one.strip().removeprefix("W/") for one in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        return (
            bool(since) and parsedate_to_datetime(since).timestamp() >= self.server.pages.deployed
        )

    def answer(self, path, status, body, headers):
        self.server.pages.asked.append((path, status, headers.get("Content-Encoding", "")))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serve():
    """Pages on a port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.pages = Pages()
        server.pages.address = f"http://127.0.0.1:{server.server_address[1]}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.pages
        server.shutdown()
