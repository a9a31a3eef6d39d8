"""How many interviews one address may create: a first line only, since it counts in one process.

The caps that hold across instances are counters in the store.
"""

from __future__ import annotations

import ipaddress
import math
import time

from flask import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from interviewos.errors import RateLimited


class AddressLimit:
    """Counts the creations of each address over the last minute."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, address: str) -> dict[str, str]:
        """Count one creation and give the rate-limit headers. Raises RateLimited with the seconds to wait."""
        allowed = self._limiter.hit(self._item, address)
        reset, left = self._limiter.get_window_stats(self._item, address)
        wait = max(1, math.ceil(reset - time.time()))
        policy = f'"create";q={self._item.amount};w=60'
        headers = {"RateLimit-Policy": policy, "RateLimit": f'"create";r={left};t={wait}'}
        if not allowed:
            raise RateLimited(retry_after=wait, headers=headers)
        return headers


def address_of(request: Request, deployed: bool) -> str:
    """Tell callers apart: by the hop that Google's front end appended, never by what a caller wrote before it.

    A household or a firm has a /64 of IPv6 to itself, so that counts as one.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    text = forwarded if deployed and forwarded else (request.remote_addr or "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text[:64]
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
