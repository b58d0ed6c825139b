"""Which files, and which parts, of a model or dataset differ between two trees. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tracker.model import FileChange

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 200  # files
_GRAVITY = ("weights", "data", "tokenizer", "configuration", "code", "card")

# The first row that fits a file's name in lower case; with a slash in front, only at the top.
_OF_A_MODEL = (
    ("configuration", "training_args.bin"),
    ("weights", "*.safetensors *.bin *.pt *.pth *.gguf *.onnx *.onnx_data *.h5 *.msgpack *.ckpt"),
    ("weights", "*.npz *.tflite *.safetensors.index.json *.bin.index.json"),
    ("tokenizer", "tokenizer* vocab* merges.txt special_tokens_map.json added_tokens.json"),
    ("tokenizer", "*.tiktoken *.model chat_template*"),
    ("code", "*.py *.ipynb *.sh *.cpp *.cu requirements*.txt"),
    ("card", "readme* licen[cs]e* notice* .git*"),
    ("configuration", "*config*.json *config*.yaml *config*.yml /*.json /*.yaml /*.yml /*.toml"),
    ("card", "*.md *.txt *.png *.jpg *.jpeg *.gif *.svg *.webp *.pdf *.html"),
)
_OF_A_DATASET = (
    ("card", "readme* licen[cs]e* notice* citation* .git*"),
    ("code", "*.py"),
    ("data", "*"),
)


@dataclass(frozen=True)
class File:
    """One file in a tree: what its bytes are, and whether they are kept as a large file."""

    oid: str
    large: bool = field(compare=False)


def parts(kind: str, old: Mapping[str, File], new: Mapping[str, File]) -> tuple[str, ...]:
    """What differs, the gravest first.

    A file of no known kind is told by how it is kept: a large one may be weights in a format that
    nobody listed, a small one is taken for a document.
    """
    table = _OF_A_DATASET if kind == "datasets" else _OF_A_MODEL
    differing = {
        _part(table, path) or ("weights" if (new.get(path) or old[path]).large else "card")
        for path in old.keys() | new.keys()
        if old.get(path) != new.get(path)
    }
    return tuple(part for part in _GRAVITY if part in differing)


def file_changes(old: Mapping[str, File], new: Mapping[str, File]) -> tuple[FileChange, ...]:
    """The files that came, went or differ, by their paths. Of more than 200, large files and those
    in folders are left out first: shards by the hundred say less than one line of settings."""
    differing = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]

    def weight(path: str) -> tuple[bool, bool, str]:
        return (new.get(path) or old[path]).large, "/" in path, path

    return tuple(
        FileChange("+" if path not in old else "-" if path not in new else "~", path)
        for path in sorted(sorted(differing, key=weight)[:_MOST])
    )


def _part(table: tuple[tuple[str, str], ...], path: str) -> str | None:
    name = path.lower().rpartition("/")[2]
    names = (name,) if "/" in path else (name, f"/{name}")
    for part, patterns in table:
        if any(fnmatchcase(n, pattern) for n in names for pattern in patterns.split()):
            return part
    return None
