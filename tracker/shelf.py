"""The posts of a site: which files they are, and those that can be read. It writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tracker import config, post, writing
from tracker.model import Ledger, TrackerError
from tracker.post import Post
from tracker.project import Project
from tracker.sources import identify


@dataclass(frozen=True)
class Shelf:
    """The posts that could be read and have tracked links, what is to be said of others, and which
    of those named on the command line are among them."""

    posts: tuple[Post, ...]
    mend: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()


def read_posts(project: Project, ledger: Ledger, named: Iterable[str]) -> Shelf:
    """The posts of the settings' globs, of the ledger, and those named on the command line.

    A named post must be readable; of the others, what cannot be read is passed over, with a word
    if it may have had links.
    """
    chosen = [relative(project, name) for name in named]
    known = {record.post for record in ledger.reports.values()}
    globbed: set[str] = set()
    if project.settings or not (chosen or known):
        globbed = {path for glob in _globs(project) for path in _glob(project.root, glob)}
    ours = writing.lines_of(ledger.stubs)
    posts, mend, warnings = [], [], []
    inside = {path for path in known if config.inside(path) and (project.root / path).is_file()}
    for path in sorted({*chosen, *globbed, *inside}):
        try:
            read = post.parse(path, _bytes(project.root, path), identify, ours)
        except TrackerError as error:
            if path in chosen or path in known:
                mend.append(str(error))
            elif not str(error).startswith(f"{path}: the file is empty"):
                warnings.append(f"{error} (passed over)")
            continue
        if path in known or any(link.watched for link in read.links):
            # Nothing is written through a symbolic link; what it leads to may be another post.
            own = (project.root / path).resolve() == project.root.resolve() / path
            posts.append(read if own else replace(read, editable=False))
        elif path in chosen:
            mend.append(f"{path}: no arXiv, GitHub or Hugging Face link in it: nothing to track")
    readable = frozenset(chosen) & {p.path for p in posts}
    return Shelf(tuple(posts), tuple(mend), tuple(warnings), readable)


def _globs(project: Project) -> list[str]:
    return list(dict.fromkeys(glob for site in project.sites for glob in site.posts))


def _glob(root: Path, pattern: str) -> Iterable[str]:
    return (p.relative_to(root).as_posix() for p in root.glob(pattern) if p.is_file())


def relative(project: Project, name: str) -> str:
    """A post named on the command line, as a path below the project's root, with forward slashes.

    Raises TrackerError for one outside.
    """
    path = Path(os.path.normpath(Path(name).absolute()))
    root = project.root.absolute()
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    resolved, base = path.resolve(), root.resolve()
    if resolved.is_relative_to(base):
        return resolved.relative_to(base).as_posix()
    raise TrackerError(f"{name}: outside of {root}: run tracker in the folder that holds the post")


def _bytes(root: Path, path: str) -> bytes:
    try:
        return (root / path).read_bytes()
    except FileNotFoundError as error:
        raise TrackerError(f"{path}: no such file: name a post that exists") from error
    except IsADirectoryError as error:
        raise TrackerError(f"{path}: a folder: name the post in it") from error
    except OSError as error:
        raise TrackerError(f"{path}: not readable ({error.strerror}): mend its rights") from error


def no_posts(project: Project) -> str:
    """What to say where no post was found."""
    where = project.settings or "no tracker.toml here"
    globs = ", ".join(_globs(project))
    return (
        f"{where}: no post with an arXiv, GitHub or Hugging Face link in {globs}: "
        "name one (tracker refresh POST), or run tracker init"
    )
