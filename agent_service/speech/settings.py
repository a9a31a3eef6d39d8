"""Which speech stack a worker uses."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from environment import Environment
from speech.stack import SpeechStack

STACKS = (
    "google_cloud",
    "gemini_key",
    "local",
)
"""Values of VOICE_STACK. Each names the module of this package whose class `Stack` it is."""
DEFAULT_STACK = "local"


def read(env: Environment) -> SpeechStack:
    """Read the stack that VOICE_STACK names; no other one is imported."""
    name = env.choice("VOICE_STACK", STACKS, DEFAULT_STACK)
    stack: type[SpeechStack] = importlib.import_module(f"speech.{name}").Stack
    return stack.read(env)


def from_env(environ: Mapping[str, str]) -> SpeechStack:
    """Read the part of the environment that is about speech. Raises SettingsError."""
    env = Environment(environ)
    stack = read(env)
    env.raise_faults()
    return stack
