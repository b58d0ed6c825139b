"""What is compared, what weighs little then, and which notes it touches."""

from dataclasses import replace

import pytest
from conftest import at
from facts import PAPER, blob, model, paper, read
from test_notes import NOW, refresh

from tracker import comparing, plan, register
from tracker.difference import Difference, KeyChange
from tracker.model import Found, Ledger, Snapshot, Version
from tracker.papers.document import Figure, Table
from tracker.papers.revision import (
    Differences,
    NumberChange,
    ParagraphChange,
    Run,
    SectionChange,
)

PDF = "github:o/r/blob/main/a.pdf"
README = "github:o/r/blob/main/README.md"
MODEL = "huggingface:models/o/m"
HEAD = '---\ntitle: "Notes (updated on 01/22/2025)"\n---\n\n### R (01/13/2025)\n\n'
POST = (
    f"{HEAD}- [pdf](https://arxiv.org/pdf/2501.07301)\n\n> - reaches 89.5 on MMLU\n> - uses GRPO\n"
)
FILES = (
    f"{HEAD}- [pdf](https://github.com/o/R/blob/main/a.pdf), "
    "[model](https://huggingface.co/o/M), [code](https://github.com/o/R/blob/main/README.md)\n"
)
REVISED = paper({"v1": "2025-01-13", "v2": "2025-06-05"})
FILE = blob({"a" * 40: "2025-01-20", "b" * 40: "2025-02-01"})
WEIGHTS = model("a" * 40, "b" * 40, "2025-03-01", parts=("weights",))
CARD = model("a" * 40, "b" * 40, "2025-03-01", parts=("card",))

LINK = "[pdf](https://arxiv.org/pdf/2501.07301v2)"
ADDED = SectionChange("added", "Limitations", 1)
NUMBER = NumberChange("89.5", "90.5", "It reaches 90.5 on MMLU.", "Results")
CELL = NumberChange("91.6", "92.3", "GSM8K, Ours", "Table 3", cell=True)
WORDING = ParagraphChange(
    "Data", "We use old data.", "We use new data.",
    (Run("=", "We use"), Run("-", "old"), Run("+", "new"), Run("=", "data.")),
)  # fmt: skip
THANKS = replace(WORDING, section="Acknowledgements", part="acknowledgements")


def said(**fields):
    return Difference(Differences(**fields), "html")


def pairs(text, answers, ledger=None):
    reading = register.read(ledger or Ledger(), [read(text)], NOW)
    found = plan.find(reading, answers, NOW)
    return comparing.pairs(reading.ledger, answers, found)


def changes(text, answers, compared):
    _, ledger, _ = refresh(text, answers, compared=compared)
    return {change.upstream: change for change in ledger.changes}


def test_the_versions_of_what_was_revised_are_compared():
    """With what is known of both: names, dates and pinned addresses."""
    (pair,) = pairs(FILES, {PDF: FILE})
    assert (pair.old.name, pair.new.name) == ("a" * 40, "b" * 40)
    assert [v.url.split("/")[-2] for v in (pair.old, pair.new)] == ["0" * 40, "0" * 39 + "1"]
    assert pair.basis == "blob"


def test_the_old_version_is_the_one_that_was_seen():
    _, ledger, _ = refresh(FILES, {PDF: blob({"a" * 40: "2025-01-20"})})
    answer = blob({"c" * 40: "2025-02-01"})  # whose history does not reach back
    (pair,) = pairs(FILES, {PDF: answer}, ledger)
    assert pair.old.name == "a" * 40
    assert pair.old.url == ledger.watches[PDF].snapshot.url


RELEASE = Found(
    Snapshot("v2", at("2025-03-01"), "https://github.com/o/R/releases/tag/v2", "o/R", "release"),
    (Version("v2", at("2025-03-01"), ""), Version("v1", at("2025-01-01"), "")),
    text="It is faster.\nAnd 2 bugs less.",
)
NOT_COMPARED = {
    "only cited": (
        f"{HEAD}- [pdf](https://arxiv.org/pdf/2402.00838)\n\n> - as [they](https://arxiv.org/abs/2501.07301) do\n",
        {PAPER: REVISED},
    ),
    "withdrawn": (
        POST,
        {PAPER: paper({"v1": "2025-01-13", "v2": "2025-06-05"}, withdrawn=True)},
    ),
    "a release": (f"{HEAD}- [code](https://github.com/o/R)\n", {"github:o/r": RELEASE}),
    "the same version": (POST, {PAPER: paper({"v1": "2025-01-13"})}),
}


