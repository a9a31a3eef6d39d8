"""What people and browsers do to a page: the answer is never gone and never sent as two turns."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from browser.states import CREATE, MESSAGES, TURN
from browser.tab import Service, Tab, words_of
from support.candidates import NURSE
from support.client import ApiClient
from support.gemini import Gate, Text

BLOCK_STORAGE = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError"); } });
"""
FILL_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
PRACTISE_A_LOT = """() => {
  const at = (key) => `interviewos/${key}`;
  const [open] = JSON.parse(localStorage.getItem(at("sessions")));
  const old = Array.from({ length: 20 }, (_, number) => ({ id: `old-${number + 1}`, token: "t", status: "ended" }));
  localStorage.setItem(at("sessions"), JSON.stringify([...old.slice(0, 19), open, old[19]]));
  localStorage.setItem(at("draft/old-20"), JSON.stringify("Half a thought"));
  const late = { event_type: "user_turn", event_id: "e1", text: "Too late", at: 1 };
  localStorage.setItem(at("outbox/old-20/e1"), JSON.stringify(late));
}"""
WRONG_CLOCK = "const now = Date.now; Date.now = () => now() + 86_400_000 * 400;"


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def test_a_lost_create_makes_no_second_interview(tab: Tab) -> None:
    """The wish keeps its key until it is answered."""
    made = []
    tab.page.on("response", lambda response: made.append(response) if response.url.endswith("/create") else None)
    tab.page.route(CREATE, lose_the_answer, times=1)
    tab.begin()

    keys = [request.header_value("Idempotency-Key") for request in (response.request for response in made)]
    assert len([call for call in tab.calls() if call == "POST sessions/create"]) == 2
    assert len(set(keys)) == 1
    assert len(tab.page.evaluate("() => JSON.parse(localStorage.getItem('interviewos/sessions'))")) == 1


def test_pressing_everything_twice_does_everything_once(tab: Tab) -> None:
    """A double click begins one interview, and Enter pressed twice sends one answer."""
    tab.open()
    tab.page.get_by_role("button", name="Begin the interview").dblclick()
    tab.expect_question("Welcome")
    tab.composer.fill(NURSE[0])
    tab.page.evaluate("() => { for (let i = 0; i < 3; i++) document.querySelector('#composer').requestSubmit(); }")
    tab.expect_question("what kind of work")

    assert tab.calls().count("POST sessions/create") == 1
    assert tab.calls().count("POST ui/next_turn") == 2
    assert [NURSE[0]] == words_of("user", tab.transcript())


def test_the_back_button_in_mid_turn_does_no_harm(tab: Tab, service: Service) -> None:
    """Who leaves the room and comes back finds the interview where it was, with the answer in it once."""
    tab.begin()
    gate = Gate()
    service.gemini.say(Text("Thank you, and what did you do next in that project?\n<<<STAY>>>", gate=gate))
    tab.answer(NURSE[0])
    assert gate.reached.wait(10)
    tab.page.go_back()
    expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()
    gate.set()
    tab.page.go_forward()
    tab.expect_question("what did you do next")

    assert [NURSE[0]] == words_of("user", tab.transcript())
    assert [NURSE[0]] == tab.said("user")


def test_who_finishes_and_leaves_while_the_page_catches_up_finds_everything(tab: Tab) -> None:
    """Another device went ahead, so the page looks; who leaves during that look finds the feedback when they return."""
    tab.begin(role="Nurse")
    with tab.elsewhere_client() as elsewhere:
        assert elsewhere.answer(NURSE[0]).status == 200
    tab.page.route(MESSAGES, lambda route: None, times=1)  # this look gets no answer
    with tab.page.expect_request(MESSAGES):
        tab.finish()
    tab.page.get_by_role("link", name="to the start page").click()
    tab.page.get_by_role("button", name=re.compile("^Nurse")).click()

    tab.expect_feedback()
    assert [NURSE[0]] == words_of("user", tab.transcript()) == tab.said("user")


