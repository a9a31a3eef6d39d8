"""The framework's language model, in whose place the functions answer: it only passes on what they stream."""

from __future__ import annotations

from typing import Any

from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, llm

from voice.reply import Flush, Reply

FLUSH = {"flush": True}


class BackendLLM(llm.LLM[Any]):
    """Gives the replies that contexts stand for, and nothing of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._replies: dict[str, Reply] = {}

    def context_for(self, reply: Reply) -> llm.ChatContext:
        """Make the chat context for which `chat` gives this reply, once."""
        key = llm.ChatMessage(role="system", content=[reply.event_id])
        self._replies[key.id] = reply
        return llm.ChatContext([key])

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        **_: Any,
    ) -> BackendStream:
        replies = [self._replies.pop(item.id) for item in chat_ctx.items if item.id in self._replies]
        return BackendStream(self, replies, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class BackendStream(llm.LLMStream):
    """A reply as the framework reads it, piece by piece; retries are the backend's."""

    def __init__(self, model: BackendLLM, replies: list[Reply], **rest: Any) -> None:
        self._replies = replies
        super().__init__(model, **rest)

    async def _run(self) -> None:
        for reply in self._replies:
            async for piece in reply.pieces():
                self._event_ch.send_nowait(_chunk(reply, piece))


def _chunk(reply: Reply, piece: str | Flush) -> llm.ChatChunk:
    if isinstance(piece, Flush):
        return llm.ChatChunk(id=reply.event_id, delta=llm.ChoiceDelta(role="assistant", extra=FLUSH))
    return llm.ChatChunk(id=reply.event_id, delta=llm.ChoiceDelta(role="assistant", content=piece))


def is_flush(chunk: object) -> bool:
    return isinstance(chunk, llm.ChatChunk) and chunk.delta is not None and chunk.delta.extra == FLUSH
