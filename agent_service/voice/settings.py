"""The settings of a worker, read once from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import speech.settings
from environment import Environment
from speech.stack import SpeechStack

DEFAULT_AGENT_NAME = "interviewer"
DEFAULT_MAX_INTERVIEWS = 10
"""An interview takes a tenth of a core and 80 MB when speech is recognised elsewhere."""


class TurnDetection(StrEnum):
    """What decides that an answer is complete: a model that listens to its melody, or silence alone."""

    V1_MINI = "v1-mini"
    VAD = "vad"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one worker. URLs end without a slash; `next_turn_url` is the backend's by default.

    Health checks are answered at `host` and `port`. `max_interviews` is the most at once.
    """

    livekit_url: str
    livekit_api_key: str = field(repr=False)
    livekit_api_secret: str = field(repr=False)
    backend_url: str
    next_turn_url: str
    ingest_secret: str = field(repr=False)
    agent_name: str
    turn_detection: TurnDetection
    speech: SpeechStack
    host: str = "127.0.0.1"
    port: int = 8081
    max_interviews: int = DEFAULT_MAX_INTERVIEWS

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> Settings:
        """Read the environment. Raises SettingsError naming every variable that is missing or wrong."""
        env = Environment(environ)
        env.need("LIVEKIT_URL", "the worker waits there for interviews")
        env.need("LIVEKIT_API_KEY", "LiveKit knows the worker by it")
        env.need("BACKEND_BASE_URL", "the functions decide the interview")
        backend_url = env.origin("BACKEND_BASE_URL")
        settings = Settings(
            livekit_url=env.url("LIVEKIT_URL", ("ws", "wss")),
            livekit_api_key=env.text("LIVEKIT_API_KEY"),
            livekit_api_secret=env.secret("LIVEKIT_API_SECRET"),
            backend_url=backend_url,
            next_turn_url=env.origin("NEXT_TURN_URL") or backend_url,
            ingest_secret=env.secret("INGEST_SECRET"),
            agent_name=env.text("AGENT_NAME", DEFAULT_AGENT_NAME),
            turn_detection=TurnDetection(env.choice("TURN_DETECTION", tuple(TurnDetection), TurnDetection.V1_MINI)),
            speech=speech.settings.read(env),
            host=env.text("HOST", "127.0.0.1"),
            port=env.integer("PORT", 8081, most=65_535),
            max_interviews=env.integer("MAX_INTERVIEWS", DEFAULT_MAX_INTERVIEWS, most=1_000),
        )
        env.check_distinct("LIVEKIT_API_SECRET", "INGEST_SECRET")
        env.raise_faults()
        return settings
