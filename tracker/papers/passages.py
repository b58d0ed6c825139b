"""The text of two versions: numbers that changed in a sentence, sentences reworded, come or gone.

A sentence that stands anywhere in the other version is the same, whatever is around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import log

from tracker.papers.document import Section
from tracker.papers.revision import NumberChange, ParagraphChange, Run
from tracker.papers.words import Sentence, Word, joined, sentences

_ALIKE = 0.5  # of the words, rare ones counting more: less is another sentence
_BETWEEN = 0.25  # the same for one between the same two sentences
_AWAY = 0.75  # the same for one in another section
_COMMON = 40  # sentences that hold a word: one in more tells nothing about which belong together
_NEAREST = 8  # sentences that share most rare words are looked at
_SHORT = 12  # characters of a sentence that may stand anywhere by chance
_MOST = 3000  # sentences that differ: with more it is another text, and nobody reads them
_LONGEST = 1000  # characters of a text that is told


@dataclass(frozen=True)
class Text:
    """One version as sentences. `whole` is all of it as one, with what stands in tables."""

    sections: Sequence[Section]
    sentences: tuple[Sentence, ...]
    whole: str

    @classmethod
    def of(cls, sections: Sequence[Section], besides: Iterable[str]) -> Text:
        """What these sections say, and besides; a list of references is counted, not read."""
        found = [
            sentence
            for index, section in enumerate(sections)
            if section.part != "references"
            for at, paragraph in enumerate(section.paragraphs)
            for sentence in sentences(paragraph, index, at)
            if sentence.key
        ]
        rest = (one.key for text in besides for one in sentences(text))
        return cls(sections, tuple(found), joined([*(one.key for one in found), "|", *rest]))

    def holds(self, sentence: Sentence) -> bool:
        """Whether it says this, however it was divided."""
        key = sentence.key
        at = self.whole.find(key) if len(key) >= _SHORT else -1
        while at >= 0:
            before, after = self.whole[at - 1 : at], self.whole[at + len(key) : at + len(key) + 1]
            if not (before + key[0]).isdigit() and not (key[-1] + after).isdigit():
                return True
            if not before and not after:
                return True
            at = self.whole.find(key, at + 1)
        return False


Pair = tuple[Sentence | None, Sentence | None]


def compare_text(
    old: Text, new: Text, same: Mapping[int, int]
) -> tuple[list[NumberChange], list[ParagraphChange]]:
    """What changed, in the new order. `same` tells which new sections are which old ones; what
    stands in others is told by these having come or gone."""
    gone, come = _apart(old.sentences, new.sentences)
    matched, gone, come = _masked(gone, come)
    numbers = [one for pair, sure in matched for one in _numbers(new, *pair, sure=sure)]
    gone = [one for one in gone[:_MOST] if not new.holds(one)]
    come = [one for one in come[:_MOST] if not old.holds(one)]
    pairs = _reworded(gone, come, _Likeness(old, new, same))
    numbers += [one for pair in pairs for one in _in_reworded(new, *pair)]
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


def _masked(
    gone: list[Sentence], come: list[Sentence]
) -> tuple[list[tuple[tuple[Sentence, Sentence], bool]], list[Sentence], list[Sentence]]:
    """Pairs that are the same but for numbers, in order, whether each is the only such one; and
    the rest."""
    waiting: dict[str, list[Sentence]] = {}
    for one in gone:
        if one.mask:
            waiting.setdefault(one.mask, []).append(one)
    counts = {mask: len(held) for mask, held in waiting.items()}
    times = Counter(one.mask for one in come)
    found, paired = [], set()
    for one in come:
        if held := waiting.get(one.mask):
            other = held.pop(0)
            found.append(((other, one), counts[one.mask] == times[one.mask] == 1))
            paired |= {id(other), id(one)}
    return (
        found,
        [one for one in gone if id(one) not in paired],
        [one for one in come if id(one) not in paired],
    )


def _numbers(new: Text, old: Sentence, now: Sentence, *, sure: bool) -> list[NumberChange]:
    changed = [
        (was.shown, is_.shown)
        for was, is_ in zip(old.numbers, now.numbers, strict=True)
        if was.key != is_.key
    ]
    return [_number(new, now, was, is_, sure=sure) for was, is_ in changed]


def _number(new: Text, now: Sentence, was: str, is_: str, *, sure: bool) -> NumberChange:
    section = new.sections[now.section]
    return NumberChange(was, is_, now.text[:_LONGEST], section.title, sure=sure, part=section.part)


class _Likeness:
    """How alike sentences are: a rare word tells much, one that is in every sentence nothing."""

    def __init__(self, old: Text, new: Text, same: Mapping[int, int]) -> None:
        every = (*old.sentences, *new.sentences)
        counts = Counter(key for one in every for key in {word.key for word in one.words})
        self._weights = {key: log((1 + len(every)) / count) for key, count in counts.items()}
        self._beside = {**_neighbours(old.sentences), **_neighbours(new.sentences)}
        self._same = same

    def enough(self, old: Sentence, new: Sentence) -> float:
        """How alike they are, from 0 to 1; 0 where that is not enough for where they stand."""
        alike = self._shared(old, new)
        if self._beside[id(old)] == self._beside[id(new)]:
            return alike if alike >= _BETWEEN else 0.0
        here = self._same.get(new.section) == old.section
        return alike if alike >= (_ALIKE if here else _AWAY) else 0.0

    def _shared(self, old: Sentence, new: Sentence) -> float:
        """Dice's coefficient of their words by weight."""
        before, after = (Counter(word.key for word in one.words) for one in (old, new))
        both = self._sum(before) + self._sum(after)
        return 2 * self._sum(before & after) / both if both else 0.0

    def _sum(self, counts: Counter[str]) -> float:
        return sum(times * self._weights[key] for key, times in counts.items())


