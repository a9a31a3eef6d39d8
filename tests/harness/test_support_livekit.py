"""The LiveKit server of the tests: missing with one sentence, and the same one when it is started again."""

from pathlib import Path

import pytest

from support.emulators import require
from support.livekit import LiveKitServer
from support.participant import guest


def test_without_livekit_server_the_reason_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sentence names what builds it."""
    monkeypatch.setenv("PATH", "")

    assert "tests/install-tools" in (LiveKitServer.why_not(tmp_path / "livekit-server") or "")


def test_without_a_network_interface_the_reason_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On loopback alone WebRTC finds no way."""
    monkeypatch.setattr("socket.if_nameindex", lambda: [(1, "lo"), (2, "no-such-interface")])
    built = tmp_path / "livekit-server"
    built.touch()

    assert "besides lo" in (LiveKitServer.why_not(built) or "")


@pytest.mark.livekit
def test_it_comes_back_at_its_address() -> None:
    """Killed and started again it takes the same key, and its rooms are new ones."""
    require(LiveKitServer.why_not())
    with LiveKitServer() as server:
        first, address = server.pid, server.env()
        with guest(server, "iv-1") as before:
            server.kill()
            gone = (server.running, server.healthy())
            server.start()
            assert before.saw("joined")
        with guest(server, "iv-1") as after:
            assert after.saw("joined")

        assert gone == (False, False)
        assert (server.running, server.healthy(), server.pid != first) == (True, True, True)
        assert server.env() == address
    assert not server.running
