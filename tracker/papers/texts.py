"""All that one version of a paper says, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.papers.document import Section
from tracker.papers.words import Sentence, joined, sentences

_SHORT = 12  # characters of a sentence that may stand anywhere by chance


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

    @cached_property
    def masks(self) -> Counter[str]:
        """How many sentences are the same but for their numbers."""
        return Counter(one.mask for one in self.sentences)

    @cached_property
    def beside(self) -> dict[int, tuple[str, str]]:
        """The sentences before and after each, by its id."""
        keys = ["", *(one.key for one in self.sentences), ""]
        return {id(one): (keys[at], keys[at + 2]) for at, one in enumerate(self.sentences)}

    @cached_property
    def within(self) -> dict[int, tuple[str, str]]:
        """The same, of those in the same section."""
        found = {}
        for at, one in enumerate(self.sentences):
            around = [
                self.sentences[at + off] if 0 <= at + off < len(self.sentences) else None
                for off in (-1, 1)
            ]
            keys = [each.key if each and each.section == one.section else "" for each in around]
            found[id(one)] = keys[0], keys[1]
        return found
