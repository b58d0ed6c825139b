"""A folder with one ledger, its sites, and which post is whose. It reads no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from fnmatch import fnmatchcase
from pathlib import Path

DEFAULT_POSTS = ("_posts/**/*.md", "posts/**/*.md", "README.md")


@dataclass(frozen=True)
class Site:
    """A set of posts and where it is published, as the settings, the generator's own configuration
    and the checkout say together.

    `posts` are globs, relative to the project's root like `feeds`, with forward slashes; `url` ends
    in a slash, or is None where nobody names it: then there are no feeds. `mark` tells the ids of
    its feeds from those of other sites. `templates` is the folder of the author's own ones.
    """

    posts: tuple[str, ...] = DEFAULT_POSTS
    url: str | None = None
    feeds: str = "feeds"
    mark: str = ""
    templates: Path = Path("templates")
    stubs: str = "sections"
    title: str | None = None
    author: str | None = None
    timezone: tzinfo = UTC
    jekyll: bool = False
    permalink: str | None = None

    def holds(self, path: str) -> bool:
        """Whether a post is one of the site's, by its path."""
        return any(_fits(path.split("/"), glob.split("/")) for glob in self.posts)


@dataclass(frozen=True)
class Project:
    """A folder with one ledger and one site or several. `settings` names the file that was read;
    `state` is the ledger's path below `root`, `ignore` are keys to leave alone."""

    root: Path
    settings: str | None = None
    state: str = "state/ledger.json"
    ignore: tuple[str, ...] = ()
    sites: tuple[Site, ...] = (Site(),)

    def sites_of(self, path: str) -> tuple[Site, ...]:
        """The sites that a post belongs to: those that hold it, else the first."""
        return tuple(site for site in self.sites if site.holds(path)) or self.sites[:1]

    def zone(self, path: str) -> tzinfo:
        """The time zone in which a post's days begin."""
        return self.sites_of(path)[0].timezone


def _fits(parts: Sequence[str], globs: Sequence[str]) -> bool:
    """Whether a path fits a glob as `Path.glob` reads it, part by part; `**` is any folders."""
    if not globs:
        return not parts
    if globs[0] == "**":
        return any(_fits(parts[n:], globs[1:]) for n in range(len(parts)))
    return bool(parts) and fnmatchcase(parts[0], globs[0]) and _fits(parts[1:], globs[1:])
