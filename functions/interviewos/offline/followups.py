"""Follow-ups: what to ask about an answer, by the part of the story that is missing in it.

A story has a situation, a task, an action of one's own and a result (STAR). `{quote}` stands for a few words of the
candidate's; what follows it is the question, and no question of this file is asked twice in an interview.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """What a story may lack."""

    SITUATION = "situation"
    TASK = "task"
    ACTION = "action"
    OWN_PART = "own part"
    RESULT = "result"
    MEASURE = "measure"
    LESSON = "lesson"


class FollowUp(NamedTuple):
    """One way to ask for a missing part: the lead with the quote, the question, and the question in plainer words."""

    lead: str
    text: str
    plain: str


FOLLOW_UPS: dict[Part, tuple[FollowUp, ...]] = {
    Part.SITUATION: (
        FollowUp(
            "You said “{quote}”.",
            "When was that, and what was going on around you?",
            "When and where did this happen?",
        ),
        FollowUp(
            "Let us stay with “{quote}”.",
            "Which one occasion do you have in mind, from beginning to end?",
            "Can you tell me about one time when it happened?",
        ),
        FollowUp(
            "I would like to picture “{quote}”.",
            "Who was there, and what had just happened?",
            "Who was with you, and what was the problem?",
        ),
        FollowUp(
            "About “{quote}”:",
            "what was at stake for you or for the others?",
            "Why was it important?",
        ),
    ),
    Part.TASK: (
        FollowUp(
            "You mentioned “{quote}”.",
            "What were you meant to achieve with that?",
            "What did you have to do?",
        ),
        FollowUp(
            "Coming back to “{quote}”:",
            "who had asked for it, and what would have counted as done?",
            "Who wanted it, and when was it finished?",
        ),
        FollowUp(
            "Before we go further than “{quote}”:",
            "what goal had you set yourself?",
            "What did you want to reach?",
        ),
        FollowUp(
            "On “{quote}”:",
            "for what were you responsible, and for what was somebody else?",
            "Which part was yours?",
        ),
    ),
    Part.ACTION: (
        FollowUp(
            "You mentioned “{quote}”.",
            "What did you yourself do there, step by step?",
            "What did you do, and in which order?",
        ),
        FollowUp(
            "Take me back to “{quote}”.",
            "What was the first thing you did, and why that?",
            "With what did you begin?",
        ),
        FollowUp(
            "One more word on “{quote}”:",
            "which way did you try, and which did you decide against?",
            "How did you do it?",
        ),
        FollowUp(
            "Let me stop at “{quote}”.",
            "Where did it get difficult, and what did you do then?",
            "What was hard, and what did you do?",
        ),
        FollowUp(
            "You told me “{quote}”.",
            "If I had watched you that day, what would I have seen you do?",
            "What could others see you do?",
        ),
    ),
    Part.OWN_PART: (
        FollowUp(
            "You speak of “{quote}”.",
            "Which part of that was yours alone?",
            "What did you do, and not the others?",
        ),
        FollowUp(
            "I hear a team in “{quote}”.",
            "What would have been missing without you?",
            "What was your own part?",
        ),
        FollowUp(
            "In “{quote}” I do not see you yet.",
            "Which decision in it was your own?",
            "What did you decide?",
        ),
    ),
    Part.RESULT: (
        FollowUp(
            "You told me “{quote}”.",
            "How did it end?",
            "What happened in the end?",
        ),
        FollowUp(
            "Let us follow “{quote}” a little further.",
            "What was different afterwards?",
            "What changed because of it?",
        ),
        FollowUp(
            "So, “{quote}”.",
            "What came of it, for you and for the others?",
            "What was the result?",
        ),
        FollowUp(
            "Let us stay with “{quote}” for a moment.",
            "What did the people concerned say about it?",
            "Were the others content, and how do you know?",
        ),
    ),
    Part.MEASURE: (
        FollowUp(
            "You said “{quote}”.",
            "Is there a number, or another sign, that shows how much it changed?",
            "Can you give me a number?",
        ),
        FollowUp(
            "Suppose I doubted “{quote}”.",
            "With what would you convince me that it worked?",
            "How can one see that it worked?",
        ),
        FollowUp(
            "About “{quote}”:",
            "how long did it take, or how many people did it reach?",
            "How long or how many?",
        ),
    ),
    Part.LESSON: (
        FollowUp(
            "Looking back at “{quote}”:",
            "what would you do differently today?",
            "What would you change next time?",
        ),
        FollowUp(
            "You told me “{quote}”.",
            "What have you done in another way since then?",
            "What did you learn from it?",
        ),
        FollowUp(
            "There were surely other ways than “{quote}”.",
            "Which one did you weigh up, and why did you leave it?",
            "What else could you have done?",
        ),
    ),
}

INTRO_FOLLOW_UPS: tuple[FollowUp, ...] = (
    FollowUp(
        "You mentioned “{quote}”.",
        "How did you come to that?",
        "Why did you do that?",
    ),
    FollowUp(
        "You said “{quote}”.",
        "What does that look like on an ordinary working day?",
        "What do you do there every day?",
    ),
    FollowUp(
        "I heard “{quote}”.",
        "What did you take from it that helps you now?",
        "What did you learn there?",
    ),
)

EXAMPLE_PROBES: tuple[FollowUp, ...] = (
    FollowUp(
        "You say “{quote}”.",
        "Could you give me one concrete example?",
        "Can you tell me about one time?",
    ),
    FollowUp(
        "“{quote}” is where a listener wants more.",
        "What happened on one day when that was so?",
        "Can you tell me what happened once?",
    ),
    FollowUp(
        "Say a little more than “{quote}”.",
        "What comes to mind first?",
        "What do you think of first?",
    ),
    FollowUp(
        "“{quote}”, then.",
        "What would an example from your work or your studies look like?",
        "Do you have an example?",
    ),
)
