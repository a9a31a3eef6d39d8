#!/usr/bin/env bash
# google-genai 3.4.0 (PyPI): a stream of server-sent events with a comment, a field other than `data`, or no blank behind
# `data:` is refused. All three are valid: a line that begins with a colon is a comment, to be ignored; `event`, `id` and
# `retry` are fields; the blank behind the colon is optional (WHATWG HTML, "Server-sent events", parsing an event stream).
# Gateways send such comments to keep a connection open.
#
# Seen with Python 3.11: UnknownApiResponseError, "Failed to parse response as JSON. Raw response: : ping".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check google-genai==3.4.0

"$work/venv/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google import genai
from google.genai.errors import UnknownApiResponseError

HELLO = json.dumps({"candidates": [{"content": {"role": "model", "parts": [{"text": "Hello."}]}, "finishReason": "STOP"}]})
STREAMS = {
    "data alone": (f"data: {HELLO}\n\n", True),
    "a comment before it": (f": ping\n\ndata: {HELLO}\n\n", False),
    "a comment behind it": (f"data: {HELLO}\n\n: ping\n\n", False),
    "event before it": (f"event: message\ndata: {HELLO}\n\n", False),
    "id before it": (f"id: 1\ndata: {HELLO}\n\n", False),
    "no blank behind the colon": (f"data:{HELLO}\n\n", False),
}


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(self.server.stream.encode())

    def log_message(self, *_):
        pass


def read(client):
    try:
        chunks = client.models.generate_content_stream(model="gemini-3.5-flash", contents="Hello?")
        return "".join(chunk.text or "" for chunk in chunks), True
    except UnknownApiResponseError as error:
        return f"UnknownApiResponseError: {error}"[:110], False


gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
client = genai.Client(api_key="none", http_options={"base_url": f"http://127.0.0.1:{gateway.server_port}"})
changed = False
for name, (gateway.stream, expected) in STREAMS.items():
    said, accepted = read(client)
    print(f"{name:26} {said}")
    changed |= accepted != expected
raise SystemExit("The behaviour changed." if changed else 0)
PYTHON
