"""The kinds of interview as folders: `plans/<id>/plan.toml`, and `labels.<language>.toml` for each language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from interviewos.domain.plan import LONG, Plan, PlanStage, Question

PLANS = Path(__file__).parents[1] / "plans"


class _Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    goal: str
    seconds: float
    most_questions: int
    fewest_answers: int
    pauses: str = LONG


class _Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    stage: str
    text: Mapping[str, str]
    plain: Mapping[str, str]
    parts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    must: bool = False
    follow_ups: int = 2


class _Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    version: int
    grace_seconds: float
    stage: tuple[_Stage, ...]
    question: tuple[_Question, ...] = ()
    competencies: tuple[str, ...] = ()


class _StageLabels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    about: str


class _Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    stage: Mapping[str, _StageLabels]


def read_plans(folder: Path = PLANS) -> dict[str, dict[str, Plan]]:
    """Read every plan in every language that it has, by id and language.

    Raises KeyError, msgspec.ValidationError and tomllib.TOMLDecodeError: files of ours are right or nothing starts.
    """
    folders = sorted(path.parent for path in folder.glob("*/plan.toml"))
    return {path.name: _in_every_language(path) for path in folders}


def _in_every_language(folder: Path) -> dict[str, Plan]:
    plan = msgspec.convert(_toml(folder / "plan.toml"), _Plan)
    if plan.id != folder.name:
        raise KeyError(f"{folder} holds the plan {plan.id}")
    labels = {path.name.split(".")[1]: path for path in sorted(folder.glob("labels.*.toml"))}
    return {language: _plan(plan, language, msgspec.convert(_toml(path), _Labels)) for language, path in labels.items()}


def _plan(plan: _Plan, language: str, labels: _Labels) -> Plan:
    stages = (PlanStage(**_fields(stage), **_fields(labels.stage[stage.id])) for stage in plan.stage)
    questions = (
        Question(**_fields(each) | {"text": each.text[language], "plain": each.plain[language]})
        for each in plan.question
    )
    return Plan(
        plan.id,
        plan.version,
        tuple(stages),
        plan.grace_seconds,
        tuple(questions),
        plan.competencies,
        language,
        labels.title,
    )


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
