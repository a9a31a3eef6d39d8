"""The rules of a turn: what may happen, when, and what it changes.

Everything here is pure: time comes in as `now`, ids and fences come in with the event, and nothing is read or sent.
A turn is four rules around one question to the interviewer: `claim_turn`, `plan_turn`, (ask), `finish_turn`,
`commit_turn`. A store runs `claim_turn` and `commit_turn` under compare-and-swap, so each must give the same answer
when it is run again on what it wrote itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from interviewos.domain.errors import (
    DailyBudgetReached,
    EventReused,
    InterviewOver,
    SessionExpired,
    TurnInProgress,
    UnknownSession,
    WrongState,
)
from interviewos.domain.interview import (
    FINISH_ID,
    MAX_ANSWER_CHARACTERS,
    MAX_ATTEMPTS,
    MAX_PENDING,
    MOST_TOKENS,
    START_ID,
    WAKE_PREFIX,
    Ceiling,
    Claim,
    Claimed,
    Event,
    EventType,
    Heard,
    Interview,
    Lease,
    Message,
    Meta,
    NothingDue,
    Outcome,
    Part,
    PendingUtterance,
    Reason,
    Repeated,
    Reply,
    Role,
    Source,
    Speech,
    Stale,
    Status,
    Stuck,
    Turn,
    TurnPlan,
    asking_lines,
    stopped,
)
from interviewos.domain.plan import DONE, NEXT, STAY, Plan
from interviewos.domain.reading import first_reading_at, is_pending
from interviewos.domain.size import MAX_DOCUMENT_BYTES, document_bytes, estimated_tokens
from interviewos.domain.steps import Asked, Lead, Step, lead_of, must_left, next_step
from interviewos.domain.wishes import Wish, wish_in

LEASE_SECONDS = 30
MAX_TAKEOVERS = 5
"""How often speech that goes on may take over the turn that answers its beginning; speakers need three to five."""
LAST_ATTEMPT = MAX_ATTEMPTS + 3
"""Claims of one turn after which it is not tried again: not even a line by script can be stored."""
FAILURES_BEFORE_ERROR = 3
MAX_FAILURES = 9
"""Failed turns in a row, after which no model is asked again and the interview ends."""
PREPAID_TOKENS = 100_000
"""Counted to the day in advance for a capped interview that runs, so that what runs is never missing in its sum."""
PAUSE_SECONDS = 60


# claim


def claim_turn(event: Event, interview: Interview, now: datetime, day_spent: bool = False) -> tuple[Interview, Claim]:
    """Take the turn for this event and keep its words, or find that there is nothing to take.

    `day_spent` says that the day's budget is used up: a capped interview does not begin then.
    Raises DailyBudgetReached, EventReused, InterviewOver, SessionExpired, TurnInProgress, UnknownSession or WrongState.
    """
    check_incarnation(interview, event.incarnation)
    check_kept(interview, now)
    _check_same_words(event, interview)
    if turn := turn_of(interview, event.event_id):
        return interview, Repeated(turn)
    if event.type is EventType.TIMEOUT and not _is_due(interview, now):
        return _not_due(interview), NothingDue()
    if interview.stage == DONE:
        raise InterviewOver
    lease = interview.lease
    if lease and lease.fence == event.fence:  # the answer to our own write was lost
        return interview, _claimed(event, interview, lease, now)
    if interview.thinking(now) and not _preempts(event, interview):
        raise TurnInProgress(retry_after=_retry_after(interview, now))
    if interview.status is Status.CREATED:
        _check_start(event, interview, now, day_spent)
    if _is_stale(event, interview):
        return interview, Stale(Turn(tuple(m for m in interview.messages if m.seq > (event.after or 0))))
    if interview.attempts >= LAST_ATTEMPT:
        return _rest(interview, now), Stuck()
    if not _fits(event, interview):
        raise TurnInProgress(retry_after=_retry_after(interview, now))
    return _take(event, interview, now)


def check_incarnation(interview: Interview, incarnation: str) -> None:
    """Raise UnknownSession when a token was made for an interview of the same id that was deleted since."""
    if incarnation not in ("", interview.incarnation):
        raise UnknownSession


def check_kept(interview: Interview, now: datetime) -> None:
    """Raise SessionExpired when the time of retention is over; the store may take a day to delete it."""
    if interview.expire_at <= now:
        raise SessionExpired


def turn_of(interview: Interview, event_id: str) -> Turn | None:
    """Find the turn that answered an event."""
    spoken = [m for m in interview.messages if m.role is Role.AGENT and event_id in m.meta.event_ids]
    if not spoken:
        return None
    ids = set(spoken[0].meta.event_ids)
    return Turn(tuple(m for m in interview.messages if ids & set(m.meta.event_ids)))


def _check_same_words(event: Event, interview: Interview) -> None:
    """An id stands for its words, and an answered event for all of its parts: nothing new hides behind a repeat."""
    known = _known_words(interview)
    if any(part.id in known and not _is_same(event, part, known[part.id]) for part in event.parts):
        raise EventReused
    if turn_of(interview, event.event_id) and any(part.id not in known for part in event.parts):
        raise EventReused


def _is_same(event: Event, part: Part, known: tuple[str, Wish | None]) -> bool:
    """Are these the words that are known? A wish that only shows in them may be read otherwise by another release."""
    text, wish = known
    named = event.wish if part.id == event.event_id else None
    return part.text == text and named in (None, wish)


def _known_words(interview: Interview) -> dict[str, tuple[str, Wish | None]]:
    """Give words and wish of every event whose words wait or were answered; a granted wish may have had no words."""
    granted = {i: ("", m.meta.wish) for m in interview.messages if m.role is Role.AGENT for i in m.meta.event_ids}
    said = {i: (m.text, m.meta.wish) for m in interview.messages if m.role is Role.USER for i in m.meta.event_ids}
    waits = {w.event_id: (w.text, w.wish) for w in interview.pending}
    return {i: words for i, words in granted.items() if words[1]} | said | waits


def _not_due(interview: Interview) -> Interview:
    """Clear the wake of an interview that is over, which another release may have set; its report may wait for one."""
    return replace(interview, due_at=None) if interview.stage == DONE and not is_pending(interview) else interview


def _is_due(interview: Interview, now: datetime) -> bool:
    if interview.stage == DONE:
        return False
    return interview.lease is not None or (interview.moves_on_at is not None and interview.moves_on_at <= now)


def _preempts(event: Event, interview: Interview) -> bool:
    """Speech that went on, or a wish to finish, takes a running turn over; its words stay."""
    assert interview.lease
    running = interview.lease.event_id
    if event.type is EventType.FINISH:
        return running != FINISH_ID and interview.status is not Status.CREATED
    return running in {part.id for part in event.parts[:-1]} and interview.attempts <= MAX_TAKEOVERS


def _fits(event: Event, interview: Interview) -> bool:
    """Do the new words find room beside those that wait? Else these are answered first, and the new ones then."""
    new = _new_parts(event, interview)
    if not (new and interview.pending):
        return True
    texts = [*(w.text for w in interview.pending), *(part.text for part in new)]
    return len(texts) <= MAX_PENDING and sum(map(len, texts)) <= MAX_ANSWER_CHARACTERS


def _check_start(event: Event, interview: Interview, now: datetime, day_spent: bool) -> None:
    if event.type in (EventType.USER_TURN, EventType.FINISH):
        raise WrongState
    if interview.capped and day_spent and interview.lease is None:
        raise DailyBudgetReached(retry_after=seconds_left_of_day(now))


def seconds_left_of_day(now: datetime) -> float:
    """Give the seconds to the next midnight UTC."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return (midnight - now).total_seconds()


