from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import paper
from typeset import html

from tracker.papers import latexml
from tracker.papers.differences import compare
from tracker.papers.document import Figure, Paper, Section, Table, with_parts
from tracker.papers.revision import Differences, NumberChange, RowChange, Run, SectionChange

WHOLE = latexml.read(html(paper(1)))
OTHER = latexml.read(html(paper(2)))


def _said(*paragraphs: str, title: str = "Results") -> Paper:
    return Paper("A Title", ("Ada Lovelace",), "", (Section(title, 1, paragraphs),))


def _table(*rows: tuple[str, ...]) -> Paper:
    return Paper(
        "A Title",
        tables=(Table("Table 3", "Results on tests.", (("Test", "Ours", "Theirs"), *rows)),),
    )


def test_a_number_in_a_sentence_that_is_otherwise_the_same_is_sure():
    found = compare(
        _said("It is so. GSM8K is 91.6 for us."), _said("It is so. GSM8K is 92.3 for us.")
    )
    assert found == Differences(
        numbers=(NumberChange("91.6", "92.3", "GSM8K is 92.3 for us.", "Results"),)
    )


def test_a_number_in_a_reworded_sentence_is_not_sure():
    old, new = (
        "Our large model reaches 91.6 on the GSM8K test.",
        "Our small model reaches 92.3 on the GSM8K test.",
    )
    found = compare(_said("Before it.", old, "After it."), _said("Before it.", new, "After it."))
    assert [(one.old, one.new, one.sure) for one in found.numbers] == [("91.6", "92.3", False)]
    assert [(one.old, one.new) for one in found.paragraphs] == [(old, new)]


def test_a_number_in_a_cell():
    found = compare(
        _table(("GSM8K", "91.6", "80"), ("MATH", "50", "40")),
        _table(("GSM8K", "92.3", "80"), ("MATH", "50", "40")),
    )
    assert found == Differences(
        numbers=(NumberChange("91.6", "92.3", "GSM8K, Ours", "Table 3", cell=True),)
    )


def test_a_row_and_a_column_more():
    found = compare(
        _table(("GSM8K", "91.6", "80")), _table(("GSM8K", "91.6", "80"), ("MATH", "50", "40"))
    )
    assert found == Differences(rows=(RowChange("row", "added", "Table 3", "MATH"),))


def test_words_as_runs():
    old, new = (
        "The large model improves the final results a lot.",
        "The small model improves the final results a lot.",
    )
    found = compare(_said("One.", old, "Two."), _said("One.", new, "Two."))
    runs = (
        Run("=", "The"),
        Run("-", "large"),
        Run("+", "small"),
        Run("=", "model improves the final results a lot"),
    )
    assert [one.runs for one in found.paragraphs] == [runs]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "See [12, 13] for the self-attention.",
            "See [14] for the selfattention.",
            id="citations, hyphen",
        ),
        pytest.param(
            "As Table 3 and Figure 4b show.",
            "As Table 5 and Figure 2a show.",
            id="numbers of floats",
        ),
        pytest.param(
            "See Section 4.2 and Eq. (3) there.",
            "See Section 5.1 and Eq. (7) there.",
            id="numbers of sections",
        ),
        pytest.param(
            "It\u2019s \u201cfine\u201d, 10\u201320.",
            'It\'s "fine", 10-20.',
            id="quotes and dashes",
        ),
        pytest.param(
            "We use 1,200 GPUs at 91.6 %.", "We use 1200 GPUs at 91.6%.", id="spelling of numbers"
        ),
        pytest.param("One is so. Two is so.", "Two is so. One is so.", id="order"),
    ],
)
def test_what_typesetting_adds_is_no_difference(old, new):
    assert compare(_said(old), _said(new)).empty


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        pytest.param(["A", "B"], ["A", "C", "B"], SectionChange("added", "C", 1), id="added"),
        pytest.param(["A", "B", "C"], ["A", "C"], SectionChange("removed", "B", 1), id="removed"),
        pytest.param(
            ["A", "B", "C", "D"],
            ["A", "C", "D", "B"],
            SectionChange("moved", "B", 1, "B"),
            id="moved",
        ),
    ],
)
def test_sections(old, new, change):
    def of(names):
        return Paper(
            "T", sections=tuple(Section(name, 1, (f"This is what {name} says.",)) for name in names)
        )

    assert compare(of(old), of(new)) == Differences(sections=(change,))


def test_a_section_renamed_is_known_by_its_text():
    found = compare(
        _said("One is so. Two is so.", title="Method"),
        _said("One is so. Two is so.", title="Approach"),
    )
    assert found == Differences(sections=(SectionChange("renamed", "Approach", 1, "Method"),))


