"""What Hugging Face answers, as typed values: payloads in, values out. It asks nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tracker.http import NotChecked
from tracker.model import Item
from tracker.sources.arxiv_links import paper
from tracker.sources.huggingface_items import about
from tracker.sources.huggingface_links import (
    COLLECTION,
    REPOSITORY,
    REVISION,
    SHORT_COLLECTION,
)
from tracker.sources.huggingface_parts import File
from tracker.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

_OBJECT = re.compile(r"[0-9a-f]{24}")
_WORD = re.compile(r"[a-z]{1,32}")
_ITEM = re.compile(r"[!-~]{1,300}")  # names, paper ids and slugs are plain ASCII
_NEXT = re.compile(r'<([^<>]{1,2048})>; *rel="?next"?')
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # before it, Hugging Face had no hub to add items to
_PAPERS = 5  # candidates to offer; a model that names more is about none of them


@dataclass(frozen=True)
class Repository:
    """A model, dataset or space as it is now. `name` is OWNER/NAME in the Hub's spelling."""

    kind: str
    name: str
    identity: str | None
    revision: str
    modified: datetime
    gated: bool = False
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commit:
    """One commit of a repository's main branch."""

    revision: str
    date: datetime
    title: str | None


@dataclass(frozen=True)
class Collection:
    """A collection as it is now. `identity` is the 24 hex digits of its slug, if it has them."""

    slug: str
    identity: str | None
    title: str
    items: tuple[Item, ...]


class Unreadable(NotChecked):
    """An answer that is not in Hugging Face's shape."""

    def __init__(self) -> None:
        """One reason is enough: nobody but the Hub can mend it."""
        super().__init__("unreadable answer")


def repository(kind: str, payload: object) -> Repository:
    """`/api/KIND/O/N`, or one entry of a listing. Raises NotChecked where it is disabled."""
    match payload:
        case {"disabled": True}:
            raise NotChecked("disabled by Hugging Face")
        case {"id": str(name), "sha": str(revision), "lastModified": date, **rest} if (
            REPOSITORY.fullmatch(name) and REVISION.fullmatch(revision)
        ):
            return Repository(
                kind=kind,
                name=name,
                identity=_object(rest.get("_id")),
                revision=revision,
                modified=_moment(date),
                gated=bool(rest.get("gated")),
                papers=_named(rest.get("tags", [])),
            )
    raise Unreadable


def listing(kind: str, payload: object, wanted: frozenset[str]) -> dict[str, Repository]:
    """The wanted (OWNER/NAME in lower case) of a list of one kind, as far as they can be read."""
    found: dict[str, Repository] = {}
    for entry in _list(payload):
        match entry:
            case {"id": str(name)} if name.lower() in wanted:
                try:
                    found[name.lower()] = repository(kind, entry)
                except NotChecked:
                    continue  # asked by itself, it says what is the matter with it
    return found


def commits(payload: object) -> list[Commit]:
    """`/api/KIND/O/N/commits/main`, newest first."""
    return [_commit(entry) for entry in _list(payload)]


def tree(payload: object) -> dict[str, File]:
    """`/api/KIND/O/N/tree/REV`: its files by path."""
    files: dict[str, File] = {}
    for entry in _list(payload):
        match entry:
            case {"type": "directory"}:
                continue
            case {"path": str(path), "lfs": {"oid": str(oid)}}:
                files[path] = File(oid, large=True)
            case {"path": str(path), "oid": str(oid)}:
                files[path] = File(oid, large=False)
            case _:
                raise Unreadable
    return files


def collection(payload: object, now: datetime) -> Collection:
    """`/api/collections/SLUG`. Its `lastUpdated` moves without any change of items: ignored."""
    match payload:
        case {"slug": str(slug), "title": str(title), "items": list(entries)}:
            match = COLLECTION.fullmatch(slug)
            if not (match or SHORT_COLLECTION.fullmatch(slug)):
                raise Unreadable
            items = {_item(entry, now) for entry in entries}
            return Collection(
                slug=slug,
                identity=match["hex"] if match else None,
                title=clean(title) or slug,
                items=tuple(sorted(items, key=lambda item: (item.type, item.name))),
            )
    raise Unreadable


def born(identity: str) -> datetime:
    """When the Hub made an object: the first four bytes of its id are Unix seconds."""
    return datetime.fromtimestamp(int(identity[:8], 16), UTC)


def following(headers: Mapping[str, str], parameter: str, pattern: str) -> str | None:
    """The one typed parameter of the next page, or None at the end of a list.

    The address in a `Link` header is never followed. Raises NotChecked where there is a next page
    but no telling which: a list that is cut must not pass for a whole one.
    """
    link = headers.get("Link", "")
    if "next" not in link:
        return None
    address = _NEXT.search(link)
    values = parse_qs(urlsplit(address[1]).query).get(parameter, []) if address else []
    if len(values) != 1 or not re.fullmatch(pattern, values[0]):
        raise Unreadable
    return values[0]


def _list(payload: object) -> list[object]:
    if not isinstance(payload, list):
        raise Unreadable
    return payload


def _object(value: object) -> str | None:
    return value if isinstance(value, str) and _OBJECT.fullmatch(value) else None


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment and moment.tzinfo:
            return moment.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    raise Unreadable


def _commit(payload: object) -> Commit:
    match payload:
        case {"id": str(revision), "date": date, **rest} if REVISION.fullmatch(revision):
            title = rest.get("title")
            return Commit(
                revision, _moment(date), clean(title) or None if isinstance(title, str) else None
            )
    raise Unreadable


def _item(payload: object, now: datetime) -> Item:
    match payload:
        case {"type": str(kind), "id": str(name), **rest} if _WORD.fullmatch(
            kind
        ) and _ITEM.fullmatch(name):
            identity = _object(rest.get("_id"))
            added = born(identity) if identity else None
            credible = added and _EPOCH <= added <= now + timedelta(days=1)
            return Item(kind, name, added if credible else None, about(kind, rest))
    raise Unreadable


def _named(tags: object) -> tuple[str, ...]:
    """The arXiv papers that a repository's tags name."""
    found = [
        named[0]
        for tag in _list(tags)
        if isinstance(tag, str) and tag.startswith("arxiv:")
        if (named := paper(tag.removeprefix("arxiv:")))
    ]
    return tuple(dict.fromkeys(found))[:_PAPERS]
