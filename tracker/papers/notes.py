"""Which of the author's notes a new version touches. Does not read posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.papers.revision import Differences
from tracker.papers.words import Word, words

_NAME = 4  # letters that a name has at least, unless it has figures or capitals inside
_EVERYDAY = 10  # numbers below are in any text


def touched(differences: Differences, notes: Sequence[str]) -> list[tuple[str, str]]:
    """The notes, as they are, that carry a number or a distinctive name which the new version
    changed, each with the new sentence (for a cell: where it stands and its new number)."""
    changed = list(_changed(differences))
    found = []
    for note in notes:
        own = words(note)
        numbers = {word.key for word in own if word.number}
        said = {word.key for word in own}
        for number, names, sentence in changed:
            if (number and _same(number, numbers, said & names)) or (not number and names & said):
                found.append((note, sentence))
                break
    return found


def _changed(differences: Differences) -> Iterator[tuple[str, set[str], str]]:
    """The former number, the words beside it, and the new sentence; without a number, the names
    that went."""
    for one in differences.numbers:
        around = {word.key for word in words(f"{one.where} {one.section}") if not word.number}
        new = f"{one.where}: {one.new}" if one.cell else one.where
        yield words(one.old)[0].key, around, new
    for change in differences.paragraphs:
        kept = {word.key for word in words(change.new)}
        gone = [word for word in words(change.old) if word.key not in kept]
        if change.new and (names := {word.key for word in gone if _distinctive(word)}):
            yield "", names, change.new
    for section in differences.sections:
        if section.kind == "renamed":
            names = {word.key for word in words(section.old) if _distinctive(word)}
            yield "", names - {word.key for word in words(section.title)}, section.title


def _same(number: str, numbers: set[str], beside: set[str]) -> bool:
    """Whether a note gives this number: one that is in any text only beside a word of its own."""
    spellings = {number, number.removesuffix("%"), f"{number}%"}
    told = number.strip("-%$").rstrip("bkmtx")
    everyday = told.isdigit() and int(told) < _EVERYDAY
    return bool(spellings & numbers) and (
        not everyday or any(len(word) >= _NAME for word in beside)
    )


def _distinctive(word: Word) -> bool:
    """A name: capitals or figures after the first letter (`GSM8K`, `DeepSeek`, `Qwen2`)."""
    inner = word.shown[1:]
    marked = any(char.isupper() or char.isdigit() for char in inner)
    return not word.number and marked and any(char.isalpha() for char in word.shown)
