"""What a stranger learns before the first question, and what a candidate takes home after the last."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Route, expect

from browser.states import CREATE, HEALTH, PLANS, problem, visiting
from browser.tab import Service, Tab
from support.candidates import NURSE
from support.client import ApiClient

IMPATIENCE = """
const limit = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => limit(ms / 10);
"""


def read(download: Download) -> str:
    return Path(download.path()).read_text()


@pytest.fixture
def finished(tab: Tab) -> Tab:
    """An interview with two answers that has its feedback."""
    tab.begin()
    for number, words in enumerate(NURSE[:2], 2):
        tab.answer(words)
        tab.expect_replies(number)
    tab.finish()
    tab.expect_feedback()
    return tab


def test_a_stranger_learns_what_will_happen(tab: Tab) -> None:
    """Who asks, in how many parts, for how long, by which means, and what becomes of the words."""
    tab.open()
    for words in (
        "You will be interviewed by an AI.",
        "up to 3 min",
        "up to 15 min",
        "nothing you sent is lost",
        "Your words are kept for 30 days",
        "You can delete them sooner",
        "Voice is not set up on this service.",
    ):
        expect(tab.page.get_by_text(words)).to_be_visible()
    expect(tab.page.get_by_label("By voice")).to_be_disabled()


def test_the_first_picture_waits_for_no_script(chromium: Browser, service: Service) -> None:
    """The promise, the fields and the button are in the HTML itself."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(service.url)
    expect(page.get_by_role("heading", name="Practise the interview before it counts.")).to_be_visible()
    expect(page.get_by_role("button", name="Begin the interview")).to_be_visible()
    expect(page.locator("noscript .noscript")).to_be_visible()
    context.close()


def test_a_suggestion_fills_in_the_role(tab: Tab) -> None:
    """Where no kind of interview can be chosen one press is enough for a role that many practise for."""
    tab.page.route(PLANS, problem("not-found", 404))
    tab.open()
    tab.page.get_by_role("button", name="Electrician").click()
    expect(tab.page.get_by_label("The role you practise for")).to_have_value("Electrician")
    tab.page.get_by_label("The role you practise for").press("Enter")
    tab.expect_question("Welcome")
    assert tab.session["role"] == "Electrician"


def test_a_suggestion_never_takes_the_place_of_what_was_typed(tab: Tab) -> None:
    """Who has a role of their own is offered no other, and nothing on the page moves when the offers go."""
    tab.page.route(PLANS, problem("not-found", 404))
    tab.open()
    role, name = tab.page.get_by_label("The role you practise for"), tab.page.get_by_label("What may we call you?")
    before = name.bounding_box()
    role.fill("Registered nurse")
    expect(tab.page.get_by_role("group", name="Suggestions").get_by_role("button")).to_have_count(0)
    assert name.bounding_box() == before
    role.fill("")
    expect(tab.page.get_by_role("group", name="Suggestions").get_by_role("button")).to_have_count(4)


def test_where_voice_is_set_up_choosing_it_wakes_its_function_once(tab: Tab) -> None:
    """Nobody who writes wakes the function that gives tokens."""
    said = {"status": "ok", "interviewer": "model", "voice": True, "retention_days": 30}
    tab.page.route(HEALTH, lambda route: route.fulfill(json=said))
    tab.open()
    with tab.page.expect_request("**/livekit/token/health"):  # once what speakers need is loaded
        for name in ("By voice", "In writing", "By voice"):
            tab.page.get_by_label(name).check()
    expect(tab.page.get_by_text("Voice is not set up")).to_be_hidden()
    assert tab.calls().count("GET livekit/token/health") == 1


def test_a_service_that_does_not_answer_yet_can_still_be_tried(tab: Tab) -> None:
    """The page says that nobody answers, and the button works all the same."""
    tab.page.route(HEALTH, lambda route: route.abort(), times=1)
    tab.open()
    expect(tab.page.get_by_text("does not answer right now")).to_be_visible()
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("Welcome")


def test_the_start_page_still_knows_the_service_when_the_time_limits_of_its_questions_are_over(tab: Tab) -> None:
    """Who comes back from an interview reads the same as before it, and nobody is woken once more."""
    tab.page.add_init_script(IMPATIENCE)
    tab.begin()
    tab.page.wait_for_timeout(4000)
    tab.asked.clear()
    tab.page.get_by_role("link", name="to the start page").click()

    tab.page.wait_for_timeout(500)
    expect(tab.page.locator("#interviewer")).to_have_text("You will be interviewed by an AI.")
    expect(tab.page.get_by_text("up to 15 min")).to_be_visible()
    assert tab.calls() == []


