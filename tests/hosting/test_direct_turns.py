"""Turns go to their function's own address, where no proxy holds a stream back, and lose nothing where that fails."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.gemini import Gate, Text

TURN = "/api/interview/ui/next_turn"
HEALTH = f"{TURN}/health"
OURS = "POST ui/next_turn"


def test_a_turn_streams_from_its_functions_own_address(service: Service, open_tab: Callable[..., Tab]) -> None:
    """Half a reply is read while the model still speaks the other half; all else is asked of the page's own origin."""
    tab = open_tab(next_turn_url=service.url).begin()
    gate = Gate(3)
    reply = f"Thank you. {'Nursing is a wide field. ' * 4}Where was that?\n<<<STAY>>>"
    service.gemini.say(Text(reply, chunk_size=24, gate=gate))
    tab.answer(NURSE[0])
    expect(tab.log.locator(".entry.agent").last).to_contain_text("Nursing is")
    expect(tab.log).to_have_attribute("aria-busy", "true")
    gate.set()
    tab.expect_question("Where was that?")

    assert OURS not in tab.calls()
    assert [url.removeprefix(service.url) for url in tab.elsewhere] == [HEALTH, TURN, TURN]


def test_what_the_page_must_know_of_its_deployment_is_asked_once(
    service: Service, open_tab: Callable[..., Tab]
) -> None:
    """One request for config.json, at load, beside the scripts and not after them."""
    tab = open_tab(next_turn_url=service.url)
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url.removeprefix(tab.origin)))
    tab.begin()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")

    assert asked.count("/config.json") == 1
    assert asked.index("/config.json") < asked.index("/main.js")


def test_where_that_address_is_dead_turns_take_the_pages_own(service: Service, open_tab: Callable[..., Tab]) -> None:
    """The first try finds out, and from then on nobody is kept waiting by it."""
    tab = open_tab(next_turn_url=service.url)
    tab.page.route(f"{service.url}/**", lambda route: route.abort("connectionrefused"))
    tab.begin()
    assert tab.elsewhere[0] == service.url + HEALTH
    tab.elsewhere.clear()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")

    assert tab.elsewhere == []
    assert tab.calls().count(OURS) == 2
    assert words_of("user", tab.transcript()) == [NURSE[0]]


@pytest.mark.long
def test_a_function_that_does_not_know_the_page_is_no_obstacle(
    start_functions: Callable[..., Service], open_tab: Callable[..., Tab]
) -> None:
    """Where ALLOWED_ORIGINS has another page in it the browser hides the answer, and the interview goes on."""
    tab = open_tab(next_turn_url=start_functions(ALLOWED_ORIGINS="https://another.example").url).begin()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")

    assert words_of("user", tab.transcript()) == [NURSE[0]]


def test_an_address_that_takes_the_answer_and_dies_loses_and_doubles_nothing(
    service: Service, open_tab: Callable[..., Tab]
) -> None:
    """The words got through and nobody said so: the same event goes to the page's own origin and is one turn."""
    tab = open_tab(next_turn_url=service.url).begin()
    through: list[int] = []

    def takes_and_dies(route: Route) -> None:
        through.append(route.fetch().status)
        route.abort("connectionreset")

    tab.page.route(service.url + TURN, takes_and_dies)
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")
    tab.answer(NURSE[1])
    tab.expect_question("which project of yours")

    assert through == [200]
    assert tab.calls().count(OURS) == 2
    assert list(NURSE[:2]) == words_of("user", tab.transcript()) == tab.said("user")


def test_while_offline_nothing_is_given_up(service: Service, open_tab: Callable[..., Tab]) -> None:
    """Who was offline for a moment streams as before: it was not that address that failed."""
    tab = open_tab(next_turn_url=service.url).begin()
    tab.page.context.set_offline(True)
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("You are offline.")).to_be_visible()
    tab.elsewhere.clear()
    tab.asked.clear()
    tab.page.context.set_offline(False)
    tab.expect_question("what kind of work")

    assert tab.elsewhere[-1] == service.url + TURN
    assert words_of("user", tab.transcript()) == [NURSE[0]]


@pytest.mark.long
def test_an_address_that_says_nothing_is_left_after_ten_seconds(service: Service, open_tab: Callable[..., Tab]) -> None:
    """A network that swallows packets costs one wait."""
    tab = open_tab(next_turn_url=service.url).begin()
    swallowed: list[Route] = []
    tab.page.route(service.url + TURN, lambda route: swallowed.append(route))
    for words, question in zip(NURSE[:2], ("what kind of work", "which project of yours"), strict=True):
        tab.answer(words)
        tab.expect_question(question)

    assert len(swallowed) == 1
    assert list(NURSE[:2]) == words_of("user", tab.transcript())
