"""A section as HTML: kramdown's habits read right, nothing active, every address absolute."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publishing import OURS, TEXT, post

from tracker.publish import html

BASE = "https://example.org/blog/post.html"


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param(
            "> - a:\n    - b\n    - c\n> - d",
            "<ul><li>a:<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>",
            id="a nested list without its quote mark",
        ),
        pytest.param(
            "> - a\nlazy", "<ul><li>alazy</li></ul>", id="a lazy line stays with its item"
        ),
        pytest.param(
            "```\n> - a\n    - b\n```",
            "<pre><code>&gt; - a    - b</code></pre>",
            id="code is left as it is",
        ),
        pytest.param(
            r"$$h_{out} * \text{x} * a_{b}$$",
            r"<p>$$h_{out} * \text{x} * a_{b}$$</p>",
            id="math stays text",
        ),
        pytest.param("$5 and $6", "<p>$5 and $6</p>", id="prices stay text"),
        pytest.param("- TOC\n{:toc .toc}", "<ul><li>TOC</li></ul>", id="kramdown's attributes go"),
        pytest.param("~~a~~", "<p><del>a</del></p>", id="strikethrough"),
        pytest.param("|a|\n|-|\n|b|", "<td>b</td>", id="tables"),
        pytest.param("a[^1]\n\n[^1]: b", "<p>b</p>", id="footnotes"),
        pytest.param("<script>x</script><b>c</b>", "<b>c</b>", id="no script"),
        pytest.param("[x](javascript:alert(1))", "<p><a>x</a></p>", id="no active address"),
        pytest.param(
            "[x](/y)", '<a href="https://example.org/y">x</a>', id="an address from the root"
        ),
        pytest.param(
            "[x](y.html)", '<a href="https://example.org/blog/y.html">x</a>', id="a relative one"
        ),
        pytest.param(
            "[x](#y)", '<a href="https://example.org/blog/post.html#y">x</a>', id="a fragment"
        ),
    ],
)
def test_markdown_reads_as_its_author_meant_it(markdown: str, expected: str) -> None:
    shown = html.fragment(markdown, BASE).replace("\n", "").replace("<blockquote>", "")
    assert expected in shown


def test_a_section_is_its_text_without_heading_rule_and_the_trackers_lines() -> None:
    read = post()
    shown = [html.section(read, report, BASE) for report in read.reports]
    assert "three stages" in shown[0]
    assert "OLMo 2 (12/31/2024)" not in shown[0]
    assert "arxiv.org/pdf/2501.00656v3" in OURS
    assert "2501.00656v3" not in shown[0]
    assert "<hr>" not in shown[1]
    assert "Deepseek-V3" not in shown[1]


def test_a_subsection_belongs_to_its_section() -> None:
    text = "## A\n\n- [pdf](https://arxiv.org/abs/2501.00656)\n\n### Details\n\nmore\n\n## B\n\nb\n"
    read = post(text, "posts/x.md")
    assert "more" in html.section(read, read.reports[0], BASE)
    assert "<p>b</p>" not in html.section(read, read.reports[0], BASE)


def test_the_example_holds_what_is_tested_here() -> None:
    assert "    - **filtered**" in TEXT


@given(st.text(alphabet=st.sampled_from("ab<>\"'&/=:;!-[]()`*_$#\n >|~{}onclicksrt"), max_size=200))
def test_nothing_active_comes_through(text: str) -> None:
    tags = re.findall(r"<[^>]*>", html.fragment(text, BASE))
    assert not [tag for tag in tags if re.search(r"(?i)<script|\son\w+=|style=|class=", tag)]
