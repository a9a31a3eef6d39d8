"""Failures of the speech services: what still works says what does not."""

from __future__ import annotations

import logging

from livekit.agents import ErrorEvent

from voice import notices
from voice.behaviours.call import Call
from voice.behaviours.speaking import Speaking
from voice.behaviours.trouble import HEARING, SPEECH, Trouble
from voice.recordings import SPEECH_IS_DOWN, recording, text_of

logger = logging.getLogger(__name__)


class SpeechFailures:
    """Announces a failed recogniser by voice, and a failed voice by a recording; each once until it works again."""

    def __init__(self, call: Call, speaking: Speaking, trouble: Trouble) -> None:
        self._call = call
        self._speaking = speaking
        self._trouble = trouble

    def on_error(self, event: ErrorEvent) -> None:
        """Handle an error of the framework; what it retries by itself is no failure yet."""
        kind = getattr(event.error, "type", "")
        if getattr(event.error, "recoverable", False) or kind not in ("tts_error", "stt_error"):
            return
        logger.error("speech service failed", extra={"kind": kind, "error": type(event.error.error).__name__})
        if kind == "stt_error" and self._trouble.current != HEARING:
            self._trouble.report(HEARING)
            self._speaking.say(notices.CANNOT_HEAR)
        elif kind == "tts_error" and self._trouble.current != SPEECH:
            self._trouble.report(SPEECH)
            self._call.session.say(text_of(SPEECH_IS_DOWN), audio=recording(SPEECH_IS_DOWN), add_to_chat_ctx=False)
