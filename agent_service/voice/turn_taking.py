"""Turn detection: when an answer is complete. People pause to think, and longer in a story than in a greeting."""

from __future__ import annotations

from livekit.agents import EndpointingOptions, TurnHandlingOptions, inference

from voice.settings import TurnDetection

AWAY_SECONDS = 25.0
TRANSCRIPTION_SECONDS = 5.0

DEFAULT_ENDPOINTING: EndpointingOptions = {"min_delay": 0.7, "max_delay": 4.5}
"""Seconds of silence that end an answer: after a sentence that sounds finished, and after one that does not."""
ENDPOINTING: dict[str, EndpointingOptions] = {
    "short": DEFAULT_ENDPOINTING,
    "long": {"min_delay": 0.8, "max_delay": 5.5},
}
"""By the pauses that the functions expect in answers."""


MORE_SECONDS = 5.3
"""Silence that is waited for in addition, for each time the usual patience: nobody who was promised twice as much time
is interrupted in less than six seconds. Whoever is done sooner presses Done.
"""


def endpointing_of(pauses: str, time_factor: float = 1.0) -> EndpointingOptions:
    """The endpointing for such pauses; a word that only later functions use, or none, has the default."""
    usual = ENDPOINTING.get(pauses, DEFAULT_ENDPOINTING)
    more = MORE_SECONDS * (time_factor - 1)
    return {"min_delay": usual["min_delay"] + more, "max_delay": usual["max_delay"] + more}


def turn_handling(detection: TurnDetection) -> TurnHandlingOptions:
    """Make the framework's options. Without its version the detector would be the one of LiveKit's cloud."""
    by_model = detection is TurnDetection.V1_MINI
    return {
        "turn_detection": inference.TurnDetector(version="v1-mini") if by_model else "vad",
        "endpointing": {"mode": "fixed", **DEFAULT_ENDPOINTING},
        "interruption": {
            "enabled": True,
            "mode": "vad",  # the adaptive mode needs LiveKit's cloud
            "min_duration": 0.5,
            "min_words": 0,  # a recogniser without interim results would be too late
            "resume_false_interruption": True,
            "false_interruption_timeout": 2.0,
            "discard_audio_if_uninterruptible": False,  # words over the interviewer are part of an answer
            "backchannel_boundary": (1.0, 1.0),  # of the adaptive mode
        },
        "preemptive_generation": {"enabled": False},  # a turn cannot be undone
        "user_turn_limit": {"max_words": None, "max_duration": None},  # answers are limited by their characters
    }
