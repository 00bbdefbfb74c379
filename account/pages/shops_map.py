"""The map itself (P12), where the shop has a key of Yandex's: a page of its own, with nothing of anybody on it, as it
runs a program of others. Its CSP is open to their hosts, and closed to this account's own pages."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from account.shops import name_of, open_for_good
from account.visit import Refused, Visit
from web.guard import CSP, opened

PROGRAM: Final = "https://api-maps.yandex.ru"
THEIRS: Final = (PROGRAM, "https://yastatic.net", "https://*.maps.yandex.net")
MAP_CSP: Final = opened(
    CSP,
    {
        "script-src": ("'self'", *THEIRS),
        "style-src": ("'self'", "'unsafe-inline'"),  # their program writes styles
        "img-src": ("'self'", "data:", "blob:", *THEIRS),
        "connect-src": THEIRS,  # and none of ours: whoever is signed in is not asked for by their program
        "font-src": THEIRS,
        "worker-src": ("blob:",),
        "form-action": ("'none'",),
    },
)


def shops_map(visit: Visit) -> Response:
    key, city = visit.house.settings.map_key, visit.typed.one("city")
    if not key:
        raise Refused("not_found", status=404)
    shops = [
        {"id": shop.id, "name": name_of(shop), "at": [shop.longitude, shop.latitude]}
        for shop in open_for_good(visit.house.shops().shops)
        if shop.latitude is not None and (not city or shop.city == city)
    ]
    language = "ru_RU" if visit.language == "ru" else "en_US"
    answer = visit.show(
        "shops_map.html",
        title="shops_map_title",
        shops=json.dumps(shops, ensure_ascii=False),
        program=f"{PROGRAM}/v3/?{urlencode({'apikey': key, 'lang': language})}",
        back="/shops?" + urlencode({"city": city}) if city else "/shops",
    )
    answer.headers["Content-Security-Policy"] = MAP_CSP
    answer.headers["Referrer-Policy"] = "origin"  # a key is good for a host, and which page it is is nobody's matter
    return answer
