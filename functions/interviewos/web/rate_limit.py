"""How often one caller may come: a first line only, since it counts in one process.

The caps that hold across instances are counters in the store. Who presents the secret is not counted here.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from flask import Request

from interviewos.domain.errors import RateLimited

WINDOW_SECONDS = 60
SHARED = 20
"""All who come by one proxy may create so many times as many as one of them: the addresses it tells may be made up."""
CALLS_PER_VOICE_TOKEN = 6
"""A token for a voice room is asked for less often, and costs LiveKit's server several calls."""
MAX_KEYS = 10_000
"""About 3 MB. Who is forgotten first has not come for the longest time, and may come as if for the first time."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request comes from: `address` as the proxy tells it, `hop` as Google's front end saw it."""

    address: str
    hop: str


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` calls in a minute, which may all come at once."""

    name: str
    quota: int


def policies(creates_per_minute: int, calls_per_minute: int) -> Mapping[str, Policy]:
    """Everything that is counted: creating by address and by proxy, the rest by interview."""
    every = (
        Policy("create", creates_per_minute),
        Policy("create-by-proxy", creates_per_minute * SHARED),
        Policy("read", calls_per_minute),
        Policy("turn", calls_per_minute),
        Policy("voice", math.ceil(calls_per_minute / CALLS_PER_VOICE_TOKEN)),
    )
    return {policy.name: policy for policy in every}


class RateLimits:
    """Counts calls by the generic cell rate algorithm: one time for each key, when all of its quota will be back.

    limits' own memory storage keeps every key for ever and looks through all of them a hundred times in a second.
    """

    def __init__(self, policies: Mapping[str, Policy], clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._policies = policies
        self._clock = clock
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = Lock()

    def hit(self, name: str, key: str) -> dict[str, str]:
        """Count a call and give the headers that say how many are left.

        Raises RateLimited with the seconds to wait; a call that is refused is not counted.
        """
        policy = self._policies[name]
        each = WINDOW_SECONDS / policy.quota
        with self._lock:
            now = self._clock()
            seconds = max(self._full_at.get((name, key), now) - now, 0.0) + each
            over = seconds - WINDOW_SECONDS
            if over > 1e-6:
                self._full_at.move_to_end((name, key))
                wait = math.ceil(over)
                raise RateLimited(retry_after=wait, headers=_headers(policy, 0, wait))
            self._remember((name, key), now + seconds)
        return _headers(policy, math.floor((WINDOW_SECONDS - seconds) / each + 1e-6), math.ceil(seconds))

    def _remember(self, key: tuple[str, str], full_at: float) -> None:
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > MAX_KEYS:
            self._full_at.popitem(last=False)


def _headers(policy: Policy, left: int, wait: int) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"{policy.name}";q={policy.quota};w={WINDOW_SECONDS}',
        "RateLimit": f'"{policy.name}";r={left};t={wait}',
    }


def sender_of(request: Request, deployed: bool) -> Sender:
    """Find both: the hop is what Google's front end appended, never what a caller wrote before it.

    Behind Firebase Hosting it is one of Hosting's proxies, which many people share; the person's own address is in
    `Fastly-Client-IP`. Anybody could write that header, hence the second limit.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    hop = _network(forwarded if deployed and forwarded else (request.remote_addr or ""))
    told = request.headers.get("Fastly-Client-IP", "").strip()
    return Sender(_network(told) if deployed and told else hop, hop)


def _network(text: str) -> str:
    """A household or a firm has a /64 of IPv6 to itself, so that counts as one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text[:64]
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