def test_too_many_interviews_say_when_to_come_back(tab: Tab) -> None:
    """A short wait is waited out with a word about it, a long one is told."""
    tab.open()
    button = tab.page.get_by_role("button", name="Begin the interview")
    tab.page.route(CREATE, problem("rate-limited", 429, **{"Retry-After": "900"}), times=1)
    button.click()
    expect(tab.page.get_by_text("Please try again in about 15 minutes.")).to_be_visible()
    tab.page.route(CREATE, problem("rate-limited", 429, **{"Retry-After": "3"}), times=1)
    button.click()
    expect(tab.page.get_by_text("Yours begins in about 3 seconds.")).to_be_visible()
    tab.expect_question("Welcome")


def await_a_place(tab: Tab, role: str, seconds: str) -> None:
    """Go to the start page and ask for an interview that can only begin after a while."""
    tab.page.get_by_role("link", name="to the start page").click()
    tab.page.get_by_label("The role you practise for").fill(role)
    tab.page.route(CREATE, problem("rate-limited", 429, **{"Retry-After": seconds}), times=1)
    tab.page.get_by_role("button", name="Begin the interview").click()
    expect(tab.page.get_by_text(f"Yours begins in about {seconds} seconds.")).to_be_visible()


def test_who_leaves_a_wait_and_asks_for_another_role_begins_only_that(tab: Tab) -> None:
    """A wish that was left is never sent again, also where its wait ends while the next one waits."""
    tab.begin(role="Nurse")
    roles: list[str] = []
    tab.page.on("request", lambda it: roles.append(it.post_data_json["role"]) if it.url.endswith("/create") else None)
    await_a_place(tab, "Designer", "4")
    tab.page.go_back()
    await_a_place(tab, "Engineer", "5")
    tab.expect_question("Welcome")

    assert roles == ["Designer", "Engineer", "Engineer"]
    assert tab.session["role"] == "Engineer"


def test_a_beginning_that_takes_long_can_be_cancelled(tab: Tab) -> None:
    """The way out is beside the sentence; nothing is tried after it, and the next press begins one interview."""
    tab.open()
    begin, cancel = (tab.page.get_by_role("button", name=name) for name in ("Begin the interview", "Cancel"))
    tab.page.route(CREATE, problem("store-unavailable", 503, **{"Retry-After": "1"}))
    begin.click()
    expect(tab.page.get_by_text("not ready for a new interview")).to_be_visible()
    cancel.focus()
    tab.page.keyboard.press("Enter")
    expect(begin).to_be_focused()
    expect(cancel).to_be_hidden()
    tab.page.unroute(CREATE)
    tab.asked.clear()
    tab.page.wait_for_timeout(2000)
    assert tab.calls() == []

    begin.click()
    tab.expect_question("Welcome")
    assert len(tab.page.evaluate("() => JSON.parse(localStorage.getItem('interviewos/sessions'))")) == 1


def test_a_service_that_says_nothing_can_be_left_and_its_late_answer_opens_nothing(tab: Tab) -> None:
    """After a few seconds the page says that it waits; an interview that was made meanwhile is the next one."""
    waiting: list[Route] = []
    tab.page.route(CREATE, lambda route: waiting.append(route), times=1)
    tab.open()
    tab.page.get_by_role("button", name="Begin the interview").click()
    expect(tab.page.get_by_text("Still waiting")).to_be_visible()
    tab.page.get_by_role("button", name="Cancel").click()
    made = waiting[0].fetch()
    waiting[0].fulfill(response=made)
    tab.page.wait_for_timeout(500)
    expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()

    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("Welcome")
    assert tab.session["id"] == made.json()["session_id"]


@pytest.mark.parametrize(
    ("slug", "status", "seconds", "sentence"),
    [
        ("daily-interviews-reached", 429, "18000", "of today are taken. Please come back in about 5 hours."),
        ("daily-interviews-reached", 429, "30", "of today are taken. Please come back in about 30 seconds."),
        ("daily-budget-reached", 503, "5000", "its work for today. Please come back in about 83 minutes."),
        ("daily-budget-reached", 503, None, "its work for today. Please come back later."),
        ("app-check-failed", 401, None, "Allow google.com if something here blocks it, reload the page and try again"),
        ("app-check-failed", 403, None, "Allow google.com if something here blocks it, reload the page and try again"),
    ],
)
def test_a_door_that_is_closed_for_today_says_so_and_is_not_knocked_at(
    tab: Tab, slug: str, status: int, seconds: str | None, sentence: str
) -> None:
    """The page asks once, says what to do, and the button works again when the door is open."""
    tab.open()
    button = tab.page.get_by_role("button", name="Begin the interview")
    tab.page.route(CREATE, problem(slug, status, **({"Retry-After": seconds} if seconds else {})))
    button.click()
    expect(tab.page.get_by_text(sentence)).to_be_visible()
    tab.page.wait_for_timeout(2000)
    assert tab.calls().count("POST sessions/create") == 1

    tab.page.unroute(CREATE)
    button.click()
    tab.expect_question("Welcome")


