"""The desk beside the tills' face: served by the command, by whoever is on the list of staff; and the same acts for a
till, of which the hub asks who it speaks for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from hub.desk.acted import newest
from hub.staff import book
from hub.store.seam import Writer
from hub.tills.joining import invite
from loyalty.staff import Role
from tests.hub.conftest import Office, Pen
from tests.hub.office.desk import Desk
from tests.speaking import asking


def test_the_hub_serves_the_desk_beside_its_tills(tmp_path: Path, serve: Any, pos_hub: Any) -> None:
    served = serve(tmp_path / "hub.db", "--office", "127.0.0.1:0")
    added = pos_hub("staff", "add", "vera", "--name", "Вера", "--role", "manager", "--pin", "--db", "hub.db").stdout
    (pin,) = re.findall(r"PIN: (\d{6})", added)
    (key,) = re.findall(r"pk\.vera\.\S+", pos_hub("staff", "key", "vera", "--db", "hub.db").stdout)
    desk = Desk(served.ready["office"])
    answer = desk.post("/sign-in", name="вера", pin=pin)
    assert answer.status_code == 200 and "Вера, управляющий" in answer.text and answer.url.endswith("/cases")
    told = desk.get("/office/api/acts", headers={"Authorization": f"Bearer {key}"}).json()["acts"]
    assert told["settle_case"]["allowed"] is True and told["approve_gift"]["allowed"] is False
    pos_hub("staff", "revoke", "vera", "--db", "hub.db")
    assert "ПИН-код" in desk.get("/cases").text
    assert desk.get("/office/api/acts", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert served.stop() in (0, -15)
    assert served.log() == ""


@pytest.mark.parametrize(
    ("person", "act", "body", "status", "code"),
    [
        ("vera", "cases", {}, 200, None),
        ("vera", "case", {"id": "debt/t2/1/1"}, 200, None),
        ("vera", "case", {"id": "refused/t3/1/1"}, 409, "no_such_case"),
        ("vera", "settle_case", {"id": "debt/t2/1/1", "remedy": "clock"}, 409, "case_not_so"),
        ("vera", "approve_gift", {"id": "1"}, 409, "not_allowed"),
        ("", "approve_gift", {"id": "1"}, 409, "not_allowed"),
        ("oleg", "approve_gift", {"id": "1"}, 409, "from_the_office"),
        ("", "cases", {}, 200, None),
        ("zoya", "settle_case", {"id": "debt/t2/1/1", "remedy": "accept"}, 409, "not_allowed"),
        ("tomsk", "cases", {}, 409, "not_allowed"),
        ("nobody", "cases", {}, 409, "not_allowed"),
        ("vera", "correct_points", {"who": "cardanna", "points": -1, "reason": "x"}, 409, "too_few_points"),
        ("vera", "member", {"who": "cardanna"}, 200, None),
        ("vera", "find_member", {"text": "8 000"}, 200, None),
    ],
)
def test_a_till_asks_for_its_own_store_and_for_who_works_there(
    office: Office, url: str, person: str, act: str, body: dict[str, Any], status: int, code: str | None
) -> None:
    people: dict[str, tuple[Role, str]] = {
        "vera": ("manager", "omsk-7"),
        "zoya": ("cashier", "omsk-7"),
        "tomsk": ("manager", "tomsk-1"),
        "oleg": ("office", "omsk-7"),
    }

    def staffed(writer: Writer) -> None:
        for id, (role, store) in people.items():
            book.add(writer, id, name=id.title(), role=role, stores=(store,), by="test", now=office.now)

    office.hub.within(staffed)
    office.join(points=600, phone="+79161234567", name="Анна Петрова")
    office.take(office.sale(spent=600, link="offline"))
    office.take(office.sale(spent=500, link="offline"), pen=Pen("t2"))
    office.take(office.sale("nobody", earned=40), pen=Pen("t3"))
    asking.speaker(url, "t2")  # it has joined
    for till, store in (("t2", "omsk-7"), ("t3", "tomsk-1")):

        def work(writer: Writer, till: str = till, store: str = store) -> object:
            return invite(writer, till, bytes(16), office.now, store=store, by="test")

        office.hub.within(work)
    told = {"till": "t2", "programme": "alenka", "act": act, "key": "k1", "person": person, "body": body}
    answer = asking.post(f"{url}/v3/desk", json=told, till="t2")
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert "Петрова" not in answer.text and "+79161234567" not in answer.text
    if code == "not_allowed":  # and whoever keeps the log of acts sees that he tried
        with office.hub.store.reading() as reader:
            (row,) = newest(reader, 1)
        assert (row.who, row.act, row.code, row.fields["till"]) == (person or "t2", act, "not_allowed", "t2")
