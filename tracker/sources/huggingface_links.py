"""What a link to Hugging Face names: a repository, a collection, or a paper. It asks nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tracker.model import Target, Upstream
from tracker.sources.arxiv_links import paper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from urllib.parse import SplitResult

NAME = "huggingface"
SITE = "https://huggingface.co"  # what people open, whatever HF_ENDPOINT is asked

# One part of a name as the Hub allows it: no dot or dash at its end, no two dots in a row.
_PART = r"(?![^/]{97})[A-Za-z0-9](?:\.?[A-Za-z0-9_-])*(?<!-)"
_SLUG = r"[A-Za-z0-9](?:\.?[A-Za-z0-9_-])*"
REPOSITORY = re.compile(rf"{_PART}/{_PART}")
REVISION = re.compile(r"[0-9a-f]{40}")
# The slug of a collection follows its title, letters of any script and emoji too.
_TITLE = r"[^\x00-\x20\x7f/\\?#%&<>\"'`{|}]{1,200}"
COLLECTION = re.compile(rf"{_PART}/(?:(?:{_TITLE})?-)?(?P<hex>[0-9a-f]{{24}})")
SHORT_COLLECTION = re.compile(rf"{_PART}/{_SLUG}")

_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_AT_A_REVISION = frozenset({"blob", "tree", "resolve", "raw", "commit"})

# First words that are the Hub's own pages, so that /WORD/x is no model of WORD's.
_RESERVED = frozenset(
    """about api blog brand buckets changelog chat code-of-conduct collections content-guidelines
    course datasets docs endpoints enterprise front inference inference-api inference-endpoints
    inference-providers jobs join kernels languages learn login logout metrics models new
    new-dataset new-space notifications oauth organizations papers password_reset playground posts
    pricing privacy search settings signup spaces storage subscribe support tasks terms-of-service
    transformers""".split()  # noqa: SIM905 - a list of words reads best as words
)
# Second words that are pages of a profile (/OWNER/models) or of an old one-part name (/gpt2/blob/…).
_PAGES = frozenset(
    """activity blob collections commit commits datasets discussions edit embed followers following
    likes models papers raw resolve settings spaces tree upload viewer""".split()  # noqa: SIM905
)


def identify(url: SplitResult) -> Target | None:
    """What a split http(s) URL names; None where its host is not Hugging Face's.

    A target without an upstream is a page, a placeholder or a name that the Hub cannot have.
    """
    if url.netloc.lower() not in _HOSTS:
        return None
    parts = url.path.removeprefix("/").removesuffix("/").split("/")
    first, rest = parts[0].lower(), parts[1:]
    if {".", ".."} & set(re.split(r"[/\\]", unquote(url.path))):
        return Target(NAME)
    if first == "papers":
        return _paper(rest)
    if first == "collections":
        return _collection(rest)
    if first in ("datasets", "spaces"):
        return _repository(first, rest)
    return Target(NAME) if first in _RESERVED else _repository("models", parts)


def _paper(parts: Sequence[str]) -> Target:
    """Hugging Face's page of a paper is the arXiv paper."""
    found = paper(parts[0]) if parts else None
    if found is None:
        return Target(NAME)
    name, version = found
    return Target("arxiv", Upstream(f"arxiv:{name}", name), version)


def _collection(parts: Sequence[str]) -> Target:
    """A collection is its trailing 24 hex digits, for the slug follows the title."""
    name = unquote("/".join(parts[:2]))
    if match := COLLECTION.fullmatch(name):
        return Target(NAME, Upstream(f"{NAME}:collections/{match['hex']}", f"collections/{name}"))
    if SHORT_COLLECTION.fullmatch(name):
        return Target(NAME, Upstream(f"{NAME}:collections/{name.lower()}", f"collections/{name}"))
    return Target(NAME)


def _repository(kind: str, parts: Sequence[str]) -> Target:
    """OWNER/NAME and whatever follows it; a revision of 40 hex digits pins it."""
    if len(parts) < 2:  # noqa: PLR2004 - an owner and a name
        return Target(NAME)
    owner, name, *rest = parts
    name = name.removesuffix(".git")
    if name.lower() in _PAGES or not REPOSITORY.fullmatch(f"{owner}/{name}"):
        return Target(NAME)
    upstream = Upstream(f"{NAME}:{kind}/{owner.lower()}/{name.lower()}", f"{kind}/{owner}/{name}")
    match rest:
        case [word, revision, *_] if word in _AT_A_REVISION and REVISION.fullmatch(
            revision.lower()
        ):
            return Target(NAME, upstream, revision.lower())
    return Target(NAME, upstream)
