"""What a run asks, and what it learns: questions, changes, answers into the ledger. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tracker import changes, comparing, words
from tracker.comparing import News
from tracker.difference import Difference
from tracker.model import (
    Absent,
    Answer,
    Baseline,
    Change,
    Found,
    Ledger,
    Question,
    Snapshot,
    Upstream,
    Watch,
)
from tracker.register import Reading, told_at

_OFFERED_FOR = ("blob", "tree", "revision")
_NAME = 3  # a shorter name stands in too many titles


def questions(reading: Reading, keys: Iterable[str]) -> list[Question]:
    """What to ask about each key: what was seen of it, and the earliest baseline not yet met.

    What could not be checked comes first, the longest waiting before the others: where an upstream
    answers only so many questions an hour, each has its turn.
    """
    asked = []
    for watch in sorted((reading.ledger.watches[key] for key in keys), key=_turn):
        open_ = [b for b in watch.reports.values() if not b.settled]
        pins = [b.pin for b in open_ if b.pin]
        undated = [b.since for b in open_ if not b.pin]
        pin = pins[0] if pins and not undated else None
        asked.append(Question(watch.upstream, watch.snapshot, min(undated, default=None), pin))
    return asked


def _turn(watch: Watch) -> tuple[bool, str, str]:
    waiting = watch.unchecked_since
    return waiting is None, waiting.isoformat() if waiting else "", watch.upstream.key


@dataclass(frozen=True)
class Learnt:
    """The ledger after the answers; the changes that want a line: the new ones, and known ones that
    a post only now has news of; and what differs in the new ones, by their ids."""

    reading: Reading
    news: tuple[Change, ...]
    differences: dict[str, Difference]


def current(
    ledger: Ledger, answers: Mapping[str, Answer], asked: datetime | None
) -> Mapping[str, Answer]:
    """The answers without those from before what the ledger tells: saved ones may come to be
    written after another run's, and would tell its changes backwards. asked: when they were asked
    for, None for now."""
    if asked is None:
        return answers
    later = {change.upstream for change in ledger.changes if change.found > asked}
    return {key: answer for key, answer in answers.items() if key not in later}


def find(reading: Reading, answers: Mapping[str, Answer], now: datetime) -> dict[str, list[Change]]:
    """What changed, by the upstream's key, of all that was asked about; not yet in words."""
    ledger = reading.ledger
    own = {key for r in ledger.reports.values() for key in (*r.own, *r.offered)}
    lively = _lively(answers)
    return {
        key: changes.find(ledger.watches[key], answer, now, own=key in own, lively=lively(key))
        for key, answer in sorted(answers.items())
        if key in ledger.watches
    }


def _lively(answers: Mapping[str, Answer]) -> Callable[[str], bool]:
    """Whether an upstream's host answered for something else in this run."""
    kinds = Counter(key.partition(":")[0] for key, a in answers.items() if isinstance(a, Found))
    return lambda key: kinds[key.partition(":")[0]] > isinstance(answers[key], Found)


def learn(
    reading: Reading,
    answers: Mapping[str, Answer],
    found: News,
    compared: Mapping[str, Difference],
    now: datetime,
) -> Learnt:
    """What a run learns of answers, of what was found in them, and of what differs, by key. Answers
    for what nobody watches are candidates to offer."""
    ledger, lively = reading.ledger, _lively(answers)
    known, fresh = _apart(ledger, answers, found, told_at(ledger, now))
    weighed = _weighed(fresh, answers, compared)
    new = []
    for change, difference in weighed:
        offering = _offer(_dated(change, ledger.changes), answers, ledger)
        new.append(_worded(offering, difference, reading))
    watches = dict(ledger.watches)
    for key in found:
        watches[key] = changes.remember(
            watches[key], answers[key], now, found[key], lively=lively(key)
        )
    in_order = sorted(new, key=lambda c: (c.released or c.found, c.id))
    ledger = replace(ledger, watches=watches, changes=(*ledger.changes, *in_order))
    news = (*known, *new)
    learnt = replace(reading, ledger=_watch_offered(ledger, news, answers, now))
    return Learnt(learnt, news, {c.id: difference for c, difference in weighed if difference.known})


