"""The words of a few values, the one error, and the address of a key."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "revised",
    "released",
    "published",
    "withdrawn",
    "items added",
    "items removed",
    "moved",
    "archived",
    "gone",
    "back",
]
Significance = Literal["major", "normal", "minor"]
Standing = Literal["there", "withdrawn", "archived", "moved", "gone"]
Basis = Literal["version", "blob", "tree", "release", "tag", "commit", "revision", "items"]


class TrackerError(Exception):
    """Something the user must mend: one line that names file, place and remedy."""


def page(key: str) -> str:
    """The web address of what a key names; empty where only its source can tell it."""
    kind, _, rest = key.partition(":")
    if kind == "arxiv":
        return f"https://arxiv.org/abs/{rest}"
    if kind == "github":
        return f"https://github.com/{rest}"
    if kind == "huggingface":
        return f"https://huggingface.co/{rest.removeprefix('models/')}"
    return ""
