"""What a folder says of where it is published and kept: a CNAME file, git, the environment."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)  # fmt: skip
_CNAMES = ("CNAME", "docs/CNAME", "static/CNAME", "public/CNAME")


def domain_url(root: Path, static: str = "") -> str | None:
    """The address of the domain that a CNAME file names. GitHub Pages reads it at the root of what
    is published (https://docs.github.com/en/pages/configuring-a-custom-domain-for-your-github-pages-site).

    static: the folder that the generator publishes as the root.
    """
    for name in (*((f"{static}/CNAME",) if static else ()), *_CNAMES):
        try:
            named = (root / name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if _DOMAIN.fullmatch(named):
            return f"https://{named.lower()}/"
    return None


def repository_url(root: Path, environ: Mapping[str, str]) -> str | None:
    """The Pages address of the repository that the environment or the remote `origin` names."""
    name = repository(root, environ)
    if not name:
        return None
    owner, _, repo = name.partition("/")
    own = repo.lower() == f"{owner.lower()}.github.io"
    return f"https://{owner.lower()}.github.io/" + ("" if own else f"{repo}/")


def repository(root: Path, environ: Mapping[str, str]) -> str | None:
    """The repository on GitHub, OWNER/NAME, by the environment, else by the remote `origin`."""
    named = environ.get("GITHUB_REPOSITORY", "")
    if re.fullmatch(r"[\w-]+/[\w.-]+", named):
        return named
    return on_github(git(root, "remote", "get-url", "origin") or "") if not named else None


def on_github(url: str) -> str | None:
    """The repository, OWNER/NAME, that an address of GitHub is of, as git spells addresses."""
    found = re.search(r"(?:^|[/@.])github\.com[:/]([\w-]+)/([\w.-]+?)(?:\.git)?/?$", url)
    return f"{found[1]}/{found[2]}" if found else None


def git(root: Path, *words: str) -> str | None:
    """What git answers in a folder; None where it has no answer, or is not there."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None
