"""Free ports on loopback.

They are taken below 32768: the system hands out ports above that to outgoing connections, which could take the port
of a server that is down for a moment.
"""

import random
import socket
from collections.abc import Iterator
from contextlib import closing

HOST = "127.0.0.1"
_FIRST, _LAST = 10_000, 32_000


def free_ports(count: int) -> list[int]:
    """`count` different ports nobody listens on just now. Another program may still be quicker: be ready to retry."""
    found: list[int] = []
    for port in _candidates():
        if port not in found and _is_free(port):
            found.append(port)
        if len(found) == count:
            break
    return found


def _candidates() -> Iterator[int]:
    draw = random.SystemRandom()
    while True:
        yield draw.randrange(_FIRST, _LAST)


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