def _neighbours(every: Sequence[Sentence]) -> dict[int, tuple[str, str]]:
    """The sentences before and after each."""
    keys = ["", *(one.key for one in every), ""]
    return {id(one): (keys[at], keys[at + 2]) for at, one in enumerate(every)}


def _reworded(
    gone: list[Sentence], come: list[Sentence], likeness: _Likeness
) -> list[tuple[Sentence, Sentence]]:
    """Pairs that share most of what they say, the best first, each sentence once."""
    holders: dict[str, list[int]] = {}
    for index, one in enumerate(gone):
        for key in {word.key for word in one.words}:
            holders.setdefault(key, []).append(index)
    found = []
    for at, one in enumerate(come):
        near: Counter[int] = Counter()
        for key in sorted({word.key for word in one.words}):
            if len(held := holders.get(key, [])) <= _COMMON:
                near.update(held)
        for index, _ in near.most_common(_NEAREST):
            if alike := likeness.enough(gone[index], one):
                found.append((-alike, at, index))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, index in sorted(found):
        if at not in pairs and index not in taken:
            pairs[at] = index
            taken.add(index)
    return [(gone[pairs[at]], come[at]) for at in sorted(pairs)]


def _steps(old: Sentence, now: Sentence) -> list[tuple[Sequence[Word], Sequence[Word]]]:
    """The words side by side; a step with the same on both sides stayed."""
    was, is_ = old.words, now.words
    matcher = SequenceMatcher(
        None, [one.key for one in was], [one.key for one in is_], autojunk=False
    )
    return [(was[a:b], is_[c:d]) for _, a, b, c, d in matcher.get_opcodes()]


def _in_reworded(new: Text, old: Sentence, now: Sentence) -> Iterable[NumberChange]:
    """Numbers in a reworded sentence of which one took the other's place."""
    for was, is_ in _steps(old, now):
        numbers = [word for word in was if word.number], [word for word in is_ if word.number]
        if len(numbers[0]) == len(numbers[1]) == 1 and numbers[0][0].key != numbers[1][0].key:
            yield _number(new, now, numbers[0][0].shown, numbers[1][0].shown, sure=False)


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
