"""The suite is sealed."""

import socket

import pytest

from tests.infra.guard import OutsideWorld


@pytest.mark.parametrize("address", ["192.0.2.1", "example.org", "2001:db8::1"])
def test_other_machines_are_out_of_reach(address):
    with pytest.raises(OutsideWorld, match="Tests stay on this machine"):
        socket.create_connection((address, 80), timeout=1)


def test_own_machine_is_in_reach(silent_server):
    with socket.create_connection(("localhost", silent_server), timeout=1) as connection:
        assert connection.getpeername()[0] in {"127.0.0.1", "::1"}
