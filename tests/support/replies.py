"""Replies as they are streamed: cut into chunks, and read by the filter that stands between a model and a listener."""

from interviewos.model.reply_filter import ReplyReader
from support.fakes import SIGNALS


def pieces(text: str, sizes: list[int]) -> list[str]:
    """Cut a text into chunks of these sizes; what is left comes character by character."""
    chunks = []
    for size in [*sizes, *[1] * len(text)]:
        chunks.append(text[:size])
        text = text[size:]
    return [chunk for chunk in chunks if chunk]


def read(chunks: list[str], cut: bool = False) -> tuple[str, str, str]:
    """What was let out before the end, the whole text, and its signal."""
    reader = ReplyReader(SIGNALS)
    early = "".join(map(reader.feed, chunks))
    text, signal, rest = reader.finish(cut)
    if not cut:
        assert early + rest == text
    return early, text, signal
