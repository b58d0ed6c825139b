"""Refresh from saved answers and push what changed.

A refused push is not merged: everything is computed again from the same answers, on top of what is
there now.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from tracker.actions.checkout import Checkout
from tracker.model import TrackerError
from tracker.project import Project
from tracker.run import Outcome

_ATTEMPTS = 6  # once, and five times more


def _wait(attempt: int) -> None:
    time.sleep(attempt**2 * random.uniform(0.5, 1.5))  # noqa: S311 - so that two do not keep step


@dataclass(frozen=True)
class Job:
    """What a delivery is made with: the checkout, the settings as they are checked out (`load`), a
    refresh of them, the clock, and the address of the repository's page."""

    checkout: Checkout
    load: Callable[[], Project]
    refresh: Callable[[Project], Outcome]
    now: datetime
    page: str
    wait: Callable[[int], None] = field(default=_wait)


@dataclass(frozen=True)
class Delivered:
    """What a refresh found, and what else is to be said, as lines of Markdown."""

    outcome: Outcome
    said: tuple[str, ...] = ()


def push(job: Job) -> Delivered:
    """Push posts, state and feeds to the branch that is checked out; no commit where nothing
    changed. Raises TrackerError where six pushes in a row were refused."""

    def attempt(branch: str, base: str) -> Delivered | None:
        project = job.load()
        outcome = job.refresh(project)
        paths = [*folders(project), *(post.path for post in outcome.posts)]
        tree = job.checkout.add(paths)
        commit = job.checkout.commit(tree, base, "Refresh notes, state and feeds")
        if commit != base and not job.checkout.push({branch: commit}):
            return None
        job.checkout.start(commit)
        return Delivered(outcome)

    return until_taken(job, attempt)


def preview(job: Job) -> Delivered:
    """Refresh what is at origin now, and push nothing; `job.refresh` writes nothing."""
    base = job.checkout.fetch(job.checkout.branch())
    job.checkout.start(base or "HEAD")
    return Delivered(job.refresh(job.load()))


def until_taken(job: Job, attempt: Callable[[str, str], Delivered | None]) -> Delivered:
    """Attempt a delivery on top of what is there, again each time that its push is refused.

    attempt: is given the branch and its commit, which is checked out; None is a refused push.
    """
    branch = job.checkout.branch()
    for number in range(1, _ATTEMPTS + 1):
        base = job.checkout.fetch(branch)
        if base is None:
            raise TrackerError(f"{branch} is not at origin any more: run it again")
        job.checkout.start(base)
        done = attempt(branch, base)
        if done is not None:
            return done
        if number < _ATTEMPTS:
            job.wait(number)
    raise TrackerError(
        f"{_ATTEMPTS} pushes were refused, the last with: {job.checkout.refusal}: run it again, "
        "or let Actions push to this branch"
    )


def folders(project: Project) -> list[str]:
    """The folders that the tracker alone writes into: state and feeds."""
    home = PurePosixPath(project.state).parent.as_posix()
    return list(dict.fromkeys([home, *(site.feeds for site in project.sites)]))
