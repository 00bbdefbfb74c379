"""What it costs that tills and hub sign: pushes with signatures and without, turn by turn against the same hub.

Both go over HTTP to one ledger in a process of its own: what signs and checks is `hub_app` as it ships; what does not
is the same face without its wrapper, and a client that sends no signature. Each till pushes a batch of 20 sales, then
single ones.

    python -m benchmarks.signatures [--short]
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import msgspec
import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.hub_sales import PROGRAMME, Guest, Till
from hub.build import build_hub
from hub.face.speaking import Speaking
from hub.face.tills import hub_app
from hub.hub import Hub
from loyalty.bodies import MemberJoined
from sync.client import HEADERS, HubClient
from sync.protocol import PushReply, PushRequest
from sync.signed import Asker
from tests.speaking import joined, speaking

BATCH: Final = 20  # sales of one push: an hour of a till that was offline
LONG, SHORT = 300, 60  # pushes of each kind
BATCH_MOST: Final = 1.2  # × without signatures
SINGLE_MOST_MS: Final = 5.0  # more than without
PLAIN: Final = "/plain"
WARM: Final = 5  # the first ones open what there is to open
MEMBERS: Final = tuple(f"m{number}" for number in range(50))


def serve(folder: Path) -> None:
    import uvicorn

    hub = build_hub(folder / "hub.db", {PROGRAMME.id: PROGRAMME}, serving=True)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # as `pos-hub serve` listens
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    uvicorn.Server(uvicorn.Config(both(hub), log_level="error", lifespan="off")).run(sockets=[listener])


def both(hub: Hub) -> ASGIApp:
    """The face as it ships, and below /plain the same without signatures."""
    whole = hub_app(hub)
    assert isinstance(whole, Speaking)
    inner = whole._app

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(PLAIN):
            await whole(scope, receive, send)
            return
        path = scope["path"].removeprefix(PLAIN)
        asker = Asker("plain", "", 1, "", "", "")
        await inner({**scope, "path": path, "raw_path": path.encode(), "state": {"asker": asker}}, receive, send)

    return chosen


class Plain:
    """A client that signs nothing; the digest of its body is still there, as the face asks for it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def push(self, request: PushRequest) -> PushReply:
        from http_message_signatures import ContentDigest

        body = msgspec.json.encode(request)
        fields = HEADERS | {"Content-Digest": str(ContentDigest.create(body))}
        answer = self._session.post(f"{self._url}{PLAIN}/v3/operations", data=body, headers=fields, timeout=20)
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=PushReply)


def measured(count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        hub = build_hub(Path(folder) / "hub.db", {PROGRAMME.id: PROGRAMME}, serving=False)
        hub.bear(PROGRAMME.id, *(MemberJoined(member=one, card=f"c{one}", registered=True) for one in MEMBERS))
        speaker = speaking(joined(hub, "signed"))
        hub.close()
        command = [sys.executable, "-P", "-m", "benchmarks.signatures", "hub", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            url = json.loads(server.stdout.readline())["url"]
            try:
                signed, plain = HubClient(url, speaker), Plain(url)
                sides = [Side("signed", signed.push), Side("plain", plain.push)]
                return turns(sides, count, BATCH, "batch") | turns(sides, count, 1, "single")
            finally:
                server.terminate()


class Side:
    def __init__(self, name: str, push: Callable[[PushRequest], PushReply]) -> None:
        self.name = name
        self.till = Till(name, random.Random(7))
        self.guests = [Guest(one, f"c{one}") for one in MEMBERS]
        self._push = push

    def took_ms(self, size: int) -> float:
        request = PushRequest(till=self.name, operations=tuple(self.till.texts(self.guests, size)))
        began = perf_counter()
        reply = self._push(request)
        took = (perf_counter() - began) * 1_000
        assert len(reply.answers) == size and reply.stopped is None
        return took


def turns(sides: list[Side], count: int, size: int, what: str) -> dict[str, float]:
    """Milliseconds of the median push of each, by turns: what the machine does besides falls on both."""
    took: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(count + WARM):
        for side in sides:
            ms = side.took_ms(size)
            if number >= WARM:
                took[side.name].append(ms)
    return {f"{what}_{name}_ms": median(times) for name, times in took.items()}


def summary(found: dict[str, float]) -> dict[str, float]:
    return {
        **{name: round(value, 2) for name, value in found.items()},
        "batch_ratio": round(found["batch_signed_ms"] / found["batch_plain_ms"], 3),
        "batch_most": BATCH_MOST,
        "single_more_ms": round(found["single_signed_ms"] - found["single_plain_ms"], 2),
        "single_most_ms": SINGLE_MOST_MS,
    }


def main() -> None:
    if sys.argv[1:2] == ["hub"]:
        serve(Path(sys.argv[2]))
    else:
        print(json.dumps(summary(measured(SHORT if "--short" in sys.argv else LONG))))


if __name__ == "__main__":
    main()
