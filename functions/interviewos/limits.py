"""How many interviews one address may create: a first line only, since it counts in one process.

The caps that hold across instances are counters in the store.
"""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from flask import Request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from interviewos.errors import RateLimited

SHARED = 20
"""All who come by one proxy may create so many times as many as one of them: the addresses it tells may be made up."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request comes from: `address` as the proxy tells it, `hop` as Google's front end saw it."""

    address: str
    hop: str


class AddressLimit:
    """Counts the creations of each address over the last minute, and those of each hop."""

    def __init__(self, per_minute: int) -> None:
        self._own = RateLimitItemPerMinute(per_minute)
        self._shared = RateLimitItemPerMinute(per_minute * SHARED)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, sender: Sender) -> dict[str, str]:
        """Count one creation and give the rate-limit headers. Raises RateLimited with the seconds to wait."""
        for item, address in ((self._own, sender.address), (self._shared, sender.hop)):
            if not self._limiter.hit(item, address):
                left, wait = self._window(item, address)
                raise RateLimited(retry_after=wait, headers=_headers(item, left, wait))
        return _headers(self._own, *self._window(self._own, sender.address))

    def _window(self, item: RateLimitItem, address: str) -> tuple[int, int]:
        """How many are left, and for how many seconds."""
        reset, left = self._limiter.get_window_stats(item, address)
        return left, max(1, math.ceil(reset - time.time()))


def _headers(item: RateLimitItem, left: int, wait: int) -> dict[str, str]:
    return {"RateLimit-Policy": f'"create";q={item.amount};w=60', "RateLimit": f'"create";r={left};t={wait}'}


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
