"""What of upstream's text may stand where: identifiers plain where they match their pattern, the
rest in quotes."""

from __future__ import annotations

import re
from urllib.parse import quote

from tracker.text import clean, cut

NAME_LIMIT = 60
_QUOTE_LIMIT = 300
_VERSION = re.compile(r"v\d{1,4}")
_PAPER = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d{1,4})?")
_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9._;()/:+-]{1,60}")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/@-]{0,29}")
_IDENTIFIER = re.compile(r"[^\W_][\w.+@()~/-]*(?: [\w.+@()~-]+)*|[\w.][\w.+-]*")
_HASH = re.compile(r"[0-9a-f]{7,64}")
# How text that merely looks like markup is written where a reader may take plain text for HTML.
_MARKUP = {ord("<"): "‹", ord(">"): "›"}  # noqa: RUF001 - they are meant to look alike
_ENTITY = re.compile(r"&(?=#?\w+;)")


def identifier(text: str) -> str:
    """The text where it can stand plain, as names and paths can; else an empty string."""
    text = clean(text)
    return cut(text, NAME_LIMIT) if _IDENTIFIER.fullmatch(text) else ""


def quoted(text: str) -> str:
    """What upstream wrote, in quotes that it cannot end."""
    return f'"{cut(clean(text), _QUOTE_LIMIT).replace(chr(34), chr(39))}"'


def plain(text: str) -> str:
    """One line that no reader takes for HTML: feeds' titles and summaries are shown by some as
    markup, escaped or not."""
    return _ENTITY.sub("＆", clean(text).translate(_MARKUP))  # noqa: RUF001 - looks like an ampersand


def as_version(text: str | None) -> str:
    """A paper's version where it is one, else nothing."""
    return text if text and _VERSION.fullmatch(text) else ""


def as_tag(text: str | None) -> str:
    """A tag as people say it (`v1.1.0` is release 1.1.0), or nothing where it cannot stand plain."""
    if not text or not _TAG.fullmatch(text) or _HASH.fullmatch(text):
        return ""
    return re.sub(r"^v(?=\d)", "", text)


def as_paper(text: str | None) -> str:
    """An arXiv id with or without its version where it is one, else nothing."""
    return text if text and _PAPER.fullmatch(text) else ""


def as_doi(text: str | None) -> str:
    """A DOI where it is one, else nothing."""
    return text if text and _DOI.fullmatch(text) else ""


def doi_address(doi: str | None) -> str:
    """The address of a DOI, or an empty string where it is none."""
    return f"https://doi.org/{quote(as_doi(doi), safe='/;:+')}" if as_doi(doi) else ""
