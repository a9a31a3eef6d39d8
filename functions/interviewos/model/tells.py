"""The tables of `tells.toml`, read once; patterns are compiled when they are first looked for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def words(table: str, name: str) -> frozenset[str]:
    """Give a table of words that are set apart by white space."""
    return frozenset(_tables()[table][name].split())


@cache
def phrases(table: str, name: str) -> tuple[str, ...]:
    """Give a table of phrases."""
    return tuple(_tables()[table][name])


def pattern(table: str, name: str) -> str:
    """Join a table of patterns, or of words, as alternatives."""
    rows = _tables()[table][name]
    if isinstance(rows, str):
        return "|".join(map(re.escape, rows.split()))
    joined = "|".join(f"(?:{row})" for row in rows)
    for part, meaning in _tables()[table].get("parts", {}).items():
        joined = joined.replace(f"{{{part}}}", meaning)
    return joined


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "tells.toml").read_text(encoding="utf-8"))