def _is_stale(event: Event, interview: Interview) -> bool:
    """Is an answer refused because it is to a line that is not the last? Speech may go on over a new line."""
    return not event.spoken and _is_behind(event, interview)


def _is_behind(event: Event, interview: Interview) -> bool:
    """Does an event belong to a line of the interviewer that is not the last any more?"""
    last = max((m.seq for m in interview.messages if m.role is Role.AGENT), default=0)
    return event.after is not None and event.after < last


def _retry_after(interview: Interview, now: datetime) -> float:
    """Seconds after which asking again is worth while: a turn takes about two, a dead one ends with its lease."""
    assert interview.lease
    return max(1.0, min(2.0, (interview.lease.until - now).total_seconds()))


def _take(event: Event, interview: Interview, now: datetime) -> tuple[Interview, Claimed]:
    until = now + timedelta(seconds=LEASE_SECONDS)
    after = event.after if _is_behind(event, interview) else None
    parts = _new_parts(event, interview)
    new = [PendingUtterance(p.id, p.text, now, wish=_wish_of(event, p), after=after) for p in parts]
    if new and event.heard and _was_said(event.heard, interview):
        new[0] = replace(new[0], heard=event.heard)
    if new and event.speech:
        new[-1] = replace(new[-1], speech=_speech_of_new(event, event.speech, interview))
    lease = Lease(_lease_id(event, interview), event.fence, until)
    claimed = replace(
        _resume(interview, now),
        pending=(*interview.pending, *new),
        lease=lease,
        due_at=until,
        attempts=interview.attempts + 1,
    )
    claimed = replace(claimed, tokens=interview.tokens + estimated_tokens(claimed))
    return claimed, _claimed(event, claimed, lease, now)


