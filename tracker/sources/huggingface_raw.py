"""Files of models and datasets as they were at a revision. It decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from tracker.http import Http, NotChecked
from tracker.sources.files import Elsewhere, fetch
from tracker.sources.huggingface_links import NAME, REPOSITORY, REVISION

if TYPE_CHECKING:
    from tracker.difference import Pair
    from tracker.model import Version

_LIMIT = 1 << 20  # bytes
_POINTER = b"version https://git-lfs"
_PREFIXES = {"models": "", "datasets": "datasets/"}


def kind_of(pair: Pair) -> str | None:
    """`models` or `datasets`; None for what has no files that tell anything."""
    kind = pair.upstream.key.removeprefix(f"{NAME}:").partition("/")[0]
    return kind if kind in _PREFIXES and pair.basis == "revision" else None


@dataclass(frozen=True)
class Raw:
    """The files of the Hub as one endpoint and one token see them."""

    http: Http
    endpoint: str
    token: str | None = field(default=None, repr=False)

    def both(self, pair: Pair, path: str) -> tuple[bytes, bytes]:
        """A small file at the old and at the new revision. Raises NotChecked, for what is no name
        or no revision too: both may come from a file that somebody edited."""
        return self._file(pair, pair.old, path), self._file(pair, pair.new, path)

    def _file(self, pair: Pair, version: Version, path: str) -> bytes:
        kind, revision = kind_of(pair), version.name or ""
        if kind is None or not (REPOSITORY.fullmatch(pair.title) and REVISION.fullmatch(revision)):
            raise NotChecked("no address is known to ask at")
        prefix, tail = _PREFIXES[kind], f"/raw/{revision}/{quote(path, safe='')}"
        try:
            return self._fetched(f"{prefix}{quote(pair.title)}{tail}")
        except Elsewhere as elsewhere:
            renamed = self._renamed(elsewhere.location, prefix, tail)
            if renamed is None:
                raise
            return self._fetched(f"{prefix}{quote(renamed)}{tail}")

    def _fetched(self, place: str) -> bytes:
        url = f"{self.endpoint}/{place}"
        body = fetch(self.http, url, lane=NAME, token=self.token, limit=_LIMIT)
        if body.startswith(_POINTER):
            raise NotChecked("kept in Git LFS, which is not fetched")
        return body

    def _renamed(self, location: str, prefix: str, tail: str) -> str | None:
        """The other name of a repository in a redirect to the same file of the same revision on
        the same host; nothing else is followed, and the address itself never."""
        location = location.partition("?")[0]
        if not location.endswith(tail):
            return None
        for start in (self.endpoint, urlsplit(self.endpoint).path, ""):
            if location.startswith(f"{start}/{prefix}"):
                name = unquote(location.removeprefix(f"{start}/{prefix}").removesuffix(tail))
                if REPOSITORY.fullmatch(name):
                    return name
        return None
