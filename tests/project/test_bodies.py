"""What visitors send to a portal that runs: too much, too slowly, other than they say."""

import re
import socket
import time
from contextlib import contextmanager

import pytest

from tests.infra.portal import MEGABYTE, running_portal, short_folder
from tests.infra.waiting import wait_until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]

PATH = "/accounts/login/"
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
# Seconds in which a page is there while others hurt the portal; the machine is busy with tests.
SOON = 5


@pytest.fixture(scope="module")
def portal(data):
    with short_folder() as folder, running_portal(folder, data=data) as running:
        yield running
        # Whatever was sent: no page of the portal broke.
        assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="module")
def cookie(portal):
    """What a browser brings along: without it the portal does not even begin to read."""
    with connected(portal) as line:
        line.sendall(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return re.search(rb"Set-Cookie: ([\w-]*csrf\w*=\w+)", line.recv(65_536))[1].decode()


@contextmanager
def connected(portal):
    with socket.create_connection(("127.0.0.1", portal.port), timeout=30) as line:
        yield line


def head(cookie, *more, kind="multipart/form-data; boundary=x"):
    lines = [
        f"POST {PATH} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {cookie}",
        f"Content-Type: {kind}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def answers(line):
    """Return the status of each answer until the portal hangs up, and all that it said."""
    said = b""
    try:
        while more := line.recv(65_536):
            said += more
    except ConnectionResetError:
        pass
    return [int(one) for one in re.findall(rb"^HTTP/1.1 (\d+)", said, re.MULTILINE)], said


def test_two_gigabytes_are_refused_before_one_of_them_is_sent(portal, cookie):
    with connected(portal) as line:
        line.sendall(head(cookie, f"Content-Length: {2**31}", "Connection: close"))
        statuses, said = answers(line)
    assert statuses == [413]
    assert b"at most 10" in b" ".join(said.split())


def test_who_sends_them_all_the_same_fills_no_memory(portal, cookie):
    before = portal.memory_of_web()
    with connected(portal) as line:
        line.sendall(head(cookie, f"Content-Length: {2**31}") + PART)
        sent = 0
        try:
            while sent < 200 * MEGABYTE:
                sent += line.send(b"a" * MEGABYTE)
                assert portal.memory_of_web() < before + 20 * MEGABYTE
        except (ConnectionError, TimeoutError):
            # It has heard enough.
            pass
    assert portal.is_live()


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Content-Length: 50000"),
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Content-Length: -5",),
        ("Content-Length: 5e3",),
        ("Content-Length: ٥",),
    ],
    ids=str,
)
def test_length_that_can_be_read_two_ways_is_refused(portal, cookie, lines):
    with connected(portal) as line:
        line.sendall(head(cookie, *lines) + b"a" * 100)
        statuses, _said = answers(line)
    assert statuses == [400]


def test_more_than_was_said_is_not_read_as_part_of_the_form(portal, cookie):
    """Nor is it a request of its own, as who hides one behind another hopes."""
    with connected(portal) as line:
        form = head(cookie, "Content-Length: 7", kind="application/x-www-form-urlencoded")
        line.sendall(form + b"a=b&c=d" + b"e" * 100_000)
        statuses, _said = answers(line)
    assert statuses[0] == 403
    assert set(statuses[1:]) <= {400, 414}


def test_body_without_a_length_is_none(portal, cookie):
    before = portal.memory_of_web()
    with connected(portal) as line:
        line.sendall(head(cookie, "Transfer-Encoding: chunked", "Connection: close"))
        try:
            for _piece in range(50):
                line.sendall(b"100000\r\n" + b"a" * 0x100000 + b"\r\n")
        except ConnectionError:
            pass
        statuses, _said = answers(line)
    assert statuses in ([], [403])
    assert portal.memory_of_web() < before + 20 * MEGABYTE


def test_who_hangs_up_in_the_middle_leaves_nothing(portal, cookie):
    with connected(portal) as line:
        line.sendall(head(cookie, "Content-Length: 500000") + PART + b"%PDF-1.4")
        line.shutdown(socket.SHUT_WR)
        statuses, _said = answers(line)
    assert statuses in ([], [400], [403])
    assert not list((portal.var / "uploads").rglob("*.*"))


def test_who_sends_a_byte_a_second_keeps_nobody_waiting(portal, cookie):
    # One thread is left: who cuts off slow ones stands before the portal (docs/operations.md).
    drips = [socket.create_connection(("127.0.0.1", portal.port)) for _ in range(3)]
    for line in drips:
        line.sendall(head(cookie, "Content-Length: 500000") + PART)
    before = portal.memory_of_web()
    for _second in range(5):
        for line in drips:
            line.sendall(b"a")
        started = time.monotonic()
        assert [portal.get(page)[0] for page in ("/", PATH)] == [200, 200]
        assert time.monotonic() - started < SOON
        time.sleep(1)
    assert portal.memory_of_web() < before + 20 * MEGABYTE
    for line in drips:
        line.close()
    wait_until(portal.is_live)
