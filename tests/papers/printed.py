"""A paper as a PDF: in one or two columns, with running heads, page numbers, footnotes, floats that
break paragraphs, hyphens at the ends of lines, and ligatures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import reportlab
from made import Made
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from typeset import numbering


@dataclass(frozen=True)
class Style:
    """How it looks. `anew` renumbers the citations."""

    page: tuple[float, float] = (612, 792)
    columns: int = 1
    size: float = 10
    font: str = "Times-Roman"
    bold: str = "Times-Bold"
    hyphens: int = 0  # one long word of so many may be broken
    ligatures: bool = False
    indent: float = 12  # or none, and space between paragraphs
    anew: int = 0
    above: bool = True  # captions of tables stand above them


PLAIN = Style(hyphens=2)
TWO = Style(columns=2, size=9, hyphens=1, anew=3, page=(595, 842))
OTHER = Style(
    size=11,
    font="Vera",
    bold="VeraBd",
    ligatures=True,
    indent=0,
    anew=5,
    page=(595, 842),
    hyphens=3,
    above=False,
)


def pdf(made: Made, style: Style = PLAIN) -> bytes:
    """Its bytes."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    return _Press(made, style).printed()


class _Press:
    def __init__(self, made: Made, style: Style) -> None:
        self.made, self.style, self.out = made, style, BytesIO()
        self.canvas = Canvas(self.out, pagesize=style.page, invariant=1)
        self.numbers, self.works = numbering(made, style.anew)
        self.dice = Random(style.anew)  # noqa: S311 - the same for the same seed
        self.waiting: list = []
        self.notes: list[list[str]] = []
        self.number, self.column = 1, 0
        self.section = ""
        self.lead = style.size * 1.2
        gap, margin = 20, 60
        self.wide = (style.page[0] - 2 * margin - gap * (style.columns - 1)) / style.columns
        self.lefts = [margin + at * (self.wide + gap) for at in range(style.columns)]
        self.y = style.page[1] - 72

    def printed(self) -> bytes:
        made, big = self.made, self.style.size * 1.7
        for line in self.lines(made.title, self.style.bold, big):
            self.draw(line, self.style.bold, big)
        self.draw(", ".join(made.authors))
        self.y -= self.lead
        self.heading("Abstract")
        self.paragraph(made.abstract)
        numbers = [0, 0]
        for index, part in enumerate(made.parts):
            numbers = [numbers[0] + 1, 0] if part.level == 1 else [numbers[0], numbers[1] + 1]
            self.heading(
                f"{'.'.join(str(n) for n in numbers[: part.level])} {part.title}", part.level
            )
            for at, paragraph in enumerate(part.paragraphs):
                self.paragraph(paragraph)
                if at == 0:
                    if index < len(made.notes):
                        self.note(index)
                    self.waiting += [
                        one for one in (*made.tables, *made.pictures) if one.part == part.id
                    ]
        self.heading("Acknowledgements")
        self.paragraph(made.thanks)
        self.heading("References")
        for at, work in enumerate(self.works, 1):
            for line in self.lines(f"[{at}] {work}"):
                self.draw(line)
        while self.waiting:
            self.turn()
        self.feet()
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()

    def cited(self, match: re.Match[str]) -> str:
        return "[" + ", ".join(str(self.numbers.get(int(n), 1)) for n in match[1].split(", ")) + "]"

    def text(self, text: str) -> str:
        text = re.sub(r"\[\[([\d, ]+)\]\]", self.cited, text)
        text = re.sub(r"<<t(\d)>>", r"\1", text)
        if self.style.ligatures:
            text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
        return text

    def lines(
        self, text: str, font: str = "", size: float = 0, indent: float = 0, wide: float = 0
    ) -> list[str]:
        font, size = font or self.style.font, size or self.style.size
        wide = wide or self.wide
        width = lambda words: pdfmetrics.stringWidth(words, font, size)  # noqa: E731
        found, line, room = [], "", wide - indent
        for word in self.text(text).split():
            more = f"{line} {word}".strip()
            if width(more) <= room:
                line = more
                continue
            cut = self.cut(word)
            if cut and width(f"{line} {cut[0]}") <= room:
                found.append(f"{line} {cut[0]}")
                line = cut[1]
            else:
                found.append(line)
                line = word
            room = wide
        return [*found, line]

    def cut(self, word: str) -> tuple[str, str] | None:
        if self.style.hyphens and "-" in word[2:-2] and "[" not in word:
            head, tail = word.split("-", 1)
            return f"{head}-", tail
        if (
            len(word) > 7
            and word.isalpha()
            and word.islower()
            and self.style.hyphens
            and not self.dice.randrange(self.style.hyphens)
        ):
            return f"{word[:4]}-", word[4:]
        return None

    def draw(self, line: str, font: str = "", size: float = 0, indent: float = 0) -> None:
        size = size or self.style.size
        if self.y - size < 90:
            self.turn()
        self.y -= size * 1.2
        self.canvas.setFont(font or self.style.font, size)
        self.canvas.drawString(self.lefts[self.column] + indent, self.y, line)

    def heading(self, text: str, level: int = 1) -> None:
        self.y -= self.lead * 0.7
        size = self.style.size * (1.2 if level == 1 else 1.0)
        if self.y < 130:
            self.turn()
        self.section = text
        for line in self.lines(text, self.style.bold, size):
            self.draw(line, self.style.bold, size)
        self.y -= self.lead * 0.3

    def paragraph(self, sentences: list[str]) -> None:
        indent = self.style.indent
        for at, line in enumerate(self.lines(" ".join(sentences), indent=indent)):
            self.draw(line, indent=indent if at == 0 else 0)
        if not indent:
            self.y -= self.lead * 0.5

    def note(self, index: int) -> None:
        self.notes.append(self.lines(self.made.notes[index], size=self.style.size * 0.8))

    def feet(self) -> None:
        size = self.style.size * 0.8
        y = 85.0
        for lines in self.notes:
            for line in lines:
                y -= size * 1.1
                self.canvas.setFont(self.style.font, size)
                self.canvas.drawString(self.lefts[self.column], y, line)
        self.notes = []

    def turn(self) -> None:
        """On to the next column or page, and what floats to its top."""
        self.feet()
        self.column += 1
        if self.column == self.style.columns:
            self.column = 0
            self.canvas.setFont(self.style.font, 9)
            self.canvas.drawCentredString(self.style.page[0] / 2, 30, str(self.number))
            head = self.made.title if self.number % 2 else self.section
            self.canvas.drawString(self.lefts[0], self.style.page[1] - 45, head[:70])
            self.canvas.showPage()
            self.number += 1
        self.y = self.style.page[1] - 72
        if self.waiting:
            one = self.waiting.pop(0)
            self.table(one) if hasattr(one, "rows") else self.picture(one)
            self.y -= self.lead * 1.5

    def table(self, one) -> None:
        label = f"Table {self.made.tables.index(one) + 1}: {one.caption}"
        if self.style.above:
            self.caption(label)
            self.y -= self.lead * 0.5
        columns = len(one.head)
        size = self.style.size * (0.9 if self.style.columns == 1 else 0.62)
        for row in (one.head, *one.rows):
            self.y -= size * 1.3
            self.canvas.setFont(self.style.font, size)
            for at, cell in enumerate(row):
                self.canvas.drawString(
                    self.lefts[self.column] + at * self.wide / columns, self.y, self.text(cell)
                )
        if not self.style.above:
            self.y -= self.lead * 0.5
            self.caption(label)

    def caption(self, text: str) -> None:
        for line in self.lines(text, size=self.style.size * 0.9):
            self.draw(line, size=self.style.size * 0.9)

    def picture(self, one) -> None:
        x, y = self.lefts[self.column], self.y
        self.canvas.setFont(self.style.font, 7)
        self.canvas.rect(x, y - 90, self.wide, 85)
        for at in range(5):
            self.canvas.drawString(x + 5, y - 15 - at * 15, str(at * 20))
        self.canvas.drawString(x + self.wide / 3, y - 85, "training steps")
        self.y -= 95
        self.caption(f"Figure {self.made.pictures.index(one) + 1}: {one.caption}")
