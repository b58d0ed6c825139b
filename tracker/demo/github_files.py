"""The files of GitHub's repositories as its API showed them on a day. Pure; serves nothing."""

from __future__ import annotations

import base64
import re
from typing import Any

from tracker.demo.repository import Repository, blob, content
from tracker.demo.wire import Fact, Missing, Reply, Request, as_json, next_page, page

DOCS = "https://docs.github.com/rest"
_MOST = 100  # entries of a page
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}
_RAW = {"Content-Type": "application/vnd.github.raw+json; charset=utf-8"}


def no(status: int, message: str) -> Reply:
    """A refusal in GitHub's form."""
    return as_json({"message": message, "documentation_url": DOCS, "status": str(status)}, status)


def listed(rows: list[dict[str, Any]], request: Request) -> Reply:
    """One page of a list, and where the next is."""
    size = min(request.number("per_page", 30) or 30, _MOST)
    number = request.number("page", 1) or 1
    shown, more = page(rows, (number - 1) * size, size)
    address = request.with_query(page=number + 1, per_page=size)
    return as_json(shown, headers=next_page(address) if more else None)


def known(facts: Fact, request: Request, *, name: str = "", number: str = "") -> Repository:
    """The repository that has this id or name, in any case, else had the name. Raises Missing."""
    there = [
        repository
        for fact in facts.get("repositories", ())
        if (repository := Repository(fact, request.now)).there
    ]
    for repository in there:
        if str(repository.fact["id"]) == number or repository.name.lower() == name.lower():
            return repository
    for repository in there:
        former = repository.fact.get("former", ())
        if name.lower() in {f["full_name"].lower() for f in former}:
            return repository
    raise Missing(no(404, "Not Found"))


def raw(facts: Fact, request: Request) -> Reply:
    """raw.githubusercontent.com: `/O/R/REF/PATH`. Only a file whose bytes are known is there."""
    owner, name, *rest = [*request.path.removeprefix("/").split("/"), ""]
    path = "/".join(rest).removeprefix("refs/heads/").removeprefix("refs/tags/")
    reference, _, path = path.rstrip("/").partition("/")
    try:
        file = known(facts, request, name=f"{owner}/{name}").files(reference).get(path)
    except Missing:
        file = None
    body = content(file) if file else None
    return Reply(404, _TEXT, "404: Not Found") if body is None else Reply(200, _TEXT, body)


def contents(repository: Repository, request: Request, path: str) -> Reply:
    """A file with its bytes, or the entries of a folder."""
    reference = request.word("ref")
    files = repository.files(reference)
    path = path.strip("/")
    reference = reference or repository.branch
    if path in files:
        return _sent(repository, request, path, files[path], reference)
    entries = repository.folder(files, path)
    if entries is None:
        raise Missing(no(404, "Not Found"))
    return as_json(
        [
            _place(repository, request, name, entry["sha"], entry["size"], reference)
            for name, entry in entries.items()
        ]
    )


def _place(
    repository: Repository, request: Request, path: str, sha: str, size: int, reference: str
) -> dict[str, Any]:
    """What the contents API says of a file or folder, without its bytes."""
    kind, word = ("dir", "tree") if size < 0 else ("file", "blob")
    api = f"{request.base}/repos/{repository.name}"
    links = {
        "self": f"{api}/contents/{path}?ref={reference}",
        "git": f"{api}/git/{word}s/{sha}",
        "html": f"https://github.com/{repository.name}/{word}/{reference}/{path}",
    }
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": max(size, 0),
        "url": links["self"],
        "html_url": links["html"],
        "git_url": links["git"],
        "download_url": None
        if size < 0
        else f"https://raw.githubusercontent.com/{repository.name}/{reference}/{path}",
        "type": kind,
        "_links": links,
    }


def _sent(repository: Repository, request: Request, path: str, file: Fact, reference: str) -> Reply:
    accept = request.headers.get("Accept", "")
    if "raw" in accept:
        return Reply(
            200, {"Content-Type": "application/vnd.github.raw+json; charset=utf-8"}, _bytes(file)
        )
    sha, size = blob(file)
    place = _place(repository, request, path, sha, size, reference)
    if (body := content(file)) is not None:
        coded = base64.encodebytes(body).decode()
        return as_json(place | {"content": coded, "encoding": "base64"})
    return as_json(place | {"content": "", "encoding": "none"})  # as for files above 1 MB


def _bytes(file: Fact) -> bytes:
    body = content(file)
    return f"%PDF-1.5 stand-in for {blob(file)[0]}\n".encode() if body is None else body


def readme(repository: Repository, request: Request) -> Reply:
    """The README at the top, as JSON or as it is."""
    files = repository.files(request.word("ref"))
    name = next((n for n in files if re.fullmatch(r"readme(\.\w+)?", n, re.I)), None)
    if name is None:
        raise Missing(no(404, "Not Found"))
    reference = request.word("ref") or repository.branch
    return _sent(repository, request, name, files[name], reference)


def trees(repository: Repository, request: Request, reference: str) -> Reply:
    """The tree of a branch, tag or commit, or of a folder by its own sha."""
    api = f"{request.base}/repos/{repository.name}/git"
    sha, entries = repository.entries(reference, deep=bool(request.word("recursive")))
    rows = []
    for path, entry in entries.items():
        folder = entry["size"] < 0
        kind = "tree" if folder else "blob"
        row = {
            "path": path,
            "mode": "040000" if folder else "100644",
            "type": kind,
            "sha": entry["sha"],
            "url": f"{api}/{kind}s/{entry['sha']}",
        }
        rows.append(row if folder else row | {"size": entry["size"]})
    return as_json({"sha": sha, "url": f"{api}/trees/{sha}", "tree": rows, "truncated": False})
