"""Which sentences of two versions are the same one, reworded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import log

from tracker.papers.texts import Text
from tracker.papers.words import Sentence

_ALIKE = 0.5  # of the words, rare ones counting more: less is another sentence
_BETWEEN = 0.25  # the same for one between the same two sentences
_AWAY = 0.75  # the same for one in another section
_COMMON = 40  # sentences that hold a word: one in more tells nothing about which belong together
_NEAREST = 8  # sentences that share most rare words are looked at


class Likeness:
    """How alike sentences are: a rare word tells much, one that is in every sentence nothing."""

    def __init__(self, old: Text, new: Text, same: Mapping[int, int]) -> None:
        every = (*old.sentences, *new.sentences)
        counts = Counter(key for one in every for key in {word.key for word in one.words})
        self._weights = {key: log((1 + len(every)) / count) for key, count in counts.items()}
        self._beside = {**old.beside, **new.beside}
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


def reworded(
    gone: list[Sentence], come: list[Sentence], likeness: Likeness
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
