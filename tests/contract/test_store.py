"""One contract for every store: compare-and-swap, nothing lost, nothing resurrected, clear words when it is down."""

from __future__ import annotations

import socket
import sqlite3
import threading
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import pytest

from interviewos.adapters.firestore.calls import once
from interviewos.adapters.firestore.documents import read_document, read_item
from interviewos.domain.errors import InterviewOver, StoreUnavailable, UnknownSession
from interviewos.domain.interview import (
    Candidate,
    EventType,
    Heard,
    Interview,
    Lease,
    Message,
    Meta,
    PendingUtterance,
    Role,
    Source,
    Speech,
    Status,
    Usage,
    new_interview,
)
from interviewos.domain.report import (
    CompetencyResult,
    Contrast,
    Finding,
    Grading,
    Objection,
    Point,
    ReadingLease,
    Readings,
    Report,
    Retold,
    Shown,
    Span,
    StoryReport,
    Unknown,
)
from interviewos.domain.wishes import Wish
from interviewos.usecases.ports import Due, InterviewStore, Rule
from support.clock import FakeClock
from support.emulators import FirestoreEmulator
from support.fakes import CLASSIC, Room, last
from support.stores import QUERY, READ, WRITE, Fault, Wire, firestore_client, firestore_store, sqlite_file

NOW = datetime.now(UTC)
EXACT = datetime(2031, 2, 28, 23, 59, 59, 123457, tzinfo=UTC)
SPEECH = Speech(12, 4_200, 1, 1_800)
ACCENTS = "o" + "\u0301" * 4_000
TEXTS = (
    "plain",
    "two\nlines\tand a tab",
    "Zoë 漢字 हिन्दी العربية",
    "astral 𝒳 👩🏽‍🔬 \U000e0041",
    ACCENTS,
    '<script>"quoted" \\ {{7*7}} $HOME',
    "",
)


def interview(**changes: object) -> Interview:
    """A new interview with something changed."""
    made = new_interview(str(uuid.uuid4()), Candidate("Ada", "Engineer"), NOW, timedelta(days=30))
    return replace(made, **changes)  # type: ignore[arg-type]


def message(seq: int, text: str = "", role: Role = Role.AGENT) -> Message:
    return Message(seq, role, "intro", text or f"Message {seq}.", NOW, meta=Meta((f"e{seq}",)))


def kept(store: InterviewStore, **changes: object) -> Interview:
    """An interview that the store keeps."""
    made = interview(**changes)
    assert store.create(made)
    return made


def rename(name: str) -> Rule[str]:
    """A rule that changes the candidate's name and answers with the old one."""
    return lambda before, now: (replace(before, candidate_name=name), before.candidate_name)


def one_more_message(before: Interview, now: datetime) -> tuple[Interview, None]:
    """A rule that appends."""
    added = message(before.seq + 1)
    return replace(before, messages=(*before.messages, added), seq=added.seq), None


SPAN = Span(1, 2, 3)
REPORT = Report(
    EXACT,
    language="de",
    version=7,
    grading=Grading.MADE,
    points=(Point("Gap", ACCENTS, "no_result", "a.question", SPAN, Shown.READINGS, True, False),),
    stories=(
        StoryReport(
            "a.question",
            (1, 2),
            ("result",),
            (Finding("no_result", SPAN, Shown.ONE_READING, 1),),
            (Retold("action", SPAN),),
            Unknown.TOO_SHORT,
        ),
    ),
    contrasts=(Contrast("result", "a.question", "b.question"),),
    competencies=(CompetencyResult("impact", 4, "a.question", Unknown.UNCERTAIN),),
    withheld={"twice": 2},
    readings=Readings(("a-model",), "1f", 3, 2, 1, 700, ReadingLease("fence", EXACT)),
    objections=(Objection(1, 2, "no_result", ACCENTS),),
)


