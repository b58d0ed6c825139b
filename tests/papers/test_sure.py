"""A number that is told as sure has changed, in the very sentence or cell that is named."""

from __future__ import annotations

import pytest

from tracker.papers.differences import compare
from tracker.papers.document import Paper, Section, Table

_HEAD = ("Test", "Ours", "Theirs", "Others")
_ROWS = (
    ("GSM8K", "91.6", "80.1", "70.2"),
    ("MATH", "58.4", "50.3", "40.4"),
    ("MMLU", "85.9", "75.5", "65.6"),
    ("BBH", "82.9", "72.7", "62.8"),
)


def _tables(*tables: Table) -> Paper:
    return Paper("A Title", tables=tables)


def _table(*rows: tuple[str, ...], caption: str = "Results on tests.", name: str = "1") -> Table:
    return Table(f"Table {name}", caption, rows)


def _text(*sections: tuple[str, str]) -> Paper:
    return Paper(
        "A Title",
        sections=tuple(Section(title, 1, tuple(text.split(" | "))) for title, text in sections),
    )


def _sure(old: Paper, new: Paper) -> list[tuple[str, str, str]]:
    return [(one.old, one.new, one.where) for one in compare(old, new).numbers if one.sure]


def _with(at: tuple[int, int], value: str) -> tuple[tuple[str, ...], ...]:
    rows = [list(row) for row in _ROWS]
    rows[at[0]][at[1]] = value
    return tuple(map(tuple, rows))


_FOUND = [("91.6", "92.3", "GSM8K, Ours")]


@pytest.mark.parametrize(
    ("new", "found"),
    [
        pytest.param((_HEAD, *_with((0, 1), "92.3")), _FOUND, id="a cell"),
        pytest.param((_HEAD, *reversed(_with((0, 1), "92.3"))), _FOUND, id="rows sorted anew"),
        pytest.param(
            tuple((row[0], row[3], row[1], row[2]) for row in (_HEAD, *_with((0, 1), "92.3"))),
            _FOUND,
            id="columns in another order",
        ),
        pytest.param(
            tuple(
                (row[0], more, *row[1:])
                for row, more in zip(
                    (_HEAD, *_with((0, 1), "92.3")), ("More", "1", "2", "3", "4"), strict=True
                )
            ),
            _FOUND,
            id="a column put in",
        ),
        pytest.param(
            (_HEAD, ("DROP", "79.6", "69.1", "59.2"), *_with((0, 1), "92.3")),
            _FOUND,
            id="a row put in",
        ),
        pytest.param((_HEAD, *_with((0, 1), "91.60")), [], id="a zero more"),
        pytest.param((_HEAD, *_with((0, 1), "91.6%")), [], id="a sign for percent"),
        pytest.param((_HEAD, *_with((0, 1), "91.6B")), [], id="another unit"),
        pytest.param(
            (_HEAD, ("GSM8K (8-shot)", "92.3", "80.1", "70.2"), *_ROWS[1:]), [], id="a row renamed"
        ),
        pytest.param(
            (("Test", "Ours v2", "Theirs", "Others"), *_with((0, 1), "92.3")),
            [],
            id="a column renamed",
        ),
        pytest.param(
            (("Test", "Newer", "Theirs", "Others"), *((r[0], "1.5", *r[2:]) for r in _ROWS)),
            [],
            id="a column replaced",
        ),
        pytest.param(
            (_HEAD, ("GSM8K", "80.1", "91.6", "70.2"), *_ROWS[1:]), [], id="values that moved"
        ),
        pytest.param(
            (_HEAD, ("GSM8K", "80.1", "70.2", "60.3"), *_ROWS[1:]), [], id="values that slid"
        ),
        pytest.param(
            (("Test", "Ours", "", ""), *_with((0, 2), "81.1")), [], id="columns without titles"
        ),
    ],
)
def test_a_number_of_a_cell(new, found):
    assert _sure(_tables(_table(_HEAD, *_ROWS)), _tables(_table(*new))) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            [("", "A", "A", "B"), ("Test", "8B", "70B", "70B"), ("GSM8K", "1.5", "2.5", "3.5")],
            [("", "A", "A", "B"), ("Test", "8B", "70B", "70B"), ("GSM8K", "1.5", "2.6", "3.5")],
            [("2.5", "2.6", "GSM8K, A 70B")],
            id="two rows of headers",
        ),
        pytest.param(
            [("Test", "70B", "70B"), ("GSM8K", "1.5", "2.5"), ("MATH", "3.5", "4.5")],
            [("Test", "70B", "70B"), ("GSM8K", "1.5", "2.6"), ("MATH", "3.5", "4.5")],
            [],
            id="two columns of one name",
        ),
        pytest.param(
            [("Area", "Test", "Ours"), ("Math", "GSM8K", "1.5"), ("Math", "MATH", "2.5")],
            [("Area", "Test", "Ours"), ("Math", "GSM8K", "1.6"), ("Math", "MATH", "2.5")],
            [("1.5", "1.6", "GSM8K, Ours")],
            id="two columns of names",
        ),
        pytest.param(
            [("Area", "Model", "Ours"), ("Math", "8B", "1.5"), ("Code", "8B", "2.5")],
            [("Area", "Model", "Ours"), ("Math", "8B", "1.6"), ("Code", "8B", "2.5")],
            [("1.5", "1.6", "Math, Ours")],
            id="names in the first column alone",
        ),
        pytest.param(
            [("Model", "Ours"), ("A", ""), ("8B", "1.5"), ("B", ""), ("8B", "2.5")],
            [("Model", "Ours"), ("A", ""), ("8B", "1.5"), ("B", ""), ("8B", "2.6")],
            [],
            id="two rows of one name",
        ),
        pytest.param(
            [("1", "2.5", "3.5"), ("2", "4.5", "5.5"), ("3", "6.5", "7.5")],
            [("1", "2.5", "3.5"), ("2", "4.6", "5.5"), ("3", "6.5", "7.5")],
            [],
            id="no names",
        ),
    ],
)
def test_a_cell_has_a_name_of_its_own(old, new, found):
    assert _sure(_tables(_table(*old)), _tables(_table(*new))) == found