@pytest.mark.parametrize(("text", "answers"), NOT_COMPARED.values(), ids=NOT_COMPARED)
def test_files_are_fetched_for_revisions_of_a_reports_own_alone(text, answers):
    assert pairs(text, answers) == []


def test_what_was_told_before_is_not_compared_again():
    """Another report that reads of it late gets the words that were found."""
    _, ledger, _ = refresh(POST, {PAPER: REVISED})
    late = POST + "\n### S\n\n- [pdf](https://arxiv.org/pdf/2501.07301v1)\n"
    assert pairs(late, {PAPER: REVISED}, ledger) == []


MINOR = {
    "acknowledgements": (PAPER, POST, REVISED, said(paragraphs=(THANKS,))),
    "authors": (PAPER, POST, REVISED, said(authors=(("A. Newcomer",), ()))),
    "references": (PAPER, POST, REVISED, said(references=(40, 44))),
    "contributions of a pdf": (
        PDF, FILES, FILE,
        replace(said(paragraphs=(replace(THANKS, part="contributions"),)), format="pdf"),
    ),
}  # fmt: skip
MAJOR = {
    "a number": (PAPER, POST, REVISED, said(numbers=(NUMBER,))),
    "a paragraph": (PAPER, POST, REVISED, said(paragraphs=(THANKS, WORDING))),
    "a table": (PAPER, POST, REVISED, said(tables_added=(Table("Table 9", "New"),))),
    "a figure": (PAPER, POST, REVISED, said(figures_removed=(Figure("Figure 9", "Old"),))),
    "nothing that could be found": (PAPER, POST, REVISED, said()),
    "what could not be compared": (PAPER, POST, REVISED, Difference(reason="arXiv answered 503")),
    "authors, and the text could not be had": (
        PAPER, POST, REVISED,
        Difference(Differences(authors=(("A",), ())), reason="arxiv.org answered 503"),
    ),
    "another work": (PAPER, POST, REVISED, said(another_work=True)),
    "weights, and the card's thanks": (
        MODEL, FILES, WEIGHTS, replace(said(paragraphs=(THANKS,)), format="markdown"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("key", "text", "answer", "difference"), MINOR.values(), ids=MINOR)
def test_a_change_of_the_back_matter_alone_is_minor(key, text, answer, difference):
    """No line tells it, and the log says what it is."""
    after, ledger, _ = refresh(text, {key: answer}, compared={key: difference})
    (change,) = ledger.changes
    assert change.significance == "minor"
    assert after == text
    assert "Only authors, contributions, acknowledgements or references differ." in change.details
    assert "cite" not in change.summary


@pytest.mark.parametrize(("key", "text", "answer", "difference"), MAJOR.values(), ids=MAJOR)
def test_any_other_difference_counts(key, text, answer, difference):
    after, ledger, _ = refresh(text, {key: answer}, compared={key: difference})
    assert [c.significance for c in ledger.changes] == ["major"]
    assert after != text


NAMING = Difference(
    Differences(paragraphs=(WORDING,)), "markdown", names=(PAPER, "huggingface:models/o/m")
)
BOTH = FILES + "\n- [paper](https://arxiv.org/pdf/2501.07301)\n"
NEW_README = replace(
    FILE, snapshot=replace(FILE.snapshot, title="README.md"),
)  # fmt: skip


def test_a_readme_that_only_names_what_is_new_itself_is_its_shadow():
    told = changes(BOTH, {README: NEW_README, PAPER: REVISED}, {README: NAMING})
    assert told[README].significance == "minor"
    assert told[PAPER].significance == "major"


OWN_NEWS = {
    "names nothing that is new": (BOTH, replace(NAMING, names=("github:x/y",)), {PAPER: REVISED}),
    "has a new section": (
        BOTH, replace(NAMING, document=Differences(sections=(ADDED,))), {PAPER: REVISED},
    ),
    "has another number": (
        BOTH, replace(NAMING, document=Differences(numbers=(NUMBER,))), {PAPER: REVISED},
    ),
    "is much rewritten": (
        BOTH, replace(NAMING, document=Differences(paragraphs=(WORDING,) * 4)), {PAPER: REVISED},
    ),
    "is of another report": (
        FILES + "\n### S\n\n- [pdf](https://arxiv.org/pdf/2501.07301)\n", NAMING,
        {PAPER: REVISED},
    ),
    "names what did not change": (BOTH, NAMING, {PAPER: paper({"v1": "2025-01-13"})}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "difference", "others"), OWN_NEWS.values(), ids=OWN_NEWS)
def test_a_readme_with_news_of_its_own_is_no_shadow(text, difference, others):
    told = changes(text, {README: NEW_README, **others}, {README: difference})
    assert told[README].significance == "major"


def test_a_note_with_a_number_that_changed_is_named_with_the_new_sentence():
    """In the record, and never in the post."""
    after, ledger, _ = refresh(POST, {PAPER: REVISED}, compared={PAPER: said(numbers=(NUMBER,))})
    (change,) = ledger.changes
    (touched,) = change.touched
    assert touched.note == "reaches 89.5 on MMLU"
    assert touched.now == "It reaches 90.5 on MMLU."
    assert after.count("reaches 89.5") == 1


def test_a_list_of_many_has_no_notes_to_touch():
    rows = "".join(
        f"- [P{n}](https://arxiv.org/abs/2501.0{n}v1) 89.5 on MMLU\n" for n in range(7300, 7306)
    )
    told = changes(f"# L\n\n{rows}", {PAPER: REVISED}, {PAPER: said(numbers=(NUMBER,))})
    assert told[PAPER].touched == ()


FACTS = {
    "a new section, a cell": (
        said(sections=(ADDED,), numbers=(CELL,)),
        "new section Limitations, GSM8K, Ours 91.6 -> 92.3",
    ),
    "a sentence": (
        said(numbers=(NUMBER,)),
        '89.5 -> 90.5 in "It reaches 90.5 on MMLU"',
    ),
    "at most three": (
        said(sections=(ADDED, replace(ADDED, title="Ethics"), replace(ADDED, title="Data")),
             numbers=(CELL,)),
        "new section Limitations, new section Ethics, GSM8K, Ours 91.6 -> 92.3",
    ),
    "none that is not sure": (said(numbers=(replace(CELL, sure=False),)), ""),
    "none of the back matter": (
        said(numbers=(replace(NUMBER, part="references"),), paragraphs=(WORDING,)), "",
    ),
    "no subsection": (said(sections=(replace(ADDED, level=2),)), ""),
    "no section where the whole outline is another": (
        said(sections=tuple(replace(ADDED, title=f"Part {n}") for n in range(7))), "",
    ),
    "no section that went": (said(sections=(replace(ADDED, kind="removed"),)), ""),
    "none of another text": (said(numbers=(CELL,), cut=True), ""),
    "another work": (said(another_work=True), "title, authors and text are another work's"),
    "an empty one": (said(shrank=True), "hardly any text is left"),
}  # fmt: skip


@pytest.mark.parametrize(("difference", "told"), FACTS.values(), ids=FACTS)
def test_a_line_tells_the_surest_facts(difference, told):
    notes = POST.replace("> - reaches 89.5 on MMLU\n", "")
    after, _, _ = refresh(notes, {PAPER: REVISED}, compared={PAPER: difference})
    assert line_in(after).endswith(f"{LINK}, {told}" if told else LINK)


def line_in(text):
    return next(line for line in text.splitlines() if "**v2" in line)


def test_a_number_that_touches_a_note_is_told_first():
    difference = said(sections=(ADDED,), numbers=(CELL, NUMBER))
    after, _, _ = refresh(POST, {PAPER: REVISED}, compared={PAPER: difference})
    assert line_in(after).endswith(
        f'{LINK}, 89.5 -> 90.5 in "It reaches 90.5 on MMLU", new section Limitations, '
        "GSM8K, Ours 91.6 -> 92.3"
    )


def test_the_authors_own_comment_stands_before_the_facts():
    answer = replace(REVISED, snapshot=replace(REVISED.snapshot, comment="Accepted *at* COLM"))
    after, _, _ = refresh(POST, {PAPER: answer}, compared={PAPER: said(numbers=(CELL,))})
    assert line_in(after).endswith(
        f'{LINK}, "Accepted &#42;at&#42; COLM", GSM8K, Ours 91.6 -> 92.3'
    )


HOSTILE = {
    "markdown": "*x* [a](https://evil.example) <script>",
    "liquid": "{{ site.time }} {% raw %}",
    "controls": "a\x1b[31m\u202eb\nc",
    "quotes": 'say "no" `code`',
    "an attribute list": "{: .class} {#id}",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_upstreams_words_are_text_in_a_line(text):
    """Titles, cells and sentences of a paper are anybody's: none of it is markup in the post."""
    numbers = (replace(CELL, where=f"{text}, {text}"), replace(NUMBER, where=f"{text} 90.5 {text}"))
    difference = said(sections=(replace(ADDED, title=text),), numbers=numbers)
    after, ledger, _ = refresh(POST, {PAPER: REVISED}, compared={PAPER: difference})
    told = line_in(after).removeprefix("> - **v2 (06/05/2025)**: ").removeprefix(LINK)
    assert len(ledger.changes[0].facts) == 3
    assert not set(told) & set("*[]<`{}|\x1b\u202e")
    assert len(after.splitlines()) == len(POST.splitlines()) + 1


def test_the_keys_of_a_configuration_are_told_with_both_values():
    keys = (
        KeyChange("config.json", "max_position_embeddings", "4096", "131072"),
        KeyChange("config.json", "transformers_version", '"4.1"', '"4.2"'),
        KeyChange("config.json", "rope_scaling", None, '{"factor":8}'),
    )
    difference = Difference(keys=keys)
    after, ledger, _ = refresh(FILES, {MODEL: WEIGHTS}, compared={MODEL: difference})
    assert "max_position_embeddings 4096 -> 131072" in after
    assert "transformers_version" not in after
    (detail,) = (d for d in ledger.changes[0].details if d.startswith("config.json"))
    assert detail == (
        'config.json: max_position_embeddings 4096 → 131072, transformers_version "4.1" → "4.2", '
        'rope_scaling is new, {"factor":8}.'
    )


def test_the_commits_between_are_told():
    """What the authors said of each, where there is more than the one that is quoted."""
    answer = blob({"a" * 40: "2025-01-20", "c" * 40: "2025-01-30", "b" * 40: "2025-02-01"})
    _, ledger, _ = refresh(FILES, {PDF: answer})
    assert '2 commits since: "commit 2", "commit 1".' in ledger.changes[0].details


def test_what_differs_is_told_of_the_revision_alone():
    """A paper that was published in the same run is another change of the same upstream."""
    _, ledger, _ = refresh(POST, {PAPER: paper({"v1": "2025-01-13"})})
    late = paper({"v1": "2025-01-13", "v2": "2025-06-05"}, journal="Nature 1")
    _, ledger, _ = refresh(POST, {PAPER: late}, ledger, compared={PAPER: said(numbers=(CELL,))})
    whole = {change.kind: change.whole for change in ledger.changes}
    assert whole == {"revised": True, "published": False}


def test_a_release_is_told_with_its_notes():
    text = f"{HEAD}- [code](https://github.com/o/R)\n"
    _, ledger, _ = refresh(text, {"github:o/r": RELEASE})
    assert 'The release notes: "It is faster. And 2 bugs less.".' in ledger.changes[0].details


def test_why_something_was_not_compared_is_said_in_a_line():
    reason = "the PDF of v1: it is encrypted"
    _, ledger, _ = refresh(POST, {PAPER: REVISED}, compared={PAPER: Difference(reason=reason)})
    (change,) = ledger.changes
    assert f"Not compared: {reason}." in change.details
    assert change.significance == "major"


def test_ten_details_at_most_and_the_counts_of_all():
    document = Differences(
        title=("Old", "New"),
        authors=(("A",), ("B",)),
        sections=(
            ADDED, replace(ADDED, kind="removed"), replace(ADDED, kind="moved"),
            replace(ADDED, kind="renamed", old="Limits"),
        ),
        numbers=tuple(replace(NUMBER, new=f"90.{n}") for n in range(8)),
        paragraphs=(WORDING,) * 20,
        tables_added=(Table("Table 9", "New"),),
        references=(40, 44),
    )  # fmt: skip
    _, ledger, _ = refresh(POST, {PAPER: REVISED}, compared={PAPER: Difference(document, "html")})
    *told, counts = ledger.changes[0].details
    assert len(told) == 10
    assert counts == (
        "In all: 1 section added, 1 section removed, 1 section renamed, 1 section moved, "
        "8 numbers changed, 20 passages changed, 1 table added, 44 references instead of 40."
    )
