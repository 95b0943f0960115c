"""The contract kit: what every plugin must keep, bundled or a vendor's, proven in a county of its own."""

from collections.abc import Callable


def plugin_contract(name: str) -> Callable[[], None]:
    """The contract test of a plugin, to be assigned to a name that begins with ``test_``."""

    def test_the_plugin_keeps_the_contract() -> None:
        from core.checking import check_plugin

        findings = check_plugin(name)
        assert not findings, "\n".join(str(finding) for finding in findings)  # noqa: S101 - this is a test

    return test_the_plugin_keeps_the_contract