def _apart(
    ledger: Ledger, answers: Mapping[str, Answer], found: News, when: datetime
) -> tuple[list[Change], list[Change]]:
    """What was told before and only some more reports have news of; and what is new, each under an
    id of its own for ever, found `when`."""
    told = {change.id: change for change in ledger.changes}
    ids = set(told)
    known, fresh = [], []
    for key in found:
        for change in found[key]:
            repeated = changes.repeats(ledger.watches[key], answers[key], change)
            if change.id in ids and not repeated:
                known.append(replace(told[change.id], reports=change.reports))
                continue
            named = replace(change, id=_unique(change.id, ids), found=when)
            ids.add(named.id)
            fresh.append(named)
    return known, fresh


def _weighed(
    fresh: Iterable[Change], answers: Mapping[str, Answer], compared: Mapping[str, Difference]
) -> list[tuple[Change, Difference]]:
    """The changes, each with what differs, and with the weight that it has then."""
    told = []
    for change in fresh:
        key = change.upstream
        difference = comparing.completed(compared.get(key), change, answers[key])
        told.append((comparing.weighed(change, difference), difference))
    quiet = comparing.shadows(told)
    return [(replace(c, significance="minor") if c.id in quiet else c, d) for c, d in told]


def _unique(name: str, taken: set[str]) -> str:
    names = (name if n == 1 else f"{name}~{n}" for n in range(1, len(taken) + 2))
    return next(n for n in names if n not in taken)


def _dated(change: Change, told: Iterable[Change]) -> Change:
    """Items have no date of their own: they are new since the last time that some were found."""
    if change.since is None or change.kind not in ("items added", "items removed"):
        return change
    earlier = [c.found for c in told if c.upstream == change.upstream and c.kind == change.kind]
    return replace(change, since=max([change.since, *earlier]))


def _worded(change: Change, difference: Difference, reading: Reading) -> Change:
    """A change with its finished words."""
    name = words.subject(change, reading.ledger.reports[change.reports[0]])
    touched = comparing.touches(difference, change.reports, reading)
    change = replace(
        change,
        facts=words.facts(difference, touched) if change.significance != "minor" else (),
        touched=touched,
        whole=difference.known,
    )
    return replace(
        change, summary=words.summary(change, name), details=words.details(change, difference)
    )


# --- what else a report could link ---------------------------------------------------------------


def _offer(change: Change, answers: Mapping[str, Answer], ledger: Ledger) -> Change:
    """A changed or deleted upstream names a paper that the report does not link: offered, where it
    is the only one, or where its title names the report."""
    answer = answers[change.upstream]
    counts = change.kind in ("revised", "gone") and change.significance == "major"
    if not (counts and change.basis in _OFFERED_FOR and isinstance(answer, Found)):
        return change
    records = [ledger.reports[r] for r in change.reports]
    linked = {key for r in records for key in (*r.own, *r.cited, *r.offered)}
    papers: dict[str, Snapshot] = {}
    for paper in answer.papers:
        named = answers.get(f"arxiv:{paper}")
        if f"arxiv:{paper}" not in linked and isinstance(named, Found):
            papers[paper] = named.snapshot
    called = (*change.upstream.split("/")[1:2], *(r.name for r in records))  # a repository's too
    names = {n for n in map(_letters, called) if len(n) >= _NAME}
    fitting = [p for p, s in papers.items() if any(n in _letters(s.title) for n in names)]
    alone = list(papers) if len(answer.papers) == 1 else []
    chosen = next(iter(fitting or alone), None)
    if chosen is None:
        return change
    snapshot = papers[chosen]
    return replace(change, also=f"{chosen}{snapshot.version}", also_title=snapshot.title)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _watch_offered(
    ledger: Ledger, news: Iterable[Change], answers: Mapping[str, Answer], now: datetime
) -> Ledger:
    """What a line offers is watched from then on, from the version that it names."""
    reports, watches = dict(ledger.reports), dict(ledger.watches)
    for change in news:
        key = f"arxiv:{(change.also or '').rpartition('v')[0]}"
        answer = answers.get(key)
        if not change.also or not isinstance(answer, Found):
            continue
        watch = watches.get(key) or Watch(
            Upstream(key, key.partition(":")[2]), snapshot=answer.snapshot
        )
        for report in change.reports:
            record = reports[report]
            if key in (*record.own, *record.cited, *record.offered):
                continue
            reports[report] = replace(record, offered=(*record.offered, key))
            baseline = Baseline(now, settled=True)
            watch = replace(watch, reports={**watch.reports, report: baseline})
        watches[key] = watch
    return replace(ledger, reports=reports, watches=watches)


def unchecked(answers: Mapping[str, Answer]) -> list[str]:
    """The keys that could not be checked."""
    return sorted(k for k, a in answers.items() if not isinstance(a, Found | Absent))
