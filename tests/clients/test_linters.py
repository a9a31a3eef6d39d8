"""Linters of OpenAPI and of YAML find nothing to correct in the description as it is written."""

import json
from pathlib import Path

from clients.tools import NODE_BIN, PYTHON, run, why_not
from interviewos.web import openapi
from support.emulators import require

DESCRIPTION = Path(openapi.__file__).with_name("openapi.yaml")
YAML_RULES = """
extends: default
rules:
  braces: { min-spaces-inside: 1, max-spaces-inside: 1, min-spaces-inside-empty: 0, max-spaces-inside-empty: 0 }
  comments: enable
  document-start: disable
  empty-values: enable
  line-length: { max: 120 }
  truthy: { check-keys: false }
"""
PROPERTIES_STAND_BESIDE = "no-required-schema-properties-undefined"
"""Redocly looks for the properties that a condition requires in the condition, and not in the schema that it is for."""


def test_redocly_finds_nothing(tmp_path: Path) -> None:
    """Its recommended rules, without a configuration of ours; a warning counts as an error does."""
    require(why_not(["node"], [NODE_BIN / "redocly"]))

    printed = run((NODE_BIN / "redocly", "lint", "--format", "json", DESCRIPTION), tmp_path)

    report = json.loads(printed[printed.index("{") : printed.rindex("}") + 1])
    assert report["totals"]["errors"] == 0
    assert [found for found in report["problems"] if found["ruleId"] != PROPERTIES_STAND_BESIDE] == []


def test_yamllint_finds_nothing(tmp_path: Path) -> None:
    """Above all no key without a value, which is what a comma leaves that ends a sentence within braces."""
    require(why_not([], [PYTHON]))

    assert run((PYTHON, "-m", "yamllint", "--strict", "-d", YAML_RULES, DESCRIPTION), tmp_path) == ""
