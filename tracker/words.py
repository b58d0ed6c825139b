"""The words for a change: phrase, title, summary, details. Pure; it renders and escapes nothing.

What upstream wrote freely stands in quotes and in the details only; identifiers (versions, tags,
file and model names) stand plain where they match their pattern, and are left out where not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from tracker.model import Change, Item
from tracker.text import clean, cut

TITLE_LIMIT = 89
_SHORTEST_NAME = 24  # what a long upstream name must leave of a title for the report's
_NAME_LIMIT = 60
_QUOTE_LIMIT = 300
_ITEMS_LIMIT = 10
_RECENT = timedelta(days=7)

SOURCES = {"arxiv": "arXiv", "github": "GitHub", "huggingface": "Hugging Face"}
_HOSTS = {"arxiv": "arxiv.org", "github": "github.com", "huggingface": "huggingface.co"}
_GITHUB_TYPES = {"blob": "file", "tree": "folder"}
_HUGGINGFACE_TYPES = {
    "models": "model",
    "datasets": "dataset",
    "spaces": "space",
    "collections": "collection",
}
_PARTS = ("weights", "tokenizer", "configuration", "data", "code", "card")

_VERSION = re.compile(r"v\d{1,4}")
_PAPER = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d{1,4})?")
_DOI = re.compile(r"10\.\d{4,9}/[A-Za-z0-9._;()/:+-]{1,60}")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/@-]{0,29}")
_IDENTIFIER = re.compile(r"[^\W_][\w.+@()~/-]*(?: [\w.+@()~-]+)*|[\w.][\w.+-]*")
_HASH = re.compile(r"[0-9a-f]{7,64}")
# How text that merely looks like markup is written where a reader may take plain text for HTML.
_MARKUP = {ord("<"): "‹", ord(">"): "›"}  # noqa: RUF001 - they are meant to look alike
_ENTITY = re.compile(r"&(?=#?\w+;)")


# --- what a key names ------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """What a key names: its source, its type (`paper`, `file`, `model`, …), the owner's and its
    own name as far as known, and its path in a repository."""

    source: str
    type: str
    owner: str
    name: str
    path: str = ""

    @property
    def whole(self) -> str:
        """`owner/name`, or the name alone where there is no owner."""
        return f"{self.owner}/{self.name}" if self.owner else self.name

    @property
    def file(self) -> str:
        """The last part of the path, where it can stand plain; else a word for it."""
        return identifier(unquote(self.path.rsplit("/", 1)[-1])) or f"a {self.type}"

    @property
    def pdf(self) -> bool:
        """Whether it is a file that says it is a PDF."""
        return self.type == "file" and self.path.lower().endswith(".pdf")

    @property
    def site(self) -> str:
        """The source's name as people write it."""
        return SOURCES.get(self.source) or identifier(self.source) or "the source"


def named(key: str, *spellings: str) -> Named:
    """Read a key; `spellings` are texts (a URL, a title) that may spell its name with capitals."""
    source, _, rest = key.partition(":")
    parts = rest.split("/")
    if source == "arxiv":
        return Named(source, "paper", "", identifier(rest) or "a paper")
    if source == "github" and len(parts) > 1:
        owner, name = _spelled("/".join(parts[:2]), spellings)
        kind = _GITHUB_TYPES.get(parts[2], "file") if len(parts) > 3 else "repository"  # noqa: PLR2004 - owner, name, kind, ref
        return Named(source, kind, owner, name, "/".join(parts[3:]))
    if source == "huggingface" and parts[0] in _HUGGINGFACE_TYPES and len(parts) > 1:
        owner, name = _spelled("/".join(parts[1:]), spellings)
        return Named(source, _HUGGINGFACE_TYPES[parts[0]], owner, name)
    return Named(source, "link", "", identifier(unquote(rest)) or "a link")


def label(key: str, *spellings: str) -> str:
    """A short name for people: `arXiv 2412.19437`, `github.com/o/r`, a file's or a model's name."""
    thing = named(key, *spellings)
    if thing.type == "paper":
        return f"arXiv {thing.name}"
    if thing.type == "repository":
        return f"github.com/{thing.whole}"
    if thing.type in ("file", "folder"):
        return thing.file
    return "Hugging Face collection" if thing.type == "collection" else thing.name


