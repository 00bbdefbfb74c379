"""What there is besides the pages of the menu: offers, shops, partners, help. A phone's menu has room for six."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.visit import Page, View, Visit


def _more(visit: Visit) -> Response:
    return visit.show("more.html", title="more", me=visit.me())


MORE: Final = Page(
    path="/more",
    title="more",
    icon="more",
    words={"more": ("Ещё", "More")},
    views=(View("GET", "/more", _more),),
)
