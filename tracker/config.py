"""Settings, the site's own, and the environment, as plain values."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker import generators, surroundings
from tracker.generators import Generator
from tracker.model import TrackerError
from tracker.project import DEFAULT_POSTS, Project, Site

SETTINGS = ("tracker.toml", ".tracker/tracker.toml")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[^\s?#\"<>\\]*)?")


@dataclass(frozen=True)
class Endpoints:
    """Where the upstreams are, and with which token. No address ends in a slash."""

    arxiv_api: str = "https://export.arxiv.org/api/query"
    arxiv_oai: str = "https://oaipmh.arxiv.org/oai"
    arxiv: str = "https://arxiv.org"
    github_api: str = "https://api.github.com"
    github_graphql: str = "https://api.github.com/graphql"
    github_raw: str = "https://raw.githubusercontent.com"
    huggingface: str = "https://huggingface.co"
    github_token: str | None = field(default=None, repr=False)
    huggingface_token: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Endpoints:
        """The addresses and tokens that the environment names, else the public ones."""

        def base(name: str, default: str) -> str:
            return (environ.get(name) or default).rstrip("/")

        api = base("GITHUB_API_URL", cls.github_api)
        # An enterprise server answers REST below /api/v3 and GraphQL at /api/graphql.
        graphql = (
            f"{api.removesuffix('/v3')}/graphql" if api.endswith("/api/v3") else f"{api}/graphql"
        )
        return cls(
            arxiv_api=base("ARXIV_API_URL", cls.arxiv_api),
            arxiv_oai=base("ARXIV_OAI_URL", cls.arxiv_oai),
            arxiv=base("ARXIV_URL", cls.arxiv),
            github_api=api,
            github_graphql=base("GITHUB_GRAPHQL_URL", graphql),
            github_raw=base("GITHUB_RAW_URL", cls.github_raw),
            huggingface=base("HF_ENDPOINT", cls.huggingface),
            github_token=environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or None,
            huggingface_token=environ.get("HF_TOKEN") or None,
        )


_OF_A_SITE = {
    "posts": list,
    "site_url": str,
    "feeds": str,
    "static": str,
    "permalink": str,
    "title": str,
    "author": str,
    "timezone": str,
    "stubs": str,
    "report_feeds": list,
}
_OF_A_PROJECT = {**_OF_A_SITE, "state": str, "ignore": list, "site": list}
_KEY = re.compile(r"[a-z][a-z0-9]*:(?!//)\S+")
_STUBS = ("sections", "items")


def load(root: Path, environ: Mapping[str, str] = os.environ) -> Project:
    """Read the project at `root`: `tracker.toml` or `.tracker/tracker.toml`, the configuration of
    its generator, git.

    What stands above the `[[site]]` tables is the default of each. Raises TrackerError, naming the
    file and the remedy, for settings that cannot be meant.
    """
    name = next((name for name in SETTINGS if (root / name).is_file()), None)
    settings = _settings(root / name, name) if name else {}
    home = PurePosixPath(name).parent if name else PurePosixPath()
    generator = generators.find(root)
    # Without a site of its own in the settings, everything is one site.
    tables = [{**settings, **table} for table in settings.get("site") or [{}]]
    if not all("site_url" in table for table in tables):
        generator = replace(generator, url=_url(root, generator, environ))
    sites = [_site(table, generator, name, root / home / "templates") for table in tables]
    _told_apart(sites, name)
    usual = (Site.feeds, generator.feeds)
    return Project(
        root=root,
        settings=name,
        state=f"{settings.get('state', str(home / 'state')).rstrip('/')}/ledger.json",
        ignore=tuple(settings.get("ignore", ())),
        sites=tuple(
            replace(site, mark="" if len(sites) == 1 or site.feeds in usual else site.feeds)
            for site in sites
        ),
    )


def _url(root: Path, generator: Generator, environ: Mapping[str, str]) -> str | None:
    """The site's address where the settings name none: the generator's, a domain's, a repository's."""
    return (
        generator.url
        or surroundings.domain_url(root, generator.static)
        or surroundings.repository_url(root, environ)
    )


def _site(
    table: Mapping[str, Any], generator: Generator, settings: str | None, templates: Path
) -> Site:
    url = table.get("site_url") or generator.url
    static = _plain(table.get("static", generator.static or "."))
    static = "" if static == "." else static
    return Site(
        posts=tuple(map(_plain, table.get("posts", DEFAULT_POSTS))),
        url=f"{url.rstrip('/')}/" if url else None,
        feeds=_plain(table.get("feeds", f"{static}/feeds" if static else Site.feeds)),
        static=static,
        templates=templates,
        stubs=table.get("stubs", Site.stubs),
        report_feeds=tuple(table.get("report_feeds", ())),
        title=table.get("title") or generator.title,
        author=table.get("author") or generator.author,
        timezone=_timezone(
            table.get("timezone") or generator.timezone,
            (settings if "timezone" in table else generator.file) or "tracker.toml",
        ),
        jekyll=generator.jekyll,
        permalink=table.get("permalink") or generator.permalink,
        rules=generator.rules,
    )


def _plain(path: str) -> str:
    """A path without what changes nothing: `./`, doubled slashes, one at its end."""
    return PurePosixPath(path).as_posix()


def _told_apart(sites: Sequence[Site], settings: str | None) -> None:
    for number, site in enumerate(sites, 1):
        earlier = [n for n, other in enumerate(sites[: number - 1], 1) if other.feeds == site.feeds]
        if earlier:
            raise TrackerError(
                f"{settings}: [[site]] {number}: feeds is {site.feeds!r} as in [[site]] "
                f"{earlier[0]}: give each a folder of its own"
            )


def _settings(path: Path, name: str) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise TrackerError(f"{name}: not readable as TOML ({error}): mend the file") from error
    _checked(settings, _OF_A_PROJECT, name)
    for number, table in enumerate(settings.get("site", ()), 1):
        place = f"{name}: [[site]] {number}"
        if not isinstance(table, dict):
            raise TrackerError(f"{name}: site must be written as tables: [[site]]")
        _checked(table, _OF_A_SITE, place)
        if "posts" not in table:
            raise TrackerError(f'{place}: no posts: add a line like posts = ["docs/**/*.md"]')
    return settings


def _checked(table: Mapping[str, Any], known: Mapping[str, type], place: str) -> None:
    """Raises TrackerError for a key or value of a table that cannot be meant."""
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            told = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise TrackerError(f"{place}: unknown key {key!r}: {told}")
        strings = key == "site" or not isinstance(value, list) or _strings(value)
        if not isinstance(value, known[key]) or not strings:
            wanted = "a list of strings" if known[key] is list else "a string"
            wanted = "written as tables: [[site]]" if key == "site" else wanted
            raise TrackerError(f"{place}: {key} must be {wanted}")
    for wrong in _wrong(table):
        raise TrackerError(f"{place}: {wrong}")


def _wrong(table: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the values of a table, and what to write instead."""
    for key in ("feeds", "state", "static"):
        itself = key == "static" and table.get(key) in (".", "./")
        if key in table and not itself and not inside(table[key]):
            yield f"{key} must be a folder below the site's root"
    yield from _wrong_names(table)
    url, stubs = table.get("site_url"), table.get("stubs", Site.stubs)
    if url and not ADDRESS.fullmatch(url):
        yield "site_url must look like https://example.org/blog/"
    if stubs not in _STUBS:
        yield f"stubs must be one of {', '.join(_STUBS)}"


def _wrong_names(table: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the globs and the keys of a table."""
    for glob in table.get("posts", ()):
        if not inside(glob):
            yield f"posts: {glob!r} leaves the site's root: mend it"
        if any("**" in part and part != "**" for part in glob.split("/")):
            yield f"posts: {glob!r}: ** must be a whole folder, as in docs/**/*.md"
    for name in table.get("ignore", ()):
        if not _KEY.fullmatch(name):
            yield f"ignore: {name!r}: write it as tracker links shows it, like github:o/r"


def _strings(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def inside(path: str) -> bool:
    """Whether a relative path with forward slashes stays below the folder it starts from."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _timezone(name: str | None, place: str) -> tzinfo:
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TrackerError(
            f"{place}: unknown timezone {name!r}: write one like Europe/Paris"
        ) from error
