"""Which claims about a candidate's words stand: the words are theirs, and the sign is true as far as code can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from interviewos.domain.interview import Message
from interviewos.domain.private import is_private
from interviewos.domain.report import Finding, Shown, Span
from interviewos.domain.words import count_words
from interviewos.report.catalogue import Catalogue, Sign
from interviewos.report.checks import CHECKS, PROOFS, Quoted, is_turned_around
from interviewos.report.spans import find_span
from interviewos.report.stories import Story

MOST_WORDS = 40
"""Of a quotation; twice as many as a model is asked for. More shows nothing, and is long to hear."""


class Withheld(StrEnum):
    """Why a claim is not made."""

    UNKNOWN_SIGN = "unknown_sign"
    OTHER_COMPETENCY = "other_competency"
    NO_SUCH_WORDS = "no_such_words"
    TOO_MANY_WORDS = "too_many_words"
    INTERVIEWERS_WORDS = "interviewers_words"
    PRIVATE = "private"
    CHECK_FAILED = "check_failed"
    NOT_ASKED = "not_asked"
    CONTRADICTED = "contradicted"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody claims: a sign of the catalogue, and the words that show it."""

    sign: str
    quote: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The claims that stand, and why others do not."""

    findings: tuple[Finding, ...]
    withheld: tuple[Withheld, ...]


def check_findings(
    signs: Catalogue,
    story: Story,
    proposals: Sequence[Proposal],
    by: Shown,
    found: Sequence[Finding] = (),
) -> Checked:
    """Check claims about one story, beside those that stand already; what is there is looked at before what lacks."""
    findings, withheld = list(found), list[Withheld]()
    for proposal in sorted(proposals, key=lambda each: _lacks(signs, each)):
        checked = check_finding(signs, story, proposal, by, findings)
        if isinstance(checked, Finding):
            findings.append(checked)
        else:
            withheld.append(checked)
    return Checked(tuple(findings[len(found) :]), tuple(withheld))


def _lacks(signs: Catalogue, proposal: Proposal) -> bool:
    sign = signs.signs.get(proposal.sign)
    return sign is not None and not sign.shows


def check_finding(
    signs: Catalogue,
    story: Story,
    proposal: Proposal,
    by: Shown,
    found: Sequence[Finding] = (),
) -> Finding | Withheld:
    """Check one claim about a story: whose words, which sign, whether it was asked for, and what else stands there.

    A finding is `by` whom it was claimed, and by rule where a rule alone proves it.
    """
    sign = signs.signs.get(proposal.sign)
    if sign is None or (sign.alone and not sign.competency):  # what is counted needs nobody's word
        return Withheld.UNKNOWN_SIGN
    place = _place(story, proposal.quote)
    if place is None:
        return Withheld.NO_SUCH_WORDS
    if sign.competency and sign.competency not in story.competencies:
        return Withheld.OTHER_COMPETENCY
    if count_words(proposal.quote) > MOST_WORDS:
        return Withheld.TOO_MANY_WORDS
    answer, span = place
    quoted = Quoted(answer.text, span.start, span.end)
    if story.repeats(answer, quoted.words):
        return Withheld.INTERVIEWERS_WORDS
    if is_private(quoted.sentence):
        return Withheld.PRIVATE
    if not _stands(sign, story, quoted):
        return Withheld.CHECK_FAILED
    proven = sign.check and PROOFS[sign.check](quoted, story)
    return _beside(sign, story, Finding(sign.id, span, Shown.RULE if proven else by, wording_of(sign, span)), found)


def _stands(sign: Sign, story: Story, quoted: Quoted) -> bool:
    """Does the sign's own rule hold, and do the words that show it mean the same where they stand?"""
    if sign.shows and is_turned_around(quoted):
        return False
    return not sign.check or CHECKS[sign.check](quoted, story)


def _beside(sign: Sign, story: Story, finding: Finding, found: Sequence[Finding]) -> Finding | Withheld:
    """Check a claim against what was asked, and against those that stand."""
    if not sign.shows and not was_asked(sign, story):
        return Withheld.NOT_ASKED
    if any(other.sign in sign.unless for other in found):
        return Withheld.CONTRADICTED
    if any(other.sign == sign.id and other.span.overlaps(finding.span) for other in found):
        return Withheld.TWICE
    return finding


def was_asked(sign: Sign, story: Story) -> bool:
    """Was what a sign misses asked for, and did they say more? By its part, else by a question that asks for it."""
    if sign.part:
        return sign.part in story.parts_answered
    return story.named or not sign.competency


def wording_of(sign: Sign, span: Span) -> int:
    """Choose a sentence of a sign: always the same for the same words."""
    return (span.seq + span.start + span.end) % len(sign.wordings)


def _place(story: Story, quote: str) -> tuple[Message, Span] | None:
    places = ((answer, find_span(quote, answer.text)) for answer in story.answers)
    return next(((answer, Span(answer.seq, *place)) for answer, place in places if place), None)
