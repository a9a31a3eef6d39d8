"""The voice worker with parts that do not work: BROKEN names them, separated by commas.

`clock`: its own clock stands still; `rpc`: nobody can tell it by RPC that the interview went on; `metadata`: nor by the
room's metadata; `speech`: nobody speaks; `hearing`: nobody understands. With WHILE, the path of a file, speech and
hearing are broken as long as the file is there. SAYS, a list in JSON, is what is recognised, an utterance each.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from livekit import rtc
from livekit.agents import APIConnectionError

import agent
from speech import local
from speech.local.piper import PiperTTS
from speech.local.whisper import WhisperSTT
from voice.behaviours import timekeeping
from voice.room import InterviewRoom

BROKEN = set(filter(None, os.environ.get("BROKEN", "").split(",")))
WHILE = os.environ.get("WHILE", "")
SAYS = iter(json.loads(os.environ.get("SAYS", "[]")))

register = rtc.LocalParticipant.register_rpc_method


def register_others(self: rtc.LocalParticipant, method: str, handler: Any = None) -> Any:
    return None if method == "interview.changed" else register(self, method, handler)


def fails(works: Callable[..., Any]) -> Any:
    async def maybe(*args: Any, **kwargs: Any) -> Any:
        if WHILE and not Path(WHILE).exists():
            return await works(*args, **kwargs)
        raise APIConnectionError("broken for a test", retryable=False)

    return maybe


if "clock" in BROKEN:
    timekeeping.TICK_SECONDS = 1e6
if "rpc" in BROKEN:
    rtc.LocalParticipant.register_rpc_method = register_others
if "metadata" in BROKEN:
    InterviewRoom.on_changed = lambda self, look: None  # type: ignore[method-assign]
if "speech" in BROKEN:
    PiperTTS.speak = fails(PiperTTS.speak)  # type: ignore[method-assign]
    local.find_espeak = lambda: None
if "hearing" in BROKEN:
    WhisperSTT._recognize_impl = fails(WhisperSTT._recognize_impl)  # type: ignore[method-assign]
if "SAYS" in os.environ:
    WhisperSTT._hear = lambda self, buffer: next(SAYS)  # type: ignore[method-assign]

if __name__ == "__main__":
    agent.main()
