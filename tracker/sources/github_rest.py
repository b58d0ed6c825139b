"""GitHub's REST road: addresses from typed parts, one request a fact or two. It decides nothing."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin

from tracker.http import Http, NotChecked, Refused, Reply
from tracker.sources import github_facts as facts
from tracker.sources.github_facts import MANY, Missing, Place, Unreadable
from tracker.sources.github_links import HEAD, NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_OK, _NONE, _UNAUTHORIZED, _LEGAL = 200, (404, 409, 410), 401, 451
_REDIRECTS = (301, 302, 307, 308)
_HOPS = 2
_RESERVE = 2  # requests an hour that are left for others
_USED_UP = "GitHub's 60 requests an hour without a token are used up; set GITHUB_TOKEN"
_FILE = 4 << 20
_LISTED = 1000  # entries of a folder that GitHub lists
_RAW = "application/vnd.github.raw+json"


class Rest:
    """GitHub's REST API as one endpoint and one token see it. It remembers repositories."""

    def __init__(self, http: Http, api: str, token: str | None) -> None:
        self.token = token
        self._http, self._api = http, api
        self._left: int | None = None
        self._repositories: dict[str, facts.Repository | Missing | NotChecked] = {}

    def fetch(self, wants: Iterable[facts.Want[Any]]) -> dict[facts.Want[Any], object]:
        """The fact for each want, or the exception that says why there is none."""
        found: dict[facts.Want[Any], object] = {}
        for want in wants:
            try:
                found[want] = self._fact(want)
            except (Missing, NotChecked) as error:
                found[want] = error
        return found

    def _fact(self, want: facts.Want[Any]) -> object:
        match want:
            case facts.Look():
                repository = self._repository(want.repository)
                return facts.Looked(repository, self._place(repository, want))
            case facts.LookNewest():
                return self._newest(self._repository(want.repository))
            case facts.History():
                return self._log(want)
            case facts.Sha(repository, commit, path, kind):
                return (self._entry(repository, commit, path, kind) or (None,))[0]
            case facts.Dated(repository, commit):
                return _commit(self._json(repository, f"/commits/{commit}")).date
            case facts.ReleaseList():
                return self._releases(want)
            case _:
                return self._readme(want.repository)

    # --- facts -----------------------------------------------------------------------------------

    def _repository(self, name: str) -> facts.Repository:
        key = name.lower()
        if key not in self._repositories:
            try:
                self._repositories[key] = _repository(self._json(name, ""))
            except (Missing, NotChecked) as error:
                self._repositories[key] = error
        known = self._repositories[key]
        if isinstance(known, Exception):
            raise known
        return known

    def _place(self, repository: facts.Repository, want: facts.Look) -> Place | None:
        for ref, path in want.cuts:
            found = self._entry(repository.name, ref, path, want.kind)
            if found:
                plain = want.untagged or ref in (repository.branch, HEAD)
                tag = f"/git/ref/tags/{quote(ref)}"
                fixed = not plain and self._get(repository.name, tag).status == _OK
                return Place(*found, ref, path, fixed)
            if ref == repository.branch:
                break  # git has no branch below another one
        return None

    def _entry(self, repository: str, ref: str, path: str, kind: str) -> tuple[str, Any] | None:
        """The identity of what is at a path, and what it is; None where nothing is."""
        if not path:
            listed = self._commits(repository, sha=ref, per_page=1)
            return (listed[0].tree, "tree") if listed else None
        if kind == "blob":
            try:
                reply = self._contents(repository, ref, path, _FILE)
            except NotChecked as error:
                if not _too_large(error):
                    raise
            else:
                payload = reply.json() if reply.status == _OK else None
                if not isinstance(payload, list):
                    return _entry(payload) if payload is not None else None
        return self._listed(repository, ref, path)

    def _listed(self, repository: str, ref: str, path: str) -> tuple[str, Any] | None:
        """As `_entry`, from the listing of the folder above."""
        above, _, name = path.rpartition("/")
        reply = self._contents(repository, ref, above, _FILE)
        payload = reply.json() if reply.status == _OK else []
        entries = payload if isinstance(payload, list) else []
        for entry in entries:
            if isinstance(entry, dict) and entry.get("name") == name:
                return _entry(entry)
        if len(entries) >= _LISTED:
            raise NotChecked("its folder is too large to be listed")
        return None

    def _contents(self, repository: str, ref: str, path: str, limit: int) -> Reply:
        where = f"/contents/{quote(path)}?{urlencode({'ref': ref}, quote_via=quote)}"
        return self._get(repository, where, limit=limit)

    def _newest(self, repository: facts.Repository) -> facts.Newest:
        name = repository.name
        latest = self._get(name, "/releases/latest")
        if latest.status == _OK:
            release = _release(latest.json())
            return facts.Newest(repository, release)
        tags = tuple(_tag(e) for e in self._list(name, f"/tags?per_page={MANY}"))
        head = None if tags else next(iter(self._commits(name, per_page=1)), None)
        return facts.Newest(repository, None, tags, head)

    def _log(self, want: facts.History) -> facts.Log:
        more: dict[str, object] = {"path": want.path} if want.path else {}
        if want.until:
            more["until"] = f"{want.until:%Y-%m-%dT%H:%M:%SZ}"
        if want.page > 1:
            more["page"] = want.page
        commits = self._commits(want.repository, sha=want.ref, per_page=want.count, **more)
        following = str(want.page + 1) if len(commits) >= want.count else None
        return facts.Log(tuple(commits), following)

    def _commits(self, repository: str, **query: object) -> list[facts.Commit]:
        path = f"/commits?{urlencode(query, quote_via=quote, safe='/')}"
        return [_commit(entry) for entry in self._list(repository, path)]

    def _releases(self, want: facts.ReleaseList) -> facts.Releases:
        page = f"&page={want.page}" if want.page > 1 else ""
        listed = self._list(want.repository, f"/releases?per_page={MANY}{page}")
        done = [
            e for e in listed if isinstance(e, dict) and not (e.get("draft") or e.get("prerelease"))
        ]
        following = str(want.page + 1) if len(listed) >= MANY else None
        return facts.Releases(tuple(_release(entry) for entry in done), following)

    def _readme(self, repository: str) -> str | None:
        try:
            reply = self._get(repository, "/readme", accept=_RAW)
        except NotChecked:
            return None
        return _text(reply) if reply.status == _OK else None

    # --- requests --------------------------------------------------------------------------------

    def _json(self, repository: str, path: str) -> object:
        reply = self._get(repository, path)
        if reply.status in _NONE:
            raise Missing("no such repository, or no right to see it")
        return reply.json()

    def _list(self, repository: str, path: str) -> list[object]:
        reply = self._get(repository, path, limit=_FILE)
        payload = [] if reply.status in _NONE else reply.json()
        if not isinstance(payload, list):
            raise Unreadable
        return payload

    def _get(
        self, repository: str, path: str, *, accept: str = "application/json", limit: int = 2 << 20
    ) -> Reply:
        """A reply, through at most two redirects to the repository's permanent id."""
        base = f"/repos/{quote(repository)}"
        for _ in range(_HOPS + 1):
            reply = self._once(f"{self._api}{base}{path}", accept, limit)
            if reply.status not in _REDIRECTS:
                return reply
            base = f"/repositories/{self._moved(reply)}"
        raise NotChecked("too many redirects")

    def _once(self, url: str, accept: str, limit: int) -> Reply:
        if not self.token and self._left is not None and self._left <= _RESERVE:
            raise NotChecked(_USED_UP)
        try:
            reply = self._http.get(url, lane=NAME, accept=accept, token=self.token, limit=limit)
        except Refused as refused:
            if refused.reply.status == _UNAUTHORIZED and self.token:
                self.token = None  # a token that is no good is no reason not to look
                return self._once(url, accept, limit)
            raise _refusal(refused) from refused
        left = reply.headers.get("x-ratelimit-remaining", "").strip()
        if re.fullmatch(r"[0-9]{1,9}", left):
            self._left = int(left)
        return reply

    def _moved(self, reply: Reply) -> str:
        location = urljoin(reply.url, reply.headers.get("Location", "")[:2048])
        match = re.fullmatch(
            re.escape(self._api) + r"/repositories/([1-9][0-9]{0,18})(?:[/?]\S*)?", location
        )
        if not match:
            raise NotChecked("a redirect to somewhere else")
        return match[1]