def test_the_interview_goes_home_as_text_and_as_json(finished: Tab) -> None:
    """Both files hold every word once and the three points, and neither holds the key."""
    with finished.page.expect_download() as download:
        finished.page.get_by_role("button", name="Save as text").click()
    text = read(download.value)
    with finished.page.expect_download() as download:
        finished.page.get_by_role("button", name="Save as JSON").click()
    data = json.loads(read(download.value))

    stored = [message for message in finished.transcript() if message["role"] != "system"]
    assert download.value.suggested_filename == f"interview-{stored[0]['created_at'][:10]}.json"
    assert [message["text"] for message in stored] == [message["text"] for message in data["messages"]]
    assert {"name": "Ada", "role": "Nurse"}.items() <= data.items()
    assert all(data["feedback"][point] in text for point in ("strength", "gap", "next"))
    assert all(text.count(f"> {words}") == 1 for words in NURSE[:2])
    assert not [file for file in (text, json.dumps(data)) if finished.session["token"] in file]


def test_on_paper_there_is_the_feedback_and_the_conversation_and_nothing_to_press(tab: Tab, finished: Tab) -> None:
    """The print button asks the browser to print, and the print view leaves the screen's tools out."""
    finished.page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    finished.page.get_by_role("button", name="Print").click()
    assert finished.page.evaluate("() => window.printed")

    finished.page.emulate_media(media="print", color_scheme="dark")
    assert finished.page.get_by_role("button").count() == 0
    expect(finished.feedback.get_by_text("Strength", exact=True)).to_be_visible()
    expect(finished.log.get_by_text(NURSE[1])).to_be_visible()
    assert finished.page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    dashes = "() => getComputedStyle(document.querySelector('.points dt'), '::before').borderBlockStartWidth"
    assert finished.page.evaluate(dashes) == "3px"  # a background would not be printed
    assert finished.page.pdf(format="A4").startswith(b"%PDF")


def test_once_more_with_the_same_role(finished: Tab) -> None:
    """One press begins another interview for the same person and role; the first stays where it was."""
    first = finished.session["id"]
    finished.page.get_by_role("button", name="Practise again").click()
    finished.expect_question("Welcome")

    assert finished.session["id"] != first
    assert {"name": "Ada", "role": "Nurse"}.items() <= finished.session.items()
    finished.page.go_back()
    finished.page.go_back()
    finished.expect_feedback()


def test_an_interview_can_be_deleted_from_the_list(finished: Tab) -> None:
    """The start page deletes an old interview, after a question that names it."""
    with ApiClient(finished.origin) as client:
        client.session_id, client.session_token = finished.session["id"], finished.session["token"]
        finished.page.get_by_role("link", name="to the start page").click()
        finished.page.get_by_role("button", name="Delete: Nurse").click()
        expect(finished.page.get_by_role("dialog")).to_contain_text("Nurse")
        finished.page.get_by_role("button", name="Delete", exact=True).click()
        news = finished.page.get_by_role("status").filter(has_text="The interview is deleted.")
        expect(news.locator(".calm")).to_be_visible()  # it is what was wished for, and no warning
        assert client.messages().status == 404
    expect(finished.page.get_by_role("heading", name="Your interviews")).to_be_hidden()


def test_an_interview_says_until_when_it_is_kept(
    service: Service, open_tab: Callable[[Service], Tab], finished: Tab
) -> None:
    """Also where it was opened by a link, whose maker alone was told."""
    sentence = "This interview is kept until"
    expect(finished.feedback.get_by_text(sentence)).to_be_visible()
    with ApiClient(service.url) as client:
        link = client.create(candidate_name="Grace")["join_url"]
    by_link = open_tab(service).open(link.removeprefix(service.url))
    expect(by_link.page.get_by_text(sentence).first).to_be_visible()


def test_the_feedback_fits_on_a_picture_of_the_screen(chromium: Browser, services: dict[str, Service]) -> None:
    """The card with its three points is seen whole on a phone and on a wide screen, without scrolling."""
    with visiting(chromium, services, "end") as tab:
        for width, height in ((390, 844), (1280, 800)):
            tab.page.set_viewport_size({"width": width, "height": height})
            tab.page.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
            for point in ("strength", "gap", "next"):
                expect(tab.page.locator(f"#{point}")).to_be_in_viewport(ratio=1)
