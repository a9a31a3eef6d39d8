"""A whole interview with a keyboard and nothing else: set-up, every wish, answers, feedback and the next one."""

from collections.abc import Callable

from playwright.sync_api import Keyboard, expect

from browser.tab import Service, Tab, words_of
from browser.test_for_everybody import violations
from support.candidates import NURSE

BACKWARDS = ("More time", "Time to think", "Skip", "Simpler", "Repeat")
"""The wishes as Shift+Tab reaches them from the box: the other way round as they are read."""


def focused(tab: Tab) -> str:
    """What the focus is on, as it is called."""
    return str(tab.page.evaluate("() => document.activeElement.innerText || document.activeElement.id"))


def wish(tab: Tab, name: str, by: str) -> None:
    """From the box back to a wish, press it, and on to the box again."""
    keys, replies = tab.page.keyboard, tab.log.locator(".entry.agent").count()
    steps = (*BACKWARDS[:2], name if name == "Next question" else BACKWARDS[2], *BACKWARDS[3:])
    for expected in steps[: steps.index(name) + 1]:
        keys.press("Shift+Tab")
        assert focused(tab) == expected
    keys.press(by)
    tab.expect_replies(replies + 1)
    assert focused(tab) in (name, "Skip"), "the focus stays where it was pressed"
    for _ in range(steps.index(name) + 1):
        keys.press("Tab")
    expect(tab.composer).to_be_focused()


def answer(tab: Tab, keys: Keyboard, words: str) -> None:
    replies = tab.log.locator(".entry.agent").count()
    keys.type(words)
    keys.press("Enter")
    tab.expect_replies(replies + 1)
    expect(tab.composer).to_be_focused()


def set_up(tab: Tab, keys: Keyboard) -> None:
    """Choose the third kind, a level, twice the time, a role and a name, one after the other, and begin."""
    expect(tab.page.locator("#plan option")).to_have_count(7)
    keys.press("Tab")
    expect(tab.page.get_by_label("Kind of interview")).to_be_focused()
    for _ in range(2):
        keys.press("ArrowDown")
    expect(tab.page.locator(".kind .title")).to_have_text("Nursing and care")
    keys.press("Tab")
    expect(tab.page.get_by_label("Any level")).to_be_focused()
    keys.press("ArrowRight")
    expect(tab.page.locator("#forecast")).to_contain_text("About 21 minutes and 8 questions.")
    keys.press("Tab")
    assert focused(tab).startswith("More options")
    keys.press("Enter")
    keys.press("Tab")
    expect(tab.page.get_by_label("As planned")).to_be_focused()
    for _ in range(2):
        keys.press("ArrowDown")
    expect(tab.page.locator("#forecast")).to_contain_text("About 41 minutes and 8 questions.")
    keys.press("Tab")
    expect(tab.page.get_by_label("The role you practise for")).to_be_focused()
    keys.type("Nurse")
    keys.press("Tab")
    keys.type("Ada")
    keys.press("Enter")
    tab.expect_replies(1)
    expect(tab.composer).to_be_focused()


def test_every_wish_every_answer_and_the_next_interview(
    open_tab: Callable[[Service], Tab], services: dict[str, Service]
) -> None:
    """The focus is where one goes on, the draft stays, and each wish is stored once and in order."""
    tab = open_tab(services["script"]).open()
    keys = tab.page.keyboard
    set_up(tab, keys)

    keys.type("I came to nursing")
    for name, by in (("Repeat", "Enter"), ("Simpler", "Space"), ("Time to think", "Enter"), ("More time", "Space")):
        wish(tab, name, by)
        expect(tab.composer).to_have_value("I came to nursing")
    assert violations(tab.page) == []
    answer(tab, keys, " through my grandmother, whom I looked after myself for two years.")
    while tab.page.locator("[data-wish=next]").count() == 0:
        answer(tab, keys, NURSE[1])
    wish(tab, "Next question", "Enter")
    wish(tab, "Skip", "Space")
    answer(tab, keys, NURSE[2])

    keys.press("Tab")
    assert focused(tab).startswith("Finish now")
    keys.press("Enter")
    expect(tab.page.get_by_role("button", name="Finish and get feedback")).to_be_focused()
    keys.press("Enter")
    expect(tab.page.get_by_role("heading", name="Your feedback")).to_be_focused()
    tab.expect_feedback()
    told = tab.transcript()
    assert words_of("user", told)[0].startswith("I came to nursing through")
    assert [m["wish"] for m in told if m["role"] == "agent" and m["wish"]] == [
        "repeat",
        "simpler",
        "pause",
        "more_time",
    ]
    for _ in range(tab.expect_report() + 1):
        keys.press("Tab")
    keys.press("Enter")
    tab.expect_replies(1)
    expect(tab.page.locator("#question-title")).to_have_text("Question 1 of about 8")


def test_a_way_back_by_keyboard_is_the_first_stop(tab: Tab) -> None:
    """Who comes back to the start page with an interview going on is one key from it."""
    tab.begin()
    tab.page.goto(tab.origin + "/problems")
    tab.page.goto(tab.origin)
    expect(tab.page.locator("#continue-button")).to_be_visible()
    tab.page.keyboard.press("Tab")
    expect(tab.page.get_by_role("button", name="Continue")).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.expect_question("Welcome")
    expect(tab.composer).to_be_focused()
