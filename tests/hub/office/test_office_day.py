"""A store's day on the office's page (R32)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.seam import Writer
from hub.tills.joining import invite
from tests.hub.conftest import Office, Pen
from tests.hub.office.desk import OLEG, VERA, Desk
from tests.hub.office.test_office_browser import browser, page, seen, sign_in

__all__ = ["browser", "page"]


@pytest.fixture
def sold(office: Office) -> Office:
    """A day of two stores."""
    for till, store in (("t1", "omsk-7"), ("t3", "tomsk-1")):

        def work(writer: Writer, till: str = till, store: str = store) -> object:
            return invite(writer, till, bytes(16), office.now, store=store, by="test")

        office.hub.within(work)
    office.join(points=600)
    omsk = Pen("t1", store="omsk-7")
    office.take(office.sale(earned=21, link="offline"), pen=omsk, by="Петрова А.")
    office.take(office.sale("nobody", earned=3), pen=omsk)
    office.take(office.sale(earned=99), pen=Pen("t3", store="tomsk-1"))
    (watch,) = [job for job in JOBS if job.name == "watch"]
    sum(Running(office.hub).run(watch, office.now))
    return office


def test_a_manager_sees_the_day_of_her_store_and_no_other(sold: Office, desk: Callable[[], Desk]) -> None:
    vera = desk()
    vera.sign_in(VERA)
    page = vera.get("/day", params={"day": "2026-03-02"}).text
    assert "Петрова А." in page and "без имени" in page and "tomsk-1" not in page
    assert '<td class="number">24</td>' in page and "99" not in page
    assert "Не принято хабом" in page and '<rect x="0" y="1" width="320"' in page
    assert "не слышали" in vera.get("/day", params={"day": "2026-03-03"}).text
    assert "не слышали" in vera.get("/day", params={"day": "2026-03-02", "store": "tomsk-1"}).text
    oleg = desk()
    oleg.sign_in(OLEG)
    assert "99" in oleg.get("/day", params={"day": "2026-03-02", "store": "tomsk-1"}).text


@pytest.mark.usefixtures("sold")
def test_the_day_is_seen_by_everybody(page: Page) -> None:
    page.goto("/")
    sign_in(page, VERA.name)
    page.get_by_role("link", name="День").click()
    page.get_by_label("День").fill("2026-03-02")
    page.get_by_role("button", name="Показать").click()
    page.get_by_text("Петрова А.").wait_for()
    assert page.locator("svg.bar rect").count() == 2
    seen(page, "day")
