"""Hugging Face: what differs between two revisions of a model or dataset: settings and card.

Small files are fetched, two for each that differs, and kept nowhere.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tracker.difference import Difference, Pair
from tracker.http import NotChecked, Refused
from tracker.papers import apart
from tracker.papers.document import Unreadable
from tracker.sources.huggingface_keys import NoKeys, front_keys, json_keys
from tracker.sources.huggingface_raw import Raw, kind_of
from tracker.sources.named import new_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http

_AT_ONCE = 4  # pairs, each with one request under way
_CARD = "README.md"
_SETTINGS = (  # the most telling first
    "config.json",
    "generation_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "preprocessor_config.json",
    "chat_template.json",
    "*config*.json",
)
_MOST = 4  # files of settings
_AT_THE_TOP = re.compile(r"[A-Za-z0-9_.-]{1,100}")  # what is shown as the file's name


def compare(
    pairs: Sequence[Pair], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Difference]]:
    """What differs between two revisions of models and datasets: (key, difference), one for each of
    which it is known that files differ. Nothing is raised."""
    raw = Raw(http, endpoints.huggingface, endpoints.huggingface_token)
    wanted = [pair for pair in pairs if pair.files and kind_of(pair)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda pair: _difference(pair, raw), wanted)
        for pair, difference in zip(wanted, found, strict=True):
            yield pair.upstream.key, difference


def _difference(pair: Pair, raw: Raw) -> Difference:
    """All that can be told, and why not more. One refusal is one for every file."""
    told = Difference(files=pair.files)
    paths = _worth_reading({one.path for one in pair.files if one.sign == "~"})
    failed: dict[str, list[str]] = {}
    for number, path in enumerate(paths):
        try:
            old, new = raw.both(pair, path)
            if path != _CARD:
                told = replace(told, keys=(*told.keys, *json_keys(path, old, new)))
                continue
            told = _with_names(told, pair, old, new)
            document = apart.compare("markdown", old, new)
            told = replace(told, document=document, format="markdown")
        except Refused as error:
            failed.setdefault(str(error), []).extend(paths[number:])
            break
        except (NotChecked, NoKeys, Unreadable) as error:
            failed.setdefault(str(error) or "no reason given", []).append(path)
    reasons = [f"{', '.join(files)}: {reason}" for reason, files in failed.items()]
    return replace(told, reason="; ".join(reasons) or None)


def _with_names(told: Difference, pair: Pair, old: bytes, new: bytes) -> Difference:
    """With what a card says to machines: its front matter, and whom it links, but for itself."""
    names = (name for name in new_names(old, new) if name != pair.upstream.key)
    return replace(told, keys=(*told.keys, *front_keys(_CARD, old, new)), names=tuple(names))


def _worth_reading(changed: Collection[str]) -> list[str]:
    """Of the files that differ, those whose text tells something: settings, then the card."""
    top = [path for path in sorted(changed) if _AT_THE_TOP.fullmatch(path)]
    ranked = (path for pattern in _SETTINGS for path in top if fnmatchcase(path, pattern))
    settings = list(dict.fromkeys(ranked))[:_MOST]
    return [*settings, _CARD] if _CARD in changed else settings
