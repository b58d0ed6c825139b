"""Skip a test where what it needs is not here."""

import shutil
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parent / "node_modules"


def program(name):
    """The name of a program of Debian's."""
    if not shutil.which(name):
        pytest.skip(f"no {name} here: tests/real/install installs Debian's")
    return name


def package(name):
    """The folder of a package from npm."""
    if not (PACKAGES / name).is_dir():
        pytest.skip(f"no {name} here: tests/real/install installs npm's")
    return PACKAGES / name
