"""Decisions are numbered without a gap, have the same headings, and stand in their list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))
FORM = re.compile(
    r"# (?P<number>\d+)\. .+\n\n"
    r"Status: (?:accepted|replaced by \[\d+\]\(\d{4}-[\w-]+\.md\)), \d{4}-\d{2}-\d{2}\n\n"
    r"## Context\n\n.+?\n\n## Decision\n\n.+?\n\n## Alternatives\n\n- .+\n",
    re.DOTALL,
)


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.stem)
def test_a_decision_has_its_number_and_the_form_of_all(decision: Path) -> None:
    """Context, decision, alternatives, status and date."""
    found = FORM.fullmatch(decision.read_text(encoding="utf-8"))

    assert found
    assert int(found["number"]) == int(decision.name[:4]) == DECISIONS.index(decision) + 1


def test_the_list_of_decisions_is_complete_and_has_their_titles() -> None:
    """In the order of their numbers."""
    listed = [line for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("- ")]
    titles = [decision.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for decision in DECISIONS]

    assert listed == [f"- [{title}]({decision.name})" for title, decision in zip(titles, DECISIONS, strict=True)]
