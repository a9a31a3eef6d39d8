"""What the script says around its questions. Where there are several, the first that was not yet said is taken."""

from __future__ import annotations

from interviewos.domain.interview import Ceiling, Reason
from interviewos.offline.bank import Question
from interviewos.offline.kinds import Kind

INTRODUCTION = Question(
    "Would you introduce yourself in a minute or two?",
    "Who are you, and what do you do?",
)

INTRO_PROBES = (
    Question(
        "What do you do at the moment, and since when?",
        "What is your work or your study today?",
    ),
    Question(
        "Which job, course or project fills most of your week?",
        "What do you spend most of your time on?",
    ),
)

BEGINNINGS = (
    Question(
        "With which part would you like to begin?",
        "Where do you want to start?",
    ),
    Question(
        "What is the first thing that comes to mind, even if it seems small?",
        "What do you think of first?",
    ),
)

GREETING = (
    "Hello{name}. I am an offline practice script, not an AI model. We talk first about you and then about your past "
    "work; at the end you get feedback."
)

INTRO_PROBE_LEAD = "A few more words would help me."

INTRO_LEADS = (
    "You mentioned “{quote}”. I would like to add a question to that.",
    "“{quote}”: I take that with me into the next question.",
    "I noted “{quote}”. There is another thing I would like to know.",
    "So, “{quote}”. Let me add one question.",
    "I keep “{quote}” in mind for later.",
)

LEADS = (
    "I have noted “{quote}”. Let us open another story.",
    "So, “{quote}”. Now for a different kind of situation.",
    "Let us leave “{quote}” there. I would like to hear another side.",
    "With “{quote}” that story is clear to me. The next one is of another kind.",
    "“{quote}”, I see. Something different now.",
    "I will stop at “{quote}” and change the subject.",
    "You ended with “{quote}”. Let us turn the page.",
    "That leaves me with “{quote}”. Here comes another subject.",
)

PLAIN_LEADS = (
    "Let us go on.",
    "Here is another one.",
    "Let us try a different side.",
    "On to the next one.",
    "Another angle, then.",
    "Let me ask about something else.",
    "I have another subject for you.",
    "Let us turn to something new.",
)

FOREIGN_LEAD = "I can only ask in English, but do answer in the language that suits you."

AFTER: dict[Kind, tuple[str, ...]] = {
    Kind.UNKNOWN: (
        "That is fine, not everything comes to mind at once.",
        "No harm done, we leave that one.",
        "That happens in every interview.",
        "Fair enough, let me try from another side.",
        "Then that one was not for you.",
    ),
    Kind.SKIP: (
        "We skip that one.",
        "Gladly, on to the next.",
        "Left out.",
        "Then we go past it.",
    ),
    Kind.REFUSAL: (
        "You need not answer that.",
        "That is your choice, and it is fine.",
        "I respect that and ask something else.",
        "Nobody has to answer everything here.",
    ),
    Kind.NONSENSE: (
        "I could not make sense of that, so I try another question.",
        "That did not reach me as words.",
        "I cannot read that one either.",
        "Those signs tell me nothing yet.",
    ),
    Kind.PASTED: (
        "Those were my words; I am curious about yours.",
        "That came back as I had asked it.",
        "My own line again; let me ask something different.",
        "I read my own words there.",
    ),
    Kind.COMMAND: (
        "Orders do not change anything here; answers do.",
        "I only listen for answers, so let us return to your work.",
        "That is no answer I can use.",
        "The interview simply goes on.",
    ),
    Kind.THIN: (
        "That was short; let me ask something else.",
        "I will not press you on that.",
        "Perhaps this one gives you more to tell.",
        "Let us see whether another subject suits you better.",
    ),
    Kind.WAIT: (
        "Take the time you need.",
        "There is no hurry.",
    ),
    Kind.ENDING: (
        "You can end the interview on the page whenever you like.",
        "Ending is up to you, on the page, at any time.",
    ),
    Kind.ASKS_WHO: (
        "I am neither a person nor an AI model, but an offline script with prepared questions.",
        "As I said: a script with prepared questions, without any AI model behind it.",
    ),
    Kind.ASKS_LENGTH: (
        "About eight questions in all, as long as the clock allows.",
        "Not much longer; the clock of each part has the last word.",
    ),
    Kind.ASKS_RATING: (
        "Feedback comes at the end, when I have heard everything.",
        "I keep my view of your answers for the end.",
    ),
    Kind.ASKS_JOB: (
        "This is a practice interview without a real employer behind it, so I cannot know.",
        "I know nothing about the job; in a real interview that is worth asking.",
    ),
    Kind.ASKS_WHAT: (
        "Something you have really done, in your own words, is always right.",
        "Anything from your own work will do, large or small.",
    ),
    Kind.ASKS: (
        "As a practice script I have no good answer to that.",
        "I cannot tell you that; I only know my questions.",
    ),
}

BACK = "Back to my question, in other words:"

REPEATED = ("Of course.", "Gladly, once more.", "Here it is again.")
REPHRASED = ("In other words:", "Put more simply:", "Let me say it differently:")

BRIDGES: dict[Reason, str] = {
    Reason.LATE: "That came after the time for the introduction, and it counts all the same. Now to your experience.",
    Reason.LIMIT: "Let us leave the introduction there and turn to your experience.",
    Reason.SILENCE: "The time for the introduction is over, nothing came, and that is fine. Now to your experience.",
}
BRIDGE_WITH_QUOTE = "“{quote}” gives me a first picture. Let us turn to your experience."

CLOSINGS: dict[Reason, str] = {
    Reason.ANSWER: "That was my last question. Thank you for taking the time to answer.",
    Reason.FEEDBACK: "That was my last question. Thank you for taking the time to answer.",
    Reason.LATE: "That came after the time and counts all the same; with it we are at the end. Thank you.",
    Reason.LIMIT: "Those were all the questions I had. Thank you for your answers.",
    Reason.SILENCE: "The time is over, so we stop here. What you have told me counts.",
    Reason.FINISH: "You wished to end here, and so we do. Thank you for what you have told me.",
}
CEILINGS: dict[Ceiling, str] = {
    Ceiling.ATTEMPTS: "Your last answer found no reply, so we end here. Everything you said is kept and counts.",
    Ceiling.BYTES: "This is as much as one interview can hold, so we end here. All that you said is kept and counts.",
    Ceiling.DAY: "The budget of this service for today is used up, so we end here. Everything you said is kept.",
    Ceiling.FAILURES: "The AI interviewer could not be reached again and again, so we end here. Your words are kept.",
    Ceiling.TOKENS: "This is as long as one interview may get, so we end here. All that you said is kept and counts.",
}
CLOSING_WITHOUT_ANSWERS = "The interview ends here. I heard no answer, so there is nothing I could judge."
