"""arXiv: what differs between two versions of a paper.

One request to the query API tells what all versions are called, who wrote them and their abstracts.
Then the texts, two files a paper: arXiv's HTML of both versions, else both PDFs, never one of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tracker.difference import Difference, Pair
from tracker.http import NotChecked
from tracker.papers import apart
from tracker.papers.document import Paper as Text
from tracker.papers.document import Unreadable
from tracker.papers.revision import Differences
from tracker.papers.words import plain
from tracker.sources.arxiv_links import NAME, paper
from tracker.sources.arxiv_paper import Paper, number_of
from tracker.sources.arxiv_query import query_api
from tracker.sources.files import NoFile, fetch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http

_LANE = f"{NAME}:files"  # at the pace of the others: a refusal of files must not close those
_VERSION = re.compile("v[1-9][0-9]{0,3}")
_REFUSED = 400
_ABSTRACT, _AUTHORS = 10_000, 5_000  # characters and names, more than arXiv takes


def compare(
    pairs: Sequence[Pair], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Difference]]:
    """What differs between two versions of papers: (key, difference) as they come. Nothing for what
    is no pair of versions. Nothing is raised."""
    wanted = [one for pair in pairs if (one := _wanted(pair))]
    if not wanted:
        return
    ids = [name for one in wanted for name in (f"{one.id}{one.old}", f"{one.id}{one.new}")]
    told = query_api(list(dict.fromkeys(ids)), http, endpoints).entries
    for one in wanted:
        entries = [told.get((one.id, number_of(version))) for version in (one.old, one.new)]
        yield f"{NAME}:{one.id}", _Asked(one, _Told(*entries), http, endpoints).difference()


@dataclass(frozen=True)
class _Versions:
    """Two versions of a paper, by its canonical id."""

    id: str
    old: str
    new: str


def _wanted(pair: Pair) -> _Versions | None:
    name = pair.upstream.key.partition(":")[2]
    old, new = pair.old.name or "", pair.new.name or ""
    versions = _VERSION.fullmatch(old) and _VERSION.fullmatch(new) and old != new
    if pair.basis != "version" or not versions or paper(name) != (name, None):
        return None
    return _Versions(name, old, new)


@dataclass(frozen=True)
class _Told:
    """What the metadata say of both versions, as far as they were had."""

    old: Paper | None
    new: Paper | None

    @property
    def comment(self) -> tuple[str, str] | None:
        """The authors' comment on each, where it differs."""
        if not self.old or not self.new or self.old.comment == self.new.comment:
            return None
        return self.old.comment or "", self.new.comment or ""

    @property
    def about(self) -> tuple[apart.About, apart.About] | None:
        """What is better known than from the texts."""
        return (_about(self.old), _about(self.new)) if self.old and self.new else None

    def document(self) -> Differences | None:
        """What differs by the metadata alone; None where nothing does. An abstract that is all but
        gone tells nothing of the text."""
        from tracker.papers.differences import compare as differences  # noqa: PLC0415 - slow

        if not self.about:
            return None
        old, new = (Text(one.title, one.authors, one.abstract) for one in self.about)
        found = differences(old, new)
        return None if found.empty or found.shrank else found

    def withdrawn(self, version: Literal["old", "new"]) -> bool:
        """Whether its authors say that this version takes the paper back."""
        one = self.old if version == "old" else self.new
        return bool(one and one.says_withdrawn)


def _about(one: Paper) -> apart.About:
    names = tuple(plain(name) for name in one.authors[:_AUTHORS])
    return apart.About(plain(one.title), names, plain((one.abstract or "")[:_ABSTRACT]))


@dataclass(frozen=True)
class _Asked:
    """A paper whose files are asked for."""

    versions: _Versions
    told: _Told
    http: Http
    endpoints: Endpoints

    def difference(self) -> Difference:
        """All that can be told, and why not more."""
        form: Literal["html", "pdf"]
        try:
            form, found = self._by_text()
        except (NotChecked, Unreadable) as error:
            document = self.told.document()
            return Difference(document, comment=self.told.comment, reason=str(error))
        return Difference(found, form, self.told.comment)

    def _by_text(self) -> tuple[Literal["html", "pdf"], Differences]:
        """Raises NotChecked or Unreadable, saying why there is nothing to compare."""
        try:
            old, new = self._files("html")
            return "html", apart.compare("html", old, new, self.told.about)
        except Unreadable:
            pass
        except NotChecked as error:
            if not _unfit(error):
                raise
        old, new = self._files("pdf")
        try:
            return "pdf", apart.compare("pdf", old, new, self.told.about)
        except apart.OneUnreadable as error:
            version = getattr(self.versions, error.which)
            raise Unreadable(f"{version}: {error}") from error

    def _files(self, form: Literal["html", "pdf"]) -> tuple[bytes, bytes]:
        """The old file and the new one, which is asked for first: it is the likelier to be there."""
        new = self._file(form, "new")
        return self._file(form, "old"), new

    def _file(self, form: Literal["html", "pdf"], which: Literal["old", "new"]) -> bytes:
        version = getattr(self.versions, which)
        url = f"{self.endpoints.arxiv}/{form}/{self.versions.id}{version}"
        try:
            return fetch(self.http, url, lane=_LANE)
        except NoFile as error:
            reason = f"arXiv has no {form.upper()} of {version}"
            if self.told.withdrawn(which):
                reason = f"{version} was withdrawn and has no files"
            raise NoFile(reason, error.status) from error
        except NotChecked as error:
            reason = f"the {form.upper()} of {version}: {error}" if _unfit(error) else str(error)
            raise NotChecked(reason, error.status) from error


def _unfit(error: NotChecked) -> bool:
    """Whether there is an answer, and it is no file: none there, too large, or elsewhere."""
    return isinstance(error, NoFile) or (error.status is not None and error.status < _REFUSED)
