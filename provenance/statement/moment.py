"""A time as people read it, wherever one is told: to the second, in UTC.

>>> moment("2026-11-23T13:05:07.123456Z"), moment("2026-11-23T15:05:07+02:00")
('2026-11-23 13:05:07 UTC', '2026-11-23 13:05:07 UTC')
>>> moment("2026-11-23T13:05:07"), moment("2026-11-23"), moment("last Tuesday")
('2026-11-23 13:05:07', '2026-11-23', 'last Tuesday')
"""

from datetime import UTC, datetime


def moment(at: datetime | str) -> str:
    """The time without its fractions. What names no zone is given none; what is no time stays as it was written."""
    try:
        read = datetime.fromisoformat(at) if isinstance(at, str) else at
        if read.tzinfo is not None:
            return f"{read.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError):
        return str(at)
    return str(at)[:19].replace("T", " ")
