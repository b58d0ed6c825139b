"""Hugo, by its configuration: one file, or a folder of them
(https://gohugo.io/configuration/introduction/). Its keys are the same in any case.

Files of `static/` are published as the root of the site, as they are
(https://gohugo.io/getting-started/directory-structure/).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracker.generators.files import address, folder, lowered, mapping, named, text
from tracker.generators.generator import Generator
from tracker.project import Rules

_ENDINGS = ("toml", "yaml", "yml", "json")
_FOLDER = "config/_default"
_PARTS = ("languages", "params", "permalinks")
# `config.toml` was Hugo's name until 0.110, and is that of others too: what only Hugo says in it.
_OWN = {"baseurl", "languagecode", "theme", "params", "defaultcontentlanguage", "permalinks"}
_HEAD = "layouts/partials/head.html, copied from the theme (many themes read layouts/partials/extend_head.html or layouts/partials/custom_head.html)"


def read(root: Path) -> Generator | None:
    """What Hugo's configuration says, if there is one."""
    found = _configuration(root)
    if not found:
        return None
    file, config = found
    languages = config.get("languages")
    languages = languages if isinstance(languages, Mapping) else {}
    main = text(config.get("defaultcontentlanguage")) or "en"
    own = languages.get(main)
    own = own if isinstance(own, Mapping) else {}
    params = config.get("params")
    params = params if isinstance(params, Mapping) else {}
    content = folder(own.get("contentdir") or config.get("contentdir"), "content")
    static = config.get("staticdir")
    return Generator(
        name="Hugo",
        file=file,
        url=address(own.get("baseurl") or config.get("baseurl")),
        title=text(own.get("title")) or text(config.get("title")),
        author=named(params.get("author")) or named(config.get("author")),
        timezone=text(config.get("timezone")),
        posts=(f"{content}/**/*.md",),
        static=folder(static[-1] if isinstance(static, list) and static else static, "static"),
        rules=_rules(config, content, main, tuple(map(str, languages))),
        head=_HEAD,
    )


def _configuration(root: Path) -> tuple[str, dict[str, Any]] | None:
    """The file that stands first, and what it says together with the files of its folder."""
    names = [f"{home}{name}.{end}" for name in ("hugo", "config") for home in ("", f"{_FOLDER}/") for end in _ENDINGS]  # fmt: skip
    for name in names:
        if not (root / name).is_file():
            continue
        config = lowered(mapping(root / name))
        if name.startswith("config.") and not _OWN & set(config):
            continue
        if name.startswith(_FOLDER):
            for part in _PARTS:
                files = [root / _FOLDER / f"{part}.{end}" for end in _ENDINGS]
                here = [lowered(mapping(file)) for file in files if file.is_file()]
                config |= {part: here[0]} if here else {}
        return name, config
    return None


def _rules(config: Mapping[str, Any], content: str, main: str, languages: tuple[str, ...]) -> Rules:
    """How addresses are made (https://gohugo.io/content-management/urls/)."""
    permalinks = config.get("permalinks")
    permalinks = permalinks if isinstance(permalinks, Mapping) else {}
    pages = permalinks.get("page")  # of one kind of page, or of all as in older versions
    patterns = pages if isinstance(pages, Mapping) else permalinks
    ugly = config.get("uglyurls")
    return Rules(
        generator="Hugo",
        content=(content,),
        pretty=ugly is not True,
        ugly=tuple(name for name, on in ugly.items() if on is True) if isinstance(ugly, Mapping) else (),
        permalinks={k: v for k, v in patterns.items() if isinstance(v, str)},
        lower=config.get("disablepathtolower") is not True,
        languages=(main, *(name for name in languages if name != main)) if languages else (),
        below=config.get("defaultcontentlanguageinsubdir") is True,
    )  # fmt: skip
