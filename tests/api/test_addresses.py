"""Where `make dev` listens: addresses of both families, all of them at once, and none that cannot be used."""

import http.client
import json
import socket
from contextlib import closing
from pathlib import Path

import pytest

from interviewos.dev import is_local, pages, prepare
from support.process import free_port
from support.server import DevServer

CREATE = "/api/interview/sessions/create"


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")


def created_at(host: str, port: int, said: str = "") -> tuple[int, str]:
    """Create an interview at an address, by the name that a browser would send; status and origin of the join_url."""
    with closing(http.client.HTTPConnection(host, port, timeout=20)) as caller:
        caller.request("POST", CREATE, "{}", {"Content-Type": "application/json", **({"Host": said} if said else {})})
        answer = caller.getresponse()
        body = json.loads(answer.read())
    return answer.status, body.get("join_url", "").partition("/#")[0]


@pytest.mark.server
@pytest.mark.parametrize(
    ("host", "address", "url"),
    [
        ("127.0.0.1", "127.0.0.1", "http://127.0.0.1"),
        ("localhost", "localhost", "http://localhost"),
        pytest.param("::1", "::1", "http://[::1]", marks=ipv6),
        pytest.param("[::1]", "::1", "http://[::1]", marks=ipv6),
    ],
)
def test_it_listens_where_it_is_told_to(host: str, address: str, url: str, tmp_path: Path) -> None:
    """The address that it prints is the one to open, and in the links that it makes."""
    port = free_port()
    with Listening(tmp_path, host, address, port) as server:
        status, origin = created_at(address, port)

    assert (status, origin) == (201, f"{url}:{port}")
    assert f"page  {url}:{port}\n" in server.log


@pytest.mark.server
@pytest.mark.parametrize("host", ["0.0.0.0", pytest.param("::", marks=ipv6)])
def test_all_addresses_are_those_that_others_can_open(host: str, tmp_path: Path) -> None:
    """The links lead to an address of this machine; whatever the page was opened by is served."""
    port = free_port()
    own = pages(host, str(port))
    with Listening(tmp_path, host, "127.0.0.1", port) as server:
        answers = {
            said: created_at("127.0.0.1", port, said)
            for said in ("127.0.0.1", "localhost", "laptop.local:1", "192.168.1.7")
        }

    assert {201} == {status for status, _ in answers.values()}
    assert {own[-1]} == {origin for _, origin in answers.values()}
    assert "0.0.0.0" not in " ".join(own)
    assert f"page  {', '.join(own)}\n" in server.log


@pytest.mark.server
def test_a_name_that_a_stranger_led_here_is_not_answered(tmp_path: Path) -> None:
    """DNS rebinding: a site whose name resolves to this machine is not this machine's page."""
    port = free_port()
    env = {"ALLOWED_ORIGINS": "https://interviews.example.com,http://127.0.0.1"}
    with DevServer(tmp_path, env, port=port):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as caller:
            caller.request("POST", CREATE, "{}", {"Host": f"evil.example.net:{port}"})
            refused = caller.getresponse()
            problem = json.loads(refused.read())
            caller.request("GET", "/", headers={"Host": "127.0.0.1.nip.io"})
            page = caller.getresponse().status
        named = created_at("127.0.0.1", port, "interviews.example.com")

    assert (refused.status, problem["type"], page) == (403, "/problems#forbidden", 403)
    assert "ALLOWED_ORIGINS" in problem["detail"]
    assert named == (201, "https://interviews.example.com")


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("[fd00::7]", True),
        ("192.168.1.7", True),
        ("localhost:8080", True),
        ("laptop", True),
        ("Laptop.LOCAL:8080", True),
        ("a.localhost", True),
        ("evil.test", False),
        ("127.0.0.1.evil.test:8080", False),
        ("localhost.evil.test", False),
        ("local.", False),
        ("[::1", False),
    ],
)
def test_which_names_no_stranger_can_have(host: str, local: bool) -> None:
    """Addresses, and what only the local network resolves."""
    assert local == is_local(host)


@pytest.mark.server
@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "0"}, "PORT must be a whole number from 1 to 65535"),
        ({"PORT": "http"}, "PORT must be a whole number"),
        ({"PORT": "65536"}, "PORT must be a whole number"),
        ({"PORT": "-1"}, "PORT must be a whole number"),
        ({"HOST": "192.0.2.1"}, "Nobody can listen at HOST=192.0.2.1"),
        ({"HOST": "no.such.name.invalid"}, "HOST=no.such.name.invalid is no address and no name of this machine"),
    ],
)
def test_where_nobody_can_listen_it_says_so_and_ends(env: dict[str, str], sentence: str, tmp_path: Path) -> None:
    """One sentence, and no trace of where it stumbled."""
    with pytest.raises(RuntimeError, match="ended with 1") as ended, DevServer(tmp_path, env):
        pass

    assert sentence in str(ended.value)
    assert "Traceback" not in str(ended.value)


@pytest.mark.server
def test_a_port_that_somebody_has_is_named(tmp_path: Path) -> None:
    """Two of them, or any other program."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = {"PORT": str(taken.getsockname()[1])}
        with pytest.raises(RuntimeError, match="Address already in use"), DevServer(tmp_path, env):
            pass


@pytest.mark.server
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Such as one that is a file."""
    (tmp_path / "file").touch()
    env = {"INTERVIEWOS_DATA": str(tmp_path / "file" / "data")}

    with pytest.raises(RuntimeError, match="cannot be written") as ended, DevServer(tmp_path, env):
        pass

    assert "Traceback" not in str(ended.value)


def test_an_empty_variable_is_the_default(tmp_path: Path) -> None:
    """`HOST=` in a shell or an env file means nothing in particular, and not every address."""
    environ = {"HOST": "", "PORT": " ", "INTERVIEWOS_DATA": str(tmp_path)}
    prepare(environ)

    assert (environ["HOST"], environ["PORT"]) == ("127.0.0.1", "8080")
    assert environ["ALLOWED_ORIGINS"] == "http://127.0.0.1:8080"


class Listening(DevServer):
    """A server whose health is asked at the address under which it is to be found."""

    def __init__(self, data: Path, host: str, address: str, port: int) -> None:
        super().__init__(data, {"HOST": host}, port=port)
        self._address = address

    def healthy(self) -> bool:
        """Whether it answers there."""
        try:
            return created_at(self._address, self.port)[0] == 201
        except OSError:
            return False
