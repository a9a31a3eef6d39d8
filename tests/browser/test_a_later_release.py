"""A page and a service of different releases: what one of them does not know of is no obstacle."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from browser.states import CREATE, HEALTH, MESSAGES, PLANS, TURN, problem
from browser.tab import Tab, words_of
from support.candidates import NURSE

LATER_STAGES = {"intro": "warm_up"}
"""What this page calls the introduction is called otherwise there; the end has the same name."""
WARM_UP = {"id": "warm_up", "label": "Warm-up", "about": "How your day has been.", "minutes": 2.0, "mood": ["calm"]}
UNKNOWN_EVENTS = "event: mood\ndata: calm, and no JSON\n\nevent: hint\ndata:\n\n"


def of_later(said: Any) -> Any:
    """The same as a later release would say it: with other stages, and with fields that nobody has heard of."""
    if isinstance(said, list):
        return [of_later(one) for one in said]
    if not isinstance(said, dict):
        return said
    stage = {"stage": LATER_STAGES.get(said["stage"], said["stage"])} if "stage" in said else {}
    return {**{name: of_later(value) for name, value in said.items()}, **stage, "constructor": {"mood": ["calm"]}}


def with_names(said: Any) -> Any:
    """The same as a later release would say it that names its stages."""
    later = of_later(said)
    for plan in [later.get("plan", {})] if isinstance(later, dict) else later:
        if plan.get("id") == "classic":
            plan["stages"] = [WARM_UP, *plan["stages"][1:]]
    return later


def of_earlier(said: Any) -> Any:
    """The same as a release said it that had no kinds of interview."""
    return {name: value for name, value in said.items() if name not in ("plan", "accepts")}


def answers_as(release: Callable[[Any], Any]) -> Callable[[Route], None]:
    """Pass a request on, and its answer back as another release would give it."""

    def answer(route: Route) -> None:
        answer = route.fetch()
        if "event-stream" in answer.headers["content-type"]:
            blocks = [block.partition("data: ") for block in answer.text().split("\n\n") if block]
            told = [f"{event}data: {json.dumps(release(json.loads(data)))}\n\n" if data else f"{event}\n\n"
                    for event, _, data in blocks]  # fmt: skip
            route.fulfill(response=answer, body=UNKNOWN_EVENTS + UNKNOWN_EVENTS.join(told))
        elif answer.ok:
            route.fulfill(response=answer, json=release(answer.json()))
        else:
            route.fulfill(response=answer)

    return answer


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
        tab.page.route(address, answers_as(of_later))
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


def parts(tab: Tab) -> list[str]:
    """What the start page says of each part: its name, its minutes, and what it is about."""
    return tab.page.locator(".plan li").all_inner_texts()


def test_the_stages_are_those_that_the_service_names(tab: Tab) -> None:
    """Before an interview their minutes and what they are about, too; in it the same ones, also over a reload."""
    for address in (TURN, CREATE, MESSAGES, HEALTH, PLANS):
        tab.page.route(address, answers_as(with_names))
    tab.begin()
    assert steps(tab) == [("Warm-up", True), ("Experience", False), ("Feedback", False)]
    expect(tab.page).to_have_title("Warm-up · InterviewOS")
    tab.page.unroute(PLANS)
    tab.page.reload()
    tab.expect_question("Welcome")
    assert steps(tab) == [("Warm-up", True), ("Experience", False), ("Feedback", False)]

    tab.page.route(PLANS, answers_as(with_names))
    tab.page.get_by_role("link", name="to the start page").click()
    expect(tab.page.get_by_text("How your day has been.")).to_be_visible()
    first, second, _ = parts(tab)
    assert first.split() == ["Warm-up", "up", "to", "2", "min", "How", "your", "day", "has", "been."]
    assert second.split()[:5] == ["Experience", "up", "to", "15", "min"]


def is_silent(route: Route) -> None:
    """Answer nothing."""
    route.abort()


@pytest.mark.parametrize("answers", [problem("not-found", 404), is_silent], ids=["does-not-know", "is-silent"])
def test_a_service_that_does_not_name_its_stages_has_those_of_the_first_release(
    tab: Tab, answers: Callable[[Route], None]
) -> None:
    """Its functions are of an earlier release, or it does not answer: names, minutes and parts are as they were."""
    tab.page.route(PLANS, answers)
    tab.page.route(MESSAGES, answers_as(of_earlier))
    tab.open()
    expect(tab.page.get_by_text("up to 15 min")).to_be_visible()
    assert [part.split()[0] for part in parts(tab)] == ["Introduction", "Experience", "Feedback"]
    tab.begin()
    tab.page.reload()
    tab.expect_question("Welcome")
    assert steps(tab) == [("Introduction", True), ("Experience", False), ("Feedback", False)]


def test_a_known_stage_has_its_name(tab: Tab) -> None:
    """The stages of this release, in their order, the one now marked."""
    tab.begin()
    assert steps(tab) == [("Introduction", True), ("Experience", False), ("Feedback", False)]
    expect(tab.page).to_have_title("Introduction · InterviewOS")
