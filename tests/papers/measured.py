"""Precision and recall of what is told about made pairs; and what a paper of 100 pages costs.

`python tests/papers/measured.py` prints them as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator

from made import KINDS, Edit, Made, edited, paper
from printed import OTHER, PLAIN, TWO, pdf
from typeset import html

from tracker.papers import latexml
from tracker.papers import pdf as pdfs
from tracker.papers.differences import Differences, compare
from tracker.papers.document import Paper
from tracker.papers.outline import title_key
from tracker.papers.words import joined, words

FORMATS: dict[str, tuple[Callable[[Made], Paper], Callable[[Made], Paper]]] = {
    "html": (lambda made: latexml.read(html(made)), lambda made: latexml.read(html(made, anew=4))),
    "pdf, one column": (
        lambda made: pdfs.read(pdf(made, PLAIN)),
        lambda made: pdfs.read(pdf(made, OTHER)),
    ),
    "pdf, two columns": (
        lambda made: pdfs.read(pdf(made, TWO)),
        lambda made: pdfs.read(pdf(made, PLAIN)),
    ),
}
SEEDS = range(6)  # one for each set of edits
_SETS = (
    ["number"] * 3 + ["cell"] * 2 + ["abstract"],
    ["section added", "section renamed", "reworded", "number"],
    ["section removed", "come", "gone", "number"],
    ["section moved", "reworded", "reworded", "table added", "figure added", "references"],
    ["row added", "number", "cell", "come", "reworded"],
    list(KINDS),
)


def pairs(form: str, seed: int) -> Iterator[tuple[list[Edit], Differences]]:
    """A pair in the same typesetting, and one that is typeset anew besides."""
    first, anew = FORMATS[form]
    old = paper(seed)
    new, edits = edited(old, seed, _SETS[seed % len(_SETS)])
    for typeset in (first, anew):
        yield edits, compare(first(old), typeset(new))


def noise(form: str, seed: int) -> Differences:
    """The same text typeset anew."""
    first, anew = FORMATS[form]
    return compare(first(paper(seed)), anew(paper(seed)))


def _key(text: str) -> str:
    return joined(
        word.key
        for word in words(
            text.replace("[[", "[").replace("]]", "]").replace("<<t", "").replace(">>", "")
        )
    )


def told(found: Differences) -> list[Edit]:
    """What was reported, in the words of the edits."""
    edits = [
        Edit("cell", (one.old, one.new, *one.where.split(", ", 1)))
        if one.cell
        else Edit("number", (one.old, one.new, one.section))
        for one in found.numbers
    ]
    edits += [Edit(f"section {one.kind}", (one.title,)) for one in found.sections]
    for one in found.paragraphs:
        kind = "reworded" if one.old and one.new else "come" if one.new else "gone"
        edits.append(Edit(kind, (one.section, _key(one.new or one.old))))
    edits += [Edit(f"{one.what} {one.kind}", (one.name,)) for one in found.rows]
    for kind, floats in (
        ("table added", found.tables_added),
        ("table removed", found.tables_removed),
        ("figure added", found.figures_added),
        ("figure removed", found.figures_removed),
    ):
        edits += [Edit(kind, (title_key(one.caption),)) for one in floats]
    edits += [Edit("title", found.title)] if found.title else []
    edits += [Edit("authors", names) for names in found.authors if names]
    if found.references[0] != found.references[1]:
        edits.append(Edit("references", tuple(map(str, found.references))))
    edits += [Edit(name, ()) for name in ("another_work", "shrank") if getattr(found, name)]
    return edits


def _wanted(edit: Edit) -> Edit:
    if edit.kind in ("reworded", "come", "gone"):
        return Edit(edit.kind, (edit.what[0], _key(edit.what[1])[:1000]))
    if edit.kind in ("table added", "figure added"):
        return Edit(edit.kind, (title_key(edit.what[0]),))
    return edit


def compared(edits: list[Edit], found: Differences) -> tuple[list[Edit], list[Edit], int]:
    """What was told and is not so, what was not told, and how much was right."""
    wanted, right, wrong = [_wanted(edit) for edit in edits], 0, []
    for edit in told(found):
        match = next((one for one in wanted if _same(edit, one)), None)
        if match:
            wanted.remove(match)
            right += 1
        else:
            wrong.append(edit)
    return wrong, wanted, right


def _same(edit: Edit, wanted: Edit) -> bool:
    if edit == wanted:
        return True
    if edit.kind != wanted.kind or edit.kind not in ("reworded", "come", "gone"):
        return False
    section, text = edit.what[0] == wanted.what[0], wanted.what[1]
    return section and (text in edit.what[1] or edit.what[1][:300] == text[:300])


def measured(form: str, seeds: range = SEEDS) -> tuple[float, float]:
    """Precision and recall over all pairs of a format."""
    right = wrong = missed = 0
    for seed in seeds:
        for edits, found in pairs(form, seed):
            false, left, true = compared(edits, found)
            right, wrong, missed = right + true, wrong + len(false), missed + len(left)
    return right / (right + wrong), right / (right + missed)


def long(kind: str) -> tuple[int, float, float]:
    """Pages, seconds and MiB at the peak for a long pair in this process, the making apart."""
    old = paper(1, sections=148)
    new, _ = edited(old, 1, list(KINDS))
    read, put = (latexml.read, html) if kind == "html" else (pdfs.read, pdf)
    both = put(old), put(new)
    pages = pdf(old).count(b"/Type /Page\n")
    started = time.perf_counter()
    compare(read(both[0]), read(both[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages, time.perf_counter() - started, peak


def main() -> None:
    """With the name of a format the cost of a long pair of it, else what is told of the made pairs."""
    if len(sys.argv) > 1:
        told_ = dict(zip(("pages", "seconds", "peak"), long(sys.argv[1]), strict=True))
    else:
        seeds = range(4 * len(_SETS))
        told_ = {
            form: [*measured(form, seeds), sum(len(told(noise(form, seed))) for seed in seeds)]
            for form in FORMATS
        }
    json.dump(told_, sys.stdout)


if __name__ == "__main__":
    main()
