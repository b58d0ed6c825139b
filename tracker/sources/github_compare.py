"""GitHub: what differs between two versions of a file, a PDF or one in Markdown.

Files are fetched from where GitHub serves them as they are, two a pair, and kept nowhere.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tracker.config import Endpoints
from tracker.difference import Difference, Pair
from tracker.http import Http, NotChecked, Refused
from tracker.papers import apart
from tracker.papers.document import Unreadable
from tracker.sources.files import NoFile, fetch
from tracker.sources.github_links import AtCommit, at_commit, spell
from tracker.sources.named import new_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LANE = "github:raw"  # its end is not the end of the API
_AT_ONCE = 2  # pairs: each holds two files
_FORMATS: dict[str, apart.Format] = {
    ".pdf": "pdf",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
}
_LIMITS: dict[apart.Format, int] = {"pdf": 64 << 20, "markdown": 1 << 20}  # bytes
_POINTER = b"version https://git-lfs"


def compare(
    pairs: Sequence[Pair], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Difference]]:
    """What differs between two versions of files: (key, difference) as they come. Nothing for
    repositories, folders and files of another format, nor where no old version is known."""
    wanted = [(pair, form) for pair in pairs if (form := _format(pair))]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = {
            pool.submit(_difference, pair, form, http, endpoints): pair.upstream.key
            for pair, form in wanted
        }
        for done in as_completed(running):
            yield running[done], done.result()


def _format(pair: Pair) -> apart.Format | None:
    """What both files are, where there are two to compare."""
    if pair.basis != "blob" or not pair.old.url:
        return None
    old, new = at_commit(pair.old.url), at_commit(pair.new.url)
    if old and new and old.commit == new.commit:
        return None
    return _FORMATS.get(PurePosixPath(pair.upstream.key).suffix.lower())


def _difference(pair: Pair, form: apart.Format, http: Http, endpoints: Endpoints) -> Difference:
    try:
        old, new = _files(pair, form, http, endpoints)
        document = apart.compare(form, old, new)
    except (NotChecked, Unreadable) as error:
        return Difference(reason=str(error))
    except OSError:  # the system starts no process now
        return Difference(reason="the process that reads it could not be started")
    return Difference(document=document, format=form, names=_names(form, old, new))


def _names(form: apart.Format, old: bytes, new: bytes) -> tuple[str, ...]:
    """The upstreams that only the new text names."""
    return new_names(old, new) if form == "markdown" else ()


def _files(pair: Pair, form: apart.Format, http: Http, endpoints: Endpoints) -> tuple[bytes, bytes]:
    """Both files. Raises NotChecked, saying which of them could not be had."""
    old, new = _place("old", pair.old.url), _place("new", pair.new.url)

    def file(which: str, place: AtCommit) -> bytes:
        # The old address may hold a name that the repository had: it is asked for by the new one.
        where = f"{new.repository}/{place.commit}/{spell(place.path)}"
        try:
            return _fetched(http, endpoints, f"{endpoints.github_raw}/{where}", _LIMITS[form])
        except NotChecked as error:
            raise NotChecked(f"the {which} version: {error}", error.status) from error

    return file("old", old), file("new", new)


def _place(which: str, url: str) -> AtCommit:
    place = at_commit(url)
    if place is None:
        raise NotChecked(f"the {which} version: its address names no file at a commit")
    return place


def _fetched(http: Http, endpoints: Endpoints, url: str, limit: int) -> bytes:
    token = endpoints.github_token if _one_server(endpoints) else None
    try:
        body = fetch(http, url, lane=_LANE, token=token, limit=limit)
    except (NoFile, Refused):
        if not token:
            raise
        # A token that is no good gets a 404, and is no reason not to look.
        body = fetch(http, url, lane=_LANE, limit=limit)
    if body.startswith(_POINTER):
        raise NotChecked("kept in Git LFS, which is not fetched")
    return body


def _one_server(endpoints: Endpoints) -> bool:
    """Whether the files are where the token is for: an enterprise server's is not for GitHub."""
    api, raw = endpoints.github_api, endpoints.github_raw
    return (api == Endpoints.github_api) == (raw == Endpoints.github_raw)
