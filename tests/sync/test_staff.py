"""Who works at a store comes with the feed's page, is told once, and no bad row of it stops the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.staff import book
from pos_agent.staff.book import StaffBook
from sync.private import Ear
from sync.protocol import STAFF_MAX
from sync.staff_list import UNREAD, read_staff
from sync.worker import SyncWorker
from tests.staffed import PEPPER, book_in, told
from tests.sync.conftest import NOW, Shop
from tests.there import there

ROW = {"id": "petrova", "name": "Петрова А.", "role": "cashier"}


def worker(shop: Shop, kept: StaffBook | None) -> SyncWorker:
    return SyncWorker(shop.cache, shop.client(), programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW, staff=kept)


def add(shop: Shop, id: str) -> None:
    shop.hub.within(lambda writer: book.add(writer, id, name=id.title(), role="cashier", stores=(), by="vera", now=NOW))


def names(kept: StaffBook) -> list[str]:
    return [one.name for one in kept.list.people]


def test_the_list_and_the_pepper_come_with_the_page_and_outlive_the_process(shop: Shop, tmp_path: Path) -> None:
    kept = book_in(tmp_path)
    till = worker(shop, kept)
    shop.drain(till)
    assert not kept.has_list and kept.pepper is None
    add(shop, "petrova")
    for _ in range(2):
        shop.drain(till)
    assert names(kept) == ["Petrova"] and kept.pepper == shop.hub.pepper
    again = book_in(tmp_path)
    assert names(again) == ["Petrova"] and again.pepper == shop.hub.pepper
    shop.hub.within(lambda writer: book.revoke(writer, "petrova", by="vera", now=NOW))
    shop.drain(till)
    assert names(kept) == [] and kept.has_list


def test_on_the_wire_the_pepper_is_sealed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    add(shop, "petrova")
    ear = Ear()
    page = shop.hub.changes(till="t1", programme="alenka", after="", limit=10, staff="")
    assert there(page.staff).pepper == shop.hub.pepper.hex(), "not yet: the face seals it"
    heard: list[bytes] = []
    client = shop.client()
    read = client._call

    def listening(method: str, path: str, decode: Any, **how: Any) -> Any:
        def heard_too(body: bytes) -> Any:
            heard.append(body)
            return decode(body)

        return read(method, path, heard_too, **how)

    monkeypatch.setattr(client, "_call", listening)
    pulled = client.changes(till=shop.cache.till, generation=1, programme="alenka", after="", limit=10, staff="")
    assert there(pulled.staff).pepper == shop.hub.pepper
    assert shop.hub.pepper.hex().encode() not in heard[0] and shop.hub.pepper not in heard[0]
    with pytest.raises(ValueError, match="another key"):
        ear.opened(msgspec.json.decode(heard[0])["staff"]["pepper"])


def test_a_till_whose_seal_is_lost_is_told_all_of_it_again(shop: Shop, tmp_path: Path) -> None:
    add(shop, "petrova")
    kept = book_in(tmp_path)
    shop.drain(worker(shop, kept))
    lost = StaffBook(tmp_path, None)
    assert names(lost) == ["Petrova"] and lost.pepper is None
    shop.drain(worker(shop, lost))
    assert lost.pepper == shop.hub.pepper


def test_a_till_that_takes_none_is_told_none(shop: Shop) -> None:
    add(shop, "petrova")
    shop.drain(worker(shop, None))
    assert shop.hub.changes(till="t1", programme="alenka", after="", limit=10).staff is None


@pytest.mark.parametrize(
    "row",
    [
        {**ROW, "role": "king"},
        {**ROW, "name": "a\0b"},
        {**ROW, "name": ""},
        {**ROW, "pin": "$argon2id$v=19$m=99999999,t=9,p=9$x$y"},
        {**ROW, "pin": "1234"},
        {**ROW, "badge": "short"},
        {**ROW, "id": 7},
        {},
        7,
        None,
    ],
    ids=str,
)
def test_a_bad_row_is_set_aside_and_the_others_stand(row: Any) -> None:
    good = {**ROW, "id": "orlova"}
    read = there(read_staff(msgspec.Raw(msgspec.json.encode({"edition": "e1", "people": [row, good]}))))
    assert [one.id for one in read.list.people] == ["orlova"]
    assert read.list.unread in (("petrova",), (UNREAD,)) and read.pepper is None


@pytest.mark.parametrize(
    "frame",
    [{"edition": "E1"}, {"people": []}, [], {"edition": "e1", "pepper": "00"}, {"edition": "e1", "pepper": "zz"}],
    ids=str,
)
def test_a_frame_that_is_wrong_is_not_taken(frame: Any) -> None:
    assert read_staff(msgspec.Raw(msgspec.json.encode(frame))) is None


def test_no_list_is_longer_than_a_till_s_memory() -> None:
    people = [{**ROW, "id": f"p{n}"} for n in range(STAFF_MAX + 5)]
    read = there(read_staff(msgspec.Raw(msgspec.json.encode({"edition": "e1", "people": people}))))
    assert len(read.list.people) == STAFF_MAX


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"list":7}', b"\xff"], ids=repr)
def test_a_file_that_is_damaged_is_none_and_is_told_anew(tmp_path: Path, content: bytes) -> None:
    book_in(tmp_path).keep(told())
    (tmp_path / "staff.json").write_bytes(content)
    kept = book_in(tmp_path)
    assert (kept.edition, kept.has_list, kept.pepper) == ("", False, None)
    kept.keep(told())
    assert book_in(tmp_path).pepper == PEPPER
