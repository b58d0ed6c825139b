"""A text as what is compared: sentences, words and numbers without what typesetting adds.

Hyphens, ligatures, quotes, capitals, spaces and punctuation count for nothing, nor do the numbers
of citations, sections, tables, figures and equations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

_FIGURES = 40  # characters of a number, at most
_LONGEST = 300  # words of a sentence: a text without full stops is cut there

_CITED = re.compile(r"\[\s*[1-9]\d{0,3}(?:\s*[,;\u2013-]\s*[1-9]\d{0,3})*\s*\]")
_NUMBERED = re.compile(
    r"(\b(?:table|figure|fig|section|sec|equation|eqn?|appendix|chapter|algorithm|theorem|lemma|"
    r"proposition|corollary|definition|footnote|listing|tab)s?\.?|§{1,3})\s*"
    r"(?:\(?(?:[A-Z]\.?)?\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?\b\)?|(?-i:[IVX]{2,5}|[A-Z])\b)"
    r"(?:\s*(?:,|and|to|\u2013|-|&)\s*\(?(?:[A-Z]\.)?\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?\)?(?![\w.%]))*",
    re.I,
)
_BRACKETED = re.compile(r"\((?:\d{1,3}|(?:19|20)\d{2})[a-z]?\)")
_WORK = r"[^\W\d_][^()\[\];\d]{0,120},\s*(?:19|20)\d{2}[a-z]?(?:,\s*(?:(?:19|20)\d{2})?[a-z]?)*"
_AUTHORED = re.compile(rf"[(\[]\s*{_WORK}(?:;\s*{_WORK})*\s*[)\]]")
_SPLIT = re.compile(
    r"(?<=[\w)])\+|[\s/=<>\u2264\u2265\u2248~\u223c\u00b1\u00d7\u2192|\u2013\u2014\u2026]+"
)
_TIED = "\u2060"  # in the place of a space within a name
_VERSION = re.compile(r"(?<![\w.])([A-Z][\w.-]{0,30}\w) (\d(?:\.\d{1,2})?)(?![\w%]|[.,]\d)")
_ZEROS = re.compile(r"(?<=\d)(?:(\.\d*[1-9])0+|\.0+)(?!\d)")
_RANGE = re.compile(r"(?<![\w.-])(\d[\d.,]{0,20})-(?=\d)")
_AMOUNT = re.compile(r"(?<=\d) (thousand|million|billion|trillion)s?\b", re.I)
_NUMBER = re.compile(
    r"(?:10|2)\^-?\d{1,3}|[-+]?[$\u20ac\u00a3]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:%|[a-z]{1,2})?|[-+]?\.\d+%?",
    re.I,
)
_ENDS = re.compile(r"[.!?][\"')\]\u2019\u201d]*\s+(?=[\"'(\[\u2018\u201c]?[A-Z0-9\u00c0-\u00de])")
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|al|fig|figs|eq|eqs|sec|secs|tab|vs|cf|resp|approx|no|dr|mr|ms|prof|app|ref|"
    r"refs|vol|pp|st|etc)|(?<![A-Za-z])[A-Z])\.$",
    re.I,
)
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
_FOLDED = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u00ad": "", "\u2044": "/"})


@dataclass(frozen=True)
class Word:
    """A word as it is shown, what it is compared by, and whether it is a number."""

    shown: str
    key: str
    number: bool = False


@dataclass(frozen=True)
class Sentence:
    """A sentence, and where it stands: the index of its section and of its paragraph there."""

    text: str
    section: int = 0
    paragraph: int = 0

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """What it says."""
        return words(self.text)

    @cached_property
    def key(self) -> str:
        """What tells it from others."""
        return joined(word.key for word in self.words)

    @cached_property
    def mask(self) -> str:
        """The same with its numbers left open; empty where it has none or is nothing else."""
        if not self.numbers or len(self.numbers) == len(self.words):
            return ""
        return "|".join("#" if word.number else word.key for word in self.words)

    @cached_property
    def numbers(self) -> tuple[Word, ...]:
        """The numbers in it."""
        return tuple(word for word in self.words if word.number)


def plain(text: str) -> str:
    """One line, compatibility forms (ligatures) resolved, no invisible characters."""
    text = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    kept = (char for char in text if unicodedata.category(char) not in _INVISIBLE or char.isspace())
    return " ".join("".join(kept).split())


def words(text: str) -> tuple[Word, ...]:
    """The words that count, in order."""
    text = _AUTHORED.sub(" ", _CITED.sub(" ", text.translate(_FOLDED)))
    text = _BRACKETED.sub(" ", _NUMBERED.sub(r"\1 ", text))
    text = _AMOUNT.sub(rf"{_TIED}\1", text)
    text = _VERSION.sub(rf"\1{_TIED}\2", text)
    text = _RANGE.sub(r"\1 ", text.replace(" %", "%"))
    found = (_word(piece) for piece in _SPLIT.split(text))
    return tuple(word for word in found if word.key)


@lru_cache(maxsize=20_000)  # most words of a paper come again, and in its other version
def _word(piece: str) -> Word:
    shown = piece.strip(".,;:!?()[]{}\"'\u2018\u2019\u201c\u201d*\u2020\u2021")
    told, _, amount = shown.partition(_TIED)  # 18 trillion is 18T
    short = told + amount[:1] if _AMOUNT.fullmatch(f"1 {amount}", 1) else shown
    if len(short) <= _FIGURES and _NUMBER.fullmatch(short):
        key = short.replace(",", "").replace("+", "").casefold()
        return Word(shown.replace(_TIED, " "), _ZEROS.sub(r"\1", key), number=True)
    shown = shown.replace(_TIED, " ")
    return Word(shown, "".join(char for char in shown.casefold() if char.isalnum() or char in "%^"))


def title_key(title: str) -> str:
    """A title without what typesetting changes."""
    return joined(word.key for word in words(title))


def unit(number: Word) -> str:
    """What a number counts, as far as its own signs tell: `%`, `$`, `b`."""
    return "".join(char for char in number.key if not char.isdigit() and char not in "-.")


def exchanged(old: Iterable[str], new: Iterable[str]) -> bool:
    """Whether a number that changed is now in another's place: they may have moved instead."""
    return bool({_word(one).key for one in old} & {_word(one).key for one in new})


def joined(keys: Iterable[str]) -> str:
    """Keys of words as one, whatever spaces stood between them; two numbers stay two."""
    whole = ""
    parts: list[str] = []
    for key in keys:
        if parts and whole[-1:].isdigit() and key[:1].isdigit():
            parts.append("_")
        parts.append(key)
        whole = key
    return "".join(parts)


def sentences(text: str, section: int = 0, paragraph: int = 0) -> list[Sentence]:
    """The sentences of a paragraph."""
    pieces, start = [], 0
    for end in _ENDS.finditer(text):
        if not _SHORT.search(text[max(start, end.start() - 8) : end.start() + 1]):
            pieces.append(text[start : end.end()].strip())
            start = end.end()
    pieces.append(text[start:].strip())
    found: list[Sentence] = []
    for piece in pieces:
        every = piece.split()
        cuts = range(0, len(every), _LONGEST)
        found += [Sentence(" ".join(every[at : at + _LONGEST]), section, paragraph) for at in cuts]
    return found
