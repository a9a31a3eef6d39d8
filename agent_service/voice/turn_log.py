"""One log line for each turn that was spoken: where the time went between the end of an answer and the first sound."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from livekit.agents import llm
from livekit.agents.voice import SpeechHandle

from voice.backend import now
from voice.conversation import Reply

logger = logging.getLogger(__name__)


def log_turn(reply: Reply, handle: SpeechHandle, messages: Sequence[llm.ChatMessage]) -> None:
    """Log a reply that was said, or broken off; the event's id joins the line to the functions' own."""
    fields = {"event_id": reply.event_id, "seqs": list(reply.said), "interrupted": handle.interrupted}
    logger.info("voice turn", extra=fields | _parts(reply, messages[0].metrics if messages else {}))


def _parts(reply: Reply, said: Mapping[str, Any]) -> dict[str, int]:
    """Say in milliseconds who took how long; `worker_ms` is what is nobody else's, `sentence_ms` the model's writing.

    `recognition_ms` is a part of `end_of_turn_ms`, and `kept_ms` of `function_ms`.
    """
    asked = reply.asked
    sounded, ended = said.get("started_speaking_at"), asked.get("stopped_speaking_at")
    parts = {
        "end_of_turn_ms": asked.get("end_of_turn_delay"),
        "function_ms": _between(reply.begun_at, reply.first_at),
        "sentence_ms": _between(_on_the_wall(reply.first_at), _synthesis_began(said)),
        "synthesis_ms": said.get("tts_node_ttfb"),
    }
    total = _between(ended, sounded)
    known = [seconds for seconds in parts.values() if seconds is not None]
    parts |= {
        "recognition_ms": asked.get("transcription_delay"),
        "kept_ms": _between(reply.begun_at, reply.kept_at),
        "worker_ms": total - sum(known) if total is not None and len(known) == len(parts) else None,
        "total_ms": total,
    }
    return {name: round(seconds * 1000) for name, seconds in parts.items() if seconds is not None}


def _synthesis_began(said: Mapping[str, Any]) -> float | None:
    """When the voice got its first sentence: its first sound came `tts_node_ttfb` later, and was then played."""
    if "started_speaking_at" not in said or "tts_node_ttfb" not in said:
        return None
    return float(said["started_speaking_at"] - said.get("playback_latency", 0.0) - said["tts_node_ttfb"])


def _on_the_wall(at: float | None) -> float | None:
    """The framework's times are of the wall clock, ours of a steady one."""
    return None if at is None else at + time.time() - now()


def _between(begin: float | None, end: float | None) -> float | None:
    return None if end is None or begin is None else end - begin
