"""What a till begins with that knows nobody: which ready file there is for it, and the blocks of it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.face.room import Full, Room
from hub.face.wire import RequestRefused, answer, asker_of, check_name, number_in, till_asking
from hub.ready.shelf import NoSuchFile, NotYet, Shelf
from sync.protocol import COUNTER_MAX, NO_FILE, PLACE_LETTERS_MAX, Problem, ReadyFile


def ready_routes(shelf: Shelf, room: Room) -> list[Route]:
    """`room`: that of all pages."""

    async def which(request: Request) -> Response:
        query, till = request.query_params, till_asking(request).till
        programme, store = (check_name(query.get(name, ""), name) for name in ("programme", "store"))
        generation = number_in(query, "generation", 1, COUNTER_MAX)

        def found() -> ReadyFile:
            return shelf.ask(till=till, generation=generation, programme=programme, store=store)

        with room.of(till):
            try:
                return answer(await run_in_threadpool(found))
            except NotYet:
                raise Full from None

    async def block(request: Request) -> Response:
        file, after = request.path_params["file"], _place_in(request)
        with room.of(asker_of(request).till):
            try:
                packed = await run_in_threadpool(shelf.block, file, after)
            except NotYet:
                raise Full from None
            except NoSuchFile:
                return answer(Problem(code=NO_FILE, message="that ready file was let go; ask which there is"), 410)
        return Response(packed, media_type="application/octet-stream")

    return [Route("/v3/ready", which), Route("/v3/ready/{file}", block)]


def _place_in(request: Request) -> str:
    after: str = request.query_params.get("after", "")
    if len(after) > PLACE_LETTERS_MAX:
        raise RequestRefused("bad_request", f"a place has at most {PLACE_LETTERS_MAX} letters")
    return after
