"""A page for each change: what is known of it, and the whole of what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from markupsafe import Markup

from tracker import templating
from tracker.difference import Difference
from tracker.model import Change, Version
from tracker.project import Site
from tracker.publish.entries import Entry
from tracker.publish.html import legal, without_images
from tracker.publish.links import safe_url
from tracker.publish.masthead import FEEDS, author, feed_url, title
from tracker.publish.outlines import Outline
from tracker.text import visible
from tracker.words.upstream_text import plain


def build(site: Site, entry: Entry, head: Outline, difference: Difference | None) -> bytes:
    """The page of an entry as bytes. difference: what differs, where that is known."""
    render = templating.renderer(site.templates, "change.html")
    touched = head.record.touched if isinstance(head.record, Change) else ()
    values = {
        "title": title(site),
        "author": author(site),
        "feeds": [{"url": feed_url(site, name), "type": kind} for name, _, kind in FEEDS],
        "entry": {
            "title": entry.title,
            "summary": entry.summary,
            "url": entry.url,
            "date": entry.published.date().isoformat(),
            "source": entry.categories[0] if entry.categories else "",
        },
        "body": Markup(without_images(entry.brief)),  # noqa: S704 - sanitised when the entry was made
        "touches": [(plain(one.note), plain(one.now)) for one in touched],
        "difference": _visible(difference),
        "commits": _commits(difference.commits if difference else ()),
    }
    return (legal(render(values)).rstrip() + "\n").encode()


def _visible(value: Any) -> Any:  # noqa: ANN401 - any noun of what differs
    """A noun with all its texts as they can be read: a paper's may hold anything."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, tuple):
        return tuple(_visible(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _visible(getattr(value, f.name)) for f in fields(value)})
    return value


def _commits(commits: Iterable[Version]) -> list[dict[str, str]]:
    return [
        {
            "url": safe_url(one.url),
            "note": plain(one.note or "a commit"),
            "date": one.released.date().isoformat() if one.released else "",
        }
        for one in commits
    ]