_SMALL = _table(_HEAD, *_ROWS, caption="Results of the small model.", name="1")
_LARGE = _table(
    _HEAD, *((row[0], "92.3", *row[2:]) for row in _ROWS), caption="Results of the large model."
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param([_SMALL, _LARGE], [_LARGE, _SMALL], id="two tables swapped"),
        pytest.param([_SMALL], [_LARGE], id="a table replaced"),
        pytest.param(
            [_table(_HEAD, *_ROWS)],
            [_table(_HEAD, *_ROWS[:2]), _table(_HEAD, *_ROWS[2:], name="2")],
            id="a table split",
        ),
        pytest.param(
            [_table(_HEAD, *_ROWS)],
            [_table(_HEAD, *_with((0, 1), "92.3")), _table(_HEAD, *_ROWS, name="2")],
            id="a table like another",
        ),
    ],
)
def test_what_stands_in_another_table_is_not_sure(old, new):
    assert _sure(_tables(*old), _tables(*new)) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "It is so. GSM8K is 91.6 for us. That is all.",
            "It is so. GSM8K is 92.3 for us. That was all of it.",
            [("91.6", "92.3", "GSM8K is 92.3 for us.")],
            id="beside the same sentence",
        ),
        pytest.param(
            "A small model. The mean is 65.7. So it ends.",
            "Of a larger network. The mean is 78.2. Then more comes.",
            [],
            id="beside other sentences",
        ),
        pytest.param(
            "Run one. It took 5 hours. Run two. It took 6 hours.",
            "Run two. It took 6 hours. Run three. It took 7 hours.",
            [],
            id="one of several of its kind",
        ),
        pytest.param(
            "It is so. They reach 91.6 and 80.1 there.",
            "It is so. They reach 80.1 and 91.6 there.",
            [],
            id="numbers that moved",
        ),
        pytest.param(
            "It is so. It rose by 5 there.", "It is so. It rose by 5% there.", [], id="another unit"
        ),
        pytest.param(
            "It is so. We beat Llama 3 at last.",
            "It is so. We beat Llama 3.1 at last.",
            [],
            id="a version of a name",
        ),
        pytest.param(
            "It is so. It works (Lee et al., 2024; Ada, 2023).",
            "It is so. It works (Lee et al., 2025; Ada, 2023).",
            [],
            id="a year of a work",
        ),
        pytest.param(
            "It is so. Lee et al. (2024) show it.",
            "It is so. Lee et al. (2025) show it.",
            [],
            id="a year behind names",
        ),
        pytest.param(
            "It is so. See Section IV and Table II.",
            "It is so. See Section VI and Table III.",
            [],
            id="Roman numbers",
        ),
        pytest.param(
            "It is so. We crawled until 15 March 2024 only.",
            "It is so. We crawled until 20 March 2025 only.",
            [
                ("15", "20", "We crawled until 20 March 2025 only."),
                ("2024", "2025", "We crawled until 20 March 2025 only."),
            ],
            id="a date",
        ),
    ],
)
def test_a_number_of_a_sentence(old, new, found):
    assert _sure(_text(("Results", old)), _text(("Results", new))) == found


def test_the_same_sentence_in_another_section_is_another():
    old = _text(("Small", "It is so. The mean is 65.7."), ("Large", "It is big."))
    new = _text(("Small", "It is so."), ("Large", "It is big. The mean is 78.2."))
    assert _sure(old, new) == []
