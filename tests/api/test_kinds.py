"""The kinds of interview: which there are, choosing one, and what an interview tells of its own."""

import uuid

import pytest

from support.client import BASE, ApiClient
from support.fakes import CLASSIC

pytestmark = pytest.mark.server


def test_the_plans_are_open_to_anybody(api: ApiClient) -> None:
    """Without a token; whoever has the list already is not sent it again."""
    listed = api.http.get(f"{BASE}/plans")
    again = api.http.get(f"{BASE}/plans", headers={"If-None-Match": listed.headers["ETag"]})

    classic = next(plan for plan in listed.json() if plan["id"] == "classic")
    assert (classic["title"], classic["languages"]) == ("Interview for any work", ["en"])
    assert [(stage["id"], stage["label"]) for stage in classic["stages"]] == [
        ("intro", "Introduction"),
        ("experience", "Experience"),
    ]
    assert classic["minutes"] == sum(stage["minutes"] for stage in classic["stages"])
    assert classic["questions"] == len(CLASSIC.questions)
    assert (again.status_code, again.content) == (304, b"")


def test_an_interview_tells_its_plan_and_what_it_accepts(api: ApiClient) -> None:
    """A page needs the names and the time of the stages, a listener the pauses, before the first turn."""
    api.create(plan="classic")
    read = api.messages()

    assert read["plan"]["id"] == "classic"
    assert [(stage["id"], stage["pauses"]) for stage in read["plan"]["stages"]] == [
        ("intro", "short"),
        ("experience", "long"),
    ]
    assert read["accepts"] == ["after", "event_id", "heard", "parts", "speech", "user_text", "wish"]


def test_the_answer_to_create_tells_the_same_at_once(api: ApiClient) -> None:
    """A page shows the first stage and the buttons of the wishes without a second call."""
    created = api.create(plan="nursing", level="senior", time_factor=1.5)
    read = api.messages()

    assert {name: created[name] for name in ("plan", "accepts")} == {name: read[name] for name in ("plan", "accepts")}
    assert (read["plan"]["level"], read["plan"]["time_factor"], read["plan"]["language"]) == ("senior", 1.5, "en")


def test_an_interview_expects_as_many_questions_as_were_forecast(api: ApiClient) -> None:
    """Whatever the time is: more of it is for the same questions."""
    nursing = next(plan for plan in api.http.get(f"{BASE}/plans").json() if plan["id"] == "nursing")
    forecast = {each["level"]: each["questions"] for each in nursing["forecast"]}

    for level, time_factor in (("", 1), ("entry", 1), ("entry", 3)):
        plan = api.create(plan="nursing", level=level, time_factor=time_factor)["plan"]
        assert plan["expected"] == forecast[level] < plan["questions"]


def test_a_level_a_longer_time_and_what_was_seen_make_another_interview(api: ApiClient) -> None:
    """All three are frozen into it; nothing else of the plan changes."""
    listed = {plan["id"]: plan for plan in api.http.get(f"{BASE}/plans").json()}
    plain = api.create(plan="nursing")["plan"]
    chosen = api.create(plan="nursing", level="entry", time_factor=2, seen=["nursing.near-miss", "of.no-plan"])["plan"]

    assert listed["nursing"]["levels"] == ["entry", "mid", "senior", "lead"]
    assert listed["classic"]["levels"] == []
    assert [each["level"] for each in listed["nursing"]["forecast"]] == ["", "entry", "mid", "senior", "lead"]
    assert chosen["questions"] < plain["questions"]
    assert [stage["seconds"] for stage in chosen["stages"]] == [2 * stage["seconds"] for stage in plain["stages"]]


def test_questions_can_be_practised_again_alone(api: ApiClient) -> None:
    """One greeting, the question, an answer and the end, with feedback."""
    created = api.create(plan="nursing", only=["nursing.near-miss"])
    first = api.start()
    turn = api.answer("I gave a wrong dose to one patient, told the doctor within two minutes and wrote a report.")
    while not turn["done"]:
        turn = api.answer("That is all.")

    assert [stage["id"] for stage in created["plan"]["stages"]] == ["experience"]
    assert "nearly happened" in first["assistant_text"]
    assert {m["question"] for m in api.messages()["messages"]} == {"", "nursing.near-miss"}


