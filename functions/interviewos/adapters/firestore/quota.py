"""What days have used, as Firestore documents: ten for each day, since one of them takes about a write a second."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from google.cloud import firestore
from google.cloud.firestore_v1.aggregation import AggregationQuery

from interviewos import logs
from interviewos.adapters.firestore.calls import TIMEOUT_SECONDS, once, with_retries
from interviewos.usecases.ports import DayUsage

COLLECTION = "spending"
SHARDS = 10
KEPT = timedelta(days=40)
"""A month can be looked at after it has ended."""


class FirestoreQuota:
    """A QuotaCounter on one Firestore database."""

    def __init__(
        self,
        client: firestore.Client,
        sleep: Callable[[float], None] = time.sleep,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._client = client
        self._once = once(timeout_seconds)
        self._sleep = sleep

    def add(self, day: date, *, interviews: int = 0, tokens: int = 0) -> None:
        logs.context().writes += 1
        part = self._client.collection(COLLECTION).document(f"{day.isoformat()}-{random.randrange(SHARDS)}")
        counted = {
            "day": day.isoformat(),
            "interviews": firestore.Increment(interviews),
            "tokens": firestore.Increment(tokens),
            "expire_at": datetime(day.year, day.month, day.day, tzinfo=UTC) + KEPT,
        }
        with_retries(lambda: part.set(counted, merge=True, **self._once), self._sleep)

    def of(self, day: date) -> DayUsage:
        """Have Firestore add the parts up, which is billed as one read."""
        logs.context().reads += 1
        parts = self._client.collection(COLLECTION).where(filter=firestore.FieldFilter("day", "==", day.isoformat()))
        sums = AggregationQuery(parts).sum("interviews", alias="interviews").sum("tokens", alias="tokens")
        (found,) = with_retries(lambda: sums.get(**self._once), self._sleep)
        return DayUsage(**{each.alias: int(each.value) for each in found})
