"""What GitHub's REST API answers, as typed facts: payloads in, values out. It asks nothing."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Literal

from tracker.http import NotChecked, Refused, Reply
from tracker.sources import github_facts as facts
from tracker.sources.github_facts import Unreadable, sha

if TYPE_CHECKING:
    from collections.abc import Iterable

Basis = Literal["blob", "tree"]
_BASES: dict[object, Basis] = {"file": "blob", "symlink": "blob", "dir": "tree"}
_FORBIDDEN, _LEGAL = 403, 451


class TooLarge(NotChecked):
    """A file whose content does not fit; its folder's listing tells its identity too."""


def repository(payload: object) -> facts.Repository:
    """`/repos/O/R`."""
    match payload:
        case {"id": identity, "full_name": name, **more}:
            archived, branch = more.get("archived", False), more.get("default_branch")
            return facts.repository(identity, name, archived, branch)
    raise Unreadable


def entry(payload: object) -> tuple[str, Basis] | None:
    """A file's `/contents/PATH`, or one entry of a folder's: its identity, and what it is. A
    submodule is neither file nor folder of this repository."""
    match payload:
        case {"type": "submodule"}:
            return None
        case {"sha": identity, "type": str(kind)} if kind in _BASES:
            return sha(identity), _BASES[kind]
    raise Unreadable


def folder(payload: object) -> dict[str, object]:
    """A folder's `/contents/PATH`: its entries by name; none where it is a file."""
    if not isinstance(payload, list):
        entry(payload)
        return {}
    if not all(isinstance(e, dict) and isinstance(e.get("name"), str) for e in payload):
        raise Unreadable
    return {e["name"]: e for e in payload}


def commit(payload: object) -> facts.Commit:
    """`/commits/SHA`, or one entry of `/commits`."""
    match payload:
        case {
            "sha": identity,
            "commit": {"committer": {"date": date}, "tree": {"sha": tree}, **more},
        }:
            return facts.commit(identity, date, more.get("message"), tree)
    raise Unreadable


def releases(payload: Iterable[object]) -> tuple[facts.Release, ...]:
    """`/releases`, without drafts and prereleases."""
    done = [
        p for p in payload if not (isinstance(p, dict) and (p.get("draft") or p.get("prerelease")))
    ]
    return tuple(release(p) for p in done)


def release(payload: object) -> facts.Release:
    """`/releases/latest`."""
    match payload:
        case {"tag_name": name, "published_at": date, **more}:
            return facts.release(name, date, more.get("name"), more.get("body"))
    raise Unreadable


def tag(payload: object) -> facts.Tag:
    """One entry of `/tags`, which tells no dates."""
    match payload:
        case {"name": name, "commit": {"sha": identity}}:
            return facts.Tag(facts.label(name), sha(identity), None)
    raise Unreadable


def text(reply: Reply) -> str | None:
    """`/readme`: raw as asked for, or the JSON form that some servers send all the same."""
    if not reply.body.lstrip().startswith(b"{"):
        return reply.body.decode(errors="replace")
    try:
        payload = reply.json()
        match payload:
            case {"encoding": "base64", "content": str(content)}:
                return base64.b64decode(content).decode(errors="replace")
    except (NotChecked, binascii.Error, ValueError):
        pass
    return reply.body.decode(errors="replace")


def refusal(refused: Refused) -> NotChecked:
    """What a 401, 403 or 451 says."""
    status, body = refused.reply.status, refused.reply.body.lower()
    if status == _FORBIDDEN and b"too_large" in body:
        return TooLarge("too large")
    if status == _FORBIDDEN and b"access blocked" in body:
        return NotChecked("GitHub has blocked access to this repository", status)
    if status == _LEGAL:
        return NotChecked("blocked for legal reasons", status)
    return refused
