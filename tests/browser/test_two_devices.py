"""One interview on two devices: every answer stands under the question that its writer saw."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from browser.states import TURN
from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.client import ApiClient

ELSEWHERE = "This question was answered on another device. Your words are back in the box."
WENT_ON = "The interviewer went on before this came. Your words are back in the box."


@pytest.fixture
def laptop(tab: Tab) -> Tab:
    """The first of two devices, in an interview."""
    return tab.begin()


@pytest.fixture
def phone(chromium: Browser, service: Service, laptop: Tab) -> Iterator[Tab]:
    """The second device: another browser that was given the link."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab = Tab(context.new_page(), service.url)
    tab.watch()
    tab.open(f"/#session={laptop.session['id']}&token={laptop.session['token']}")
    tab.expect_question("Welcome")
    yield tab
    assert tab.faults == []
    context.close()


def sent(tab: Tab) -> list[dict[str, object]]:
    """What the tab sends to be answered from now on."""
    bodies: list[dict[str, object]] = []
    tab.page.on("request", lambda it: bodies.append(it.post_data_json) if it.url.endswith("/next_turn") else None)
    return bodies


def test_an_answer_to_a_question_that_was_answered_elsewhere_comes_back(laptop: Tab, phone: Tab) -> None:
    """The new question is there, the words are in the box, and sent once more they are a new answer to it."""
    phone.composer.fill(NURSE[0])
    phone.press("Send")
    phone.expect_question("what kind of work")
    bodies = sent(laptop)
    laptop.answer(NURSE[1])

    expect(laptop.page.get_by_role("status").filter(has_text=ELSEWHERE)).to_be_visible()
    expect(laptop.composer).to_have_value(NURSE[1])
    laptop.expect_question("what kind of work")
    assert laptop.said("user") == [NURSE[0]] == words_of("user", laptop.transcript())

    laptop.composer.press("Enter")
    laptop.expect_question("which project of yours")
    expect(laptop.page.get_by_text(ELSEWHERE)).to_be_hidden()
    assert list(NURSE[:2]) == laptop.said("user") == words_of("user", laptop.transcript())
    assert len({body["event_id"] for body in bodies}) == 2
    assert [body["after"] for body in bodies] == [2, 4]


def test_words_that_come_back_take_nothing_from_newer_ones(laptop: Tab, phone: Tab) -> None:
    """Who went on writing meanwhile has both in the box, also after a reload."""
    phone.composer.fill(NURSE[0])
    phone.press("Send")
    phone.expect_question("what kind of work")
    held: list[Route] = []
    laptop.page.route(TURN, lambda route: held.append(route), times=1)
    with laptop.page.expect_request(TURN):
        laptop.answer(NURSE[1])
    laptop.composer.fill("And one more thing")
    held[0].continue_()

    expect(laptop.composer).to_have_value(f"{NURSE[1]}\n\nAnd one more thing")
    laptop.page.reload()
    expect(laptop.composer).to_have_value(f"{NURSE[1]}\n\nAnd one more thing")
    assert [NURSE[0]] == laptop.said("user")


def test_words_that_come_after_the_interviewer_went_on_alone_come_back(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """No other device is made up: the sentence says what happened."""
    tab = open_tab(start_service(INTRO_TIMEOUT_S="3", STAGE_GRACE_S="3")).begin()
    held: list[Route] = []
    tab.page.route(TURN, lambda route: held.append(route), times=1)
    with tab.page.expect_request(TURN):
        tab.answer(NURSE[0])
    with ApiClient(tab.origin) as client:
        client.session_id, client.session_token = tab.session["id"], tab.session["token"]
        while client.messages()["stage"] == "intro":
            tab.page.wait_for_timeout(500)
    held[0].continue_()

    expect(tab.page.get_by_text(WENT_ON)).to_be_visible()
    expect(tab.composer).to_have_value(NURSE[0])
    tab.expect_question("which project of yours")


def test_functions_of_the_release_before_get_the_answer_as_they_know_it(laptop: Tab) -> None:
    """During a deployment the page may be the newer one: the answer is taken once, and nobody reads of it."""

    def know_no_after(route: Route) -> None:
        if "after" not in route.request.post_data_json:
            return route.continue_()
        problem = {"type": "/problems#unknown-field", "status": 422, "errors": [{"pointer": "/after"}]}
        return route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(problem))

    laptop.page.route(TURN, know_no_after)
    bodies = sent(laptop)
    for number, words in enumerate(NURSE[:2], 2):
        laptop.answer(words)
        laptop.expect_replies(number)

    assert list(NURSE[:2]) == words_of("user", laptop.transcript())
    assert len(bodies) == 4
    assert len({body["event_id"] for body in bodies}) == 2