def _wish_of(event: Event, part: Part) -> Wish | None:
    return (event.wish if part.id == event.event_id else None) or wish_in(part.text)


def _new_parts(event: Event, interview: Interview) -> list[Part]:
    """The parts whose words are neither waiting nor answered yet."""
    kept = _known_words(interview)
    return [part for part in event.parts if part.id not in kept]


def _speech_of_new(event: Event, speech: Speech, interview: Interview) -> Speech:
    """How the new parts were spoken: what was counted of all parts, less what is kept with the earlier ones."""
    answered = {i: m.meta.speech for m in interview.messages if m.role is Role.USER for i in m.meta.event_ids}
    kept = answered | {words.event_id: words.speech for words in interview.pending}
    for part in event.parts:
        if earlier := kept.get(part.id):
            speech -= earlier
    return speech


def _was_said(heard: Heard, interview: Interview) -> bool:
    """Are these the first words of that line? White space apart, since a voice has none."""
    lines = [m.text for m in interview.messages if m.seq == heard.seq and m.role is Role.AGENT]
    return any("".join(line.split()).startswith("".join(heard.text.split())) for line in lines)


def _claimed(event: Event, interview: Interview, lease: Lease, now: datetime) -> Claimed:
    """Name the turn as its caller does; a wake has no name of its own."""
    return Claimed(interview, lease.event_id if event.type is EventType.TIMEOUT else event.event_id, now)


def _lease_id(event: Event, interview: Interview) -> str:
    """A wake finishes a turn that was left; a wish to finish outlives the process that heard it."""
    left = interview.lease
    if event.type is EventType.TIMEOUT:
        return left.event_id if left else f"{WAKE_PREFIX}{interview.epoch}"
    if left and left.event_id == FINISH_ID:
        return FINISH_ID
    return event.event_id


def _resume(interview: Interview, now: datetime) -> Interview:
    """After an error the stage goes on with the time that was left."""
    if interview.clock_left_s is None:
        return interview
    deadline = now + timedelta(seconds=interview.clock_left_s)
    return replace(interview, status=Status.RUNNING, stage_deadline=deadline, clock_left_s=None)


def _rest(interview: Interview, now: datetime) -> Interview:
    """A turn cannot be stored: keep everything as it is, and set no wake for it."""
    if interview.status is Status.ERROR and interview.lease is None:
        return interview
    return stopped(replace(interview, lease=None), interview.stage_deadline or now, now)


# plan


