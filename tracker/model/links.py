"""What a post says: links, and the upstreams that they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Upstream:
    """What a link names, whatever its spelling.

    `key` is permanent and the only thing compared: `arxiv:2501.08313`, `github:owner/name`,
    `github:owner/name/blob/REF/PATH`, `huggingface:models/owner/name`,
    `huggingface:collections/24HEX`. `name` is the same in the link's own spelling, without the
    kind, and is what to ask for: a lower-case key would cost a redirect at Hugging Face, and a
    collection is asked for by owner and slug.
    """

    key: str
    name: str = field(compare=False)

    @property
    def kind(self) -> str:
        """The source's name: `arxiv`, `github` or `huggingface`."""
        return self.key.partition(":")[0]


@dataclass(frozen=True)
class Target:
    """What a source makes of a URL: which upstream it names, if any, and the version it pins.

    `asked` is False where nothing can ever change (a file at a commit, a release's own page).
    """

    kind: str
    upstream: Upstream | None = None
    pinned: str | None = None
    asked: bool = True


@dataclass(frozen=True)
class Unit:
    """What holds a link and stands for a report where a section holds many: a list item, a table
    row or a paragraph, by its span in bytes. `outer` is the list item around it, if any."""

    type: Literal["item", "row", "paragraph"]
    start: int
    end: int
    outer: Unit | None = None


@dataclass(frozen=True)
class Link:
    """A link as a renderer would show it: its address, its words and where it stands.

    `line` is 1-based; `start` and `end` are byte offsets of the whole construct. `target` is
    None for a host that no source knows. `own` tells a report's own links (in its heading, or in
    a line that begins with a link) from citations; in a list each unit's links are its own. `unit`
    is None where the section is the unit. `image`: it is shown, and leads nowhere.
    """

    url: str
    label: str
    line: int
    start: int
    end: int
    target: Target | None = None
    own: bool = False
    unit: Unit | None = None
    image: bool = False

    @property
    def upstream(self) -> Upstream | None:
        """The upstream it names, or None."""
        return self.target.upstream if self.target else None

    @property
    def pinned(self) -> str | None:
        """The version it pins (`v2`, a commit, a tag), or None."""
        return self.target.pinned if self.target else None

    @property
    def watched(self) -> bool:
        """Whether there is anything to ask about it."""
        return bool(self.target and self.target.upstream and self.target.asked)
