"""One HTTP message as it came over a connection."""

from __future__ import annotations

import socket

END = b"\r\n\r\n"


def read_message(connection: socket.socket) -> bytes:
    """What there is of it, where the other side hangs up before its end."""
    message = b""
    while END not in message or len(message) < _whole(message):
        piece = connection.recv(65_536)
        if not piece:
            break
        message += piece
    return message


def _whole(message: bytes) -> int:
    head, _, _ = message.partition(END)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return len(head) + len(END) + int(fields.get(b"content-length", b"0"))
