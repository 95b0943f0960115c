"""The port that is listened at: nobody else gets it, and who cannot have it hears why."""

import pytest

from core.errors import Refused, TryAgain
from core.web.serving import Address, listen


def test_two_who_start_at_the_same_moment_get_ports_of_their_own():
    with listen(Address("127.0.0.1", 0), exact=True) as first:
        port = first.getsockname()[1]
        with listen(Address("127.0.0.1", port), exact=False) as second:
            assert second.getsockname()[1] > port
        with pytest.raises(TryAgain, match=f"端口 {port} 已被占用"):
            listen(Address("127.0.0.1", port), exact=True)


def test_an_address_of_another_machine_is_not_called_a_port_that_is_taken():
    with pytest.raises(Refused, match=r"不能在 198\.51\.100\.7 的端口 8765 上监听"):
        listen(Address("198.51.100.7", 8765), exact=False)
