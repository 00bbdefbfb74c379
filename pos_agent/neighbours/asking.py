"""One question to one till of the shop over HTTP, within whatever time its caller gives it."""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

import h11
import msgspec

from pos_agent.neighbours.signing import MAC, Signed, is_answer
from pos_agent.neighbours.wire import BODY_BYTES_MAX, Problem

PIECE_BYTES: Final = 65_536


class Address(NamedTuple):
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Unanswered(Exception):
    """No answer of a till that has the secret; the message says what came, `code` why, as whoever answered says it."""

    def __init__(self, what: str, code: str = "unclear") -> None:
        super().__init__(what)
        self.code = code


async def post(secret: bytes, address: Address, path: str, body: bytes, signed: Signed) -> bytes:
    """What the till answers. Raises Unanswered, OSError."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        connection = h11.Connection(h11.CLIENT)
        headers = {"Host": str(address), "Content-Length": str(len(body)), "Connection": "close", **signed.headers}
        request = h11.Request(method="POST", target=path, headers=list(headers.items()))
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        status, mac, answer = await _read(reader, connection)
    except h11.RemoteProtocolError as error:
        raise Unanswered(f"no HTTP: {error}") from error
    finally:
        writer.close()
    if not is_answer(secret, status, answer, mac, nonce=signed.nonce):
        raise Unanswered(f"{status}, which is not signed with our secret: {answer[:80]!r}", _code(answer))
    if status != 200:
        raise Unanswered(f"{status}: {answer[:80]!r}", _code(answer))
    return answer


def _code(answer: bytes) -> str:
    try:
        return msgspec.json.decode(answer, type=Problem).code
    except (msgspec.DecodeError, ValueError, RecursionError):
        return "unclear"


async def _read(reader: asyncio.StreamReader, connection: h11.Connection) -> tuple[int, str, bytes]:
    """Status, signature and body."""
    status, mac, body = 0, "", b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(PIECE_BYTES))
        elif isinstance(event, h11.Response):
            status = event.status_code
            mac = next((value.decode("latin-1") for name, value in event.headers if name == MAC.encode()), "")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > BODY_BYTES_MAX:
                raise Unanswered(f"more than {BODY_BYTES_MAX} bytes")
        elif isinstance(event, h11.EndOfMessage):
            return status, mac, body
        elif isinstance(event, h11.ConnectionClosed):
            raise Unanswered("closed before the answer was whole")