@pytest.mark.parametrize(
    ("chosen", "pointer", "told"),
    [
        ({"level": "boss"}, "/level", ""),
        ({"time_factor": 4}, "/time_factor", ""),
        ({"time_factor": 0.5}, "/time_factor", ""),
        ({"language": "tlh"}, "/language", "en"),
        ({"only": ["nursing.near-miss", "nursing.astrology"]}, "/only/1", ""),
        ({"seen": ["x" * 65]}, "/seen/0", ""),
        ({"seen": ["x"] * 201}, "/seen", ""),
    ],
)
def test_a_choice_that_there_is_not_is_refused_with_its_place(
    api: ApiClient, chosen: dict[str, object], pointer: str, told: str
) -> None:
    """Nothing is created, and what can be had is named where that is short."""
    refused = api.create(plan="nursing", **chosen)

    assert (refused.status, refused["errors"][0]["pointer"]) == (422, pointer)
    assert told in refused["errors"][0]["detail"]


def test_a_job_and_a_background_are_taken_and_forgotten(api: ApiClient) -> None:
    """Without a model nothing is tailored; a long paste in any script fits the body."""
    created = api.create(job="肺" * 8_000, background="Seven years on a stroke unit. " * 200)
    api.start()

    assert (created.status, created["plan"]["tailored"]) == (201, 0)
    assert api.messages()["plan"]["tailored"] == 0
    assert "肺" not in str(api.messages().body)


def test_a_paste_that_is_too_long_is_refused_and_any_other_body_as_ever(api: ApiClient) -> None:
    """The sentence says how long it may be."""
    long = api.create(job="x" * 8_001)
    larger = api.create(job="x" * 70_000)
    api.create()
    api.start()
    answer = api.answer("x" * 20_000)

    assert (long.status, long["errors"][0]["pointer"]) == (422, "/job")
    assert (larger.status, "64 KiB" in larger["detail"]) == (413, True)
    assert (answer.status, "16 KiB" in answer["detail"]) == (413, True)


def test_a_key_belongs_to_one_choice(api: ApiClient) -> None:
    """The same again finds the interview that was made; another level under it is refused."""
    key = str(uuid.uuid4())
    first = api.create(idempotency_key=key, plan="nursing", level="mid")
    again = api.create(idempotency_key=key, plan="nursing", level="mid")
    other = api.create(idempotency_key=key, plan="nursing", level="lead")

    assert first["session_id"] == again["session_id"]
    assert (other.status, other["type"].rpartition("#")[2]) == (422, "event-reused")


def test_a_plan_that_is_none_is_refused_and_the_plans_are_named(api: ApiClient) -> None:
    """Nothing is created; the sentence says what can be had."""
    refused = api.create(plan="astrology")

    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/plan")
    assert "classic" in refused["detail"]


def test_what_a_later_page_sends_with_an_answer_is_left_out(api: ApiClient) -> None:
    """In the turn, in a part of speech and in what was heard: the answer is taken as it is."""
    api.create()
    api.start(mood="calm")
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    heard = {"seq": 2, "text": "", "by": "a person"}
    parts = [{"id": first, "text": "I herd", "loud": 1}, {"id": second, "text": "quick lemurs.", "loud": 2}]
    turn = api.turn("user_turn", event_id=second, parts=parts, heard=heard, mood={"of": "later"})

    assert turn.status == 200
    assert [m["text"] for m in api.messages()["messages"] if m["role"] == "user"] == ["I herd", "quick lemurs."]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ({"only": ["nursing.near-miss"]}, {"only": ["nursing.idea"]}),
        ({"only": ["nursing.near-miss"]}, {}),
        ({"job": "A ward for lungs."}, {"job": "A ward for hearts."}),
    ],
    ids=["other-questions", "all-of-them", "another-job"],
)
def test_a_key_belongs_to_the_questions_and_the_paste_too(
    api: ApiClient, first: dict[str, object], other: dict[str, object]
) -> None:
    """Whoever sends something else under it would get what they did not ask for."""
    key = str(uuid.uuid4())
    made = api.create(idempotency_key=key, plan="nursing", **first)
    refused = api.create(idempotency_key=key, plan="nursing", **other)
    again = api.create(idempotency_key=key, plan="nursing", **first)

    assert (refused.status, again["session_id"]) == (422, made["session_id"])


def test_a_repeat_finds_an_interview_that_has_forgotten_its_paste(api: ApiClient) -> None:
    """An answer to create that was lost is asked for again after another tab has begun."""
    key = str(uuid.uuid4())
    made = api.create(idempotency_key=key, job="A ward for lungs.")
    api.start()

    assert api.create(idempotency_key=key, job="A ward for lungs.")["session_id"] == made["session_id"]
