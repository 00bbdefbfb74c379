"""What is typed and shown at the office's desk stands where it has to and nowhere else (SEC7): every table of the
ledger and every line of the log is read for a phone, a name, a PIN, a key and a code that are nobody else's."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest

from hub.codes.sending import Wanted, send
from hub.people.orders import Order
from hub.people.profile import erase
from hub.sender.file_sender import FileSender
from hub.sender.posting import Posting
from hub.store.rows import Rows
from sync.staff_codes import challenge_of
from tests.hub.conftest import Office
from tests.hub.office.desk import OLEG, Desk, employ
from tests.hub.office.test_office_pages import said

Open = Callable[[], Desk]
PHONE, NAME, PETNAME = "+79165550199", "Зимородок", "Канарейкин"
KNOWN_IN = "members"  # who somebody is, beside the ledger
ERASED = "anna"


def tables(office: Office) -> dict[str, str]:
    """What each says, as text."""
    names = [str(name) for (name,) in office.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: "\n".join(map(str, office.rows(f'SELECT * FROM "{name}"'))) for name in names}


def stands(secret: str, text: str) -> bool:
    """By itself, not as a piece of a hash."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", text) is not None


def test_phones_names_pins_keys_and_codes_stand_nowhere_else(
    office: Office, desk: Open, caplog: pytest.LogCaptureFixture, tmp_path_factory: pytest.TempPathFactory
) -> None:
    caplog.set_level(logging.DEBUG)
    office.join(ERASED, registered=False)
    oleg, hub = desk(), office.hub
    oleg.sign_in(OLEG)
    employ(hub, OLEG)
    agreed = re.findall(r'name="agreed" value="([^"]+)"', oleg.get("/forms?programme=alenka").text)
    typed = {"card": "cardanna", "name": f"{NAME} {PETNAME}", "phone": PHONE, "agreed": agreed[0], "key": "k1"}
    assert "зарегистрирована" in said(oleg.post("/forms/register", programme="alenka", **typed))
    for path in (f"/members?text={NAME}", f"/members/{PHONE}", f"/claims?who={PHONE}&receipt=1", f"/members/{NAME}"):
        oleg.get(path)
    for path, more in {
        "/members/anna/block": {"card": PHONE, "reason": "x"},
        "/forms/confirm": {"card": PHONE},
        "/claims": {"who": PHONE, "receipt": "1", "reason": "x"},
        f"/members/{PHONE}/correct": {"points": "5", "reason": "x"},
    }.items():
        oleg.post(path, **more)
    told = said(oleg.post("/staff", id="vera", name="Вера К.", role="manager", stores="omsk-7", key="k2"))
    key_told = said(oleg.post("/staff/vera/key", key="k3"))
    second = said(oleg.post("/second", challenge=challenge_of(hub.pepper, "t1", "return"), about="возврат"))
    hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
    send(hub, Wanted("redeem", "alenka", "k4", member=ERASED))
    (pin,), (key,), (code,) = (
        re.findall(r"ПИН-код (\d{6})", told),
        re.findall(r"ключ (\S+)\. Больше", key_told),
        re.findall(r": (\d{6})\.", second),
    )
    for waiting in (True, False):
        for table, text in tables(office).items():
            for secret in (pin, key, code, PHONE, PHONE[1:], PHONE[2:], NAME, PETNAME):
                allowed = table == KNOWN_IN and secret not in (pin, key, code)
                assert allowed or not stands(secret, text), (table, secret, waiting)
        Posting(hub, FileSender(tmp_path_factory.mktemp("out") / "outbox.jsonl")).step()
    logged = "\n".join(
        one.getMessage() for one in caplog.records if not one.name.startswith("urllib3")
    )  # the browser's
    assert not [one for one in (pin, key, code, PHONE, PHONE[1:], PHONE[2:], NAME, PETNAME) if stands(one, logged)]
    erase(hub, ERASED, Order(by="Олег"), "письмо")
    assert not [name for name, text in tables(office).items() if NAME in text or PHONE[1:] in text]
    assert office.verdict().faults == ()
