"""Admonitions and tabs, which CommonMark takes for code. It changes no length.

Python-Markdown's `!!! note`, `??? note` and `=== "Tab"` hold what is indented by four columns below
them: https://squidfunk.github.io/mkdocs-material/reference/admonitions/
"""

from __future__ import annotations

import re

_OPENS = re.compile(
    rb"(?m)^(?P<indent> *)(?:!!!|\?\?\?\+?)[ \t]+[\w-]|^(?P<tab> *)===[!+]?[ \t]+\""
)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(rb" {0,3}(?:```|~~~)")


def as_quotes(source: bytes) -> bytes:
    """The source with the text of admonitions quoted (`>` in the place of a blank), so that it is
    read as text; every byte stays where it was."""
    if not _OPENS.search(source):
        return source
    text = bytearray(source)
    inside: list[int] = []  # columns that the text of open admonitions is indented by
    fenced = False
    at = 0
    while at < len(source):
        line = _LINE.match(source, at)
        assert line  # noqa: S101 - it matches at every place
        body = line[0].rstrip(b"\r\n")
        indent = len(body) - len(body.lstrip(b" "))
        while body.strip() and inside and indent < inside[-1]:
            inside.pop()
        if body.strip():
            for column in inside:
                text[at + column - 4] = ord(">")
        fenced ^= bool(_FENCE.match(body))
        opens = None if fenced else _OPENS.match(source, at, line.end())
        if opens and indent == (inside[-1] if inside else 0):
            inside.append(indent + 4)
        at = max(line.end(), at + 1)
    return bytes(text)
