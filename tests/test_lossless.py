"""Not one byte of the author's is harmed, whatever the document: our lines out, and it is the same."""

import re

import pytest
from conftest import at
from facts import paper, read
from hypothesis import event, given, settings
from hypothesis import strategies as st
from test_notes import refresh

from tracker import writing
from tracker.model import TrackerError

V1, V2 = {"v1": "2024-01-01"}, {"v1": "2024-01-01", "v2": "2025-06-05"}
PAPERS = st.integers(1, 9).map(lambda n: f"https://arxiv.org/abs/2401.0000{n}")
LINES = st.one_of(
    PAPERS.map("- [pdf]({})".format),
    PAPERS.map("  - nested, [pdf]({})".format),
    PAPERS.map("1. [pdf]({})".format),
    PAPERS.map("> - [pdf]({})".format),
    PAPERS.map("* [x]({}) [y](https://arxiv.org/abs/2401.00001)".format),
    PAPERS.map("\t- [pdf]({})".format),
    PAPERS.map("See [that]({}) for more.".format),
    PAPERS.map("| a | [pdf]({}) |".format),
    PAPERS.map("<li><a href='{}'>x</a></li>".format),
    st.sampled_from(
        [
            "# Title", "## Part", "### R (01/15/2025)", "Setext", "---", "===", "| a | b |",
            "|---|---|", "", "", "    code", "```", "<!-- x -->", "text", "> quote", "lazy",
            "{:toc}", "$$x$$", "\x0c", "[r]: https://arxiv.org/abs/2401.00003", "- [x][r]", "- [ ] t",
        ]
    ),
)  # fmt: skip
ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r"])
FRONT = st.sampled_from(
    [
        "",
        "\ufeffWords.\n\n",
        "---\ntitle: x\nlastmod: 2025-01-22\n---\n",
        "+++\nlastmod = 2025-01-22\n+++\n",
    ]
)


@st.composite
def documents(draw):
    """Markdown of all kinds of lines, line ends and front matters."""
    lines = draw(st.lists(st.tuples(LINES, ENDS), min_size=1, max_size=25))
    text = (draw(FRONT) or "Words.\n\n") + "".join(line + end for line, end in lines)
    return text[:-1] if draw(st.booleans()) and text.strip() else text


def answers(post, versions):
    """Every paper of a post in these versions."""
    keys = {k.upstream.key for k in post.links if k.watched and k.upstream.kind == "arxiv"}
    return {key: paper(versions, key) for key in keys}


def revise(text, *, items):
    """A document that was read, and read again when all its papers had a second version."""
    post = read(text)
    _, ledger, _ = refresh(text, answers(post, V1), now=at("2025-01-22T12:00:00"), items=items)
    return refresh(text, answers(post, V2), ledger, items=items)[:2]


def lines_of(text):
    """Lines with their ends, as (text, end)."""
    return re.findall(r"([^\r\n]*)(\r\n|\r|\n|\Z)", text)[: -1 if text[-1:] in "\r\n" else None]


def is_kept(before, after, ours):
    """Whether a text is another one with lines of ours, and blank ones above them, put in."""
    rest = iter(lines_of(after))
    for line, end in lines_of(before):
        for found, stop in rest:
            if found.replace("2025-11-22", "2025-01-22") == line and (stop == end or not end):
                break
            if found not in ours and found.strip(" >"):
                return False
        else:
            return False
    return all(found in ours or not found.strip(" >") for found, _ in rest)


@settings(max_examples=400, deadline=None)
@given(documents(), st.booleans())
def test_our_lines_taken_out_leave_the_document(text, items):
    """Byte for byte; and what is written once is not written again."""
    try:
        after, ledger = revise(text, items=items)
    except TrackerError as refusal:  # a text so broken that a line would change how it is read
        event(str(refusal))
        return
    event(f"{sum(s.written for s in ledger.stubs)} lines")
    assert is_kept(text, after, writing.lines_of(ledger.stubs))
    assert refresh(after, answers(read(text), V2), ledger, items=items)[0] == after


@pytest.mark.parametrize("items", [False, True], ids=["sections", "items"])
def test_real_documents(shared, items):
    """The same for the real ones."""
    for path in sorted((shared / "corpus").glob("[0-9]*")):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        after, ledger = revise(text, items=items)
        assert is_kept(text, after, writing.lines_of(ledger.stubs)), path
