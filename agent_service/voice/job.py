"""One job of the worker: one interview in one room."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable

import httpx
from livekit.agents import (
    AgentSession,
    APIConnectOptions,
    JobContext,
    JobProcess,
    JobRequest,
    inference,
    room_io,
)
from livekit.agents.voice.agent_session import SessionConnectOptions

from voice import logs, speech
from voice.backend import TIMEOUT, TURN_PATH, Backend
from voice.interviewer import Interviewer
from voice.room import InterviewRoom
from voice.settings import Settings, SpeechSettings
from voice.speech import Speech
from voice.turn_taking import AWAY_SECONDS, TRANSCRIPTION_SECONDS, turn_handling

logger = logging.getLogger(__name__)

SESSION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SPOKEN_SECONDS = 30
"""Google's voice has this long for a whole reply, which comes as quickly as the model writes it."""
NEVER = 1_000_000
"""A voice that fails does not end the interview: the candidate goes on in writing."""


def prewarm(process: JobProcess, warm: Callable[[SpeechSettings], None] = speech.warm) -> None:
    """Load what an interview needs before there is one."""
    logs.configure()
    settings = Settings.from_env(os.environ)
    warm(settings.speech)
    process.userdata["settings"] = settings
    process.userdata["http"] = client(settings)  # reading the certificates would hold the first turn up
    process.userdata["vad"] = inference.VAD(model="silero")


async def accept(request: JobRequest) -> None:
    """Take a job for the interview that its room belongs to, under an identity of its own; refuse any other."""
    session_id = session_of(request.job.metadata, request.room.name)
    if session_id is None:
        logger.error("job refused: its metadata names no interview of its room", extra={"job_id": request.id})
        await request.reject()
    else:
        await request.accept(identity=f"agent-{session_id}-{request.id}", name="Interviewer")


def session_of(metadata: str, room_name: str) -> str | None:
    """Read whose interview a job is; None when metadata and room do not agree."""
    try:
        session_id = json.loads(metadata)["session_id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = isinstance(session_id, str) and SESSION_ID.fullmatch(session_id) and room_name == f"iv-{session_id}"
    return session_id if fits else None


def client(settings: Settings) -> httpx.AsyncClient:
    """The way to the functions. No proxy of the environment may see the secret."""
    secret = {"X-INGEST-SECRET": settings.ingest_secret}
    return httpx.AsyncClient(base_url=settings.backend_url, headers=secret, timeout=TIMEOUT, trust_env=False)


async def run(context: JobContext, build: Callable[[SpeechSettings], Speech] = speech.build) -> None:
    """Hold the interview until its room closes; `build` makes its ear and its mouth."""
    settings: Settings = context.proc.userdata["settings"]
    session_id = session_of(context.job.metadata, context.room.name or context.job.room.name)
    assert session_id, "the job was accepted for an interview"
    http: httpx.AsyncClient = context.proc.userdata["http"]
    context.add_shutdown_callback(http.aclose)
    backend = Backend(http, session_id, settings.next_turn_url + TURN_PATH)
    await context.connect()
    room = InterviewRoom(context, session_id)
    room.spawn(room.keep_published())
    await room.remove_older_agents()
    room.spawn(backend.warm())
    await _session(context, settings, build(settings.speech)).start(
        Interviewer(backend, room),
        room=context.room,
        room_options=room_io.RoomOptions(
            participant_identity=room.candidate, close_on_disconnect=False, text_input=False
        ),
    )


def _session(context: JobContext, settings: Settings, services: Speech) -> AgentSession[None]:
    return AgentSession(
        stt=services.stt,
        tts=services.tts,
        vad=context.proc.userdata["vad"],
        turn_handling=turn_handling(settings.turn_detection),
        user_away_timeout=AWAY_SECONDS,
        transcription_timeout=TRANSCRIPTION_SECONDS,
        conn_options=SessionConnectOptions(
            llm_conn_options=APIConnectOptions(max_retry=0),
            tts_conn_options=APIConnectOptions(timeout=SPOKEN_SECONDS),
            max_unrecoverable_errors=NEVER,
        ),
    )
