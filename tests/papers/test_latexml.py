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


def test_a_table():
    cells = "".join(f'<td class="ltx_td">{cell}</td>' for cell in ("GSM8K", "91.6"))
    inner = '<table class="ltx_tabular"><tr class="ltx_tr"><td class="ltx_td">of a cell</td></tr></table>'
    read = _read(
        '<p>x</p><figure class="ltx_table" id="S4.T1"><figcaption class="ltx_caption"><span class="ltx_tag">Table 1: </span>'
        'Results.</figcaption><table class="ltx_tabular"><thead><tr class="ltx_tr"><th class="ltx_td ltx_th">Test</th>'
        f'<th class="ltx_td ltx_th" colspan="2">{inner}</th></tr></thead><tbody><tr class="ltx_tr">{cells}</tr></tbody></table></figure>'
    )
    assert read.tables == (
        Table("Table 1", "Results.", (("Test", "of a cell", ""), ("GSM8K", "91.6")), 1),
    )


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
