"""The report on an interview: there from its end on, every claim with its words, and open to being called wrong."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from support.client import ApiClient

pytestmark = pytest.mark.server

TOLD = (
    "I have been a nurse for nine years, and I like long treatments.",
    "A children's ward, if you ask me.",
    "A boy was pale at noon. I called the doctor straight away and said that I was worried about his heart.",
    "next",
    "The waiting time went from 40 minutes to 15 minutes in one winter. We had sorted them by who could get worse.",
    "next",
)


@pytest.fixture
def over(api: ApiClient) -> ApiClient:
    """An interview that is over, of a nurse who told two stories."""
    api.create(plan="nursing", candidate_name="Maria")
    api.start()
    for answer in TOLD:
        assert api.answer(answer).status == 200
    assert api.finish().status == 200
    return api


def findings(report: Any) -> list[dict[str, Any]]:
    return [finding for story in report["stories"] for finding in story["findings"]]


def test_there_is_none_before_the_end(api: ApiClient) -> None:
    api.create(plan="nursing")
    before = api.report()
    api.start()
    running = api.report()

    for answer in (before, running):
        assert (answer.status, answer["type"]) == (409, "/problems#interview-runs")
        assert "finish it" in answer["detail"]


def test_every_claim_has_its_words(over: ApiClient) -> None:
    """They are cut from the messages, with the whole sentence around them."""
    report, messages = over.report(), {message["seq"]: message for message in over.messages()["messages"]}
    claims = [*findings(report), *(point for point in report["points"] if point["seq"])]

    assert {finding["sign"] for finding in findings(report)} >= {"own_action", "result_measured"}
    for claim in claims:
        said = messages[claim["seq"]]
        assert said["role"] == "user"
        assert said["text"][claim["start"] : claim["end"]] == claim["quote"]
        assert claim["quote"] in claim["sentence"]
        assert claim["sentence"] in said["text"]


def test_the_points_are_the_last_message(over: ApiClient) -> None:
    points = over.report()["points"]

    assert [point["kind"] for point in points] == ["Strength", "Gap", "Next step"]
    lines = [f"- {point['kind']}: {point['text']}" for point in points]
    assert over.messages()["messages"][-1]["text"] == "\n".join(lines)


def test_a_story_says_what_was_asked_of_it(over: ApiClient) -> None:
    stories = {story["question"]: story for story in over.report()["stories"]}

    assert stories["nursing.deteriorating"]["parts_asked"] == ["action", "result", "number"]
    assert stories["nursing.deteriorating"]["not_assessed"] is None
    assert next(reversed(stories.values()))["not_assessed"] == "not_answered"


def test_without_a_model_no_level_is_given_and_the_reason_is_said(over: ApiClient) -> None:
    report = over.report()

    assert report["grading"] == "off"
    assert [(each["level"], each["not_assessed"]) for each in report["competencies"][:1]] == [
        (None, "grader_unavailable")
    ]


def test_who_has_it_already_is_not_sent_it_again(over: ApiClient) -> None:
    first = over.report()
    again = over.report(etag=first.headers["ETag"])

    assert again.status == 304


def test_a_finding_that_is_called_wrong_stays_called_that(over: ApiClient) -> None:
    """With the words as they should be; saying it again changes the words, and no other finding is touched."""
    finding, *others = findings(over.report())
    place = {name: finding[name] for name in ("sign", "seq", "start")}
    assert over.call_wrong(**place).status == 204
    assert over.call_wrong(**place, words="I called the ward doctor").status == 204
    marked, *rest = findings(over.report())

    assert (marked["wrong"], marked["words"]) == (True, "I called the ward doctor")
    assert rest == others


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"seq": 5, "start": 0, "sign": "no_result"}, "/sign"),
        ({"seq": 5, "start": 0}, "/sign"),
        ({"seq": 0, "start": 0, "sign": "own_action"}, "/seq"),
        ({"seq": 5, "start": -1, "sign": "own_action"}, "/start"),
        ({"seq": 5, "start": 0, "sign": "Own action"}, "/sign"),
        ({"seq": 5, "start": 0, "sign": "own_action", "words": "w" * 501}, "/words"),
        ({"seq": 5, "start": 0, "sign": "own_action", "why": "no"}, "/why"),
    ],
)
def test_what_names_no_finding_is_refused(over: ApiClient, body: dict[str, Any], pointer: str) -> None:
    refused = over.call_wrong(**body)

    assert (refused.status, refused["errors"][0]["pointer"]) == (422, pointer)


def test_nothing_is_called_wrong_before_the_end(api: ApiClient) -> None:
    api.create(plan="nursing")
    api.start()

    assert api.call_wrong(seq=3, start=0, sign="own_action").status == 409


def test_a_report_is_nobody_elses(over: ApiClient, api: ApiClient) -> None:
    """A token of another interview, none at all, and an interview that was deleted."""
    path = f"sessions/{over.session_id}/report"
    anonymous = over.with_door("none")
    unknown = over.request("GET", f"sessions/{uuid.uuid4()}/report", headers={"X-INGEST-SECRET": over.secret or ""})
    assert anonymous.request("GET", path).status == 401
    assert unknown.status in (401, 404)
    assert over.delete().status == 204

    assert over.report().status == 404
