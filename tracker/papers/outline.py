"""Which section of the new version is which of the old one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tracker.papers.document import Section
from tracker.papers.revision import SectionChange
from tracker.papers.words import sentences, title_key, words

_SHARED = 0.5  # of the sentences of the shorter one: then it is the same under another title
_HINTED = 0.2  # the same where the titles are alike
_ALIKE = 0.5


@dataclass(frozen=True)
class Outline:
    """What became of the sections, and which new ones are which old ones, by index."""

    changes: tuple[SectionChange, ...]
    pairs: dict[int, int]


@dataclass
class _Side:
    """One version's sections, each with the titles above it and the sentences below it."""

    sections: Sequence[Section]
    keys: list[str] = field(init=False)
    above: list[int] = field(init=False)
    held: list[Counter[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = [title_key(one.title) for one in self.sections]
        self.above = _parents(self.sections)
        self.held = [Counter(_keys(one.paragraphs)) for one in self.sections]
        for index in range(len(self.sections) - 1, -1, -1):
            if self.above[index] >= 0:
                self.held[self.above[index]].update(self.held[index])

    def path(self, index: int) -> tuple[str, str]:
        """Its title and the one above."""
        above = self.above[index]
        return self.keys[index], self.keys[above] if above >= 0 else ""

    def title(self, index: int) -> str:
        """Its title alone."""
        return self.keys[index]


def compare_sections(old: Sequence[Section], new: Sequence[Section]) -> Outline:
    """The same title under the same one, the same title, or the same text: one section."""
    before, after = _Side(old), _Side(new)
    pairs: dict[int, int] = {}
    for name in (_Side.path, _Side.title):
        _pair(before, after, pairs, name)
    renamed = _renamed(before, after, pairs)
    pairs |= renamed
    moved = _moved(after, pairs)
    added = [index for index in range(len(new)) if index not in pairs]
    removed = sorted(set(range(len(old))) - set(pairs.values()))
    changes = [
        *(_added(before, after, index) for index in added if new[index].title),
        *(_change("removed", old[index]) for index in removed if old[index].title),
        *(_change("renamed", new[at], old[renamed[at]].title) for at in sorted(renamed)),
        *(_change("moved", new[index], new[index].title) for index in moved),
    ]
    return Outline(tuple(changes), pairs)


def _added(before: _Side, after: _Side, index: int) -> SectionChange:
    """A section without a pair; where its text stood in another one, it moved out of that."""
    held = after.held[index]
    same = [(_same_text(held, each, held), -at) for at, each in enumerate(before.held)]
    most, at = max(same, default=(0.0, 0))
    if most >= _SHARED:
        return _change("moved", after.sections[index], before.sections[-at].title)
    return _change("added", after.sections[index])


def _change(kind: str, section: Section, old: str = "") -> SectionChange:
    return SectionChange(kind, section.title, section.level, old, section.part)  # type: ignore[arg-type]


def alike(old: str, new: str) -> float:
    """How many of their words two texts share, from 0 to 1."""
    return shared([word.key for word in words(old)], [word.key for word in words(new)])


def shared(old: Sequence[str], new: Sequence[str]) -> float:
    """Dice's coefficient."""
    common = Counter(old) & Counter(new)
    return 2 * common.total() / (len(old) + len(new)) if old or new else 1.0


def _keys(paragraphs: Iterable[str]) -> Iterable[str]:
    return (sentence.key for text in paragraphs for sentence in sentences(text))


def _parents(sections: Sequence[Section]) -> list[int]:
    found: list[int] = []
    open_: list[int] = []
    for index, one in enumerate(sections):
        while open_ and sections[open_[-1]].level >= one.level:
            open_.pop()
        found.append(open_[-1] if open_ else -1)
        open_.append(index)
    return found


def _pair(
    before: _Side, after: _Side, pairs: dict[int, int], name: Callable[[_Side, int], object]
) -> None:
    """Pair what has the same name, in order, among those without a pair."""
    free: dict[object, list[int]] = {}
    taken = set(pairs.values())
    for index in range(len(before.sections)):
        if index not in taken:
            free.setdefault(name(before, index), []).append(index)
    for index in range(len(after.sections)):
        if index not in pairs and (found := free.get(name(after, index))):
            pairs[index] = found.pop(0)


def _renamed(before: _Side, after: _Side, pairs: dict[int, int]) -> dict[int, int]:
    """What has another title and mostly the same text, best first."""
    old = sorted(set(range(len(before.sections))) - set(pairs.values()))
    new = [index for index in range(len(after.sections)) if index not in pairs]
    found = []
    for at in new:
        for index in old:
            same = _same_text(before.held[index], after.held[at])
            if same < _HINTED:
                continue
            titles = alike(before.sections[index].title, after.sections[at].title)
            if same >= _SHARED or titles >= _ALIKE:
                found.append((-same, -titles, abs(at - index), at, index))
    chosen: dict[int, int] = {}
    for *_, at, index in sorted(found):
        if at not in chosen and index not in chosen.values():
            chosen[at] = index
    return chosen


def _same_text(old: Counter[str], new: Counter[str], of: Counter[str] | None = None) -> float:
    """Which share they have in common, of the shorter one or of that."""
    fewer = of.total() if of is not None else min(old.total(), new.total())
    return (old & new).total() / fewer if fewer else 0.0


def _moved(after: _Side, pairs: dict[int, int]) -> list[int]:
    """What is not in the longest run of sections that kept their order; what moved along with the
    section above it did not move itself."""
    order = sorted(pairs)
    kept = {order[at] for at in _longest([pairs[index] for index in order])}
    out = [index for index in order if index not in kept and after.sections[index].title]
    return [index for index in out if after.above[index] not in out]


def _longest(values: list[int]) -> list[int]:
    """The places of a longest rising run."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for at, value in enumerate(values):
        rank = bisect_left(ends, value)
        before.append(places[rank - 1] if rank else -1)
        ends[rank : rank + 1] = [value]
        places[rank : rank + 1] = [at]
    found = []
    at = places[-1] if places else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found
