"""Which TCP ports of this machine are free, and which ones we had last time."""

import socket
from pathlib import Path

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of the loopback address now."""
    with socket.socket() as probe:
        # Connections of a server that has just stopped must not make its port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> tuple[int, ...]:
    """Return distinct ports that are free now; all are held open until the last is found."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return tuple(int(probe.getsockname()[1]) for probe in probes)
    finally:
        for probe in probes:
            probe.close()


def remembered_ports(file: Path, count: int) -> tuple[int, ...]:
    """Return the ports written in the file while they are free, otherwise new ones, and keep them.

    An address that stays the same across restarts lets clients find the server again.
    """
    ports = tuple(int(word) for word in file.read_text().split()) if file.exists() else ()
    if len(ports) != count or not all(map(is_free, ports)):
        ports = free_ports(count)
        file.write_text(" ".join(map(str, ports)))
    return ports
