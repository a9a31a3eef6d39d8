"""A page that is open while the service is renewed: what it does not know of is no obstacle."""

import json
from typing import Any

from playwright.sync_api import Route, expect

from browser.states import CREATE, HEALTH, MESSAGES, TURN, problem
from browser.tab import Tab, words_of
from support.candidates import NURSE

LATER_STAGES = {"intro": "warm_up"}
"""What this page calls the introduction is called otherwise there; the end has the same name."""
UNKNOWN_EVENTS = "event: mood\ndata: calm, and no JSON\n\nevent: hint\ndata:\n\n"


def of_later(said: Any) -> Any:
    """The same as a later release would say it: with other stages, and with fields that nobody has heard of."""
    if isinstance(said, list):
        return [of_later(one) for one in said]
    if not isinstance(said, dict):
        return said
    stage = {"stage": LATER_STAGES.get(said["stage"], said["stage"])} if "stage" in said else {}
    return {**{name: of_later(value) for name, value in said.items()}, **stage, "constructor": {"mood": ["calm"]}}


def answers_as_later(route: Route) -> None:
    """Pass a request on, and its answer back as a later release would give it."""
    answer = route.fetch()
    if "event-stream" in answer.headers["content-type"]:
        blocks = [block.partition("data: ") for block in answer.text().split("\n\n") if block]
        told = [f"{event}data: {json.dumps(of_later(json.loads(data)))}\n\n" if data else f"{event}\n\n"
                for event, _, data in blocks]  # fmt: skip
        route.fulfill(response=answer, body=UNKNOWN_EVENTS + UNKNOWN_EVENTS.join(told))
    elif answer.status == 200:
        route.fulfill(response=answer, json=of_later(answer.json()))
    else:
        route.fulfill(response=answer)


def tells_of_an_observer(route: Route) -> None:
    """Add a message whose role this page does not know."""
    answer = route.fetch()
    said = of_later(answer.json())
    last = said["messages"][-1]
    observed = {**last, "seq": last["seq"] + 1, "role": "observer", "text": "They were calm."}
    route.fulfill(response=answer, json={**said, "messages": [*said["messages"], observed]})


def steps(tab: Tab) -> list[tuple[str, bool]]:
    """What the page calls the parts of the interview, and which is the one now."""
    script = "(all) => all.map((one) => [one.textContent, one.ariaCurrent === 'step'])"
    return [(name, now) for name, now in tab.page.locator("#steps li").evaluate_all(script)]


def test_an_unknown_stage_has_a_plain_name_and_nothing_breaks(tab: Tab) -> None:
    """Unknown stages, fields, events, roles and problems: the interview goes on to its feedback, also over a reload."""
    for address in (TURN, CREATE, MESSAGES, HEALTH):
        tab.page.route(address, answers_as_later)
    tab.begin()
    assert steps(tab) == [("Interview", True), ("Feedback", False)]
    expect(tab.page).to_have_title("Interview · InterviewOS")

    tab.page.route(TURN, problem("constructor", 422), times=1)
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("This was not accepted. Your words are still here")).to_be_visible()
    tab.composer.press("Enter")
    tab.expect_question("what kind of work")
    tab.page.reload()
    tab.expect_question("what kind of work")
    assert steps(tab) == [("Interview", True), ("Feedback", False)]

    tab.finish()
    tab.expect_feedback()
    tab.page.route(MESSAGES, tells_of_an_observer)
    tab.page.reload()
    tab.expect_feedback()
    assert words_of("user", tab.transcript()) == tab.said("user") == [NURSE[0]]
    expect(tab.page.get_by_text("They were calm.")).to_have_count(0)


def test_a_known_stage_has_its_name(tab: Tab) -> None:
    """The stages of this release, in their order, the one now marked."""
    tab.begin()
    assert steps(tab) == [("Introduction", True), ("Experience", False), ("Feedback", False)]
    expect(tab.page).to_have_title("Introduction · InterviewOS")
