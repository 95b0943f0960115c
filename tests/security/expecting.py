"""What every role may find at every address, as a file that is reviewed; ``python -m tests.security.expecting``."""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.security.town import NOWHERE, Answer, Reader, Route, Town, made

SIGN_OUT = "/sign-out"
FILE = Path(__file__).with_name("expected.txt")
HEAD = """\
# Who finds what at which address, in two sorted parts; written by python -m tests.security.expecting, then reviewed.
#
# 1. The roles that hold each right.
# 2. Each address: method, path, the right its guard asks for (* everybody, - whoever is signed in), and
#    town    names something of one town: in another town it answers exactly as if there were nothing
#    county  names something of the whole county
#    unknown names something that the county of the test has not got
#    ;       roles that hold the right and are refused by the act itself
"""


@dataclass(frozen=True)
class Seen:
    """What a role found: the whole county's account, that of another town, and that one where there is nothing."""

    county: Answer
    there: Answer
    nothing: Answer

    @property
    def told_apart(self) -> bool:
        """Whether another town's account can tell a thing from nothing."""
        return plain(self.there) != plain(self.nothing)


@dataclass(frozen=True)
class Line:
    """One address of the file."""

    right: str
    reach: str = ""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """The file."""

    rights: Mapping[str, Sequence[str]]
    lines: Mapping[tuple[str, str], Line]

    @classmethod
    def read(cls, text: str) -> "Expected":
        """The file as it was written."""
        rights, lines = {}, {}
        for line in text.splitlines():
            if not line or line.startswith("#"):
                continue
            words, _sign, refused = line.partition(" ; ")
            first, *rest = words.split()
            if first.endswith(":"):
                rights[first[:-1]] = rest
            else:
                path, right, *reach = rest
                lines[first, path] = Line(right.replace("+", " "), "".join(reach), tuple(refused.split()))
        return cls(rights, lines)

    def text(self) -> str:
        """The file."""
        rights = [f"{name}: {' '.join(roles)}" for name, roles in sorted(self.rights.items())]
        lines = []
        for (method, path), line in sorted(self.lines.items(), key=lambda one: (one[0][1], one[0][0])):
            refused = f"; {' '.join(line.refused)}" if line.refused else ""
            words = [f"{method:<4}", path, line.right.replace(" ", "+"), line.reach, refused]
            lines.append(" ".join(word for word in words if word))
        return "\n".join([HEAD, *rights, "", *lines, ""])

    def holds(self, role: str, right: str) -> bool:
        """Whether a role is let in by a guard."""
        return right in ("*", "-") or all(role in self.rights[one] for one in right.split())

    def against(self, role: str, route: Route, seen: Seen) -> Iterator[str]:
        """What differs from the file."""
        line = self.lines[route.method, route.path]
        outcome = seen.county.outcome
        if not self.holds(role, line.right):
            for place, one in (("everywhere", seen.county), ("in another town", seen.there)):
                if one.outcome != "closed":
                    yield f"{one.status} {place}, expected closed"
            return
        if route.path == SIGN_OUT:
            return
        if outcome in ("fault", "sign-in") or (outcome == "closed") != (role in line.refused):
            yield f"{seen.county.status} everywhere, refused should be {role in line.refused}"
        if seen.there.outcome in ("fault", "sign-in"):
            yield f"{seen.there.status} in another town"
        if line.reach in ("town", "unknown") and seen.told_apart:
            yield f"told apart in another town: {seen.there.status} {seen.nothing.status}"


def plain(answer: Answer) -> tuple[int, str]:
    """Status and words of an answer without numbers, keys and addresses: what an asker can tell things apart by."""
    text = re.sub(r'(value|action|href|content|hx-get|data-\w+)="[^"]*"', "", answer.text)
    return answer.status, re.sub(r"[\d-]+", "#", text)


def sweep(town: Town, role: str) -> dict[Route, Seen]:
    """Ask every address as a role; forms come last, and signing out at the very end."""
    order = sorted(town.routes, key=lambda one: (one.method != "GET", one.path == SIGN_OUT, one.path))
    everywhere = dict(_knocks(town, order, town.of(role), ""))
    town.put_back()
    there = dict(_knocks(town, order, town.of(role, "there"), ""))
    town.put_back()
    ids = [one for one in order if one.takes_ids]
    nothing = dict(_knocks(town, ids, town.of(role, "there"), str(NOWHERE)))
    town.put_back()
    return {route: Seen(everywhere[route], there[route], nothing.get(route, there[route])) for route in order}


def _knocks(town: Town, routes: Sequence[Route], reader: Reader, fill: str) -> Iterator[tuple[Route, Answer]]:
    for route in routes:
        yield route, town.knock(route, town.address(route, fill), reader)


def observed(town: Town) -> Expected:
    """The file as the county of the test would have it."""
    host = town.county.host
    rights = {name: sorted(role for role in town.roles if name in host.rights_of(role)) for name in host.permissions}
    bare = Expected(rights, {})
    refused: dict[Route, list[str]] = {route: [] for route in town.routes}
    found: dict[Route, set[str]] = {route: set() for route in town.routes}
    for role in town.roles:
        for route, seen in sweep(town, role).items():
            if not bare.holds(role, route.right):
                continue
            if seen.county.outcome == "closed":
                refused[route].append(role)
            if seen.told_apart:
                found[route].add("county")
            elif seen.county.outcome != "nothing":
                found[route].add("town")
    lines = {}
    for route in town.routes:
        reach = next((one for one in ("county", "town") if one in found[route]), "unknown") if route.takes_ids else ""
        lines[route.method, route.path] = Line(route.right, reach, tuple(sorted(refused[route])))
    return Expected(rights, lines)


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory() as folder:
        town = Town(made(Path(folder) / "town"), Path(folder) / "county")
        FILE.write_text(observed(town).text(), encoding="utf-8")
        town.close()


if __name__ == "__main__":
    main()
