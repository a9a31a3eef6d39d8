"""The machine-readable contract, kept as YAML for people and served as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml


def document_for(plans: Iterable[str]) -> dict[str, Any]:
    """Give the document as it is with these plans to choose from."""
    described = deepcopy(document())
    described["components"]["schemas"]["CreateRequest"]["properties"]["plan"]["enum"] = list(plans)
    return described


@cache
def document() -> dict[str, Any]:
    """Load the OpenAPI document."""
    text = (Path(__file__).parent / "openapi.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
