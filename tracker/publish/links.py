"""Addresses and ids as what is published may hold them: URIs, anchors, digests."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from tracker.publish.html import legal


def anchor(identity: str) -> str:
    """An id in index.html: readable, of safe characters, and another one for another identity."""
    mark = digest(identity)[:8]
    slug = re.sub(r"[^A-Za-z0-9._]+", "-", identity).strip("-")
    return f"change-{slug[:80]}-{mark}"


def digest(text: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def uri(text: str) -> str:
    """The text as part of a URI: what one may not hold is percent-encoded, the rest stays."""
    kept = quote(legal(text), safe="/:?@!$&'()*+,;=%-._~")
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", kept)


def safe_url(url: str) -> str:
    """An https address without user and spaces, as a URI; anything else is an empty string."""
    if not re.match(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:[/?#]|$)", url):
        return ""
    page, mark, part = url.partition("#")
    return uri(page) + mark + uri(part)
