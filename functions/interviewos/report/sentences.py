"""Where the sentences of an answer stand, and which words of one to show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interviewos.domain.private import is_private

FEWEST_WORDS, MOST_WORDS = 4, 15
"""Of words that are shown."""
WORDS_AFTER = 5
"""What follows says what it is about."""

_SENTENCE = re.compile(r"[^.!?…。！？\n]+(?:[.](?=\d)[^.!?…。！？\n]+)*")
_AROUND = ' ,;:-–—"“”„«»\t'
_TO_US = re.compile(r"\byou\b|\?", re.IGNORECASE)
"""Words to the interviewer are about the interview, and not about work."""

Place = tuple[int, int]


def sentences(text: str) -> Iterator[Place]:
    """Give the places of the sentences of a text, without what stands around them."""
    for found in _SENTENCE.finditer(text):
        said = found[0]
        begin = found.start() + len(said) - len(said.lstrip(_AROUND))
        end = found.start() + len(said.rstrip(_AROUND))
        if begin < end:
            yield begin, end


def may_be_shown(text: str, place: Place) -> bool:
    """May a sentence be shown to its speaker again? None about their own private life, and none to the interviewer."""
    begin, end = place
    return not is_private(text[begin:end]) and not _TO_US.search(text[begin : end + 1])


def sentences_around(text: str, start: int, end: int) -> Place:
    """Widen a place to the whole sentences that it is in."""
    within = [place for place in sentences(text) if place[0] < end and start < place[1]]
    return (min(start, within[0][0]), max(end, within[-1][1])) if within else (start, end)


def cut(text: str, sentence: Place, begin: int, end: int) -> Place:
    """Cut a sentence to so many words around what it shows, from its beginning where that fits."""
    words = [(word.start(), word.end()) for word in re.compile(r"\S+").finditer(text, *sentence)]
    last = next((at for at, word in enumerate(words) if word[1] >= end), len(words) - 1)
    first = next((at for at, word in enumerate(words) if word[1] > begin), last)
    start = 0 if last + WORDS_AFTER < MOST_WORDS else min(first, max(0, len(words) - MOST_WORDS))
    stop = min(len(words), max(start + MOST_WORDS, last + 1)) - 1
    begins, ends = words[start][0], words[stop][1]
    return begins, begins + len(text[begins:ends].rstrip(_AROUND))
