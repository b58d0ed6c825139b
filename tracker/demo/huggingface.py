"""Hugging Face as it answered on a day: repositories, listings, collections. Pure; serves nothing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from tracker.demo.huggingface_collections import collection, collections, no, object_id, paper
from tracker.demo.huggingface_files import files, tree
from tracker.demo.wire import (
    Fact,
    Missing,
    Reply,
    Request,
    as_json,
    happened,
    next_page,
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
_RAW = re.compile(
    r"/(?:(?P<kind>datasets|spaces)/)?(?P<name>[^/]+/[^/]+)/raw/(?P<revision>[^/]+)/(?P<path>.+)"
)
_COLLECTION = re.compile(r"/api/collections/(?P<owner>[^/]+)/(?P<slug>[^/]+)")
_SINGULAR = {"models": "model", "datasets": "dataset", "spaces": "space"}


def answer(facts: Fact, request: Request) -> Reply:
    """Whatever is asked below `/api`, and files, with the headers that every answer carries."""
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
        return collection(facts, request, match["owner"], match["slug"])
    if match := _RAW.fullmatch(request.path):
        return _raw(facts, request, match)
    if request.path == "/api/collections":
        return collections(facts, request)
    if match := re.fullmatch(r"/api/papers/([^/]+)", request.path):
        return paper(facts, request, match[1])
    return no(404, "Sorry, we can't find the page you are looking for.")


# --- models, datasets, spaces ------------------------------------------------------------------


def _repository(facts: Fact, request: Request, match: re.Match[str]) -> Reply:
    kind, name = match["kind"], match["name"]
    fact = _named(facts.get(kind, ()), request, name)
    own = _name(fact, request.now)
    if own != name:
        return _renamed(request, match, own)
    if _shut(fact, request) and match["part"] in ("commits", "tree"):
        message = (
            f"Access to {_SINGULAR[kind]} {name} is restricted. You must have access to it and be "
            "authenticated to access it. Please log in."
        )
        return no(401, message, "GatedRepo")
    commits = _commits(fact, request.now)
    if match["part"] is None:
        return _info(fact, request, commits[0])
    at = _from(commits, match["revision"])
    match match["part"]:
        case "commits":
            return _history(at, request)
        case "tree":
            return as_json(tree(at))
        case _:
            return _info(fact, request, at[0])


def _raw(facts: Fact, request: Request, match: re.Match[str]) -> Reply:
    """A file at a revision, where the facts hold its `text`."""
    fact = _named(facts.get(match["kind"] or "models", ()), request, match["name"])
    if (own := _name(fact, request.now)) != match["name"]:
        return _renamed(request, match, own)
    if _shut(fact, request):
        return no(401, "Access to this file is restricted.", "GatedRepo")
    held = files(_from(_commits(fact, request.now), match["revision"])).get(match["path"], {})
    if "text" not in held:
        return no(404, "Entry not found", "EntryNotFound")
    return Reply(200, {"Content-Type": "text/plain; charset=utf-8"}, held["text"])


def _renamed(request: Request, match: re.Match[str], name: str) -> Reply:
    """The same address with another name in it."""
    before, after = request.path[: match.start("name")], request.path[match.end("name") :]
    return Reply(307, {"Location": f"{before}{name}{after}"})


def _shut(fact: Fact, request: Request) -> bool:
    """Whether its files and commits are for those alone who were let in."""
    return happened(fact, "gated_from", request.now) and not _token(request)


def _token(request: Request) -> bool:
    return "Authorization" in request.headers


def _named(known: list[Fact], request: Request, name: str) -> Fact:
    """The repository that has this name, in any case, else had it. Raises Missing."""
    now, asked = request.now, name.lower()
    there = [
        fact
        for fact in known
        if when(fact["created"]) <= now and not happened(fact, "deleted", now)
    ]
    for fact in there:
        if _name(fact, now).lower() == asked:
            return fact
    for fact in there:
        if asked in {former["id"].lower() for former in fact.get("former", ())}:
            return fact
    if _token(request):
        raise Missing(no(404, "Repository not found", "RepoNotFound"))
    raise Missing(no(401, "Invalid username or password."))


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
    raise Missing(no(404, f"Invalid rev id: {revision}", "RevisionNotFound"))


def _info(fact: Fact, request: Request, head: Fact) -> Reply:
    """All fields, or those that `expand[]` names beside the two ids; not both ways at once."""
    wanted = request.query.get("expand[]", request.query.get("expand", []))
    if wanted and "full" in request.query:
        return no(400, "Cannot use both `expand` and `full`.")
    fields = _fields(fact, request.now, head)
    unknown = [name for name in wanted if name not in fields and name not in _OTHER]
    if unknown:
        return no(400, f"Invalid expand: {unknown[0]}")
    chosen = {"_id", "id", *wanted} if wanted else fields
    return as_json({name: value for name, value in fields.items() if name in chosen})


_OTHER = frozenset(
    """baseModels cardData childrenModelCount config description downloadsAllTime likes downloads
    library_name pipeline_tag safetensors sdk spaces trendingScore usedStorage""".split()  # noqa: SIM905 - a list of words
)


def _fields(fact: Fact, now: datetime, head: Fact) -> dict[str, Any]:
    name, created = _name(fact, now), when(fact["created"])
    return {
        "_id": fact.get("_id") or object_id(created, fact["id"]),
        "id": name,
        "author": name.partition("/")[0],
        "private": False,
        "disabled": happened(fact, "disabled", now),
        "gated": fact.get("gated", "manual") if happened(fact, "gated_from", now) else False,
        "lastModified": stamp(when(head["date"]), milliseconds=True),
        "sha": head["sha"],
        "tags": [*fact.get("tags", ()), "region:us"],
        "createdAt": stamp(created, milliseconds=True),
        "siblings": [{"rfilename": e["path"]} for e in tree(_from(_commits(fact, now), "main"))],
    }


def _history(commits: list[Fact], request: Request) -> Reply:
    size = request.number("limit", 50) or 50
    number = request.number("p", 0)
    shown, more = page(commits, number * size, size)
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
    following = next_page(request.with_query(p=number + 1, limit=size)) if more else {}
    return as_json(payload, headers={"X-Total-Count": str(len(commits)), **following})


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
    address = request.with_query(cursor=cursor + size)
    return as_json(rows, headers=next_page(address) if more else None)


def _kept(name: str, wanted: list[str]) -> bool:
    short = ("author", "siblings", "sha", "lastModified", "gated", "disabled")
    return name in ("_id", "id", *wanted) if wanted else name not in short
