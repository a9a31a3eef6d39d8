"""What is said around the planned questions. Where there are several forms, they are taken in turn."""

from __future__ import annotations

from collections.abc import Mapping

from interviewos.domain.interview import Ceiling, Reason

GREETING = (
    "Hello{name}. I am an offline practice script, not an AI model: I ask prepared questions and do not understand "
    "your answers. At the end you get feedback. Let us begin."
)
GREETING_AGAIN = "Hello{name}, this is the offline practice script, which does not understand answers."
GREETING_IN_PLACE = (
    "Hello{name}. The AI interviewer cannot be reached at the moment, so this line comes from a script. "
    "Let us begin all the same."
)

GREETING_BY_SCRIPT = (
    "Hello{name}. I am an AI interviewer, and the first question comes from my plan. At the end you get feedback."
)

EXAMPLE = "Could you give one example?"
PARTS: Mapping[str, str] = {
    "situation": "what the situation was",
    "task": "what was asked of you",
    "action": "your own part",
    "result": "how it ended",
    "number": "a figure",
}
CHECK_ONE = (
    "Before we go on: have you told {parts} yet? Add it, or say next.",
    "One thing before we leave this: did you mention {parts}? If not, add it; if so, say next.",
)
CHECK = (
    "Before we go on: {parts}. Which of these have you not told yet? Add one, or say next.",
    "A look back at your answer: {parts}. Which one could you still add? Say next if nothing is left.",
    "Let us make this one whole: {parts}. Is one of them still to come? Add it, or say next.",
    "Go over it once more in your mind: {parts}. Which of these would you add? If none, say next.",
    "An interviewer would want to know: {parts}. Which has not come up yet? Tell it, or say next.",
    "Look at it as a listener would: {parts}. Is one of these missing? Say it now, or say next.",
    "One more look before the next question: {parts}. What could you add? Say next if it is all there.",
)
"""Each fits a whole story as well as a word or two."""
CHECK_SIMPLER = "In simpler words: {parts}. What is still missing? Tell it, or say next."

ASKED_BACK = (
    "I am only a script and cannot answer questions.",
    "A person could answer that; a script cannot.",
    "That is for a person to answer, since I am a script.",
)

LEADS: Mapping[Reason, str] = {
    Reason.LATE: "The time for that part is over; your last words came after it and count all the same.",
    Reason.LIMIT: "Let us leave that part there.",
    Reason.SILENCE: "The time for that part is over, and it is fine that nothing came.",
}

END = "You can end the interview whenever you like, on the page. Until then I go on."

REPEATED = ("Of course. {question}", "Once more: {question}", "Here it is again. {question}")
SIMPLER = "In simpler words: {question}"
PAUSE = "Take your time. I wait."
PAUSED = "You have had time to think about this one. Begin with whatever comes first, or say next."
MORE_TIME = "You have more time for this part now."
NO_MORE_TIME = "This part cannot be made any longer. Tell me what matters most."

STAND_IN = (
    "The AI interviewer did not answer just now, so here is the next planned question.",
    "I could not get a reply from the AI interviewer; this question is the next on the list.",
    "There is still no reply from the AI interviewer. The plan goes on.",
)
"""What you said is kept: the page shows it, and nothing is said of it."""
NOTHING_PLANNED = (
    "Your words are kept. The AI interviewer did not answer just now; please go on, or add what comes to mind.",
    "What you said is kept. I could not get a reply from the AI interviewer; do carry on in the meantime.",
    "I have kept that too. There is still no reply from the AI interviewer; go on wherever you like.",
)
ERROR = (
    "The AI interviewer cannot be reached. All you said is kept and the clock is stopped: answer when you like.",
    "Once more the AI interviewer cannot be reached. Your words are kept, the clock stands; answer when you like.",
    "The AI interviewer still cannot be reached. Your answers are kept and the clock is stopped: go on when you like.",
)

MOMENT = "One moment for your feedback."

CLOSINGS: Mapping[Reason, str] = {
    Reason.ANSWER: "That was my last question. Thank you for taking the time to answer.",
    Reason.LATE: "That came after the time and counts all the same; with it we are at the end. Thank you.",
    Reason.LIMIT: "Those were all the questions I had. Thank you for your answers.",
    Reason.SILENCE: "The time is over, so we stop here. What you have told me counts.",
    Reason.FINISH: "You wished to end here, and so we do. Thank you for what you have told me.",
}
CEILINGS: Mapping[Ceiling, str] = {
    Ceiling.ATTEMPTS: "Your last answer found no reply, so we end here. Everything you said is kept and counts.",
    Ceiling.BYTES: "This is as much as one interview can hold, so we end here. All that you said is kept and counts.",
    Ceiling.DAY: "The budget of this service for today is used up, so we end here. Everything you said is kept.",
    Ceiling.FAILURES: "The AI interviewer could not be reached again and again, so we end here. Your words are kept.",
    Ceiling.TOKENS: "This is as long as one interview may get, so we end here. All that you said is kept and counts.",
}
CLOSING_WITHOUT_ANSWERS = "The interview ends here. I heard no answer, so there is nothing I could judge."
