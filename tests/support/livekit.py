"""A real livekit-server on loopback, a process of its own that can be killed and started again on the same ports."""

import secrets
import shutil
import socket
import struct
import sys
import tempfile
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from local_stack import livekit_config
from support.process import Child, free_port, port_is_free, wait_until

REPOSITORY = Path(__file__).resolve().parents[2]
BUILT = REPOSITORY / ".cache" / "bin" / "livekit-server"
API_KEY = "devkey"


class LiveKitServer:
    """livekit-server with a key of its own; ports, key and secret stay the same over `stop`, `kill` and `restart`.

    `empty_timeout` and `departure_timeout` are in seconds: how long a room lives that nobody came to, or that all have
    left. A token that configures the room says so itself.
    """

    def __init__(self, *, empty_timeout: int = 300, departure_timeout: int = 20) -> None:
        self.port = free_port()
        self.udp_port = _free_udp_port()
        self.api_key = API_KEY
        self.api_secret = secrets.token_urlsafe(32)
        self._room = {"empty_timeout": empty_timeout, "departure_timeout": departure_timeout}
        self._folder = tempfile.TemporaryDirectory(prefix="livekit-")
        self._earlier_log = ""
        self._child: Child | None = None

    @staticmethod
    def why_not() -> str | None:
        """Say what this machine lacks, or nothing."""
        if _binary() is None:
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

    @property
    def pid(self) -> int:
        """The process id, which is also the group's."""
        assert self._child is not None, "livekit-server is not started"
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.running

    @property
    def log(self) -> str:
        """All output so far, of earlier starts too."""
        return self._earlier_log + (self._child.log if self._child else "")

    def env(self) -> dict[str, str]:
        """What functions and workers need in their environment."""
        keys = {"LIVEKIT_API_KEY": self.api_key, "LIVEKIT_API_SECRET": self.api_secret}
        return {"LIVEKIT_URL": self.url, **keys, "MAX_VOICE_ROOMS": "1000"}  # tests leave theirs open for a minute

    def start(self) -> Self:
        """Start it, again on the same ports, and wait until it answers."""
        assert not self.running, "livekit-server runs already"
        self._forget()
        binary = _binary()
        assert binary is not None, self.why_not()
        config = Path(self._folder.name) / "livekit.yaml"
        config.write_text(yaml.safe_dump(self._config()))
        wait_until(lambda: port_is_free(self.port), 10, "the end of the earlier livekit-server")
        self._child = Child([binary, "--config", str(config)], cwd=Path(self._folder.name))
        self._child.wait_until_ready(self.healthy, seconds=20)
        return self

    def healthy(self) -> bool:
        """Whether it answers now."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(self.api_url, timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """Ask it to end; it does not wait for rooms that are open."""
        if self._child is not None:
            self._child.terminate(grace_seconds=2)

    def kill(self) -> None:
        """End it without a warning: every room is gone and clients learn of it by silence."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> None:
        """Kill it and start it again on the same ports."""
        self.kill()
        self.start()

    def close(self) -> None:
        """Stop it for good; the log stays readable."""
        self.stop()
        self._forget()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _forget(self) -> None:
        if self._child is not None:
            self._earlier_log = self.log
            self._child.close()
            self._child = None

    def _config(self) -> dict[str, Any]:
        logs = {"json": True, "level": "info"}
        known = livekit_config({self.api_key: self.api_secret}, self.port, self.udp_port)
        return {**known, "room": self._room, "logging": logs}


def _binary() -> str | None:
    return shutil.which("livekit-server") or (str(BUILT) if BUILT.is_file() else None)


def _free_udp_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
