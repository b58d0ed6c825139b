"""Where generators other than Jekyll publish a post, by their own rules. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import PurePosixPath

from tracker.post import Post
from tracker.project import Rules

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ T](.+)")
_HUGO_DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
_LANGUAGE = re.compile(r"(.+)\.([A-Za-z]{2,3}(?:-[A-Za-z]+)?)")


def path(rules: Rules, post: Post) -> str:
    """A post's address below the site's, not yet percent-encoded."""
    front = {key.lower(): value for key, value in post.front.values.items()}
    return _RULES[rules.generator](rules, rules.path(post.path), front)


def _hugo(rules: Rules, file: PurePosixPath, front: Mapping[str, str]) -> str:
    """Hugo (https://gohugo.io/content-management/urls/): `url`, else the pattern of the section,
    else the path, with `slug` for its last part; languages other than the main one have a folder
    (https://gohugo.io/configuration/languages/)."""
    if own := front.get("url"):
        return own if own.endswith("/") or PurePosixPath(own).suffix else f"{own}/"
    stem, language = _language(rules, file.stem)
    bundle = stem == "index"
    folders = [_hugo_name(part, rules) for part in file.parent.parts]
    pretty = rules.pretty and (folders or [""])[0] not in rules.ugly
    if stem == "_index":
        return language + _ended(folders, pretty=pretty or not folders)
    named = folders[-1] if bundle and folders else _hugo_name(stem, rules)
    sections = folders[:-1] if bundle else folders
    slug = _hugo_name(front["slug"], rules) if front.get("slug") else ""
    section = file.parts[0].lower() if sections else "/"
    pattern = rules.permalinks.get(section, rules.permalinks.get(f"/{section}"))
    if pattern is None:
        return language + _ended([*sections, slug or named], pretty=pretty)
    title = _hugo_name(front.get("title", named), rules)
    values = {
        "sections": "/".join(sections),
        "section": sections[0] if sections else "",
        "title": title,
        "slug": slug or title,
        "slugorfilename": slug or named,
        "slugorcontentbasename": slug or named,
        "filename": named,
        "contentbasename": named,
    }
    return language + _ended(_filled(pattern, values | _hugo_day(front)), pretty=pretty)


def _filled(pattern: str, values: Mapping[str, str]) -> list[str]:
    """The parts of a pattern with its tokens filled in, the longest name first
    (https://gohugo.io/configuration/permalinks/#tokens)."""
    tokens = "|".join(sorted(values, key=len, reverse=True))
    filled = re.sub(rf":({tokens})(?:\[[^\]]*\])?", lambda match: values[match[1]], pattern)
    return filled.split("/")


def _language(rules: Rules, stem: str) -> tuple[str, str]:
    """A file's name without its language, and the folder of that language."""
    found = _LANGUAGE.fullmatch(stem)
    main = rules.languages[0] if rules.languages else ""
    if found and found[2].lower() in rules.languages:
        stem, main = found[1], found[2].lower()
    other = bool(rules.languages) and (rules.below or main != rules.languages[0])
    return stem, f"{main}/" if other else ""


def _hugo_name(name: str, rules: Rules) -> str:
    """A part of an address as Hugo makes it: letters, marks, digits and `._#+~-@/` stay, spaces
    become one hyphen unless beside one; as Hugo 0.111 did it."""
    kept = "".join(
        c for c in name if c in "._#+~-@/ " or c.isspace() or unicodedata.category(c)[0] in "LMN"
    )
    joined = re.sub(r"\s+", "-", re.sub(r"\s*-\s*", lambda m: m[0].strip(), kept.strip()))
    return joined.lower() if rules.lower else joined


def _hugo_day(front: Mapping[str, str]) -> dict[str, str]:
    """The day of a page as it is written, in no other zone. Without one it is that of year 1."""
    written = next((front[key] for key in _HUGO_DATES if front.get(key)), "")
    day = _day(written) or date.min
    return {
        "year": str(day.year),
        "month": f"{day.month:02}",
        "monthname": f"{day:%B}".lower(),
        "day": f"{day.day:02}",
        "weekday": str(day.isoweekday() % 7),
        "weekdayname": f"{day:%A}".lower(),
        "yearday": str(day.timetuple().tm_yday),
    }


def _zola(_rules: Rules, file: PurePosixPath, front: Mapping[str, str]) -> str:
    """Zola (https://www.getzola.org/documentation/content/page/): `path`, else `slug`, else the file's
    name without the day that it may begin with; folders stay as they are."""
    if own := front.get("path"):
        return _ended(own.split("/"))
    folders = list(file.parent.parts)
    if file.stem == "_index":
        return _ended(folders)
    name = folders.pop() if file.stem == "index" and folders else file.stem
    dated = _DATED.fullmatch(name)
    return _ended([*folders, _slug(front.get("slug") or (dated[2] if dated else name))])


def _docusaurus(_rules: Rules, file: PurePosixPath, front: Mapping[str, str]) -> str:
    """Docusaurus (https://docusaurus.io/docs/advanced/routing): a blog's post is below the day in
    its name, `slug` is below the plugin's own folder, and numbers before names of documents are
    dropped (https://docusaurus.io/docs/sidebar/autogenerated#using-number-prefixes)."""
    parts = list(file.with_suffix("").parts)
    root = parts[0] if parts[0] in ("blog", "docs") and len(parts) > 1 else ""
    below = parts[1:] if root else parts
    own = front.get("slug")
    if root == "docs":
        below = [re.sub(r"^\d+\s*[-_.]+\s*(?=[^\d\s])", "", part) for part in below]
    if own:
        above = below[:-1] if root == "docs" and not own.startswith("/") else []
        return "/".join([root, *above, own.strip("/")])
    if below[-1].lower() in ("index", "readme"):
        below = below[:-1]
    name = "/".join(below)
    if root == "blog" and (dated := re.search(r"(\d{4})-(\d\d?)-(\d\d?)[-/]?(.*)", name)):
        name = "/".join([dated[1], f"{int(dated[2]):02}", f"{int(dated[3]):02}", dated[4]])
    return "/".join(part for part in (root, name) if part)


def _pelican(_rules: Rules, file: PurePosixPath, front: Mapping[str, str]) -> str:
    """Pelican (https://docs.getpelican.com/en/latest/settings.html#url-settings): ARTICLE_URL is
    {slug}.html, and a slug is made of the title."""
    return f"{_slug(front.get('slug') or front.get('title') or file.stem)}.html"


def _astro(_rules: Rules, file: PurePosixPath, front: Mapping[str, str]) -> str:
    """Astro, as its blog template has it: an entry's id is its path in small letters, or its `slug`
    (https://docs.astro.build/en/guides/content-collections/), and its route that id."""
    folders = list(file.parent.parts)
    if own := front.get("slug"):
        return _ended([*folders[:1], *own.split("/")])
    parts = [part.lower().replace(" ", "-") for part in (*folders, file.stem)]
    return _ended(parts[:-1] if file.stem == "index" else parts)


def _eleventy(_rules: Rules, file: PurePosixPath, front: Mapping[str, str]) -> str:
    """Eleventy (https://www.11ty.dev/docs/permalinks/): a folder of the file's name, unless
    `permalink` says otherwise."""
    if own := front.get("permalink"):
        return own
    return _ended([*file.parent.parts, *([] if file.stem == "index" else [file.stem])])


def _named(rules: Rules, file: PurePosixPath, _front: Mapping[str, str]) -> str:
    """MkDocs (https://www.mkdocs.org/user-guide/writing-your-docs/#file-layout) and Quarto: the
    file's own name, spelled as it is; an index or a readme is its folder's page."""
    if file.stem.lower() in ("index", "readme"):
        return _ended(file.parent.parts)
    return _ended([*file.parent.parts, file.stem], pretty=rules.pretty)


_Rule = Callable[[Rules, PurePosixPath, Mapping[str, str]], str]
_RULES: dict[str, _Rule] = {
    "Hugo": _hugo,
    "Zola": _zola,
    "Docusaurus": _docusaurus,
    "Pelican": _pelican,
    "Astro": _astro,
    "Eleventy": _eleventy,
    "MkDocs": _named,
    "Quarto": _named,
}


def _ended(parts: list[str] | tuple[str, ...], *, pretty: bool = True) -> str:
    """Folders as a path, with what ends the address of a page."""
    joined = "/".join(part for part in parts if part)
    return f"{joined}{'/' if pretty else '.html'}" if joined else ""


def _slug(text: str) -> str:
    """Small ASCII letters and digits, with single hyphens between."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w\s-]", "", plain).strip().lower()
    return re.sub(r"[-\s]+", "-", plain)


def _day(text: str) -> date | None:
    found = _DAY.match(text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
