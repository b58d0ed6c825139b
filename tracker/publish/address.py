"""Where a post and its sections are published, by the rules of the site's generator. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import PurePosixPath
from urllib.parse import quote

import yaml

from tracker.model import Ledger
from tracker.post import Post
from tracker.project import Site
from tracker.publish import pages
from tracker.sections import Report

# Jekyll's names for its own rules: https://jekyllrb.com/docs/permalinks/
_BUILT_IN = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
_DATE = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d*)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EXPLICIT_ID = re.compile(r"\{:?[^{}]*?#([\w:.-]+)[^{}]*\}\s*$")
_ATTRIBUTES = re.compile(r"\s*\{:[^{}]*\}\s*$")


def locate(ledger: Ledger, posts: Mapping[str, Post]) -> dict[str, tuple[Post, Report]]:
    """Where each of the ledger's reports stands: by post, name, and the order of repeats."""
    standing: dict[tuple[str, str], list[tuple[Post, Report]]] = {}
    for path, post in posts.items():
        for report in post.reports:
            standing.setdefault((path, report.name), []).append((post, report))
    found: dict[str, tuple[Post, Report]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    # `x`, `x-2`, …, `x-10`: the ids of repeats in the order they were given.
    for key in sorted(ledger.reports, key=lambda key: (len(key), key)):
        where = ledger.reports[key].post, ledger.reports[key].name
        nth, seen[where] = seen[where], seen[where] + 1
        if nth < len(standing.get(where, ())):
            found[key] = standing[where][nth]
    return found


def section_url(site: Site, post: Post, report: Report) -> str:
    """A section's address: with the heading's id where the generator is known, else the post's."""
    page = post_url(site, post)
    if not report.heading or not (_by_jekyll(site, post) or site.rules.generator == "Hugo"):
        return page
    ids = heading_ids(post)
    name = ids.get(report.heading.start, "")
    return f"{page}#{quote(name, safe='-_.:')}" if name else page


def heading_ids(post: Post) -> dict[int, str]:
    """The ids that kramdown (its GFM parser, Jekyll's default) gives to headings, by offset.

    Hugo's default gives the same ones (`autoHeadingIDType` github:
    https://gohugo.io/configuration/markup/), but for headings with a link or an entity.
    """
    ids: dict[int, str] = {}
    counts: Counter[str] = Counter()
    for heading in post.headings:
        explicit = _EXPLICIT_ID.search(heading.text)
        if explicit:
            ids[heading.start] = explicit[1]
            continue
        text = _ATTRIBUTES.sub("", heading.text).lower()
        name = "".join(c for c in text if _in_word(c) or c in "- \t")
        name = name.replace(" ", "-").replace("\t", "-")
        ids[heading.start] = f"{name}-{counts[name]}" if counts[name] else name
        counts[name] += 1
    return ids


def _in_word(char: str) -> bool:
    """What counts as a word character in Ruby: letters, marks, decimal digits, connectors."""
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc")


def post_url(site: Site, post: Post) -> str:
    """A post's address: by the settings' pattern, else by the rules of the generator."""
    if site.rules.generator and not site.permalink:
        path = pages.path(site.rules, post)
    else:
        path = _jekyll_path(site, post)
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    ending = "/" if path.endswith("/") and parts else ""
    return f"{site.url or '/'}{quote('/'.join(parts), safe='/$&+,;=:@!~-._()')}{ending}"


def _jekyll_path(site: Site, post: Post) -> str:
    """A post's `permalink`, else the site's pattern, else Jekyll's default or the file's path. A
    pattern of Jekyll's is for its posts, one of the settings for all."""
    own = post.front.values.get("permalink")
    file = site.rules.path(post.path)
    dated = _dated(file)
    rule = own or site.permalink or "date"
    if own or dated or (site.permalink and not site.jekyll):
        return _fill(_BUILT_IN.get(rule, rule), _values(post, file, dated, site.timezone))
    pretty = site.jekyll and (rule == "pretty" or (rule not in _BUILT_IN and rule.endswith("/")))
    return _page(_collected(file) if site.jekyll else file, folder=pretty)


def _collected(file: PurePosixPath) -> PurePosixPath:
    """A file of a collection as it is published: its folder without the mark
    (https://jekyllrb.com/docs/permalinks/#collections)."""
    first, *rest = file.parts
    return PurePosixPath(first.removeprefix("_"), *rest) if rest else file


def _by_jekyll(site: Site, post: Post) -> bool:
    return site.jekyll or "_posts" in PurePosixPath(post.path).parts


def _page(path: PurePosixPath, *, folder: bool) -> str:
    """A page that is no post: its path with .html, or a folder of its own."""
    parent = "" if str(path.parent) == "." else f"{path.parent}/"
    if path.stem.lower() in ("readme", "index"):
        return parent
    return f"{parent}{path.stem}/" if folder else f"{parent}{path.stem}.html"


@dataclass(frozen=True)
class _Dated:
    """What the file name of a post says."""

    day: datetime
    slug: str


def _dated(path: PurePosixPath) -> _Dated | None:
    """What the name of a file below `_posts` says of its day."""
    found = _DATED.fullmatch(path.stem) if "_posts" in path.parts else None
    if not found:
        return None
    try:
        day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None
    return _Dated(day, found[4])


def _values(post: Post, path: PurePosixPath, dated: _Dated | None, zone: tzinfo) -> dict[str, str]:
    """What Jekyll puts for each `:name` of a rule; `path` is the post's, from the site's source."""
    front = post.front.values
    day = _date(front.get("date", ""), zone) or (dated.day if dated else None)
    slug = front.get("slug") or (dated.slug if dated else path.stem)
    above = path.parts[: path.parts.index("_posts")] if "_posts" in path.parts else ()
    categories = dict.fromkeys(c.lower() for c in (*above, *_categories(post)) if c)
    values = {
        "categories": "/".join(categories),
        "slugified_categories": "/".join(dict.fromkeys(_slug(c) for c in categories)),
        "title": _slug(slug, r"[^\w.~!$&'()+,;=@]+|\s+", lower=False),
        "slug": _slug(slug),
        "name": path.stem,
        "basename": path.stem,
        "path": "" if str(path.parent) == "." else str(path.parent),
        "collection": "posts" if dated else "",
        "output_ext": ".html",
    }
    return values | (_calendar(day) if day else {})


def _calendar(day: datetime) -> dict[str, str]:
    week = day.isocalendar()
    return {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "i_month": str(day.month),
        "i_day": str(day.day),
        "short_year": f"{day.year % 100:02}",
        "y_day": f"{day.timetuple().tm_yday:03}",
        "hour": f"{day.hour:02}",
        "minute": f"{day.minute:02}",
        "second": f"{day.second:02}",
        "week": f"{week.week:02}",
        "w_year": str(week.year),
        "w_day": str(week.weekday),
        "short_day": _DAYS[day.weekday()],
    }


def _fill(rule: str, values: Mapping[str, str]) -> str:
    """A rule with its `:names` filled in, the longest name first; unknown ones stay."""
    names = "|".join(sorted(values, key=len, reverse=True))
    return re.sub(f":({names})", lambda match: values[match[1]], rule)


def _slug(text: str, pattern: str = r"[^\w]+|_+", *, lower: bool = True) -> str:
    slug = re.sub(pattern, "-", text).strip("-")
    return slug.lower() if lower else slug


def _date(text: str, zone: tzinfo) -> datetime | None:
    """A front matter date in the site's zone. A time without a zone is UTC, as YAML has it; but one
    without seconds is no time to YAML, and Jekyll reads it as the site's own."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    day, time, offset = found.groups()
    try:
        when = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
        if not time:
            return when
        pattern = "%H:%M:%S%z" if time.count(":") > 1 else "%H:%M%z"
        if not offset and time.count(":") == 1:
            return when
        offset = "+0000" if offset in (None, "Z", "UTC") else offset
        clock = datetime.strptime(f"{time}{offset}", pattern)  # noqa: DTZ007 - the pattern ends in %z
        return datetime.combine(when.date(), clock.timetz()).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _categories(post: Post) -> Iterator[str]:
    """What `categories` (a word, words, or a list) and `category` name, in Jekyll's order."""
    yield from post.front.values.get("categories", "").split() or _listed(post)
    yield post.front.values.get("category", "")


def _listed(post: Post) -> Iterator[str]:
    """A YAML list of categories: the front matter's plain values hold no lists."""
    text = post.source[: post.front.body]
    if b"categories" not in text:
        return
    body = text.decode("utf-8", "replace").lstrip("\ufeff").strip().strip("-")
    node = yaml.compose(body, Loader=yaml.SafeLoader)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if getattr(key, "value", "") == "categories" and isinstance(value, yaml.SequenceNode):
            yield from (item.value for item in value.value if isinstance(item, yaml.ScalarNode))
            return
