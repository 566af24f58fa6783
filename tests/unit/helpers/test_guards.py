"""The guards every test runs under, tried against what they must stop."""

from __future__ import annotations

import logging
import socket

import pytest

from tests.helpers.logfail import watched_log
from tests.helpers.loopback import is_local


@pytest.mark.allow_log("^house:")
def test_an_unexpected_warning_is_seen_and_a_named_one_is_not() -> None:
    with watched_log((r"^house:WARNING:expected",)) as log:
        logging.getLogger("house").warning("expected %s", "trouble")
        logging.getLogger("house").info("quiet")
        logging.getLogger("house").error("surprise")
    assert log.lines == ["house:ERROR:surprise"]


@pytest.mark.allow_log("^room:WARNING:dropped")
def test_a_warning_fails_a_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import pytest_configure, silent_log")
    pytester.makepyfile(
        """
        import logging, pytest

        def test_loud():
            logging.getLogger("room").warning("dropped")

        @pytest.mark.allow_log("dropped")
        def test_expected():
            logging.getLogger("room").warning("dropped")
        """
    )
    result = pytester.runpytest("-p", "no:xdist")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*room:WARNING:dropped*"])


def test_a_connection_off_this_machine_is_refused() -> None:
    # 192.0.2.0/24 is set aside for documentation: were the guard missing, nobody would be called.
    with socket.socket() as connection, pytest.raises(AssertionError, match="leave this machine"):
        connection.connect(("192.0.2.1", 80))


@pytest.mark.parametrize(
    "address", [("127.0.0.1", 1), ("::1", 1, 0, 0), ("localhost", 1), "/run/a.sock", b"\0abstract"]
)
def test_local_addresses(address: object) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("fe80::1%eth0", 1, 0, 2)])
def test_addresses_elsewhere(address: object) -> None:
    assert not is_local(address)
