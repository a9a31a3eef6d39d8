"""The page never polls: what it asks for is counted."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from browser.states import goes_on_asking
from browser.tab import Service, Tab
from support.gemini import Gate
from support.puppet import interviewer_script

LOOK = "GET sessions/<id>/messages"


def test_a_whole_interview_costs_one_request_a_turn(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """One question to each function at load, one to create, one to start, one an answer, and one for the report."""
    service = start_service()
    service.say_always(goes_on_asking)
    tab = open_tab(service)
    tab.open().page.get_by_role("button", name="Begin the interview").click()
    tab.expect_replies(1)
    answers = 0
    while not tab.feedback.is_visible():
        answers += 1
        tab.answer(f"This is answer number {answers}, about one more thing that I did.")
        tab.expect_replies(answers + 1)
    tab.expect_feedback()
    tab.page.wait_for_timeout(1000)

    assert {"GET ui/next_turn/health", "GET plans", "GET sessions/messages/health"} == set(tab.calls()[:3])
    turns = ["POST ui/next_turn"] * (answers + 1)
    assert ["POST sessions/create", *turns, "GET sessions/<id>/report"] == tab.calls()[3:]

    tab.asked.clear()
    tab.page.reload()
    tab.expect_feedback()
    tab.page.wait_for_timeout(1000)
    assert [f"{LOOK}?after=0", "GET sessions/<id>/report"] == tab.calls()


@pytest.mark.long
def test_at_a_deadline_the_page_looks_once_and_then_more_and_more_rarely(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """While the interviewer has not moved on yet the pauses grow, and when it has the looking stops."""
    service = start_service(INTRO_TIMEOUT_S="1", STAGE_GRACE_S="1")
    tab = open_tab(service).begin()
    gate = Gate(0)
    service.say_always(lambda request: replace(interviewer_script(request), gate=gate))

    assert gate.reached.wait(15)
    tab.page.wait_for_timeout(5000)
    gate.set()
    tab.expect_question("which project of yours")

    looks = tab.looks()
    pauses = [later - earlier for earlier, later in pairwise(looks)]
    assert 2 <= len(looks) <= 5
    assert pauses[0] >= 1.9
    assert all(later > 0.9 * earlier for earlier, later in pairwise(pauses))

    tab.asked.clear()
    tab.page.wait_for_timeout(5000)
    assert tab.asked == []


@pytest.mark.long
def test_a_silent_candidate_sees_the_interview_end_by_itself(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """Who says nothing at all gets both moves and an honest closing on the page, and then it asks no more."""
    service = start_service(INTRO_TIMEOUT_S="1", EXPERIENCE_TIMEOUT_S="1", STAGE_GRACE_S="1")
    tab = open_tab(service).begin()

    expect(tab.feedback).to_be_visible(timeout=40_000)
    expect(tab.composer).to_be_hidden()
    tab.expect_report()
    tab.asked.clear()
    tab.page.wait_for_timeout(5000)
    assert tab.asked == []
