"""A well-behaved scripted interviewer that knows nothing but the request, so that many interviews may share it."""

import json
import re
from collections.abc import Iterator

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

SPEAKERS = ("candidate", "user")


def interviewer_script(request: GeminiRequest) -> Text:
    """Ask one question that the transcript does not contain yet, and move on when enough were answered."""
    match request.stage:
        case "done":
            return Text(feedback(request))
        case "experience":
            return Text(_ask(request, "experience", EXPERIENCE_ANSWERS, "MOVE_TO_DONE"))
        case _:
            return Text(_ask(request, "intro", INTRO_ANSWERS, "MOVE_TO_EXPERIENCE"))


def feedback(request: GeminiRequest) -> str:
    """A closing line and three bullets, each with words that the candidate said."""
    first, second, third = _quotes(request)
    return "\n".join(
        [
            "Thank you for the conversation, that was the last question.",
            f"- Strength: You were concrete when you said “{first}”.",
            f"- Gap: There was little about the outcome behind “{second}”.",
            f"- Next step: Prepare a number that shows what came of “{third}”.",
            "<<<STAY>>>",
        ]
    )


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


def _quotes(request: GeminiRequest) -> tuple[str, str, str]:
    said = [quote for quote in map(_quote, _candidate_words(request)) if quote] or ["nothing"]
    return said[0], said[len(said) // 2], said[-1]


def _quote(words: str) -> str:
    """The first words of the longest stretch without a token or a question mark, letter by letter."""
    longest = max(re.split(r"<+[^<>]*>+|[<>?!.:;\n]+", words), key=len)
    return " ".join(longest.split()[:6])


def _candidate_words(request: GeminiRequest) -> list[str]:
    """What the candidate said, by the transcript's JSON lines; without any, what contents of the user's role say."""
    entries = [entry for line in request.text.splitlines() if (entry := _entry(line))]
    marked = [entry["text"] for entry in entries if entry.get("speaker", entry.get("role")) in SPEAKERS]
    return marked or [content.text for content in request.contents if content.role == "user" and not entries]


def _entry(line: str) -> dict[str, str] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
