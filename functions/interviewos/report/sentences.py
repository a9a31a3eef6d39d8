"""Where the sentences of an answer stand, and which words of one to show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from interviewos.domain.private import is_private
from interviewos.report.clauses import clause_start

FEWEST_WORDS, MOST_WORDS = 4, 15
"""Of words that are shown."""
WORDS_AFTER, ENOUGH_WORDS = 5, 6
"""What follows says what it is about; so many in all before words are cut off where a clause ends."""

_ENDS = r".!?…。！？؟।۔\n"
_SHORTENED = ("Mr", "Mrs", "Ms", "Dr", "St", "Prof", "vs", "approx", "bzw", "ca", "Sra", "Sr", "Mme")
_DOT = "|".join(
    [r"[.](?=\d)", r"(?<=\b[A-Za-z])[.](?=\s?[A-Za-z])", *(rf"(?<=\b{short})[.](?=\s?\S)" for short in _SHORTENED)]
)
_SENTENCE = re.compile(rf"[^{_ENDS}]+(?:(?:{_DOT})[^{_ENDS}]+)*")
_AROUND = ' ,;:-–—"“”„«»\t'
_TO_US = re.compile(
    r"<<|\byou\b|[?？؟¿]|\bvous\b|\busted\b"
    r"|^(?:tell me|sorry|pardon|let me (?:start|begin) again|(?:as|like) i (?:just )?said|wie gesagt)\b"
    r"|^(?:i (?:just|already) (?:said|told|answered)|i misspoke|das habe ich (?:doch )?(?:gerade|schon))\b"
    r"|^(?:well,? )?i (?:won['’]t|will not|(?:do not|don['’]t) want to|don['’]t|do not)"
    r" (?:answer|say|talk|understand|know|remember)\b"
    r"|^(?:i(?:['’]d| would) rather not|that(?: is|['’]s) not|none of your|no idea|i(?: am|['’]m) not sure)\b",
    re.IGNORECASE,
)
"""Words to the interviewer, or about what was said here, are about the interview and not about work."""
_HESITATION = re.compile(
    r"(?:(?:um+|uh+|er+m?|hm+|yeah|well)\b[\s,]*(?:(?:so|like|and|i mean)\b[\s,]*)*)+", re.IGNORECASE
)
_LOOSE = re.compile(
    r"(?:\s+(?:(?:when|if|that|because|as|until|while) (?:it|they|he|she|we|i)"
    r"|of|to|the|an?|and|or|but|so|for|from|in|on|at|by|with|than|that|who|which|as|if|is|was|were|are|be|her"
    r"|his|their|my|our|its|it['’]s|could|would|will|had|has|have|what|when|where|why|how|because|then|between|und|oder"
    r"|aber|der|die|das|den|dem|ein|eine|mit|von|zu|im|auf|y|e|o|de|la|el|los|las|un|una|con|que|en|et|le|les|des|du"
    r"|uh|um|like))+$",
    re.IGNORECASE,
)
"""Words that nothing ends with."""

_COMMON = re.compile(
    r"\b(?:the|and|to|of|in|was|were|it|we|my|me|he|she|they|for|on|with|that|at|had|have|but|not|is|are|from|so|then"
    r"|der|die|das|und|ich|ist|war|mit|von|zu|wir|eine?|nicht|den|dem|auf|haben?|le|la|les|et|est|une|des|du|je|pour|dans"
    r"|qui|que|avec|pas|nous|el|los|las|en|un|una|por|con|para|se|yo|del|il|che|di|per|non|sono|ho|com|uma|não|os|em|foi"
    r"|het|een|van|ik|dat|op|się|nie|jest|na|do|jsem|že|och|att|det|jag|som|jeg|ikke|til|ja|oli|että|és|egy|hogy|nem|az"
    r"|și|cu|am|ve|bir|bu|için|ben|ile|yang|dan|saya|ini|và|là|của|tôi|có|ang|ng|sa|ako|ya|kwa|ni|wa|je|sam|su|da)\b",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[a-z]{2,}", re.IGNORECASE)
WORDS_TO_TELL = 8
"""Latin words without a single common one among them are no language."""

Place = tuple[int, int]


def is_gibberish(text: str) -> bool:
    """Are these letters that make no words of any language that is written in them?"""
    return len(_LATIN.findall(text)) >= WORDS_TO_TELL and not _COMMON.search(text)


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
    """Cut a sentence to so many words around what it shows: from its beginning where that fits, else from a clause."""
    words = [(word.start(), word.end()) for word in re.compile(r"\S+").finditer(text, *_begun(text, sentence, begin))]
    last = next((at for at, word in enumerate(words) if word[1] >= end), len(words) - 1)
    first = next((at for at, word in enumerate(words) if word[1] > begin), last)
    start = 0 if min(last + WORDS_AFTER, len(words) - 1) < MOST_WORDS else _start_of(text, words, first, last)
    stop = min(len(words), max(start + MOST_WORDS, last + 1))
    begins, ends = words[start][0], words[stop - 1][1]
    if stop < len(words):
        enough = words[max(last, min(start + ENOUGH_WORDS, stop) - 1)][1]
        ends = max(words[last][1], _well_ended(text, enough, ends))
    return begins, begins + len(text[begins:ends].rstrip(_AROUND))


def _begun(text: str, sentence: Place, begin: int) -> Place:
    """Leave out how a sentence hesitates before it begins."""
    hesitates = _HESITATION.match(text, *sentence)
    return (hesitates.end(), sentence[1]) if hesitates and hesitates.end() <= begin else sentence


def _start_of(text: str, words: Sequence[Place], first: int, last: int) -> int:
    """Find the word with which the clause begins that these words are in, where it is not too far."""
    begin = words[0][0] + clause_start(text[words[0][0] : words[first][0]], words[first][0] - words[0][0])
    clause = next(at for at, word in enumerate(words) if word[0] >= begin or at == first)
    return max(clause, min(first, last + 1 - MOST_WORDS))


def _well_ended(text: str, earliest: int, latest: int) -> int:
    """Find where words may end that go on: before the last clause that begins there, or where nothing hangs over."""
    border = clause_start(text[earliest:latest], latest - earliest)
    said = text[earliest : earliest + border if border else latest].rstrip(_AROUND)
    return earliest + len(_LOOSE.sub("", said))
