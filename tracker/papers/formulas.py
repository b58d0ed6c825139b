"""The formulas in a page of LaTeXML as words: their MathML is most of its bytes."""

from __future__ import annotations

import re
from html import unescape

_ALTTEXT = re.compile(r'\balttext="([^"]*)"')
_MARKUP: tuple[tuple[str, str], ...] = (
    (r"(?<!\\)%\s*\n", ""),
    (r"(?:\{\})?\^\{?\\(?:dagger|ddagger|ast|star|S)\b\}?", ""),
    (r"\\(?:dagger|ddagger)\b", "\u2020"),
    (r"\\(?:displaystyle|textstyle|scriptstyle|left|right|,|;|!|:|quad|qquad) ?|\{,\}(?=\d)", ""),
    (r"\\([%#&_$])", r"\1"),
    (r"\\times\b", "\u00d7"),
    (r"\\pm\b", "\u00b1"),
    (r"\\(?:sim|approx)\b", "~"),
    (r"\\(?:leq?)\b", "\u2264"),
    (r"\\(?:geq?)\b", "\u2265"),
    (r"\\(?:text|textrm|textbf|mathrm|mathbf|mathit|mathsf|mathcal|mathbb|bm)\b", ""),
    (r"(?<!\\)[{}]", ""),
    (r"\\([A-Za-z]+)", r"\1"),
)
_SIMPLER = tuple((re.compile(pattern), put) for pattern, put in _MARKUP)


def with_sources(text: str) -> str:
    """The same with each formula as its source: most of the bytes of a page are MathML."""
    kept, start = [], 0
    while (at := text.find("<math", start)) >= 0:
        head = text.find(">", at)
        end = text.find("</math>", head)
        if head < 0 or end < 0:
            break
        told = _ALTTEXT.search(text, at, head)
        kept += [text[start:at], _formula(unescape(told[1])) if told else ""]
        start = end + len("</math>")
    return "".join([*kept, text[start:]])


def _formula(source: str) -> str:
    """The source of a formula in words, as HTML."""
    for pattern, put in _SIMPLER:
        source = pattern.sub(put, source)
    return source.replace("&", "&amp;").replace("<", "&lt;")


def without(text: str, name: str) -> str:
    """The same without the elements of this name."""
    kept, start, close = [], 0, f"</{name}>"
    while (at := text.find(f"<{name}", start)) >= 0 and (end := text.find(close, at)) >= 0:
        kept.append(text[start:at])
        start = end + len(close)
    return "".join([*kept, text[start:]])
