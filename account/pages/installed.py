"""What a browser needs besides pages: the style sheet in the programme's colours, and what makes the account an app of
the phone: its name and pictures, and what it shows without a network (account/static/worker.js)."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Final

from starlette.responses import Response

from account.icons import SIZES, as_png, as_svg
from account.look import look_of
from account.visit import ASSET, STATIC, Page, Refused, View, Visit
from web.static import ANEW, FOR_EVER

KEPT_FILES: Final = ("app.js", "icons.svg")  # of static/, besides the style sheet


def _look(visit: Visit) -> Response:
    look = look_of(visit.house.programme().face)
    cached = FOR_EVER if visit.path["edition"] == look.edition else ANEW
    return Response(look.sheet, media_type="text/css", headers={"Cache-Control": cached})


def _icon(visit: Visit) -> Response:
    svg = as_svg(visit.house.programme().face)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def _picture(visit: Visit) -> Response:
    side = visit.path["side"]
    if side not in map(str, SIZES):
        raise Refused("not_found", status=404)
    png = as_png(visit.house.programme().face, int(side))
    return Response(png, media_type="image/png", headers={"Cache-Control": "public, max-age=86400"})


def _manifest(visit: Visit) -> Response:
    programme = visit.house.programme()
    name = programme.name[0 if visit.language == "ru" else 1]
    pictures = [
        {"src": f"/icon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
        for side in SIZES
        for purpose in ("any", "maskable")
    ]
    told = {
        "id": "/",
        "name": f"{name}: {visit.say('account')}",
        "short_name": name,
        "lang": visit.language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": programme.face.colour,
        "background_color": look_of(programme.face).ground[0],
        "icons": [*pictures, {"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    text = json.dumps(told, ensure_ascii=False)
    return Response(text, media_type="application/manifest+json", headers={"Cache-Control": ANEW})


def _worker(visit: Visit) -> Response:
    """Another edition of any file is another worker, which keeps the new ones before it begins."""
    look = look_of(visit.house.programme().face)
    files = [f"/look/{look.edition}.css", "/icon.svg", *map(ASSET, KEPT_FILES)]
    text = worker_text().replace("= FILES;", f"= {json.dumps(files)};")
    edition = hashlib.sha256(text.encode()).hexdigest()[:12]
    return Response(text.replace("EDITION", edition), media_type="text/javascript", headers={"Cache-Control": ANEW})


def _no_network(visit: Visit) -> Response:
    """What stands on whatever page was asked for without a network."""
    return visit.show("installed_no_network.html", title="installed")


@cache
def worker_text() -> str:
    return (STATIC / "worker.js").read_text(encoding="utf-8")


INSTALLED: Final = Page(
    path="/no-network",
    title="installed",
    words={
        "installed": ("Нет сети", "No network"),
        "installed_why": (
            "Эта страница открывается только по сети. Ничего не отправлено и ничего не потеряно.",
            "This page needs a network. Nothing was sent, and nothing is lost.",
        ),
        "installed_card": (
            "Без сети есть карта, баланс и купоны, какими они были, когда вы открывали их в последний раз.",
            "Without a network there are the card, the balance and the coupons as they were when you opened them last.",
        ),
        "installed_show": ("Карта и баланс", "Card and balance"),
        "installed_coupons": ("Купоны", "Coupons"),
    },
    views=(
        View("GET", "/look/{edition}.css", _look, open=True),
        View("GET", "/icon.svg", _icon, open=True),
        View("GET", "/icon-{side}.png", _picture, open=True),
        View("GET", "/manifest.webmanifest", _manifest, open=True),
        View("GET", "/worker.js", _worker, open=True),
        View("GET", "/no-network", _no_network, open=True),
    ),
)
