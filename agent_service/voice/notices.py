"""Sentences of the worker itself: spoken, and no part of the interview or its transcript."""

STILL_THERE = "Are you still there? Take your time. When you are ready, just go on speaking."
NOT_UNDERSTOOD = "I heard you, but I could not make out any words. Could you say that again, please?"
LET_ME_THINK = "Let me think about that for a moment."
ONE_MOMENT = (
    "One moment, please. I cannot reach the interview just now. What you said is safe with me, and I keep trying."
)
STILL_TRYING = "I am still trying. If you would rather not wait, you can go on in writing at any time."
CANNOT_HEAR = "I am sorry, I cannot understand you at the moment. Please go on in writing. Your interview is kept."
GONE = "This interview cannot be continued by voice. Please have a look at the page."