def plan_turn(
    plan: Plan, interview: Interview, now: datetime, day_spent: bool = False, most_tokens: int = MOST_TOKENS
) -> TurnPlan:
    """Decide, before anybody is asked, why the interviewer speaks and in which stage, and whether a model may be asked.

    `day_spent` says that the day's budget is used up; `most_tokens` is what one interview may use of a model, in and
    out.
    """
    assert interview.lease
    ceiling = _ceiling(interview, day_spent, most_tokens)
    here = _step(plan, interview, interview.stage, now)
    reason = Reason.FINISH if ceiling else _reason(plan, interview, here)
    pending = _pending_messages(interview)
    stage = _target(plan, interview, reason)
    return TurnPlan(
        plan=plan,
        reason=reason,
        stage=stage,
        candidate_name=interview.candidate_name,
        role=interview.role,
        conversation=(*interview.messages, *pending),
        seq=interview.seq + len(pending) + 1,
        ceiling=ceiling,
        step=here if stage == interview.stage else _step(plan, interview, stage, now),
    )


def _step(plan: Plan, interview: Interview, stage: str, now: datetime) -> Step:
    if stage == DONE:
        return Step()
    deadline = interview.stage_deadline if stage == interview.stage else None
    left = (deadline - now).total_seconds() if deadline else plan.stage(stage).seconds
    return next_step(plan, stage, _asked(interview), left)


def _asked(interview: Interview) -> list[Asked]:
    """List what the interviewer has asked, in its order; a question that was only repeated was asked once."""
    conversation = (*interview.messages, *_pending_messages(interview))
    return [Asked(m.meta.question, m.meta.part) for m in asking_lines(conversation)]


def _ceiling(interview: Interview, day_spent: bool, most_tokens: int) -> Ceiling | None:
    """Find what forbids to ask a model, if anything does."""
    if interview.attempts > MAX_ATTEMPTS:
        return Ceiling.ATTEMPTS
    if interview.failures >= MAX_FAILURES:
        return Ceiling.FAILURES
    if document_bytes(interview) > MAX_DOCUMENT_BYTES:
        return Ceiling.BYTES
    if interview.tokens > most_tokens:
        return Ceiling.TOKENS
    return Ceiling.DAY if interview.capped and day_spent else None


def _reason(plan: Plan, interview: Interview, step: Step) -> Reason:
    assert interview.lease
    lease_id = interview.lease.event_id
    if lease_id == FINISH_ID:
        return Reason.FINISH
    if lease_id == START_ID:
        return Reason.START
    if lease_id.startswith(WAKE_PREFIX):
        return Reason.SILENCE
    wish = _wish(interview)
    if wish in (Wish.REPEAT, Wish.SIMPLER, Wish.PAUSE, Wish.MORE_TIME) and step.open:
        return Reason(wish.value)
    if any(_is_late(w, interview) for w in interview.pending if not w.wish):
        return Reason.LATE
    asked_in_vain = step.open is None and any(w.after is not None for w in interview.pending)
    covered = wish is not None or asked_in_vain or (step.open is not None and not step.follow_ups)
    if questions_asked(interview) >= plan.stage(interview.stage).most_questions or (covered and not step.next):
        return Reason.LIMIT
    return Reason.COVERED if covered else Reason.ANSWER


def _wish(interview: Interview) -> Wish | None:
    """What the words that wait ask for; with an answer among them only what leads on counts."""
    wishes = [words.wish for words in interview.pending]
    if None in wishes:
        return next((wish for wish in wishes if wish in (Wish.NEXT, Wish.SKIP)), None)
    return wishes[-1] if wishes else None


def _target(plan: Plan, interview: Interview, reason: Reason) -> str:
    if reason is Reason.FINISH:
        return DONE
    if reason in (Reason.LATE, Reason.LIMIT, Reason.SILENCE):
        return plan.next_of(interview.stage)
    return interview.stage


def questions_asked(interview: Interview) -> int:
    """Count the questions really asked in this stage; a line that only repeats or excuses is none."""
    lines = [m for m in interview.messages if m.role is Role.AGENT and m.stage == interview.stage]
    asked = [m for m in lines if not m.meta.repeats and (m.meta.question or m.source in (Source.MODEL, Source.SCRIPT))]
    return len({m.meta.event_ids or m.seq for m in asked})


_ANSWERED = (None, Wish.NEXT, Wish.SKIP)
"""What deals with a question: an answer, or the wish to leave it."""


