"""What callers see: the public JSON of an interview, its messages and its turns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from interviewos.domain.choice import Choice, choose, forecast
from interviewos.domain.interview import Interview, Message, PendingUtterance
from interviewos.domain.plan import DONE, Plan
from interviewos.usecases.plans import Plans
from interviewos.usecases.ports import RoomAccess, VersionedInterview
from interviewos.usecases.turns import Ack, Answered, Delta, Step


def stamp(moment: datetime | None) -> str | None:
    """Write a time as RFC 3339 in UTC, to the millisecond."""
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_until(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max(0.0, round((moment - now).total_seconds(), 1))


def created_view(interview: Interview, token: str, page: str, plan: Plan, accepts: Sequence[str]) -> dict[str, Any]:
    return {
        "session_id": interview.session_id,
        "room_name": interview.room_name,
        "candidate_name": interview.candidate_name,
        "role": interview.role,
        "status": interview.status,
        "stage": interview.stage,
        "session_token": token,
        "join_url": f"{page}/#session={interview.session_id}&token={token}",
        "expires_at": stamp(interview.expire_at),
        "plan": plan_view(plan, interview),
        "accepts": list(accepts),
    }


def message_view(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "role": message.role,
        "stage": message.stage,
        "text": message.text,
        "created_at": stamp(message.created_at),
        "source": message.source,
        "event_ids": list(message.meta.event_ids),
        "question": message.meta.question,
        "part": message.meta.part,
        "wish": message.meta.wish,
        "speech": asdict(message.meta.speech) if message.meta.speech else None,
    }


def messages_view(seen: VersionedInterview, after: int, plan: Plan, accepts: Sequence[str]) -> dict[str, Any]:
    interview, now = seen.interview, seen.at
    return {
        "session_id": interview.session_id,
        "candidate_name": interview.candidate_name,
        "role": interview.role,
        "room_name": interview.room_name,
        "status": interview.status,
        "stage": interview.stage,
        "epoch": interview.epoch,
        "stage_started_at": stamp(interview.stage_started_at),
        "stage_deadline": stamp(interview.stage_deadline),
        "moves_on_at": stamp(interview.moves_on_at),
        "moves_on_in_s": seconds_until(interview.moves_on_at, now),
        "last_turn_at": stamp(interview.last_turn_at),
        "ended_at": stamp(interview.ended_at),
        "expires_at": stamp(interview.expire_at),
        "seq": interview.seq,
        "thinking": interview.thinking(now),
        "pending": [_pending_view(words) for words in interview.pending],
        "messages": [message_view(m) for m in interview.messages if m.seq > after],
        "quiet_until": stamp(interview.quiet_until),
        "plan": plan_view(plan, interview),
        "accepts": list(accepts),
        "server_time": stamp(now),
    }


def _pending_view(words: PendingUtterance) -> dict[str, Any]:
    return {"event_id": words.event_id, "text": words.text, "at": stamp(words.at), "wish": words.wish}


def plan_view(plan: Plan, interview: Interview) -> dict[str, Any]:
    """Show how an interview goes, for a page that has a clock and names to show, and for a listener."""
    stages = [{"id": s.id, "label": s.label, "seconds": s.seconds, "pauses": s.pauses} for s in plan.stages]
    asked = {message.meta.question for message in interview.messages} - {""}
    return {
        "id": plan.id,
        "title": plan.title,
        "stages": stages,
        "questions": len(plan.questions),
        "expected": forecast(plan).questions,
        "asked": len(asked),
        "tailored": sum(question.tailored for question in plan.questions),
        "language": plan.language,
        "level": plan.level,
        "time_factor": plan.time_factor,
    }


def plans_view(plans: Plans) -> list[dict[str, Any]]:
    return [_choice(in_languages) for in_languages in plans.kinds.values()]


def _choice(plans: Mapping[str, Plan]) -> dict[str, Any]:
    plan = next(iter(plans.values()))
    return {
        "id": plan.id,
        "version": plan.version,
        "title": plan.title,
        "minutes": _minutes(sum(stage.seconds for stage in plan.stages)),
        "levels": list(_levels(plan)),
        "languages": list(plans),
        "competencies": list(plan.competencies),
        "questions": len(plan.questions),
        "forecast": [_forecast(plan, level) for level in ("", *_levels(plan))],
        "stages": [
            {"id": stage.id, "label": stage.label, "about": stage.about, "minutes": _minutes(stage.seconds)}
            for stage in plan.stages
        ],
    }


def _levels(plan: Plan) -> tuple[str, ...]:
    return plan.levels if plan.has_levels else ()


def _forecast(plan: Plan, level: str) -> dict[str, Any]:
    coming = forecast(choose(plan, Choice(level)))
    return {"level": level, "questions": coming.questions, "not_covered": list(coming.not_covered)}


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)


def name_of(listed: object) -> str:
    """Name a content, for an ETag."""
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:20]


def etag(seen: VersionedInterview, after: int) -> str:
    """Name what a reader of the messages knows; clocks that merely run on do not change it."""
    known = f"{seen.version} {seen.interview.thinking(seen.at)} {after}"
    return hashlib.sha256(known.encode()).hexdigest()[:20]


def turn_view(answered: Answered) -> dict[str, Any]:
    turn, interview = answered.turn, answered.interview
    return {
        "assistant_text": turn.assistant_text,
        "messages": [message_view(m) for m in turn.messages],
        "seq": turn.messages[-1].seq if turn.messages else interview.seq,
        "event_id": answered.event_id,
        "source": turn.spoken[0].source if turn.messages else None,
        "moved": answered.moved,
        "stage": interview.stage,
        "epoch": interview.epoch,
        "done": interview.stage == DONE,
        "status": interview.status,
        "stage_deadline": stamp(interview.stage_deadline),
        "moves_on_at": stamp(interview.moves_on_at),
        "moves_on_in_s": seconds_until(interview.moves_on_at, answered.now),
        "quiet_until": stamp(interview.quiet_until),
    }


def instead_view(turn: object) -> dict[str, Any]:
    """Show the turn that answered a question instead, as members of the problem that says so."""
    assert isinstance(turn, Answered)
    return {"turn": turn_view(turn)}


def event_view(step: Step) -> tuple[str, dict[str, Any]]:
    """Name a step of a turn as a server-sent event."""
    match step:
        case Ack():
            return "ack", {}
        case Delta(seq, text):
            return "delta", {"seq": seq, "text": text}
        case Answered():
            return "turn", turn_view(step)


def access_view(interview: Interview, access: RoomAccess) -> dict[str, Any]:
    return {
        "url": access.url,
        "token": access.token,
        "room_name": interview.room_name,
        "session_id": interview.session_id,
    }


def turn_health_view(interviewer: str, voice: bool, plan: Plan, retention: timedelta) -> dict[str, Any]:
    """Describe interviews before one is created: who asks, by what means, how long, and what is kept."""
    return {
        "status": "ok",
        "interviewer": interviewer,
        "voice": voice,
        "stage_minutes": {stage.id: _minutes(stage.seconds) for stage in plan.stages},
        "retention_days": retention.days,
    }
