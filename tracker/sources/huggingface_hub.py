"""Asking Hugging Face: addresses from typed parts, redirects, pages of lists. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from tracker.http import Http, NotChecked, Refused, Reply
from tracker.sources import huggingface_read as read
from tracker.sources.huggingface_links import (
    COLLECTION,
    NAME,
    REPOSITORY,
    REVISION,
    SHORT_COLLECTION,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tracker.sources.huggingface_parts import File

_OK = 200
_UNAUTHORIZED = 401
_HOPS = 2
_LISTING_PAGES = 10
_COMMIT_PAGES = 5
_TREE_PAGES = 10
_LARGE = 8 << 20  # a page holds up to a thousand entries
_CURSOR = r"[A-Za-z0-9+/=_-]{1,512}"
_PAGE = r"[1-9][0-9]{0,5}"

_FIELDS = {
    "models": ("sha", "lastModified", "gated", "disabled", "tags"),
    "datasets": ("sha", "lastModified", "gated", "disabled", "tags"),
    "spaces": ("sha", "lastModified", "disabled", "tags"),  # a space cannot be gated
}
_EXPAND = {kind: "&".join(f"expand[]={f}" for f in fields) for kind, fields in _FIELDS.items()}
_NAMES = {"collections": (COLLECTION, SHORT_COLLECTION)}


class Missing(Exception):  # noqa: N818 - it is an answer, not an error
    """There is no such thing at this address, as far as Hugging Face says."""


@dataclass(frozen=True)
class Hub:
    """Hugging Face as one endpoint and one token see it."""

    http: Http
    endpoint: str
    token: str | None = field(default=None, repr=False)

    @property
    def authenticated(self) -> bool:
        """Whether a token is used."""
        return bool(self.token and self.token.strip())

    def repository(self, kind: str, name: str) -> read.Repository:
        """A model, dataset or space. Raises Missing and NotChecked."""
        return read.repository(kind, self._resolve(kind, name, f"?{_EXPAND[kind]}"))

    def collection(self, name: str, now: datetime) -> read.Collection:
        """A collection by OWNER/SLUG. Raises Missing and NotChecked."""
        return read.collection(self._resolve("collections", name), now)

    def listing(self, kind: str, owner: str, wanted: frozenset[str]) -> list[read.Repository]:
        """The wanted models (datasets, spaces) of an owner. What is not in it, for whatever reason,
        is asked alone: so no more pages are read than that would cost."""
        path = f"{kind}?author={quote(owner, safe='')}&{_EXPAND[kind]}&limit=1000"
        found: dict[str, read.Repository] = {}
        cursor: str | None = ""
        try:
            for _ in range(min(_LISTING_PAGES, len(wanted))):
                reply = self._page(path, "cursor", cursor)
                found |= read.listing(kind, reply.json(), wanted)
                cursor = read.following(reply.headers, "cursor", _CURSOR)
                if cursor is None or found.keys() >= wanted:
                    break
        except NotChecked:
            pass
        return list(found.values())

    def commits(
        self, of: read.Repository, enough: Callable[[read.Commit], bool]
    ) -> tuple[list[read.Commit], bool]:
        """From the repository's revision back to the first commit that is enough.

        And whether the last one is the first there ever was. Empty where commits are not shown.
        """
        path = f"{of.kind}/{quote(of.name)}/commits/main?limit=100"
        found: list[read.Commit] = []
        page: str | None = ""
        for _ in range(_COMMIT_PAGES):
            try:
                reply = self._page(path, "p", page)
            except Refused:
                return [], False
            if reply.status != _OK:
                return [], False
            page = read.following(reply.headers, "p", _PAGE)
            listed = read.commits(reply.json())
            for commit in listed:
                if not found and commit.revision != of.revision:
                    continue  # pushed since the repository was asked: the next run's news
                found.append(commit)
                if enough(commit):
                    return found, page is None and commit is listed[-1]
            if page is None:
                return found, bool(found)
        return found, False

    def tree(self, of: read.Repository, revision: str) -> dict[str, File] | None:
        """The files at a revision, or None where they are not shown, or not all."""
        if not REVISION.fullmatch(revision):
            return None
        path = f"{of.kind}/{quote(of.name)}/tree/{revision}?recursive=1"
        found: dict[str, File] = {}
        cursor: str | None = ""
        for _ in range(_TREE_PAGES):
            try:
                reply = self._page(path, "cursor", cursor)
                if reply.status != _OK:
                    return None
                found |= read.tree(reply.json())
                cursor = read.following(reply.headers, "cursor", _CURSOR)
            except (Refused, read.Unreadable):
                return None
            if cursor is None:
                return found
        return None

    def _get(self, path: str, limit: int = 2 << 20) -> Reply:
        return self.http.get(
            f"{self.endpoint}/api/{path}", lane=NAME, token=self.token, limit=limit
        )

    def _page(self, path: str, parameter: str, value: str | None) -> Reply:
        more = f"&{parameter}={quote(value, safe='')}" if value else ""
        return self._get(f"{path}{more}", _LARGE)

    def _resolve(self, kind: str, name: str, query: str = "") -> object:
        """The payload of a thing by name, through at most two redirects to another name."""
        for _ in range(_HOPS + 1):
            try:
                reply = self._get(f"{kind}/{quote(name)}{query}")
            except Refused as refused:
                raise _refusal(refused) from refused
            match reply.status:
                case 200:
                    return reply.json()
                case 404 | 410:
                    raise Missing(
                        f"no such {'collection' if kind == 'collections' else 'repository'}"
                    )
                case 301 | 302 | 307 | 308:
                    name = self._renamed(kind, reply)
                case status:
                    raise NotChecked(f"answered {status}")
        raise NotChecked("too many redirects")

    def _renamed(self, kind: str, reply: Reply) -> str:
        """The name in a redirect of the same kind on the same host; nothing else is followed."""
        location = reply.headers.get("Location", "")[:512]
        base = urlsplit(self.endpoint).path
        for prefix in (f"{self.endpoint}/api/{kind}/", f"{base}/api/{kind}/", f"/api/{kind}/"):
            if location.startswith(prefix):
                name = unquote(location.removeprefix(prefix).partition("?")[0])
                if any(pattern.fullmatch(name) for pattern in _NAMES.get(kind, (REPOSITORY,))):
                    return name
        raise NotChecked("a redirect to somewhere else")


def _refusal(refused: Refused) -> Missing | NotChecked:
    """What a 401, 403 or 451 means: missing or private, or something that says nothing of it."""
    headers = refused.reply.headers
    code, message = headers.get("X-Error-Code", ""), headers.get("X-Error-Message", "")
    if code == "RepoNotFound":
        return Missing("no such repository")
    if code == "GatedRepo":
        return NotChecked("gated: the token has no access")
    # A bad token is refused everywhere in these words; huggingface_hub tells the two apart so.
    if refused.reply.status == _UNAUTHORIZED and not code and "Invalid credentials" not in message:
        return Missing("missing or private: Hugging Face does not say")
    return refused
