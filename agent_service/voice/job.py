"""One job of the worker: one interview in one room."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable

import httpx
from livekit.agents import JobContext, JobProcess, JobRequest, inference

from speech.stack import Speech, SpeechStack
from voice import framework, logs
from voice.backend import TIMEOUT, TURN_PATH, Backend
from voice.interviewer import Interviewer
from voice.room import InterviewRoom
from voice.settings import Settings
from voice.turn_taking import AWAY_SECONDS

logger = logging.getLogger(__name__)

SESSION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def prewarm(process: JobProcess, warm: Callable[[SpeechStack], None] = SpeechStack.prewarm) -> None:
    """Load what an interview needs, before the process gets its job."""
    logs.configure()
    settings = Settings.from_env(os.environ)
    logs.redact(*settings.speech.loggers)
    warm(settings.speech)
    process.userdata["settings"] = settings
    process.userdata["http"] = client(settings)  # reading certificates takes time, which the first turn would wait for
    process.userdata["vad"] = inference.VAD(model="silero")


async def accept(request: JobRequest) -> None:
    """Accept a job whose metadata and room name the same interview, under a unique identity; reject any other."""
    session_id = session_of(request.job.metadata, request.room.name)
    if session_id is None:
        logger.error("job refused: its metadata names no interview of its room", extra={"job_id": request.id})
        await request.reject()
    else:
        await request.accept(identity=f"agent-{session_id}-{request.id}", name="Interviewer")


def session_of(metadata: str, room_name: str) -> str | None:
    """Read the session id of a job; None if its metadata and room do not agree."""
    try:
        session_id = json.loads(metadata)["session_id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fits = isinstance(session_id, str) and SESSION_ID.fullmatch(session_id) and room_name == f"iv-{session_id}"
    return session_id if fits else None


def client(settings: Settings) -> httpx.AsyncClient:
    """Make the HTTP client for the functions. It ignores the environment's proxies, which would see the secret."""
    secret = {"X-INGEST-SECRET": settings.ingest_secret}
    return httpx.AsyncClient(base_url=settings.backend_url, headers=secret, timeout=TIMEOUT, trust_env=False)


async def run(
    context: JobContext,
    build: Callable[[SpeechStack], Speech] = SpeechStack.build,
    away_seconds: float = AWAY_SECONDS,
) -> None:
    """Run one interview until its room closes. `build` makes its recogniser and its voice."""
    settings: Settings = context.proc.userdata["settings"]
    session_id = session_of(context.job.metadata, context.room.name or context.job.room.name)
    assert session_id, "the job was accepted for an interview"
    http: httpx.AsyncClient = context.proc.userdata["http"]
    context.add_shutdown_callback(http.aclose)
    backend = Backend(http, session_id, settings.next_turn_url + TURN_PATH)
    await framework.connect(context)
    room = InterviewRoom(context, session_id)
    room.spawn(room.sync_attributes())
    await room.remove_older_agents()
    room.spawn(backend.prewarm())
    detector = context.proc.userdata["vad"]
    session = framework.session(settings, build(settings.speech), detector, away_seconds=away_seconds)
    await framework.start(session, Interviewer(backend, room), context.room, room.candidate)
