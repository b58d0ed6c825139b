"""An article as LaTeXML writes it, and arXiv serves it at `/html/IDvN`, read as a paper.

The classes are those of LaTeXML's own stylesheet; its ids count for nothing. Does not fetch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from bs4 import BeautifulSoup, Tag

from tracker.papers.document import Figure, Paper, Part, Section, Table, Unreadable, with_parts
from tracker.papers.words import plain

_LARGEST = 40_000_000  # bytes
_TAGS = 300_000
_DEPTH = 200
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "source", "embed"}
_COLUMNS = 50  # that a cell may span
_HEADING = re.compile(
    r"\bltx_title_(part|chapter|section|appendix|subsection|subsubsection|paragraph|subparagraph|"
    r"bibliography|acknowledgements)\b"
)
_LEVELS = {"subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5}
_KINDS: dict[str, Part] = {"bibliography": "references", "acknowledgements": "acknowledgements"}
_NOISE = (
    "button, script, style, nav, footer, .ltx_ERROR, .ltx_tag_equation, .ltx_tag_item, "
    ".ltx_note_mark, .ltx_rdf, .ltx_pagination, .ltx_TOC"
)
_ALTTEXT = re.compile(r'\balttext="([^"]*)"')
_NUMERIC = re.compile(r"[\[\](){}\s\d,;\u2013-]*")
_MARKUP: tuple[tuple[str, str], ...] = (
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


def read(html: bytes) -> Paper:
    """The paper. `Unreadable` for what is no LaTeXML article, or stops half way."""
    if len(html) > _LARGEST:
        raise Unreadable("the HTML is too large")
    if html.startswith(b"%PDF-"):
        raise Unreadable("it is a PDF, no HTML")
    text = html.decode("utf-8", "replace")
    if "ltx_document" not in text:
        raise Unreadable("the HTML is no article of LaTeXML")
    if "</article>" not in text or "</html>" not in text[-2000:].lower():
        raise Unreadable("the HTML stops half way")
    text = _without(_formulas(text), "svg")
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


def _formulas(text: str) -> str:
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


def _without(text: str, name: str) -> str:
    kept, start, close = [], 0, f"</{name}>"
    while (at := text.find(f"<{name}", start)) >= 0 and (end := text.find(close, at)) >= 0:
        kept.append(text[start:at])
        start = end + len(close)
    return "".join([*kept, text[start:]])


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
        title, authors = _taken(article, ".ltx_title_document"), _authors(article)
        abstract = _taken(article, ".ltx_abstract .ltx_title", ".ltx_abstract")
        references = len(article.select(".ltx_bibitem"))
        for one in article.select(".ltx_biblist, .ltx_authors, .ltx_dates, .ltx_keywords"):
            one.extract()
        notes = [_text(one) for one in article.select(".ltx_note_content")]
        for one in article.select(".ltx_note"):
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
            label, caption = _caption(one)
            found = [_table(grid, label, caption) for grid in _outermost(one)]
            found = [table for table in found if table.rows]  # the others place pictures
            if "ltx_table" in _classes(one):
                self.tables += found or [Table(label, caption)]
            else:
                self.tables += found
                self.figures.append(Figure(label, caption))
            one.extract()
        for grid in _outermost(article):
            self.tables.append(_table(grid, "", ""))
            grid.extract()

    def _walk(self, article: Tag) -> None:
        """Headings, paragraphs and displayed formulas, in order."""
        title, level, kind = "", 1, "body"
        for one in article.find_all(["p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "div"]):
            names = " ".join(_classes(one))
            if found := _HEADING.search(names):
                self._section(title, level, _KINDS.get(kind, "body"))
                for tag in one.select(".ltx_tag"):
                    tag.extract()
                title, level, kind = _text(one), _LEVELS.get(found[1], 1), found[1]
            elif one.name == "p" or "ltx_equation" in names or "ltx_listingline" in names:
                self._paragraph(one)
            elif "ltx_acknowledgements" in names and not one.find("p"):
                own = [str(child) for child in one.find_all(string=True, recursive=False)]
                self._section(title, level, _KINDS.get(kind, "body"))
                title, level, kind = "Acknowledgements", 1, "acknowledgements"
                self.paragraphs = [plain(" ".join(own))]
        self._section(title, level, _KINDS.get(kind, "body"))

    def _paragraph(self, one: Tag) -> None:
        if text := _text(one):
            self.paragraphs.append(text)

    def _section(self, title: str, level: int, kind: Part) -> None:
        """Close the section whose paragraphs were gathered."""
        if title or self.paragraphs:
            self.sections.append(Section(title, level, tuple(self.paragraphs), kind))
        self.paragraphs = []


def _classes(one: Tag) -> list[str]:
    return one.get_attribute_list("class")


def _text(one: Tag) -> str:
    return plain(one.get_text())


def _taken(article: Tag, *where: str) -> str:
    """The text of the last of these, all of which leave the tree."""
    text = ""
    for selector in where:
        one = article.select_one(selector)
        text = _text(one) if one else ""
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


def _caption(one: Tag) -> tuple[str, str]:
    """What a float is called, and what its own caption says (not those of its panels)."""
    captions = [each for each in one.find_all("figcaption") if each.find_parent("figure") is one]
    if not captions:
        return "", ""
    tag = captions[-1].select_one(".ltx_tag")
    label = _text(tag.extract()).rstrip(":. ") if tag else ""
    return label, _text(captions[-1])


def _outermost(one: Tag) -> list[Tag]:
    """The tables in it; one within a cell breaks that cell's lines."""
    grids = one.select(".ltx_tabular")
    return [grid for grid in grids if grid.find_parent(class_="ltx_tabular") is None]


def _table(grid: Tag, label: str, caption: str) -> Table:
    rows, heads, body = [], 0, False
    for row in grid.select(".ltx_tr, tr"):
        if row.find_parent(class_="ltx_tabular") is not grid:
            continue
        cells = row.find_all(["td", "th", "span"], class_="ltx_td", recursive=False)
        cells = cells or row.find_all(["td", "th"], recursive=False)
        values: list[str] = []
        for cell in cells:
            values += [_text(cell)] + [""] * (_span(cell) - 1)
        column = [cell for cell in cells if "ltx_th_row" not in _classes(cell)]
        head = row.find_parent("thead") is not None or (
            bool(column) and all("ltx_th_column" in _classes(cell) for cell in column)
        )
        body = body or not head
        heads += not body
        if any(values):
            rows.append(tuple(values))
    return Table(label, caption, tuple(rows), min(heads, len(rows)) if heads else 1)


def _span(cell: Tag) -> int:
    span = str(cell.get("colspan", "1"))
    return min(int(span), _COLUMNS) if re.fullmatch("[0-9]{1,3}", span) else 1
