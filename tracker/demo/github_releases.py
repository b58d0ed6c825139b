"""GitHub's releases and tags as its API showed them on a day. Pure; serves nothing."""

from __future__ import annotations

from typing import Any

from tracker.demo.github_files import listed, no
from tracker.demo.repository import Repository
from tracker.demo.wire import Fact, Missing, Reply, Request, as_json, derived, stamp, when


def releases(repository: Repository, request: Request) -> Reply:
    """All that are no drafts, newest first."""
    return listed([_release(repository, request, r) for r in repository.releases], request)


def latest(repository: Repository, request: Request) -> Reply:
    """The newest that is no prerelease, by the date of its tagged commit."""
    full = [r for r in repository.releases if not r.get("prerelease")]
    if not full:
        raise Missing(no(404, "Not Found"))
    newest = max(full, key=lambda r: when(r.get("created", r["date"])))
    return as_json(_release(repository, request, newest))


def _release(repository: Repository, request: Request, release: Fact) -> dict[str, Any]:
    number = int(derived(repository.fact["id"], release["tag"])[:7], 16)
    return {
        "url": f"{request.base}/repos/{repository.name}/releases/{number}",
        "html_url": f"https://github.com/{repository.name}/releases/tag/{release['tag']}",
        "id": number,
        "tag_name": release["tag"],
        "target_commitish": repository.branch,
        "name": release.get("name", release["tag"]),
        "draft": False,
        "prerelease": bool(release.get("prerelease")),
        "created_at": stamp(when(release.get("created", release["date"]))),
        "published_at": stamp(when(release["date"])),
        "assets": [],
        "body": release.get("body", ""),
    }


def tags(repository: Repository, request: Request) -> Reply:
    """Tags by name, the highest first; they carry no date."""
    api = f"{request.base}/repos/{repository.name}"
    rows = [
        {
            "name": name,
            "zipball_url": f"{api}/zipball/refs/tags/{name}",
            "tarball_url": f"{api}/tarball/refs/tags/{name}",
            "commit": {"sha": sha, "url": f"{api}/commits/{sha}"},
            "node_id": f"REF_{derived(name)[:16]}",
        }
        for name, sha in sorted(repository.tags.items(), reverse=True)
    ]
    return listed(rows, request)
