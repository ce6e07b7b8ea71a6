"""A port that is taken is noticed before anything else was started."""

import errno
import socket

import pytest

from deploy.local.http_server import reserve
from deploy.local.ports import free_ports
from deploy.local.refusals import CannotStart


def test_a_taken_port_gives_one_plain_sentence() -> None:
    (port,) = free_ports(1)

    with reserve(port), pytest.raises(CannotStart) as refusal:
        reserve(port)

    assert str(refusal.value) == (
        f"Port {port} is taken by another program; SINERGI_PORT={port + 1} would choose another."
    )


def test_a_port_that_the_system_refuses_is_not_said_to_be_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)

    with pytest.raises(CannotStart) as refusal:
        reserve(80)

    assert str(refusal.value) == "The system does not let us listen on port 80: Permission denied."
