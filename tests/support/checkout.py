"""Another checkout of what a development server needs, to be changed as a next release would."""

import shutil
from pathlib import Path

from support.process import REPOSITORY

UNNEEDED = shutil.ignore_patterns("__pycache__", "node_modules", "public")


def make_checkout(home: Path) -> Path:
    """Copy the functions and the page."""
    for part in ("functions", "hosting"):
        shutil.copytree(REPOSITORY / part, home / part, ignore=UNNEEDED)
    return home
