"""What callers see of a report: our sentences, the candidate's words cut from the transcript, and what they rest on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from interviewos.domain.interview import Interview, Message
from interviewos.domain.plan import Plan
from interviewos.domain.report import CompetencyResult, Contrast, Finding, Point, Report, Retold, Span, StoryReport
from interviewos.report.catalogue import Catalogue, catalogue
from interviewos.report.delivery import delivery_of
from interviewos.report.sentences import sentences_around
from interviewos.usecases.ports import VersionedInterview
from interviewos.web.views import stamp


def report_view(seen: VersionedInterview, plan: Plan, report: Report) -> dict[str, Any]:
    """Show a report. Quotations are not stored: they are cut from the messages, each with the sentence around it.

    What only another release can say is left out.
    """
    interview, signs = seen.interview, catalogue(report.language)
    shown = _Shown(interview, plan, report, signs)
    return {
        "session_id": interview.session_id,
        "candidate_name": interview.candidate_name,
        "role": interview.role,
        "plan": {"id": plan.id, "title": plan.title, "level": plan.level, "language": plan.language},
        "version": report.version,
        "made_at": stamp(report.made_at),
        "ended_at": stamp(interview.ended_at),
        "grading": report.grading,
        "points": [shown.point(point) for point in report.points],
        "stories": [shown.story(story) for story in report.stories],
        "contrasts": [shown.contrast(contrast) for contrast in report.contrasts],
        "competencies": [shown.competency(each) for each in report.competencies if each.id in signs.competencies],
        "delivery": asdict(delivery) if (delivery := delivery_of(interview.messages)) else None,
        "made_by": {
            "models": list(report.readings.models),
            "prompt": report.readings.prompt,
            "readings": {"asked": report.readings.asked, "used": report.readings.used},
            "withheld": dict(report.withheld),
        },
        "server_time": stamp(seen.at),
    }


class _Shown:
    """The parts of one report as callers see them."""

    def __init__(self, interview: Interview, plan: Plan, report: Report, signs: Catalogue) -> None:
        self._messages = {message.seq: message for message in interview.messages}
        self._plan, self._report, self._signs = plan, report, signs

    def point(self, point: Point) -> dict[str, Any]:
        return {
            "kind": point.kind,
            "text": point.text,
            "sign": point.sign,
            "question": point.question,
            "by": point.by,
            "confirmed": point.confirmed,
        } | self._place(point.span)

    def story(self, story: StoryReport) -> dict[str, Any]:
        return {
            "question": story.question,
            "text": self._question_text(story.question),
            "stage": self._stage(story),
            "seqs": list(story.seqs),
            "parts_asked": list(story.parts_asked),
            "findings": [self._finding(finding) for finding in story.findings if finding.sign in self._signs.signs],
            "retell": [self._retold(retold) for retold in story.retell],
            "not_assessed": story.not_assessed,
        }

    def contrast(self, contrast: Contrast) -> dict[str, Any]:
        """Quote what the one story has: the words whose sign would contradict what the other lacks."""
        wanted = {told for sign in self._signs.signs.values() if sign.part == contrast.part for told in sign.unless}
        findings = (f for story in self._report.stories if story.question == contrast.has for f in story.findings)
        span = next((finding.span for finding in findings if finding.sign in wanted), None)
        return {"part": contrast.part, "has": contrast.has, "lacks": contrast.lacks} | self._place(span)

    def competency(self, result: CompetencyResult) -> dict[str, Any]:
        named = self._signs.competencies[result.id]
        above = result.level is not None and result.level < len(named.anchors)
        return {
            "id": result.id,
            "label": named.label,
            "level": result.level,
            "anchor": named.anchors[result.level - 1] if result.level else None,
            "next": named.anchors[result.level] if result.level and above else None,
            "story": result.story or None,
            "not_assessed": result.not_assessed,
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        sign = self._signs.signs[finding.sign]
        about = (finding.sign, finding.span.seq, finding.span.start)
        objection = next((o for o in self._report.objections if (o.sign, o.seq, o.start) == about), None)
        return {
            "sign": sign.id,
            "competency": sign.competency or None,
            "shows": sign.shows,
            "by": finding.by,
            "text": sign.wordings[finding.wording % len(sign.wordings)],
            "exercise": sign.exercise or None,
            "wrong": objection is not None,
            "words": objection.words if objection else "",
        } | self._place(finding.span)

    def _retold(self, retold: Retold) -> dict[str, Any]:
        return {"part": retold.part} | self._place(retold.span)

    def _place(self, span: Span | None) -> dict[str, Any]:
        """Cut words from their message, with the sentences around them: "not" may stand just before."""
        message = self._messages.get(span.seq) if span else None
        if span is None or message is None:
            return {"seq": None, "start": None, "end": None, "quote": "", "sentence": ""}
        begin, end = sentences_around(message.text, span.start, span.end)
        return {
            "seq": span.seq,
            "start": span.start,
            "end": span.end,
            "quote": message.text[span.start : span.end],
            "sentence": message.text[begin:end],
        }

    def _question_text(self, question: str) -> str:
        asked = [line for line in self._messages.values() if line.meta.question == question and not line.meta.repeats]
        planned = self._plan.question(question)
        return planned.text if planned else (asked[0].text if asked else "")

    def _stage(self, story: StoryReport) -> str:
        told: list[Message] = [self._messages[seq] for seq in story.seqs if seq in self._messages]
        planned = self._plan.question(story.question)
        return planned.stage if planned else (told[0].stage if told else story.question)
