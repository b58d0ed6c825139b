"""GitHub's REST road: addresses from typed parts, one request a fact or two. It decides nothing."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin

from tracker.http import Http, NotChecked, Refused, Reply
from tracker.sources import github_facts as facts
from tracker.sources import github_read as read
from tracker.sources.github_facts import MANY, Missing, Place, Unreadable
from tracker.sources.github_links import HEAD, NAME

if TYPE_CHECKING:
    from typing import Any

_OK, _NONE, _UNAUTHORIZED = 200, (404, 409, 410), 401
_REDIRECTS = (301, 302, 307, 308)
_HOPS = 2
_RESERVE = 2  # requests an hour that are left for others
_USED_UP = "GitHub's 60 requests an hour without a token are used up; set GITHUB_TOKEN"
_FILE = 4 << 20
_LISTED = 1000  # entries of a folder that GitHub lists
_RAW = "application/vnd.github.raw+json"


class Rest:
    """GitHub's REST API as one endpoint and one token see it. It asks for nothing twice."""

    def __init__(self, http: Http, api: str, token: str | None) -> None:
        self.token = token
        self._http, self._api = http, api
        self._left: int | None = None
        self._facts: dict[facts.Want[Any], object] = {}
        self._repositories: dict[str, facts.Repository | Missing | NotChecked] = {}

    def fact(self, want: facts.Want[Any]) -> object:
        """The fact for a want, or the exception that says why there is none."""
        if want not in self._facts:
            try:
                self._facts[want] = self._fact(want)
            except (Missing, NotChecked) as error:
                self._facts[want] = error
        return self._facts[want]

    def _fact(self, want: facts.Want[Any]) -> object:
        match want:
            case facts.Look():
                repository = self._repository(want.repository)
                return facts.Looked(repository, self._place(repository, want))
            case facts.LookNewest():
                return self._newest(self._repository(want.repository))
            case facts.History():
                return self._log(self._repository(want.repository), want)
            case facts.Sha(repository, commit, path, kind):
                return (self._entry(repository, commit, path, kind) or (None,))[0]
            case facts.Dated(repository, commit):
                return read.commit(self._get(repository, f"/commits/{commit}").json()).date
            case facts.ReleaseList():
                return self._releases(want)
            case _:
                return self._readme(want.repository)

    # --- facts -----------------------------------------------------------------------------------

    def _repository(self, name: str) -> facts.Repository:
        key = name.lower()
        if key not in self._repositories:
            try:
                self._repositories[key] = self._read(name)
            except (Missing, NotChecked) as error:
                self._repositories[key] = error
        known = self._repositories[key]
        if isinstance(known, Exception):
            raise known
        return known

    def _read(self, name: str) -> facts.Repository:
        reply = self._get(name, "")
        if reply.status in _NONE:
            raise Missing("no such repository, or no right to see it")
        return read.repository(reply.json())

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

    def _entry(
        self, repository: str, ref: str, path: str, kind: str
    ) -> tuple[str, read.Basis] | None:
        """The identity of what is at a path, and what it is; None where nothing is."""
        if not path:
            listed = self._commits(repository, sha=ref, per_page=1)
            return (listed[0].tree, "tree") if listed else None
        if kind == "blob":
            try:
                reply = self._contents(repository, ref, path)
            except read.TooLarge:
                return self._listed(repository, ref, path)
            if reply.status != _OK:
                return None
            payload = reply.json()
            if not isinstance(payload, list):
                return read.entry(payload)
        return self._listed(repository, ref, path)

    def _listed(self, repository: str, ref: str, path: str) -> tuple[str, read.Basis] | None:
        """As `_entry`, from the listing of the folder above."""
        above, _, name = path.rpartition("/")
        reply = self._contents(repository, ref, above)
        entries = read.folder(reply.json()) if reply.status == _OK else {}
        if name in entries:
            return read.entry(entries[name])
        if len(entries) >= _LISTED:
            raise NotChecked("its folder is too large to be listed")
        return None

    def _contents(self, repository: str, ref: str, path: str) -> Reply:
        where = f"/contents/{quote(path)}?{urlencode({'ref': ref}, quote_via=quote)}"
        return self._get(repository, where, limit=_FILE)

    def _newest(self, repository: facts.Repository) -> facts.Newest:
        name = repository.name
        latest = self._get(name, "/releases/latest")
        if latest.status == _OK:
            return facts.Newest(repository, read.release(latest.json()))
        tags = tuple(read.tag(e) for e in self._list(name, f"/tags?per_page={MANY}"))
        head = None if tags else next(iter(self._commits(name, per_page=1)), None)
        return facts.Newest(repository, None, tags, head)

    def _log(self, repository: facts.Repository, want: facts.History) -> facts.Log:
        more: dict[str, object] = {"path": want.path} if want.path else {}
        if want.until:
            more["until"] = f"{want.until:%Y-%m-%dT%H:%M:%SZ}"
        if want.page > 1:
            more["page"] = want.page
        commits = self._commits(repository.name, sha=want.ref, per_page=want.count, **more)
        following = str(want.page + 1) if len(commits) >= want.count else None
        return facts.Log(tuple(commits), following)

    def _commits(self, repository: str, **query: object) -> list[facts.Commit]:
        path = f"/commits?{urlencode(query, quote_via=quote, safe='/')}"
        return [read.commit(entry) for entry in self._list(repository, path)]

    def _releases(self, want: facts.ReleaseList) -> facts.Releases:
        page = f"&page={want.page}" if want.page > 1 else ""
        listed = self._list(want.repository, f"/releases?per_page={MANY}{page}")
        following = str(want.page + 1) if len(listed) >= MANY else None
        return facts.Releases(read.releases(listed), following)

    def _readme(self, repository: str) -> str | None:
        try:
            reply = self._get(repository, "/readme", accept=_RAW)
        except NotChecked:
            return None
        return read.text(reply) if reply.status == _OK else None

    # --- requests --------------------------------------------------------------------------------

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
            self._count(refused.reply)
            raise read.refusal(refused) from refused
        except NotChecked as error:
            if error.status == _OK:
                raise read.TooLarge(str(error), _OK) from error
            raise
        self._count(reply)
        return reply

    def _count(self, reply: Reply) -> None:
        """Remember how many requests the hour still has; refusals count too."""
        left = reply.headers.get("x-ratelimit-remaining", "").strip()
        if re.fullmatch(r"[0-9]{1,9}", left):
            self._left = int(left)

    def _moved(self, reply: Reply) -> str:
        location = ""
        with suppress(ValueError):  # brackets that hold no address
            location = urljoin(reply.url, reply.headers.get("Location", "")[:2048])
        match = re.fullmatch(
            re.escape(self._api) + r"/repositories/([1-9][0-9]{0,18})(?:[/?]\S*)?", location
        )
        if not match:
            raise NotChecked("a redirect to somewhere else")
        return match[1]
