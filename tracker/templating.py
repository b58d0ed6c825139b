"""The Jinja2 environment: a user's own templates first, then the ones that come along.

Upstream text reaches a template only as a value, and templates run in a sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import text
from tracker.model import TrackerError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


def shipped() -> Path:
    """Where the templates are: beside the code in a wheel, beside the package in a checkout."""
    here = Path(__file__).parent
    return next(p for p in (here / "templates", here.parent / "templates") if p.is_dir())


@cache
def _environment(own: Path) -> SandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - slow

    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(own), FileSystemLoader(shipped())]),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith((".html", ".svg"))),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = text.markdown
    environment.filters["address"] = text.address
    environment.filters["cut"] = text.cut
    return environment


def renderer(own: Path, name: str) -> Callable[[Mapping[str, Any]], str]:
    """A function that renders template `name` with values. `own` is the user's template folder.

    The function raises TrackerError, naming the template, for whatever goes wrong in it.
    """
    own_file = own / name
    place = str(own_file) if own_file.is_file() else f"templates/{name}"

    def render(values: Mapping[str, Any]) -> str:
        from jinja2 import TemplateError  # noqa: PLC0415 - slow, and most runs draft no line

        try:
            return _environment(own).get_template(name).render(values)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            where = f"{place}:{line}" if line else place
            raise TrackerError(
                f"{where}: the template fails ({error}): mend or remove it"
            ) from error
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise TrackerError(
                f"{place}: the template fails ({error}): mend or remove it"
            ) from error

    return render
