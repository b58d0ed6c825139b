"""Making text from upstream harmless where it is shown: Markdown, XML, terminal, addresses."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

# Bidirectional controls, zero-width and tag characters, soft hyphens, variation selectors:
# invisible, and able to make a line read as another one. All are of category Cf but the last.
_SPACES = re.compile(r"\s+")
# An arrow between two spaces is one in every Markdown.
_MARKDOWN = re.compile(r"[\\`*{}\[\]<|~$&^]|(?<! -)>|>(?! )|(?<![^\W_])_|_(?![^\W_])|:(?! )")
_LONGEST = 512


def clean(text: str) -> str:
    """One line of plain text: NFC, no control or invisible characters, single spaces.

    Controls (C0, C1, line ends) become spaces; format characters, surrogates, private and
    unassigned code points are dropped. At most 512 characters are looked at.
    """
    kept = []
    for char in unicodedata.normalize("NFC", text[:_LONGEST]):
        category = unicodedata.category(char)
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif category not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    return _SPACES.sub(" ", "".join(kept)).strip()


def visible(text: str) -> str:
    """Text of several lines without what `clean` drops: what makes a line read as another one."""
    shown = (" " if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)
    return "".join(c for c in shown if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))


def cut(text: str, length: int) -> str:
    """The text, or its first words with an ellipsis, within `length` characters."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return f"{head.rsplit(' ', 1)[0] if ' ' in head else head}…"


def markdown(text: str) -> str:
    """Upstream text as running text of a Markdown post: what could be markup, Liquid, math or an
    address is written as a decimal entity; the rest stays readable."""
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", clean(text))


def address(url: str) -> str:
    """An http(s) address fit for `[text](url)`; anything else is an empty string."""
    if not re.match(r"https?://[A-Za-z0-9]", url):
        return ""
    return quote(url, safe="/:?#@!$&'*+,;=%~-._")


def terminal(text: str) -> str:
    """A line that a terminal and a workflow's log show as it is.

    The runner of GitHub Actions takes a line for a command that begins with `::`, after spaces too,
    and one that has `##[` anywhere; a line may be wrapped before any of its words.
    """
    return re.sub(r":(?=:)", ": ", clean(text)).replace("##[", "## [")
