"""Interviews by voice on one machine: `make voice` starts, and stops, functions, livekit-server and worker.

Everything listens on loopback, and speech is recognised and synthesized here, too: no key, no network.
"""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import yaml
from honcho.manager import Manager

from interviewos import dev

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent / ".cache" / "bin" / "livekit-server"
LIVEKIT_PORT, MEDIA_PORT, HEALTH_PORT = 7880, 7882, 8081
QUIET = {"level": "error"}


def main() -> None:
    """Run all three until interrupted, or until one of them ends."""
    binary = shutil.which("livekit-server") or (str(BUILT) if BUILT.exists() else None)
    if binary is None:
        sys.exit("livekit-server is missing: run agent_service/install-livekit-server")
    environ = dict(os.environ)
    livekit_port, health_port = _free_port(LIVEKIT_PORT), _free_port(HEALTH_PORT)
    environ |= {
        "LIVEKIT_URL": f"ws://127.0.0.1:{livekit_port}",
        "LIVEKIT_API_KEY": "local",
        "LIVEKIT_API_SECRET": secrets.token_urlsafe(32),
    }
    dev.prepare(environ)
    page = dev.pages(environ["HOST"], environ["PORT"])[0]
    environ |= {"PYTHONPATH": str(HERE.parent / "functions"), "PYTHONUNBUFFERED": "1"}
    worker = environ | {
        "BACKEND_BASE_URL": page,
        "PORT": str(health_port),
        "LIVEKIT_LOG_LEVEL": environ.get("LIVEKIT_LOG_LEVEL", "warn"),
    }
    keys = {environ["LIVEKIT_API_KEY"]: environ["LIVEKIT_API_SECRET"]}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "livekit.yaml")
        media_port = _free_port(MEDIA_PORT, socket.SOCK_DGRAM)
        config.write_text(yaml.safe_dump(livekit_config(keys, livekit_port, media_port) | {"logging": QUIET}))
        manager = Manager()
        manager.add_process("livekit", shlex.join([binary, "--config", str(config)]))
        manager.add_process("functions", shlex.join([sys.executable, "-m", "interviewos.dev"]), env=environ)
        manager.add_process("worker", shlex.join([sys.executable, str(HERE / "agent.py"), "start"]), env=worker)
        threading.Thread(target=_announce, args=(page, health_port), daemon=True).start()
        manager.loop()
    sys.exit(manager.returncode)


def livekit_config(keys: dict[str, str], port: int, media_port: int) -> dict[str, object]:
    """Make the configuration of a livekit-server that listens on loopback alone and contacts no other server.

    `keys` are API keys and their secrets; `media_port` is UDP.
    """
    return {
        "port": port,
        "bind_addresses": ["127.0.0.1"],
        "rtc": {
            "tcp_port": 0,  # that listener would not keep to bind_addresses
            "udp_port": media_port,
            "node_ip": "127.0.0.1",
            "use_external_ip": False,
            "enable_loopback_candidate": True,
            "interfaces": {"includes": ["lo"]},
            "ips": {"includes": ["127.0.0.0/8"]},
            # An empty list would name servers on the internet; our own port would not do either, since clients take
            # whatever comes from a STUN server's address for its answer. Nothing listens on port 9.
            "stun_servers": ["127.0.0.1:9"],
        },
        "keys": keys,
    }


def _free_port(wanted: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Choose the usual port, or any free one when it is taken. Raises OSError when none is free."""
    for port in (wanted, 0):
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free")


def _announce(page: str, health_port: int) -> None:
    """Print when the worker accepts interviews: its models take a while to load."""
    begun = time.monotonic()
    while not _answers(f"http://127.0.0.1:{health_port}/"):
        time.sleep(0.2)
    print(f"\nvoice is ready after {time.monotonic() - begun:.1f} s: open {page}, choose By voice\n", flush=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310, a fixed loopback address
            return bool(response.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    main()
