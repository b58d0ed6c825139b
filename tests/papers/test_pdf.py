from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import paper
from printed import OTHER, PLAIN, TWO, pdf
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tracker.papers import pdf as pdfs
from tracker.papers.document import Paper, Unreadable


def _drawn(draw, pages: int = 1, **more) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1, **more)
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    "style",
    [
        pytest.param(PLAIN, id="one column"),
        pytest.param(TWO, id="two columns"),
        pytest.param(OTHER, id="ligatures"),
    ],
)
def test_a_whole_paper(style):
    made = paper(3)
    read = pdfs.read(pdf(made, style))
    assert read.title == made.title
    assert read.references == len(made.works)
    body = [
        (one.title, one.level)
        for one in read.sections
        if one.part == "body" and one.title != "Footnotes"
    ]
    assert body == [(one.title, one.level) for one in made.parts]
    assert sorted(one.caption for one in read.tables) == sorted(one.caption for one in made.tables)
    assert sorted(one.caption for one in read.figures) == sorted(
        one.caption for one in made.pictures
    )
    cells = {one.caption: (tuple(one.head), *map(tuple, one.rows)) for one in made.tables}
    assert {one.caption: one.rows for one in read.tables} == cells


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        pytest.param(
            ["We show that infor-", "mation is used."],
            "We show that information is used.",
            id="hyphen",
        ),
        pytest.param(
            ["We beat the old GPT-", "4 by far."],
            "We beat the old GPT-4 by far.",
            id="hyphen of a name",
        ),
        pytest.param(
            ["We ran it from 2020-", "2021 in all."],
            "We ran it from 2020-2021 in all.",
            id="hyphen of numbers",
        ),
    ],
)
def test_lines_become_text(lines, text):
    def draw(canvas):
        canvas.setFont("Times-Bold", 14)
        canvas.drawString(72, 700, "1 Introduction")
        canvas.setFont("Times-Roman", 10)
        for at, line in enumerate([*lines, "It is a long text that goes on for some time."]):
            canvas.drawString(72, 680 - 12 * at, line)

    assert pdfs.read(_drawn(draw)).sections[0].paragraphs[0].startswith(text)


def test_raised_marks_are_left_out_and_exponents_kept():
    def draw(canvas):
        line = canvas.beginText(72, 700)
        for text, size, rise in (
            ("It helps", 10, 0),
            ("12", 6, 4),
            (" as 10", 10, 0),
            ("6", 6, 4),
            (" runs show. " + "So it is. " * 6, 10, 0),
        ):
            line.setFont("Times-Roman", size)
            line.setRise(rise)
            line.textOut(text)
        canvas.drawText(line)

    read = pdfs.read(_drawn(draw))
    assert "It helps as 10^6 runs show." in (read.abstract or read.sections[0].paragraphs[0])


def _nothing(canvas):
    canvas.rect(10, 10, 500, 700, fill=1)


def _line(canvas):
    canvas.drawString(72, 700, "Some text that stands on this page and is long enough.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "no PDF", id="empty"),
        pytest.param(b"\n<!DOCTYPE html><html>Not found</html>", "HTML", id="HTML in disguise"),
        pytest.param(
            _drawn(_line, encrypt=StandardEncryption("secret")), "encrypted", id="encrypted"
        ),
        pytest.param(_drawn(_nothing, 3), "scanned", id="scanned"),
        pytest.param(b"%PDF-1.5\n" + b"garbage" * 100, "broken", id="broken"),
        pytest.param(_drawn(_line)[:300], "broken", id="stops half way"),
        pytest.param(b"%PDF-1.5\n" + bytes(100_000_000), "too large", id="too large"),
        pytest.param(_drawn(_line, 501), "more than 500 pages", id="too many pages"),
    ],
)
def test_what_cannot_be_read(data, reason):
    with pytest.raises(Unreadable, match=reason):
        pdfs.read(data)


_WHOLE = pdf(paper(2, sections=3))


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(_WHOLE)), st.integers(0, 40))
def test_no_bytes_raise_anything_else(raw, at, length):
    for data in (raw, b"%PDF-" + raw, _WHOLE[:at] + raw + _WHOLE[at + length :]):
        with suppress(Unreadable):
            assert isinstance(pdfs.read(data), Paper)
