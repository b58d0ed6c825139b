"""Text on GitHub's pages: nothing that upstream wrote notifies, links, closes or draws anything."""

import pytest

from tracker.actions.markup import bold, code, fence, heading, said

HARMLESS = [
    "The OLMo 2 paper was revised on 2025-10-08: arXiv v3 follows v2 of 2025-01-15.",
    "DeepSeek_V3.pdf was deleted from deepseek-ai/DeepSeek-V3; links to it answer 404.",
    "TÜLU 3 (2411.15124), “quoted”, 90.5 → 91.2 & more, 50 %, it's",
]
LIVE = [
    "by @everyone",
    "fixes #1",
    "closes GH-12",
    "o/r#1",
    "https://evil.example/",
    "www.evil.example",
    "![x](http://evil.example/x.png)",
    "</details>",
    "<script>",
    "&lt;b&gt;",
    "a `b` c",
    "*a*",
    "_a_",
    "~~a~~",
    "a | b",
    "$x$",
    "\\",
    ":tada:",
    "[a]: b",
    "deadbeef1234",
    "- a",
    "1. a",
    "=",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_words_stand_as_they_are(text):
    """Readable where nothing in it is live."""
    assert said(text) == text


@pytest.mark.parametrize("text", LIVE)
def test_live_text_is_a_code_span(text):
    """Entities and backslashes would not stop what GitHub looks for in rendered text."""
    assert said(text).startswith("`")
    assert said(text).strip("` ") in text
    assert "`" in bold(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("a\nb", "`a b`"),
        ("", "`-`"),
        ("a\u202eb", "`ab`"),
    ],
)
def test_a_code_span_cannot_be_ended(text, span):
    """Its ticks are longer than any within."""
    assert code(text) == span


@pytest.mark.parametrize(
    ("lines", "ticks"),
    [(["a"], 3), (["```", "a"], 4), (["x ````` y"], 6), (["a\n```\nb"], 4), ([], 3)],
    ids=["plain", "a fence", "five ticks", "a fence within a line", "nothing"],
)
def test_a_fence_cannot_be_ended(lines, ticks):
    """The lines within are as they were."""
    first, *within, last = fence(lines, "diff")
    assert (first, last) == ("`" * ticks + "diff", "`" * ticks)
    assert "\n".join(within) == "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("OLMo 2 v3", "OLMo 2 v3"),
        ("@everyone fixes #1", "everyone fixes 1"),
        ("closes GH-1", "closes gh 1"),
        ("g@h-1", "gh 1"),
        ("<b>`x`", "bx"),
        ("https://a", "httpsa"),
        ("fixes https:/@/a", "fixes httpsa"),
        (":://///a", ":a"),
    ],
)
def test_a_title_becomes_a_commits_message(text, bare):
    """There is no code span in it, so what is live is left out."""
    assert heading(text) == bare