def everything() -> Interview:
    """An interview of which no field has its default."""
    heard = Heard(3, "half of")
    asked = ("a.question", "result", True, Wish.SKIP, ("private",))
    meta = Meta(("a", "b"), True, heard, "a-model", *asked, after=2, speech=SPEECH)
    question = replace(CLASSIC.questions[-1], text=ACCENTS, levels=("mid",), competencies=("people",), must=True)
    plan = replace(CLASSIC, version=7, questions=(replace(question, follow_ups=1, tailored=True),))
    chosen = replace(plan, level="mid", time_factor=1.5, excerpt=True, brief=ACCENTS, language="de")
    texts = tuple(
        Message(seq, Role.USER, "experience", text, EXACT, Source.FALLBACK, meta) for seq, text in enumerate(TEXTS, 1)
    )
    return interview(
        candidate_name="Zoë 👩🏽‍🔬",
        role=ACCENTS,
        created_at=EXACT,
        schema=7,
        status=Status.ERROR,
        stage="experience",
        epoch=2,
        stage_started_at=EXACT + timedelta(microseconds=1),
        stage_deadline=EXACT + timedelta(seconds=0.1),
        moves_on_at=EXACT,
        clock_left_s=0.1 + 0.2,
        last_turn_at=EXACT,
        ended_at=EXACT,
        due_at=EXACT,
        seq=len(TEXTS),
        messages=texts,
        pending=tuple(
            PendingUtterance(f"e{n}", text, EXACT, heard, Wish.NEXT, 2, SPEECH) for n, text in enumerate(TEXTS)
        ),
        lease=Lease("e0", "fence", EXACT),
        failures=2,
        usage=Usage(1, 2, 3),
        capped=True,
        attempts=4,
        tokens=5_000,
        counted_tokens=6_000,
        plan=replace(chosen, grace_seconds=45, competencies=("people",)),
        quiet_until=EXACT,
        job=ACCENTS,
        background="\n".join(TEXTS),
        report=REPORT,
    )


# create, read, delete


def test_what_was_created_can_be_read(store: InterviewStore) -> None:
    """The interview comes back as it was given."""
    made = kept(store)

    assert store.read(made.session_id).interview == made


def test_a_taken_id_is_refused_and_nothing_is_overwritten(store: InterviewStore) -> None:
    """The first interview under an id stays."""
    made = kept(store)

    assert not store.create(replace(made, candidate_name="Somebody else"))
    assert store.read(made.session_id).interview == made


def test_an_unknown_interview_is_unknown(store: InterviewStore) -> None:
    """Reading and changing say so, and change makes none."""
    with pytest.raises(UnknownSession):
        store.read("nobody")
    with pytest.raises(UnknownSession):
        store.change("nobody", rename("Eve"))
    with pytest.raises(UnknownSession):
        store.read("nobody")


def test_a_deleted_interview_stays_deleted(store: InterviewStore) -> None:
    """Neither a change nor a commit that saw it before brings it back."""
    made = kept(store)
    seen = store.read(made.session_id)
    store.delete(made.session_id)

    with pytest.raises(UnknownSession):
        store.change(made.session_id, rename("Eve"))
    with pytest.raises(UnknownSession):
        store.change(made.session_id, rename("Eve"), seen)
    with pytest.raises(UnknownSession):
        store.read(made.session_id)


def test_what_began_before_a_delete_does_not_fit_what_is_created_after_it(store: InterviewStore) -> None:
    """The same id again is another interview: a turn of the first must not be written over it."""
    first = kept(store)
    _, seen = store.change(first.session_id, rename("first"))
    store.delete(first.session_id)
    assert store.create(replace(first, candidate_name="second"))
    store.change(first.session_id, rename("second, changed"))

    before, after = store.change(first.session_id, rename("late"), seen)
    assert before == "second, changed"
    assert after.interview.candidate_name == "late"


def test_deleting_twice_is_no_error(store: InterviewStore) -> None:
    """Nor is deleting what never was."""
    made = kept(store)
    store.delete(made.session_id)
    store.delete(made.session_id)
    store.delete("nobody")


# what comes back


def test_the_sample_has_no_default_left() -> None:
    """A new field of the interview must be added to the sample."""
    plain, full = interview(), everything()
    untouched = {"session_id", "room_name", "expire_at"}

    assert {f.name for f in fields(Interview) if getattr(plain, f.name) == getattr(full, f.name)} <= untouched
    stored = (full.messages[0].meta, full.pending[0], full.plan, full.plan and full.plan.questions[0])
    reported = (REPORT, *REPORT.points, *REPORT.stories, *REPORT.stories[0].findings, REPORT.readings)
    for part in (*stored, *reported):
        assert part
        assert not [f.name for f in fields(part) if getattr(part, f.name) == f.default]


