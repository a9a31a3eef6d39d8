"""Who hears and who speaks: one pair for each VOICE_STACK, built here and nowhere else.

Plugins of Google are imported only where they are used: they take half a second that the local stack does not owe.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from livekit.agents import stt, tts

from speech import local
from speech.piper_server import PiperServer, PiperUnavailable
from voice.settings import SpeechSettings, Stack

__all__ = ["PiperServer", "PiperUnavailable", "Speech", "build", "start_piper", "warm"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speech:
    """An ear and a mouth for one interview."""

    stt: stt.STT[Any]
    tts: tts.TTS[Any]

    async def aclose(self) -> None:
        """Close the connections of both."""
        await self.stt.aclose()
        await self.tts.aclose()


def build(settings: SpeechSettings) -> Speech:
    """Make the pair for one interview. Raises SettingsError when Google's credentials are missing."""
    match settings.stack:
        case Stack.GOOGLE_CLOUD:
            from speech import google_cloud

            return Speech(google_cloud.ear(settings), google_cloud.mouth(settings))
        case Stack.GEMINI_KEY:
            from speech import gemini_key

            return Speech(gemini_key.ear(settings), gemini_key.mouth(settings))
        case Stack.LOCAL:
            return Speech(local.ear(settings), local.mouth(settings))


def warm(settings: SpeechSettings) -> None:
    """Do what the first interview of a process would wait for: import, load, look for credentials. Blocks."""
    build(settings).stt.prewarm()


def start_piper(settings: SpeechSettings) -> PiperServer | None:
    """Start the process that speaks, for the main process of a worker whose settings name no other.

    Its `url` is the PIPER_URL of the jobs. Raises PiperUnavailable with a sentence.
    """
    if settings.stack is not Stack.LOCAL:
        return None
    if local.find_espeak() is None:
        logger.warning("no espeak-ng found: nobody speaks when piper fails")
    return None if settings.piper_url else PiperServer(settings.piper_voice).start()
