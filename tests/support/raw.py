"""Bytes on a socket, for requests that no HTTP client would send."""

import socket
from contextlib import suppress

PATIENCE_SECONDS = 20.0


def connect(port: int) -> socket.socket:
    """A connection to a server on this machine."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)


def exchange(port: int, sent: bytes) -> bytes:
    """Send bytes, say that nothing more will come, and read until the server closes."""
    with connect(port) as connection:
        with suppress(OSError):  # who refuses early may close before all is sent
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        return read(connection)


def read(connection: socket.socket) -> bytes:
    """Everything up to the close; a reset ends it too."""
    received = b""
    with suppress(ConnectionError):
        while chunk := connection.recv(65_536):
            received += chunk
    return received


def status_of(response: bytes) -> int:
    """The status of the first answer; 0 when there was none."""
    line = response.partition(b"\r\n")[0].split()
    return int(line[1]) if len(line) > 1 else 0
