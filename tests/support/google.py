"""Google's APIs as far as infra/ uses them, on loopback: it keeps what is posted and refuses what Google would.

That is an API that is not enabled, an account that is not there, an image that was not built, a secret's version that
was not added, or a grant that is younger than `propagation_seconds`. The provider must send its requests here instead
of to Google, which one that was built from source for this purpose does where FAKE_GOOGLE names the address.
"""

import functools
import hashlib
import json
import os
import re
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.local_server import Exchange, LocalServer

Json = dict[str, Any]

NUMBER = "123456789012"
GIVEN = {"cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com", "storage.googleapis.com"}
"""What somebody enables by hand before Terraform can do anything."""
LATER = {"run", "artifactregistry", "firestore", "container", "iam"}
"""APIs that answer with an operation, and do the work after that."""
AGENTS = ("svc.id.goog", "gcp-sa-", "serverless-robot-prod")
"""Of service accounts that Google makes."""
GATEWAY = "gateway@acme-edge.iam.gserviceaccount.com"
"""A service account of another project, which is there."""
GCLOUD = """#!{python}
# Sends what gcloud was asked to the same Google that Terraform speaks with.
import json, os, sys, urllib.request
said = "" if sys.stdin.isatty() or "--data-file=-" not in sys.argv else sys.stdin.read()
body = json.dumps({{"arguments": sys.argv[1:], "input": said}}).encode()
request = urllib.request.Request("http://" + os.environ["FAKE_GOOGLE"] + "/gcloud", body)
with urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(request) as response:
    answer = json.load(response)
sys.stdout.write(answer["output"])
sys.stderr.write(answer["error"])
sys.exit(1 if answer["error"] else 0)
"""


class Refused(Exception):
    """Google's answer to what it will not do."""

    def __init__(self, status: int, message: str, code: str = "FAILED_PRECONDITION") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code

    @property
    def problem(self) -> Json:
        """The error as it is sent; the provider asks whether an API is disabled."""
        problem: Json = {"code": self.status, "message": self.message, "status": self.code}
        if self.status == 403:
            info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "domain": "googleapis.com"}
            problem["details"] = [info | {"reason": "SERVICE_DISABLED"}]
            problem["errors"] = [{"reason": "accessNotConfigured", "message": self.message}]
        return problem


