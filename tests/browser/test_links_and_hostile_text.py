"""Links that open an interview, and texts that want to be more than text."""

from collections.abc import Callable

from playwright.sync_api import expect

from browser.tab import Service, Tab, words_of
from support.client import ApiClient
from support.gemini import Text

HOSTILE = (
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 1'>",
    "{{7*7}} ${7*7} javascript:alert(1) '; DROP TABLE interviews; --",
    "a" + "\u0301" * 3999,
    "\u202eright to left\u202c שלום עולם and مرحبا \U000e0041",
)


def test_a_join_link_opens_the_interview_and_leaves_no_token_behind(
    service: Service, open_tab: Callable[[Service], Tab]
) -> None:
    """The key is taken out of the address at once, no request carries it in its URL, and a reload still works."""
    with ApiClient(service.url) as client:
        made = client.create(candidate_name="Grace", role="Engineer")
    tab = open_tab(service).open(made["join_url"].removeprefix(service.url))
    expect(tab.page.get_by_role("heading", name="Grace")).to_be_visible()

    assert tab.page.url == f"{service.url}/"
    assert tab.calls() == ["GET sessions/<id>/messages?after=0", "GET ui/next_turn/health"]

    tab.page.get_by_role("button", name="Begin the interview").click()
    tab.expect_question("Welcome")
    tab.page.reload()
    tab.expect_question("Welcome")
    assert not [path for _, path in tab.asked if made["session_token"] in path]


def test_a_garbled_link_says_so(tab: Tab) -> None:
    """A link that lost a part of itself shows a sentence and a way on, and asks nothing."""
    tab.open("/#session=abc%00&token=")

    expect(tab.page.get_by_role("heading", name="This link is not complete")).to_be_visible()
    assert tab.asked == []
    tab.page.get_by_role("button", name="To the start page").click()
    expect(tab.page.get_by_role("button", name="Begin the interview")).to_be_visible()


def test_a_token_that_is_not_valid_says_so(tab: Tab) -> None:
    """A 401 at load shows what to do instead of an empty room."""
    with ApiClient(tab.origin) as client:
        link = client.create()["join_url"]
    tab.open(link.removeprefix(tab.origin) + "tampered")

    expect(tab.page.get_by_role("heading", name="This link no longer opens the interview")).to_be_visible()


def test_hostile_text_is_shown_as_text(tab: Tab, service: Service) -> None:
    """Markup in name, role, answers and replies creates no element, runs nothing and breaks no layout."""
    tab.begin(name=HOSTILE[0][:128], role=HOSTILE[1])
    for number, words in enumerate(HOSTILE, 2):
        service.gemini.say(Text(f"{words} What do you mean by case {number}?\n<<<STAY>>>"))
        tab.answer(words)
        tab.expect_question(f"case {number}?")
    tab.page.reload()
    tab.expect_question(f"case {len(HOSTILE) + 1}?")

    assert list(HOSTILE) == words_of("user", tab.transcript())
    assert HOSTILE[0] == tab.said("user")[0]
    assert not tab.page.evaluate("window.hit")
    assert tab.log.locator("img, script").count() == 0
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_megabyte_from_the_model_breaks_nothing(tab: Tab, service: Service) -> None:
    """However much a model says, the page stays usable and shows what the service kept of it."""
    tab.begin()
    service.gemini.say(Text("<b>More and more</b> " * 50_000 + "\n<<<STAY>>>", chunk_size=20_000))
    tab.answer("Tell me more.")
    tab.expect_replies(2)
    (reply,) = words_of("agent", tab.transcript())[1:]

    assert reply == tab.log.locator(".entry.agent .words").last.evaluate("(words) => words.textContent")
    assert tab.log.locator("b").count() == 0
    tab.answer("Thank you.")
    tab.expect_replies(3)


def test_every_problem_has_its_section(tab: Tab) -> None:
    """The page of problems explains each slug that the service can answer with."""
    from interviewos.domain import errors

    found = [error for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "slug")]
    slugs = {error.slug for error in found}
    tab.open("/problems")

    assert slugs <= set(tab.page.evaluate("() => [...document.querySelectorAll('section')].map((one) => one.id)"))
