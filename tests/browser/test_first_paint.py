"""The first page is there before any script, and the scripts take over what is there."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from browser.states import HEALTH, PLANS
from browser.tab import Service, Tab

LINES = r"""() => {
  const attributes = (one) => [...one.attributes].map(({ name, value }) => ` ${name}="${value}"`).sort().join("");
  const isShown = ({ nodeType, data }) => nodeType === Node.ELEMENT_NODE || (data && !/^\s*\n\s*$/.test(data));
  const lines = (one, inset = "") => {
    if (one.nodeType === Node.TEXT_NODE) return [inset + one.data];
    const inside = [...one.childNodes].filter(isShown).flatMap((child) => lines(child, `${inset}  `));
    return [`${inset}<${one.localName}${attributes(one)}>`, ...inside];
  };
  return lines(document.querySelector("main"));
}"""
"""Elements, attributes and words of the view; blanks between lines are none."""


def lines(page: Page) -> list[str]:
    """Read what the page shows."""
    found: list[str] = page.evaluate(LINES)
    return found


def test_the_page_before_any_script_is_the_one_that_is_drawn(service: Service, open_tab: Callable[..., Tab]) -> None:
    """Element by element, attribute by attribute, word by word: while nothing is known, index.html says the same."""
    before = open_tab(service)
    for script in ("main", "old"):
        before.page.route(f"**/{script}.js", lambda route: route.abort())
    before.open()
    drawn = open_tab(service)
    for question in (HEALTH, PLANS):
        drawn.page.route(question, lambda _: None)
    drawn.open()
    expect(drawn.page.locator("#too-old")).to_have_count(0)

    assert lines(before.page) == lines(drawn.page)


def test_what_was_typed_before_the_first_script_stays(tab: Tab) -> None:
    """The element itself stays with its words and the focus, however late the scripts come."""
    held: list[Route] = []
    tab.page.route("**/main.js", lambda route: held.append(route))
    tab.page.goto(tab.origin, wait_until="commit")
    role = tab.page.get_by_label("The role you practise for")
    role.press_sequentially("Nur")
    role.evaluate("(field) => { field.touched = true; }")
    held[0].continue_()
    expect(tab.page.locator("#too-old")).to_have_count(0)
    expect(role).to_be_focused()
    tab.page.keyboard.type("se")

    expect(role).to_have_value("Nurse")
    assert role.evaluate("(field) => field.touched")
    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_replies(1)
    assert tab.session["role"] == "Nurse"
