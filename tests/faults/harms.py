"""Ways to spoil tracker, each of which the harness must notice: else it proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker import run, state
from tracker.post import Post
from tracker.project import Project


def _in_place(root: Path, name: str, content: bytes) -> bool:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
    return True


def _too_early(
    project: Project, steps: Iterable[tuple[str, bytes]], _posts: Iterable[Post]
) -> tuple[str, ...]:
    made = dict(steps)  # of the ledger the last, which says what is done
    for name, content in sorted(made.items(), key=lambda step: step[0] != project.state):
        state.write(project.root, name, content)
    return ()


# What is wrong, and the call and the error that show it; without an error the run is killed there.
HARMS = {
    "files are written in place": ("write", "ENOSPC"),
    "the ledger says what is not done yet": ("rename", ""),
}
_SPOILT = {
    "files are written in place": (state, "write", _in_place),
    "the ledger says what is not done yet": (run, "_write", _too_early),
}


@contextmanager
def harmed(name: str) -> Iterator[None]:
    """Within, tracker is spoilt in the way of this name; not at all without one."""
    if not name:
        yield
        return
    module, attribute, spoilt = _SPOILT[name]
    whole = getattr(module, attribute)
    setattr(module, attribute, spoilt)
    try:
        yield
    finally:
        setattr(module, attribute, whole)
