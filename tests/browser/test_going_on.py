"""The way back: an interview that is still going on comes first, and no two rows of the list look alike."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from browser.tab import Service, Tab
from browser.test_for_everybody import violations
from support.candidates import NURSE


def go_home(tab: Tab) -> None:
    tab.page.get_by_role("link", name="to the start page").click()


def test_an_interview_that_is_going_on_comes_first_and_says_how_long_is_left(tab: Tab) -> None:
    """In view on a phone without scrolling, as the one large button; a new one can be begun all the same."""
    tab.begin()
    tab.page.set_viewport_size({"width": 390, "height": 844})
    go_home(tab)
    on = tab.page.get_by_role("button", name=re.compile(r"^Continue, 1[78] min left$"))
    expect(on).to_be_in_viewport(ratio=1)
    expect(tab.page.get_by_role("region", name="still going on")).to_contain_text("Nurse")
    expect(tab.page.get_by_role("region", name="still going on")).to_contain_text("Question 1 of about 7")
    expect(tab.page.locator("main button").first).to_have_id("continue-button")
    assert tab.page.locator("main .primary").count() == 1
    assert violations(tab.page) == []

    tab.page.reload()
    on.focus()
    tab.page.keyboard.press("Enter")
    tab.expect_question("Welcome")
    tab.page.go_back()
    tab.press("Begin the interview")
    tab.expect_question("Welcome")
    assert len(tab.page.evaluate("() => JSON.parse(localStorage['interviewos/sessions'])")) == 2


def test_an_interview_whose_time_is_over_does_not_come_first(
    start_service: Callable[..., Service], open_tab: Callable[[Service], Tab]
) -> None:
    """The minutes are those of the whole interview; when they are gone, so is the button."""
    tab = open_tab(start_service(INTRO_TIMEOUT_S="6", EXPERIENCE_TIMEOUT_S="6")).begin()
    go_home(tab)
    on = tab.page.get_by_role("button", name="Continue, less than a minute left")
    expect(on).to_be_visible()
    expect(on).to_be_hidden()
    expect(tab.page.locator("[data-open]")).to_have_count(1)
    assert tab.page.locator("#begin-button").get_attribute("class") == "primary"


def test_an_interview_that_has_ended_is_no_way_on_and_says_what_to_work_on(tab: Tab) -> None:
    """When, of which kind, how far, and the gap of its feedback: several tries of one day can be told apart."""
    tab.open()
    tab.page.get_by_label("Kind of interview").select_option("quick")
    tab.press("Begin the interview")
    tab.expect_replies(1)
    go_home(tab)
    tab.page.get_by_label("Kind of interview").select_option("classic")
    tab.press("Begin the interview")
    tab.expect_replies(1)
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    gap = tab.page.locator("#gap").inner_text()
    go_home(tab)
    ended, open_one = tab.page.locator("[data-open]").all_inner_texts()
    assert re.search(r"\d\d:\d\d", ended)
    assert "Interview for any work" in ended
    assert "read again" in ended
    assert gap in ended.replace("\u2068", "").replace("\u2069", "")
    assert "Five-minute practice" in open_one
    assert "Question 1 of about 3" in open_one
    expect(tab.page.locator("#continue")).to_contain_text("Five-minute practice")
    assert violations(tab.page) == []


def test_what_a_feedback_said_is_kept_no_longer_here_than_there(tab: Tab) -> None:
    """When the service has deleted an interview, its words leave this browser's list as well."""
    tab.begin()
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    kept = "() => JSON.parse(localStorage['interviewos/sessions']).map((one) => 'work_on' in one)"
    assert tab.page.evaluate(kept) == [True]
    tab.page.evaluate(
        """() => {
          const [one] = JSON.parse(localStorage["interviewos/sessions"]);
          localStorage["interviewos/sessions"] = JSON.stringify([{ ...one, expires_at: "2020-01-01T00:00:00Z" }]);
        }"""
    )
    go_home(tab)
    tab.press("Begin the interview")
    tab.expect_replies(1)
    assert tab.page.evaluate(kept) == [False, False]
