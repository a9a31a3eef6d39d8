"""Speech without a key and without a network: whisper hears, piper speaks, espeak-ng helps out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from livekit.agents import tts

from speech.espeak import EspeakTTS
from speech.piper import PiperTTS
from speech.whisper import WhisperSTT
from voice.settings import SpeechSettings


def ear(settings: SpeechSettings) -> WhisperSTT:
    return WhisperSTT(settings.whisper_model, settings.language)


def mouth(settings: SpeechSettings) -> tts.TTS[Any]:
    """Piper, and espeak-ng at once when piper fails: a pause for a second try is worse than another voice."""
    piper = PiperTTS(settings.piper_url, sample_rate=_sample_rate(settings.piper_voice))
    program = find_espeak()
    if program is None:
        return piper
    return tts.FallbackAdapter([piper, EspeakTTS(program, settings.language)], max_retry_per_tts=0)


def find_espeak() -> str | None:
    return shutil.which("espeak-ng")


def _sample_rate(voice: str) -> int:
    """A voice's own rate, in Hz; the usual one when the voice lies on another machine."""
    if not voice:
        return 22_050
    return int(json.loads(Path(f"{voice}.json").read_text())["audio"]["sample_rate"])
