"""The real clock and the real source of keys."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The computer's clock, in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


class Uuid7Ids:
    """UUIDv7 keys."""

    def new_id(self) -> str:
        """A new key as 36 characters."""
        import uuid6  # late: the clock of this module is wanted before the first paint

        return str(uuid6.uuid7())
