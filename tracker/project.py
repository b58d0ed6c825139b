"""A folder with one ledger, its sites, and which post is whose. It reads no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

DEFAULT_POSTS = ("_posts/**/*.md", "posts/**/*.md", "README.md")


@dataclass(frozen=True)
class Rules:
    """How a site's generator makes the address of a post, as its configuration has it.

    `generator` is empty for Jekyll and where none is known. `content` are the folders that
    addresses are counted from. `pretty` is a folder for each page, else x.html; `ugly` names the
    sections that have x.html all the same. `permalinks` are patterns by section; `lower` is whether
    letters become small; `languages` are those of the site, the main one first, which has a folder
    too if all are `below` one.
    """

    generator: str = ""
    content: tuple[str, ...] = ()
    pretty: bool = True
    ugly: tuple[str, ...] = ()
    permalinks: Mapping[str, str] = field(default_factory=dict)
    lower: bool = True
    languages: tuple[str, ...] = ()
    below: bool = False

    def path(self, path: str) -> PurePosixPath:
        """A post's path, counted from the folder of content that holds it, else from the root."""
        pure = PurePosixPath(path)
        for folder in self.content:
            if pure.is_relative_to(folder):
                return pure.relative_to(folder)
        return pure


@dataclass(frozen=True)
class Site:
    """A set of posts and where it is published, as the settings, the generator's own configuration
    and the checkout say together.

    `posts` are globs, relative to the project's root like `feeds`, with forward slashes; `url` ends
    in a slash, or is None where nobody names it: then there are no feeds. `static` is the folder
    whose files are published as the root of the site, empty where that is the project's own root.
    `mark` tells the ids of its feeds from those of other sites. `templates` is the folder of the
    author's own ones. `report_feeds` are names of reports that get a feed of their own. `permalink` is the pattern of addresses, Jekyll's or the settings', and
    `rules` are those of the generator.
    """

    posts: tuple[str, ...] = DEFAULT_POSTS
    url: str | None = None
    feeds: str = "feeds"
    static: str = ""
    mark: str = ""
    templates: Path = Path("templates")
    stubs: str = "sections"
    report_feeds: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    timezone: tzinfo = UTC
    jekyll: bool = False
    permalink: str | None = None
    rules: Rules = Rules()

    @property
    def published(self) -> str:
        """Where the folder of feeds is below `url`: without the folder that is published as the
        root; the root itself is the empty string."""
        folder = PurePosixPath(self.feeds)
        if self.static and folder.is_relative_to(self.static):
            folder = folder.relative_to(self.static)
        return "" if folder == PurePosixPath() else folder.as_posix()

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
