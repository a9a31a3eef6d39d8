"""Replies as models send them, and what of each is heard: every planted fault is caught, no ordinary reply is changed.

The replies are data in `tests/replies`: to try another one, add a row.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interviewos.model.reply_filter import ReplyReader
from interviewos.model.sentences import asks
from support.fakes import SIGNALS

REPLIES = Path(__file__).parents[1] / "replies"
FAULTS: dict[str, list[dict[str, Any]]] = tomllib.loads((REPLIES / "faults.toml").read_text(encoding="utf-8"))
ORDINARY: list[tuple[str, str]] = [
    (language["code"], reply)
    for language in tomllib.loads((REPLIES / "ordinary.toml").read_text(encoding="utf-8"))["language"]
    for reply in language["replies"]
]
PLANTED = [(kind, row) for kind, rows in FAULTS.items() for row in rows]
LATER_BYTES = 60
"""What may be held back of a reply's first words: about fifteen tokens, 250 ms at sixty tokens a second."""


def read(chunks: list[str], cut: bool = False) -> tuple[str, str]:
    """Hear a reply that comes in these chunks."""
    reader = ReplyReader(SIGNALS)
    early = "".join(map(reader.feed, chunks))
    text, signal, rest = reader.finish(cut)
    assert cut or early + rest == text
    return text, signal


def splits(text: str) -> Iterator[list[str]]:
    """The reply in one piece, in single characters, in chunks of each small size, and at random."""
    yield [text]
    for size in range(1, 9):
        yield [text[at : at + size] for at in range(0, len(text), size)]
    chance = random.Random(text)
    for _ in range(12):
        places = sorted(chance.sample(range(len(text)), min(len(text), chance.randrange(1, 12))))
        yield [text[begin:end] for begin, end in zip([0, *places], [*places, len(text)], strict=True)]


def heard(row: dict[str, Any], chunks: list[str]) -> tuple[str, str, bool]:
    """What is heard of a planted reply, where it leads, and whether a question is still open for the candidate."""
    cut = row.get("ends", "STOP") != "STOP"
    text, signal = read(chunks, cut)
    return text, signal, asks(text) if cut and text else row.get("asks", True)


@pytest.mark.parametrize(
    ("kind", "row"), PLANTED, ids=lambda value: value["sends"][:40] if isinstance(value, dict) else value
)
def test_a_planted_fault_is_not_heard(kind: str, row: dict[str, Any]) -> None:
    """However the stream is split, the words and the signal are those that the row promises."""
    wanted = row["heard"], row.get("signal", "STAY"), row.get("asks", True)

    assert {heard(row, chunks) for chunks in splits(row["sends"])} == {wanted}


@pytest.mark.parametrize("reply", [reply for _, reply in ORDINARY], ids=lambda reply: reply[:40])
def test_an_ordinary_reply_is_heard_as_it_is(reply: str) -> None:
    """Not a letter is changed: a filter that eats words is no better than one that leaks."""
    assert {read(chunks)[0] for chunks in splits(f"{reply}\n<<<STAY>>>")} == {reply}


def test_the_corpus_is_counted(record_property: pytest.RecordProperty, capsys: pytest.CaptureFixture[str]) -> None:
    """Caught of planted and changed of ordinary, in one line; and there is enough of both in enough languages."""
    caught = sum(heard(row, [row["sends"]])[0] == row["heard"] for _, row in PLANTED)
    changed = sum(read([reply])[0] != reply for _, reply in ORDINARY)
    with capsys.disabled():
        print(f"\nreplies: caught {caught} of {len(PLANTED)} planted, changed {changed} of {len(ORDINARY)} ordinary")

    assert (caught, changed) == (len(PLANTED), 0)
    assert len(PLANTED) >= 100
    assert len(ORDINARY) >= 100
    assert all(len({row["language"] for row in rows}) >= 3 for rows in FAULTS.values())
    assert len({code for code, _ in ORDINARY}) >= 8


def test_first_words_are_hardly_later_than_they_come() -> None:
    """Most ordinary replies are heard from their first words on, and hardly one begins more than 250 ms late.

    A third of these replies were written to look like something else in their first words.
    """
    held = [held_at_first(reply) for _, reply in ORDINARY]

    assert sum(amount <= 20 for amount in held) >= 0.6 * len(held)
    assert sum(amount <= LATER_BYTES for amount in held) >= 0.97 * len(held)


def held_at_first(reply: str) -> int:
    """Bytes that a listener waits for until something is heard."""
    reader = ReplyReader(SIGNALS)
    for at, character in enumerate(f"{reply}\n<<<STAY>>>"):
        if reader.feed(character):
            return len(reply[: at + 1].encode())
    return len(reply.encode())
