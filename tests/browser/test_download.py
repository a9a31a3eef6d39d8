"""The interview as a Markdown file: read as a reader of Markdown reads it, it holds words and nothing else."""

import random
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from playwright.sync_api import Page

from browser.tab import Service, Tab
from support.client import ApiClient

OURS = {"heading", "paragraph", "blockquote", "strong", "text", "softbreak", "hardbreak", "inline"}
MARKUP = (
    "# I led\n## a team\nResults\n=======\nMore\n---",
    "- first\n+ second\n* third\n1. fourth\n2) fifth\n- [ ] task",
    "> quoted\n\n    set in by four\n\tand by a tab\n\n```\nfence\n```\n~~~\nfence\n~~~",
    "<script>hit()</script> <b>bold</b> <!-- gone --> <https://a.example> &lt;b&gt; &#35;",
    "[link](javascript:hit()) ![image](https://a.example/x.png) [ref][1] ^[note] [^1]\n\n[1]: https://a.example",
    "*a* **b** _c_ __d__ ~~e~~ `f` ``g`` snake_case 5*3*2 $x^2$ and $20 \\* \\",
    "| a | b |\n|---|---|\n| 1 | 2 |\n***\n___\n- - -",
    "over\rtwo\r\nlines\r\r# and a heading\u2028# here\u2029# too  \nhard",
    "Don't worry: 1.5 million (2.4%) went to C++ & Python; see https://a.example/b_c?d=e#f -- done!",
)
AS_MARKDOWN = """async ([name, role, ...said]) => {
  const [{ asMarkdown }, { INITIAL }] = await Promise.all([import("/export.js"), import("/state.js")]);
  const messages = said.map((text, seq) => ({ seq, role: "user", stage: "intro", text }));
  return asMarkdown({ ...INITIAL, interview: { name, role }, messages });
}"""


def parsed(markdown: str) -> list[Token]:
    """All tokens of a reader that knows GitHub's tables and deletions too, inner ones after their block."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [token for block in reader.parse(markdown) for token in (block, *(block.children or ()))]


def quotations(tokens: list[Token]) -> list[str]:
    """The words of each quotation as a person reads them, line by line."""
    found: list[str] = []
    inside = False
    for token in tokens:
        if token.type in ("blockquote_open", "blockquote_close"):
            inside = not inside
            found += [""] * inside
        elif inside and token.type in ("hardbreak", "paragraph_close"):
            found[-1] += "\n"
        elif inside and token.type == "text":
            found[-1] += token.content
    return found


def lines(words: str) -> list[str]:
    """The lines that have something in them, without the space around it."""
    return [line.strip() for line in words.splitlines() if line.strip()]


def expect_only_words(markdown: str, said: list[str]) -> None:
    """No element but ours, each as often as we made it, and every quotation reads as it was typed."""
    tokens = parsed(markdown)
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= OURS
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2"]
    assert len([token for token in tokens if token.type == "strong_open"]) == len(said)
    assert [lines(words) for words in quotations(tokens)][-len(said) :] == [lines(words) for words in said]


def as_markdown(page: Page, name: str, role: str, said: list[str]) -> str:
    """The file that the page makes of these words."""
    made: str = page.evaluate(AS_MARKDOWN, [name, role, *said])
    return made


def test_markup_in_a_name_a_role_or_an_answer_stays_words_in_the_file(
    service: Service, open_tab: Callable[[Service], Tab]
) -> None:
    """The downloaded file of a real interview has the headings of ours, and quotations that read as they were typed."""
    with ApiClient(service.url) as client:
        link = client.create(candidate_name="# *Ada*\r\n<b>", role="[Nurse](javascript:hit())")["join_url"]
        client.start()
        said = [words.replace("\u2028", "\n").replace("\u2029", "\n") for words in MARKUP[:2] + MARKUP[6:]]
        for words in said:
            assert client.answer(words).status == 200
        client.finish()
    tab = open_tab(service).open(link.removeprefix(service.url))
    tab.expect_feedback()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Save as text").click()
    text = Path(download.value.path()).read_bytes().decode()

    tokens = parsed(text)
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= OURS
    quoted = [lines(words) for words in quotations(tokens)]
    assert [words for words in map(lines, said) if words not in quoted] == []
    seen = "".join(token.content for token in tokens if token.type == "text")
    assert "Name: # *Ada* <b>" in seen
    assert "Role: [Nurse](javascript:hit())" in seen


def test_whatever_is_typed_reads_the_same_in_the_file(tab: Tab) -> None:
    """Known tricks one by one, and five hundred answers of signs thrown together."""
    tab.open()
    dice = random.Random(7)
    signs = [*"\\`*_{}[]()#+-.!<>&~|$=:;'\"^@/% \t\n\r1aé", "\n\n", "    ", "\r\n", "http://", "1. ", "<a>", "&amp;"]
    soup = ["x" + "".join(dice.choices(signs, k=dice.randint(1, 60))) for _ in range(500)]
    for said in ([words] for words in MARKUP):
        expect_only_words(as_markdown(tab.page, "Ada", "Nurse", said), said)
    expect_only_words(as_markdown(tab.page, "=", "1. - # x", soup), soup)
