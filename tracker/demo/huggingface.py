"""Hugging Face as it answered on a day: repositories, listings, collections. Pure; serves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.demo.wire import (
    Fact,
    Missing,
    Reply,
    Request,
    as_json,
    derived,
    happened,
    page,
    so_far,
    stamp,
    when,
)

_LIMITS = {
    "RateLimit": '"api";r=490;t=129',
    "RateLimit-Policy": '"fixed window";"api";q=500;w=300',
}
_REPOSITORY = re.compile(
    r"/api/(?P<kind>models|datasets|spaces)/(?P<name>[^/]+/[^/]+)"
    r"(?:/(?P<part>commits|tree|revision)/(?P<revision>[^/]+))?"
)
_COLLECTION = re.compile(r"/api/collections/(?P<owner>[^/]+)/(?P<slug>[^/]+)")
_SINGULAR = {"models": "model", "datasets": "dataset", "spaces": "space"}
_CUT = 4  # items in the list form of collections


def answer(facts: Fact, request: Request) -> Reply:
    """Whatever is asked below `/api`, with the headers that every answer carries."""
    try:
        reply = _route(facts, request)
    except Missing as missing:
        reply = missing.reply
    return Reply(reply.status, {**_LIMITS, **reply.headers}, reply.body)


def _route(facts: Fact, request: Request) -> Reply:
    if match := _REPOSITORY.fullmatch(request.path):
        return _repository(facts, request, match)
    if match := re.fullmatch(r"/api/(models|datasets|spaces)", request.path):
        return _listing(facts.get(match[1], ()), request)
    if match := _COLLECTION.fullmatch(request.path):
        return _collection(facts, request, match["owner"], match["slug"])
    if request.path == "/api/collections":
        return _collections(facts, request)
    if match := re.fullmatch(r"/api/papers/([^/]+)", request.path):
        return _paper(facts, request, match[1])
    return _no(404, "Sorry, we can't find the page you are looking for.")


def _no(status: int, message: str, code: str | None = None) -> Reply:
    """A refusal in the Hub's form: the reason stands in headers and in the body."""
    coded = {"X_Error_Code": code} if code else {}
    return as_json({"error": message}, status, **coded, X_Error_Message=message)


# --- models, datasets, spaces ------------------------------------------------------------------


def _repository(facts: Fact, request: Request, match: re.Match[str]) -> Reply:
    kind, name = match["kind"], match["name"]
    fact = _named(facts.get(kind, ()), request, name)
    own = _name(fact, request.now)
    if own != name:
        prefix = request.path[: match.start("name")]
        location = f"{prefix}{own}{request.path[match.end('name') :]}"
        return Reply(307, {"Location": location})
    shown = happened(fact, "gated_from", request.now) and not _token(request)
    if shown and match["part"] in ("commits", "tree"):
        message = (
            f"Access to {_SINGULAR[kind]} {name} is restricted. You must have access to it and be "
            "authenticated to access it. Please log in."
        )
        return _no(401, message, "GatedRepo")
    commits = _commits(fact, request.now)
    if match["part"] is None:
        return _info(fact, request, commits[0])
    at = _from(commits, match["revision"])
    match match["part"]:
        case "commits":
            return _history(at, request)
        case "tree":
            return as_json(_tree(at))
        case _:
            return _info(fact, request, at[0])


def _token(request: Request) -> bool:
    return "Authorization" in request.headers


def _named(known: list[Fact], request: Request, name: str) -> Fact:
    """The repository that has or had this name, in any case. Raises Missing."""
    for fact in known:
        names = {fact["id"].lower(), *(f["id"].lower() for f in fact.get("former", ()))}
        there = when(fact["created"]) <= request.now and not happened(fact, "deleted", request.now)
        if there and name.lower() in names:
            return fact
    if _token(request):
        raise Missing(_no(404, "Repository not found", "RepoNotFound"))
    raise Missing(_no(401, "Invalid username or password."))


