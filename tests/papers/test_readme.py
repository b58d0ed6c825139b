"""A Markdown file is read as a paper: what a reader would call its headings, texts and tables."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.papers import readme
from tracker.papers.document import Paper, Table, Unreadable


def read(text: str) -> Paper:
    return readme.read(text.encode())


def texts(text: str) -> list[str]:
    """All paragraphs, whatever their section."""
    return [one for section in read(text).sections for one in section.paragraphs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\nb\n\nc", ["a b", "c"], id="paragraphs"),
        pytest.param("It has **14.8**T, `x` and [a](b).", ["It has 14.8T, x and a."], id="inline"),
        pytest.param("- a\n  - b\n    - c\n- d", ["a", "b", "c", "d"], id="nested list"),
        pytest.param("- a a\n  - a", ["a a", "a"], id="a list that repeats itself"),
        pytest.param("1. a\n\n   more\n2. b", ["a", "more", "b"], id="loose list"),
        pytest.param("- [ ] weights\n- [x] code", ["[ ] weights", "[x] code"], id="task list"),
        pytest.param("> a\n>> b\n\nc", ["a", "b", "c"], id="quotes"),
        pytest.param("```py\na = 1\n\nb = 2\n```\nc", ["a = 1", "b = 2", "c"], id="code by lines"),
        pytest.param("a  \nb<br>c", ["a b c"], id="line breaks"),
        pytest.param("a <!-- b --> c\n\n<!-- d", ["a c"], id="comments"),
        pytest.param(
            '<div align="center"><b>a</b> b<p>c</div>\n\nd', ["a b", "c", "d"], id="HTML blocks"
        ),
        pytest.param("<details><summary>a</summary>\n\nb\n\n</details>", ["a", "b"], id="details"),
        pytest.param("<script>a</script><style>b</style>\n\nc", ["c"], id="unseen HTML"),
        pytest.param("write <think> and <title> first", ["write and first"], id="unknown tags"),
        pytest.param("</p></table></h1></pre></style>a\n\nb", ["a", "b"], id="ends alone"),
        pytest.param("a\n\n<div>b", ["a", "b"], id="HTML without end"),
        pytest.param("![badge](x)\n\na", ["a"], id="picture"),
        pytest.param("e\ufb03cient &amp; 5\0 &#xD800;", ["efficient & 5 \ufffd"], id="odd"),
        pytest.param("<![CDATA[ a <!DOCTYPE b <?php c", [], id="broken declaration"),
    ],
)
def test_paragraphs(text, expected):
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a", [("", 1, "body")], id="none"),
        pytest.param("", [], id="empty"),
        pytest.param(
            "a\n# B\n## C\nd", [("", 1, "body"), ("B", 1, "body"), ("C", 2, "body")], id="#"
        ),
        pytest.param("B\n=\n\nC\n-\n", [("B", 1, "body"), ("C", 2, "body")], id="underlined"),
        pytest.param("<h2 align=center>A <i>b</i></h2>\n\nc", [("A b", 2, "body")], id="HTML"),
        pytest.param("<h1><center>A</center></h1>\n\nb", [("A", 1, "body")], id="block in it"),
        pytest.param("<h1>A\n\nb", [("A", 1, "body")], id="without end"),
        pytest.param("# A\n\nb</h1>", [("A", 1, "body")], id="ends alone"),
        pytest.param("### `a` **b**", [("a b", 3, "body")], id="inline"),
        pytest.param("> # A\n> b", [("A", 1, "body")], id="in a quote"),
        pytest.param(
            "# A\n# B\n# Acknowledgements\n# References",
            [
                ("A", 1, "body"),
                ("B", 1, "body"),
                ("Acknowledgements", 1, "acknowledgements"),
                ("References", 1, "references"),
            ],
            id="back matter",
        ),
    ],
)
def test_headings(text, expected):
    assert [(one.title, one.level, one.part) for one in read(text).sections] == expected


ROWS = (("Test", "Ours"), ("GSM8K", "91.6"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("|Test|Ours|\n|-|-|\n|GSM8K|**91.6**|", [Table("R", "", ROWS, 1)], id="pipes"),
        pytest.param(
            "<table><tr><th>Test<th>Ours<tr><td>GSM8K<td>91.6</table>",
            [Table("R", "", ROWS, 0)],
            id="HTML without ends",
        ),
        pytest.param(
            "<table><thead><tr><td>Test</td><td><p>Ours</p></td></tr></thead>\n"
            "<tr><td>GSM8K</td><td>\n\n91.6\n\n</td></tr></table>",
            [Table("R", "", ROWS, 1)],
            id="blocks in cells",
        ),
        pytest.param(
            "<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>",
            [Table("R", "", (("a",), ("b", "c", "d")), 0)],
            id="a table in a cell",
        ),
        pytest.param("| | |\n|-|-|\n|a|b|", [Table("R", "", (("a", "b"),), 0)], id="empty header"),
        pytest.param("<table>\n<tr><td>a", [Table("R", "", (("a",),), 0)], id="without end"),
        pytest.param("<table></table>", [], id="empty"),
        pytest.param("<td>a</td>", [], id="a cell alone"),
    ],
)
def test_tables_are_called_as_their_section_is(text, expected):
    assert list(read(f"# R\n\n{text}").tables) == expected


def test_a_table_is_no_paragraph():
    assert texts("a\n\n|b|\n|-|\n|c|\n\nd") == ["a", "d"]


@pytest.mark.parametrize(
    ("front", "left"),
    [
        ("---\ntags:\n- a\n---\n", []),
        ("---\r\nlicense: mit\r\n# a: b\r\n---\r\n", []),
        ("\ufeff---\nlicense: mit\n---\n", []),
        ("---\n---\n", []),
        ("---\n# a comment\n\nlicense: mit\n---\n", []),
        ("---\nlicense: mit\n---", None),
        ("---\n\nHello\n\n---\n", ["Hello"]),
        ("---\nlicense: mit\n", ["license: mit"]),
        ("", []),
    ],
    ids=["front", "CRLF", "BOM", "empty", "comment", "alone", "a rule", "unclosed", "none"],
)
def test_front_matter_is_no_text(front, left):
    assert texts(front if left is None else f"{front}\nText.") == (
        [] if left is None else [*left, "Text."]
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"\xff\xfea", "no UTF-8 text"),
        ("Größe".encode("latin-1"), "no UTF-8 text"),
        (b"a" * ((1 << 20) + 1), "a Markdown file of over a megabyte"),
    ],
    ids=["UTF-16", "Latin-1", "too long"],
)
def test_what_cannot_be_read(source, reason):
    with pytest.raises(Unreadable, match=reason):
        readme.read(source)


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000,
        "- " * 100_000,
        "[" * (1 << 20),
        "**_" * 30_000,
        "<div>" * 50_000,
        "<table><tr><td>" * 20_000,
        "<" * 200_000,
        '<a x="' * 50_000,
        "<!--" * 250_000,
        "\n\n<![a" * 50_000,
        "`" * (1 << 20),
        "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "|b" * 20_000,
    ],
    ids=lambda text: text.strip()[:12],
)
def test_no_nesting_is_too_deep(text):
    """Nothing is climbed, and nothing searched for again and again: it ends."""
    assert isinstance(read(text), Paper)


@settings(max_examples=60, deadline=None)
@given(st.text("<>/=\"'&! a[]--?#|`*\n", max_size=200), st.binary(max_size=40))
def test_no_bytes_raise_anything_else(text, raw):
    for data in (text.encode(), raw, text.encode() + raw):
        with suppress(Unreadable):
            assert isinstance(readme.read(data), Paper)
