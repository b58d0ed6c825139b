"""What a folder says of itself without being asked: the generator's own configuration, git."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Generator:
    """What a site's own configuration says of it; None for what it leaves out."""

    jekyll: bool = False
    url: str | None = None
    title: str | None = None
    author: str | None = None
    timezone: str | None = None
    permalink: str | None = None


def jekyll(root: Path) -> Generator:
    """What `_config.yml` says (https://jekyllrb.com/docs/configuration/), if there is one."""
    path = root / "_config.yml"
    config = _yaml(path)
    author = config.get("author")
    return Generator(
        jekyll=path.is_file(),
        url=_url(config),
        title=_text(config.get("title")),
        author=_text(author.get("name") if isinstance(author, dict) else author),
        timezone=_text(config.get("timezone")),
        permalink=_text(config.get("permalink")),
    )


def repository_url(root: Path, environ: Mapping[str, str]) -> str | None:
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


def _yaml(path: Path) -> dict[str, Any]:
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}  # the site's own generator will say what is wrong with its own file
    return config if isinstance(config, dict) else {}


def _url(config: Mapping[str, Any]) -> str | None:
    url = _text(config.get("url"))
    base = (_text(config.get("baseurl")) or "").strip("/")
    return f"{url.rstrip('/')}/{base}" if url and url.startswith(("http://", "https://")) else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
