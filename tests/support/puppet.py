"""A well-behaved scripted interviewer that knows nothing but the request, so that many interviews may share it."""

from collections.abc import Iterator

from support.choices import sensible_choice
from support.gemini import GeminiRequest, Text

INTRO_ANSWERS = 2
EXPERIENCE_ANSWERS = 3

# No apostrophes or quotes: a question must be found again in a transcript however that is encoded.
OPENING = (
    "could you please introduce yourself?",
    "what kind of work do you do these days?",
    "what drew you to this line of work?",
    "which of your skills are you proudest of?",
    "what are you hoping to do next?",
)
DEEP_DIVE = (
    "which project of yours should we look at closely?",
    "what was your own part in it?",
    "what was the hardest moment there?",
    "how did you find out that it worked?",
    "who did you have to convince on the way?",
    "what would you do differently today?",
    "how did you decide between the options you had?",
    "what did the numbers look like before and after?",
)
FOLLOW_UPS = 40
CLOSING = "Thank you, that gives me a clear picture of your work."


def interviewer_script(request: GeminiRequest) -> Text:
    """Ask a question that the transcript does not contain yet, move on after enough of them, and choose at the end."""
    if request.closes:
        return chooses(request)
    if request.stage == "experience":
        return Text(_ask(request, "experience", EXPERIENCE_ANSWERS, "MOVE_TO_DONE"))
    return Text(_ask(request, "intro", INTRO_ANSWERS, "MOVE_TO_EXPERIENCE"))


def chooses(request: GeminiRequest) -> Text:
    """Choose a strength that quotes the candidate; it has no sentence of its own."""
    return Text(sensible_choice(request.text))


def _ask(request: GeminiRequest, stage: str, answers: int, move: str) -> str:
    asked = [question for question in questions(stage) if question in request.text]
    if not asked:
        return f"Welcome: {_new_question(request, stage)}\n<<<STAY>>>"
    if len(asked) < answers:
        return f"Thank you: {_new_question(request, stage)}\n<<<STAY>>>"
    if stage == "experience" and CLOSING not in request.text:
        return f"{CLOSING}\n<<<{move}>>>"
    if stage == "experience":  # somebody wants to hear more
        return f"Thank you: {_new_question(request, stage)}\n<<<STAY>>>"
    return f"Let us look at your experience: {_new_question(request, 'experience')}\n<<<{move}>>>"


def questions(stage: str) -> Iterator[str]:
    """All questions of a stage in their order; more than any interview has room for."""
    yield from DEEP_DIVE if stage == "experience" else OPENING
    for number in range(1, FOLLOW_UPS):
        yield f"what else should I know about your {stage}, point {number}?"


def _new_question(request: GeminiRequest, stage: str) -> str:
    return next(question for question in questions(stage) if question not in request.text)
