"""Which of the author's notes a new version touches. Does not read posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.papers.revision import Differences
from tracker.papers.words import Word, words

_WORD = 5  # letters of a word that tells what a number is of, unless it is a name
_FIGURES = 3  # of a number: one with fewer is in any text, as years are
_YEAR = re.compile(r"(19|20)\d\d")
_MATH = re.compile(r"\$\$|[{}]")  # of the author's Markdown


def touched(differences: Differences, notes: Sequence[str]) -> list[tuple[str, str]]:
    """The notes, as they are, that carry a number or a distinctive name which the new version
    changed, each with the new sentence (for a cell: where it stands and its new number)."""
    changed = list(_changed(differences))
    found = []
    for note in notes:
        own = words(_MATH.sub("", note))
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
        beside = (word for word in words(f"{one.where} {one.section}") if not word.number)
        around = {word.key for word in beside if len(word.key) >= _WORD or _distinctive(word)}
        new = f"{one.where}: {one.new}" if one.cell else one.where
        for old in words(one.old)[:1]:
            yield old.key, around, new
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
    few = sum(map(str.isdigit, number)) < _FIGURES
    return bool(spellings & numbers) and bool(beside or not (few or _YEAR.fullmatch(number)))


def _distinctive(word: Word) -> bool:
    """A name: capitals or figures after the first letter (`GSM8K`, `DeepSeek`, `Qwen2`)."""
    inner = word.shown[1:]
    marked = any(char.isupper() or char.isdigit() for char in inner)
    return not word.number and marked and any(char.isalpha() for char in word.shown)
