"""What is said when the AI interviewer fails: honest lines that never repeat what was said before."""

from __future__ import annotations

from interviewos.domain.interview import Reason, Role, TurnPlan
from interviewos.domain.plan import DONE, STORIES
from interviewos.offline import lines
from interviewos.offline.asking import greet, join, next_question
from interviewos.offline.kinds import Kind
from interviewos.offline.talk import Talk

GREETING = (
    "Hello{name}. The AI interviewer cannot be reached at the moment, so this line comes from a script. "
    "Let us begin all the same."
)

MOVES: dict[Reason, str] = {
    Reason.LATE: "Your last words came after the time for the introduction; they are kept and they count.",
    Reason.LIMIT: "Your last words are kept.",
    Reason.SILENCE: "The time for the introduction is over.",
}
MOVES_ON = "The AI interviewer cannot be reached at the moment, so I move on to your experience by script."

WITH_QUOTE = (
    "What you said about “{quote}” is kept. The AI interviewer did not answer just now; please go on from there.",
    "“{quote}” is kept, with everything else you said. I have no reply from the AI interviewer; do tell me more.",
    "Your words are kept, “{quote}” among them. The AI interviewer is silent for the moment; please continue.",
)
WITHOUT_QUOTE = (
    "Your words are kept. The AI interviewer did not answer just now; please go on, or add what comes to mind.",
    "What you said is kept. I could not get a reply from the AI interviewer; do carry on in the meantime.",
    "Everything you said is kept. The AI interviewer cannot be reached at the moment; please say more.",
    "I have kept that too. There is still no reply from the AI interviewer; go on wherever you like.",
)
COUNTED = "The AI interviewer did not answer. All {count} of your answers are kept; please go on with the next one."

ERROR = (
    "The AI interviewer cannot be reached. Everything you said is kept and the clock is stopped; send your next answer "
    "whenever you like, and the interview goes on."
)
ERROR_AGAIN = (
    "Once more the AI interviewer cannot be reached. All your words are kept and the clock stands still; with your "
    "next answer we go on."
)
ERROR_COUNTED = (
    "The AI interviewer still cannot be reached. All {count} of your answers are kept and the clock is stopped; the "
    "next answer goes on from here."
)


def stand_in(turn: TurnPlan, number: int) -> str:
    """Say honestly that the AI interviewer failed and keep the talk going; `number` counts the failures in a row."""
    talk = Talk(turn)
    if turn.stage == DONE:
        return closing(turn)
    if turn.reason is Reason.START:
        return greet(GREETING, turn.candidate_name)
    if turn.reason is not Reason.ANSWER:
        return join(MOVES.get(turn.reason, ""), MOVES_ON, next_question(talk, STORIES))
    return _first_unsaid(turn, _choices(talk, number))


def question(turn: TurnPlan, stage: str) -> str:
    """Ask what comes next, and was never asked, in the place of a question before which the interviewer broke off."""
    if turn.reason is Reason.START:
        return lines.INTRODUCTION.text
    return next_question(Talk(turn), turn.plan.goal_of(stage)) or _first_unsaid(turn, _choices(Talk(turn), 0))


def _choices(talk: Talk, number: int) -> list[str]:
    last = talk.answers[-1] if talk.answers else None
    quote = talk.quote(last) if last and last.kind is Kind.SAID else ""
    with_quote = [line.format(quote=quote) for line in WITH_QUOTE] if quote else []
    turned = number % len(WITHOUT_QUOTE)
    return [*with_quote, *WITHOUT_QUOTE[turned:], *WITHOUT_QUOTE[:turned], COUNTED.format(count=len(talk.answers))]


def error_line(turn: TurnPlan) -> str:
    """Say plainly that the AI interviewer cannot be reached, that all is kept, and how it goes on."""
    return _first_unsaid(turn, [ERROR, ERROR_AGAIN, ERROR_COUNTED.format(count=len(Talk(turn).answers))])


def closing(turn: TurnPlan) -> str:
    """Say one line that ends the interview, whoever has led it."""
    if not turn.answered:
        return lines.CLOSING_WITHOUT_ANSWERS
    if turn.ceiling:
        return lines.CEILINGS[turn.ceiling]
    return lines.CLOSINGS.get(turn.reason, lines.CLOSINGS[Reason.ANSWER])


def _first_unsaid(turn: TurnPlan, choices: list[str]) -> str:
    """Take the first line that stands nowhere in the conversation; the last choice counts answers, so it is new."""
    said = {m.text for m in turn.conversation if m.role is Role.AGENT}
    return next((line for line in choices if line not in said), choices[-1])
