"""The kind of interview is chosen before it begins: what it is, how long it takes, and which one it then is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Request, Route, expect

from browser.states import CREATE, HEALTH, PLANS, TURN, problem
from browser.tab import Service, Tab
from browser.test_for_everybody import violations
from support.candidates import NURSE
from support.client import ApiClient


def kind(tab: Tab) -> Locator:
    """Where the kind of interview is chosen."""
    return tab.page.get_by_label("Kind of interview")


def creates(tab: Tab) -> list[tuple[str, dict[str, Any]]]:
    """The key and the body of each request for an interview from now on."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/sessions/create"):
            sent.append((request.headers["idempotency-key"], request.post_data_json))

    tab.page.on("request", note)
    return sent


def rounded(plan: dict[str, Any]) -> int:
    """Whole minutes, a half one upwards."""
    return int(plan["minutes"] + 0.5)


def plan_of(tab: Tab) -> str:
    """What the service says the interview is that was opened last."""
    with ApiClient(tab.origin) as client:
        client.session_id, client.session_token = tab.session["id"], tab.session["token"]
        return str(client.messages()["plan"]["id"])


def press_begin(tab: Tab) -> None:
    tab.press("Begin the interview")
    tab.expect_replies(1)


def test_each_kind_is_offered_with_its_length_and_the_usual_one_is_chosen(tab: Tab, service: Service) -> None:
    """Title, minutes and number of questions of every plan, and one line that says what is chosen."""
    with ApiClient(service.url) as client:
        plans = client.request("GET", "plans").body
    tab.open()
    usual = next(plan for plan in plans if plan["id"] == "classic")
    expect(tab.page.get_by_text(f"About {rounded(usual)} minutes, {usual['questions']} questions")).to_be_visible()
    expect(kind(tab)).to_have_value("classic")
    offered = kind(tab).locator("option").all_inner_texts()
    others = [plan for plan in plans if plan["id"] != "classic"]
    assert offered == [
        f"{plan['title']} ({rounded(plan)} min, {plan['questions']} questions)" for plan in (usual, *others)
    ]
    assert violations(tab.page) == []


def test_the_interview_is_of_the_kind_that_was_chosen_and_the_next_one_too(tab: Tab) -> None:
    """The parts change with the choice; it is begun, remembered on this device, and practised again."""
    sent = creates(tab)
    tab.open()
    kind(tab).select_option("nursing")
    expect(tab.page.get_by_text("About 21 minutes, 12 questions")).to_be_visible()
    expect(tab.page.locator(".plan")).to_contain_text("up to 18 min")
    press_begin(tab)
    assert plan_of(tab) == "nursing"

    tab.page.get_by_role("link", name="to the start page").click()
    expect(kind(tab)).to_have_value("nursing")
    tab.page.reload()
    expect(kind(tab)).to_have_value("nursing")
    tab.page.go_back()
    tab.expect_replies(1)
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    tab.press("Practise again")
    tab.expect_replies(1)
    assert plan_of(tab) == "nursing"
    assert [body["plan"] for _, body in sent] == ["nursing", "nursing"]


def test_a_reload_at_the_end_still_practises_the_same_kind_again(tab: Tab) -> None:
    """What the interview was is known from itself; this device may have chosen another one meanwhile."""
    tab.open()
    kind(tab).select_option("quick")
    press_begin(tab)
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    tab.page.evaluate("() => localStorage.setItem('interviewos/plan', '\"sales\"')")
    tab.page.reload()
    tab.expect_feedback()
    tab.press("Practise again")
    tab.expect_replies(1)
    assert plan_of(tab) == "quick"


def test_another_kind_is_another_request_and_the_same_one_is_the_same(tab: Tab) -> None:
    """An idempotency key stands for one name, one role and one kind."""
    sent = creates(tab)
    tab.page.route(CREATE, problem("daily-interviews-reached", 429))
    tab.open()
    for chosen in ("classic", "quick", "quick", "classic"):
        kind(tab).select_option(chosen)
        tab.press("Begin the interview")
        expect(tab.page.get_by_text("of today are taken")).to_be_visible()
        expect(tab.page.locator("#begin-button")).to_have_attribute("aria-disabled", "false")

    keys = [key for key, _ in sent]
    assert [body.get("plan") for _, body in sent] == [None, "quick", "quick", None]
    assert keys[1] == keys[2]
    assert len(set(keys)) == 3


def test_a_kind_that_is_gone_gives_way_to_the_usual_one(tab: Tab) -> None:
    """What was remembered and is not listed any more is not asked for; what is refused in between says what to do."""
    tab.page.add_init_script("localStorage.setItem('interviewos/plan', '\"gone\"')")
    tab.open()
    expect(tab.page.get_by_text("About 18 minutes")).to_be_visible()
    expect(kind(tab)).to_have_value("classic")
    refusal = {"type": "/problems#invalid-field", "status": 422, "errors": [{"pointer": "/plan"}]}
    tab.page.route(CREATE, lambda route: route.fulfill(status=422, json=refusal), times=1)
    kind(tab).select_option("warehouse")
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("Please choose another one.")).to_be_visible()
    kind(tab).select_option("quick")
    press_begin(tab)
    assert plan_of(tab) == "quick"


def is_silent(route: Route) -> None:
    """Answer nothing."""
    route.abort()


@pytest.mark.parametrize("answers", [problem("not-found", 404), is_silent], ids=["does-not-know", "is-silent"])
def test_without_a_list_the_page_is_as_it_was(tab: Tab, answers: Callable[[Route], None]) -> None:
    """No kind is offered or asked for; roles are suggested, and the interview begins."""
    sent = creates(tab)
    tab.page.route(PLANS, answers)
    tab.open()
    expect(tab.page.get_by_role("group", name="Suggestions")).to_be_visible()
    expect(kind(tab)).to_have_count(0)
    assert violations(tab.page) == []
    press_begin(tab)
    assert [body for _, body in sent] == [{}]


def test_nothing_moves_when_the_list_comes(tab: Tab) -> None:
    """Its place is there before anything is known; a long list needs no more of it than a short one."""
    held: list[Route] = []
    for question in (PLANS, HEALTH):
        tab.page.route(question, lambda route: held.append(route))
    tab.open()
    role, button = tab.page.get_by_label("The role you practise for"), tab.page.locator("#begin-button")
    expect(tab.page.locator("#too-old")).to_have_count(0)
    before = (role.bounding_box(), button.bounding_box())
    for route in held:
        route.continue_()
    expect(tab.page.get_by_text("About 18 minutes, 8 questions")).to_be_visible()
    expect(tab.page.get_by_text("You will be interviewed by an AI.")).to_be_visible()
    assert (role.bounding_box(), button.bounding_box()) == before


def test_a_typed_role_chooses_no_kind(tab: Tab) -> None:
    """Whoever types a role is asked by it, in the kind that stands there."""
    tab.open()
    expect(tab.page.get_by_text("About 18 minutes")).to_be_visible()
    tab.page.get_by_label("The role you practise for").fill("Nurse, sales, warehouse")
    expect(kind(tab)).to_have_value("classic")
    with tab.page.expect_request(TURN):
        tab.press("Begin the interview")
    tab.expect_replies(1)
    assert plan_of(tab) == "classic"
