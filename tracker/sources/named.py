"""Which upstreams a text links to, whatever their kind: what a README now points at. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from tracker.sources import arxiv_links, github_links, huggingface_links

_MOST = 20
_LONGEST = 512  # characters of an address, as in a post
_URL = re.compile(r"https?://[A-Za-z0-9][^\s<>\"'`*()\[\]{}|\\^\x00-\x20\x7f]{3,}", re.I)
_AFTER = ".,;:!?_~"  # what a sentence or its markup puts behind an address
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"})
_KINDS = (arxiv_links, github_links, huggingface_links)


def new_names(old: bytes, new: bytes) -> tuple[str, ...]:
    """The keys of upstreams that the new text links to and the old one does not, sorted, twenty at
    most. What is no UTF-8 in them is passed over; pictures, which are shown, are no links."""
    came = set(_names(new)) - set(_names(old))
    return tuple(sorted(came)[:_MOST])


def _names(source: bytes) -> Iterator[str]:
    for match in _URL.finditer(source.decode(errors="replace")):
        url = match[0].rstrip(_AFTER)
        if len(url) <= _LONGEST and (key := _key(url)):
            yield key


def _key(url: str) -> str | None:
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    if PurePosixPath(split.path).suffix.lower() in _PICTURES:
        return None
    targets = (kind.identify(split) for kind in _KINDS)
    target = next((target for target in targets if target is not None), None)
    return target.upstream.key if target and target.upstream else None
