"""A PDF read as a paper, by PDFium. Does not fetch, and runs nothing that is in it.

PDFium is what Chrome shows PDFs with, BSD and Apache licensed. pdfminer.six, the other library that
tells where words stand, takes two and a half times as long: too long for 100 pages twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium

from tracker.papers.document import Figure, Paper, Section, Table, Unreadable, with_parts
from tracker.papers.grids import rows
from tracker.papers.lines import Line, lines
from tracker.papers.margins import body_size, without_margins
from tracker.papers.roles import CAPTION, NUMBER, Role, roles
from tracker.papers.words import plain

_LARGEST = 100_000_000  # bytes
_PAGES = 500
_TEXT = 6_000_000  # characters
_SCANNED = 40  # characters a page, of which a scan has fewer
_ALONE = Lock()  # PDFium serves one thread at a time
_BULLET = re.compile(r"[\u2022\u25cf\u25aa\u2023\u25e6\u00b7*]\s+")
_END = re.compile(r"[.!?:][\"')\]\u2019\u201d]*$")
_ABSTRACT = re.compile(r"abstract\s*[\u2014\u2013:.-]*\s*", re.I)
_LISTED = re.compile(r"\[\d{1,4}\]|\d{1,4}\.\s")
_GAP = 1.65  # sizes between base lines, more than which ends a paragraph
_INDENT = 0.7  # of the size
_FLUSH = 0.8  # of the lines at the left: then entries do not hang out
_APPENDIX = re.compile(r"([A-Z])(\.\d{1,2}){0,3}[.:]?\s+(?=[A-Z])")


def read(data: bytes) -> Paper:
    """The paper. `Unreadable` for what is no PDF, encrypted, broken, scanned or too large."""
    if len(data) > _LARGEST:
        raise Unreadable("the PDF is too large")
    if b"%PDF-" not in data[:1024]:
        html = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        raise Unreadable("it is HTML, no PDF" if html else "it is no PDF")
    with _ALONE:
        found = _lines(data)
    found = without_margins(found)
    return _paper(found, roles(found))


def _lines(data: bytes) -> list[Line]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Unreadable("the PDF is encrypted" if locked else "the PDF is broken") from None
    try:
        pages = len(document)
        if pages > _PAGES:
            raise Unreadable(f"the PDF has more than {_PAGES} pages")
        found: list[Line] = []
        size = 0
        for number in range(pages):
            page = lines(document, number)
            size += sum(len(line.text) for line in page)
            if size > _TEXT:
                raise Unreadable("the PDF has too much text")
            found += page
    except pypdfium2.PdfiumError:
        raise Unreadable("the PDF is broken") from None
    finally:
        document.close()
    if size < _SCANNED * pages or not found:
        raise Unreadable("the PDF has no text: it may be scanned")
    return found


def _paper(found: list[Line], kinds: list[Role]) -> Paper:
    start, title = _title(found, kinds)
    abstract, sections, references = _text(found, kinds, start)
    tables, figures = [], []
    for index, kind in enumerate(kinds):
        if kind == "table":
            tables.append(_table(found, kinds, index))
        elif kind == "figure":
            figures.append(Figure(*_caption(found, kinds, index)))
    parts = with_parts(sections)
    return Paper(title, (), abstract, parts, tuple(tables), tuple(figures), references)


def _title(found: list[Line], kinds: list[Role]) -> tuple[int, str]:
    """Where the text goes on after the title, and the title: the first lines in the largest size of
    the first page, if larger than the text."""
    first = [line for line in found if line.page == found[0].page]
    size = max(line.size for line in first)
    if size <= 1.1 * body_size(found):
        return 0, ""
    at = next(index for index, line in enumerate(first) if line.size == size)
    end = at
    while end < len(first) and first[end].size == size and kinds[end] == "heading" and end - at < 5:  # noqa: PLR2004
        end += 1
    return end, _joined(found[at:end])


def _joined(found: list[Line]) -> str:
    """Lines as one text. A hyphen at the end of one goes where the word goes on in small letters."""
    text = ""
    for line in found:
        more = line.text
        if text.endswith("-") and len(text) > 1 and text[-2].isalpha():
            text = (text[:-1] if more[:1].islower() else text) + more
        elif text.endswith("-") and text[-2:-1].isdigit():
            text += more
        else:
            text += f" {more}"
    return plain(text)


def _caption(found: list[Line], kinds: list[Role], index: int) -> tuple[str, str]:
    end = index + 1
    while end < len(found) and kinds[end] == "more":
        end += 1
    text = _joined(found[index:end])
    told = CAPTION.match(text)
    if not told:
        return "", text
    name = "Table" if kinds[index] == "table" else "Figure"
    return f"{name} {told[2]}", text[told.end() :]


def _table(found: list[Line], kinds: list[Role], index: int) -> Table:
    label, caption = _caption(found, kinds, index)
    below = index + 1
    while below < len(found) and kinds[below] == "more":
        below += 1
    above = index
    while above > 0 and kinds[above - 1] == "row":
        above -= 1
    end = below
    while end < len(found) and kinds[end] == "row":
        end += 1
    held = found[below:end] or found[above:index]
    return Table(label, caption, rows(held)) if held else Table(label, caption)


def _text(found: list[Line], kinds: list[Role], start: int) -> tuple[str, list[Section], int]:
    """The abstract, the sections, and how many references are listed."""
    sections: list[Section] = []
    notes: list[Line] = []
    abstract, references = "", 0
    last = False
    for heading, held in _held(found, kinds, start, notes):
        title, level, late = _named(heading, late=last)
        if title.casefold() == "abstract":
            abstract = " ".join(_paragraphs(held))
        elif title.casefold() in ("references", "bibliography"):
            references, last = _listed(held), True
            sections.append(Section(title, level, (), "references"))
        elif title:
            sections.append(Section(title, level, tuple(_paragraphs(held))))
        elif not sections and held:
            abstract = _front(held, sections)
        last = last or late
    if notes:
        sections.append(Section("Footnotes", 1, tuple(_paragraphs(notes))))
    return abstract, sections, references


def _held(
    found: list[Line], kinds: list[Role], start: int, notes: list[Line]
) -> Iterator[tuple[list[Line], list[Line]]]:
    """Each heading with the lines of text below it; what is a note goes to the notes."""
    heading: list[Line] = []
    held: list[Line] = []
    for index in range(start, len(found)):
        line, kind = found[index], kinds[index]
        if kind == "heading":
            more = bool(heading) and not held and kinds[index - 1] == "heading"
            more = more and abs(line.size - found[index - 1].size) < 0.2  # noqa: PLR2004 - rounding
            if not more or NUMBER.match(line.text):
                yield heading, held
                heading, held = [], []
            heading.append(line)
        elif kind == "text":
            held.append(line)
        elif kind == "note":
            notes.append(line)
    yield heading, held


def _named(heading: list[Line], *, late: bool) -> tuple[str, int, bool]:
    """A heading without its number, its level, and whether it is an appendix's."""
    text = _joined(heading)
    numbered = _APPENDIX.match(text) if late or text.startswith("A ") else None
    numbered = numbered or NUMBER.match(text)
    if not numbered or (numbered[0].strip().isalpha() and not late):
        return text, 1, False
    level = numbered[0].strip().rstrip(".:").count(".") + 1
    return text[numbered.end() :], level, False


