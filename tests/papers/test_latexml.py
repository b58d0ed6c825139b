from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import paper
from typeset import html

from tracker.papers import latexml
from tracker.papers.document import Paper, Table, Unreadable

_PAGE = '<html><body><article class="ltx_document">{}</article></body></html>'


def _read(body: str) -> Paper:
    return latexml.read(_PAGE.format(body).encode())


def _paragraph(inner: str) -> str:
    return (
        _read(f'<div class="ltx_para"><p class="ltx_p">{inner}</p></div>').sections[0].paragraphs[0]
    )


def test_a_whole_paper():
    made = paper(3)
    read = latexml.read(html(made))
    assert read.title == made.title
    assert read.authors == tuple(made.authors)
    assert len(read.tables) == len(made.tables)
    assert len(read.figures) == len(made.pictures)
    assert read.references == len(made.works)
    body = [
        (one.title, one.level)
        for one in read.sections
        if one.part == "body" and one.title != "Footnotes"
    ]
    assert body == [(one.title, one.level) for one in made.parts]
    assert [one.part for one in read.sections if one.part != "body"] == [
        "acknowledgements",
        "references",
    ]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        pytest.param(
            'at <math alttext="91.6\\%" id="m"><mn>91.6</mn></math>.', "at 91.6%.", id="formula"
        ),
        pytest.param(
            'so <cite class="ltx_cite">[<a href="#bib.bib3">3</a>, 4]</cite> far',
            "so far",
            id="citation",
        ),
        pytest.param(
            '<cite class="ltx_cite">Lee et al. (<a>2020</a>)</cite> say',
            "Lee et al. (2020) say",
            id="names",
        ),
        pytest.param(
            'one<button class="sr-only button">Report issue</button> two', "one two", id="button"
        ),
        pytest.param(
            '<math alttext="\\sqrt{d%\n_{h}}">…</math>', "sqrtd_h", id="source of several lines"
        ),
        pytest.param(
            '82.1<math alttext="{}^{\\dagger}">…</math>', "82.1", id="mark of a note in a formula"
        ),
        pytest.param("e\ufb03cient\n  use", "efficient use", id="ligature and line"),
        pytest.param(
            'x <math alttext="a<b&quot;">…</math>', 'x a<b"', id="formula that looks like markup"
        ),
    ],
)
def test_a_paragraph(inner, text):
    assert _paragraph(inner) == text


def test_a_footnote_does_not_break_its_sentence():
    note = '<span class="ltx_note"><sup class="ltx_note_mark">1</sup><span class="ltx_note_outer"><span class="ltx_note_content">Aside.</span></span></span>'
    read = _read(f'<p class="ltx_p">We{note} show it.</p>')
    assert [one.paragraphs for one in read.sections] == [("We show it.",), ("Aside.",)]


@pytest.mark.parametrize(
    ("body", "sections"),
    [
        pytest.param(
            '<div class="ltx_abstract"><p>We say it.<span class="ltx_note"><sup class="ltx_note_mark">7</sup>'
            '<span class="ltx_note_content"><span class="ltx_tag ltx_tag_note">7</span>Aside.</span></span></p></div>',
            [("Footnotes", ("Aside.",))],
            id="of a note in the abstract",
        ),
        pytest.param(
            '<div class="ltx_listingline"><span class="ltx_tag ltx_tag_listingline">7:</span>draw one</div>',
            [("", ("draw one",))],
            id="of a line",
        ),
        pytest.param(
            '<p>It is.</p><div class="ltx_authors"><span class="ltx_note"><span class="ltx_note_content">'
            "Equal.</span></span></div>",
            [("", ("It is.",))],
            id="of an author",
        ),
    ],
)
def test_marks_are_left_out(body, sections):
    assert [(one.title, one.paragraphs) for one in _read(body).sections] == sections


