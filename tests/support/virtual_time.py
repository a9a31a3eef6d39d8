"""An event loop whose clock runs only while everybody waits: minutes of an interview take milliseconds."""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

T = TypeVar("T")

BEGIN = 1_000.0
"""Not zero, so that a moment is never mistaken for none."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Instead of waiting for a timer it moves its clock there; sockets and threads are never waited for."""

    def __init__(self) -> None:
        self._virtual_now = BEGIN
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return self._virtual_now

    def skip(self, seconds: float) -> None:
        """Let time pass."""
        self._virtual_now += seconds


class _Impatient(selectors.BaseSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop
        self._selector = selectors.DefaultSelector()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._selector.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._selector.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._selector.get_map()

    def close(self) -> None:
        self._selector.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for something that never comes"
        self._loop.skip(max(0.0, timeout))
        return self._selector.select(0)


def run(test: Coroutine[Any, Any, T]) -> T:
    """Run a test on virtual time; a task that it left behind and that failed fails it."""
    failures: list[dict[str, Any]] = []

    async def watched() -> T:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
        return await asyncio.wait_for(test, 3_600)

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        result = runner.run(watched())
    assert not failures, failures
    return result