# --- payloads ------------------------------------------------------------------------------------


def _repository(payload: object) -> facts.Repository:
    read = _object(payload)
    return facts.repository(
        read.get("id"),
        read.get("full_name"),
        read.get("archived", False),
        read.get("default_branch"),
    )


def _commit(payload: object) -> facts.Commit:
    read = _object(payload)
    told = _object(read.get("commit"))
    date = _object(told.get("committer")).get("date")
    tree = _object(told.get("tree")).get("sha")
    return facts.commit(read.get("sha"), date, told.get("message"), tree)


def _entry(payload: object) -> tuple[str, Any] | None:
    """A file's or folder's identity; a submodule is neither."""
    read = _object(payload)
    bases = {"file": "blob", "symlink": "blob", "dir": "tree"}
    basis = bases.get(str(read.get("type")))
    return (facts.sha(read.get("sha")), basis) if basis else None


def _tag(payload: object) -> facts.Tag:
    read = _object(payload)
    sha = facts.sha(_object(read.get("commit")).get("sha"))
    return facts.Tag(facts.label(read.get("name")), sha, None)


def _release(payload: object) -> facts.Release:
    read = _object(payload)
    return facts.release(read.get("tag_name"), read.get("published_at"), read.get("name"))


def _text(reply: Reply) -> str | None:
    """A README as text: raw, or as a server that knows no raw form wraps it."""
    if not reply.headers.get("content-type", "").startswith("application/json"):
        return reply.body.decode("utf-8", "replace")
    try:
        content = _object(reply.json()).get("content")
        return base64.b64decode(str(content)).decode("utf-8", "replace")
    except (NotChecked, binascii.Error, ValueError):
        return None


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise Unreadable


def _refusal(refused: Refused) -> NotChecked:
    """Why GitHub refuses, in its own two cases that are no lack of rights."""
    if refused.reply.status == _LEGAL or b"access blocked" in refused.reply.body[:2048]:
        return NotChecked("GitHub blocks access to it", refused.reply.status)
    return refused


def _too_large(error: NotChecked) -> bool:
    """Whether a file's contents did not fit: GitHub says 403, the session says too large."""
    told = isinstance(error, Refused) and b"too_large" in error.reply.body[:2048]
    return told or "too large" in str(error)
