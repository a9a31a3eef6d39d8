#!/usr/bin/env bash
# google-genai 3.4.0 (PyPI): that aiohttp 3 happens to be installed changes what an asynchronous call does when it fails.
# Without it, one request is made and httpx2's error is raised. With it, the call sleeps for some seconds, makes a second
# request, and raises aiohttp's error, although no retry is asked for (`retry_options` unset means one attempt) and the
# call is a POST. Synchronous calls make one request in both cases.
#
# Seen with Python 3.11, a server that closes each connection: 1 connection and httpx2's ReadError; with aiohttp 2
# connections and ClientOSError or ServerDisconnectedError of aiohttp after 2 to 7 s.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/call.py" <<'PYTHON'
import asyncio
import socket
import sys
import threading

from google import genai

server = socket.create_server(("127.0.0.1", 0))
connections = []


def close_all():
    while True:
        connection, _ = server.accept()
        connections.append(1)
        connection.close()


async def call():
    address = f"http://127.0.0.1:{server.getsockname()[1]}"
    client = genai.Client(api_key="none", http_options={"base_url": address})
    await client.aio.models.generate_content(model="gemini-3.5-flash", contents="Hello?")


threading.Thread(target=close_all, daemon=True).start()
try:
    asyncio.run(call())
except Exception as error:
    library = type(error).__module__.partition(".")[0]
    print(f"{len(connections)} connection(s), then {library}: {type(error).__name__}")
    sys.exit((len(connections), library) != (int(sys.argv[1]), sys.argv[2]))
sys.exit("The call did not fail.")
PYTHON

python3 -m venv "$work/venv"
install() { "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$@"; }
changed=0

install google-genai==3.4.0
echo "Without aiohttp:"
"$work/venv/bin/python" "$work/call.py" 1 httpx2 || changed=1

install aiohttp==3.14.2
echo "With aiohttp:"
"$work/venv/bin/python" "$work/call.py" 2 aiohttp || changed=1

[ "$changed" = 0 ] || echo "The behaviour changed."
exit "$changed"
