"""The time of which the demo tells: twelve whole months, the month under way, and when the county was opened."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.values import Period

MONTHS = 12


@dataclass(frozen=True)
class Year:
    """A year of life as seen from ``today``, which itself is left to whoever looks at the demo."""

    today: date

    @property
    def current(self) -> Period:
        """The month under way: that of the day before yesterday, so that its first steps were taken already."""
        return Period.of(self.today - timedelta(days=2))

    @property
    def months(self) -> list[Period]:
        """The twelve whole months before the current one, oldest first."""
        found = [self.current]
        for _number in range(MONTHS):
            found.append(found[-1].previous())
        return found[:0:-1]

    @property
    def opened(self) -> date:
        """When the county was founded: the first of the month before those twelve."""
        return self.months[0].previous().first_day

    def on(self, month: int, day: int) -> date:
        """A day of the year: of the month at this place of ``months``, or of the current one (12)."""
        return [*self.months, self.current][month].first_day + timedelta(days=day - 1)