def test_a_table():
    cells = "".join(f'<td class="ltx_td">{cell}</td>' for cell in ("GSM8K", "91.6"))
    inner = '<table class="ltx_tabular"><tr class="ltx_tr"><td class="ltx_td">of a cell</td></tr></table>'
    read = _read(
        '<p>x</p><figure class="ltx_table" id="S4.T1"><figcaption class="ltx_caption"><span class="ltx_tag">Table 1: </span>'
        'Results.</figcaption><table class="ltx_tabular"><thead><tr class="ltx_tr"><th class="ltx_td ltx_th">Test</th>'
        f'<th class="ltx_td ltx_th" colspan="2">{inner}</th></tr></thead><tbody><tr class="ltx_tr">{cells}</tr></tbody></table></figure>'
    )
    assert read.tables == (
        Table("Table 1", "Results.", (("Test", "of a cell", "of a cell"), ("GSM8K", "91.6")), 1),
    )


def _grid(*rows: str) -> Table:
    body = "".join(f'<tr class="ltx_tr">{row}</tr>' for row in rows)
    return _read(
        '<p>x</p><figure class="ltx_table"><table class="ltx_tabular"><tbody class="ltx_tbody">'
        f"{body}</tbody></table></figure>"
    ).tables[0]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        pytest.param("12", [("Table 1", "It is 1."), ("Table 2", "It is 2.")], id="as many"),
        pytest.param("123", [("", "It is 1. It is 2. It is 3.")] * 2, id="nobody tells which"),
    ],
)
def test_tables_side_by_side_have_their_own_captions(names, found):
    """LaTeXML puts all captions of a float first, and the last one once more at its end."""
    captions = [
        f'<figcaption><span class="ltx_tag">Table {name}: </span>It is {name}.</figcaption>'
        for name in names
    ]
    grid = '<table class="ltx_tabular"><tr class="ltx_tr"><td class="ltx_td">x</td></tr></table>'
    body = f"{''.join(captions)}<div>{grid}</div><div>{grid}</div>{captions[-1]}"
    read = _read(f'<p>x</p><figure class="ltx_table">{body}</figure>')
    assert [(one.label, one.caption) for one in read.tables] == found


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        pytest.param(
            [
                '<th class="ltx_td" rowspan="2">Math</th><td class="ltx_td">GSM8K</td><td class="ltx_td">1</td>',
                '<td class="ltx_td">MATH</td><td class="ltx_td">2</td>',
                '<td class="ltx_td" colspan="2">Mean</td><td class="ltx_td">3</td>',
            ],
            (("Math", "GSM8K", "1"), ("Math", "MATH", "2"), ("Mean", "Mean", "3")),
            id="rows and columns",
        ),
        pytest.param(
            [
                '<td class="ltx_td">A</td><td class="ltx_td" rowspan="2">1</td>',
                '<td class="ltx_td">B</td>',
            ],
            (("A", "1"), ("B", "1")),
            id="the last column",
        ),
        pytest.param(
            ['<td class="ltx_td" rowspan="0" colspan="x">A</td><td class="ltx_td">1</td>'],
            (("A", "1"),),
            id="spans of nothing",
        ),
    ],
)
def test_a_cell_that_spans_others_stands_in_each(rows, cells):
    assert _grid(*rows).rows == cells


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "no article", id="empty"),
        pytest.param(
            b"<html><body><h1>No HTML for this paper</h1></body></html>",
            "no article",
            id="arXiv's 404",
        ),
        pytest.param(b"%PDF-1.5 \xe2", "a PDF", id="PDF"),
        pytest.param(html(paper(1))[:20_000], "half way", id="stops half way"),
        pytest.param(_PAGE.format("").encode(), "no text", id="without text"),
        pytest.param(b"x" * 40_000_001, "too large", id="too large"),
    ],
)
def test_what_cannot_be_read(data, reason):
    with pytest.raises(Unreadable, match=reason):
        latexml.read(data)


@pytest.mark.parametrize(
    "body", ["<span>" * 5_000 + "</span>" * 5_000, "<b></b>" * 200_000], ids=["deep", "many"]
)
def test_more_tags_than_a_paper_has_are_not_read(body):
    with pytest.raises(Unreadable, match="too many tags"):
        _read(body)


@settings(max_examples=50, deadline=None)
@given(st.text("<>/=\"'&! abc[]--?", max_size=200), st.binary(max_size=50))
def test_no_bytes_raise_anything_else(inside, raw):
    for data in (_PAGE.format(f"<p>{inside}</p>").encode(), raw, _PAGE.encode() + raw):
        with suppress(Unreadable):
            assert isinstance(latexml.read(data), Paper)
