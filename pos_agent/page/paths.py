"""The addresses of the till's pages, and how each is asked."""

from __future__ import annotations

from typing import Final

METHODS: Final = {
    "/": "GET",
    "/pair": "GET",
    "/pair/open": "POST",
    "/emulator": "GET",
    "/emulator/state": "GET",
    "/emulator/order": "POST",
    "/emulator/picture": "POST",
    "/emulator/paper.png": "GET",
    "/emulator/seen.jpg": "GET",
}