class FakeGoogle:
    """One project's worth of Google; it lives as long as its `with` block."""

    def __init__(self, directory: Path) -> None:
        self.propagation_seconds = 0.0
        self.out_of_quota: set[str] = set()
        """Names of services for which no new revision starts."""
        self.builds_to_fail = 0
        self.resources: dict[str, Json] = {}
        """What there is, by API and path, such as `run/projects/…/services/create`."""
        self.images: dict[str, str] = {}
        """Digests by the tagged name."""
        self.secrets: dict[str, list[str]] = {}
        """Values of each secret, oldest first."""
        self.documents: dict[str, set[str]] = {}
        """Ids of the interviews in each database."""
        self.deleted: list[str] = []
        """Ids that the functions' log says were deleted."""
        self.commands: list[list[str]] = []
        """What gcloud was asked."""
        self._enabled = set(GIVEN)
        self._policies: dict[str, Json] = {}
        self._granted: dict[tuple[str, str], float] = {}
        self._operations: dict[str, Json] = {}
        self._lock = threading.RLock()
        self._path = directory / "bin"
        self._path.mkdir()
        gcloud = self._path / "gcloud"
        gcloud.write_text(GCLOUD.format(python=sys.executable), encoding="utf-8")
        gcloud.chmod(0o755)

    def __enter__(self) -> "FakeGoogle":
        self._server = LocalServer(self._answer)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    @property
    def environment(self) -> Mapping[str, str]:
        """What Terraform and the scripts must be told to find it."""
        return {"FAKE_GOOGLE": self._server.host, "PATH": f"{self._path}:{os.environ['PATH']}"}

    @staticmethod
    @functools.cache
    def why_not(configuration: str | None) -> str | None:
        """Say why no provider here would come to it, or nothing."""
        text = Path(configuration).read_text(encoding="utf-8") if configuration else ""
        found = re.search(r'"hashicorp/google"\s*=\s*"([^"]+)"', text)
        provider = Path(found[1]) / "terraform-provider-google" if found else None
        if provider is None or not provider.is_file() or b"FAKE_GOOGLE" not in provider.read_bytes():
            return (
                "infra/ is applied to a stand-in for Google by a provider built for it, which TF_CLI_CONFIG_FILE names"
            )
        return None

    def has_built(self, *images: str) -> None:
        """Keep images, each named by its digest, in a registry that somebody has made."""
        self._enabled.add("artifactregistry.googleapis.com")
        for name, _, digest in (image.partition("@") for image in images):
            self.images[f"{name}:{digest[-1]}"] = digest

    def of(self, kind: str, api: str = "") -> dict[str, Json]:
        """All resources whose path ends in `kind/NAME`, by that name; those of one API, where one is named."""
        found = (key.rpartition("/") for key in self.resources if key.startswith(api))
        return {name: self.resources[f"{parent}/{name}"] for parent, _, name in found if parent.endswith(f"/{kind}")}

    def service(self, name: str) -> Json:
        """A Cloud Run service, or its worker pool."""
        return (self.of("services", "run") | self.of("workerPools"))[name]

    def serving(self, name: str) -> str:
        """The revision that has the traffic."""
        service = self.service(name)
        named = [share["revision"] for share in service["traffic"] if share.get("percent") and "revision" in share]
        return str(*named or [service["latestReadyRevision"].rpartition("/")[2]])

    # answering

    def _answer(self, exchange: Exchange) -> None:
        with self._lock:
            try:
                body = json.loads(exchange.body) if exchange.body else {}
                exchange.send_json(200, self._route(exchange, body))
            except Refused as refusal:
                exchange.send_json(refusal.status, {"error": refusal.problem})
            except json.JSONDecodeError:
                exchange.send_json(200, {})  # a file that is uploaded

    def _route(self, exchange: Exchange, body: Json) -> Json:
        if exchange.path == "/gcloud":
            return self._gcloud(body["arguments"], body["input"])
        if found := re.fullmatch(r".*/databases/(.+)/documents/interviews/(.+)", exchange.path):
            self.documents[found[1]].discard(found[2])
            return {}
        api = _api_of(exchange.headers["x-real-host"])
        path = re.sub(r"^/(storage/v1/|v\d(beta\d)?/)", "/", exchange.path).rstrip("/")
        if api == "serviceusage":
            return self._service_usage(path, body)
        if f"{api}.googleapis.com" not in self._enabled:
            raise Refused(
                403, f"{api}.googleapis.com has not been used in project {NUMBER} before", "PERMISSION_DENIED"
            )
        if "/operations/" in path:
            return self._operations.get(path.strip("/"), {"name": path.strip("/"), "done": True, "status": "DONE"})
        if path.endswith((":getIamPolicy", ":setIamPolicy", "/iam")):
            return self._policy(exchange.method, api + re.sub(r"(:[gs]etIamPolicy|/iam)$", "", path), path, body)
        if api == "cloudresourcemanager":
            return {"projectNumber": NUMBER, "projectId": path.rpartition("/")[2], "lifecycleState": "ACTIVE"}
        query = {name: values[0] for name, values in exchange.query.items()}
        do = {
            "GET": self._get,
            "DELETE": self._delete,
            "PATCH": self._change,
            "PUT": self._change,
            "POST": self._create,
        }
        return do[exchange.method](api, path, query, body)

    def _service_usage(self, path: str, body: Json) -> Json:
        named = body.get("serviceIds", []) if path.endswith(":batchEnable") else []
        named += [path.rpartition("/")[2].removesuffix(":enable")] if path.endswith(":enable") else []
        self._enabled |= set(named)
        if "container.googleapis.com" in self._enabled:
            self._enabled.add("compute.googleapis.com")
        enabled = [{"name": f"projects/{NUMBER}/services/{each}", "state": "ENABLED"} for each in sorted(self._enabled)]
        known = [each | {"config": {"name": each["name"].rpartition("/")[2]}} for each in enabled]
        return {"services": known} if path.endswith("/services") else {"name": "operations/enable", "done": True}

    def _policy(self, method: str, key: str, path: str, body: Json) -> Json:
        if method == "GET" or path.endswith(":getIamPolicy"):
            return self._policies.get(key, {"etag": "none", "version": 1})
        policy = body.get("policy", body)
        members = [member for binding in policy.get("bindings", []) for member in binding["members"]]
        for member in members:
            self._know(member)
            self._granted.setdefault((key, member), time.monotonic())
        self._granted = {at: when for at, when in self._granted.items() if at[0] != key or at[1] in members}
        self._policies[key] = policy | {"etag": hashlib.sha256(json.dumps(policy).encode()).hexdigest()[:8]}
        return self._policies[key]

    def _know(self, member: str) -> None:
        email = member.removeprefix("serviceAccount:")
        ours = member.startswith("serviceAccount:") and not any(other in email for other in (*AGENTS, GATEWAY))
        if ours and email not in self.of("serviceAccounts"):
            raise Refused(400, f"Service account {email} does not exist.", "INVALID_ARGUMENT")

    # what there is

    def _get(self, api: str, path: str, _: Json, __: Json) -> Json:
        if path.endswith("/dockerImages"):
            return {}
        if f"{api}{path}" not in self.resources:
            raise Refused(404, f"{path} was not found", "NOT_FOUND")
        return self.resources[f"{api}{path}"]

    def _delete(self, api: str, path: str, _: Json, __: Json) -> Json:
        gone = self._get(api, path, {}, {})
        if gone.get("deleteProtectionState") == "DELETE_PROTECTION_ENABLED":
            raise Refused(400, f"{path} has delete protection.")
        for key in [key for key in self.resources if f"{key}/".startswith(f"{api}{path}/")]:
            del self.resources[key]
        return self._done(api, path, gone)

    def _change(self, api: str, path: str, _: Json, body: Json) -> Json:
        old = self.resources.get(f"{api}{path}", {})
        return self._keep(api, path, body if "/fields/" in path else {**old, **body}, old)

    def _create(self, api: str, path: str, query: Json, body: Json) -> Json:
        body = body.get("serviceAccount", {}) | {"email": _email(path, body)} if "accountId" in body else body
        body = body.get("cluster", body)
        name = str(body.get("email") or _id_of(query, body) or f"x{len(self.resources)}")
        if f"{api}{path}/{name}" in self.resources:
            raise Refused(409, f"{path}/{name} already exists.", "ALREADY_EXISTS")
        return self._keep(api, f"{path}/{name}", body, {})

    def _keep(self, api: str, path: str, body: Json, old: Json) -> Json:
        made = _dressed(api, path, body)
        problem = ""
        if api == "run":
            problem = self._why_not_ready(path, body)
            made = _deployed(made, path, old, ready=not problem)
        self.resources[f"{api}{path}"] = made
        return self._done(api, path, made, problem)

    def _done(self, api: str, path: str, result: Json, problem: str = "") -> Json:
        if api not in LATER or (api == "iam" and "workloadIdentityPools" not in path) or "backupSchedules" in path:
            return result
        where = "/".join(path.strip("/").split("/")[:4])
        name = f"{where}/operations/op{len(self._operations)}"
        operation: Json = {"name": name, "done": True, "status": "DONE"}
        if api == "container":
            operation["name"] = name.rpartition("/")[2]
        operation |= {"error": {"code": 9, "message": problem}} if problem else {"response": result}
        self._operations[name] = operation
        return operation

    # Cloud Run

    def _why_not_ready(self, path: str, service: Json) -> str:
        """Say what keeps a new revision from serving, as Cloud Run does, or nothing."""
        template, project = service.get("template", {}), path.split("/")[2]
        account = template.get("serviceAccount", "")
        if path.rpartition("/")[2] in self.out_of_quota:
            return "Quota exceeded for total allowable CPU per project per region."
        if account not in self.of("serviceAccounts"):
            return f"Service account {account} does not exist."
        for container in template.get("containers", []):
            if container["image"] not in self._deployable():
                return f"Image '{container['image']}' not found."
            for variable in container.get("env", []):
                if read := (variable.get("valueSource") or {}).get("secretKeyRef"):
                    problem = self._why_not_read(project, account, read)
                    if problem:
                        return problem
        return ""

    def _deployable(self) -> set[str]:
        return {f"{tagged.rpartition(':')[0]}@{digest}" for tagged, digest in self.images.items()}

    def _why_not_read(self, project: str, account: str, read: Json) -> str:
        secret, version = read["secret"].rpartition("/")[2], int(read["version"])
        name = f"projects/{NUMBER}/secrets/{secret}/versions/{version}"
        if version > len(self.secrets.get(secret, [])):
            return f"Secret {name} was not found"
        granted = self._granted.get((f"secretmanager/projects/{project}/secrets/{secret}", f"serviceAccount:{account}"))
        if granted is None or time.monotonic() - granted < self.propagation_seconds:
            return f"Permission denied on secret: {name} for Revision service account {account}."
        return ""

    # gcloud

    def _gcloud(self, arguments: list[str], given: str) -> Json:
        self.commands.append(arguments)
        words = [each for each in arguments if not each.startswith("--")]
        options = dict(each[2:].partition("=")[::2] for each in arguments if each.startswith("--"))
        try:
            return {"output": self._command(words, options, given), "error": ""}
        except Refused as refusal:
            return {"output": "", "error": f"ERROR: (gcloud) {refusal.message}\n"}

    def _command(self, words: list[str], options: dict[str, str], given: str) -> str:
        group, *rest = words
        do = {
            "builds": self._build,
            "artifacts": self._describe_image,
            "secrets": self._secret_version,
            "firestore": self._firestore,
            "run": self._run,
            "logging": lambda *_: "\n".join(self.deleted) + "\n",
            "auth": lambda *_: "token\n",
        }
        if group not in do:
            raise Refused(400, f"nothing here knows: {' '.join(words)}")
        return do[group](rest, options, given)

    def _build(self, words: list[str], options: dict[str, str], _: str) -> str:
        if self.builds_to_fail:
            self.builds_to_fail -= 1
            raise Refused(403, "the build failed")
        self._know(f"serviceAccount:{options['service-account'].rpartition('/')[2]}")
        content = f"{words[-1]} {len(self.commands)}".encode()
        self.images[options["substitutions"].removeprefix("_IMAGE=")] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        return ""

    def _describe_image(self, words: list[str], _: dict[str, str], __: str) -> str:
        if words[-1] not in self.images:
            raise Refused(404, "Image not found.")
        return f"{words[-1].rpartition(':')[0]}@{self.images[words[-1]]}\n"

    def _secret_version(self, words: list[str], _: dict[str, str], given: str) -> str:
        name = words[-1]
        if words[1] == "access":
            secret, _sep, version = name.split("/secrets/")[1].partition("/versions/")
            return self.secrets[secret][int(version) - 1]
        if name not in self.of("secrets"):
            raise Refused(404, f"Secret [{name}] not found.")
        self.secrets.setdefault(name, []).append(given)
        return f"{len(self.secrets[name])}\n"

    def _run(self, words: list[str], options: dict[str, str], _: str) -> str:
        service = self.service(words[-1])
        if words[1] == "update-traffic":
            return self._shift(service, options)
        newest, ready = (service[f"latest{kind}Revision"].rpartition("/")[2] for kind in ("Created", "Ready"))
        shares = [
            {
                "percent": share.get("percent", 0),
                "revisionName": share.get("revision", ready),
                "latestRevision": "revision" not in share,
                **(
                    {"tag": share["tag"], "url": f"https://{share['tag']}---{words[-1]}.run.app"}
                    if "tag" in share
                    else {}
                ),
            }
            for share in service["traffic"]
        ]
        status = {"latestCreatedRevisionName": newest, "latestReadyRevisionName": ready, "traffic": shares}
        return json.dumps({"status": status})

    def _shift(self, service: Json, options: dict[str, str]) -> str:
        """Move traffic and tags as gcloud does: what is not named stays, but for the shares."""
        kind = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
        tags = {share["tag"]: share["revision"] for share in service["traffic"] if "tag" in share}
        tags |= dict([options["update-tags"].split("=")]) if "update-tags" in options else {}
        revision, percent = options["to-revisions"].split("=")
        shares: list[Json] = [{"type": kind, "revision": revision, "percent": int(percent)}]
        service["traffic"] = shares + [{"type": kind, "revision": at, "tag": tag} for tag, at in tags.items()]
        return ""

    def _firestore(self, words: list[str], options: dict[str, str], _: str) -> str:
        match words:
            case ["databases", "restore"]:
                return self._restore(options["project"], options["destination-database"])
            case ["indexes", "composite", "list"]:
                indexes = (each["name"] for each in self.of("indexes").values())
                return "\n".join(name for name in indexes if f"/databases/{options['database']}/" in name) + "\n"
            case ["backups", "list"]:
                return f"projects/{options['project']}/locations/us-central1/backups/one\n"
        raise Refused(400, f"nothing here knows: {' '.join(words)}")

    def _restore(self, project: str, name: str) -> str:
        """A database as of a backup, with its index, and with none of the settings that protect it."""
        there, copy = (f"firestore/projects/{project}/databases/{each}" for each in ("(default)", name))
        kept = {"locationId", "type", "uid", "etag", "createTime", "earliestVersionTime", "versionRetentionPeriod"}
        database = {key: value for key, value in self.resources[there].items() if key in kept}
        protection = {"deleteProtectionState": "DELETE_PROTECTION_DISABLED", "concurrencyMode": "PESSIMISTIC"}
        self.resources[copy] = database | protection | {"name": copy.removeprefix("firestore/")}
        for key in [key for key in self.resources if key.startswith(f"{there}/") and "/indexes/" in key]:
            moved = key.replace(there, copy)
            self.resources[moved] = self.resources[key] | {"name": moved.removeprefix("firestore/")}
        return ""


