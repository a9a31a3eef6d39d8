"""A real livekit-server on loopback, a process of its own that can be killed and started again on the same ports."""

import secrets
import shutil
import socket
import struct
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from local_stack import livekit_config
from support.process import REPOSITORY, ManagedProcess, answer_of, free_port, port_is_free, wait_until

BUILT = REPOSITORY / ".cache" / "bin" / "livekit-server"
API_KEY = "devkey"


class LiveKitServer(ManagedProcess):
    """livekit-server with a key of its own; ports, key and secret stay the same over `stop`, `kill` and `restart`.

    `empty_timeout` and `departure_timeout` are in seconds: how long a room lives that nobody came to, or that all have
    left. A token that configures the room says so itself.
    """

    ready_seconds = 20
    grace_seconds = 2
    """It does not wait for rooms that are open."""

    def __init__(self, *, empty_timeout: int = 300, departure_timeout: int = 20) -> None:
        self.port = free_port()
        self.udp_port = free_port()
        self.api_key = API_KEY
        self.api_secret = secrets.token_urlsafe(32)
        self._room = {"empty_timeout": empty_timeout, "departure_timeout": departure_timeout}
        self._folder = tempfile.TemporaryDirectory(prefix="livekit-")
        self.cwd = Path(self._folder.name)
        self._configuration = self.cwd / "livekit.yaml"

    @staticmethod
    def why_not(built: Path = BUILT) -> str | None:
        """Say what this machine lacks, or nothing."""
        if _binary(built) is None:
            return "livekit-server is neither in PATH nor in .cache/bin: tests/install-tools builds it where Go is"
        if not _has_interface():
            return "WebRTC needs one network interface besides lo that is up and has an address, and there is none"
        return None

    @property
    def url(self) -> str:
        """Where clients and workers connect to."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """Where the server API is."""
        return f"http://127.0.0.1:{self.port}"

    def env(self) -> dict[str, str]:
        """What functions and workers need in their environment."""
        keys = {"LIVEKIT_API_KEY": self.api_key, "LIVEKIT_API_SECRET": self.api_secret}
        return {"LIVEKIT_URL": self.url, **keys, "MAX_VOICE_ROOMS": "1000"}  # tests leave theirs open for a minute

    def prepare(self) -> None:
        self._configuration.write_text(yaml.safe_dump(self._config()))
        wait_until(lambda: port_is_free(self.port), 10, "the end of the earlier livekit-server")

    def command(self) -> Sequence[str]:
        binary = _binary()
        assert binary is not None, self.why_not()
        return [binary, "--config", str(self._configuration)]

    def healthy(self) -> bool:
        """Whether it answers now."""
        return answer_of(self.api_url) is not None

    def close(self) -> None:
        super().close()
        self._folder.cleanup()

    def _config(self) -> dict[str, Any]:
        logs = {"json": True, "level": "info"}
        known = livekit_config({self.api_key: self.api_secret}, self.port, self.udp_port)
        return {**known, "room": self._room, "logging": logs}


def _binary(built: Path = BUILT) -> str | None:
    return shutil.which("livekit-server") or (str(built) if built.is_file() else None)


def _has_interface() -> bool:
    """Whether libwebrtc will find an interface: it gathers no candidates on lo."""
    return any(_is_up(name) for _, name in socket.if_nameindex() if name != "lo")


def _is_up(name: str) -> bool:
    """Whether an interface is up and has an IPv4 address; only Linux has machines without one."""
    if sys.platform != "linux":
        return True
    import fcntl

    get_flags, get_address, up = 0x8913, 0x8915, 0x1  # SIOCGIFFLAGS, SIOCGIFADDR, IFF_UP
    request = struct.pack("256s", name.encode()[:15])
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        try:
            fcntl.ioctl(probe, get_address, request)
            (flags,) = struct.unpack_from("H", fcntl.ioctl(probe, get_flags, request), 16)
        except OSError:
            return False
    return bool(flags & up)
