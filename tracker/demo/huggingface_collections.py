"""Hugging Face's collections and papers as they were on a day. Pure; serves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.demo.wire import (
    Fact,
    Reply,
    Request,
    as_json,
    derived,
    happened,
    so_far,
    stamp,
    when,
)

_CUT = 4  # items in the list form of collections


def no(status: int, message: str, code: str | None = None) -> Reply:
    """A refusal in the Hub's form: the reason stands in headers and in the body."""
    coded = {"X-Error-Code": code} if code else {}
    return as_json({"error": message}, status, {**coded, "X-Error-Message": message})


def object_id(born: datetime, *words: str) -> str:
    """24 hex digits as the Hub makes them: four bytes of time, then whatever is the same again."""
    return f"{int(born.timestamp()):08x}{derived('object', *words)[:16]}"


def collection(facts: Fact, request: Request, owner: str, slug: str) -> Reply:
    """By the 24 hex digits at the end of the slug: old slugs still answer."""
    for fact in facts.get("collections", ()):
        known, _, name = fact["slug"].partition("/")
        if known.lower() == owner.lower() and name[-24:] == slug[-24:] and _shown(fact, request):
            return as_json(_payload(fact, request.now))
    return no(404, "Collection not found")


def _shown(fact: Fact, request: Request) -> bool:
    return when(fact["created"]) <= request.now and not happened(fact, "deleted", request.now)


def _payload(fact: Fact, now: datetime, most: int | None = None) -> dict[str, Any]:
    items = list(_items(fact, now))
    touched = [
        when(fact["created"]),
        *(when(i["added"]) for i in so_far(fact["items"], now, "added")),
    ]
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
            "_id": object_id(when(item["added"]), fact["slug"][-24:], item["type"], item["id"]),
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


def collections(facts: Fact, request: Request) -> Reply:
    """An owner's collections in the list form, which cuts the items."""
    owner = request.word("owner").lower()
    return as_json(
        [
            _payload(fact, request.now, _CUT)
            for fact in facts.get("collections", ())
            if fact["slug"].partition("/")[0].lower() == owner and _shown(fact, request)
        ]
    )


def paper(facts: Fact, request: Request, name: str) -> Reply:
    """A paper's page; it names no version."""
    for paper in facts.get("papers", ()):
        versions = so_far(paper["versions"], request.now)
        if paper["id"] == name and versions:
            published = stamp(when(versions[0]["date"]), milliseconds=True)
            return as_json({"id": name, "title": paper["title"], "publishedAt": published})
    return no(404, "Paper not found")
