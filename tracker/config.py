"""Settings, the site's own, and the environment, as plain values."""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from tracker.model import TrackerError

SETTINGS = ("tracker.toml", ".tracker/tracker.toml")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[^\s?#\"<>\\]*)?")
DEFAULT_POSTS = ("_posts/**/*.md", "posts/**/*.md", "README.md")


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


@dataclass(frozen=True)
class Site:
    """What the settings, the generator's own configuration and the checkout say together.

    Paths are relative to `root`, with forward slashes. `url` ends in a slash, or is None where
    nobody names it: then there are no feeds.
    """

    root: Path
    settings: str | None = None
    posts: tuple[str, ...] = DEFAULT_POSTS
    url: str | None = None
    feeds: str = "feeds"
    state: str = "state/ledger.json"
    templates: str = "templates"
    ignore: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    timezone: tzinfo = UTC
    jekyll: bool = False
    permalink: str | None = None


_KEYS = {
    "posts": list,
    "site_url": str,
    "feeds": str,
    "state": str,
    "ignore": list,
    "title": str,
    "author": str,
    "timezone": str,
}


def load(root: Path, environ: Mapping[str, str] = os.environ) -> Site:
    """Read the site at `root`: `tracker.toml` or `.tracker/tracker.toml`, `_config.yml`, git.

    Raises TrackerError, naming the file and the remedy, for settings that cannot be meant.
    """
    name = next((name for name in SETTINGS if (root / name).is_file()), None)
    settings = _settings(root / name, name) if name else {}
    jekyll = _jekyll(root / "_config.yml")
    home = PurePosixPath(name).parent if name else PurePosixPath()
    url = settings.get("site_url") or _jekyll_url(jekyll) or _repository_url(root, environ)
    author = jekyll.get("author")
    return Site(
        root=root,
        settings=name,
        posts=tuple(settings.get("posts", DEFAULT_POSTS)),
        url=f"{url.rstrip('/')}/" if url else None,
        feeds=settings.get("feeds", Site.feeds).strip("/"),
        state=f"{settings.get('state', str(home / 'state')).rstrip('/')}/ledger.json",
        templates=str(home / "templates"),
        ignore=tuple(settings.get("ignore", ())),
        title=settings.get("title") or _text(jekyll.get("title")),
        author=settings.get("author")
        or _text(author.get("name") if isinstance(author, dict) else author),
        timezone=_timezone(settings.get("timezone") or _text(jekyll.get("timezone")), name),
        jekyll=bool(jekyll) or (root / "_config.yml").is_file(),
        permalink=_text(jekyll.get("permalink")),
    )


def _settings(path: Path, name: str) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise TrackerError(f"{name}: not readable as TOML ({error}): mend the file") from error
    for key, value in settings.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            known = f"did you mean {near[0]}?" if near else f"known are {', '.join(_KEYS)}"
            raise TrackerError(f"{name}: unknown key {key!r}: {known}")
        if not isinstance(value, _KEYS[key]) or (
            isinstance(value, list) and not all(isinstance(item, str) for item in value)
        ):
            wanted = "a list of strings" if _KEYS[key] is list else "a string"
            raise TrackerError(f"{name}: {key} must be {wanted}")
    for key in ("feeds", "state"):
        if key in settings and not inside(settings[key]):
            raise TrackerError(f"{name}: {key} must be a folder below the site's root")
    url = settings.get("site_url")
    if url and not ADDRESS.fullmatch(url):
        raise TrackerError(f"{name}: site_url must look like https://example.org/blog/")
    return settings


def inside(path: str) -> bool:
    """Whether a relative path with forward slashes stays below the folder it starts from."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _jekyll(path: Path) -> dict[str, Any]:
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}  # the site's own generator will say what is wrong with its own file
    return config if isinstance(config, dict) else {}


def _jekyll_url(config: Mapping[str, Any]) -> str | None:
    url = _text(config.get("url"))
    base = (_text(config.get("baseurl")) or "").strip("/")
    return f"{url.rstrip('/')}/{base}" if url and url.startswith(("http://", "https://")) else None


def _repository_url(root: Path, environ: Mapping[str, str]) -> str | None:
    """The Pages address of the repository that the environment or the remote `origin` names."""
    name = environ.get("GITHUB_REPOSITORY", "")
    if not name:
        command = ["git", "-C", str(root), "remote", "get-url", "origin"]
        try:
            answer = subprocess.run(
                command, capture_output=True, text=True, check=False, timeout=10
            )
        except OSError:
            return None  # no git here
        name = answer.stdout.strip()
    match = re.search(r"(?:^|github\.com[:/])([\w-]+)/([\w.-]+?)(?:\.git)?/?$", name)
    if not match:
        return None
    owner, repository = match[1].lower(), match[2]
    own = repository.lower() == f"{owner}.github.io"
    return f"https://{owner}.github.io/" + ("" if own else f"{repository}/")


def _timezone(name: str | None, settings: str | None) -> tzinfo:
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        place = settings or "_config.yml"
        raise TrackerError(
            f"{place}: unknown timezone {name!r}: write one like Europe/Paris"
        ) from error


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
