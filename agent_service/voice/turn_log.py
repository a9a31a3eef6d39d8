"""One log line for each turn that was spoken: where the time went between the end of an answer and the first sound."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from livekit.agents import llm
from livekit.agents.voice import SpeechHandle

from voice.clock import now
from voice.reply import Reply

logger = logging.getLogger(__name__)


def log_turn(reply: Reply, handle: SpeechHandle, messages: Sequence[llm.ChatMessage]) -> None:
    """Log a reply whose playback ended or was interrupted; the event's id joins the line to the functions' own."""
    fields = {"event_id": reply.event_id, "seqs": list(reply.texts), "interrupted": handle.interrupted}
    logger.info("voice turn", extra=fields | _parts(reply, messages[0].metrics if messages else {}))


def _parts(reply: Reply, metrics: Mapping[str, Any]) -> dict[str, int]:
    """The milliseconds of each part. `sentence_ms` is the model's writing, `worker_ms` what no other part accounts for.

    `recognition_ms` is a part of `end_of_turn_ms`, and `kept_ms`, until the ack, of `function_ms`.
    """
    answer = reply.answer_metrics
    sounded, ended = metrics.get("started_speaking_at"), answer.get("stopped_speaking_at")
    parts = {
        "end_of_turn_ms": answer.get("end_of_turn_delay"),
        "function_ms": _between(reply.begun_at, reply.first_delta_at),
        "sentence_ms": _between(_wall_clock(reply.first_delta_at), _synthesis_began(metrics)),
        "synthesis_ms": metrics.get("tts_node_ttfb"),
    }
    total = _between(ended, sounded)
    known = [seconds for seconds in parts.values() if seconds is not None]
    parts |= {
        "recognition_ms": answer.get("transcription_delay"),
        "kept_ms": _between(reply.begun_at, reply.ack_at),
        "worker_ms": total - sum(known) if total is not None and len(known) == len(parts) else None,
        "total_ms": total,
    }
    return {name: round(seconds * 1000) for name, seconds in parts.items() if seconds is not None}


def _synthesis_began(metrics: Mapping[str, Any]) -> float | None:
    """When the voice got its first sentence: its first audio came `tts_node_ttfb` later, and was then played."""
    if "started_speaking_at" not in metrics or "tts_node_ttfb" not in metrics:
        return None
    return float(metrics["started_speaking_at"] - metrics.get("playback_latency", 0.0) - metrics["tts_node_ttfb"])


def _wall_clock(at: float | None) -> float | None:
    """The framework measures by the wall clock, this worker by the monotonic one."""
    return None if at is None else at + time.time() - now()


def _between(begin: float | None, end: float | None) -> float | None:
    return None if end is None or begin is None else end - begin