def _front(held: list[Line], sections: list[Section]) -> str:
    """What stands before any heading: names, then the abstract, which says so or is long."""
    at = next((at for at, line in enumerate(held) if _ABSTRACT.match(line.text)), len(held))
    names: list[str] = []
    texts = [_ABSTRACT.sub("", _joined(held[at:]), count=1)]
    for paragraph in _paragraphs(held[:at]):
        long = len(paragraph.split()) > 40 and _END.search(paragraph)  # noqa: PLR2004 - no address
        (texts if long else names).append(paragraph)
    if names:
        sections.append(Section("Authors", 1, tuple(names), "authors"))
    return " ".join(texts).strip()


def _paragraphs(held: list[Line]) -> list[str]:
    """Lines as paragraphs. A paragraph ends only with a sentence: a page, a column or a figure may
    break any."""
    found: list[list[Line]] = []
    for line in held:
        if not found or _begins(found[-1][-1], line):
            found.append([])
        found[-1].append(line)
    return [
        _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
        for text in map(_joined, found)
    ]


def _begins(above: Line, line: Line) -> bool:
    if _BULLET.match(line.text):
        return True
    if not _END.search(above.text):
        return False
    below = above.page == line.page and line.base < above.base
    gap = above.base - line.base > _GAP * line.size
    return below and (gap or line.left - above.left > _INDENT * line.size)


def _listed(held: list[Line]) -> int:
    """How many references: those with numbers, else the lines that hang out at a column's left."""
    if numbered := sum(bool(_LISTED.match(line.text)) for line in held):
        return numbered
    middle = (min(line.left for line in held) + max(line.right for line in held)) / 2 if held else 0
    lefts: dict[tuple[int, bool], float] = {}
    for line in held:
        column = line.page, line.left > middle
        lefts[column] = min(line.left, lefts.get(column, line.left))
    hung = sum(line.left < lefts[line.page, line.left > middle] + 3 for line in held)
    return hung if hung < _FLUSH * len(held) else len(_paragraphs(held))
