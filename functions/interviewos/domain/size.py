"""How large an interview is, in the store and for a model: what its ceilings are held against."""

from __future__ import annotations

from interviewos.domain.interview import Heard, Interview

MAX_DOCUMENT_BYTES = 600_000
"""A document of Firestore holds 1 MiB; one answer more and the end of the interview must fit behind this."""
MESSAGE_BYTES = 400
"""Of a message in the store besides its words and ids: numbers, times and the names of its fields."""
PROMPT_BYTES = 9_000
"""Of a request to the model besides the conversation."""
BYTES_PER_TOKEN = 3
"""Less than the four of English, about that of Chinese: an estimate that is rather too high."""


def document_bytes(interview: Interview) -> int:
    """Bytes of all that is stored for an interview, about and rather too many."""
    said = [(m.text, m.meta.event_ids, m.meta.heard) for m in interview.messages]
    waits = [(w.text, (w.event_id,), w.heard) for w in interview.pending]
    pasted = len(interview.job.encode()) + len(interview.background.encode())
    return pasted + sum(_message_bytes(*each) for each in said + waits)


def _message_bytes(text: str, event_ids: tuple[str, ...], heard: Heard | None) -> int:
    words = text + heard.text if heard else text
    return MESSAGE_BYTES + len(words.encode()) + sum(map(len, event_ids))


def estimated_tokens(interview: Interview) -> int:
    """What one question about all of an interview will use, about."""
    return (PROMPT_BYTES + document_bytes(interview)) // BYTES_PER_TOKEN
