"""The box that an answer is written in: with a keyboard, on a screen, in every script and every browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.tab import Service, Tab, words_of
from support.candidates import NURSE

TURN = "POST ui/next_turn"
LINES = "\n".join(f"Line {number}" for number in range(1, 9))
ENTER_THAT_CHOOSES_A_WORD = """(answer, [keyCode, isComposing]) => answer.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", keyCode, isComposing, bubbles: true, cancelable: true }))"""


@pytest.fixture
def phone(chromium: Browser, service: Service) -> Iterator[Tab]:
    """An interview on a screen that is touched."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    tab = service.tab(context.new_page())
    yield tab.begin()
    assert tab.faults == []
    context.close()


@pytest.mark.parametrize(("key_code", "composing"), [(229, False), (229, True), (13, True)])
def test_enter_that_chooses_a_word_sends_nothing(tab: Tab, key_code: int, composing: bool) -> None:
    """Japanese, Chinese and Korean are composed with Enter, and browsers tell of it in different ways."""
    tab.begin()
    tab.composer.fill("日本で看護師を")
    assert tab.composer.evaluate(ENTER_THAT_CHOOSES_A_WORD, [key_code, composing]), "the browser may go on with it"
    tab.page.wait_for_timeout(300)

    expect(tab.composer).to_have_value("日本で看護師を")
    assert tab.calls().count(TURN) == 1


def test_on_a_screen_enter_begins_a_paragraph_and_the_button_sends(phone: Tab) -> None:
    """Nothing that describes the box says otherwise."""
    phone.composer.press_sequentially("First")
    phone.composer.press("Enter")
    phone.composer.press_sequentially("Second")
    expect(phone.composer).to_have_value("First\nSecond")
    expect(phone.composer).to_have_attribute("enterkeyhint", "enter")
    expect(phone.composer).to_have_accessible_description("")
    phone.press("Send")

    phone.expect_question("what kind of work")
    assert words_of("user", phone.transcript()) == ["First\nSecond"]


def test_a_keyboard_beside_a_screen_sends_with_control(phone: Tab) -> None:
    """Who has both need not reach for the button."""
    phone.composer.fill(NURSE[0])
    phone.composer.press("Control+Enter")
    phone.expect_question("what kind of work")


def test_with_a_keyboard_the_hint_says_what_the_keys_do(tab: Tab) -> None:
    """It stands beside the button and belongs to the box for those who hear it."""
    tab.begin()
    expect(tab.page.get_by_text("Enter sends, Shift + Enter starts a new line")).to_be_visible()
    expect(tab.composer).to_have_accessible_description("Enter sends, Shift + Enter starts a new line")


def test_the_box_grows_with_its_words_and_shrinks_again(tab: Tab) -> None:
    """Also in a browser that does not size a field by its content; a long answer leaves the question in view."""
    tab.begin()
    tab.composer.evaluate("(box) => { box.style.fieldSizing = 'fixed'; }")

    def height() -> float:
        tall: float = tab.composer.evaluate("(box) => box.getBoundingClientRect().height")
        return tall

    empty = height()
    tab.composer.fill(LINES)
    assert not tab.composer.evaluate("(box) => box.scrollHeight > box.clientHeight"), "all eight lines are in view"
    tab.composer.fill("long " * 700)
    assert 200 < height() <= 0.38 * 800
    assert tab.composer.evaluate("(box) => box.scrollHeight > box.clientHeight"), "the rest can be scrolled to"
    expect(tab.page.get_by_role("button", name="Send")).to_be_in_viewport()
    tab.composer.fill("")
    assert height() == empty
