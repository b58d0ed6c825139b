"""An article as LaTeXML writes it, and arXiv serves it at `/html/IDvN`, read as a paper.

The classes are those of LaTeXML's own stylesheet; its ids count for nothing. Does not fetch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from tracker.papers.document import Figure, Paper, Part, Section, Table, Unreadable, with_parts
from tracker.papers.formulas import with_sources, without
from tracker.papers.tabulars import classes, outermost, table, text_of
from tracker.papers.words import plain

_LARGEST = 40_000_000  # bytes
_TAGS = 300_000
_DEPTH = 200
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "source", "embed"}
_HEADING = re.compile(
    r"\bltx_title_(part|chapter|section|appendix|subsection|subsubsection|paragraph|subparagraph|"
    r"bibliography|acknowledgements)\b"
)
_LEVELS = {"subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5}
_KINDS: dict[str, Part] = {"bibliography": "references", "acknowledgements": "acknowledgements"}
_NOISE = (
    "button, script, style, nav, footer, .ltx_ERROR, .ltx_tag_equation, .ltx_tag_item, "
    ".ltx_tag_listingline, .ltx_tag_note, .ltx_note_mark, .ltx_note_type, .ltx_rdf, "
    ".ltx_pagination, .ltx_TOC, .ltx_authors .ltx_note"
)
_NUMERIC = re.compile(r"[\[\](){}\s\d,;\u2013-]*")


def read(data: bytes) -> Paper:
    """The paper. `Unreadable` for what is no LaTeXML article, or stops half way."""
    if len(data) > _LARGEST:
        raise Unreadable("the HTML is too large")
    if data.startswith(b"%PDF-"):
        raise Unreadable("it is a PDF, no HTML")
    text = data.decode("utf-8", "replace")
    if "ltx_document" not in text:
        raise Unreadable("the HTML is no article of LaTeXML")
    if "</article>" not in text or "</html>" not in text[-2000:].lower():
        raise Unreadable("the HTML stops half way")
    text = without(with_sources(text), "svg")
    _check_size(text)
    try:
        soup = BeautifulSoup(text, "html.parser")
    except (AssertionError, RecursionError, ValueError):  # html.parser on broken declarations
        raise Unreadable("the HTML is broken") from None
    article = soup.find("article", class_="ltx_document")
    if article is None:
        raise Unreadable("the HTML is no article of LaTeXML")
    return _Reader().read(article)


def _check_size(text: str) -> None:
    """A tree costs a hundred times its text, and a deep one is climbed again and again."""
    depth = 0
    for count, tag in enumerate(_TAG.finditer(text)):
        depth += 0 if tag[2].lower() in _VOID else -1 if tag[1] else 1
        if count > _TAGS or depth > _DEPTH:
            raise Unreadable("the HTML has too many tags")


@dataclass
class _Reader:
    """What was found so far, in the order of the text."""

    sections: list[Section] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def read(self, article: Tag) -> Paper:
        """What an article holds. What is taken leaves the tree, so that nothing is read twice."""
        for one in article.select(_NOISE):
            one.extract()
        for one in article.find_all("cite"):
            if _NUMERIC.fullmatch(one.get_text()):
                one.extract()
        notes = [text_of(one.extract()) for one in article.select(".ltx_note .ltx_note_content")]
        for one in article.select(".ltx_note"):
            one.extract()
        title, authors = _taken(article, ".ltx_title_document"), _authors(article)
        abstract = _taken(article, ".ltx_abstract .ltx_title", ".ltx_abstract")
        references = len(article.select(".ltx_bibitem"))
        for one in article.select(".ltx_biblist, .ltx_authors, .ltx_dates, .ltx_keywords"):
            one.extract()
        self._floats(article)
        self._walk(article)
        if notes:
            self.paragraphs = notes
            self._section("Footnotes", 1, "body")
        if not self.sections and not abstract:
            raise Unreadable("the HTML has no text")
        sections, tables, figures = with_parts(self.sections), self.tables, self.figures
        return Paper(title, authors, abstract, sections, tuple(tables), tuple(figures), references)

    def _floats(self, article: Tag) -> None:
        """Take tables and figures out; what is a listing or an algorithm stays text."""
        for one in article.select("figure.ltx_table, figure.ltx_figure"):
            if one.find_parent("figure", class_=["ltx_table", "ltx_figure"]):
                continue
            for label, caption, grids in _captions(one):
                found = [made for grid in grids if (made := table(grid, label, caption)).rows]
                self.tables += found  # without rows a grid places pictures
                if "ltx_table" not in classes(one):
                    self.figures.append(Figure(label, caption))
                elif not found:
                    self.tables.append(Table(label, caption))
            one.extract()
        for grid in outermost(article):
            self.tables.append(table(grid, "", ""))
            grid.extract()

    def _walk(self, article: Tag) -> None:
        """Headings, paragraphs and displayed formulas, in order."""
        title, level, kind = "", 1, "body"
        for one in article.find_all(["p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "div"]):
            names = " ".join(classes(one))
            if found := _HEADING.search(names):
                self._section(title, level, _KINDS.get(kind, "body"))
                for tag in one.select(".ltx_tag"):
                    tag.extract()
                title, level, kind = text_of(one), _LEVELS.get(found[1], 1), found[1]
            elif one.name == "p" or "ltx_equation" in names or "ltx_listingline" in names:
                self._paragraph(one)
            elif "ltx_acknowledgements" in names and not one.find("p"):
                own = [str(child) for child in one.find_all(string=True, recursive=False)]
                self._section(title, level, _KINDS.get(kind, "body"))
                title, level, kind = "Acknowledgements", 1, "acknowledgements"
                self.paragraphs = [plain(" ".join(own))]
        self._section(title, level, _KINDS.get(kind, "body"))

    def _paragraph(self, one: Tag) -> None:
        if text := text_of(one):
            self.paragraphs.append(text)

    def _section(self, title: str, level: int, kind: Part) -> None:
        """Close the section whose paragraphs were gathered."""
        if title or self.paragraphs:
            self.sections.append(Section(title, level, tuple(self.paragraphs), kind))
        self.paragraphs = []


def _taken(article: Tag, *where: str) -> str:
    """The text of the last of these, all of which leave the tree."""
    text = ""
    for selector in where:
        one = article.select_one(selector)
        text = text_of(one) if one else ""
        if one:
            one.extract()
    return text


def _authors(article: Tag) -> tuple[str, ...]:
    """Names as far as they can be told from addresses: the first line of each."""
    found = []
    for one in article.select(".ltx_authors .ltx_personname"):
        for mark in one.select(".ltx_sup, sup"):
            mark.replace_with(" ")
        for end in one.find_all("br"):
            end.replace_with("\n")
        first = next((line for line in one.get_text().strip().splitlines() if line.strip()), "")
        found += [plain(name) for name in re.split(r",|&|\band\b", first) if name.strip()]
    return tuple(found)


def _captions(one: Tag) -> list[tuple[str, str, list[Tag]]]:
    """What a float is called, what its own caption says (not those of its panels), and its tables.
    Where several stand side by side, their captions come first, and the last one once more."""
    own = [each for each in one.find_all("figcaption") if each.find_parent("figure") is one]
    told = list(dict.fromkeys(map(_caption, own))) or [("", "")]
    grids = outermost(one)
    if len(told) == 1:
        return [(*told[0], grids)]
    if grids and len(told) != len(grids):  # nobody tells which is whose
        return [("", " ".join(caption for _, caption in told), grids)]
    held = [[grid] for grid in grids] or [[] for _ in told]
    return [(*caption, tables) for caption, tables in zip(told, held, strict=True)]


def _caption(one: Tag) -> tuple[str, str]:
    tag = one.select_one(".ltx_tag")
    label = text_of(tag.extract()).rstrip(":. ") if tag else ""
    return label, text_of(one)