def _name(fact: Fact, now: datetime) -> str:
    """What it is called by now: `former` names hold until an instant."""
    former = [f["id"] for f in fact.get("former", ()) if now < when(f["until"])]
    return str(former[0] if former else fact["id"])


def _commits(fact: Fact, now: datetime) -> list[Fact]:
    """Its commits by now, newest first; each changes the files it names (None: taken away)."""
    return sorted(so_far(fact["commits"], now), key=lambda c: when(c["date"]), reverse=True)


def _from(commits: list[Fact], revision: str) -> list[Fact]:
    """The history of a revision, newest first. Raises Missing."""
    for number, commit in enumerate(commits):
        if (revision == "main" and number == 0) or commit["sha"] == revision:
            return commits[number:]
    raise Missing(_no(404, f"Invalid rev id: {revision}", "RevisionNotFound"))


def _info(fact: Fact, request: Request, head: Fact) -> Reply:
    """All fields, or those that `expand[]` names beside the two ids; not both ways at once."""
    wanted = request.query.get("expand[]", request.query.get("expand", []))
    if wanted and "full" in request.query:
        return _no(400, "Cannot use both `expand` and `full`.")
    fields = _fields(fact, request.now, head)
    unknown = [name for name in wanted if name not in fields and name not in _OTHER]
    if unknown:
        return _no(400, f"Invalid expand: {unknown[0]}")
    chosen = {"_id", "id", *wanted} if wanted else fields
    return as_json({name: value for name, value in fields.items() if name in chosen})


_OTHER = frozenset(
    "baseModels cardData childrenModelCount config description downloadsAllTime likes downloads "
    "library_name pipeline_tag safetensors sdk spaces trendingScore usedStorage".split()  # noqa: SIM905 - words
)


def _fields(fact: Fact, now: datetime, head: Fact) -> dict[str, Any]:
    name, created = _name(fact, now), when(fact["created"])
    return {
        "_id": fact.get("_id") or _object_id(created, fact["id"]),
        "id": name,
        "author": name.partition("/")[0],
        "private": False,
        "disabled": happened(fact, "disabled", now),
        "gated": fact.get("gated", "manual") if happened(fact, "gated_from", now) else False,
        "lastModified": stamp(when(head["date"]), milliseconds=True),
        "sha": head["sha"],
        "tags": [*fact.get("tags", ()), "region:us"],
        "createdAt": stamp(created, milliseconds=True),
        "siblings": [{"rfilename": e["path"]} for e in _tree(_from(_commits(fact, now), "main"))],
    }


def _object_id(born: datetime, *words: str) -> str:
    """24 hex digits as the Hub makes them: four bytes of time, then whatever is the same again."""
    return f"{int(born.timestamp()):08x}{derived('object', *words)[:16]}"


def _history(commits: list[Fact], request: Request) -> Reply:
    size = request.number("limit", 50) or 50
    number = request.number("p", 0)
    shown, more = page(commits, number * size, size)
    following = {"Link": f'<{request.with_query(p=number + 1, limit=size)}>; rel="next"'}
    payload = [
        {
            "id": commit["sha"],
            "title": commit["title"],
            "message": commit.get("message", ""),
            "authors": [{"user": commit.get("author", "somebody")}],
            "date": stamp(when(commit["date"]), milliseconds=True),
        }
        for commit in shown
    ]
    return as_json(payload, X_Total_Count=str(len(commits)), **(following if more else {}))


def _tree(commits: list[Fact]) -> list[dict[str, Any]]:
    files: dict[str, Any] = {}
    for commit in reversed(commits):
        for path, file in commit["files"].items():
            made = file and {"oid": derived("file", commit["sha"], path), **file}
            files = {k: v for k, v in files.items() if k != path} | ({path: made} if made else {})
    return [_entry(path, file) for path, file in sorted(files.items())]


