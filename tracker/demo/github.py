"""GitHub's REST API as it answered on a day, to somebody without a token. Pure; serves nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from tracker.demo import github_files as files
from tracker.demo import github_releases as marks
from tracker.demo.github_files import DOCS, known, listed, no
from tracker.demo.repository import Repository, blob
from tracker.demo.wire import (
    Fact,
    Missing,
    Reply,
    Request,
    as_json,
    derived,
    happened,
    stamp,
    when,
)

_ROUTE = re.compile(r"/(?:repos/(?P<name>[^/]+/[^/]+)|repositories/(?P<id>\d+))(?P<rest>/.*)?")


def answer(facts: Fact, request: Request) -> Reply:
    """Whatever is asked, with the headers that every answer carries. It never runs out."""
    try:
        reply = _route(facts, request)
    except Missing as missing:
        reply = missing.reply
    limit = 5000 if "Authorization" in request.headers else 60
    limits = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(limit - 1),
        "x-ratelimit-reset": str(int(time.time()) + 3600),
        "x-ratelimit-used": "1",
        "x-ratelimit-resource": "core",
        "x-github-media-type": "github.v3; format=json",
    }
    return Reply(reply.status, {**limits, **reply.headers}, reply.body)


def _route(facts: Fact, request: Request) -> Reply:
    if request.path == "/graphql":
        return no(401, "Requires authentication")
    match = _ROUTE.fullmatch(request.path)
    if match is None or request.method != "GET":
        raise Missing(no(404, "Not Found"))
    repository = known(facts, request, name=match["name"] or "", number=match["id"] or "")
    rest = match["rest"] or ""
    if match["name"] and match["name"].lower() != repository.name.lower():
        return _moved(repository, request, rest)
    for pattern, view in _VIEWS:
        if found := re.fullmatch(pattern, rest):
            return view(repository, request, *found.groups(default=""))
    raise Missing(no(404, "Not Found"))


def _moved(repository: Repository, request: Request, rest: str) -> Reply:
    address = f"{request.base}/repositories/{repository.fact['id']}{rest}"
    query = request.with_query().partition("?")[2]
    location = f"{address}?{query}" if query else address
    payload = {"message": "Moved Permanently", "url": location, "documentation_url": DOCS}
    return as_json(payload, 301, {"Location": location})


# --- views -------------------------------------------------------------------------------------


def _repository(repository: Repository, request: Request) -> Reply:
    fact, owner = repository.fact, repository.name.partition("/")[0]
    pushed = stamp(when(repository.commits[-1]["date"])) if repository.commits else None
    payload = {
        "id": fact["id"],
        "node_id": f"R_{derived(fact['id'])[:16]}",
        "name": repository.name.partition("/")[2],
        "full_name": repository.name,
        "private": False,
        "owner": {"login": owner, "type": "Organization"},
        "html_url": f"https://github.com/{repository.name}",
        "description": fact.get("description"),
        "fork": False,
        "url": f"{request.base}/repos/{repository.name}",
        "created_at": stamp(repository.created),
        "updated_at": pushed,
        "pushed_at": pushed,
        "archived": happened(fact, "archived", request.now),
        "disabled": False,
        "default_branch": repository.branch,
        "visibility": "public",
    }
    return as_json(payload)


def _commits(repository: Repository, request: Request) -> Reply:
    """Newest first. A path's list holds the commit that deleted it."""
    if not repository.commits:
        raise Missing(no(409, "Git Repository is empty."))
    commits = repository.history(request.word("sha"))
    path = request.word("path").strip("/")
    since, until = request.word("since"), request.word("until")
    rows = [
        _commit(repository, request, commit)
        for commit in reversed(commits)
        if (not path or any(f == path or f.startswith(f"{path}/") for f in commit["files"]))
        and (not since or when(commit["date"]) >= when(since))
        and (not until or when(commit["date"]) <= when(until))
    ]
    return listed(rows, request)


def _commit(repository: Repository, request: Request, commit: Fact) -> dict[str, Any]:
    api, sha = f"{request.base}/repos/{repository.name}", commit["sha"]
    name = commit.get("author", "somebody")
    person = {
        "name": name,
        "email": f"{name}@users.noreply.github.com",
        "date": stamp(when(commit["date"])),
    }
    return {
        "sha": sha,
        "node_id": f"C_{derived(sha)[:16]}",
        "commit": {
            "author": person,
            "committer": person,
            "message": commit["message"],
            "tree": {"sha": repository.tree(sha), "url": f"{api}/git/trees/{repository.tree(sha)}"},
            "url": f"{api}/git/commits/{sha}",
            "comment_count": 0,
        },
        "url": f"{api}/commits/{sha}",
        "html_url": f"https://github.com/{repository.name}/commit/{sha}",
        "author": None,
        "committer": None,
        "parents": [{"sha": s, "url": f"{api}/commits/{s}"} for s in repository.parents(sha)],
    }


def _one_commit(repository: Repository, request: Request, reference: str) -> Reply:
    commit = repository.history(reference)[-1]
    changed = [
        {
            "filename": path,
            "sha": blob(file)[0] if file else derived("deleted", path),
            "status": repository.status(commit, path),
        }
        for path, file in commit["files"].items()
    ]
    return as_json(_commit(repository, request, commit) | {"files": changed})


def _reference(repository: Repository, request: Request, kind: str, name: str) -> Reply:
    known = repository.tags if kind == "tags" else repository.heads
    if name not in known:
        raise Missing(no(404, "Not Found"))
    api = f"{request.base}/repos/{repository.name}/git"
    payload = {
        "ref": f"refs/{kind}/{name}",
        "node_id": f"REF_{derived(kind, name)[:16]}",
        "url": f"{api}/refs/{kind}/{name}",
        "object": {"sha": known[name], "type": "commit", "url": f"{api}/commits/{known[name]}"},
    }
    return as_json(payload)


def _branch(repository: Repository, request: Request, name: str) -> Reply:
    if name not in repository.heads:
        raise Missing(no(404, "Branch not found"))
    commit = repository.history(name)[-1]
    payload = {"name": name, "commit": _commit(repository, request, commit), "protected": False}
    return as_json(payload)


_VIEWS: tuple[tuple[str, Callable[..., Reply]], ...] = (
    ("", _repository),
    (r"/contents(?:/(.*))?", files.contents),
    ("/readme", files.readme),
    ("/commits", _commits),
    (r"/commits/(.+)", _one_commit),
    ("/releases", marks.releases),
    ("/releases/latest", marks.latest),
    ("/tags", marks.tags),
    (r"/git/trees/(.+)", files.trees),
    (r"/git/refs?/(heads|tags)/(.+)", _reference),
    (r"/branches/(.+)", _branch),
)
