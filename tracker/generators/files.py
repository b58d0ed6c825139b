"""Configuration files as mappings. What cannot be read says nothing: the site's own generator will
say what is wrong with its own file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml


class _Tolerant(yaml.SafeLoader):
    """YAML in which a tag of the generator's own (`!ENV`, `!!python/name:…`) stands for nothing."""


def _nothing(_loader: yaml.SafeLoader, _tag: str, _node: yaml.Node) -> None:
    return None


_Tolerant.add_multi_constructor("!", _nothing)
_Tolerant.add_multi_constructor("tag:yaml.org,2002:python/", _nothing)


def mapping(path: Path) -> dict[str, Any]:
    """A file of TOML, YAML or JSON, by its name; empty where it holds no mapping."""
    try:
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            return tomllib.loads(source)
        if path.suffix == ".json":
            value = json.loads(source)
        else:
            value = yaml.load(source, Loader=_Tolerant)  # noqa: S506 - a safe loader
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def lowered(value: Any) -> Any:  # noqa: ANN401 - as deep as the file
    """A mapping with its keys, at any depth, in lower case."""
    if not isinstance(value, dict):
        return value
    return {str(key).lower(): lowered(inner) for key, inner in value.items()}


def text(value: object) -> str | None:
    """A string that says something, else None."""
    return value.strip() or None if isinstance(value, str) else None


def named(value: object) -> str | None:
    """Who is named: a string, or the `name` of a mapping or of the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    return text(value.get("name") if isinstance(value, Mapping) else value)


def address(value: object, base: object = "") -> str | None:
    """A site's address, with a path below it where the generator keeps that apart; else None."""
    url, below = text(value), (text(base) or "").strip("/")
    if not url or not url.startswith(("http://", "https://")) or not urlsplit(url).hostname:
        return None
    return f"{url.rstrip('/')}/{below}"


def folder(value: object, default: str) -> str:
    """A folder below the root as the configuration spells it, without what changes nothing; the
    root itself is the empty string."""
    parts = [part for part in (text(value) or default).split("/") if part not in ("", ".")]
    return default if ".." in parts else "/".join(parts)
