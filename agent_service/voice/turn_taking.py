"""When an answer is over. People think in the middle of a sentence, and a story needs more of that than a greeting."""

from __future__ import annotations

from livekit.agents import EndpointingOptions, TurnHandlingOptions, inference

from voice.settings import TurnDetection

AWAY_SECONDS = 25.0
TRANSCRIPTION_SECONDS = 5.0

DEFAULT_ENDPOINTING: EndpointingOptions = {"min_delay": 0.7, "max_delay": 4.5}
"""Seconds of silence that end an answer: after a sentence that sounds finished, and after one that does not."""
ENDPOINTING: dict[str, EndpointingOptions] = {"experience": {"min_delay": 0.8, "max_delay": 5.5}}
"""By stage, where it is not the default."""


def endpointing_of(stage: str) -> EndpointingOptions:
    """Choose the silence that ends an answer in a stage; a stage that only later functions know has the default."""
    return ENDPOINTING.get(stage, DEFAULT_ENDPOINTING)


def turn_handling(detection: TurnDetection) -> TurnHandlingOptions:
    """Make the framework's options. The local detector is named by its version, or it would be the cloud's."""
    by_model = detection is TurnDetection.V1_MINI
    return {
        "turn_detection": inference.TurnDetector(version="v1-mini") if by_model else "vad",
        "endpointing": {"mode": "fixed", **DEFAULT_ENDPOINTING},
        "interruption": {
            "enabled": True,
            "mode": "vad",  # the adaptive one is of LiveKit's cloud
            "min_duration": 0.5,
            "min_words": 0,  # a recogniser that needs a whole utterance would come too late
            "resume_false_interruption": True,
            "false_interruption_timeout": 2.0,
            "discard_audio_if_uninterruptible": False,  # what is said over the interviewer is an answer, too
            "backchannel_boundary": (1.0, 1.0),  # of the adaptive one
        },
        "preemptive_generation": {"enabled": False},  # a turn cannot be taken back
        "user_turn_limit": {"max_words": None, "max_duration": None},  # an answer is limited by its characters
    }
