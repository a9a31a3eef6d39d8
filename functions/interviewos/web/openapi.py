"""The machine-readable contract, kept as YAML for people and served as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from interviewos.domain.plan import Plan


def document_for(kinds: Mapping[str, Mapping[str, Plan]]) -> dict[str, Any]:
    """Give the document as it is with these plans to choose from, by id and then by language."""
    described = deepcopy(document())
    chosen = described["components"]["schemas"]["CreateRequest"]["properties"]
    chosen["plan"]["enum"] = list(kinds)
    chosen["language"]["enum"] = sorted({language for plans in kinds.values() for language in plans})
    return described


@cache
def document() -> dict[str, Any]:
    """Load the OpenAPI document."""
    text = (Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
