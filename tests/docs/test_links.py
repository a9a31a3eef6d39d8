"""What the Markdown files link to is there: files, folders, headings and pictures."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
]
PARSER = MarkdownIt("commonmark").enable("table")


def tokens(page: Path) -> Iterator[Token]:
    """All tokens of a page, those within a line too."""
    for block in PARSER.parse(page.read_text(encoding="utf-8")):
        yield block
        yield from block.children or ()


def links(page: Path) -> list[str]:
    """Where a page's links and pictures lead, other sites left out."""
    found = [token.attrGet("href") or token.attrGet("src") for token in tokens(page)]
    return [str(link) for link in found if link and "://" not in str(link)]


def headings(page: Path) -> set[str]:
    """The anchors that a code host gives to a page's headings."""
    blocks = PARSER.parse(page.read_text(encoding="utf-8"))
    lines = [text.content for opening, text in pairwise(blocks) if opening.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def leads_nowhere(page: Path, link: str) -> bool:
    """Is there no such file, or no such heading in it?"""
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in headings(target)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_relative_link_of_a_page_leads_somewhere(page: Path) -> None:
    """A moved file takes its links along."""
    assert [link for link in links(page) if leads_nowhere(page, link)] == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path: Path) -> None:
    """A file, a heading and a picture that are not there, and one of each that is."""
    page = ROOT / "docs" / "architecture.md"

    assert [leads_nowhere(page, link) for link in ("no.md", "glossary.md#no", "#no", "pictures/no.png")] == [True] * 4
    assert [leads_nowhere(page, link) for link in ("glossary.md", "glossary.md#a-turn", "#time")] == [False] * 3


def test_each_page_of_docs_can_be_reached_from_the_readme() -> None:
    """What nobody links to nobody reads."""
    reached, open_pages = set[Path](), [ROOT / "README.md"]
    while open_pages:
        page = open_pages.pop()
        reached.add(page)
        targets = {(page.parent / link.partition("#")[0]).resolve() for link in links(page) if link[0] != "#"}
        open_pages += [target for target in targets - reached if target.suffix == ".md"]

    assert [page for page in PAGES if page.is_relative_to(ROOT / "docs") and page not in reached] == []
