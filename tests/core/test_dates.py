"""RS21: month ends, leap years, birthdays at midnight, the holidays of a year: a table worked out by hand holds."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from core.calendar import calendar_of, month_days
from core.showing import COUNTY_TIME
from core.values import Period, age_on, birthday_at
from plugins.benefits.months import month_of, number_of
from plugins.canteen.rules import months_after
from plugins.orphan_care.months import months_after as orphan_months_after

TABLE = Path(__file__).with_name("dates.csv")
"""What is asked, of what, and the answer: State Council notice on the holidays of 2026, the Gregorian calendar."""


def day(text):
    return date.fromisoformat(text)


def last_days(given):
    return {str(Period(given).last_day), str(list(month_days(given))[-1])}


def months_later(given):
    month, count = given.split()
    return {str(Period(month).plus(int(count))), month_of(number_of(month) + int(count))}


def ages(given):
    born, on, leap = given.split()
    return {str(age_on(day(born), day(on), leap))}


def birthdays(given):
    born, age, leap = given.split()
    return {str(birthday_at(day(born), int(age), leap))}


def days_later(given):
    start, count = given.split()
    return {str(after(day(start), int(count))) for after in (months_after, orphan_months_after)}


def county_days(given):
    return {str(datetime.fromisoformat(given).astimezone(COUNTY_TIME).date())}


def answers(calendar):
    """How each question of the table is answered by the code: every place that can, and all alike."""

    def working_days(given):
        start, count = given.split()
        return {str(calendar.add(day(start), int(count)))}

    return {
        "last day of month": last_days,
        "month after": months_later,
        "age": ages,
        "birthday": birthdays,
        "months after a day": days_later,
        "day in the county": county_days,
        "works": lambda given: {"yes" if calendar.works(day(given)) else "no"},
        "working days later": working_days,
    }


@pytest.mark.one_database
@pytest.mark.proof("RS21")
def test_every_date_of_the_table_is_what_it_should_be(county, proof):
    with TABLE.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    with county.look() as work:
        asked = answers(calendar_of(work))
    differ = [row for row in table if asked[row["question"]](row["given"]) != {row["expected"]}]
    assert differ == []
    assert len(table) >= 300
    proof.counted(len(table), len(differ))
