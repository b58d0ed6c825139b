"""Hugging Face: what models, datasets, spaces and collections look like now.

`huggingface_links` reads links, `huggingface_hub` speaks HTTP, `huggingface_read`,
`huggingface_items` and `huggingface_parts` make values of payloads, `huggingface_compare` says what
is new in a repository, and `huggingface_files`, with `huggingface_raw` and `huggingface_keys`, what
differs in its settings and its card. What is news to whom is decided elsewhere.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tracker.http import NotChecked
from tracker.model import Absent, Answer, Found, Question, Snapshot, Unchecked
from tracker.sources.huggingface_compare import Compared
from tracker.sources.huggingface_files import compare
from tracker.sources.huggingface_hub import Hub, Missing
from tracker.sources.huggingface_links import (
    COLLECTION,
    NAME,
    REPOSITORY,
    SHORT_COLLECTION,
    SITE,
    identify,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.config import Endpoints
    from tracker.http import Http
    from tracker.sources import huggingface_read as read

__all__ = ["NAME", "ask", "compare", "identify"]

_AT_ONCE = 4  # requests under way: enough to be quick, few enough to be polite
_MANY = 3  # models of one owner, or datasets, or spaces, for which one listing is cheaper
_KINDS = ("models", "datasets", "spaces")


def ask(
    questions: Sequence[Question], http: Http, endpoints: Endpoints
) -> Iterator[tuple[str, Answer]]:
    """Ask about each upstream: (key, answer) as they come, one for each question."""
    hub = Hub(http, endpoints.huggingface, endpoints.huggingface_token)
    now = datetime.now(UTC)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        listed: dict[tuple[str, str], read.Repository] = {}
        for found in pool.map(lambda many: hub.listing(*many), _many(questions)):
            listed |= {(one.kind, one.name.lower()): one for one in found}
        answers = pool.map(lambda question: _answer(question, hub, listed, now), questions)
        for question, answer in zip(questions, answers, strict=True):
            yield question.upstream.key, answer


def _many(questions: Iterable[Question]) -> list[tuple[str, str, frozenset[str]]]:
    """The kinds and owners of which much is asked, and what (OWNER/NAME in lower case)."""
    owners: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for question in questions:
        kind, name = _spelled(question)
        if kind in _KINDS:
            owner = name.partition("/")[0]
            owners.setdefault((kind, owner.lower()), (owner, set()))[1].add(name.lower())
    return [
        (kind, owner, frozenset(names))
        for (kind, _), (owner, names) in owners.items()
        if len(names) >= _MANY
    ]


def _spelled(question: Question) -> tuple[str, str]:
    """What to ask for: the kind, and the name as the Hub spells it, as far as that is known.

    Every name is matched whole again: it may come from a file that somebody edited.
    """
    kind, _, key = question.upstream.key.removeprefix(f"{NAME}:").partition("/")
    title, url = (question.seen.title, question.seen.url) if question.seen else ("", "")
    name = question.upstream.name.removeprefix(f"{kind}/")
    if kind in _KINDS:
        spellings = (title, name, key)
        return kind, next(
            (s for s in spellings if s.lower() == key and REPOSITORY.fullmatch(s)), ""
        )
    if kind == "collections":
        last = unquote(url.removeprefix(f"{SITE}/collections/"))
        slugs = (last, name)  # the one seen last first: an old slug costs a redirect
        return kind, next((slug for slug in slugs if _names_collection(slug, key)), "")
    return kind, ""


def _names_collection(slug: str, key: str) -> bool:
    match = COLLECTION.fullmatch(slug)
    if match:
        return match["hex"] == key
    return slug.lower() == key and bool(SHORT_COLLECTION.fullmatch(slug))


def _answer(
    question: Question,
    hub: Hub,
    listed: Mapping[tuple[str, str], read.Repository],
    now: datetime,
) -> Answer:
    kind, name = _spelled(question)
    if not name:
        return Unchecked("no address is known to ask at")
    try:
        if kind == "collections":
            return _collection(question, hub, name, now)
        repository = listed.get((kind, name.lower())) or hub.repository(kind, name)
        return Compared(question, hub, repository, now).found()
    except Missing as error:
        return Absent(str(error), authenticated=hub.authenticated)
    except NotChecked as error:
        return Unchecked(str(error) or "no reason given")


def _collection(question: Question, hub: Hub, name: str, now: datetime) -> Found:
    answered = hub.collection(name, now)
    asked = COLLECTION.fullmatch(name)
    known = asked["hex"] if asked else question.seen.identity if question.seen else None
    if known and answered.identity and answered.identity != known:
        raise Missing("another collection has this address now")
    lines = "\n".join(sorted(f"{item.type} {item.name}" for item in answered.items))
    snapshot = Snapshot(
        version=sha256(lines.encode()).hexdigest()[:12],
        released=max((item.added for item in answered.items if item.added), default=None),
        url=f"{SITE}/collections/{quote(answered.slug)}",
        title=answered.title,
        basis="items",
        identity=answered.identity or known,
        items=answered.items,
    )
    return Found(snapshot, authenticated=hub.authenticated)
