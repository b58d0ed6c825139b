"""Feeds and pages of a ledger and the posts, and whether those that stand are still theirs.

It writes nothing. Making them is the dearest part of a run that found nothing, so that the ledger
keeps marks of what was made, and of what.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from tracker import __version__, details, post, templating, writing
from tracker.difference import Difference
from tracker.model import Change, Ledger
from tracker.post import Post
from tracker.project import Project
from tracker.sources import identify

_BELOW = ("", "/changes", "/reports")
_FILE = re.compile(r"(?:changes/|reports/)?[A-Za-z0-9_][A-Za-z0-9._-]*\.(?:xml|json|html)")


def stand(project: Project, ledger: Ledger, posts: Iterable[Post]) -> bool:
    """Whether the published files are those that were made of this very ledger and these posts,
    with these settings and templates."""
    base = _base(project, posts)
    published = any(site.url for site in project.sites)
    if published is not bool(ledger.published) or not all(
        _is_published(project, name) for name in ledger.published
    ):
        return False
    return all(_stands(project, name, mark, base) for name, mark in ledger.published.items())


def _stands(project: Project, name: str, mark: str, base: bytes) -> bool:
    """Whether a published file is still the one that was made. An archive never is made of anything
    else again."""
    try:
        content = (project.root / name).read_bytes()
    except OSError:
        return False
    return _mark(b"" if _is_archive(name) else base, content) == mark


def _is_published(project: Project, name: str) -> bool:
    """Whether a name in the ledger is one of a file in a site's folder of feeds: none other is
    opened for it."""
    folders = (f"{site.feeds}/" for site in project.sites)
    return any(name.startswith(f) and _FILE.fullmatch(name.removeprefix(f)) for f in folders)


def folders(project: Project) -> tuple[str, ...]:
    """The folders in which published files are."""
    return tuple(f"{site.feeds}{below}" for site in project.sites for below in _BELOW)


def derive(
    project: Project,
    before: Ledger,
    ledger: Ledger,
    posts: Iterable[Post],
    edited: Mapping[str, bytes],
    now: datetime,
    differences: Mapping[str, Difference] | None = None,
) -> tuple[Ledger, dict[str, bytes]]:
    """Feeds and pages of a ledger and the posts as they will be, and the ledger with their marks.
    The first feeds fix the prefix of all ids for ever. before: the ledger that the files that stand
    were made of. differences: by the ids of changes, those that are in no file yet."""
    sites = [site for site in project.sites if site.url]
    if not sites:
        return replace(ledger, published={}), {}
    from tracker import publish  # noqa: PLC0415 - slow, and most runs find nothing

    host = urlsplit(sites[0].url or "").hostname or ""
    prefix = ledger.feed_prefix or f"tag:{host},{now.year}:"
    ledger = replace(ledger, feed_prefix=prefix)
    ours = writing.lines_of(ledger.stubs)
    whole = _whole(project, differences or {})
    after = {
        p.path: post.parse(p.path, edited[p.path], identify, ours) if p.path in edited else p
        for p in posts
    }
    fresh = _ids(ledger) - _ids(before)
    base = _base(project, after.values())
    made_before = {n: m for n, m in before.published.items() if _is_published(project, n)}
    standing = {n: m for n, m in made_before.items() if _stands(project, n, m, base)}
    kept = {name: mark for name, mark in standing.items() if _is_archive(name)}
    files: dict[str, bytes] = {}
    for site in sites:
        archived = _below(site.feeds, kept)
        missing = _below(site.feeds, made_before.keys() - standing.keys())
        paths = {record.post for record in ledger.reports.values()} | after.keys()
        mine = {path for path in paths if site in project.sites_of(path)}
        held = {path: p for path, p in after.items() if path in mine}
        made = publish.build(
            site, publish.share(ledger, mine), held, whole, fresh, missing, archived
        )
        files |= {f"{site.feeds}/{name}": content for name, content in made.items()}
    marks = {
        name: _mark(b"" if _is_archive(name) else base, content) for name, content in files.items()
    }
    return replace(ledger, published=kept | marks), files


def _is_archive(name: str) -> bool:
    """Whether a published file is never made of anything else again."""
    return bool(re.fullmatch(r"(?:.*/)?archive-\d+\.xml", name))


def _below(folder: str, names: Iterable[str]) -> set[str]:
    """The names of what is in a folder, as seen from there."""
    return {n.removeprefix(f"{folder}/") for n in names if n.startswith(f"{folder}/")}


def _ids(ledger: Ledger) -> set[str]:
    return {change.id for change in ledger.changes} | {notes.id for notes in ledger.notes}


def _whole(
    project: Project, fresh: Mapping[str, Difference]
) -> Callable[[Change], Difference | None]:
    """What differs in a change: what this run found, else what is in the change's file."""

    def whole(change: Change) -> Difference | None:
        if change.id in fresh or not change.whole:
            return fresh.get(change.id)
        name = details.path_of(project.state, change.id)
        return details.load(project.root / name, name)

    return whole


def _base(project: Project, posts: Iterable[Post]) -> bytes:
    """What stands for all that files are made of but the ledger."""
    # Where the folder is changes nothing.
    sites = [replace(site, templates=Path()) for site in project.sites]
    said = hashlib.sha256(f"{__version__} {sites}".encode())
    templates = (templating.shipped(), *dict.fromkeys(site.templates for site in project.sites))
    files = (file for folder in templates for file in sorted(folder.glob("*")) if file.is_file())
    for template in files:
        said.update(f"{template.name}\0".encode() + template.read_bytes())
    for read in sorted(posts, key=lambda p: p.path):
        said.update(f"{read.path}\0".encode() + read.source)
    return said.digest()


def _mark(base: bytes, content: bytes) -> str:
    return hashlib.sha256(base + content).hexdigest()[:16]
