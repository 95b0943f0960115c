"""A county in which plugins may fail as often as a test wants them to."""

from core.testing import County


def never_degraded(county: County) -> County:
    """The county with ``[breaker] faults = 0``: every fault is met by the hook's family alone, the hundredth too."""
    file = county.home / "config" / "counties" / f"{county.code}.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[breaker]\nfaults = 0\n", encoding="utf-8")
    county.close()
    return county