def test_a_section_split_off_is_not_new():
    whole = [f"This is what the part says of thing {word}." for word in "abcdefgh"]
    found = compare(
        Paper("A", sections=(Section("Results", 1, tuple(whole)),)),
        Paper(
            "A",
            sections=(
                Section("Results", 1, tuple(whole[:5])),
                Section("Analysis", 1, tuple(whole[5:])),
            ),
        ),
    )
    assert found == Differences(sections=(SectionChange("moved", "Analysis", 1, "Results"),))


def test_metadata_figures_and_references():
    new = replace(
        WHOLE,
        title="Another Title",
        authors=(*WHOLE.authors[1:], "New Name"),
        references=99,
        figures=(*WHOLE.figures, Figure("Figure 9", "Novelty.")),
    )
    assert compare(WHOLE, new) == Differences(
        title=(WHOLE.title, "Another Title"),
        authors=(("New Name",), (WHOLE.authors[0],)),
        figures_added=(Figure("Figure 9", "Novelty."),),
        references=(WHOLE.references, 99),
    )


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(replace(WHOLE, references=40), id="references"),
        pytest.param(replace(WHOLE, authors=("New Name",)), id="authors"),
        pytest.param(
            replace(
                WHOLE,
                sections=with_parts(
                    [*WHOLE.sections, Section("Contributors", 1, ("New Name did it all.",))]
                ),
            ),
            id="contributions",
        ),
        pytest.param(
            replace(
                WHOLE,
                sections=tuple(
                    replace(one, paragraphs=("We thank nobody.",))
                    if one.part == "acknowledgements"
                    else one
                    for one in WHOLE.sections
                ),
            ),
            id="acknowledgements",
        ),
    ],
)
def test_back_matter_alone_is_minor(new):
    found = compare(WHOLE, new)
    assert not found.empty
    assert found.only_back_matter


def test_contributions_in_the_introduction_are_no_back_matter():
    sections = with_parts(
        [
            Section("Introduction", 1),
            Section("Contributions", 2),
            Section("Method", 1),
            Section("Author Contributions", 1),
        ]
    )
    assert [one.part for one in sections] == ["body", "body", "body", "contributions"]


def test_another_work_under_the_same_name():
    other = replace(OTHER, title="Quite Something Else", authors=("Someone Else",))
    assert compare(WHOLE, other) == Differences(another_work=True)


def test_a_paper_rewritten_by_an_author_is_the_same_work():
    other = replace(OTHER, title="Quite Something Else", authors=(WHOLE.authors[0],))
    assert not compare(WHOLE, other).another_work


def test_a_paper_that_shrank_to_nothing():
    left = replace(
        WHOLE,
        sections=(Section("Note", 1, ("This paper was withdrawn.",)),),
        abstract="Withdrawn.",
        tables=(),
        figures=(),
    )
    assert compare(WHOLE, left) == Differences(shrank=True)


def test_another_text_is_cut():
    old = _said(*(f"The number of case{at} things here is {at}." for at in range(400)))
    new = _said(*(f"The number of case{at} things here is {at + 1000}." for at in range(400)))
    found = compare(old, new)
    assert found.cut
    assert len(found.numbers) == 300


_TEXT = st.text("ab .,1[]-\n\u2019%()", max_size=60)
_PAPERS = st.builds(
    Paper,
    title=_TEXT,
    authors=st.lists(_TEXT, max_size=2).map(tuple),
    abstract=_TEXT,
    sections=st.lists(
        st.builds(Section, _TEXT, st.integers(1, 3), st.lists(_TEXT, max_size=3).map(tuple)),
        max_size=4,
    ).map(tuple),
    tables=st.lists(
        st.builds(
            Table,
            _TEXT,
            _TEXT,
            st.lists(st.lists(_TEXT, max_size=3).map(tuple), max_size=3).map(tuple),
            st.integers(0, 1),
        ),
        max_size=2,
    ).map(tuple),
    figures=st.lists(st.builds(Figure, _TEXT, _TEXT), max_size=2).map(tuple),
    references=st.integers(0, 9),
)


@settings(max_examples=100, deadline=None)
@given(_PAPERS, _PAPERS)
def test_nothing_differs_from_itself_and_anything_compares(old, new):
    assert compare(old, old).empty
    assert isinstance(compare(old, new), Differences)


def test_the_same_answer_every_time():
    assert compare(WHOLE, OTHER) == compare(WHOLE, OTHER)