def answers_given(interview: Interview) -> int:
    """Count the answers of this stage, the waiting one included; parts that one reply answers are one answer."""
    given = 1 if any(words.wish in _ANSWERED and words.after is None for words in interview.pending) else 0
    before: Message | None = None
    for message in interview.messages:
        starts = before is None or before.role is not Role.USER
        goes_on = message.meta.after is not None
        answers = message.role is Role.USER and message.meta.wish in _ANSWERED and not goes_on
        given += answers and message.stage == interview.stage and starts
        before = message
    return given


def _is_late(words: PendingUtterance, interview: Interview) -> bool:
    return interview.stage_deadline is not None and words.at >= interview.stage_deadline


def _pending_messages(interview: Interview) -> tuple[Message, ...]:
    """Make messages of the words that wait."""
    return tuple(
        Message(
            seq=interview.seq + number,
            role=Role.USER,
            stage=interview.stage,
            text=words.text,
            created_at=words.at,
            meta=Meta(
                (words.event_id,),
                late=_is_late(words, interview),
                heard=words.heard,
                wish=words.wish,
                after=words.after,
                speech=words.speech,
            ),
        )
        for number, words in enumerate((words for words in interview.pending if words.text), 1)
    )


# finish


def lead(plan: Plan, interview: Interview, turn: TurnPlan, signal: str) -> Lead:
    """Decide where a reply leads and what it asks; its signal counts where no clock, limit or wish has decided."""
    if turn.grants:
        return Lead(turn.stage, _asked(interview)[-1])
    if turn.reason in (Reason.ANSWER, Reason.COVERED):
        covered = turn.reason is Reason.COVERED and signal.partition(" ")[0] in (STAY, "")
        return lead_of(plan, interview.stage, turn.step, NEXT if covered else signal, _may_leave(plan, interview))
    return Lead(turn.stage, Asked(turn.step.next.id) if turn.step.next else Asked(""))


def _may_leave(plan: Plan, interview: Interview) -> bool:
    """May the interviewer leave this stage before all of its questions are asked?"""
    enough = answers_given(interview) >= plan.stage(interview.stage).fewest_answers
    return enough and not must_left(plan, interview.stage, _asked(interview))


def is_error(interview: Interview, turn: TurnPlan) -> bool:
    """Does one more failed turn stop the interview? Never a silent one: no caller resumes it."""
    last = interview.failures + 1 >= FAILURES_BEFORE_ERROR
    return last and turn.reason is not Reason.SILENCE and turn.stage != DONE


def finish_turn(plan: Plan, interview: Interview, turn: TurnPlan, reply: Reply, now: datetime) -> Outcome:
    """Work out the interview after a reply: transcript, stage and clock."""
    assert interview.lease
    to = lead(plan, interview, turn, reply.signal)
    stage, pending = to.stage, _pending_messages(interview)
    ids = tuple(dict.fromkeys([*(w.event_id for w in interview.pending), interview.lease.event_id]))
    spoken = _spoken(turn, reply, to, ids, now)
    messages = (*pending, *spoken)
    after = replace(
        interview,
        messages=(*interview.messages, *messages),
        seq=spoken[-1].seq,
        pending=(),
        job="",
        background="",
        lease=None,
        last_turn_at=now,
        usage=interview.usage + reply.usage,
        failures=_failures(interview, turn, reply),
        attempts=0,
        tokens=max(0, interview.tokens - estimated_tokens(interview)) + reply.usage.tokens,
    )
    if stage == DONE:
        after = replace(after, report=reply.report, due_at=first_reading_at(reply.report, now))
    return _count_tokens(_set_clock(plan, after, turn, stage, now), Turn(messages))


def _count_tokens(interview: Interview, turn: Turn) -> Outcome:
    """Count to the day what an interview has used when it ends or stops; a capped one that runs pays in advance."""
    runs = interview.status is Status.RUNNING
    if runs and (not interview.capped or interview.uncounted_tokens <= 0):
        return Outcome(interview, turn)
    counted = interview.usage.tokens + (PREPAID_TOKENS if runs else 0)
    return Outcome(replace(interview, counted_tokens=counted), turn, counted - interview.counted_tokens)


