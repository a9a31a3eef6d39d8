"""What counting alone shows of a story: what is there is named, and nothing is said to be missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from interviewos.domain.interview import Message
from interviewos.domain.report import Finding, Span
from interviewos.domain.words import count_words
from interviewos.report.catalogue import Catalogue
from interviewos.report.deeds import acts
from interviewos.report.figures import changed
from interviewos.report.findings import wording_of
from interviewos.report.sentences import FEWEST_WORDS, Place, cut, is_gibberish, may_be_shown, sentences
from interviewos.report.stories import Story

LONG = 320
"""Words of more than two minutes' talk."""

Shows = Callable[[str, str], re.Match[str] | None]
"""Finds what a sentence of an answer shows."""
_BY_SENTENCE: tuple[tuple[str, Shows], ...] = (
    ("result_measured", lambda sentence, answer: changed(sentence)),
    ("own_action", acts),
)


def observe(signs: Catalogue, story: Story) -> tuple[Finding, ...]:
    """Find what a rule can see in a story, each sign once, at the first words that show it."""
    places = [*_shown(story), *_length(story)]
    return tuple(Finding(sign, span, wording=wording_of(signs.signs[sign], span)) for sign, span in places)


def _shown(story: Story) -> Iterator[tuple[str, Span]]:
    if not story.competencies:
        return
    for sign, shows in _BY_SENTENCE:
        spans = (span for answer in story.answers for span in showing(story, answer, shows))
        if span := next(spans, None):
            yield sign, span


def showing(story: Story, answer: Message, shows: Shows) -> Iterator[Span]:
    """Find the sentences of an answer that show something, cut to the words around it, but for the interviewer's."""
    for place in telling(answer):
        if found := shows(answer.text[slice(*place)], answer.text):
            start, end = cut(answer.text, place, place[0] + found.start(), place[0] + found.end())
            if not story.repeats(answer, answer.text[start:end]):
                yield Span(answer.seq, start, end)


def telling(answer: Message) -> Iterator[Place]:
    """Give the sentences of an answer that say something and may be shown."""
    if is_gibberish(answer.text):
        return
    for place in sentences(answer.text):
        if count_words(answer.text[slice(*place)]) >= FEWEST_WORDS and may_be_shown(answer.text, place):
            yield place


def first_words(story: Story, answer: Message) -> Span | None:
    """Give the first words of their own that an answer can be known by."""
    return next(showing(story, answer, lambda sentence, _: re.search(r"\S", sentence)), None)


def _length(story: Story) -> Iterator[tuple[str, Span]]:
    """Find the answer that is too long to follow, or the few words that are all of a story."""
    long = next((answer for answer in story.answers if count_words(answer.text) > LONG), None)
    if long and (span := first_words(story, long)):
        yield "too_long", span
    elif story.answers and story.is_short:
        said = story.answers[0]
        place = next((place for place in sentences(said.text) if may_be_shown(said.text, place)), None)
        if place and not story.repeats(said, said.text[slice(*place)]):
            yield "too_short", Span(said.seq, *place)
