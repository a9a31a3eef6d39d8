"""One log line for each turn that was spoken: where the time went between the end of an answer and the first sound."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from livekit.agents import llm
from livekit.agents.voice import SpeechHandle

from voice.conversation import Reply

logger = logging.getLogger(__name__)


def log_turn(reply: Reply, handle: SpeechHandle, messages: Sequence[llm.ChatMessage]) -> None:
    """Log a reply that was said, or broken off; the event's id joins the line to the functions' own."""
    said = messages[0].metrics if messages else {}
    began, ended = said.get("started_speaking_at"), reply.asked.get("stopped_speaking_at")
    parts = {
        "function_ms": _milliseconds(reply.first_at, reply.begun_at),
        "kept_ms": _milliseconds(reply.kept_at, reply.begun_at),
        "end_of_turn_ms": _milliseconds(reply.asked.get("end_of_turn_delay")),
        "recognition_ms": _milliseconds(reply.asked.get("transcription_delay")),
        "synthesis_ms": _milliseconds(said.get("tts_node_ttfb")),
        "total_ms": _milliseconds(began, ended),
    }
    fields = {"event_id": reply.event_id, "seqs": list(reply.said), "interrupted": handle.interrupted}
    logger.info("voice turn", extra=fields | {name: value for name, value in parts.items() if value is not None})


def _milliseconds(end: float | None, begin: float | None = 0.0) -> int | None:
    return None if end is None or begin is None else round((end - begin) * 1000)
