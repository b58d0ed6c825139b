"""Papers made of nothing: a text with sections, tables, figures and citations, and lists of edits.

`[[7]]` cites the seventh work, `<<t2>>` refers to the second table. Numbers of citations are given
when the paper is typeset.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

_NOUNS = [
    "model",
    "reward",
    "policy",
    "dataset",
    "tokenizer",
    "attention",
    "expert",
    "router",
    "gradient",
    "optimizer",
    "benchmark",
    "baseline",
    "checkpoint",
    "pipeline",
    "schedule",
    "objective",
    "verifier",
    "sampler",
    "decoder",
    "encoder",
    "corpus",
    "cluster",
    "kernel",
    "batch",
    "context",
    "layer",
    "prefix",
    "cache",
    "prompt",
    "rollout",
    "critic",
    "trajectory",
    "embedding",
    "mixture",
]
_ADJECTIVES = [
    "sparse",
    "dense",
    "efficient",
    "stable",
    "multilingual",
    "synthetic",
    "filtered",
    "long-context",
    "robust",
    "large-scale",
    "fine-grained",
    "low-rank",
    "offline",
    "iterative",
    "curated",
    "verifiable",
    "simple",
    "final",
]
_VERBS = [
    "improves",
    "stabilises",
    "replaces",
    "outperforms",
    "reduces",
    "accelerates",
    "simplifies",
    "affects",
    "filters",
    "regularises",
    "initialises",
    "surpasses",
    "refines",
    "classifies",
]
_BENCHES = [
    "GSM8K",
    "MATH",
    "MMLU",
    "HumanEval",
    "AIME",
    "GPQA",
    "LiveCodeBench",
    "IFEval",
    "DROP",
    "C-Eval",
    "ARC-C",
    "BBH",
]
_SYSTEMS = [
    "Ours",
    "Qwen2.5-72B",
    "Llama-3.1-70B",
    "DeepSeek-V2",
    "Mixtral-8x22B",
    "Gemma-2",
    "OLMo-2",
    "Phi-4",
]
_TITLES = """Introduction|Related Work|Architecture|Pre-training Data|Training Infrastructure|
Supervised Fine-tuning|Reinforcement Learning|Evaluation|Ablation Studies|Safety|Discussion|
Limitations|Inference and Deployment|Tokenization|Scaling Behaviour""".replace("\n", "").split("|")
_NAMES = """Ada Lovelace|Alan Turing|Grace Hopper|Emmy Noether|Kurt Godel|Barbara Liskov|Edsger Dijkstra|
Frances Allen|Donald Knuth|Sophie Wilson""".replace("\n", "").split("|")


@dataclass
class Part:
    id: int
    title: str
    level: int
    paragraphs: list[list[str]]
    whole: bool = False  # it comes, goes and moves as a whole


@dataclass
class Grid:
    caption: str
    head: list[str]
    rows: list[list[str]]
    part: int  # the id of the part in which it stands


@dataclass
class Picture:
    caption: str
    part: int  # the id of the part in which it stands


@dataclass
class Made:
    """A paper to typeset."""

    title: str
    authors: list[str]
    abstract: list[str]
    parts: list[Part]
    tables: list[Grid]
    pictures: list[Picture]
    works: list[str]
    thanks: list[str]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Edit:
    """What a report must say of an edit: its kind, and what tells it from others."""

    kind: str
    what: tuple[str, ...]


def _number(dice: Random) -> str:
    return dice.choice(
        [
            f"{dice.randint(200, 989) / 10}%",
            f"{dice.randint(11, 99)}.{dice.randint(1, 9)}",
            f"{dice.randint(2, 98)}B",
        ]
    )


def _phrase(dice: Random) -> str:
    return f"the {dice.choice(_ADJECTIVES)} {dice.choice(_NOUNS)}"


def sentence(dice: Random, *, number: bool | None = None) -> str:
    number = dice.random() < 0.3 if number is None else number
    text = f"{_phrase(dice)} {dice.choice(_VERBS)} {_phrase(dice)} of {_phrase(dice)}"
    if number:
        text += f" by {_number(dice)} on {dice.choice(_BENCHES)}"
    text += dice.choice(
        [
            f", while {_phrase(dice)} {dice.choice(_VERBS)} the {dice.choice(_NOUNS)}",
            "",
            f" (see Table <<t{dice.randint(1, 3)}>>)",
            f" [[{dice.randint(1, 30)}]]",
            f" and {_phrase(dice)} [[{dice.randint(1, 30)}, {dice.randint(1, 30)}]]",
        ]
    )
    return f"{text[0].upper()}{text[1:]}."


def paragraph(dice: Random) -> list[str]:
    return [sentence(dice) for _ in range(dice.randint(3, 6))]


def _part(dice: Random, title: str, level: int) -> Part:
    return Part(
        dice.getrandbits(60), title, level, [paragraph(dice) for _ in range(dice.randint(2, 4))]
    )


def grid(dice: Random, part: int, rows: int = 6) -> Grid:
    head = ["Benchmark", *dice.sample(_SYSTEMS, 4)]
    body = [
        [name, *(f"{dice.randint(200, 989) / 10}" for _ in head[1:])]
        for name in dice.sample(_BENCHES, rows)
    ]
    return Grid(f"Results of {_phrase(dice)} and {_phrase(dice)} in percent.", head, body, part)


def paper(seed: int, sections: int = 8) -> Made:
    """The same paper for the same seed."""
    dice = Random(seed)  # noqa: S311 - the same for the same seed
    titles = _TITLES[:1] + dice.sample(_TITLES[1:], min(sections - 2, len(_TITLES) - 1))
    titles += [
        f"{dice.choice(_NOUNS).title()} Study {index}"
        for index in range(sections - 1 - len(titles))
    ]
    parts = []
    for index, title in enumerate(titles):
        parts.append(_part(dice, title, 1))
        parts[-1].whole = index in (2, 4)
        if index not in (2, 4) and dice.random() < 0.5:
            below = dice.sample(_NOUNS, 2)
            parts += [
                _part(dice, f"The {dice.choice(_ADJECTIVES).title()} {noun.title()} of {title}", 2)
                for noun in below
            ]
    parts.append(_part(dice, "Conclusion", 1))
    tables = [grid(dice, dice.choice(parts).id) for _ in range(max(3, sections // 3))]
    pictures = [
        Picture(f"Overview of {_phrase(dice)} with {_phrase(dice)}.", dice.choice(parts).id)
        for _ in range(max(2, sections // 4))
    ]
    works = [
        f"{dice.choice(_NAMES)} and {dice.choice(_NAMES)}. On {_phrase(dice)} and {_phrase(dice)}. In Proceedings, {1990 + index}."
        for index in range(30)
    ]
    return Made(
        f"A {dice.choice(_ADJECTIVES).title()} {dice.choice(_NOUNS).title()} for the {dice.choice(_ADJECTIVES).title()} {dice.choice(_NOUNS).title()}",
        dice.sample(_NAMES, 4),
        [sentence(dice, number=index == 1) for index in range(5)],
        parts,
        tables,
        pictures,
        works,
        ["We thank the reviewers for their remarks.", "The cluster was lent by the institute."],
        [f"This holds for {_phrase(dice)} alone." for _ in range(3)],
    )


def edited(made: Made, seed: int, kinds: list[str]) -> tuple[Made, list[Edit]]:
    """The paper after edits of these kinds, each in a place of its own, and what must be told."""
    new, dice = deepcopy(made), Random(seed)  # noqa: S311 - the same for the same seed
    spots = [(part, text) for part in new.parts if not part.whole for text in part.paragraphs[1:]]
    dice.shuffle(spots)
    done: list[Edit] = []
    for kind in sorted(kinds, key=lambda kind: kind != "section renamed"):
        done += _EDITS[kind](new, dice, spots)
    return new, done


def _numbered(_new, dice, spots):
    """A number in a sentence."""
    for at, (part, text) in enumerate(spots):
        for j, one in enumerate(text):
            if " by " in one:
                old = one.split(" by ")[1].split(" ")[0]
                now = next(number for _ in iter(int, 1) if (number := _number(dice)) != old)
                del spots[at]
                text[j] = one.replace(f" by {old} ", f" by {now} ")
                return [Edit("number", (old, now, part.title))]
    raise ValueError("no number left")


def _celled(new, dice, *_):
    """A number in a cell."""
    table = dice.randrange(len(new.tables))
    row, column = dice.randrange(len(new.tables[table].rows)), dice.randrange(1, 5)
    old = new.tables[table].rows[row][column]
    now = f"{float(old) + dice.choice([0.3, 0.7, -0.9]):.1f}"
    new.tables[table].rows[row][column] = now
    return [
        Edit("cell", (old, now, new.tables[table].rows[row][0], new.tables[table].head[column]))
    ]


def _abstract(new, *_):
    text = new.abstract[1]
    old = text.split(" by ")[1].split(" ")[0]
    new.abstract[1] = text.replace(f" by {old} ", " by 12.34 ")
    return [Edit("number", (old, "12.34", "Abstract"))]


def _reworded(_new, _dice, spots):
    """Some words of a sentence."""
    part, text = spots.pop()
    words = text[0].split(" ")
    words[2] = "thoroughly" if words[2] != "thoroughly" else "hardly"
    words[3:4] = ["always", "helps"]
    text[0] = " ".join(words)
    return [Edit("reworded", (part.title, text[0]))]


def _come(_new, dice, spots):
    """A paragraph more."""
    part, text = spots.pop()
    more = [sentence(dice) for _ in range(3)]
    part.paragraphs.insert(_place(part.paragraphs, text) + 1, more)
    return [Edit("come", (part.title, " ".join(more)))]


def _gone(_new, _dice, spots):
    """A paragraph less."""
    part, text = spots.pop()
    del part.paragraphs[_place(part.paragraphs, text)]
    return [Edit("gone", (part.title, " ".join(text)))]


def _place(paragraphs, text):
    return next(at for at, one in enumerate(paragraphs) if one is text)


def _added(new, dice, _spots):
    part = _part(dice, f"Results on {dice.choice(_BENCHES)} and Beyond", 1)
    new.parts.insert(len(new.parts) - 1, part)
    return [Edit("section added", (part.title,))]


def _whole(new):
    at = next(at for at, part in enumerate(new.parts) if part.whole)
    part = new.parts.pop(at)
    part.whole = False
    return part


def _removed(new, _dice, _spots):
    part = _whole(new)
    for one in (*new.tables, *new.pictures):
        one.part = new.parts[-1].id if one.part == part.id else one.part
    return [Edit("section removed", (part.title,))]


def _moved(new, _dice, _spots):
    part = _whole(new)
    new.parts.insert(len(new.parts) - 1, part)
    return [Edit("section moved", (part.title,))]


def _renamed(new, dice, _spots):
    part = dice.choice([part for part in new.parts[1:-1] if part.level == 1 and not part.whole])
    part.title = f"Details about {dice.choice(_NOUNS).title()} Parallelism"
    return [Edit("section renamed", (part.title,))]


def _tabled(new, dice, _spots):
    table = grid(dice, dice.choice(new.parts).id, 4)
    table.caption = f"Throughput of {_phrase(dice)} on other hardware."
    new.tables.append(table)
    return [Edit("table added", (table.caption,))]


def _row(new, dice, *_):
    table = dice.choice(new.tables[:3])
    table.rows.append(["SWE-bench", *(f"{dice.randint(200, 989) / 10}" for _ in table.head[1:])])
    return [Edit("row added", ("SWE-bench",))]


def _pictured(new, dice, *_):
    picture = Picture(f"Loss curves during {_phrase(dice)} collapse.", new.parts[-1].id)
    new.pictures.append(picture)
    return [Edit("figure added", (picture.caption,))]


def _works(new, dice, *_):
    new.works += [
        f"Nora Newcomer. Another work on {_phrase(dice)}. In Letters, {2020 + i}." for i in range(3)
    ]
    return [Edit("references", (str(len(new.works) - 3), str(len(new.works))))]


_EDITS = {
    "number": _numbered,
    "cell": _celled,
    "abstract": _abstract,
    "reworded": _reworded,
    "come": _come,
    "gone": _gone,
    "section added": _added,
    "section removed": _removed,
    "section moved": _moved,
    "section renamed": _renamed,
    "table added": _tabled,
    "row added": _row,
    "figure added": _pictured,
    "references": _works,
}
KINDS = tuple(_EDITS)