def _entry(path: str, file: Fact) -> dict[str, Any]:
    large = {"oid": derived("large", file["oid"]) + derived(path)[:24], "size": file["size"]}
    lfs = {"lfs": {**large, "pointerSize": 135}} if file.get("lfs") else {}
    return {"type": "file", "oid": file["oid"], "size": file["size"], **lfs, "path": path}


def _listing(known: list[Fact], request: Request) -> Reply:
    """One owner's repositories. The cursor of the next page is a number nobody should read."""
    now, author = request.now, request.word("author").lower()
    mine = [
        fact
        for fact in known
        if when(fact["created"]) <= now
        and not happened(fact, "deleted", now)
        and _name(fact, now).partition("/")[0].lower() == author
    ]
    cursor, size = request.number("cursor", 0), request.number("limit", 1000) or 1000
    shown, more = page(mine, cursor, size)
    wanted = request.query.get("expand[]", [])
    rows = [
        {k: v for k, v in _fields(f, now, _commits(f, now)[0]).items() if _kept(k, wanted)}
        for f in shown
    ]
    following = {"Link": f'<{request.with_query(cursor=cursor + size)}>; rel="next"'}
    return as_json(rows, **(following if more else {}))


def _kept(name: str, wanted: list[str]) -> bool:
    short = ("author", "siblings", "sha", "lastModified", "gated", "disabled")
    return name in ("_id", "id", *wanted) if wanted else name not in short


# --- collections and papers --------------------------------------------------------------------


def _collection(facts: Fact, request: Request, owner: str, slug: str) -> Reply:
    """By the 24 hex digits at the end of the slug: old slugs still answer."""
    for fact in facts.get("collections", ()):
        known, _, name = fact["slug"].partition("/")
        if known.lower() == owner.lower() and name[-24:] == slug[-24:] and _shown(fact, request):
            return as_json(_payload(fact, request.now))
    return _no(404, "Collection not found")


def _shown(fact: Fact, request: Request) -> bool:
    return when(fact["created"]) <= request.now and not happened(fact, "deleted", request.now)


def _payload(fact: Fact, now: datetime, most: int | None = None) -> dict[str, Any]:
    items = list(_items(fact, now))
    touched = [when(fact["created"]), *(when(i["added"]) for i in so_far(fact["items"], now, "added"))]
    return {
        "slug": fact["slug"],
        "title": fact["title"],
        "lastUpdated": stamp(max(touched), milliseconds=True),
        "owner": {"name": fact["slug"].partition("/")[0], "type": "org", "isHf": False},
        "items": items[:most],
        "theme": "green",
        "private": False,
        "upvotes": 0,
        "isUpvotedByUser": False,
    }


def _items(fact: Fact, now: datetime) -> Iterator[dict[str, Any]]:
    there = [i for i in so_far(fact["items"], now, "added") if not happened(i, "removed", now)]
    for position, item in enumerate(there):
        yield {
            "_id": _object_id(when(item["added"]), fact["slug"][-24:], item["type"], item["id"]),
            "position": position,
            "type": item["type"],
            "id": item["id"],
            "author": item["id"].partition("/")[0],
            "gated": False,
            "likes": 0,
            "private": False,
            "repoType": item["type"],
            "isLikedByUser": False,
        }


def _collections(facts: Fact, request: Request) -> Reply:
    """An owner's collections in the list form, which cuts the items."""
    owner = request.word("owner").lower()
    return as_json(
        [
            _payload(fact, request.now, _CUT)
            for fact in facts.get("collections", ())
            if fact["slug"].partition("/")[0].lower() == owner and _shown(fact, request)
        ]
    )


def _paper(facts: Fact, request: Request, name: str) -> Reply:
    for paper in facts.get("papers", ()):
        versions = so_far(paper["versions"], request.now)
        if paper["id"] == name and versions:
            published = stamp(when(versions[0]["date"]), milliseconds=True)
            return as_json({"id": name, "title": paper["title"], "publishedAt": published})
    return _no(404, "Paper not found")
