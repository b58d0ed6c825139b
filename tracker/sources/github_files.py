"""From GitHub's facts to answers about files and folders, deleted ones too. It asks nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tracker.http import NotChecked
from tracker.model import Found, Question, Snapshot, Version
from tracker.sources.github_answers import Steps, back_to, known, moved, one, papers
from tracker.sources.github_facts import (
    Commit,
    History,
    Log,
    Look,
    Missing,
    Place,
    Readme,
    Repository,
    Sha,
    Want,
)
from tracker.sources.github_links import HEAD, REF, SITE, Named, spell
from tracker.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

_CUTS = 3
_USUAL = ("main", "master")  # default branches that get renamed; GitHub redirects their links


@dataclass(frozen=True)
class _Asked:
    """A file or folder that is asked about, in a repository that answered, and the logs that came
    with that answer, by ref and path."""

    question: Question
    named: Named
    repository: Repository
    logs: Mapping[tuple[str, str], Log]

    @property
    def seen(self) -> Snapshot | None:
        return self.question.seen

    def log(self, ref: str, path: str) -> Steps[Log]:
        """The newest page of the commits that touched a path."""
        if (ref, path) in self.logs:
            return self.logs[ref, path]
        return (yield from one(History(self.repository.name, ref, path)))

    @property
    def rest(self) -> str:
        """What follows OWNER/NAME in the key."""
        return f"/{self.named.kind}/{spell('/'.join(self.named.parts))}"

    def version(self, name: str | None, basis: str, commit: Commit, path: str) -> Version:
        """The file or folder as a commit left it."""
        url = f"{SITE}/{self.repository.name}/{basis}/{commit.sha}"
        return Version(name, commit.date, f"{url}/{spell(path)}".rstrip("/"), commit.note)

    def snapshot(self, place: Place, version: Version, *, gone: bool = False) -> Snapshot:
        """What it looks like now."""
        name = self.repository.name.partition("/")[2]
        title = clean(place.path.rpartition("/")[2])
        if place.basis == "tree":
            title = clean(f"{name}/{place.path}".rstrip("/"))
        return Snapshot(
            version=place.sha or None,
            released=version.released,
            url=version.url,
            title=title,
            basis=place.basis,
            identity=self.repository.identity,
            archived=self.repository.archived,
            moved_to=moved(self.repository, self.named.repository, self.rest),
            gone=gone,
            ref=place.ref,
            fixed=place.fixed,
        )

    def refreshed(self, seen: Snapshot) -> Snapshot:
        """What was seen, with the repository as it is now."""
        return replace(
            seen,
            identity=self.repository.identity,
            archived=self.repository.archived,
            moved_to=moved(self.repository, self.named.repository, self.rest),
        )


def of_file(question: Question, named: Named) -> Steps[Found]:
    """A file or folder at a ref: its blob or tree, and the commits that changed it.

    At first sight these are wanted whatever is there, so they are asked for at once.
    """
    seen = question.seen
    if seen and seen.fixed:  # what a tag holds does not change
        return Found(seen, (Version(seen.version, seen.released, seen.url),), whole=True)
    cuts = _cuts(named, seen)
    look = Look(named.repository, named.kind or "blob", cuts, untagged=bool(seen and seen.ref))
    first = () if seen else cuts[:1]
    looked, *logs = yield (look, *(History(named.repository, *cut) for cut in first))
    asked = _Asked(question, named, looked.repository, dict(zip(first, logs, strict=True)))
    known(looked.repository, seen)
    place = looked.place
    if place is None:
        gone = yield from _gone(asked, cuts)
        if gone:
            return gone
        place = yield from _at_head(asked)
    return (yield from _there(asked, place))


def _cuts(named: Named, seen: Snapshot | None) -> tuple[tuple[str, str], ...]:
    """The ways to cut REF/PATH: the one that was right before, else shortest ref first."""
    parts = named.parts
    if seen and seen.ref:
        length = len(seen.ref.split("/"))
        if "/".join(parts[:length]) == seen.ref:
            return ((seen.ref, "/".join(parts[length:])),)
        if seen.ref == HEAD:
            return ((HEAD, "/".join(parts[1:])),)
    longest = len(parts) if named.kind == "tree" else len(parts) - 1
    cuts = (("/".join(parts[:n]), "/".join(parts[n:])) for n in range(1, min(_CUTS, longest) + 1))
    return tuple(cut for cut in cuts if REF.fullmatch(cut[0]))


def _at_head(asked: _Asked) -> Steps[Place]:
    """Where it is in the default branch, if the link names one that was renamed."""
    ref, *path = asked.named.parts
    if ref in _USUAL and asked.repository.branch in set(_USUAL) - {ref}:
        cuts = ((HEAD, "/".join(path)),)
        looked = yield from one(
            Look(asked.repository.name, asked.named.kind or "blob", cuts, untagged=True)
        )
        if looked.place:
            return looked.place
    raise Missing("no such file" if asked.named.kind == "blob" else "no such folder")


# --- there -----------------------------------------------------------------------------------------


def _there(asked: _Asked, place: Place) -> Steps[Found]:
    seen, since = asked.question.seen, asked.question.since
    late = since is not None and not (seen and seen.released and seen.released <= since)
    if seen and not seen.gone and seen.version == place.sha and not late:
        same = replace(asked.refreshed(seen), ref=place.ref, fixed=place.fixed)
        return Found(same, (Version(seen.version, seen.released, seen.url),))
    want = History(asked.repository.name, place.ref, place.path)
    readme: list[str | None] = []
    if seen and seen.version != place.sha:
        log, *readme = yield want, Readme(asked.repository.name)
    else:
        log = yield from asked.log(place.ref, place.path)
    if not log.commits:  # nobody says when: a submodule, a history that was cut off
        url = f"{SITE}/{asked.repository.name}/{place.basis}/{spell(f'{place.ref}/{place.path}')}"
        nameless = Version(place.sha, None, url.rstrip("/"))
        return Found(asked.snapshot(place, nameless), (nameless,))
    newest = asked.version(place.sha, place.basis, log.commits[0], place.path)
    snapshot = asked.snapshot(place, newest)
    if place.fixed:
        return Found(snapshot, (newest,), whole=True)
    if since is None or log.commits[0].date <= since:
        whole = len(log.commits) == 1 and log.more is None
        versions = (newest, *_since_seen(asked, place, log))
        return Found(snapshot, versions, whole, papers=papers(*readme or [None]))
    log = yield from back_to(since, want, log)
    history, whole, text = yield from _history(asked, place, log, since, tuple(readme))
    return Found(snapshot, (newest, *history[1:]), whole, papers=papers(text))


def _since_seen(asked: _Asked, place: Place, log: Log) -> tuple[Version, ...]:
    """The versions before the newest back to the one that was seen, as far as the log tells; only
    that one has a name."""
    seen = asked.seen
    if seen is None or seen.gone or seen.released is None:
        return ()
    stood = seen.released
    between = (commit for commit in log.commits[1:] if commit.date > stood)
    versions = [asked.version(None, place.basis, commit, place.path) for commit in between]
    if any(commit.date <= stood for commit in log.commits):
        versions.append(Version(seen.version, stood, seen.url))
    return tuple(versions)


def _history(
    asked: _Asked, place: Place, log: Log, since: datetime, readme: tuple[str | None, ...]
) -> Steps[tuple[list[Version], bool, str | None]]:
    """The versions from the newest to the one at `since`, which alone is named besides; whether
    that is the first ever; the README."""
    commits, ended = log.commits, log.more is None
    until = next((i for i, commit in enumerate(commits) if commit.date <= since), None)
    base = len(commits) - 1 if until is None and ended else until
    wants: list[Want[Any]] = [] if readme else [Readme(asked.repository.name)]
    if base and place.path:
        wants.append(Sha(asked.repository.name, commits[base].sha, place.path, place.basis))
    facts = (yield tuple(wants)) if wants else ()
    names = {base: facts[-1] if place.path else commits[base].tree} if base else {}
    versions = [
        asked.version(names.get(i), place.basis, commit, place.path)
        for i, commit in enumerate(commits[: None if base is None else base + 1])
    ]
    whole = ended and len(versions) == len(commits)
    return versions, whole, readme[0] if readme else facts[0]


# --- gone ------------------------------------------------------------------------------------------


def _gone(asked: _Asked, cuts: tuple[tuple[str, str], ...]) -> Steps[Found | None]:
    """What is not there but was: the deleting commit proves it. None where nothing does."""
    seen = asked.seen
    if seen and seen.gone:
        return Found(asked.refreshed(seen), (Version(None, seen.released, seen.url),))
    for ref, path in cuts:
        if not path:
            break
        log = yield from asked.log(ref, path)
        if log.commits:
            return (yield from _deleted(asked, ref, path, log))
        if ref == asked.repository.branch:
            break  # git has no branch below another one
    return None


def _deleted(asked: _Asked, ref: str, path: str, log: Log) -> Steps[Found | None]:
    seen, repository = asked.seen, asked.repository
    kind: Literal["blob", "tree"] = "tree" if asked.named.kind == "tree" else "blob"
    deleting, *before = log.commits
    if not before and seen is None:
        return None  # never a file here, as far as anybody can tell: a submodule, say
    shas = [Sha(repository.name, commit.sha, path, kind) for commit in (deleting, *before[:1])]
    readme, left, *copies = yield (Readme(repository.name), *shas)
    if left is not None:  # the proof: the newest commit must have taken it away
        raise NotChecked("GitHub answers that it is gone, and that it is there")
    last = copies[0] if copies else None
    if last is None and seen is None:
        return None
    url = f"{SITE}/{repository.name}/commit/{deleting.sha}"
    history = [Version(None, deleting.date, url, deleting.note)]
    if before:
        history.append(asked.version(last, kind, before[0], path))
    version = (seen.version if seen else None) or last or ""
    place = Place(version, kind, ref, path)
    snapshot = asked.snapshot(place, history[0], gone=True)
    whole = len(before) == 1 and log.more is None
    return Found(snapshot, tuple(history), whole, papers=papers(readme))
