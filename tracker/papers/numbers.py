"""Numbers that changed in a sentence, and which of them are sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tracker.papers.revision import NumberChange
from tracker.papers.texts import Text
from tracker.papers.words import Sentence, Word, exchanged, unit

_LONGEST = 1000  # characters of a sentence that is told

Both = tuple[Sentence, Sentence]


def masked(
    gone: list[Sentence], come: list[Sentence]
) -> tuple[list[Both], list[Sentence], list[Sentence]]:
    """Pairs that are the same but for numbers, in order; and the rest."""
    waiting: dict[str, list[Sentence]] = {}
    for one in gone:
        if one.mask:
            waiting.setdefault(one.mask, []).append(one)
    found, paired = [], set()
    for one in come:
        if held := waiting.get(one.mask):
            other = held.pop(0)
            found.append((other, one))
            paired |= {id(other), id(one)}
    return (
        found,
        [one for one in gone if id(one) not in paired],
        [one for one in come if id(one) not in paired],
    )


def changed(old: Text, new: Text, pair: Both, same: Mapping[int, int]) -> list[NumberChange]:
    """The numbers that differ in a pair that is otherwise the same."""
    was, now = pair
    words = [
        (one, other)
        for one, other in zip(was.numbers, now.numbers, strict=True)
        if one.key != other.key
    ]
    sure = _anchored(old, new, pair, same) and not exchanged(
        [one.shown for one, _ in words], [other.shown for _, other in words]
    )
    return [
        number(new, now, one, other, sure=sure and unit(one) == unit(other)) for one, other in words
    ]


def _anchored(old: Text, new: Text, pair: Both, same: Mapping[int, int]) -> bool:
    """Whether it is surely the same sentence: the only one of its kind in both versions, in the same
    section, and beside the same sentence, or alone there."""
    was, now = pair
    if not old.masks[was.mask] == new.masks[now.mask] == 1:
        return False
    before, after = old.within[id(was)], new.within[id(now)]
    beside = any(one and one == other for one, other in zip(before, after, strict=True))
    alone = not any((*before, *after))
    return same.get(now.section) == was.section and (beside or alone)


def number(new: Text, now: Sentence, was: Word, is_: Word, *, sure: bool) -> NumberChange:
    """A number that changed, with where it stands now."""
    section = new.sections[now.section]
    where = now.text[:_LONGEST]
    return NumberChange(was.shown, is_.shown, where, section.title, sure=sure, part=section.part)


def reworded(
    new: Text, now: Sentence, steps: Sequence[tuple[Sequence[Word], Sequence[Word]]]
) -> Iterable[NumberChange]:
    """Numbers in a reworded sentence of which one took the other's place."""
    for was, is_ in steps:
        numbers = [word for word in was if word.number], [word for word in is_ if word.number]
        if len(numbers[0]) == len(numbers[1]) == 1 and numbers[0][0].key != numbers[1][0].key:
            yield number(new, now, numbers[0][0], numbers[1][0], sure=False)
