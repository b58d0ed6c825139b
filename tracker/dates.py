"""Dates as authors write them: finding one in a text, and writing another in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
# Pattern, then the strptime formats to try in turn. A number/number/year whose first number is a
# possible month is read month first, unless the text proves otherwise (`day_first`).
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"), ("%Y-%m-%d",)),
    (re.compile(r"(?<!\d)\d{4}/\d{1,2}/\d{1,2}(?!\d)"), ("%Y/%m/%d",)),
    (re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)"), ("%m/%d/%Y", "%d/%m/%Y")),
    (re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}(?!\d)"), ("%d.%m.%Y",)),
    (re.compile(rf"\b{_MONTH} \d{{1,2}}, \d{{4}}\b"), ("%B %d, %Y", "%b %d, %Y")),
    (re.compile(rf"\b\d{{1,2}} {_MONTH} \d{{4}}\b"), ("%d %B %Y", "%d %b %Y")),
)


@dataclass(frozen=True)
class Form:
    """How an author writes a date: a strftime format, and whether numbers have leading zeros."""

    format: str = "%Y-%m-%d"
    padded: bool = True

    def write(self, day: date) -> str:
        """The day in this form."""
        if self.padded:
            return day.strftime(self.format)
        plain = self.format.replace("%d", str(day.day)).replace("%m", str(day.month))
        return day.strftime(plain)


ISO = Form()


@dataclass(frozen=True)
class Dated:
    """A date found in a text: the day, its form, and its span in characters."""

    day: date
    form: Form
    start: int
    end: int


def find(text: str, *, day_first: bool = False) -> Iterator[Dated]:
    """Every date in `text`, form by form; what only looks like one (13/45/2025) is none."""
    for pattern, formats in _PATTERNS:
        for match in pattern.finditer(text):
            for form in reversed(formats) if day_first else formats:
                day = _read(match[0], form)
                if day is None:
                    continue
                zero = bool(re.search(r"(?<!\d)0\d", match[0]))
                single = bool(re.search(r"(?<!\d)\d(?!\d)", match[0]))
                # "June 12" leaves open how a 5th is written: without a zero, as words go.
                padded = zero or not (single or "%B" in form or "%b" in form)
                yield Dated(day, Form(form, padded), match.start(), match.end())
                break


@lru_cache(1024)  # the standard library's parser is slow, and days repeat
def _read(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def day_first(texts: Iterator[str]) -> bool:
    """Whether some number/number/year in these texts can only be read day first."""
    return any(
        int(match[1]) > 12  # noqa: PLR2004 - months
        for text in texts
        for match in re.finditer(r"(?<!\d)(\d{1,2})/\d{1,2}/\d{4}(?!\d)", text)
    )