def place(key: str, *spellings: str) -> str:
    """Where a key's page is, without the scheme: `github.com/o/n`, `huggingface.co/o/n`."""
    return address(key, *spellings).removeprefix("https://") or label(key, *spellings)


def address(key: str, *spellings: str) -> str:
    """The https address of what a key names, built from its parts; empty for a kind unknown here."""
    thing = named(key, *spellings)
    source, _, rest = key.partition(":")
    if source not in _HOSTS or thing.type == "link":
        return ""
    if thing.type == "paper":
        path = f"abs/{rest}"
    elif source == "github":
        kind = {"file": "blob/", "folder": "tree/"}.get(thing.type, "")
        path = f"{thing.whole}/{kind}{thing.path}".rstrip("/")
    else:
        path = {"model": ""}.get(thing.type, f"{thing.type}s/") + thing.whole
    return f"https://{_HOSTS[source]}/{quote(path, safe='/%@+~')}"


def identifier(text: str) -> str:
    """The text where it can stand plain, as names and paths can; else an empty string."""
    text = clean(text)
    return cut(text, _NAME_LIMIT) if _IDENTIFIER.fullmatch(text) else ""


def quoted(text: str) -> str:
    """What upstream wrote, in quotes that it cannot end."""
    return f'"{cut(clean(text), _QUOTE_LIMIT).replace(chr(34), chr(39))}"'


def plain(text: str) -> str:
    """One line that no reader takes for HTML: feeds' titles and summaries are shown by some as
    markup, escaped or not."""
    return _ENTITY.sub("＆", clean(text).translate(_MARKUP))  # noqa: RUF001 - looks like an ampersand


def _spelled(name: str, spellings: tuple[str, ...]) -> tuple[str, str]:
    for text in spellings:
        if found := re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text, re.I | re.A):
            name = found[0]
            break
    owner, _, rest = name.rpartition("/")
    return identifier(owner), identifier(rest) or "a page"


def _thing(change: Change) -> Named:
    # A move's URL is the new address: only the title spells the old name.
    spellings = (change.title,) if change.kind == "moved" else (change.url, change.title)
    return named(change.upstream, *spellings)


# --- small words -----------------------------------------------------------------------------


def _day(when: datetime | None, before: str = " on ") -> str:
    return f"{before}{when.date().isoformat()}" if when else ""


def _version(text: str | None) -> str:
    """A paper's version where it is one, else nothing."""
    return text if text and _VERSION.fullmatch(text) else ""


def _tag(text: str | None) -> str:
    """A tag as people say it (`v1.1.0` is release 1.1.0), or nothing where it cannot stand plain."""
    if not text or not _TAG.fullmatch(text) or _HASH.fullmatch(text):
        return ""
    return re.sub(r"^v(?=\d)", "", text)


def _paper(text: str | None) -> str:
    """An arXiv id with or without its version where it is one, else nothing."""
    return text if text and _PAPER.fullmatch(text) else ""


def _doi(text: str | None) -> str:
    return text if text and _DOI.fullmatch(text) else ""


def _parts(change: Change, joint: str = " and ") -> str:
    known = [part for part in _PARTS if part in change.parts]
    return joint.join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known) or "revision"


def _counted(text: str | None) -> int | None:
    found = re.match(r"\d{1,6}", text or "")
    return int(found[0]) if found else None


def _items(change: Change) -> str:
    """`2 more models`, `1 more dataset`, `17 more items`, `2 fewer items`."""
    old, new = _counted(change.old), _counted(change.new)
    count = len(change.items) or (abs(new - old) if old is not None and new is not None else 0)
    types = {item.type for item in change.items}
    noun = identifier(types.pop()) if len(types) == 1 else "item"
    more = "more" if change.kind == "items added" else "fewer"
    return f"{count or 'some'} {more} {noun or 'item'}{'' if count == 1 else 's'}"


def _moved_to(change: Change) -> str:
    key = change.new or change.id.partition("@moved:")[2]
    if ":" in key:
        return place(key, change.url)
    return identifier(change.url.partition("://")[2]) or "another address"


def _deleted(change: Change) -> bool:
    """Whether the history proves that a file was deleted: then its change names the commit."""
    return "/commit/" in change.url


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}" if old and new else new


# --- the phrase: a terminal's few words ------------------------------------------------------


