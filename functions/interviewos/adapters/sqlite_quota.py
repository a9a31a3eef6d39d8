"""What days have used, in the same SQLite file as the interviews."""

from __future__ import annotations

from datetime import date

from interviewos import logs
from interviewos.adapters.sqlite import BUSY_SECONDS, SqliteFile
from interviewos.usecases.ports import DayUsage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS spending (
    day TEXT PRIMARY KEY,
    interviews INTEGER NOT NULL,
    tokens INTEGER NOT NULL
) WITHOUT ROWID;
"""


class SqliteQuota(SqliteFile):
    """A QuotaCounter in one file, or in memory at `:memory:`; a day is one row."""

    def __init__(self, path: str, busy_seconds: float = BUSY_SECONDS) -> None:
        super().__init__(path, _SCHEMA, busy_seconds)

    def add(self, day: date, *, interviews: int = 0, tokens: int = 0) -> None:
        logs.context().writes += 1
        statement = (
            "INSERT INTO spending VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE"
            " SET interviews = interviews + excluded.interviews, tokens = tokens + excluded.tokens"
        )
        self._write(statement, (day.isoformat(), interviews, tokens))

    def of(self, day: date) -> DayUsage:
        logs.context().reads += 1
        rows = self._rows("SELECT interviews, tokens FROM spending WHERE day = ?", (day.isoformat(),))
        return DayUsage(*rows[0]) if rows else DayUsage()
