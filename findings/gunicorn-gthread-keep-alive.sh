#!/usr/bin/env bash
# gunicorn 27.0.1 (PyPI), worker class gthread: an answer to a request whose body the application did not read says
# `Connection: keep-alive`, and the connection is closed behind it when the rest of the body was longer than 64 KiB. A
# client that believes the header sends its next request into a closed connection. The application cannot help it: its
# own `Connection: close` is taken out. (PEP 3333 leaves that header to the server, which then says the contrary.) The sync
# worker closes as well, and says so.
#
# Seen with Python 3.11: gthread "413 ... keep-alive, then closed", sync "413 ... close, then closed".
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check gunicorn==27.0.1

cat >"$work/app.py" <<'PYTHON'
def app(environ, start_response):
    start_response("413 Content Too Large", [("Content-Length", "0"), ("Connection", "close")])
    return []
PYTHON

cat >"$work/client.py" <<'PYTHON'
import http.client
import sys
import time

BODY = b"x" * 200_000
end = time.monotonic() + 20
while True:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
        connection.connect()
        break
    except ConnectionRefusedError:
        if time.monotonic() > end:
            sys.exit("gunicorn did not start.")
        time.sleep(0.1)
connection.auto_open = False
connection.request("POST", "/", BODY)
answer = connection.getresponse()
answer.read()
said = answer.getheader("Connection")
kept = connection.sock
try:
    closed = kept is None or kept.recv(1) == b""  # with keep-alive gunicorn waits 60 s for the next request
except (ConnectionResetError, BrokenPipeError):
    closed = True
except TimeoutError:
    closed = False
print(f"{answer.status}, Connection: {said}, then {'closed' if closed else 'kept open'}")
sys.exit((said, closed) != (sys.argv[2], True))
PYTHON

changed=0
try() { # WORKER EXPECTED
    local port
    port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$work/venv/bin/gunicorn" --chdir "$work" --bind "127.0.0.1:$port" --worker-class "$1" --keep-alive 60 \
        --log-level error app:app &
    server=$!
    echo "$1:"
    "$work/venv/bin/python" "$work/client.py" "$port" "$2" || changed=1
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}
try sync close
try gthread keep-alive

[ "$changed" = 0 ] || echo "The behaviour changed."
exit "$changed"
