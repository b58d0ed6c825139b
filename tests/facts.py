"""Short ways to the nouns, for tests: answers as upstreams give them, posts as authors write."""

from conftest import at

from tracker.model import Found, Item, Snapshot, Version
from tracker.post import parse
from tracker.sources import identify

PAPER = "arxiv:2501.07301"


def read(text: str, path: str = "_posts/2025-01-21-notes.md", ours: frozenset = frozenset()):
    """A post of this text."""
    return parse(path, text.encode(), identify, ours)


def paper(versions: dict[str, str], key: str = PAPER, **fields) -> Found:
    """A paper with these versions (name to day), oldest first."""
    number = key.partition(":")[2]
    history = tuple(
        Version(name, at(day), f"https://arxiv.org/abs/{number}{name}")
        for name, day in reversed(versions.items())
    )
    newest = history[0]
    snapshot = Snapshot(newest.name, newest.released, newest.url, "A paper", **fields)
    return Found(snapshot, history, whole=True)


def blob(versions: dict[str, str], **more) -> Found:
    """A file with these blobs (name to day), oldest first."""
    history = tuple(
        Version(name, at(day), f"https://github.com/o/R/blob/{n:040d}/a.pdf", f"commit {n}")
        for n, (name, day) in reversed(list(enumerate(versions.items())))
    )
    newest = history[0]
    snapshot = Snapshot(newest.name, newest.released, newest.url, "a.pdf", basis="blob")
    return Found(snapshot, history, whole=True, **more)


def model(old: str, new: str, day: str, *, parts=None) -> Found:
    """A model that went from one revision to another."""
    snapshot = Snapshot(
        new, at(day), f"https://huggingface.co/o/M/commit/{new}", "o/M", basis="revision"
    )
    history = (
        Version(new, at(day), snapshot.url),
        Version(old, at("2025-01-01"), ""),
    )
    return Found(snapshot, history, parts=parts, compared=old)


def collection(items: dict[str, str | None]) -> Found:
    """A collection of these models (name to day of adding)."""
    from tracker.changes import digest_of

    entries = tuple(Item("model", name, at(day) if day else None) for name, day in items.items())
    url = "https://huggingface.co/collections/o/things-" + "a" * 24
    return Found(Snapshot(digest_of(entries), None, url, "Things", basis="items", items=entries))


def gone(last_day: str, day: str) -> Found:
    """A file that was deleted, by its repository's history."""
    deleting = Version(None, at(day), "https://github.com/o/R/commit/" + "d" * 40, "Delete a.pdf")
    last = Version("b" * 40, at(last_day), "https://github.com/o/R/blob/" + "c" * 40 + "/a.pdf")
    snapshot = Snapshot("b" * 40, at(day), deleting.url, "a.pdf", basis="blob", gone=True)
    return Found(snapshot, (deleting, last))
