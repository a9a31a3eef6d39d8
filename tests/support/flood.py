"""Callers who open connections and leave them: one thread holds them all, and opens another for each that is closed."""

import contextlib
import selectors
import socket
import threading
from types import TracebackType
from typing import Self


class Flood:
    """`count` connections to a port of this machine, each of which has sent `sent` and says no more.

    `reads` callers take what comes and let go when the server does; the others leave everything where it is.
    """

    def __init__(self, port: int, sent: bytes, count: int, *, reads: bool = True) -> None:
        self._port, self._sent, self._count, self._reads = port, sent, count, reads
        self._selector = selectors.DefaultSelector()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        for _ in range(self._count):
            self._open()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self._selector.close()

    def _open(self) -> None:
        caller = socket.socket()
        if not self._reads:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        caller.settimeout(10)
        with contextlib.suppress(OSError):  # the server may refuse, and is then asked again
            caller.connect(("127.0.0.1", self._port))
            caller.sendall(self._sent)
        self._selector.register(caller, selectors.EVENT_READ if self._reads else selectors.EVENT_WRITE)

    def _run(self) -> None:
        while not self._stopped.wait(0.02):
            for key, _ in self._selector.select(0) if self._reads else ():
                assert isinstance(key.fileobj, socket.socket)
                if not _heard(key.fileobj):
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()
                    self._open()


def _heard(caller: socket.socket) -> bytes:
    """What came; nothing at the end, however it came about."""
    try:
        return caller.recv(65_536)
    except OSError:
        return b""