def phrase(change: Change) -> str:
    """A few words, lower case: `new pdf; also on arXiv: 2501.12948v2`, `arXiv v5`."""
    words = _PHRASES[change.kind](change, _thing(change))
    if paper := _paper(change.also):
        words += (
            f"; successor arXiv {paper}" if change.kind == "gone" else f"; also on arXiv: {paper}"
        )
    return words


def _revised_phrase(change: Change, thing: Named) -> str:
    return {
        "paper": f"arXiv {_version(change.new) or 'new version'}",
        "file": "new pdf" if thing.pdf else f"new {thing.file}",
        "folder": f"folder {thing.file} changed",
        "repository": "new commits",
    }.get(thing.type) or f"new {_parts(change, ', ').removeprefix(', ')}"


def _released_phrase(change: Change, _thing: Named) -> str:
    noun = "tag" if change.basis == "tag" else "release"
    tag = _tag(change.new)
    return f"{noun} {tag}" if tag else f"new {noun}"


def _published_phrase(change: Change, _thing: Named) -> str:
    where = cut(clean(change.journal), _NAME_LIMIT) if change.journal else ""
    doi = _doi(change.doi or change.new)
    return f"published: {where}" if where else f"published: doi {doi}" if doi else "published"


_Words = Callable[[Change, Named], str]
_PHRASES: dict[str, _Words] = {
    "revised": _revised_phrase,
    "released": _released_phrase,
    "published": _published_phrase,
    "withdrawn": lambda change, _: f"withdrawn {_version(change.new)}".rstrip(),
    "items added": lambda change, _: _items(change),
    "items removed": lambda change, _: _items(change),
    "moved": lambda change, _: f"moved to {_moved_to(change)}",
    "archived": lambda _change, _thing: "archived",
    "gone": lambda change, thing: (
        f"{'pdf' if thing.pdf else thing.file} deleted"
        if thing.type in ("file", "folder") and _deleted(change)
        else "gone"
    ),
    "back": lambda _change, _thing: "back",
}


# --- the title of a feed's entry -------------------------------------------------------------


def title(change: Change, report_name: str, *, full: bool = False) -> str:
    """`OLMo 2: arXiv v2 → v3 (2025-10-08)`, under 90 characters; `full` names the upstream too.

    The date stands where it is more than seven days before the find.
    """
    words = _TITLES[change.kind](change, _thing(change))
    if full:
        words += f", {label(change.upstream, change.url, change.title)}"
    old = change.released and change.found - change.released > _RECENT
    return headline(report_name, words, _day(change.released, "") if old else "")


def headline(report_name: str, words: str, date: str = "") -> str:
    """A title of at most 89 characters: report, words, and a date in parentheses."""
    end = f" ({date})" if date else ""
    room = TITLE_LIMIT - len(end) - len(": ")
    name = plain(report_name) or "untitled"
    words = cut(plain(words), room - min(len(name), _SHORTEST_NAME))
    return f"{cut(name, room - len(words))}: {words}{end}"


def _revised_title(change: Change, thing: Named) -> str:
    return {
        "paper": f"arXiv {_arrow(_version(change.old), _version(change.new)) or 'new version'}",
        "file": f"new {'PDF' if thing.pdf else thing.file} on {thing.site}",
        "folder": f"folder {thing.file} changed on {thing.site}",
        "repository": f"new commits on {thing.site}",
    }.get(thing.type) or f"new {_parts(change)} of {thing.name}"


def _released_title(change: Change, thing: Named) -> str:
    noun = "tag" if change.basis == "tag" else "release"
    words = _arrow(_tag(change.old), _tag(change.new))
    return f"{thing.site} {noun} {words}" if words else f"new {noun} on {thing.site}"


def _gone_title(change: Change, thing: Named) -> str:
    words = {
        "paper": f"arXiv {thing.name} is gone",
        "file": f"{'PDF' if thing.pdf else thing.file} "
        f"{'deleted' if _deleted(change) else 'gone'} from {thing.site}",
        "folder": f"folder {thing.file} {'deleted' if _deleted(change) else 'gone'} "
        f"from {thing.site}",
        "collection": f"collection gone from {thing.site}",
    }.get(thing.type) or f"{thing.name} gone from {thing.site}"
    paper = re.sub(r"v\d+$", "", _paper(change.also))
    return f"{words}, now arXiv {paper}" if paper else words


