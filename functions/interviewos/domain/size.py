"""How large an interview is, in the store and for a model: what its ceilings are held against."""

from __future__ import annotations

from interviewos.domain.interview import Interview

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
    said, waits = interview.messages, interview.pending
    heard = [h.text for h in (*(m.meta.heard for m in said), *(w.heard for w in waits)) if h]
    ids = [i for m in said for i in m.meta.event_ids]
    texts = (*(m.text for m in said), *(w.text for w in waits), *heard, *ids, *(w.event_id for w in waits))
    words = "".join((interview.job, interview.background, *texts))
    return MESSAGE_BYTES * (len(said) + len(waits)) + len(words.encode())


def estimated_tokens(interview: Interview) -> int:
    """What one question about all of an interview will use, about."""
    return (PROMPT_BYTES + document_bytes(interview)) // BYTES_PER_TOKEN
