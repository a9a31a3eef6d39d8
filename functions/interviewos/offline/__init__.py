"""The offline interviewer: planned questions and an honest self-check; and what is said when a model has failed.

It is pure and needs no network, and nothing in it is left to chance: the same turn gets the same words.
"""

from __future__ import annotations

from interviewos.domain.interview import Reason, TurnPlan
from interviewos.domain.plan import DONE, STAY
from interviewos.offline.interviewer import closing, error_line, granted, next_line, planned, stand_in
from interviewos.offline.observe import feedback

__all__ = ["closing", "error_line", "feedback", "granted", "planned", "reply", "stand_in"]


def reply(turn: TurnPlan) -> str:
    """Say the interviewer's next line, with its signal on the last line as a model would end it."""
    text, signal = _speak(turn)
    return f"{text}\n<<<{signal}>>>"


def _speak(turn: TurnPlan) -> tuple[str, str]:
    if turn.reason is Reason.FEEDBACK:
        return feedback(turn), STAY
    if turn.stage == DONE:
        return f"{closing(turn)}\n\n{feedback(turn)}", STAY
    return next_line(turn)
