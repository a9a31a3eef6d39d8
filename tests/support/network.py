"""A way over loopback to a server, which breaks when a test wants it to."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

RESET = struct.pack("ii", 1, 0)


class Network:
    """A way to a server that can be cut, stopped up and closed."""

    def __init__(self, to_port: int) -> None:
        self._to = ("127.0.0.1", to_port)
        self._open: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._up = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.host = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections, in the middle of whatever they carry."""
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                each.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def stopped_up(self) -> Iterator[None]:
        """Nothing gets through, and nobody is told; afterwards what waited arrives late."""
        self._flowing.clear()
        yield
        self._flowing.set()

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        """Connections break, and new ones break at once."""
        self._up = False
        self.cut()
        yield
        self._up = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._up:
                near.close()
                continue
            far = socket.create_connection(self._to)
            for one, other in ((near, far), (far, near)):
                self._open.add(one)
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                self._flowing.wait()
                other.sendall(data)
        for each in (one, other):
            self._open.discard(each)
            each.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.close()
        self._flowing.set()
        self.cut()
