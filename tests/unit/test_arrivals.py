"""When a request has arrived: what the laptop's server must know before it lends a thread to anybody."""

import pytest

from interviewos.server import MAX_REQUEST_BYTES, Arrivals
from interviewos.web.request_body import MAX_PASTE_BYTES

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def length(number: int | str) -> bytes:
    return POST + f"Content-Length: {number}\r\n\r\n".encode()


def arrivals(sent: bytes) -> Arrivals:
    made = Arrivals()
    made.add(sent)
    return made


WHOLE = [
    GET,
    GET + GET,
    length(0),
    length(2) + b"{}",
    length(2) + b"{}" + GET,
    POST + b"content-length:2\r\n\r\n{}",
    CHUNKED + b"0\r\n\r\n",
    CHUNKED + b"2\r\n{}\r\n0\r\n\r\n",
    CHUNKED + b'1;x="y"\r\n{\r\n01\r\n}\r\n0\r\nX: y\r\n\r\n' + GET,
    CHUNKED + b"A\r\n\r\n0\r\n\r\n   \r\n0\r\n\r\n",
]


@pytest.mark.parametrize("sent", WHOLE)
def test_a_request_is_ready_when_its_last_byte_is_here_and_not_before(sent: bytes) -> None:
    """Byte by byte, or all at once."""
    at_once, slowly = arrivals(sent), Arrivals()
    ready = []
    for number in range(len(sent)):
        slowly.add(sent[number : number + 1])
        ready.append(slowly.is_ready())
        if ready[-1]:
            break

    assert (at_once.is_ready(), at_once.whole) == (True, True)
    assert (ready[-1], slowly.whole) == (True, True)
    assert len(ready) == len(sent.removesuffix(GET)) or sent.startswith(GET)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02",
        b"GET / HTTP/1.1\nHost: a\n\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * MAX_REQUEST_BYTES,
        length(MAX_PASTE_BYTES + 1),
        length("9" * 5_000),
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-5\r\n",
        CHUNKED + b"+5\r\n",
        CHUNKED + b"2\r\n{}\r\n\r\n",
        CHUNKED + b"fffff\r\n" + b" " * (MAX_REQUEST_BYTES + 1),
        CHUNKED + b"1\r\n \r\n" * (MAX_REQUEST_BYTES // 6 + 1),
    ],
)
def test_what_can_only_be_refused_is_not_waited_for(sent: bytes) -> None:
    """A thread may refuse it now, and then ends the connection."""
    made = arrivals(sent)

    assert (made.is_ready(), made.whole) == (True, False)


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET", b"\r\nGET / HTT", GET[:-1], length(2) + b"{", CHUNKED, CHUNKED + b"5\r\n{", CHUNKED + b"ffffffff"],
)
def test_what_is_under_way_waits(sent: bytes) -> None:
    """It holds memory of a bounded size, and no thread."""
    made = arrivals(sent)

    assert (made.is_ready(), made.whole) == (False, False)


def test_a_reader_finds_what_is_here_and_then_an_end() -> None:
    """A thread never waits for a caller."""
    made = arrivals(length(5) + b"{")

    assert made.read() == length(5) + b"{"
    assert made.read() == b""


def test_what_a_caller_presents_is_known_before_the_body() -> None:
    """Whether it is worth anything decides how long the body may take."""
    made = arrivals(
        POST + b"authorization:Bearer a\r\nX-Ingest-Secret: b\r\nX-Authorization: c\r\n" + length(5)[len(POST) :]
    )

    assert not made.is_ready()
    assert made.credentials == {"authorization": "Bearer a", "x-ingest-secret": "b"}


def test_a_bare_line_feed_is_seen_wherever_the_pieces_part() -> None:
    """Each byte is looked at when it comes, and not all of them again with every other."""
    for sent in (b"GET / HTTP/1.1\nHost: a", b"GET / HTTP/1.1\r\nHost: a\n"):
        made, ready = Arrivals(), []
        for number in range(len(sent)):
            made.add(sent[number : number + 1])
            ready.append(made.is_ready())
        assert ready.index(True) == sent.replace(b"\r\n", b"..").index(b"\n")
