"""The county of these tests: a grid in each of two towns, and the inspectors who walk them."""

from datetime import datetime

import pytest

from core.testing import OTHER_TOWN, TOWN, County, enabled

NAME = "urban_grid"


@pytest.fixture
def county(county):
    """The county of the test, with grids switched on."""
    return enabled(county, NAME)


class Grids:
    """Two towns with a grid each; every act is done by a command, as who does it."""

    def __init__(self, county: County, run) -> None:
        self.county, self.run = county, run
        self.clerk = county.account("clerk")
        self.officer = county.account("township_officer", TOWN)
        self.inspectors = {
            "TS-01": county.account("urban_grid_inspector", TOWN, "liufang"),
            "WL-01": county.account("urban_grid_inspector", OTHER_TOWN, "chenjun"),
        }
        for code, area in (("TS-01", TOWN), ("WL-01", OTHER_TOWN)):
            words = ("--name", f"{code} 片", "--area", area, "--duty", "市容、设施、违建")
            self.done("grid", "add", code, *words, as_=self.clerk)
            words = ("--inspector", self.inspectors[code], "--since", "2026-10-01")
            self.done("grid", "appoint", code, *words, as_=self.clerk)

    def tried(self, *words, as_):
        """Run a command of the plugin."""
        return self.run("urban-grid", *words, "--json", as_=as_)

    def done(self, *words, as_):
        """Run a command of the plugin that has to succeed; answers its data."""
        ran = self.tried(*words, as_=as_)
        assert ran.exit_code == 0, ran.talk
        return ran.data

    def found(self, grid="TS-01", category="facility", on="2026-11-20"):
        """A new case, found by the inspector of its grid."""
        words = ("--grid", grid, "--category", category, "--place", "老街口", "--text", "井盖破损", "--found-on", on)
        return self.done("report", *words, as_=self.inspectors[grid])["number"]

    def sent(self, on="2026-11-20", **more):
        """A case that is with an office."""
        number = self.found(on=on, **more)
        self.done("send", number, "--office", "住建局", "--on", on, as_=self.clerk)
        return number

    def handled(self, on="2026-11-20", **more):
        """A case that was dealt with."""
        number = self.sent(**more)
        self.done("handle", number, "--on", on, "--note", "已更换", as_=self.clerk)
        return number

    def closed(self, on="2026-11-20", grid="TS-01", **more):
        """A case that went all its way."""
        number = self.handled(on=on, grid=grid, **more)
        self.done("check", number, "--on", on, "--note", "现场看过", as_=self.inspectors[grid])
        self.done("close", number, "--on", on, "--note", "归档", as_=self.clerk)
        return number

    def stands_on(self, day: str) -> None:
        """Let a morning come."""
        self.county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))


@pytest.fixture
def grids(county, run):
    """Two grids with their inspectors."""
    return Grids(county, run)
