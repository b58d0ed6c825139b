"""The text of two versions: numbers that changed in a sentence, sentences reworded, come or gone.

A sentence that stands anywhere in the other version is the same, whatever is around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from tracker.papers.document import Section
from tracker.papers.numbers import changed, masked
from tracker.papers.numbers import reworded as replaced
from tracker.papers.revision import NumberChange, ParagraphChange, Run
from tracker.papers.rewordings import Likeness, reworded
from tracker.papers.texts import Text
from tracker.papers.words import Sentence, Word, joined

_MOST = 3000  # sentences that differ: with more it is another text, and nobody reads them
_LONGEST = 1000  # characters of a text that is told

Pair = tuple[Sentence | None, Sentence | None]


def compare_text(
    old: Text, new: Text, same: Mapping[int, int]
) -> tuple[list[NumberChange], list[ParagraphChange]]:
    """What changed, in the new order. `same` tells which new sections are which old ones; what
    stands in others is told by these having come or gone."""
    gone, come = _apart(old.sentences, new.sentences)
    matched, gone, come = masked(gone, come)
    numbers = [one for pair in matched for one in changed(old, new, pair, same)]
    gone = [one for one in gone[:_MOST] if not new.holds(one)]
    come = [one for one in come[:_MOST] if not old.holds(one)]
    pairs = reworded(gone, come, Likeness(old, new, same))
    numbers += [one for was, now in pairs for one in replaced(new, now, _steps(was, now))]
    left = {id(one) for pair in pairs for one in pair}
    kept = set(same.values())
    alone: list[Pair] = [(one, None) for one in gone if id(one) not in left and one.section in kept]
    alone += [(None, one) for one in come if id(one) not in left and one.section in same]
    return numbers, _grouped(old, new, [*pairs, *alone])


def _apart(
    old: Sequence[Sentence], new: Sequence[Sentence]
) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences that only one of them has."""
    return _more(old, Counter(one.key for one in new)), _more(new, Counter(one.key for one in old))


def _more(these: Sequence[Sentence], others: Counter[str]) -> list[Sentence]:
    found = []
    for one in these:
        if others[one.key] > 0:
            others[one.key] -= 1
        else:
            found.append(one)
    return found


def _grouped(old: Text, new: Text, pairs: list[Pair]) -> list[ParagraphChange]:
    """One change for sentences of a paragraph that follow each other, in the new order, then what
    went."""
    places = {id(one): at for text in (old, new) for at, one in enumerate(text.sentences)}
    pairs.sort(key=lambda pair: _order(pair, places))
    groups: list[list[Pair]] = []
    for pair in pairs:
        if groups and _follows(groups[-1][-1], pair, places):
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return [change for group in groups if (change := _change(old, new, group))]


def _order(pair: Pair, places: dict[int, int]) -> tuple[bool, int]:
    one = pair[1] or pair[0]
    return pair[1] is None, places[id(one)]


def _follows(above: Pair, pair: Pair, places: dict[int, int]) -> bool:
    last, one = above[1] or above[0], pair[1] or pair[0]
    if last is None or one is None or (above[1] is None) != (pair[1] is None):
        return False
    same = last.section == one.section and last.paragraph == one.paragraph
    return same and places[id(one)] == places[id(last)] + 1


def _change(old: Text, new: Text, group: list[Pair]) -> ParagraphChange | None:
    runs: list[Run] = []
    for was, is_ in group:
        runs += _runs(was, is_)
    if all(run.sign == "=" for run in runs):
        return None
    was, is_ = group[0]
    section = (
        new.sections[is_.section] if is_ else old.sections[was.section] if was else Section("", 1)
    )
    before = " ".join(one.text for one, _ in group if one)
    after = " ".join(one.text for _, one in group if one)
    return ParagraphChange(
        section.title, before[:_LONGEST], after[:_LONGEST], tuple(runs[:_LONGEST]), section.part
    )


def _runs(was: Sentence | None, is_: Sentence | None) -> list[Run]:
    if was is None or is_ is None:
        one = was or is_
        return [Run("-" if was else "+", one.text[:_LONGEST])] if one else []
    found = []
    for old, new in _steps(was, is_):
        before, after = " ".join(one.shown for one in old), " ".join(one.shown for one in new)
        if joined(one.key for one in old) == joined(one.key for one in new):
            found.append(Run("=", after))
            continue
        found += [Run("-", before)] if before else []
        found += [Run("+", after)] if after else []
    return found


def _steps(old: Sentence, now: Sentence) -> list[tuple[Sequence[Word], Sequence[Word]]]:
    """The words side by side; a step with the same on both sides stayed."""
    was, is_ = old.words, now.words
    matcher = SequenceMatcher(
        None, [one.key for one in was], [one.key for one in is_], autojunk=False
    )
    return [(was[a:b], is_[c:d]) for _, a, b, c, d in matcher.get_opcodes()]
