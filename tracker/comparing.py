"""What differs, into changes: which versions are compared, what weighs little then, and which of
the author's notes it touches. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from tracker import changes
from tracker.authored import notes_of
from tracker.difference import Difference, Pair
from tracker.model import Answer, Change, Found, Ledger, Touched, Version, Watch
from tracker.papers.notes import touched
from tracker.register import Reading

_COMPARED = ("version", "blob", "revision")
_LITTLE = 3  # passages: a README that says no more about something new only follows it
_MOST = 10  # notes that a change may touch
_NOTE = 300  # characters of one

News = Mapping[str, Sequence[Change]]  # an upstream's key -> what was found


def pairs(ledger: Ledger, answers: Mapping[str, Answer], found: News) -> list[Pair]:
    """The versions to compare: of the reports' own papers, files, models and datasets that were
    revised. What the notes only cite is not worth a file."""
    own = {key for r in ledger.reports.values() for key in (*r.own, *r.offered)}
    known = {change.id for change in ledger.changes}
    wanted = []
    for key in sorted(found.keys() & own):
        watch, answer = ledger.watches[key], answers[key]
        for change in found[key]:
            if change.kind != "revised" or change.basis not in _COMPARED or not change.old:
                continue
            if change.id in known and not changes.repeats(watch, answer, change):
                continue  # told before, and only new to another report
            if isinstance(answer, Found):
                wanted.append(_pair(watch, answer, change))
    return wanted


def _pair(watch: Watch, answer: Found, change: Change) -> Pair:
    files = answer.files if answer.compared == change.old else ()
    old, new = (_version(name, watch, answer) for name in (change.old, change.new))
    return Pair(watch.upstream, answer.snapshot.title, change.basis, old, new, files)


def _version(name: str | None, watch: Watch, answer: Found) -> Version:
    """A version by its name, with its address where that is known."""
    seen = (answer.snapshot, watch.snapshot)
    held = [Version(s.version, s.released, s.url) for s in seen if s]
    return next((v for v in (*held, *answer.history) if v.name == name), Version(name, None, ""))


def completed(difference: Difference | None, change: Change, answer: Answer) -> Difference:
    """What differs in a change: what was compared, if it is of that, and what the answer itself
    tells: the commits between, a release's notes."""
    if not isinstance(answer, Found) or change.kind not in ("revised", "released"):
        return Difference()
    if change.kind == "released":
        return Difference(notes=answer.text)
    difference = difference or Difference()
    if change.basis not in ("blob", "tree"):
        return difference
    between = []
    for version in answer.history:
        stood = change.old_released and version.released and version.released <= change.old_released
        if version.name == change.old or stood:
            break
        between.append(version)
    # One alone is what the change quotes.
    return replace(difference, commits=tuple(between)) if len(between) > 1 else difference


def weighed(change: Change, difference: Difference) -> Change:
    """A change of authors, contributions, acknowledgements and references alone is minor."""
    document = difference.document
    told = document and difference.format  # without one, the text itself was not compared
    if change.basis in ("version", "blob") and document and told and document.only_back_matter:
        return replace(change, significance="minor")
    return change


def shadows(found: Iterable[tuple[Change, Difference]]) -> set[str]:
    """The ids of changes that only follow another one of the same report: a README that now names
    the paper that is new itself."""
    told = list(found)
    loud = {
        (report, change.upstream)
        for change, difference in told
        if change.significance == "major" and not difference.names
        for report in change.reports
    }
    return {
        change.id
        for change, difference in told
        if _says_little(difference)
        and any((report, name) in loud for report in change.reports for name in difference.names)
    }


def _says_little(difference: Difference) -> bool:
    document = difference.document
    if document is None or difference.format != "markdown" or difference.keys:
        return False
    return not document.sections and not document.numbers and len(document.paragraphs) <= _LITTLE


def touches(
    difference: Difference, reports: Collection[str], reading: Reading
) -> tuple[Touched, ...]:
    """The author's notes on these reports that carry a number or a name that changed."""
    if difference.document is None:
        return ()
    found = []
    for name in reports:
        post, report = reading.places.get(name, (None, None))
        if post is None or report is None or report.holds != "one":
            continue
        for note, now in touched(difference.document, notes_of(post, report)):
            found.append(Touched(name, note[:_NOTE], now[:_NOTE]))
    return tuple(found[:_MOST])
