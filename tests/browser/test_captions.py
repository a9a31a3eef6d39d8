"""Which words are still being said and which are stored: the rule alone, without a room."""

from typing import Any

import pytest

from browser.tab import Tab

WHAT_IS_LEFT = """async ({ heard, messages }) => {
  const { current, hear, isStored } = await import("/captions.js");
  let captions = [];
  for (const { seq = 0, final = false, ...one } of heard)
    captions = hear(captions, { ...one, final, whole: one.role === "user" }, seq);
  return current(captions, messages).filter((one) => !isStored(one, messages)).map(({ text }) => text);
}"""


def agent(text: str, name: str = "a", **more: Any) -> dict[str, Any]:
    return {"id": name, "role": "agent", "text": text, **more}


def user(text: str, name: str = "u", **more: Any) -> dict[str, Any]:
    return {"id": name, "role": "user", "text": text, **more}


def stored(*words: str, first: int = 1, role: str = "agent") -> list[dict[str, Any]]:
    return [{"seq": seq, "role": role, "text": text} for seq, text in enumerate(words, first)]


ASKED = stored("Thank you. What was the hardest moment?")
ANSWERED = [*ASKED, *stored("The night shift in March.", first=2, role="user")]
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]] = {
    "what the interviewer says is added to": ([agent("Hello "), agent("Ada")], [], ["Hello Ada"]),
    "what the candidate says is replaced": ([user("I am"), user("I am Ada")], [], ["I am Ada"]),
    "an interim that was overtaken": ([user("I am Ada.", final=True), user("I am")], [], ["I am Ada."]),
    "two segments of one answer": ([user("The night", "u1", seq=1), user("shift.", "u2", seq=1)], ANSWERED, []),
    "stored before the first word is spoken": ([agent("Thank you. ", seq=1)], ASKED, []),
    "spoken once more after a reload": ([agent("thank you, what was the hardest", seq=1)], ASKED, []),
    "interrupted": ([agent("Thank you. What", final=True)], ASKED, []),
    "a sentence that the voice alone says": ([agent("Are you still there?", seq=1)], ASKED, ["Are you still there?"]),
    "the same when the interview has gone on": ([agent("Are you still there?", final=True)], ASKED, []),
    "words that came after those that were answered": ([user("And one more", seq=1)], ANSWERED, ["And one more"]),
    "the same words as an earlier answer": ([user("The night shift", seq=2)], ANSWERED, ["The night shift"]),
    "an answer that is stored in other words": (
        [user("The knight shift.", final=True, seq=0)],
        [*ANSWERED, *stored("Yes.", first=3, role="user")],
        [],
    ),
    "nothing": ([user("", final=True), agent("", final=True)], [], []),
}


@pytest.fixture(scope="module")
def left_over(chromium: Any, services: Any) -> Any:
    """The rule, as a page would apply it."""
    context = chromium.new_context()
    tab = Tab(context.new_page(), services["model"].url).open()
    yield lambda heard, messages: tab.page.evaluate(WHAT_IS_LEFT, {"heard": heard, "messages": messages})
    context.close()


@pytest.mark.parametrize("name", CASES)
def test_words_stand_once(left_over: Any, name: str) -> None:
    """A caption is shown until a message says the same, and never beside it."""
    heard, messages, expected = CASES[name]
    assert left_over(heard, messages) == expected
