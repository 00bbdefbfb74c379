"""The addresses of the till's pages, and how each is asked."""

from __future__ import annotations

from typing import Final

STATIC: Final = "/page/"  # scripts and styles
GUEST_METHODS: Final = {
    "/guest": "GET",
    "/guest/events": "GET",
    "/guest/commands": "POST",
    "/guest/camera.jpg": "GET",
}
PAIR_METHODS: Final = {"/pair": "GET", "/pair/open": "POST"}
METHODS: Final = {
    "/": "GET",
    "/desk": "GET",
    **PAIR_METHODS,
    **GUEST_METHODS,
    "/emulator": "GET",
    "/emulator/state": "GET",
    "/emulator/order": "POST",
    "/emulator/picture": "POST",
    "/emulator/paper.png": "GET",
    "/emulator/seen.jpg": "GET",
}
