"""The nouns of what differs between two versions of a paper. Nothing here compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.papers.document import Figure, Part, Table


@dataclass(frozen=True)
class SectionChange:
    """A section that came, went, got another title (`old` is its former one) or another place."""

    kind: Literal["added", "removed", "renamed", "moved"]
    title: str
    level: int
    old: str = ""
    part: Part = "body"


@dataclass(frozen=True)
class NumberChange:
    """A number that changed, and where it stands: `where` is the new sentence, or the row and column
    of a cell (`GSM8K, Ours`); `section` is the section's title or what the table is called.

    `sure`: the sentence or cell is otherwise the same in both versions, and the only one of its kind.
    """

    old: str
    new: str
    where: str
    section: str
    cell: bool = False
    sure: bool = True
    part: Part = "body"


@dataclass(frozen=True)
class Run:
    """A piece of a text that stayed (`=`), went (`-`) or came (`+`)."""

    sign: Literal["=", "-", "+"]
    text: str


@dataclass(frozen=True)
class ParagraphChange:
    """Sentences of one paragraph that were reworded, came (`old` is empty) or went (`new` is), with
    their words as runs. `section` is its section's title, or what a table or figure is called."""

    section: str
    old: str
    new: str
    runs: tuple[Run, ...]
    part: Part = "body"


@dataclass(frozen=True)
class RowChange:
    """A row or a column of a table that came or went, by its header."""

    what: Literal["row", "column"]
    kind: Literal["added", "removed"]
    table: str
    name: str


@dataclass(frozen=True)
class Differences:
    """All that differs. Where it is another work, or shrank to nothing, the lists are empty.

    `title` is the old and the new one; `authors` are those who came and those who went. `cut`: there
    was more than is listed, for the text is all but another one.
    """

    title: tuple[str, str] | None = None
    authors: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    sections: tuple[SectionChange, ...] = ()
    numbers: tuple[NumberChange, ...] = ()
    paragraphs: tuple[ParagraphChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    tables_added: tuple[Table, ...] = ()
    tables_removed: tuple[Table, ...] = ()
    figures_added: tuple[Figure, ...] = ()
    figures_removed: tuple[Figure, ...] = ()
    references: tuple[int, int] = (0, 0)
    another_work: bool = False
    shrank: bool = False
    cut: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        texts = self.sections or self.numbers or self.paragraphs
        counted = self.references[0] != self.references[1]
        return not (self._floats or any(self.authors) or texts or counted)

    @property
    def only_back_matter(self) -> bool:
        """Whether something differs, and all of it is in the list of authors, the contributions,
        the acknowledgements or the references."""
        parts = {one.part for one in self.sections} | {one.part for one in self.numbers}
        parts |= {one.part for one in self.paragraphs}
        return not self.empty and not self._floats and "body" not in parts

    @property
    def _floats(self) -> bool:
        tables = self.rows or self.tables_added or self.tables_removed
        figures = self.figures_added or self.figures_removed
        return bool(tables or figures or self.title or self.another_work or self.shrank)
