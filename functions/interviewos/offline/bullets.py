"""Three lines of feedback about what the candidate really said: a strength, a gap, a next step.

Only what can be counted is claimed: numbers, "I" and "we", examples, length, questions passed on. What was not there
is never praised, and every quotation is letter by letter out of one message of the candidate.
"""

from __future__ import annotations

from interviewos.domain.interview import TurnPlan
from interviewos.offline import signs
from interviewos.offline.answers import read_answers
from interviewos.offline.gaps import find_gap
from interviewos.offline.review import Review

NOTHING = (
    "- Strength: There was no answer to judge, so I name none.\n"
    "- Gap: Without a single answer I heard no example, no task and no result.\n"
    "- Next step: Start once more and answer the first question in three sentences: who you are, what you do, what you "
    "are looking for."
)


def feedback(turn: TurnPlan) -> str:
    """Write exactly three lines: `- Strength: …`, `- Gap: …`, `- Next step: …`."""
    review = Review(read_answers(turn))
    if not review.answers:
        return NOTHING
    if not review.phrases(review.told):
        return _of_little(review)
    strength = _strength(review)
    advice = find_gap(review)
    shown = review.quote(advice.shows, [advice.about]) if advice.shows else ""
    gap = advice.gap.format(quote=shown or review.words_of(advice.about))
    step = advice.step.format(quote=review.words_of(advice.about))
    return f"- Strength: {strength}\n- Gap: {gap}\n- Next step: {step}"


def _of_little(review: Review) -> str:
    """Say what was there when nothing was told: a strength is never made out of it."""
    first, last = review.words_of(review.answers[0]), review.words_of(review.answers[-1])
    shown = " and ".join(f"“{quote}”" for quote in dict.fromkeys((first, last)) if quote)
    there = f"What I heard was {shown}" if shown else "What came held no words that I could judge"
    gap = (
        f"You left {review.left_open} open, and no answer held an example."
        if review.left_open
        else "No answer held an example."
    )
    start = f"Take the question that you met with “{last}”" if last else "Take the first question"
    return (
        f"- Strength: There was too little to name one. {there}.\n"
        f"- Gap: {gap} An interviewer cannot tell from that what you can do.\n"
        f"- Next step: {start} and write four sentences: the situation, your task, what you did, how it ended."
    )


def _strength(review: Review) -> str:
    told = review.told
    if quote := review.quote(lambda p: p.shows_measured_result, told):
        return f"You put a change into figures: “{quote}”. That can be checked, and an interviewer remembers it."
    if quote := review.quote(lambda p: p.shows_own_action, told):
        return f"You said what you did yourself: “{quote}”. That lets an interviewer see your part."
    if quote := review.quote(lambda p: p.shows_number, told):
        return f"You named a figure, “{quote}”, which is easier to picture than a word like often."
    if quote := review.quote(lambda p: signs.SITUATION.found_in(p.sentence), told):
        return f"You tied an answer to a real situation: “{quote}”. That is firmer ground than an opinion."
    quote = review.words_of(review.richest(told))
    return f"Nothing stood out yet. The clearest thing you told me was “{quote}”, and an example could grow from it."