def _spoken(turn: TurnPlan, reply: Reply, to: Lead, ids: tuple[str, ...], now: datetime) -> list[Message]:
    """Make messages of what the interviewer said; the last line before the feedback is the one that asks."""
    lines = [(reply.text, reply.source, Meta(ids, gate=reply.gate))]
    if reply.question:
        lines.append((reply.question, Source.FALLBACK, Meta(ids)))
    if reply.asks:
        text, source, meta = lines[-1]
        asked = replace(meta, question=to.asked.question, part=to.asked.part)
        lines[-1] = (text, source, replace(asked, repeats=bool(turn.grants), wish=turn.grants))
    if to.stage == DONE:
        lines.append((reply.feedback, reply.feedback_source, Meta(ids)))
    return [
        Message(seq, Role.AGENT, to.stage, text, now, source, replace(meta, model=_model(reply, source)))
        for seq, (text, source, meta) in enumerate(lines, turn.seq)
    ]


def _model(reply: Reply, source: Source) -> str:
    return reply.model if source is Source.MODEL else ""


def _failures(interview: Interview, turn: TurnPlan, reply: Reply) -> int:
    if turn.grants:  # no model was asked
        return interview.failures
    if reply.source is not Source.FALLBACK or reply.gate:  # a model that said something did not fail
        return 0
    return interview.failures + (turn.reason is not Reason.SILENCE)


def _set_clock(plan: Plan, interview: Interview, turn: TurnPlan, stage: str, now: datetime) -> Interview:
    if stage == DONE:
        return _end(interview, now)
    entered = stage != interview.stage
    deadline = _extended(plan, interview, turn, now)
    if entered or turn.reason is Reason.START or deadline is None:
        deadline = now + timedelta(seconds=plan.stage(stage).seconds)
        interview = replace(interview, stage=stage, epoch=interview.epoch + entered, stage_started_at=now)
    if interview.failures >= FAILURES_BEFORE_ERROR:
        return stopped(interview, deadline, now)
    moves_on_at = max(deadline, now) + timedelta(seconds=plan.grace_seconds)
    paused = turn.grants is Wish.PAUSE and turn.may_pause
    quiet_until = now + timedelta(seconds=PAUSE_SECONDS * plan.time_factor) if paused else None
    return replace(
        interview,
        status=Status.RUNNING,
        stage_deadline=deadline,
        moves_on_at=moves_on_at,
        due_at=moves_on_at,
        quiet_until=quiet_until,
    )


def _extended(plan: Plan, interview: Interview, turn: TurnPlan, now: datetime) -> datetime | None:
    """Give the end of the stage, later by what a wish asked for where it may still be granted."""
    deadline = interview.stage_deadline
    if deadline is None:
        return None
    if turn.grants is Wish.PAUSE and turn.may_pause:
        return max(deadline, now) + timedelta(seconds=PAUSE_SECONDS * plan.time_factor)
    if turn.grants is Wish.MORE_TIME and turn.may_extend:
        return max(deadline, now) + timedelta(seconds=plan.stage(interview.stage).seconds / 2)
    return deadline


def _end(interview: Interview, now: datetime) -> Interview:
    return replace(
        interview,
        status=Status.ENDED,
        stage=DONE,
        epoch=interview.epoch + 1,
        stage_started_at=now,
        stage_deadline=None,
        moves_on_at=None,
        ended_at=now,
    )


# commit


def commit_turn(claim: Claimed, outcome: Outcome, interview: Interview, now: datetime) -> tuple[Interview, Turn]:
    """Put the turn into the interview, unless another request answered it or took it over.

    Raises TurnInProgress for a caller that was fenced off.
    """
    if turn := turn_of(interview, claim.event_id):
        return interview, turn  # ours, its answer lost, or a successor's
    mine = claim.interview.lease
    if mine is None or interview.lease is None or interview.lease.fence != mine.fence:
        raise TurnInProgress(retry_after=1)
    return outcome.interview, outcome.turn
