"""What a key names: its source, type and name, its short name for people, and its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from tracker.model import Change
from tracker.words.upstream_text import identifier

_SOURCES = {"arxiv": "arXiv", "github": "GitHub", "huggingface": "Hugging Face"}
_HOSTS = {"arxiv": "arxiv.org", "github": "github.com", "huggingface": "huggingface.co"}
_GITHUB_TYPES = {"blob": "file", "tree": "folder"}
_HUGGINGFACE_TYPES = {
    "models": "model",
    "datasets": "dataset",
    "spaces": "space",
    "collections": "collection",
}


# A name that goes on before or after is another one.
_BEFORE = re.compile(r"[\w.-]\Z", re.ASCII)
_AFTER = re.compile(r"[\w-]", re.ASCII)


@dataclass(frozen=True)
class Named:
    """What a key names: its source, its type (`paper`, `file`, `model`, …), the owner's and its
    own name as far as known, and its path in a repository."""

    source: str
    type: str
    owner: str
    name: str
    path: str = ""

    @property
    def whole(self) -> str:
        """`owner/name`, or the name alone where there is no owner."""
        return f"{self.owner}/{self.name}" if self.owner else self.name

    @property
    def file(self) -> str:
        """The last part of the path, where it can stand plain; else a word for it."""
        return identifier(unquote(self.path.rsplit("/", 1)[-1])) or f"a {self.type}"

    @property
    def pdf(self) -> bool:
        """Whether it is a file that says it is a PDF."""
        return self.type == "file" and self.path.lower().endswith(".pdf")

    @property
    def site(self) -> str:
        """The source's name as people write it."""
        return _SOURCES.get(self.source) or identifier(self.source) or "the source"


def named(key: str, *spellings: str) -> Named:
    """Read a key; `spellings` are texts (a URL, a title) that may spell its name with capitals."""
    source, _, rest = key.partition(":")
    parts = rest.split("/")
    if source == "arxiv":
        return Named(source, "paper", "", identifier(rest) or "a paper")
    if source == "github" and len(parts) > 1:
        owner, name = _spelled("/".join(parts[:2]), spellings)
        kind = _GITHUB_TYPES.get(parts[2], "file") if len(parts) > 3 else "repository"  # noqa: PLR2004 - owner, name, kind, ref
        return Named(source, kind, owner, name, "/".join(parts[3:]))
    if source == "huggingface" and parts[0] in _HUGGINGFACE_TYPES and len(parts) > 1:
        owner, name = _spelled("/".join(parts[1:]), spellings)
        return Named(source, _HUGGINGFACE_TYPES[parts[0]], owner, name)
    return Named(source, "link", "", identifier(unquote(rest)) or "a link")


def label(key: str, *spellings: str) -> str:
    """A short name for people: `arXiv 2412.19437`, `github.com/o/r`, a file's or a model's name."""
    thing = named(key, *spellings)
    if thing.type == "paper":
        return f"arXiv {thing.name}"
    if thing.type == "repository":
        return f"github.com/{thing.whole}"
    if thing.type in ("file", "folder"):
        return thing.file
    return "Hugging Face collection" if thing.type == "collection" else thing.name


def place(key: str, *spellings: str) -> str:
    """Where a key's page is, without the scheme: `github.com/o/n`, `huggingface.co/o/n`."""
    return address(key, *spellings).removeprefix("https://") or label(key, *spellings)


def address(key: str, *spellings: str) -> str:
    """The https address of what a key names, built from its parts; empty for a kind unknown here."""
    thing = named(key, *spellings)
    source, _, rest = key.partition(":")
    if source not in _HOSTS or thing.type == "link":
        return ""
    if thing.type == "paper":
        path = f"abs/{rest}"
    elif source == "github":
        kind = {"file": "blob/", "folder": "tree/"}.get(thing.type, "")
        path = f"{thing.whole}/{kind}{thing.path}".rstrip("/")
    else:
        path = {"model": ""}.get(thing.type, f"{thing.type}s/") + thing.whole
    return f"https://{_HOSTS[source]}/{quote(path, safe='/%@+~')}"


def _spelled(name: str, spellings: tuple[str, ...]) -> tuple[str, str]:
    for text in spellings:
        if found := _as_spelled(name, text):
            name = found
            break
    owner, _, rest = name.rpartition("/")
    return identifier(owner), identifier(rest) or "a page"


def _as_spelled(name: str, text: str) -> str:
    """A name as a text spells it, where it stands there by itself; else an empty string."""
    lower, wanted, at = text.lower(), name.lower(), -1
    if len(lower) != len(text):
        return ""  # a letter that is longer in lower case: places would not be the same
    while (at := lower.find(wanted, at + 1)) >= 0:
        end = at + len(name)
        if not _BEFORE.search(text[max(at - 1, 0) : at]) and not _AFTER.match(text, end):
            return text[at:end]
    return ""


def thing_of(change: Change) -> Named:
    """What a change is of."""
    # A move's URL is the new address: only the title spells the old name.
    spellings = (change.title,) if change.kind == "moved" else (change.url, change.title)
    return named(change.upstream, *spellings)
