"""The tables of the environment are held to what the settings read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from environment import SettingsError
from interviewos.settings import DEFAULT_FALLBACK_MODEL, DEFAULT_MODEL, Settings
from speech.settings import STACKS
from voice.settings import Settings as WorkerSettings

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
FUNCTIONS, WORKER = PAGE.split("\n## ")[1:3]
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
    refused_only = {"FIREBASE_AUTH_EMULATOR_HOST", "CLOUD_TASKS_EMULATOR_HOST"}

    assert explained(FUNCTIONS) == (environment.names | BY_OTHERS) - BY_PLATFORM - refused_only


def test_the_table_of_the_workers_environment_is_what_its_settings_read() -> None:
    """Beside what it shares with the functions: any stack's variables are explained, and no others."""
    asked: set[str] = set()
    for stack in STACKS:
        environment = Asked(VOICE_STACK=stack)
        with pytest.raises(SettingsError):
            WorkerSettings.from_env(environment)
        asked |= environment.names

    assert explained(WORKER) == asked - SHARED


@pytest.mark.parametrize("default", [DEFAULT_MODEL, DEFAULT_FALLBACK_MODEL, "180, 900", "7, 14", "| 280 |", "| 30 |"])
def test_the_defaults_in_the_table_are_the_defaults(default: str) -> None:
    """The names of the models are decided in one place."""
    assert default in FUNCTIONS
