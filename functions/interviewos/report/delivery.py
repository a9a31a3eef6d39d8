"""How it was said, counted: length of answers and, where a voice was heard, its pace and pauses. Nothing is judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interviewos.domain.interview import Message, Role
from interviewos.domain.words import count_words


def delivery_of(messages: Sequence[Message]) -> dict[str, Any] | None:
    """Count what was said; None where nothing was."""
    lengths = [count_words(m.text) for m in messages if m.role is Role.USER and m.meta.wish is None]
    if not lengths:
        return None
    return {"answers": len(lengths), "words": sum(lengths), "longest_answer_words": max(lengths)}
