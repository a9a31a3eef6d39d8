"""The three points of the feedback: our sentences around the candidate's own words.

A model may choose what is said; what it says itself is never printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from interviewos.domain.interview import Message
from interviewos.domain.report import Finding, Point, Shown, Span
from interviewos.domain.words import count_words
from interviewos.report.catalogue import Catalogue, Sign
from interviewos.report.figures import figure
from interviewos.report.findings import Proposal, Withheld, check_finding
from interviewos.report.observe import LONG, first_words, showing
from interviewos.report.sentences import may_be_shown
from interviewos.report.stories import SHORT, Story

STRENGTH, GAP, NEXT_STEP = "Strength", "Gap", "Next step"
"""The labels of the points, the same in every language."""
ENOUGH = 12
"""Words of an answer that can be told again."""
_BEST_FIRST = ("result_measured", "own_action")
_SLIP = re.compile(
    r"\b(?:too (?:early|late|fast|soon|much|little)|forgot|wrong|by (?:mistake|accident)|zu (?:früh|spät)|vergessen"
    r"|falsch\w*|por error|olvidé|mal|trop (?:tôt|tard)|par erreur|oublié)\b",
    re.IGNORECASE,
)
FEW, TIMES = 25, 2
"""A story with fewer words, while another has so many times more, is short."""

NOTHING = {
    STRENGTH: "There was too little to name one, and a guess would not help you.",
    GAP: "No question was answered, so nothing can be said about any.",
    NEXT_STEP: "Start once more and answer the first question in four sentences: who you are, what you do, since when, "
    "and what you are looking for.",
}
AT_LENGTH = "You took your time for “{quote}”; of all your answers this one has the most words"
A_FIGURE = "You gave a figure, which is easier to picture than a word like often: “{quote}”"
NONE_COUNTED = (
    "Counting finds none. What a story lacks a person hears: have one listen to “{quote}”.",
    "None that can be counted. Tell “{quote}” to somebody, and ask what they would still like to know.",
    "By counting there is none. Read “{quote}” aloud, and ask yourself what a stranger would not understand.",
)
NOTHING_TO_QUOTE = "Nothing in your answers can be quoted here, so counting finds none."
SKIPPED = "You left open: “{quote}” Two sentences from your work would be a start."
ALL_SHORT = "{short} of your {count} answers had fewer than eight words{such_as}; they tell an interviewer little."
SUCH_AS = ", such as “{quote}”"
TOO_LONG = "The answer with “{quote}” had {words} words. About 250 are two minutes; more is hard to follow."
SHORTEST = "“{quote}” is from the shortest of your stories: {words} words, and {most} in the longest."
TELL_AGAIN = "Tell “{quote}” again in two minutes: the situation, what you did, how it ended, and {figures}."
ONE_FIGURE, YOUR_FIGURES = "one figure", "the figures that you gave"
TELL_MORE = "Tell “{quote}” again in four sentences: where it was, what you did, why, and how it ended."
WITH_MORE = (
    "Take the question “{quote}” and answer it in four sentences: where it was, what you did, why, how it ended."
)
ONE_READING = " (as one reading by a model has it)"


@dataclass(frozen=True, slots=True)
class Told:
    """The stories of an interview, and what was found in each."""

    stories: tuple[Story, ...]
    findings: Mapping[str, tuple[Finding, ...]]

    def of_work(self) -> tuple[Story, ...]:
        """Give the stories with those of what they did first, and of who they are after them."""
        return tuple(sorted(self.stories, key=lambda story: not story.competencies))

    def told(self) -> list[tuple[Story, Message]]:
        return [(story, answer) for story in self.of_work() for answer in story.answers]

    def answers(self) -> list[Message]:
        return [answer for _, answer in self.told()]

    def words(self, span: Span) -> str:
        """Give the words of a place, on one line: each point is one."""
        words = next((a.text[span.start : span.end] for a in self.answers() if a.seq == span.seq), "")
        return " ".join(words.split())

    def story_of(self, span: Span | None) -> Story | None:
        return next((s for s in self.stories if span and any(a.seq == span.seq for a in s.answers)), None)

    def question_of(self, span: Span) -> str:
        story = self.story_of(span)
        return story.question if story else ""

    def found(self) -> Iterator[tuple[Story, Finding]]:
        return ((story, finding) for story in self.of_work() for finding in self.findings.get(story.question, ()))


def feedback_text(points: Sequence[Point]) -> str:
    """Write the points as the last message of an interview: a line each."""
    return "\n".join(f"- {point.kind}: {point.text}" for point in points)


def points_by_rule(signs: Catalogue, told: Told) -> tuple[Point, Point, Point]:
    """Make the three points out of what counting alone shows."""
    best, worst = strength(signs, told), gap(told)
    return best, worst, next_step(signs, told, best, worst)


def points_by_choice(
    signs: Catalogue, told: Told, strength_at: Proposal | None, gap_at: Proposal | None
) -> tuple[Told, tuple[Point, Point, Point], list[Withheld]]:
    """Make the three points out of what a model has chosen, as far as that stands, and of what counting shows.

    What a reading alone claims is said to be that, and never that something is missing. The choices that stand are
    among the findings afterwards.
    """
    told, praised, unfit = _checked(signs, told, strength_at, may_be_a_strength)
    told, missed, unfit_too = _checked(signs, told, gap_at, may_be_a_gap)
    best = _chosen(point_of(signs, told, STRENGTH, praised)) if praised else strength(signs, told)
    worst = _chosen(point_of(signs, told, GAP, missed)) if missed else gap(told)
    return told, (best, worst, next_step(signs, told, best, worst)), [*unfit, *unfit_too]


def _chosen(point: Point) -> Point:
    return replace(point, chosen=True)


def may_be_a_strength(sign: Sign) -> bool:
    """May one reading say that this is there?"""
    return sign.shows


def may_be_a_gap(sign: Sign) -> bool:
    """May one reading say that this is missing? Only where a rule can look after it."""
    return not sign.shows and bool(sign.check)


def _checked(
    signs: Catalogue, told: Told, proposal: Proposal | None, fits: Callable[[Sign], bool]
) -> tuple[Told, Finding | None, list[Withheld]]:
    """Find the story that a claim is about, and put it there if it stands; the claim names none, its words do."""
    sign = signs.signs.get(proposal.sign) if proposal else None
    if proposal is None:
        return told, None, []
    if sign is None or not fits(sign):
        return told, None, [Withheld.UNKNOWN_SIGN]
    reasons = list[Withheld]()
    for story in told.of_work():
        there = told.findings.get(story.question, ())
        checked = check_finding(signs, story, proposal, Shown.ONE_READING, there)
        if isinstance(checked, Finding):
            return replace(told, findings={**told.findings, story.question: (*there, checked)}), checked, []
        if checked is Withheld.TWICE:  # counting has found it too
            return told, next(each for each in there if each.sign == sign.id), []
        reasons.append(checked)
    reasons.sort(key=lambda reason: reason is Withheld.NO_SUCH_WORDS)
    return told, None, reasons[:1]


def point_of(signs: Catalogue, told: Told, kind: str, finding: Finding) -> Point:
    """Say one finding as a point: our sentence, their words, and where it comes from."""
    sign = signs.signs[finding.sign]
    sentence = sign.wordings[finding.wording % len(sign.wordings)].rstrip(".")
    source = ONE_READING if finding.by is Shown.ONE_READING else ""
    text = f"{sentence}{source}: “{told.words(finding.span)}”."
    return Point(kind, text, sign.id, told.question_of(finding.span), finding.span, finding.by)


def strength(signs: Catalogue, told: Told) -> Point:
    """Name the best of what was found, else a figure, else the longest answer."""
    for best in _BEST_FIRST:
        found = [(story, finding) for story, finding in told.found() if finding.sign == best]
        if found:  # no slip if there is another deed, and where most was told
            _, finding = max(found, key=lambda each: (not _SLIP.search(told.words(each[1].span)), each[0].words))
            return point_of(signs, told, STRENGTH, finding)
    enough = [(story, answer) for story, answer in told.told() if count_words(answer.text) >= ENOUGH]
    figures = (span for each in enough for span in showing(*each, lambda sentence, _: figure(sentence)))
    if span := next(figures, None):
        return _quoting(told, STRENGTH, f"{A_FIGURE}.", span)
    enough.sort(key=lambda each: -count_words(each[1].text))
    if span := next(filter(None, (first_words(*each) for each in enough)), None):
        return _quoting(told, STRENGTH, f"{AT_LENGTH}.", span)
    return Point(STRENGTH, NOTHING[STRENGTH])


def gap(told: Told) -> Point:
    """Name what counting can: a question left open, very short answers, a very long one, the shortest story."""
    answers = told.answers()
    if not answers:
        return Point(GAP, NOTHING[GAP])
    if skipped := next((story for story in told.of_work() if story.skipped and not story.answers), None):
        return Point(GAP, SKIPPED.format(quote=skipped.asked), "left_open", skipped.question)
    short = [answer for answer in answers if count_words(answer.text) < SHORT]
    if len(short) * 2 >= len(answers):
        return _all_short(told, short, len(answers))
    story, longest = max(told.told(), key=lambda each: count_words(each[1].text))
    span, words = first_words(story, longest), count_words(longest.text)
    if words > LONG and span:
        return _quoting(told, GAP, TOO_LONG.format(words=words, quote="{quote}"), span, "too_long")
    return _shortest(told) or _none_counted(told)


def _shortest(told: Told) -> Point | None:
    """Name a story of few words beside one of many."""
    stories = sorted((story for story, _ in _begun(told) if story.competencies), key=lambda story: story.words)
    if len(stories) < 2 or stories[0].words >= FEW or stories[0].words * TIMES > stories[-1].words:
        return None
    said = SHORTEST.format(words=stories[0].words, most=stories[-1].words, quote="{quote}")
    span = _beginning(stories[0])
    return _quoting(told, GAP, said, span) if span else None


def _all_short(told: Told, short: list[Message], count: int) -> Point:
    shown = next((answer for answer in short if may_be_shown(answer.text, (0, len(answer.text)))), None)
    said = ALL_SHORT.format(short=len(short), count=count, such_as=SUCH_AS if shown else "")
    return _quoting(told, GAP, said, _whole(shown), "too_short") if shown else Point(GAP, said, "too_short")


def _none_counted(told: Told) -> Point:
    """Send them to a person with the story of which counting shows least."""
    begun = _begun(told)
    if not begun:
        return Point(GAP, NOTHING_TO_QUOTE)
    _, span = min(begun, key=lambda each: _thinness(told, each[0]))
    return _quoting(told, GAP, NONE_COUNTED[span.seq % len(NONE_COUNTED)], span)


def _begun(told: Told) -> list[tuple[Story, Span]]:
    """Give the stories that have words to know them by, and these."""
    return [(story, span) for story in told.of_work() if (span := _beginning(story))]


def _thinness(told: Told, story: Story) -> tuple[bool, bool, int]:
    return not story.competencies, story.words < ENOUGH, len(told.findings.get(story.question, ()))


def next_step(signs: Catalogue, told: Told, best: Point, worst: Point) -> Point:
    """Give the gap's own exercise with the words where it was found, else a story to tell again.

    Words that are too few are nothing to take up: another story is, or the question that they answer.
    """
    sign, is_short = signs.signs.get(worst.sign), worst.sign == "too_short"
    if sign and sign.exercise and worst.span and not is_short:
        return _quoting(told, NEXT_STEP, f"Take “{{quote}}”. {sign.exercise}", worst.span, sign.id)
    thin = next((story for story in told.stories if worst.question and story.question == worst.question), None)
    if thin and worst.span and SHORT <= thin.words < FEW:
        return _quoting(told, NEXT_STEP, TELL_MORE, worst.span)
    left_open = thin is not None and not thin.answers
    if not left_open and (span := _to_tell_again(told, best)):
        figures = YOUR_FIGURES if _has(told, told.story_of(span), "result_measured") else ONE_FIGURE
        return _quoting(told, NEXT_STEP, TELL_AGAIN.format(quote="{quote}", figures=figures), span)
    asked = next((story for story in (thin, *told.of_work()) if story and story.asked), None)
    if asked is None or not told.answers():
        return Point(NEXT_STEP, NOTHING[NEXT_STEP])
    return Point(NEXT_STEP, WITH_MORE.format(quote=asked.asked), question=asked.question)


def _to_tell_again(told: Told, best: Point) -> Span | None:
    """Choose the words of a story in which they acted: one that has no figures yet, and is not the best anyway."""
    acted = [
        ((_has(told, story, "result_measured"), told.words(finding.span) in best.text, -story.words), finding.span)
        for story, finding in told.found()
        if finding.sign == "own_action"
    ]
    if acted:
        return min(acted, key=lambda each: each[0])[1]
    of_work = [each for each in told.told() if each[0].competencies] or told.told()  # who they are has no end to tell
    enough = [each for each in reversed(of_work) if count_words(each[1].text) >= ENOUGH]
    return next(filter(None, (first_words(*each) for each in enough)), None)


def _has(told: Told, story: Story | None, sign: str) -> bool:
    return story is not None and any(each.sign == sign for each in told.findings.get(story.question, ()))


def _quoting(told: Told, kind: str, sentence: str, span: Span, sign: str = "") -> Point:
    return Point(kind, sentence.format(quote=told.words(span)), sign, told.question_of(span), span)


def _beginning(story: Story) -> Span | None:
    return next(filter(None, (first_words(story, answer) for answer in story.answers)), None)


def _whole(answer: Message) -> Span:
    begin = len(answer.text) - len(answer.text.lstrip())
    return Span(answer.seq, begin, len(answer.text.rstrip(" \t\n.。")))
