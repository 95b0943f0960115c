"""Files that were spoilt on purpose come in through the doors of rosters and of plugins' spreadsheets."""

import multiprocessing
import sys
from collections import Counter

import pytest

from core.testing import enabled
from tests.fuzz import taking
from tests.fuzz.spoiling import HARMS

HANG = 20
"""Seconds of which the catalogue says that a file that takes longer hangs."""
MEBIBYTES_OF_THE_READER = 512
CALM = {"refused", "errors", "written"}


def taken(county, seed: int, numbers: range):
    """(verdicts with what was done to the file, what went wrong, memory) of a process that takes the files in."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.fuzz.taking", "core.host", "core.api"])
    verdicts, wrong, memory, at = [], [], (0, 0), numbers.start
    while at < numbers.stop:
        hear, told = context.Pipe(duplex=False)
        child = context.Process(target=taking.take, args=(str(county.home), seed, numbers[at - numbers.start :], told))
        child.start()
        told.close()
        try:
            while True:
                # The first word comes when the county is open.
                if not hear.poll(HANG * 3):
                    raise EOFError("it hangs")
                what, said = hear.recv()
                if what == "memory":
                    at, memory = numbers.stop, said
                    break
                if what == "file":
                    at = said + 1
                else:
                    verdicts.append(said)
                    wrong += [(at - 1, *said)] if said[0] not in CALM or said[2] > HANG else []
        except EOFError as end:
            wrong.append((at - 1, "the process died or hung", str(end)))
        finally:
            child.kill()
            child.join()
    return verdicts, wrong, memory


@pytest.mark.proof("RS50")
def test_no_file_however_spoilt_ends_the_process_or_leaves_half_an_import(county, proof):
    enabled(county, "every_hook")
    county.close()
    count = proof.effort(quick=60, long=20_000)
    verdicts, wrong, (own, reader) = taken(county, proof.seed, range(count))
    ends = Counter(end for end, _what, _seconds in verdicts if end in CALM)
    lines = [*map(str, wrong[:20]), f"{dict(ends)}, host {own} MiB, reader {reader} MiB"]
    sys.stdout.write("\n".join(lines) + "\n")
    proof.counted(count, found=len(wrong))
    assert {what for _end, what, _seconds in verdicts} == {one.__name__ for one in HARMS}
    assert set(ends) == CALM, "no file came in, or none was refused: the dice are loaded"
    assert reader <= MEBIBYTES_OF_THE_READER
