"""The README is short, and the commands of README and docs/api.md run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from support.server import DevServer

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOR_INTEGRATORS = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
MOST_LINES = 120


def script_of(page: str, heading: str) -> str:
    """The first commands behind a heading."""
    return re.findall(r"```bash\n(.*?)```", page.split(f"\n## {heading}\n")[1], re.DOTALL)[0]


def run(script: str, tmp_path: Path) -> str:
    """Run commands against a development server, and give what they print."""
    with DevServer(tmp_path) as server:
        environment = {**os.environ, "BASE": server.url, "INTERVIEWOS_DATA": str(tmp_path)}
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, env=environment, timeout=60
        )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_readme_can_be_read_in_one_go() -> None:
    """What is longer belongs into docs/."""
    assert len(README.splitlines()) <= MOST_LINES


@pytest.mark.server
def test_the_api_in_the_readme_runs_as_it_stands(tmp_path: Path) -> None:
    """A candidate's own client: created, started, answered, finished, read."""
    script = script_of(README, "The API")
    printed = run(script, tmp_path)

    assert len(script.splitlines()) <= 10
    ended = ('"stage":"done"', "- Strength: ", "- Next step: ", '"status":"ended"', '"grading":"off"')
    for sign in ('"stage":"intro"', *ended):
        assert sign in printed.replace('": ', '":')


@pytest.mark.server
def test_the_interview_in_the_api_page_runs_as_it_stands(tmp_path: Path) -> None:
    """An integrator can paste it."""
    printed = run(script_of(FOR_INTEGRATORS, "A whole interview"), tmp_path)

    for sign in (
        "#session=",
        "event: ack",
        "event: delta",
        "event: turn",
        "- Strength: ",
        "- Next step: ",
        "\nended\n",
    ):
        assert sign in printed
