"""When people work: hours and days by their own wall clock, without weekends and holidays."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_LONGEST_BREAK = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """``days`` are weekdays (Monday is 0). ``holidays`` are calendar dates on which nobody works."""

    start: time = time(9)
    end: time = time(17)
    days: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.days or self.start >= self.end:
            raise ValueError("working time needs a day, and a start before its end")

    def works(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays

    def next_moment(self, at: datetime, zone: ZoneInfo) -> datetime:
        """``at`` itself where it is worked then in ``zone``, else the next opening; UTC."""
        local = at.astimezone(zone)
        if self.works(local.date()) and self.start <= local.time() < self.end:
            return at.astimezone(UTC)
        return self.next_opening(at, zone)

    def next_opening(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first beginning of a working day that is not before ``at``; UTC."""
        day = at.astimezone(zone).date()
        for _ in range(_LONGEST_BREAK):
            opening = datetime.combine(day, self.start, zone).astimezone(UTC)
            if self.works(day) and opening >= at:
                return opening
            day += _DAY
        return at.astimezone(UTC)  # a year of holidays is a slip in the settings; silence would be worse
