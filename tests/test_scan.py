"""Sources that cannot be edited: their links are watched, nothing is written into them."""

import pytest
from conftest import at
from facts import read
from test_notes import PAPER, refresh
from test_notes import paper as versions

A, B, C = (f"https://arxiv.org/abs/2501.0730{n}" for n in (1, 2, 3))

TYPST = f"""\
#set document(title: "Notes (updated on 01/22/2025)")
= LLM notes
// see {C}
/* and
{C} */
== Qwen2.5 (12/19/2024)
- #link("{A}")[pdf], #link("https://huggingface.co/Qwen/Qwen2.5-7B")[model]
- as in #link("{B}")[that] and {B}.
"""
HTML = f"""\
<!-- <a href="{C}">no</a> -->
<h2 id="x">Qwen2.5 &amp; <b>more</b></h2>
<ul><li><a href="{A}">pdf</a>, <a href='https://huggingface.co/Qwen/Qwen2.5-7B?x=1&amp;y=2'>m</a></li>
<li>As in <a href={B}>that</a>.</li></ul>
"""
NOTEBOOK = f"""\
{{"cells": [{{"cell_type": "markdown", "source": [
    "## Qwen2.5\\n",
    "- [pdf]({A}), [m](https://huggingface.co/Qwen/Qwen2.5-7B)\\n",
    "- as in [that]({B})\\n",
    "x = \\"{B}\\"\\n"
]}}]}}
"""
MODEL = "huggingface:models/qwen/qwen2.5-7b"
KEYS = {A: "arxiv:2501.07301", B: "arxiv:2501.07302"}

SOURCES = {
    "notes.typ": (TYPST, "Qwen2.5", [(7, A, True), (7, MODEL, True), (8, B, False), (8, B, False)]),
    "notes.html": (HTML, "Qwen2.5 & more", [(3, A, True), (3, MODEL, True), (4, B, False)]),
    "notes.ipynb": (NOTEBOOK, "Qwen2.5", [(3, A, True), (3, MODEL, True), (4, B, False), (5, B, False)]),
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES)
def test_addresses_are_found_in_other_languages(path):
    """With their lines and their sections; comments hold none."""
    text, name, expected = SOURCES[path]
    post = read(text, path)
    found = [(k.line, k.upstream.key, k.own) for k in post.links]
    assert found == [(line, KEYS.get(url, url), own) for line, url, own in expected]
    assert [r.name for r in post.reports if r.links] == [name]
    assert not post.editable


@pytest.mark.parametrize("path", SOURCES)
def test_their_changes_are_entries_and_no_lines(path):
    """The source stays as it is, byte for byte."""
    text = SOURCES[path][0]
    first = {PAPER: versions({"v1": "2025-01-13"})}
    _, ledger, _ = refresh(text, first, now=at("2025-02-01"), path=path)
    both = {PAPER: versions({"v1": "2025-01-13", "v2": "2025-06-05"})}
    _, ledger, decided = refresh(text, both, ledger, path=path)
    assert decided.posts == {}
    assert [(c.kind, c.new, c.significance) for c in ledger.changes] == [("revised", "v2", "major")]


def test_the_baseline_is_what_the_source_says_of_itself():
    """As in the title of a post."""
    (mark,) = read(TYPST, "notes.typ").front.updated
    assert str(mark.day) == "2025-01-22"
    assert read(HTML, "notes.html").front.updated == ()


TEX = r"""
\section{Notes} % https://arxiv.org/abs/2501.07303
\url{https://huggingface.co/o/a\_b} and \href{https://github.com/o/r/blob/main/a\%20b.pdf}{pdf}
"""


def test_latex_escapes_are_read():
    """As what they stand for."""
    keys = [k.upstream.key for k in read(TEX, "notes.tex").links]
    assert keys == ["huggingface:models/o/a_b", "github:o/r/blob/main/a%20b.pdf"]