def _api_of(host: str) -> str:
    """Name an API by its host, whatever region stands before it."""
    name = host.removesuffix(".googleapis.com")
    return "storage" if name == "www" else re.sub(r"^[a-z]+-[a-z]+\d-", "", name)


def _email(path: str, body: Json) -> str:
    return f"{body['accountId']}@{path.split('/')[2]}.iam.gserviceaccount.com"


def _id_of(query: Json, body: Json) -> str | None:
    """How a new resource is to be called: an argument of the call, or its name, which may be a whole path."""
    asked = [value for name, value in query.items() if name.lower().endswith(("_id", "id"))]
    return asked[0] if asked else re.split(r"/(?:releases|[a-zA-Z]+)/", body.get("name") or "")[-1] or None


def _dressed(api: str, path: str, body: Json) -> Json:
    """What an API adds to what it is given."""
    name = path.strip("/")
    made = dict(body)
    if api not in ("storage", "logging", "container"):
        made["name"] = name
    match api:
        case "storage":
            made |= {"id": body["name"], "selfLink": f"https://www.googleapis.com{path}", "projectNumber": NUMBER}
            made |= {"location": body.get("location", "US").upper(), "timeCreated": "2026-01-01T00:00:00Z"}
        case "container":
            made |= {"status": "RUNNING", "location": path.split("/")[4], "endpoint": "192.0.2.1"}
            made["selfLink"] = f"https://container.googleapis.com/v1/{name}"
            made["networkConfig"] = made.get("networkConfig", {}) | {
                each: body[each] for each in ("network", "subnetwork") if each in body
            }
        case "iam":
            made |= (
                {"uniqueId": "1", "projectId": path.split("/")[2]} if "serviceAccounts" in path else {"state": "ACTIVE"}
            )
        case "cloudtasks":
            made.setdefault("state", "RUNNING")
        case "cloudscheduler":
            made["state"] = "ENABLED"
            made["retryConfig"] = {"maxRetryDuration": "0s", "minBackoffDuration": "5s", "maxDoublings": 5}
        case "firestore" if "/fields/" in path:
            made |= {"ttlConfig": {"state": "ACTIVE"}} if made.get("ttlConfig") is not None else {}
        case "firestore" if "/indexes/" in path:
            made |= {"state": "READY", "queryScope": "COLLECTION"}
            made["fields"] = [*made["fields"], {"fieldPath": "__name__", "order": "ASCENDING"}]
        case "firestore" if name.count("/") == 3:
            made |= {"uid": "1", "etag": "e", "keyPrefix": "g", "createTime": "2026-01-01T00:00:00Z"}
            made |= {"versionRetentionPeriod": "604800s", "earliestVersionTime": "2026-01-01T00:00:00Z"}
    return made


def _deployed(service: Json, path: str, old: Json, ready: bool) -> Json:
    """Give a service its next revision where its template changed; one that is not ready leaves the one before."""
    name = path.rpartition("/")[2]
    number = old.get("generation", 0)
    changed = service.get("template") != old.get("template") or not old
    number = int(number) + 1 if changed else int(number)
    revision = f"{path.strip('/')}/revisions/{name}-{number:05d}"
    state = "CONDITION_SUCCEEDED" if ready else "CONDITION_FAILED"
    service |= {"generation": str(number), "observedGeneration": str(number), "uid": "u"}
    service |= {"terminalCondition": {"type": "Ready", "state": state}, "latestCreatedRevision": revision}
    service["latestReadyRevision"] = revision if ready else old.get("latestReadyRevision", "")
    service["uri"] = f"https://{name}-{NUMBER}.us-central1.run.app"
    service.setdefault("traffic", [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}])
    return service
