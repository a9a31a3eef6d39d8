#!/usr/bin/env bash
# google-cloud-tasks 2.26.0 with google-api-core 2.44.0 (PyPI): the class of an error depends on the transport of the
# same client. A task whose name is taken raises AlreadyExists by gRPC and its parent class Conflict by REST, although the
# REST answer carries `"status": "ALREADY_EXISTS"`: only the HTTP status is looked at. So `except AlreadyExists`, which
# makes creation safe to repeat, stops working with transport="rest".
#
# Seen with Python 3.11: gRPC AlreadyExists, REST Conflict.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check google-cloud-tasks==2.26.0 google-api-core==2.44.0

"$work/venv/bin/python" - <<'PYTHON'
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import AnonymousCredentials
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport, CloudTasksRestTransport

TAKEN = "Requested entity already exists"


class Rest(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"error": {"code": 409, "message": TAKEN, "status": "ALREADY_EXISTS"}}).encode()
        self.send_response(409)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Grpc(grpc.GenericRpcHandler):
    def service(self, call):
        return grpc.unary_unary_rpc_method_handler(
            lambda _, context: context.abort(grpc.StatusCode.ALREADY_EXISTS, TAKEN)
        )


def error_by(transport):
    client = tasks_v2.CloudTasksClient(transport=transport)
    try:
        client.create_task(parent="projects/p/locations/l/queues/q", task=tasks_v2.Task())
    except GoogleAPICallError as error:
        return type(error).__name__
    return "nothing"


rest = ThreadingHTTPServer(("127.0.0.1", 0), Rest)
threading.Thread(target=rest.serve_forever, daemon=True).start()
rpc = grpc.server(ThreadPoolExecutor(1), handlers=[Grpc()])
port = rpc.add_insecure_port("127.0.0.1:0")
rpc.start()
by_grpc = error_by(CloudTasksGrpcTransport(channel=grpc.insecure_channel(f"127.0.0.1:{port}")))
by_rest = error_by(
    CloudTasksRestTransport(
        host=f"127.0.0.1:{rest.server_port}", url_scheme="http", credentials=AnonymousCredentials()
    )
)
rpc.stop(None)
print(f"gRPC raises {by_grpc}, REST raises {by_rest}")
raise SystemExit(0 if (by_grpc, by_rest) == ("AlreadyExists", "Conflict") else "The behaviour changed.")
PYTHON
