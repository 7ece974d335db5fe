"""The address on which Tocsin serves HTTP, taken before anything else starts."""

import socket


class CannotListen(Exception):  # noqa: N818 - told to the operator as it stands
    """The address cannot be used, and what to try."""


def bind(address: str) -> socket.socket:
    """A socket on ``host:port`` (port 0: any free one), bound before anything else starts. Raises `CannotListen`."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends small answers at once (TCP_NODELAY).
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host.strip("[]"), int(port)))
    except (OSError, OverflowError, ValueError) as error:
        made.close()
        raise CannotListen(
            f"Tocsin cannot listen on {address}: {error}. Try another address, such as 127.0.0.1:8080."
        ) from error
    return made
