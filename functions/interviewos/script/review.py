"""Three lines of feedback about what the candidate really said: a strength, a gap, a next step.

Only what can be counted is claimed: numbers, "I" and "we", examples, length, questions passed on. What was not there
is never praised, and every quotation is letter by letter out of one message of the candidate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from interviewos.interview import TurnPlan
from interviewos.script import signs
from interviewos.script.answers import DODGED, RICH, Answer, Kind, read_answers
from interviewos.script.phrases import Phrase, best, phrases

RAMBLING = 300
"""Words beyond which a listener loses the thread: more than two minutes of speech."""
FEW_WORDS = 25
"""Words an answer needs on average before more can be asked of it than to be longer."""

NOTHING = (
    "- Strength: There was no answer to judge, so I name none.\n"
    "- Gap: Without a single answer I heard no example, no task and no result.\n"
    "- Next step: Start once more and answer the first question in three sentences: who you are, what you do, "
    "what you are looking for."
)


@dataclass
class Review:
    """The answers under review, and the phrases already quoted."""

    answers: tuple[Answer, ...]
    quoted: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[Answer]:
        return [a for a in self.answers if a.kind is Kind.SAID]

    def quote(self, wanted: Callable[[Phrase], bool] = lambda _: True, among: list[Answer] | None = None) -> str:
        """Take the most telling phrase that fits and was not yet quoted, or nothing."""
        found = [p for a in (self.told if among is None else among) for p in phrases(a) if wanted(p)]
        free = [p for p in found if not any(p.text in q or q in p.text for q in self.quoted)]
        phrase = max(free, key=lambda p: p.worth, default=None)
        if phrase is None:
            return ""
        self.quoted.append(phrase.text)
        return phrase.text

    def any_quote(self, answer: Answer | None = None) -> str:
        """Quote something of this answer or of any, even a short one; the same words twice rather than none."""
        among = [answer] if answer else [*self.told, *self.answers]
        return self.quote(among=among) or getattr(best(among), "text", "")


def feedback(turn: TurnPlan) -> str:
    """Write exactly three lines: `- Strength: …`, `- Gap: …`, `- Next step: …`."""
    review = Review(read_answers(turn.conversation))
    if not review.answers:
        return NOTHING
    if not review.told:
        return _of_little(review)
    strength = _strength(review)
    gap, step = _gap(review)
    return f"- Strength: {strength}\n- Gap: {gap}\n- Next step: {step}"


def _strength(review: Review) -> str:
    if quote := review.quote(lambda p: p.shows_measured_result):
        return f"You gave a result that can be checked: “{quote}”. A figure like that stays with an interviewer."
    if quote := review.quote(lambda p: p.shows_own_action):
        return f"You said what you did yourself: “{quote}”. That lets an interviewer see your part."
    if quote := review.quote(lambda p: p.shows_number):
        return f"You named a figure, “{quote}”, which is easier to picture than “a lot” or “often”."
    if quote := review.quote(lambda p: bool(signs.SITUATION.search(p.sentence))):
        return f"You tied an answer to a real situation: “{quote}”. That is firmer ground than an opinion."
    if quote := review.any_quote():
        return (
            f"Nothing stood out yet. The clearest thing you told me was “{quote}”, and an example could grow from it."
        )
    return "I could not find words that I can judge in your answers, so I name none."


def _of_little(review: Review) -> str:
    """Say what was there when nothing was told: never a strength made out of it."""
    first, second = review.any_quote(review.answers[0]), review.any_quote(review.answers[-1])
    shown = " and ".join(f"“{q}”" for q in dict.fromkeys(q for q in (first, second) if q))
    there = f"What I heard was {shown}" if shown else "What came held no words that I could judge"
    passed = _passed(review)
    gap = f"You left {passed} open, and no answer held an example." if passed else "No answer held an example."
    start = f"Take the question you answered with “{second}”" if second else "Take the first question"
    return (
        f"- Strength: There was too little to name one. {there}.\n"
        f"- Gap: {gap} An interviewer cannot tell from that what you can do.\n"
        f"- Next step: {start} and write four sentences: the situation, your task, what you did, how it ended."
    )


def _passed(review: Review) -> str:
    count = sum(a.kind in DODGED for a in review.answers)
    return {0: "", 1: "one question"}.get(count, f"{count} questions")


def _gap(review: Review) -> tuple[str, str]:
    """Find what was missing most, and the exercise that goes with it."""
    finders = (_dodged, _foreign, _too_short, _no_own_part, _no_result, _too_long, _no_number, _no_task, _no_lesson)
    return next(found for find in finders if (found := find(review)))


def _dodged(review: Review) -> tuple[str, str] | None:
    passed = [a for a in review.answers if a.kind in DODGED]
    if len(passed) * 2 < len(review.answers) or not passed:
        return None
    quote, other = review.any_quote(passed[0]), review.any_quote()
    said = f", for instance with “{quote}”" if quote else ""
    return (
        f"You left {_passed(review)} of {len(review.answers)} open{said}. There an interviewer learns nothing of you.",
        f"Prepare two stories that fit many questions. Begin with “{other}”: situation, task, what you did, result.",
    )


def _foreign(review: Review) -> tuple[str, str] | None:
    if sum(a.foreign for a in review.told) * 2 <= len(review.told):
        return None
    return (
        f"I read English only, so of “{review.any_quote()}” I can judge the length and the figures, not the story.",
        f"Tell “{review.any_quote()}” to somebody in four sentences: situation, task, what you did, result with a number.",
    )


def _too_short(review: Review) -> tuple[str, str] | None:
    answered = [a for a in review.answers if a.kind in (Kind.SAID, Kind.THIN)]
    if sum(a.length for a in answered) >= FEW_WORDS * len(answered):
        return None
    shortest = min(answered, key=lambda a: a.length)
    return (
        f"Your answers are short: “{review.any_quote(shortest)}” ends before I learn what you did and what came of it.",
        f"Tell “{review.any_quote()}” again in four sentences: the situation, your task, what you did, how it ended.",
    )


def _no_own_part(review: Review) -> tuple[str, str] | None:
    text = _whole(review)
    own, team = len(signs.I_WORD.findall(text)), len(signs.WE_WORD.findall(text))
    if team <= own or not (quote := review.quote(lambda p: p.shows_team)):
        return None
    return (
        f"In “{quote}” your own part stays hidden: you said “we” or “our” more often than “I”.",
        f"Tell the story of “{review.any_quote()}” with “I” in every sentence, and name the one decision that was yours.",
    )


def _no_result(review: Review) -> tuple[str, str] | None:
    ended = [a for a in review.told if signs.RESULT.search(a.own.casefold())]
    if len(ended) * 3 > len(review.told):
        return None
    open_ended = [a for a in review.told if a not in ended]
    quote = review.quote(among=open_ended) or review.any_quote()
    return (
        f"After “{quote}” I did not hear how it ended or what was different from before.",
        f"Add one last sentence to “{review.any_quote()}”: what changed, for whom, and by how much.",
    )


def _too_long(review: Review) -> tuple[str, str] | None:
    longest = max(review.told, key=lambda a: a.length)
    if longest.length < RAMBLING:
        return None
    return (
        f"One answer ran to about {round(longest.length, -1)} words, so that “{review.any_quote(longest)}” nearly got lost.",
        f"Tell the same story in ninety seconds, and begin with “{review.any_quote(longest)}”.",
    )


def _no_number(review: Review) -> tuple[str, str] | None:
    if signs.NUMBER.search(_whole(review)):
        return None
    return (
        f"No figure came up. “{review.any_quote()}” would weigh more with a number or another sign that it worked.",
        f"Look up one figure for “{review.any_quote()}”: time, money, people or mistakes, before and after.",
    )


def _no_task(review: Review) -> tuple[str, str] | None:
    if signs.TASK.search(_whole(review)):
        return None
    return (
        f"At “{review.any_quote()}” I missed what was asked of you, and so how hard it was.",
        f"Begin “{review.any_quote()}” with one sentence on your task: who needed what, and by when.",
    )


def _no_lesson(review: Review) -> tuple[str, str]:
    learned = signs.LESSON.search(_whole(review))
    missing = "which other way you had weighed up" if learned else "what you took from it or would do differently"
    return (
        f"I heard what you did at “{review.any_quote()}”, but not {missing}.",
        f"Add two sentences to “{review.any_quote()}”: the way you decided against, and why.",
    )


def _whole(review: Review) -> str:
    return " ".join(a.own for a in review.told).casefold()
