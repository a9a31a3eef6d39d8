"""Turn detection: when an answer is complete. People pause to think, and longer in a story than in a greeting."""

from __future__ import annotations

from livekit.agents import EndpointingOptions, TurnHandlingOptions, inference

from voice.settings import TurnDetection
from voice.transcript import words_in

AWAY_SECONDS = 25.0
TRANSCRIPTION_SECONDS = 5.0

DEFAULT_ENDPOINTING: EndpointingOptions = {"min_delay": 0.7, "max_delay": 4.5}
"""Seconds of silence that end an answer: after one that sounds finished, and after one that does not."""
ENDPOINTING: dict[str, EndpointingOptions] = {
    "short": DEFAULT_ENDPOINTING,
    "long": {"min_delay": 0.8, "max_delay": 5.5},
}
"""By the pauses that the functions expect in answers."""
NO_PATIENCE: EndpointingOptions = {"min_delay": 0.0, "max_delay": 0.0}
"""Once the candidate or the clock has ended an answer."""
MORE_SECONDS = 5.3
"""Silence that is waited for in addition, for each time the usual patience: nobody who was promised twice as much time
is interrupted in less than six seconds. Whoever is done sooner presses Done.
"""

FEW_WORDS = 14
"""With fewer an answer has hardly begun, as "Good question. At my last job."; but what asks back may be short."""
BEGUN_SECONDS = 3.5
"""Silence that ends an answer of few words that sounds finished: the reply is audible four seconds after it."""
_ASKS_BACK = ("?", "？", "؟")
_GOES_ON = (",", ";", ":", "-", "–", "—", "…", "...", "、", "，")
_OPEN = """
a an the my our your his its their i we he she they
and but or because if although while whether than
um uh er erm hm
"""
_JOINING = frozenset(_OPEN.split())
"""Words that hardly ever end a sentence, as "with" and "that" do. Recognisers put a full stop after all of them."""


def breaks_off(words: str) -> bool:
    """Whether these words call for another one: the last joins, or was said twice, or has a comma or dots after it."""
    said = words_in(words.lower())
    return bool(said) and (said[-1] in _JOINING or said[-2:-1] == said[-1:] or words.endswith(_GOES_ON))


def has_hardly_begun(words: str) -> bool:
    """Whether these are few words for an answer, and no question."""
    return 0 < len(words_in(words)) < FEW_WORDS and not words.endswith(_ASKS_BACK)


def endpointing_of(pauses: str, time_factor: float = 1.0, words: str = "") -> EndpointingOptions:
    """The endpointing for such pauses, after these words of an answer.

    `pauses` that only later functions use, or none, have the default.
    """
    usual = ENDPOINTING.get(pauses, DEFAULT_ENDPOINTING)
    more = MORE_SECONDS * (time_factor - 1)
    return {"min_delay": _least(usual, words) + more, "max_delay": usual["max_delay"] + more}


def _least(usual: EndpointingOptions, words: str) -> float:
    """Seconds of silence that end an answer which sounds finished."""
    if breaks_off(words):
        return usual["max_delay"]
    return BEGUN_SECONDS if has_hardly_begun(words) else usual["min_delay"]


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
