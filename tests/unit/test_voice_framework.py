"""No option of the framework is left to it: whoever takes a new version over looks at what it brings."""

from __future__ import annotations

import ast
import asyncio
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from livekit.agents import (
    Agent,
    AgentServer,
    AgentSession,
    EndpointingOptions,
    InterruptionOptions,
    JobContext,
    PreemptiveGenerationOptions,
    TurnHandlingOptions,
    WorkerPermissions,
    room_io,
)
from livekit.agents.voice.agent_session import SessionConnectOptions
from livekit.agents.voice.keyterm_detection import STTContextOptions
from livekit.agents.voice.turn import UserTurnLimitOptions

from speech import gemini_key, local
from speech.stack import Speech
from support.real_session import SETTINGS, Ear, Loudness, Mouth
from voice import framework, interviewer
from voice.settings import Settings, TurnDetection
from voice.turn_taking import AWAY_SECONDS, turn_handling

DEPRECATED = {
    "agent_false_interruption_timeout",
    "allow_interruptions",
    "discard_audio_if_uninterruptible",
    "e2ee",
    "false_interruption_timeout",
    "keyterms_options",
    "max_endpointing_delay",
    "mcp_servers",
    "min_endpointing_delay",
    "min_interruption_duration",
    "min_interruption_words",
    "preemptive_generation",
    "resume_false_interruption",
    "room_input_options",
    "room_output_options",
    "turn_detection",
}
"""Replaced by others; whoever gives none of them gets none."""
OPERATION = {
    "http_proxy": "the environment's, on the way to LiveKit",
    "log_level": "LIVEKIT_LOG_LEVEL, or INFO",
    "max_retry": "of the connection to LiveKit; then the process ends and whoever runs it starts another",
    "multiprocessing_context": "forkserver on Linux, so that jobs share what was loaded before them",
    "num_idle_processes": "one a processor, so that nobody waits for a process",
    "preload_modules": "none: `setup_fnc` loads",
    "prometheus_multiproc_dir": "none",
    "prometheus_port": "none: metrics are made of log lines",
    "session_end_timeout": "nothing is done at the end of a session",
    "shutdown_process_timeout": "10 s; the words in hand take two to the functions",
}
"""Of the server, left as they are: none of them faces a candidate."""
INHERITED = {"chat_ctx", "expressive", "id", "min_consecutive_speech_delay", "stt", "tool_handling", "tools", "tts"}
INHERITED |= {"turn_handling", "use_tts_aligned_transcript", "vad"}
"""Of an agent: it takes what its session has."""

CALLS: list[tuple[Any, Any, str, set[str]]] = [
    (AgentServer.__init__, framework, "AgentServer", set(OPERATION)),
    (WorkerPermissions, framework, "WorkerPermissions", set()),
    (AgentSession.__init__, framework, "AgentSession", set()),
    (AgentSession.start, framework, "session.start", {"agent"}),
    (JobContext.connect, framework, "context.connect", set()),
    (SessionConnectOptions, framework, "SessionConnectOptions", set()),
    (room_io.RoomOptions, framework, "room_io.RoomOptions", set()),
    (room_io.AudioInputOptions, framework, "room_io.AudioInputOptions", set()),
    (room_io.AudioOutputOptions, framework, "room_io.AudioOutputOptions", set()),
    (room_io.TextOutputOptions, framework, "room_io.TextOutputOptions", set()),
    (Agent.__init__, interviewer, "super().__init__", INHERITED),
]


@pytest.mark.parametrize(("made", "module", "name", "left"), CALLS, ids=[name for _, _, name, _ in CALLS])
def test_every_option_is_chosen(made: Any, module: Any, name: str, left: set[str]) -> None:
    """One that is new, or gone, turns this red: look what it does to a candidate, and write it down."""
    known = set(inspect.signature(made).parameters) - {"self"}

    assert given(module, name) | left | (DEPRECATED & known) == known


@pytest.mark.parametrize("detection", TurnDetection)
def test_every_option_of_taking_turns_is_chosen(detection: TurnDetection) -> None:
    """Also those that are off."""
    chosen = turn_handling(detection)

    assert chosen.keys() == keys(TurnHandlingOptions)
    assert chosen["endpointing"].keys() == keys(EndpointingOptions) - {"alpha"}  # of a mode that is not used
    assert chosen["interruption"].keys() == keys(InterruptionOptions)
    assert chosen["preemptive_generation"] == {"enabled": False}
    assert chosen["user_turn_limit"].keys() == keys(UserTurnLimitOptions)
    assert keys(PreemptiveGenerationOptions) == {"enabled", "preemptive_tts", "max_speech_duration", "max_retries"}


def test_every_option_of_what_a_recogniser_is_told_is_chosen() -> None:
    """A dictionary in the call of the session."""
    source = Path(framework.__file__).read_text()

    assert {name for name in keys(STTContextOptions) if f'"{name}": ' in source} == keys(STTContextOptions)


def test_what_must_not_be_on_is_off() -> None:
    """Whoever is in the room drives nothing, sends no files, and nothing is recorded."""
    options = framework.room_options("cand-1")

    assert options.text_input is options.video_input is options.close_on_disconnect is False
    assert isinstance(options.audio_input, room_io.AudioInputOptions)
    assert not options.audio_input.pre_connect_audio
    assert options.participant_identity == "cand-1"
    assert values(framework, "session.start") >= {"session_host": False, "record": False}.items()


def test_a_session_waits_as_long_as_it_is_told() -> None:
    """Before it takes a silent candidate for one who is away."""

    async def patience(**told: float) -> float | None:
        made = framework.session(SETTINGS, Speech(Ear(), Mouth()), Loudness(), **told)
        return made.options.user_away_timeout

    assert asyncio.run(patience()) == AWAY_SECONDS
    assert asyncio.run(patience(away_seconds=3)) == 3


def test_a_job_has_a_limit_that_fits_its_recogniser(tmp_path: Path) -> None:
    """Whoever brings a larger model has larger jobs, and a limit all the same."""
    with (tmp_path / "model.bin").open("wb") as model:
        model.truncate(500 << 20)
    cloud = replace(SETTINGS, speech=gemini_key.Stack())
    own = replace(SETTINGS, speech=local.Stack(whisper_model=str(tmp_path)))

    assert limit(cloud) == framework.MOST_MEGABYTES
    assert limit(own) == framework.MOST_MEGABYTES + 1_000


def limit(settings: Settings) -> float:
    return framework.server(settings, lambda process: None)._job_memory_limit_mb


def given(module: Any, name: str) -> set[str]:
    """The options that the one call of a name in a module gives."""
    return {keyword.arg for keyword in call(module, name).keywords if keyword.arg}


def values(module: Any, name: str) -> set[tuple[str, object]]:
    """The options among them that are constants."""
    keywords = call(module, name).keywords
    return {(str(k.arg), k.value.value) for k in keywords if isinstance(k.value, ast.Constant)}


def call(module: Any, name: str) -> ast.Call:
    tree = ast.parse(Path(module.__file__).read_text())
    [found] = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == name]
    return found


def keys(options: Any) -> set[str]:
    return set(options.__annotations__)
