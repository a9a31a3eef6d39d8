"""When things go wrong: for each problem of the contract a sentence and a way on, and no answer is ever gone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from browser.states import MESSAGES, TURN, goes_on_asking, problem
from browser.tab import Service, Tab, words_of
from interviewos.domain import errors
from support.candidates import NURSE

PROBLEMS = {
    error.slug: error.status
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, errors.InterviewError)
}
GONE = ("unauthenticated", "forbidden", "not-found", "unknown-session", "session-expired")
RECOVERABLE = [slug for slug in PROBLEMS if slug not in GONE]
SENTENCE = "#notice-text:visible, .entry.user .note:visible:text('waiting for the answer before it')"


@pytest.fixture
def patient(start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]) -> Tab:
    """A tab in an interview with room for many answers."""
    service = start_service(MAX_INTRO_TURNS="60")
    service.say_always(goes_on_asking)
    tab = open_tab(service)
    tab.open().page.get_by_role("button", name="Begin the interview").click()
    tab.expect_replies(1)
    return tab


@pytest.mark.parametrize("slugs", [RECOVERABLE[::2], RECOVERABLE[1::2]], ids=["one-half", "the-other"])
def test_every_problem_of_a_turn_has_a_sentence_and_the_answer_arrives_once(patient: Tab, slugs: list[str]) -> None:
    """What can be tried again is, what was refused is back in the composer: one press later it is answered."""
    tab = patient
    answers = [f"This is what I said when the service answered {slug}." for slug in slugs]
    for number, (slug, words) in enumerate(zip(slugs, answers, strict=True), 2):
        tab.page.route(TURN, problem(slug, PROBLEMS[slug], **{"Retry-After": "1"}), times=1)
        tab.answer(words)
        expect(tab.page.locator(SENTENCE), slug).to_be_visible()
        if tab.composer.input_value() == words:
            tab.composer.press("Enter")
        tab.expect_replies(number)
        expect(tab.page.locator("#notice"), slug).to_be_hidden()

    assert answers == words_of("user", tab.transcript())


@pytest.mark.parametrize("slug", GONE)
def test_an_interview_that_cannot_be_opened_says_why_and_gives_the_words_back(tab: Tab, slug: str) -> None:
    """In the room and at load there is a heading, a sentence, the unanswered words and a way to the start page."""
    tab.begin()
    tab.page.route(TURN, problem(slug, PROBLEMS[slug]), times=1)
    tab.answer(NURSE[0])
    expect(tab.page.locator("#lost-title")).to_be_focused()
    expect(tab.page.locator("#lost-text")).to_contain_text(".")
    expect(tab.page.get_by_label("Your words that were not answered")).to_have_value(NURSE[0])
    expect(tab.page.get_by_role("link", name="What this means")).to_have_attribute("href", f"/problems#{slug}")

    tab.page.route(MESSAGES, problem(slug, PROBLEMS[slug]), times=1)
    tab.page.reload()
    expect(tab.page.locator("#lost-title")).to_be_focused()
    tab.page.get_by_role("button", name="To the start page").click()
    expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()


def test_a_service_that_is_busy_says_for_how_long_and_can_be_hurried(tab: Tab) -> None:
    """A 429 tells its wait, nothing is sent before it is over, and the person may press the button."""
    tab.begin()
    tab.page.route(TURN, problem("rate-limited", 429, **{"Retry-After": "120"}), times=1)
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("trying again in about 2 minutes")).to_be_visible()
    tab.page.get_by_role("button", name="Try now").click()
    tab.expect_question("what kind of work")

    assert [NURSE[0]] == words_of("user", tab.transcript())


def test_an_interview_that_does_not_load_at_first_loads_by_itself(tab: Tab) -> None:
    """A 503 at load is waited out, with a sentence."""
    tab.begin()
    tab.page.route(MESSAGES, problem("store-unavailable", 503, **{"Retry-After": "1"}), times=1)
    tab.page.reload()
    expect(tab.page.get_by_text("cannot save right now")).to_be_visible()
    tab.expect_question("Welcome")


def test_a_browser_without_the_key_says_so(tab: Tab) -> None:
    """Where the browser's data was cleared the tab knows that there was an interview, and says what helps."""
    tab.begin()
    tab.page.evaluate("() => localStorage.clear()")
    tab.page.reload()
    expect(tab.page.get_by_role("heading", name="This interview was opened elsewhere")).to_be_focused()
    tab.page.get_by_role("button", name="To the start page").click()
    expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()


def test_offline_before_the_beginning_the_interview_begins_when_back(tab: Tab, context: BrowserContext) -> None:
    """The button waits with the person, and the wish is fulfilled once."""
    tab.open()
    context.set_offline(True)
    tab.page.get_by_role("button", name="Begin the interview").click()
    expect(tab.page.get_by_text("You are offline.")).to_be_visible()
    context.set_offline(False)
    tab.expect_question("Welcome")
    assert len(tab.page.evaluate("() => JSON.parse(localStorage.getItem('interviewos/sessions'))")) == 1
