"""The README is held to the code: its commands run as they stand, its table of the environment is complete."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from environment import SettingsError
from interviewos.settings import DEFAULT_FALLBACK_MODEL, DEFAULT_MODEL, Settings
from speech.settings import STACKS
from support.server import DevServer
from voice.settings import Settings as WorkerSettings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ENVIRONMENT = README.split("## Environment")[1].split("\n## ")[0].split("The voice worker")
BY_OTHERS = {"HOST", "PORT", "THREADS"}
"""Read by the development server's start, by the production server and by google-genai."""
SHARED = {"LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "AGENT_NAME", "INGEST_SECRET"}
BY_PLATFORM = {"K_SERVICE", "FUNCTION_TARGET"}


class Asked(Mapping[str, str]):
    """An empty environment that remembers what was looked up."""

    def __init__(self, **values: str) -> None:
        self.values_set = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.values_set[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_set)

    def __len__(self) -> int:
        return len(self.values_set)


def explained(part: str) -> set[str]:
    """The variables in the first columns of a part's table."""
    rows = [line for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])}


def test_the_table_of_the_environment_is_what_the_settings_read() -> None:
    """A variable that is read is explained, and one that is explained is read."""
    environment = Asked(
        TASKS_QUEUE="q", TASKS_LOCATION="l", TASKS_TARGET_URL="u", TASKS_INVOKER="i", GOOGLE_CLOUD_PROJECT="p"
    )
    Settings.from_env(environment)
    functions, _ = ENVIRONMENT
    refused_only = {"FIREBASE_AUTH_EMULATOR_HOST", "CLOUD_TASKS_EMULATOR_HOST"}

    assert explained(functions) == (environment.names | BY_OTHERS) - BY_PLATFORM - refused_only


def test_the_table_of_the_workers_environment_is_what_its_settings_read() -> None:
    """Beside what it shares with the functions: any stack's variables are explained, and no others."""
    asked: set[str] = set()
    for stack in STACKS:
        environment = Asked(VOICE_STACK=stack)
        with pytest.raises(SettingsError):
            WorkerSettings.from_env(environment)
        asked |= environment.names
    _, own = ENVIRONMENT

    assert explained(own) == asked - SHARED


@pytest.mark.parametrize("default", [DEFAULT_MODEL, DEFAULT_FALLBACK_MODEL, "180, 900", "7, 14", "| 280 |", "| 30 |"])
def test_the_defaults_in_the_readme_are_the_defaults(default: str) -> None:
    """The names of the models are decided in one place."""
    assert default in README


@pytest.mark.server
def test_the_walk_through_runs_as_it_stands(tmp_path: Path) -> None:
    """An integrator can paste it."""
    script = re.findall(r"```bash\n(.*?)```", README.split("## For integrators")[1], re.DOTALL)[0]
    with DevServer(tmp_path) as server:
        environment = {**os.environ, "BASE": server.url, "INTERVIEWOS_DATA": str(tmp_path)}
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, env=environment, timeout=60
        )

    assert run.returncode == 0, run.stderr
    for sign in (
        "#session=",
        "event: ack",
        "event: delta",
        "event: turn",
        "- Strength: ",
        "- Next step: ",
        "\nended\n",
    ):
        assert sign in run.stdout


def test_what_the_readme_links_to_exists() -> None:
    """No link leads nowhere."""
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]

    assert [link for link in links if not (ROOT / link).exists()] == []
