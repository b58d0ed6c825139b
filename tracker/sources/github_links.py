"""Which links name what on GitHub, and what a key names. Pure; it asks nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tracker.model import Target, Upstream

if TYPE_CHECKING:
    from collections.abc import Sequence
    from urllib.parse import SplitResult

NAME = "github"
SITE = "https://github.com"
HEAD = "HEAD"  # git's own name for the tip of the default branch
SHA = re.compile(r"[0-9a-f]{40}")
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
# What git lets a branch or tag be called: nothing that could be read as an expression.
REF = re.compile(r"(?!.*(?:\.\.|@\{))[^\x00-\x20\x7f~^:?*\[\\]+")
_KEY = re.compile(rf"{NAME}:(?P<repository>[^/]+/[^/]+)(?:/(?P<kind>blob|tree)/(?P<place>[!-~]+))?")
_PERMANENT = re.compile(rf"{re.escape(SITE)}/([^/]+/[^/]+)/blob/({SHA.pattern})/([!-~]+)")
_SITES = frozenset({"github.com", "www.github.com"})
_RAW = frozenset({"raw.githubusercontent.com"})
_GISTS = frozenset({"gist.github.com", "gist.githubusercontent.com"})

# First words that GitHub keeps for itself: no owner has them.
_RESERVED = frozenset(
    """about account advisories apps blog codespaces collections contact copilot customer-stories
    dashboard discussions enterprise enterprises events explore features gist gists issues join
    login logout marketplace mobile new nonprofit notifications organizations orgs premium-support
    pricing pulls raw readme search security sessions settings signup site solutions sponsors stars
    team topics trending user-attachments users watching""".split()  # noqa: SIM905 - reads best so
)
# Third words: a file or folder at a ref; what is no version of anything. Any other is a tab.
_FILES = {"blob": "blob", "raw": "blob", "blame": "blob", "edit": "blob", "tree": "tree"}
_NOTHING = frozenset(
    "actions assets checks commit compare discussions files issues pull pulls runs suites".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class AtCommit:
    """A file as it was at a commit, by its path there, decoded."""

    repository: str
    commit: str
    path: str


@dataclass(frozen=True)
class Named:
    """What a key names, to ask for: OWNER/NAME, and for a file or folder its kind and the parts
    of REF/PATH, decoded. Where the ref ends is not known."""

    repository: str
    kind: str | None = None
    parts: tuple[str, ...] = ()


def identify(url: SplitResult) -> Target | None:
    """What a split http(s) URL names; None where its host is not GitHub's.

    A target without an upstream is a page, a placeholder, or nothing that has versions.
    """
    host = url.netloc.lower()
    if host in _GISTS:
        return Target(NAME)
    if host not in _SITES | _RAW:
        return None
    parts = url.path.removeprefix("/").removesuffix("/").split("/")
    rest = _decoded(parts[2:])
    repository = "/".join(parts[:2]).removesuffix(".git")
    if rest is None or not REPOSITORY.fullmatch(repository):
        return Target(NAME)
    if host in _RAW:
        return Target(NAME) if parts[0].lower() == "wiki" else _file(repository, "blob", rest)
    if parts[0].lower() in _RESERVED:
        return Target(NAME)
    return _page(repository, rest)


def _page(repository: str, rest: Sequence[str]) -> Target:
    """A page of a repository, by what follows OWNER/NAME."""
    upstream = Upstream(f"{NAME}:{repository.lower()}", repository)
    match rest:
        case ["releases", "tag" | "expanded_assets", *tag] if tag:
            return _release(upstream, "/".join(tag))
        case ["releases", "download", *tag, _] if tag:
            return _release(upstream, "/".join(tag))
        case ["archive", "refs", "tags", *tag] if tag:
            return _release(upstream, re.sub(r"\.(?:zip|tar\.gz)$", "", "/".join(tag)))
        case ["commits", ref]:
            return _file(repository, "tree", [ref])
        case ["commits", *place] if place:
            kind = "blob" if PurePosixPath(place[-1]).suffix else "tree"
            return _file(repository, kind, place)
        case [word, *place] if word in _FILES:
            return _file(repository, _FILES[word], place)
        case [word, *_] if word in _NOTHING:
            return Target(NAME)
    return Target(NAME, upstream)


def _release(upstream: Upstream, tag: str) -> Target:
    if not REF.fullmatch(tag):
        return Target(NAME)
    return Target(NAME, upstream, tag, asked=False)


def _file(repository: str, kind: str, place: Sequence[str]) -> Target:
    """A file or folder at REF/PATH; a commit or a tag pins it."""
    tagged = list(place[:2]) == ["refs", "tags"]
    if tagged or list(place[:2]) == ["refs", "heads"]:
        place = place[2:]
    if len(place) < (2 if kind == "blob" else 1) or not REF.fullmatch(place[0]):
        return Target(NAME)
    rest = spell("/".join(place))
    upstream = Upstream(f"{NAME}:{repository.lower()}/{kind}/{rest}", f"{repository}/{kind}/{rest}")
    pinned = tagged or SHA.fullmatch(place[0].lower())
    return Target(NAME, upstream, place[0] if pinned else None, asked=not pinned)


def named(upstream: Upstream) -> Named | None:
    """What to ask for. Keys may come from a file that somebody edited: matched whole again."""
    match = _KEY.fullmatch(upstream.key)
    if not match or not REPOSITORY.fullmatch(match["repository"]):
        return None
    spelled = "/".join(upstream.name.split("/")[:2])
    if not REPOSITORY.fullmatch(spelled) or spelled.lower() != match["repository"]:
        spelled = match["repository"]
    if match["place"] is None:
        return Named(spelled)
    parts = _decoded(match["place"].split("/"))
    if not parts or not REF.fullmatch(parts[0]):
        return None
    return Named(spelled, match["kind"], tuple(parts))


def at_commit(url: str) -> AtCommit | None:
    """The file that a version's permanent address names; None where it names none. Addresses may
    come from a file that somebody edited: matched whole again."""
    match = _PERMANENT.fullmatch(url)
    if not match or not REPOSITORY.fullmatch(match[1]):
        return None
    parts = _decoded(match[3].split("/"))
    return AtCommit(match[1], match[2], "/".join(parts)) if parts else None


def spell(path: str) -> str:
    """A ref, a path or a tag as it stands in an address and in a key: ASCII, encoded once."""
    return quote(path, safe="/+@,=:;!$&")


def _decoded(parts: Sequence[str]) -> list[str] | None:
    """Percent-decoded once; None where a part is none, or climbs, or hides a slash."""
    try:
        decoded = [unquote(part, errors="strict") for part in parts]
    except UnicodeDecodeError:
        return None
    bad = any(p in ("", ".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", p) for p in decoded)
    return None if bad else decoded