@pytest.mark.long
def test_a_server_that_dies_in_mid_stream_loses_nothing(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """The page tries again until the service is back and answers, and the answer is in the transcript once."""
    service = start_service()
    tab = open_tab(service).begin()
    gate = Gate()
    service.gemini.say(Text("Thank you, and what did you do next in that project?\n<<<STAY>>>", gate=gate))
    tab.answer(NURSE[0])
    expect(tab.log.locator(".entry.agent")).to_have_count(2)
    service.server.kill()
    expect(tab.page.get_by_text("No connection.")).to_be_visible()
    service.server.start()
    gate.set()

    expect(tab.log.get_by_text("what kind of work")).to_be_visible(timeout=60_000)  # when the dead turn's lease ends
    tab.expect_replies(2)
    assert [NURSE[0]] == words_of("user", tab.transcript()) == tab.said("user")


def test_an_interview_is_found_again_in_a_new_tab(
    tab: Tab, service: Service, open_tab: Callable[[Service], Tab]
) -> None:
    """The begin page lists the interviews of this browser, and one press goes on."""
    tab.begin(role="Nurse")
    tab.page.close()
    again = open_tab(service).open()
    again.page.get_by_role("button", name=re.compile("^Nurse")).click()

    again.expect_question("Welcome")
    expect(again.composer).to_be_visible()


def test_two_tabs_show_the_same_without_asking(tab: Tab, service: Service, open_tab: Callable[[Service], Tab]) -> None:
    """An answer in one tab appears in the other, which sends no request for it; neither forks the interview."""
    tab.begin(role="Nurse")
    other = open_tab(service).open()
    other.page.get_by_role("button", name=re.compile("^Nurse")).click()
    other.expect_question("Welcome")
    asked_before = len(other.asked)

    tab.answer(NURSE[0])
    other.expect_question("what kind of work")
    assert asked_before == len(other.asked)

    other.answer(NURSE[1])
    tab.expect_question("which project of yours")
    assert list(NURSE[:2]) == words_of("user", tab.transcript()) == tab.said("user") == other.said("user")


def test_of_two_tabs_that_answer_at_once_each_is_heard_under_the_question_it_saw(
    tab: Tab, service: Service, open_tab: Callable[[Service], Tab]
) -> None:
    """The second answer comes back, for its question was answered; sent once more it stands under the new one."""
    tab.begin(role="Nurse")
    other = open_tab(service).open()
    other.page.get_by_role("button", name=re.compile("^Nurse")).click()
    other.expect_question("Welcome")
    gate = Gate(0)
    service.gemini.say(Text("Thank you, and where was that exactly?\n<<<STAY>>>", gate=gate))
    tab.answer(NURSE[0])
    assert gate.reached.wait(10)
    other.answer(NURSE[1])
    expect(other.page.get_by_text("waiting for the answer before it")).to_be_visible()
    gate.set()
    expect(other.composer).to_have_value(NURSE[1])
    other.expect_question("where was that exactly?")
    other.composer.press("Enter")
    for one in (tab, other):
        expect(one.log.locator(".entry.user")).to_have_count(2)
        one.expect_replies(3)

    assert list(NURSE[:2]) == words_of("user", tab.transcript())
    assert tab.said("user") == other.said("user")
    assert tab.said("agent") == other.said("agent")


def test_a_draft_survives_a_reload(tab: Tab) -> None:
    """What was typed and not sent is still in the composer."""
    tab.begin()
    tab.composer.fill("Half a thought")
    tab.page.reload()

    expect(tab.composer).to_have_value("Half a thought")


def test_offline_the_answer_waits_and_is_sent_once_when_back(tab: Tab, context: BrowserContext) -> None:
    """The page says that it is offline, keeps the words and sends them by itself."""
    tab.begin()
    context.set_offline(True)
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("You are offline.")).to_be_visible()
    context.set_offline(False)
    tab.expect_question("what kind of work")

    assert [NURSE[0]] == words_of("user", tab.transcript())


def test_a_refused_answer_comes_back_to_the_composer(tab: Tab) -> None:
    """A 422 gives the words back with a sentence that says what to do, and they can be sent again."""
    tab.begin()
    problem = {"type": "/problems#invalid-field", "title": "A field is not valid.", "status": 422}
    tab.page.route(
        TURN,
        lambda route: route.fulfill(status=422, content_type="application/problem+json", json=problem),
        times=1,
    )
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("Shorten it and send it again.")).to_be_visible()
    expect(tab.page.get_by_role("link", name="What this means")).to_have_attribute("href", "/problems#invalid-field")
    expect(tab.composer).to_have_value(NURSE[0])

    tab.composer.press("Enter")
    tab.expect_question("what kind of work")
    assert [NURSE[0]] == words_of("user", tab.transcript())


def test_words_that_were_not_sent_before_the_end_can_be_copied(tab: Tab) -> None:
    """What stood in the box when the interview ended is shown beside the feedback, also after a reload."""
    tab.begin()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")
    tab.composer.fill("Half a thought\nand its second line")
    tab.finish()
    for _ in range(2):
        tab.expect_feedback()
        unsent = tab.page.get_by_label("Your words that were not answered")
        expect(unsent).to_have_value("Half a thought\nand its second line")
        expect(unsent).not_to_be_editable()
        tab.page.reload()
    assert [NURSE[0]] == words_of("user", tab.transcript())

    tab.page.get_by_role("button", name="Practise again").click()
    tab.expect_question("Welcome")
    expect(unsent).to_be_hidden()  # they belong to the other interview


