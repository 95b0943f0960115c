"""What journeys share: people registered from a spreadsheet as a county does it, and files of the bank."""

import csv
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from core.identity.numbers import check_character
from core.testing import VILLAGE


def citizen_id(sequence: int, born: str = "20150101") -> str:
    first = f"999{sequence // 1000:03d}{born}{sequence % 1000:03d}"
    return first + check_character(first)


@pytest.fixture
def stand_on(county):
    """Move the county's clock to the morning of a day."""

    def move(day: str) -> None:
        county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))

    return move


@pytest.fixture
def workbook(tmp_path):
    """Write a spreadsheet: headers and rows."""

    def write(name: str, headers, rows) -> Path:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in [headers, *rows]:
            sheet.append([str(one) if one is not None else "" for one in row])
        file = tmp_path / name
        book.save(file)
        return file

    return write


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def write_rows(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


__all__ = ["VILLAGE", "citizen_id", "read_rows", "write_rows"]