@pytest.mark.parametrize("way", ["created", "changed"])
def test_every_field_comes_back(store: InterviewStore, way: str) -> None:
    """Every text, number and time, to the character and to the microsecond, by both ways of writing."""
    full = everything()
    if way == "created":
        assert store.create(full)
    else:
        plain = interview(messages=(), seq=0)
        full = replace(full, session_id=plain.session_id)
        assert store.create(plain)
        store.change(plain.session_id, lambda before, now: (full, None))
    back = store.read(full.session_id).interview

    assert back == full
    assert [type(getattr(back, f.name)) for f in fields(Interview)] == [
        type(getattr(full, f.name)) for f in fields(Interview)
    ]


def test_times_come_back_in_utc(store: InterviewStore) -> None:
    """Ordinary datetimes, zone and microseconds included, wherever they stand."""
    full = everything()
    assert store.create(full)
    back = store.read(full.session_id).interview
    times = [
        back.created_at,
        back.due_at,
        back.messages[0].created_at,
        back.pending[0].at,
        back.lease and back.lease.until,
    ]

    assert {type(moment) for moment in times} == {datetime}
    assert [moment and moment.utcoffset() for moment in times] == [timedelta(0)] * len(times)
    assert all(moment and moment.microsecond == EXACT.microsecond for moment in times)


def test_texts_are_not_normalised(store: InterviewStore) -> None:
    """Composed and decomposed letters are different words of a candidate."""
    composed, decomposed = "Zoë", unicodedata.normalize("NFD", "Zoë")
    made = kept(store, candidate_name=composed, role=decomposed)
    back = store.read(made.session_id).interview

    assert (back.candidate_name, back.role) == (composed, decomposed)
    assert composed != decomposed


# change


def test_a_change_is_written_and_shown(store: InterviewStore) -> None:
    """The answer is the rule's, the interview is the new one, and the next reader sees it."""
    made = kept(store)
    answer, seen = store.change(made.session_id, rename("Grace"))

    assert answer == "Ada"
    assert seen.interview == replace(made, candidate_name="Grace") == store.read(made.session_id).interview
    assert seen.version == store.read(made.session_id).version


def test_a_rule_is_given_the_time_of_the_store(store: InterviewStore, clock: FakeClock) -> None:
    """Leases are compared with one clock, which does not go back from reading to writing."""
    made = kept(store)
    told: list[datetime] = []

    def rule(before: Interview, now: datetime) -> tuple[Interview, None]:
        told.append(now)
        return replace(before, epoch=before.epoch + 1), None

    _, first = store.change(made.session_id, rule)
    _, second = store.change(made.session_id, rule, first)

    assert told == sorted(told)
    assert told[0] <= first.at <= second.at <= store.read(made.session_id).at
    assert all(abs((moment - clock.now()).total_seconds()) < 3_600 for moment in told)


def test_the_same_interview_is_not_written(store: InterviewStore) -> None:
    """A rule that gives back what it got costs no write."""
    made = kept(store)
    before = store.read(made.session_id)
    answer, seen = store.change(made.session_id, lambda found, now: (found, "as it was"))

    assert answer == "as it was"
    assert seen.version == before.version == store.read(made.session_id).version


def test_an_equal_interview_is_not_written_either(store: InterviewStore) -> None:
    """A rule may build anew what is there already."""
    made = kept(store)
    before = store.read(made.session_id)
    _, seen = store.change(made.session_id, rename(made.candidate_name))

    assert seen.version == before.version == store.read(made.session_id).version


def test_a_rule_that_raises_writes_nothing(store: InterviewStore) -> None:
    """What the rule raises is raised, and the version stays."""
    made = kept(store)
    before = store.read(made.session_id)

    def refuse(found: Interview, now: datetime) -> tuple[Interview, None]:
        raise InterviewOver

    with pytest.raises(InterviewOver):
        store.change(made.session_id, refuse)
    assert store.read(made.session_id).version == before.version


