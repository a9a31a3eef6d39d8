"""Create, read and delete an interview, and let its candidate into the voice room."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from interviewos.domain.errors import EventReused, InterviewOver, StoreUnavailable, UnknownSession
from interviewos.domain.interview import Candidate, Interview, Status, new_interview, room_of
from interviewos.domain.plan import DONE, Plan
from interviewos.domain.turn import check_incarnation, check_kept
from interviewos.usecases.ports import InterviewStore, RoomAccess, VersionedInterview, VoiceRoom
from interviewos.usecases.quota import DayBudget

logger = logging.getLogger(__name__)

_NAMESPACE = uuid.UUID("6f1f6a3e-6b0e-5b59-9a4f-6d1c0c7f2b11")


def create(
    store: InterviewStore,
    candidate: Candidate,
    *,
    key: str,
    scope: str,
    now: datetime,
    retention: timedelta,
    plan: Plan | None = None,
    charge: Callable[[], None] | None = None,
) -> Interview:
    """Create an interview, once for each idempotency key of a caller: one write, and for a repeat one read.

    The key makes the session's id, so a repeat finds what the first request made. `charge` counts a capped
    interview before it is made, and raises where the day has no room; a repeat is not counted, for which a key costs a
    read more.
    Raises EventReused when the key came with another candidate before, and SessionExpired when what it made is past its
    retention.
    """
    session_id = str(uuid.uuid5(_NAMESPACE, f"{scope}:{key}") if key else uuid.uuid4())
    kept = _made_before(store, session_id) if key and charge else None
    if kept is None:
        if charge:
            charge()
        interview = new_interview(session_id, candidate, now, retention, capped=charge is not None, plan=plan)
        if store.create(interview):
            logger.info("interview created", extra={"session_id": session_id, "scope": scope})
            return interview
        kept = read(store, session_id).interview  # a repeat, or our own write whose answer was lost
    if not _is_of(kept, candidate) or (kept.plan and plan and not _alike(kept.plan, plan)):
        raise EventReused("This Idempotency-Key came with another body before; use a new key.")
    return kept


def _is_of(kept: Interview, candidate: Candidate) -> bool:
    """Is this whom an interview was made for? What was pasted is known until it begins."""
    pasted = candidate.paste if kept.status is Status.CREATED else kept.paste
    return Candidate(kept.candidate_name, kept.role, kept.paste) == replace(candidate, paste=pasted)


def _alike(kept: Plan, chosen: Plan) -> bool:
    """Were two plans chosen in the same way? A later release may have changed the questions between two requests."""
    return _choice(kept) == _choice(chosen)


def _choice(plan: Plan) -> tuple[str, str, str, float, frozenset[str]]:
    only = frozenset(question.id for question in plan.questions if plan.excerpt)
    return plan.id, plan.language, plan.level, plan.time_factor, only


def _made_before(store: InterviewStore, session_id: str) -> Interview | None:
    try:
        return read(store, session_id).interview
    except UnknownSession:
        return None


def read(store: InterviewStore, session_id: str, incarnation: str = "") -> VersionedInterview:
    """Read an interview; `incarnation` is what the caller's token was made for.

    Raises UnknownSession and SessionExpired.
    """
    seen = store.read(session_id)
    check_incarnation(seen.interview, incarnation)
    check_kept(seen.interview, seen.at)
    return seen


def join_room(
    store: InterviewStore, room: VoiceRoom, session_id: str, incarnation: str = ""
) -> tuple[Interview, RoomAccess]:
    """Let the candidate into the voice room of an interview that is not over.

    Raises UnknownSession, SessionExpired, InterviewOver, VoiceNotConfigured and VoiceUnavailable.
    """
    interview = read(store, session_id, incarnation).interview
    if interview.stage == DONE:
        raise InterviewOver
    return interview, room.grant(session_id, interview.room_name, interview.candidate_name)


def delete(
    store: InterviewStore, room: VoiceRoom, session_id: str, incarnation: str = "", budget: DayBudget | None = None
) -> None:
    """Forget an interview for good and close its room; a turn that is running finds nothing to commit to.

    What it has used and is not counted yet is counted today: one read, and a write where there is something to count.
    Forgetting twice is no error. Raises UnknownSession when the caller's token was made for an earlier interview of
    this id, and StoreUnavailable.
    """
    seen = _last_look(store, session_id, incarnation)
    if seen:
        check_incarnation(seen.interview, incarnation)
    store.delete(session_id)
    room.close(room_of(session_id))
    logger.info("interview deleted", extra={"session_id": session_id})
    if budget and seen and seen.interview.ended_at is None:
        budget.count(session_id, seen.interview.uncounted_tokens, seen.at.date())


def _last_look(store: InterviewStore, session_id: str, incarnation: str) -> VersionedInterview | None:
    """Read what is to be deleted, if that is possible: no words are kept because they cannot be read.

    Whether a token was made for this interview or for an earlier one is known to the store alone.
    """
    try:
        return store.read(session_id)
    except UnknownSession:
        return None
    except Exception as error:
        if incarnation and isinstance(error, StoreUnavailable):
            raise
        logger.exception("tokens not counted", extra={"session_id": session_id})
        return None