def test_an_answer_that_is_too_long_is_not_sent(tab: Tab) -> None:
    """The counter says by how much, in characters as the service counts them."""
    tab.begin()
    tab.composer.fill("😀" * 4001)
    tab.composer.press("Enter")
    expect(tab.page.get_by_text("1 character too many")).to_be_visible()
    assert tab.calls().count("POST ui/next_turn") == 1

    tab.composer.fill("😀" * 4000)
    tab.composer.press("Enter")
    tab.expect_question("what kind of work")
    assert words_of("user", tab.transcript()) == ["😀" * 4000]


def test_an_old_interview_stays_listed_while_its_words_can_be_sent(tab: Tab) -> None:
    """What leaves the list takes its words with it, so nothing leaves that could still be delivered."""
    tab.begin(role="Nurse")
    tab.page.route(TURN, lambda route: route.abort())
    tab.answer(NURSE[0])
    expect(tab.page.get_by_text("No connection.")).to_be_visible()
    tab.page.evaluate(PRACTISE_A_LOT)
    tab.page.get_by_role("link", name="to the start page").click()
    tab.page.unroute(TURN)
    tab.begin(role="Designer")

    kept = tab.page.evaluate("() => JSON.stringify({ ...localStorage })")
    assert "old-19" in kept
    assert "old-20" not in kept
    tab.page.get_by_role("link", name="to the start page").click()
    tab.page.get_by_role("button", name=re.compile("^Nurse")).click()
    tab.expect_question("what kind of work")
    assert [NURSE[0]] == words_of("user", tab.transcript())


def test_without_storage_the_interview_still_works_and_survives_a_reload(tab: Tab) -> None:
    """A browser that blocks storage holds the key in the tab's own history."""
    tab.page.add_init_script(BLOCK_STORAGE)
    tab.begin()
    expect(tab.page.get_by_text("This browser keeps no copy")).to_be_visible()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")
    tab.page.reload()
    tab.expect_question("what kind of work")

    assert [NURSE[0]] == tab.said("user")


def test_a_full_storage_is_no_obstacle(tab: Tab) -> None:
    """Words that cannot be kept in the browser are sent all the same, and the page says so."""
    tab.page.add_init_script(FILL_STORAGE)
    tab.begin()
    expect(tab.page.get_by_text("This browser keeps no copy")).to_be_visible()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")


def test_a_wrong_clock_changes_no_time_left(tab: Tab) -> None:
    """Time left is counted from the service's seconds, so a machine that is a year ahead shows the same."""
    tab.page.add_init_script(WRONG_CLOCK)
    tab.begin()

    expect(tab.page.get_by_text("About 3 min left")).to_be_visible()


def test_an_interview_that_was_deleted_elsewhere_says_so_and_gives_the_words_back(tab: Tab) -> None:
    """A 404 in the room shows what happened, the words that found no listener, and a way on."""
    tab.begin()
    with ApiClient(tab.origin) as client:
        client.session_id, client.session_token = tab.session["id"], tab.session["token"]
        assert client.delete().status == 204
    tab.answer(NURSE[0])

    expect(tab.page.get_by_role("heading", name="This interview is not here")).to_be_focused()
    expect(tab.page.get_by_label("Your words that were not answered")).to_have_value(NURSE[0])
    tab.page.get_by_role("button", name="To the start page").click()
    expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()
    expect(tab.page.get_by_role("region", name="Your interviews in this browser")).to_have_count(0)


def test_delete_my_data_deletes_it_everywhere(tab: Tab) -> None:
    """After the confirmation neither the service nor the browser knows the interview."""
    tab.begin()
    tab.answer(NURSE[0])
    tab.expect_question("what kind of work")
    tab.finish()
    tab.expect_feedback()
    with ApiClient(tab.origin) as client:
        client.session_id, client.session_token = tab.session["id"], tab.session["token"]
        tab.page.get_by_role("button", name="Delete my data").click()
        tab.page.get_by_role("button", name="Delete", exact=True).click()
        expect(tab.page.get_by_text("The interview is deleted.")).to_be_visible()
        assert client.messages().status == 404

    assert tab.page.evaluate("() => ({ ...localStorage })") == {"interviewos/sessions": "[]"}


def test_answering_over_an_ended_interview_shows_its_end(tab: Tab) -> None:
    """Where another device ended the interview, the late words stay on the screen and the feedback is shown."""
    tab.begin()
    with ApiClient(tab.origin) as client:
        client.session_id, client.session_token = tab.session["id"], tab.session["token"]
        client.answer(NURSE[0])
        client.finish()
    tab.answer(NURSE[1])

    tab.expect_feedback()
    expect(tab.page.get_by_text("This came after the end")).to_be_visible()
    assert [NURSE[0]] == words_of("user", tab.transcript())