def test_a_rule_is_run_again_after_a_competitor_has_won(store: InterviewStore) -> None:
    """The rule sees what the competitor wrote, and both changes are kept."""
    made = kept(store)
    rounds: list[str] = []

    def rule(before: Interview, now: datetime) -> tuple[Interview, int]:
        if not rounds:
            store.change(made.session_id, rename("Rival"))
        rounds.append(before.candidate_name)
        return replace(before, epoch=9), len(rounds)

    answer, seen = store.change(made.session_id, rule)

    assert rounds == ["Ada", "Rival"]
    assert answer == 2
    assert (seen.interview.candidate_name, seen.interview.epoch) == ("Rival", 9)


def test_what_was_seen_before_is_checked(store: InterviewStore) -> None:
    """An old view is as good as a read when nobody wrote since, and is read again when somebody did."""
    made = kept(store)
    old = store.read(made.session_id)
    store.change(made.session_id, rename("Rival"))
    answer, seen = store.change(made.session_id, rename("Grace"), old)

    assert answer == "Rival"
    assert seen.interview.candidate_name == "Grace"


def test_a_change_need_not_be_read_again_for_the_next(store: InterviewStore) -> None:
    """What a change gives back is as good as a read: version, interview and all."""
    made = kept(store)
    _, seen = store.change(made.session_id, rename("B"))
    told: list[str] = []

    def rule(before: Interview, now: datetime) -> tuple[Interview, None]:
        told.append(before.candidate_name)
        return replace(before, candidate_name="C"), None

    store.change(made.session_id, rule, seen)

    assert told == ["B"]
    assert store.read(made.session_id).interview.candidate_name == "C"


def test_messages_are_appended(store: InterviewStore) -> None:
    """Ten turns make one transcript, in order, with equal texts left alone."""
    made = kept(store)
    seen = None
    for number in range(10):

        def rule(before: Interview, now: datetime, text: str = f"{number % 2}") -> tuple[Interview, None]:
            added = (message(before.seq + 1, text, Role.USER), message(before.seq + 2, text))
            return replace(before, messages=(*before.messages, *added), seq=before.seq + 2), None

        _, seen = store.change(made.session_id, rule, seen)
    back = store.read(made.session_id).interview

    assert seen
    assert back == seen.interview
    assert [m.seq for m in back.messages] == list(range(1, 22))


def test_changes_of_one_interview_leave_the_others_alone(store: InterviewStore) -> None:
    """One document each."""
    one, other = kept(store), kept(store)
    store.change(one.session_id, rename("Grace"))
    store.delete(one.session_id)

    assert store.read(other.session_id).interview == other


# due


def test_due_lists_the_oldest_first_and_no_more_than_asked(store: InterviewStore) -> None:
    """What is not due yet, or has nothing to come, is not listed."""
    at = [NOW + timedelta(seconds=seconds) for seconds in (5, 1, 3, 100)]
    made = [kept(store, due_at=moment) for moment in at]
    kept(store)
    expected = [Due(made[number].session_id, at[number]) for number in (1, 2, 0)]

    assert store.due(NOW + timedelta(seconds=50), 10) == expected
    assert store.due(NOW + timedelta(seconds=50), 2) == expected[:2]
    assert store.due(NOW, 10) == []


def test_due_follows_the_changes(store: InterviewStore) -> None:
    """A time that was taken back or an interview that was deleted is not due."""
    made = kept(store)
    soon = NOW + timedelta(seconds=1, microseconds=1)
    store.change(made.session_id, lambda before, now: (replace(before, due_at=soon), None))
    assert store.due(soon, 1) == [Due(made.session_id, soon)]
    assert store.due(soon - timedelta(microseconds=1), 1) == []

    store.change(made.session_id, lambda before, now: (replace(before, due_at=None), None))
    assert store.due(soon, 1) == []
    gone = kept(store, due_at=soon)
    store.delete(gone.session_id)
    assert store.due(soon, 1) == []


# SQLite alone


def test_a_file_outlives_its_process(tmp_path: Path) -> None:
    """Another store on the same file sees the same interviews."""
    made = kept(sqlite_file(tmp_path))

    assert sqlite_file(tmp_path).read(made.session_id).interview == made


