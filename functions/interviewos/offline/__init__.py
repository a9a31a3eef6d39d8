"""The offline interviewer: planned questions and an honest self-check; and what is said when a model has failed.

It is pure and needs no network, and nothing in it is left to chance: the same turn gets the same words.
"""

from __future__ import annotations

from interviewos.domain.interview import TurnPlan
from interviewos.offline.interviewer import closing, error_line, granted, next_line, planned, stand_in

__all__ = ["closing", "error_line", "granted", "planned", "reply", "stand_in"]


def reply(turn: TurnPlan) -> str:
    """Say the interviewer's next line, with its signal on the last line as a model would end it."""
    text, signal = next_line(turn)
    return f"{text}\n<<<{signal}>>>"
