"""The sandbox's time: the machine's, or a virtual one that only moves when told."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Real time, UTC."""

    virtual = False

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock(Clock):
    """Stands still until it is set or advanced; going back is allowed, as real clocks do."""

    virtual = True

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = moment.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Whole microseconds since the epoch; floats would lose digits."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def ts_of(count: int) -> str:
    """A Slack ts: seconds and six digits."""
    return f"{count // 1_000_000}.{count % 1_000_000:06d}"


def seconds(moment: datetime) -> int:
    return micros(moment) // 1_000_000
