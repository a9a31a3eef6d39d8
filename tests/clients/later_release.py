"""A later release of the service, as far as its answers go: every object in them has one member more."""

import http.client
import json
from typing import Any

from support.local_server import Exchange, LocalServer
from support.server import DevServer

PASSED_ON = ("content-type", "authorization", "x-ingest-secret", "accept")


class LaterRelease(LocalServer):
    """Passes each call on to a server of this release, and adds to the JSON that it answers."""

    def __init__(self, server: DevServer) -> None:
        self._port = server.port
        super().__init__(self._pass_on)

    def _pass_on(self, exchange: Exchange) -> None:
        onward = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {name: exchange.headers[name] for name in PASSED_ON if name in exchange.headers}
        onward.request(exchange.method, exchange.path, exchange.body or None, headers)
        answer = onward.getresponse()
        body, kind = answer.read(), answer.getheader("Content-Type", "")
        onward.close()
        if "json" in kind:
            body = json.dumps(_with_more(json.loads(body))).encode()
        exchange.send(answer.status, body, {"Content-Type": kind} if kind else {})


def _with_more(value: Any) -> Any:
    match value:
        case dict():
            return {"added_later": [1], **{name: _with_more(member) for name, member in value.items()}}
        case list():
            return [_with_more(item) for item in value]
    return value
