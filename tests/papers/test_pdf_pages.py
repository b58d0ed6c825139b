"""What TeX sets on pages is read as what it is, wherever it floats."""

from __future__ import annotations

from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from tracker.papers import pdf as pdfs
from tracker.papers.document import Paper

_TEXT = [
    "We describe in this part how the models were trained, and on",
    "which text. It took three weeks on a cluster of our own, and all",
    "of the runs ended well. We release the weights, the data and the",
    "code, so that others may repeat what we did and find more of it.",
]
_PROSE = " ".join(_TEXT)


def _heading(number: str, title: str, size: float = 14) -> list:
    return [24, ("Times-Bold", size, [(72, number), (100, title)]), 20]


def _prose(lines=_TEXT) -> list:
    return [piece for line in lines for piece in (("Times-Roman", 10, [(72, line)]), 12)]


def _rows(rows, size: float = 10) -> list:
    cells = [list(zip((150, 260, 340, 420), row, strict=False)) for row in rows]
    return [10, *(piece for row in cells for piece in (("Times-Roman", size, row), 14))]


def _caption(text: str) -> list:
    return [("Times-Roman", 10, [(150, text)]), 14]


def _read(*pages: list) -> Paper:
    """Pages of lines in a font, of cells at places; a number moves down."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    pages = (
        [("Times-Roman", 17, [(120, "A Report on Everything That We Did")]), 30, *pages[0]],
        *pages[1:],
    )
    for number, page in enumerate(pages):
        height = 720.0
        for piece in page:
            if isinstance(piece, int):
                height -= piece
                continue
            font, size, cells = piece
            canvas.setFont(font, size)
            for left, text in cells:
                canvas.drawString(left, height, text)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(300, 40, str(number + 1))
        canvas.showPage()
    canvas.save()
    return pdfs.read(out.getvalue())


_ROWS = (("Test", "Ours", "Theirs"), ("GSM8K", "91.6", "80.1"), ("MATH", "58.4", "50.2"))


def _floats(page: int) -> list:
    return [*_caption(f"Table {page}: What we found in run {page}."), *_rows(_ROWS)]


def test_a_caption_on_top_of_every_page_is_no_running_head():
    read = _read(
        *([*_floats(at), *_heading(str(at), f"Part {'ABC'[at]}"), *_prose()] for at in range(3))
    )
    assert [one.label for one in read.tables] == ["Table 0", "Table 1", "Table 2"]


@pytest.mark.parametrize("size", [pytest.param(10, id="as large"), pytest.param(14, id="larger")])
def test_a_heading_below_a_table_is_none_of_its_rows(size):
    table = [*_caption("Table 1: Results."), *_rows(_ROWS, size)]
    read = _read(
        [*_heading("1", "Method"), *_prose(), 20, *table, *_heading("2", "Data"), *_prose()]
    )
    assert [one.title for one in read.sections] == ["Method", "Data"]
    assert [one.rows for one in read.tables] == [_ROWS]


def test_names_of_authors_are_no_sections():
    front = [
        ("Times-Roman", 12, [(120, "Ada Lovelace"), (250, "Charles Babbage")]),
        20,
        ("Times-Roman", 12, [(200, "8 October 2025")]),
        30,
        ("Times-Bold", 9, [(280, "Abstract")]),
        14,
    ]
    read = _read([*front, *_prose(), *_heading("1", "Method"), *_prose()])
    assert read.title == "A Report on Everything That We Did"
    assert read.abstract == _PROSE
    assert [(one.title, one.part) for one in read.sections] == [
        ("Authors", "authors"),
        ("Method", "body"),
    ]


def test_a_table_of_contents_over_two_pages():
    def entries(*titles):
        return [
            piece
            for at, title in titles
            for piece in (("Times-Bold", 10, [(72, f"{at} {title}"), (520, str(at))]), 16)
        ]

    note = ("Times-Roman", 8, [(72, "This is a note on the title of it.")])
    read = _read(
        [*_heading("", "Contents"), *entries((1, "Method"), (2, "Data")), 40, note],
        [*entries((3, "Results")), *_floats(1), *_heading("1", "Method"), *_prose()],
        [*_heading("2", "Data"), *_prose(), *_heading("3", "Results"), *_prose()],
    )
    body = [one.title for one in read.sections if one.part == "body"]
    assert body == ["Method", "Data", "Results"]
    assert [one.rows for one in read.tables] == [_ROWS]


def test_an_algorithm_does_not_break_the_sentence_that_it_floats_in():
    steps = [
        piece
        for line in ("Algorithm 1 Sampling", "1: draw many answers", "2: keep the best")
        for piece in (("Times-Bold" if "A" in line else "Times-Roman", 10, [(72, line)]), 12)
    ]
    read = _read([*_heading("1", "Method"), *_prose(_TEXT[:2]), 20, *steps, 20, *_prose(_TEXT[2:])])
    told = [(one.title, one.paragraphs) for one in read.sections]
    assert told == [
        ("Method", (_PROSE,)),
        ("Algorithms", ("Algorithm 1 Sampling", "1: draw many answers", "2: keep the best")),
    ]


def test_headings_and_captions_in_capitals():
    head = [20, ("Times-Roman", 9, [(250, "II. RELATED WORK")]), 20]
    table = [*_caption("TABLE I"), ("Times-Roman", 8, [(150, "WHAT WE FOUND.")]), *_rows(_ROWS)]
    read = _read([*_heading("1", "Method"), *_prose(), *head, *_prose(), 30, *table])
    assert [one.title for one in read.sections] == ["Method", "RELATED WORK"]
    assert [(one.label, one.caption, one.rows) for one in read.tables] == [
        ("Table I", "WHAT WE FOUND.", _ROWS)
    ]


def test_an_exponent_keeps_its_sign():
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    line = canvas.beginText(72, 700)
    for text, size, rise in (("The rate is 10", 10, 0), ("-5", 7, 4), (" in " + _PROSE, 10, 0)):
        line.setFont("Times-Roman", size)
        line.setRise(rise)
        line.textOut(text)
    canvas.drawText(line)
    canvas.save()
    read = pdfs.read(out.getvalue())
    assert "The rate is 10^-5 in" in (read.abstract or read.sections[0].paragraphs[0])
