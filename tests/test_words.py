"""The words for a change: what terminals, titles, summaries and details say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from conftest import at
from hypothesis import given
from hypothesis import strategies as st

from tracker import text, words
from tracker.model import Change, Item, Version
from tracker.words import names, upstream_text

SHA = "e06298d956cd92b952afd9a18c824cd9e5f69f3b"
PAPER = "arxiv:2501.00656"
PDF = "github:deepseek-ai/deepseek-v3/blob/main/DeepSeek_V3.pdf"
README = "github:o/r/blob/main/docs/README.md"
FOLDER = "github:o/r/tree/main/docs"
REPOSITORY = "github:o/r"
MODEL = "huggingface:models/minimaxai/minimax-text-01"
COLLECTION = "huggingface:collections/674117b93ab84e98afc72edc"
FILE_URL = f"https://github.com/deepseek-ai/DeepSeek-V3/blob/{SHA}/DeepSeek_V3.pdf"
COMMIT_URL = f"https://github.com/deepseek-ai/DeepSeek-V3/commit/{SHA}"
MODEL_URL = f"https://huggingface.co/MiniMaxAI/MiniMax-Text-01/commit/{SHA}"


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def change(upstream: str, kind: str, **values: object) -> Change:
    base = Change(
        id=f"{upstream}@x",
        upstream=upstream,
        kind=kind,
        significance="major",
        reports=("x",),
        old=None,
        new=None,
        url="",
        title="",
        found=day("2025-10-09"),
    )
    return replace(base, **values)


def models(count: int, kind: str = "model") -> tuple[Item, ...]:
    return tuple(Item(kind, f"o/name-{n}") for n in range(count))


REVISED = change(
    PAPER,
    "revised",
    old="v2",
    new="v3",
    released=day("2025-10-08"),
    old_released=day("2025-01-15"),
)
DELETED = change(
    PDF, "gone", old="0" * 40, url=COMMIT_URL, released=day("2025-03-16"), also="2412.19437v2"
)

TABLE = {
    "paper revised": (
        REVISED,
        "arXiv v3",
        "X: arXiv v2 → v3",
        "The X paper was revised on 2025-10-08: arXiv v3 follows v2 of 2025-01-15.",
    ),
    "paper, old and dates unknown": (
        change(PAPER, "revised", new="v3"),
        "arXiv v3",
        "X: arXiv v3",
        "The X paper was revised: arXiv v3 is new.",
    ),
    "paper that is only cited": (
        replace(REVISED, significance="minor", released=None, old_released=None),
        "arXiv v3",
        "X: arXiv v2 → v3",
        "The paper arXiv 2501.00656, which the notes on X cite, was revised: arXiv v3 follows v2.",
    ),
    "pdf replaced": (
        change(
            PDF, "revised", url=FILE_URL, released=day("2025-01-23"), also="2501.12948v2", new=SHA
        ),
        "new pdf; also on arXiv: 2501.12948v2",
        "X: new PDF on GitHub (2025-01-23)",
        "DeepSeek_V3.pdf was replaced on 2025-01-23 in deepseek-ai/DeepSeek-V3 on GitHub.",
    ),
    "other file replaced": (
        change(README, "revised", new=SHA),
        "new README.md",
        "X: new README.md on GitHub",
        "README.md was replaced in o/r on GitHub.",
    ),
    "folder changed": (
        change(FOLDER, "revised", new=SHA),
        "folder docs changed",
        "X: folder docs changed on GitHub",
        "The folder docs of o/r on GitHub changed.",
    ),
    "pdf deleted": (
        DELETED,
        "pdf deleted; successor arXiv 2412.19437v2",
        "X: PDF deleted from GitHub, now arXiv 2412.19437 (2025-03-16)",
        (
            "DeepSeek_V3.pdf was deleted from deepseek-ai/DeepSeek-V3 on 2025-03-16; "
            "links to it answer 404."
        ),
    ),
    "file gone without proof": (
        change(PDF, "gone", url="https://github.com/deepseek-ai/DeepSeek-V3"),
        "gone",
        "X: PDF gone from GitHub",
        "DeepSeek_V3.pdf is gone from deepseek-ai/DeepSeek-V3 on GitHub; links to it answer 404.",
    ),
    "model gone": (
        change(MODEL, "gone", url="https://huggingface.co/MiniMaxAI/MiniMax-Text-01"),
        "gone",
        "X: MiniMax-Text-01 gone from Hugging Face",
        "The model MiniMaxAI/MiniMax-Text-01 is gone from Hugging Face, or no longer public.",
    ),
    "paper gone": (
        change(PAPER, "gone"),
        "gone",
        "X: arXiv 2501.00656 is gone",
        "The paper arXiv 2501.00656 is gone from arXiv, or no longer public.",
    ),
    "release": (
        change(
            REPOSITORY,
            "released",
            basis="release",
            old="v1.0.0",
            new="v1.1.0",
            released=day("2025-10-05"),
        ),
        "release 1.1.0",
        "X: GitHub release 1.0.0 → 1.1.0",
        "o/r released 1.1.0 on 2025-10-05, after 1.0.0.",
    ),
    "tag": (
        change(REPOSITORY, "released", basis="tag", new="2.0"),
        "tag 2.0",
        "X: GitHub tag 2.0",
        "o/r was tagged 2.0.",
    ),
    "tag that could be markup": (
        change(REPOSITORY, "released", basis="release", new="<b>x</b>"),
        "new release",
        "X: new release on GitHub",
        "o/r released a new version.",
    ),
    "commits": (
        change(REPOSITORY, "revised", basis="commit", new=SHA, significance="minor"),
        "new commits",
        "X: new commits on GitHub",
        "o/r on GitHub has new commits.",
    ),
    "weights": (
        change(MODEL, "revised", url=MODEL_URL, parts=("card", "weights")),
        "new weights, card",
        "X: new weights and card of MiniMax-Text-01",
        "The model MiniMaxAI/MiniMax-Text-01 on Hugging Face got new weights and card.",
    ),
    "model, parts unknown": (
        change(MODEL, "revised", url=MODEL_URL, released=day("2025-02-18")),
        "new revision",
        "X: new revision of MiniMax-Text-01 (2025-02-18)",
        "The model MiniMaxAI/MiniMax-Text-01 on Hugging Face got a new revision on 2025-02-18.",
    ),
    "four more models": (
        change(
            COLLECTION,
            "items added",
            old="11 items",
            new="15 items",
            items=models(4),
            since=day("2025-01-22"),
        ),
        "4 more models",
        "X: 4 more models in the Hugging Face collection",
        (
            "The Hugging Face collection of X grew after 2025-01-22: 4 more models, "
            "15 items instead of 11."
        ),
    ),
    "one more dataset": (
        change(COLLECTION, "items added", items=models(1, "dataset")),
        "1 more dataset",
        "X: 1 more dataset in the Hugging Face collection",
        "The Hugging Face collection of X grew: 1 more dataset.",
    ),
    "mixed items": (
        change(COLLECTION, "items added", items=(*models(16), *models(1, "dataset"))),
        "17 more items",
        "X: 17 more items in the Hugging Face collection",
        "The Hugging Face collection of X grew: 17 more items.",
    ),
    "fewer, items not named": (
        change(COLLECTION, "items removed", old="11 items", new="9 items"),
        "2 fewer items",
        "X: 2 fewer items in the Hugging Face collection",
        "The Hugging Face collection of X shrank: 2 fewer items, 9 items instead of 11.",
    ),
    "withdrawn": (
        change(PAPER, "withdrawn", old="v1", new="v2", released=day("2025-03-01")),
        "withdrawn v2",
        "X: arXiv v2 withdrawn (2025-03-01)",
        (
            "The X paper was withdrawn from arXiv on 2025-03-01: v2 has no text, "
            "the last one with a text is v1."
        ),
    ),
    "published": (
        change(
            PAPER,
            "published",
            journal="Nature 645, 633-638 (2025)",
            doi="10.1038/s41586-025-09422-z",
        ),
        "published: Nature 645, 633-638 (2025)",
        "X: paper published, doi 10.1038/s41586-025-09422-z",
        "The X paper, arXiv 2501.00656, is now published, as doi 10.1038/s41586-025-09422-z.",
    ),
    "published, no doi": (
        change(PAPER, "published", new="Nature 645"),
        "published",
        "X: paper published",
        "The X paper, arXiv 2501.00656, is now published.",
    ),
    "moved": (
        change(REPOSITORY, "moved", old="o/r", new="github:o/n", url="https://github.com/O/N"),
        "moved to github.com/O/N",
        "X: r moved to github.com/O/N",
        "o/r has moved to github.com/O/N.",
    ),
    "moved dataset": (
        change("huggingface:datasets/o/d", "moved", new="huggingface:datasets/o/e"),
        "moved to huggingface.co/datasets/o/e",
        "X: d moved to huggingface.co/datasets/o/e",
        "The dataset o/d has moved to huggingface.co/datasets/o/e.",
    ),
    "archived": (
        change(REPOSITORY, "archived"),
        "archived",
        "X: o/r archived on GitHub",
        "o/r on GitHub was archived: it is read-only now.",
    ),
    "back": (
        change(PDF, "back", url=FILE_URL),
        "back",
        "X: PDF on GitHub is back",
        "DeepSeek_V3.pdf in deepseek-ai/DeepSeek-V3 is back on GitHub.",
    ),
    "a kind of upstream added later": (
        change("zenodo:12345", "revised", new="v2"),
        "new revision",
        "X: new revision of 12345",
        "12345 on zenodo got a new revision.",
    ),
}


@pytest.mark.parametrize(("told", "phrase", "title", "summary"), TABLE.values(), ids=TABLE.keys())
def test_every_kind_of_change_has_its_words(
    told: Change, phrase: str, title: str, summary: str
) -> None:
    assert words.phrase(told) == phrase
    assert words.title(told, "X") == title
    assert words.summary(told, "X") == summary


@pytest.mark.parametrize(
    ("released", "dated"),
    [
        pytest.param("2025-10-02", False, id="seven days before the find"),
        pytest.param("2025-10-01", True, id="eight days before"),
        pytest.param("2025-10-10", False, id="after the find"),
    ],
)
def test_a_title_is_dated_only_where_the_find_came_late(released: str, *, dated: bool) -> None:
    told = words.title(replace(REVISED, released=day(released)), "X")
    assert told.endswith(f" ({released})") is dated


def test_a_full_title_names_the_upstream() -> None:
    assert words.title(REVISED, "X", full=True) == "X: arXiv v2 → v3, arXiv 2501.00656"


def test_details_quote_the_authors_and_name_the_twin_and_the_last_copy() -> None:
    told = replace(
        DELETED,
        quote='Delete "old" pdf',
        also_title="DeepSeek-V3 Technical Report",
        last=Version("x", day("2024-12-26"), FILE_URL),
    )
    assert words.details(told) == (
        "The commit: \"Delete 'old' pdf\".",
        (
            'A successor is on arXiv, as "DeepSeek-V3 Technical Report": '
            "https://arxiv.org/abs/2412.19437v2"
        ),
        f"The last copy, of 2024-12-26: {FILE_URL}",
    )


def test_details_name_ten_items_at_most() -> None:
    told = words.details(change(COLLECTION, "items added", items=models(12)))
    assert told[0] == "Added: the model name-0."
    assert told[-1] == "And 2 more."
    assert len(told) == 11


def test_details_of_a_publication_tell_journal_and_doi() -> None:
    told = change(PAPER, "published", journal="Nature 645", doi="10.1038/s41586-025-09422-z")
    assert words.details(told) == (
        'The journal reference: "Nature 645".',
        "The published version: https://doi.org/10.1038/s41586-025-09422-z",
    )


@pytest.mark.parametrize(
    ("key", "label", "address"),
    [
        (PAPER, "arXiv 2501.00656", "https://arxiv.org/abs/2501.00656"),
        ("arxiv:math/0611800", "arXiv math/0611800", "https://arxiv.org/abs/math/0611800"),
        (REPOSITORY, "github.com/o/r", "https://github.com/o/r"),
        (README, "README.md", "https://github.com/o/r/blob/main/docs/README.md"),
        (FOLDER, "docs", "https://github.com/o/r/tree/main/docs"),
        (MODEL, "minimax-text-01", "https://huggingface.co/minimaxai/minimax-text-01"),
        ("huggingface:datasets/o/d", "d", "https://huggingface.co/datasets/o/d"),
        (
            COLLECTION,
            "Hugging Face collection",
            "https://huggingface.co/collections/674117b93ab84e98afc72edc",
        ),
        ("zenodo:12345", "12345", ""),
    ],
)
def test_a_key_has_a_short_name_and_an_address(key: str, label: str, address: str) -> None:
    assert names.label(key) == label
    assert names.address(key) == address


def test_a_name_is_spelled_as_upstream_spells_it() -> None:
    assert names.label(MODEL, MODEL_URL) == "MiniMax-Text-01"


@given(text=st.text(max_size=200), name=st.text(max_size=200), row=st.sampled_from([*TABLE]))
def test_free_text_reaches_no_title_and_no_summary(text: str, name: str, row: str) -> None:
    plain = TABLE[row][0]
    told = replace(plain, quote=text, also_title=text, journal=text, doi=text)
    title = words.title(told, name)
    assert len(title) < 90
    assert not re.search(
        r"[<>\x00-\x1f]|[0-9a-f]{12}", title.removeprefix(upstream_text.plain(name))
    )
    if plain.doi is None:
        assert words.title(told, "X") == words.title(plain, "X")
        assert words.summary(told, "X") == words.summary(plain, "X")
    assert not re.search(r"[<>\x00-\x1f]", words.summary(told, name))
    assert all("\n" not in sentence for sentence in words.details(told))


def test_in_a_list_a_change_is_told_of_what_changed():
    """By its own title; what moved by the name that it had, a report by its heading."""
    from dataclasses import replace

    from tracker.model import Change, ReportRecord
    from tracker.words import subject

    change = Change(
        "github:old/name@v2", "github:old/name", "released", "major", ("r",), "v1", "v2",
        "https://github.com/Fresh/name", "Fresh/name", at("2025-01-01"),
    )  # fmt: skip
    many, one = ReportRecord("Tools", "a.md", many=True), ReportRecord("R", "a.md")
    assert subject(change, many) == "Fresh/name"
    assert subject(replace(change, kind="moved"), many) == "old/name"
    assert subject(change, one) == "R"


@pytest.mark.parametrize(
    "told",
    ["::error::x", "a ::error::x", "##[error]x", "a ##[add-mask]x", "\n::error::x", ":::error:: x"],
)
def test_no_line_is_a_command_of_a_workflow_wherever_it_is_wrapped(told):
    """GitHub's runner looks for `::` after spaces, and for `##[` anywhere."""
    for piece in text.terminal(told).split(" "):
        assert not piece.startswith("::")
        assert "##[" not in piece
