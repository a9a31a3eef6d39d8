"""The catalogue: what may be said about an answer, and what stories are looked at for, as data in one language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "catalogue"
LANGUAGE = "en"
"""What is written where the catalogue has no sentences in an interview's own language."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that an answer shows or lacks; `wordings` are our sentences for it, `exercise` what to do about it.

    A sign that `lacks` may be said only where its `part` was asked for and no sign of `unless` stands. `check` names
    the rule that the words themselves must pass. One that stands `alone` is found by counting.
    """

    id: str
    shows: bool
    wordings: tuple[str, ...]
    competency: str = ""
    key: bool = False
    part: str = ""
    unless: tuple[str, ...] = ()
    check: str = ""
    alone: bool = False
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Competency:
    """What stories are looked at for; `anchors` say what is told at each level."""

    id: str
    label: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All signs and competencies, by their ids."""

    signs: Mapping[str, Sign]
    competencies: Mapping[str, Competency]


@cache
def catalogue(language: str = LANGUAGE) -> Catalogue:
    """Read the catalogue in a language, else in English.

    Raises KeyError, TypeError and tomllib.TOMLDecodeError: files of ours are right or nothing is said.
    """
    code = language.partition("-")[0]
    code = code if (CATALOGUE / f"signs.{code}.toml").exists() else LANGUAGE
    signs = {name: Sign(name, **_tuples(row)) for name, row in _toml(f"signs.{code}").items()}
    rows = _toml(f"competencies.{code}").items()
    return Catalogue(signs, {name: Competency(name, **_tuples(row)) for name, row in rows})


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUE / f"{name}.toml").read_text(encoding="utf-8"))