def _short(thing: Named) -> str:
    if thing.type == "paper":
        return f"arXiv {thing.name}"
    if thing.type == "collection":
        return f"{thing.site} collection"
    words = "PDF" if thing.pdf else thing.file if thing.path else thing.name
    return f"{words} on {thing.site}"


_TITLES: dict[str, _Words] = {
    "revised": _revised_title,
    "released": _released_title,
    "published": lambda change, _: (
        f"paper published, doi {doi}"
        if (doi := _doi(change.doi or change.new))
        else "paper published"
    ),
    "withdrawn": lambda change, _: f"arXiv {_version(change.new)} withdrawn".replace("  ", " "),
    "items added": lambda change, thing: f"{_items(change)} in the {thing.site} collection",
    "items removed": lambda change, thing: f"{_items(change)} in the {thing.site} collection",
    "moved": lambda change, thing: f"{thing.name} moved to {_moved_to(change)}",
    "archived": lambda _, thing: f"{thing.whole} archived on {thing.site}",
    "gone": _gone_title,
    "back": lambda _, thing: f"{_short(thing)} is back",
}


# --- the summary: one sentence that stands alone ---------------------------------------------


def summary(change: Change, report_name: str) -> str:
    """One plain sentence that needs no title above it, with ISO dates."""
    report = cut(plain(report_name) or "untitled", 2 * _NAME_LIMIT)
    return plain(_SUMMARIES[change.kind](change, _thing(change), report))


def _the_paper(change: Change, thing: Named, report: str) -> str:
    # A paper's changes are minor only where the notes merely cite it: it is not the report's own.
    if change.significance == "minor":
        return f"The paper arXiv {thing.name}, which the notes on {report} cite,"
    return f"The {report} paper"


def _subject(thing: Named, *, first: bool = True) -> str:
    """What changed, as a sentence's subject or its object."""
    if thing.type in ("file", "folder"):
        return f"{thing.file} in {thing.whole}"
    if thing.type in ("repository", "link"):
        return thing.whole
    words = f"{thing.type} {thing.whole}"
    if thing.type == "paper":
        words = f"paper arXiv {thing.name}"
    return f"{'The' if first else 'the'} {words}"


def _revised_summary(change: Change, thing: Named, report: str) -> str:
    day = _day(change.released)
    if thing.type == "paper":
        old, new = _version(change.old), _version(change.new)
        after = f" follows {old}{_day(change.old_released, ' of ')}" if old else " is new"
        told = f": arXiv {new}{after}" if new else ""
        return f"{_the_paper(change, thing, report)} was revised{day}{told}."
    if thing.type == "file":
        return f"{thing.file} was replaced{day} in {thing.whole} on {thing.site}."
    if thing.type == "folder":
        return f"The folder {thing.file} of {thing.whole} on {thing.site} changed{day}."
    if thing.type == "repository":
        return f"{thing.whole} on {thing.site} has new commits{_day(change.released, ', the last of ')}."
    return f"{_subject(thing)} on {thing.site} got {_article(_parts(change))}{day}."


def _article(words: str) -> str:
    return f"a new {words}" if words in ("revision", "card", "tokenizer") else f"new {words}"


def _released_summary(change: Change, thing: Named, _report: str) -> str:
    old, new = _tag(change.old), _tag(change.new)
    after = f", after {old}{_day(change.old_released, ' of ')}" if old else ""
    verb = "was tagged" if change.basis == "tag" else "released"
    what = new or ("anew" if change.basis == "tag" else "a new version")
    return f"{thing.whole} {verb} {what}{_day(change.released)}{after}."


def _published_summary(change: Change, thing: Named, report: str) -> str:
    doi = _doi(change.doi or change.new)
    ending = f", as doi {doi}." if doi else "."
    return (
        f"The {report} paper, arXiv {thing.name}, is now published{_day(change.released)}{ending}"
    )


def _withdrawn_summary(change: Change, thing: Named, report: str) -> str:
    old, new = _version(change.old), _version(change.new)
    told = f": {new} has no text" if new else ""
    before = f", the last one with a text is {old}" if old and new else ""
    who = _the_paper(change, thing, report)
    return f"{who} was withdrawn from arXiv{_day(change.released)}{told}{before}."


