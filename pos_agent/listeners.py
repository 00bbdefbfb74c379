"""Where the till's face listens: always on this machine alone, and where the settings say so at one address of the
shop's network, for guests' tablets (`front.py` lets nothing else in there); and where its neighbours ask it."""

from __future__ import annotations

import socket

from config.settings import SettingsError
from sync.connection import QUEUED_MAX


def listen_here(port: int) -> socket.socket:
    """Raises SettingsError."""
    return _listen("127.0.0.1", port, "api.port", "Another agent may be running; stop it, or set another port.")


def listen_for_guests(address: tuple[str, int] | None) -> list[socket.socket]:
    """None or one. Raises SettingsError."""
    how = "It must be an address of this machine (`ip address` shows them), with a port that nobody has."
    return [] if address is None else [_listen(*address, "guest.listen", how)]


def listen_for_tills(address: tuple[str, int]) -> socket.socket:
    """Raises SettingsError."""
    how = "It must be an address of this machine, or 0.0.0.0 for all of them, with a port that nobody has."
    return _listen(*address, "neighbours.listen", how)


def _listen(host: str, port: int, setting: str, how: str) -> socket.socket:
    # named TCP, asyncio sends each write at once: else a reply's second packet waits 40 ms for the word about its first
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise SettingsError(f"{setting}: cannot listen on {host}:{port}: {error.strerror}. {how}") from None
    listener.listen(QUEUED_MAX)  # whoever reads «ready» may call at once
    return listener