def test_a_file_forgets_what_is_past_its_retention(tmp_path: Path) -> None:
    """SQLite has no TTL, so opening does it."""
    store = sqlite_file(tmp_path)
    old, young = kept(store, expire_at=NOW - timedelta(seconds=1)), kept(store)
    again = sqlite_file(tmp_path)

    assert again.read(young.session_id).interview == young
    with pytest.raises(UnknownSession):
        again.read(old.session_id)


def test_a_file_that_somebody_else_is_making_is_waited_for(tmp_path: Path) -> None:
    """Two processes that start together on a new file both have it."""
    other = sqlite3.connect(tmp_path / "interviews.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.2, other.execute, ("COMMIT",))
    done.start()
    made = kept(sqlite_file(tmp_path))
    done.join()
    other.close()

    assert sqlite_file(tmp_path).read(made.session_id).interview == made


def test_a_new_file_that_stays_locked_is_a_store_that_is_down(tmp_path: Path) -> None:
    """It is not waited for without an end."""
    with closing(sqlite3.connect(tmp_path / "interviews.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            sqlite_file(tmp_path, busy_seconds=0.05)


def test_a_locked_file_is_a_store_that_is_down(tmp_path: Path) -> None:
    """Somebody else's lock is waited for, but not for ever; afterwards all is well and nothing was written."""
    store = sqlite_file(tmp_path, busy_seconds=0.05)
    made = kept(store)
    other = sqlite3.connect(tmp_path / "interviews.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for call in (lambda: store.change(made.session_id, rename("Eve")), lambda: store.delete(made.session_id)):
        with pytest.raises(StoreUnavailable) as down:
            call()
        assert down.value.retry_after
    with pytest.raises(StoreUnavailable):
        store.create(interview())
    assert store.read(made.session_id).interview == made
    other.execute("ROLLBACK")
    other.close()

    store.change(made.session_id, rename("Grace"))
    assert store.read(made.session_id).interview.candidate_name == "Grace"


# Firestore alone


@pytest.mark.emulator
def test_firestore_gives_its_own_read_time(firestore: InterviewStore, wire: Wire) -> None:
    """The rule is told the server's time of the read it is applied to."""
    made = kept(firestore)
    _, seen = firestore.change(made.session_id, rename("Grace"))
    told, _ = firestore.change(made.session_id, lambda before, now: (before, now))

    assert told >= seen.at
    assert wire.count(READ) == 2


@pytest.mark.emulator
def test_every_call_to_firestore_has_a_timeout(firestore: InterviewStore, wire: Wire) -> None:
    """The library would otherwise go on for minutes."""
    made = kept(firestore, due_at=NOW)
    firestore.change(made.session_id, rename("Grace"))
    firestore.due(NOW, 1)
    firestore.delete(made.session_id)

    assert len(wire.calls) == 5
    assert all(call.timeout_seconds and call.timeout_seconds <= 5 for call in wire.calls)


@pytest.mark.emulator
def test_the_stored_array_is_the_transcript(
    firestore_emulator: FirestoreEmulator, firestore: InterviewStore, project: str
) -> None:
    """Appending in parts gives the same document as writing it whole."""
    made = kept(firestore)
    for _ in range(3):
        firestore.change(made.session_id, one_more_message)
    whole = replace(firestore.read(made.session_id).interview, session_id="whole")
    assert firestore.create(whole)
    client, channel = firestore_client(firestore_emulator.host, project)
    grown, written = (
        client.document(f"interviews/{name}").get().get("messages") for name in (made.session_id, "whole")
    )
    channel.close()

    assert grown == written
    assert [stored["seq"] for stored in grown] == [1, 2, 3, 4]


@pytest.mark.emulator
def test_each_kind_of_value_is_read_as_the_clients_own_snapshot_reads_it(
    firestore_emulator: FirestoreEmulator, project: str
) -> None:
    """In maps and lists, empty or not; the version and the time of the read, too."""
    kinds = [None, True, False, 0, -(2**60), 1.5, "", "Grüße 🤖", b"bytes", EXACT, {}]
    values = {"kinds": kinds, "deep": {"er": [{"list": kinds, "map": {"is empty": {}}}], "none": []}}
    client, channel = firestore_client(firestore_emulator.host, project)
    with channel:
        document = client.document("interviews/values")
        assert read_document(document, **once(5)) is None
        document.create(values)
        ours, theirs = read_document(document, **once(5)), document.get()
        left = read_document(document, unread="kinds", **once(5))

    assert ours
    assert ours.values == theirs.to_dict() == values
    assert left
    assert list(map(read_item, left.values["kinds"])) == kinds
    assert left.values["deep"] == values["deep"]
    assert str(ours.version) == str(theirs.update_time)
    assert timedelta(0) <= theirs.read_time - ours.at < timedelta(seconds=10)


@pytest.mark.emulator
def test_what_is_kept_beside_a_message_is_stored_where_it_is_not_the_default(
    firestore_emulator: FirestoreEmulator, firestore: InterviewStore, project: str
) -> None:
    """Each value costs time at every read; what is missing is read as the default."""
    made = kept(firestore)
    plain, late = (Message(seq, Role.USER, "intro", "Yes.", NOW) for seq in (2, 3))
    late = replace(late, meta=Meta(("e1",), late=True))
    firestore.change(made.session_id, lambda seen, at: (replace(seen, messages=(*seen.messages, plain, late)), None))
    client, channel = firestore_client(firestore_emulator.host, project)
    with channel:
        stored = client.document(f"interviews/{made.session_id}").get().get("messages")

    assert [each["meta"] for each in stored[1:]] == [{}, {"event_ids": ["e1"], "late": True}]
    assert firestore.read(made.session_id).interview.messages[1:] == (plain, late)


@pytest.mark.emulator
@pytest.mark.parametrize(
    "code", ["UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "RESOURCE_EXHAUSTED", "UNKNOWN", "ABORTED"]
)
@pytest.mark.parametrize("after", [False, True], ids=["request lost", "answer lost"])
def test_one_lost_call_is_mended(firestore: InterviewStore, wire: Wire, code: str, after: bool) -> None:
    """Whether the write happened or not, a rule that knows its own mark leaves it exactly once."""
    made = kept(firestore)
    wire.faults.append(Fault(WRITE, after, grpc.StatusCode[code]))

    def rule(before: Interview, now: datetime) -> tuple[Interview, str]:
        if before.lease and before.lease.fence == "mine":
            return before, "recognised"
        return replace(before, lease=Lease("e1", "mine", now), epoch=before.epoch + 1), "written"

    answer, seen = firestore.change(made.session_id, rule)

    assert answer == ("recognised" if after else "written")
    assert seen.interview.epoch == made.epoch + 1 == firestore.read(made.session_id).interview.epoch
    assert seen.version == firestore.read(made.session_id).version


@pytest.mark.emulator
@pytest.mark.parametrize("write", [1, 2], ids=["claim", "commit"])
@pytest.mark.parametrize("after", [False, True], ids=["request lost", "answer lost"])
def test_a_turn_survives_a_lost_call(
    firestore: InterviewStore, wire: Wire, clock: FakeClock, write: int, after: bool
) -> None:
    """Claim or commit, sent or not: one turn, once in the transcript."""
    room = Room(store=firestore, clock=clock)
    room.start()
    steps = room.steps(EventType.USER_TURN, "e1", [("e1", "I build robots.")])
    if write == 2:
        next(steps)
    wire.faults.append(Fault(WRITE, after))
    answered = last(steps)

    assert room.answers == ["I build robots."]
    assert len(room.spoken) == 2
    assert answered.turn == room.answer("I build robots.", "e1").turn
    assert answered.event_id == "e1"
    assert not wire.faults


@pytest.mark.emulator
def test_an_answer_lost_twice_is_still_one_turn(firestore: InterviewStore, wire: Wire, clock: FakeClock) -> None:
    """The read after the uncertain write may fail, too."""
    room = Room(store=firestore, clock=clock)
    room.start()
    wire.faults.extend([Fault(WRITE, True), Fault(READ, False, grpc.StatusCode.UNAVAILABLE), Fault(WRITE, True)])
    room.answer("I build robots.")

    assert room.answers == ["I build robots."]
    assert len(room.spoken) == 2


@pytest.mark.emulator
def test_a_create_whose_answer_was_lost_is_found_again(firestore: InterviewStore, wire: Wire) -> None:
    """The second try finds the id taken, by itself; the interview is there."""
    made = interview()
    wire.faults.append(Fault(WRITE, True))

    assert not firestore.create(made)
    assert firestore.read(made.session_id).interview == made


@pytest.mark.emulator
@pytest.mark.parametrize(
    "code", ["UNAVAILABLE", "DEADLINE_EXCEEDED", "PERMISSION_DENIED", "UNAUTHENTICATED", "CANCELLED"]
)
def test_a_write_that_keeps_failing_is_a_store_that_is_down(firestore: InterviewStore, wire: Wire, code: str) -> None:
    """A few tries and then one clear error, whatever the reason was."""
    made = kept(firestore)
    wire.faults.extend([Fault(WRITE, False, grpc.StatusCode[code])] * 20)
    with pytest.raises(StoreUnavailable) as down:
        firestore.change(made.session_id, rename("Eve"))

    assert down.value.retry_after
    assert 1 <= wire.count(WRITE) - 1 <= 3


@pytest.mark.emulator
@pytest.mark.parametrize("code", ["UNAVAILABLE", "PERMISSION_DENIED", "ABORTED"])
@pytest.mark.parametrize("call", ["create", "read", "change", "delete", "due"])
def test_every_call_says_that_the_store_is_down(firestore: InterviewStore, wire: Wire, call: str, code: str) -> None:
    """No error of the vendor's comes through, and nobody asks more than three times."""
    status = grpc.StatusCode[code]
    wire.faults.extend([Fault({"read": READ, "change": READ, "due": QUERY}.get(call, WRITE), False, status)] * 20)
    with pytest.raises(StoreUnavailable):
        _call(firestore, call)

    assert 1 <= len(wire.calls) <= 3


@pytest.mark.emulator
def test_a_list_that_breaks_off_is_asked_for_again(firestore: InterviewStore, wire: Wire) -> None:
    """A sweep gets the whole list or a clear error, never half of it."""
    made = [kept(firestore, due_at=NOW + timedelta(seconds=number)) for number in range(3)]
    later = NOW + timedelta(seconds=9)
    wire.faults.append(Fault(QUERY, True, grpc.StatusCode.UNAVAILABLE))
    assert [due.session_id for due in firestore.due(later, 9)] == [each.session_id for each in made]

    wire.faults.extend([Fault(QUERY, True, grpc.StatusCode.UNAVAILABLE)] * 3)
    with pytest.raises(StoreUnavailable):
        firestore.due(later, 9)


@pytest.fixture(params=["refused", "black hole"])
def nowhere(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address at which nobody answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "black hole":
            listener.listen()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("call", ["create", "read", "change", "delete", "due"])
def test_a_store_out_of_reach_is_down(nowhere: str, call: str) -> None:
    """A closed port and one that never answers are told the same way, after three timeouts at most."""
    store, channel = firestore_store(nowhere, "demo-nowhere", sleep=lambda _: None, timeout_seconds=0.2)
    with pytest.raises(StoreUnavailable) as down:
        _call(store, call)
    channel.close()

    assert down.value.retry_after


@pytest.mark.emulator
def test_a_store_that_comes_back_is_used_again(project: str, firestore_emulator: FirestoreEmulator) -> None:
    """An outage leaves nothing behind in the client."""
    wire = Wire()
    store, channel = firestore_store(firestore_emulator.host, project, wire, sleep=lambda _: None)
    made = kept(store)
    wire.faults.extend([Fault(READ, False, grpc.StatusCode.UNAVAILABLE)] * 3)
    with pytest.raises(StoreUnavailable):
        store.read(made.session_id)

    assert store.read(made.session_id).interview == made
    channel.close()


def _call(store: InterviewStore, name: str) -> object:
    calls = {
        "create": lambda: store.create(interview()),
        "read": lambda: store.read("some-id"),
        "change": lambda: store.change("some-id", rename("Eve")),
        "delete": lambda: store.delete("some-id"),
        "due": lambda: store.due(NOW, 1),
    }
    return calls[name]()  # type: ignore[no-untyped-call]