def _items_summary(change: Change, _thing: Named, report: str) -> str:
    old, new = _counted(change.old), _counted(change.new)
    verb = "grew" if change.kind == "items added" else "shrank"
    when = _day(change.released) or _day(change.since, " after ")
    told = f", {new} items instead of {old}" if old is not None and new is not None else ""
    return f"The Hugging Face collection of {report} {verb}{when}: {_items(change)}{told}."


def _gone_summary(change: Change, thing: Named, _report: str) -> str:
    day = _day(change.released)
    if thing.type in ("file", "folder"):
        if _deleted(change):
            return f"{thing.file} was deleted from {thing.whole}{day}; links to it answer 404."
        return f"{thing.file} is gone from {thing.whole} on {thing.site}; links to it answer 404."
    return f"{_subject(thing)} is gone from {thing.site}, or no longer public."


_SUMMARIES: dict[str, Callable[[Change, Named, str], str]] = {
    "revised": _revised_summary,
    "released": _released_summary,
    "published": _published_summary,
    "withdrawn": _withdrawn_summary,
    "items added": _items_summary,
    "items removed": _items_summary,
    "moved": lambda change, thing, _: f"{_subject(thing)} has moved to {_moved_to(change)}.",
    "archived": lambda change, thing, _: (
        f"{_subject(thing)} on {thing.site} was archived{_day(change.released)}: it is read-only now."
    ),
    "gone": _gone_summary,
    "back": lambda change, thing, _: (
        f"{_subject(thing)} is back on {thing.site}{_day(change.released, ', with the state of ')}."
    ),
}


# --- the details: further sentences ----------------------------------------------------------


def details(change: Change) -> tuple[str, ...]:
    """Further plain sentences: the authors' words in quotes, items, parts, copies, twins.

    An address stands at a sentence's end, after `: `.
    """
    thing = _thing(change)
    told = [
        f"{_QUOTES.get(thing.type, 'In their words')}: {quoted(change.quote)}."
        if change.quote and clean(change.quote)
        else "",
        f"The journal reference: {quoted(change.journal)}." if change.journal else "",
        f"The published version: {doi_address(change.doi or change.new)}"
        if change.kind == "published" and _doi(change.doi or change.new)
        else "",
        f"The collection's title: {quoted(change.title)}."
        if thing.type == "collection" and clean(change.title)
        else "",
        f"What differs: {_parts(change)}." if change.parts and change.kind == "revised" else "",
        *_named_items(change),
        _twin(change),
        f"The last copy{_day(change.last.released, ', of ')}: {change.last.url}"
        if change.last and change.last.url
        else "",
    ]
    return tuple(sentence for sentence in told if sentence)


_QUOTES = {
    "paper": "The authors' comment",
    "file": "The commit",
    "folder": "The commit",
    "repository": "The release",
    "model": "The commit",
    "dataset": "The commit",
    "space": "The commit",
}


def _named_items(change: Change) -> list[str]:
    verb = "Added" if change.kind == "items added" else "Removed"
    more = len(change.items) - _ITEMS_LIMIT
    told = [f"{verb}: {item_label(item)}." for item in change.items[:_ITEMS_LIMIT]]
    return [*told, f"And {more} more."] if more > 0 else told


def item_label(item: Item) -> str:
    """`the model Llama-3.1-Tulu-3-405B`: an item's type and its name without the owner."""
    name = identifier(item.name.rpartition("/")[2]) or quoted(item.name)
    when = f", since {item.added.date().isoformat()}" if item.added else ""
    return f"the {identifier(item.type) or 'item'} {name}{when}"


def _twin(change: Change) -> str:
    if not (url := also_address(change)):
        return ""
    words = "A successor is on arXiv" if change.kind == "gone" else "The report is also on arXiv"
    named_as = f", as {quoted(change.also_title)}" if change.also_title else ""
    return f"{words}{named_as}: {url}"


def also_address(change: Change) -> str:
    """The address of the paper that a change offers, or an empty string."""
    paper = _paper(change.also)
    return f"https://arxiv.org/abs/{paper}" if paper else ""


def doi_address(doi: str | None) -> str:
    """The address of a DOI, or an empty string where it is none."""
    return f"https://doi.org/{quote(_doi(doi), safe='/;:+')}" if _doi(doi) else ""
