"""A phone and its link over real HTTP with a real ledger: once, for an hour, a few tries; renewed, revoked, told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.card_page.app import STATIC
from hub.card_page.words import WORDS
from hub.card_phones.keys import rotate
from hub.card_phones.linking import Link
from hub.card_phones.revoking import revoke
from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.store.rows import Rows
from loyalty.bodies import CardBlocked
from loyalty.rotating_code import code_text, phone_id, slot_of, verify
from sync.card_phones import LinkAsked, PhonesAsked, RevokeAsked
from sync.protocol import ChangesPage
from tests.hub.card_phones.conftest import CARD, Phone, Waited
from tests.hub.conftest import Office

Makes = Callable[..., Link]
ASKED = Asked(person="", by="olga", till="t1", store="", programme="alenka", key="k1")


def page_of(office: Office, after: str = "") -> ChangesPage:
    return office.hub.changes(till="t1", generation=1, programme="alenka", after=after, limit=100)


def keys_of(office: Office) -> dict[int, bytes]:
    return {int(id): bytes.fromhex(key) for id, key in page_of(office).rotating_keys.items()}


def proof(office: Office, phone: Phone, certificate: str) -> str | None:
    """Why a till that hears the hub now takes the phone's code for no proof; None: it takes it."""
    text = code_text(bytes.fromhex(certificate), slot_of(office.now), phone.key.sign)
    code = verify(text, keys_of(office), office.now, office.now)
    assert code.card == CARD and code.phone == phone_id(bytes.fromhex(phone.public))
    return code.why


def test_a_phone_gets_the_card_by_its_link_and_its_codes_prove(office: Office, page_url: str, link: Makes) -> None:
    phone = Phone(page_url)
    told = phone.certify(link()).json()
    assert (told["card"], told["programme"], told["at"]) == (CARD, "Алёнка", "2026-03-02T12:00:00.000Z")
    assert told["until"] == "2026-08-29T12:00:00.000Z" and proof(office, phone, told["certificate"]) is None
    assert phone.certify(link()).json() == told, "told again to whoever did not hear"
    office.now += timedelta(days=180)
    assert proof(office, phone, told["certificate"]) == "certificate_over"


def test_a_link_is_good_once_and_for_an_hour(office: Office, page_url: str, link: Makes) -> None:
    first, second, third = link("1"), link("2"), link("3")
    assert link("1") == first and len({first.secret, second.secret, third.secret}) == 3
    with pytest.raises(NotDone) as full:
        link("4")
    assert full.value.code == "card_links_full"
    assert Phone(page_url).certify(first).ok
    assert Phone(page_url).certify(first).status_code == 404, "another phone"
    office.now += timedelta(minutes=59, seconds=59)
    assert Phone(page_url).certify(second).ok
    office.now += timedelta(seconds=1)
    assert Phone(page_url).certify(third).status_code == 404
    assert link("5").card == CARD, "those that are over make room"


def test_whatever_is_wrong_with_a_link_sounds_the_same(
    office: Office, page_url: str, link: Makes, waited: Waited
) -> None:
    made, phone = link(), Phone(page_url)
    wrong = [made._replace(id="f" * 16), *(made._replace(secret=f"{n:032x}") for n in range(5))]
    answers = [phone.certify(one) for one in (*wrong, made)]
    assert {answer.status_code for answer in answers} == {404}, "and the right one is over after five tries"
    assert {answer.text for answer in answers} == {'{"code":"no_link"}'}
    assert waited.seconds == [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 1.0], "each one waits longer"


def test_an_address_has_so_many_requests(page_url: str, now_s: list[float]) -> None:
    phone = Phone(page_url)
    body = {"phone": "0" * 16, "at": 0, "signature": "0" * 128}
    assert [phone.post("renew", body).status_code for _ in range(21)] == [404] * 20 + [429]
    now_s[0] += 2.0
    assert [phone.post("renew", body).status_code for _ in range(2)] == [404, 429]


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("certify", {"link": "0" * 47, "key": ""}, {}),
        ("certify", {"link": "0" * 48, "key": "00"}, {}),
        ("certify", {"link": "0" * 48, "key": "", "name": "x" * 61}, {}),
        ("certify", {"link": "0" * 48, "key": "", "more": 1}, {}),
        ("certify", {"link": "0" * 48, "key": "", "name": "x" * 3_000}, {}),
        ("renew", {"phone": "0" * 16, "at": "now", "signature": "0" * 128}, {}),
        ("renew", {"phone": "0" * 16, "at": 0, "signature": "0" * 128}, {"Content-Type": "text/plain"}),
    ],
)
def test_what_is_no_request_is_not_looked_at(
    page_url: str, path: str, body: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = Phone(page_url).post(path, body, **headers)
    assert (answer.status_code, answer.json()) == (400, {"code": "bad_request"})


def test_only_the_page_itself_may_ask(page_url: str) -> None:
    for origin in ("https://evil.example", "null"):
        assert Phone(page_url).post("certify", {}, Origin=origin).status_code == 403


def test_a_certificate_is_renewed_by_its_phone_alone(office: Office, page_url: str, link: Makes) -> None:
    phone, thief = Phone(page_url), Phone(page_url)
    before = phone.certify(link()).json()
    office.now += timedelta(days=30)
    at = office.now.timestamp()
    told = phone.renew(at).json()
    assert told["until"] == "2026-09-28T12:00:00.000Z" and told["certificate"] != before["certificate"]
    assert proof(office, phone, told["certificate"]) is None
    stolen, unknown = thief.renew(at, id=phone.id), phone.renew(at, id="0" * 16)
    for answer in (stolen, unknown, phone.renew(at - 301), phone.renew(at + 301)):
        assert (answer.status_code, answer.text) == (404, '{"code":"no_phone"}')


def test_a_phone_is_taken_off_and_tills_hear_of_it(office: Office, page_url: str, link: Makes) -> None:
    phone = Phone(page_url)
    phone.certify(link())
    before = page_of(office)
    name = phone_id(bytes.fromhex(phone.public))
    assert revoke(office.hub, CARD, name, "olga") and not revoke(office.hub, CARD, name, "olga")
    (anna,) = page_of(office, before.cursor).members
    assert anna.revoked_phones == (name,)
    assert phone.renew(office.now.timestamp()).status_code == 404
    office.now += timedelta(days=180)
    assert office.snapshot().revoked_phones == (), "its certificate is over by itself"
    with pytest.raises(NotDone) as wrong:
        revoke(office.hub, CARD, "0" * 16, "olga")
    assert wrong.value.code == "no_such_phone"


def test_a_card_has_so_many_phones(office: Office, page_url: str, link: Makes) -> None:
    for n in range(5):
        assert Phone(page_url).certify(link(str(n))).ok
    with pytest.raises(NotDone) as full:
        link("6")
    assert full.value.code == "card_phones_full"


def test_a_blocked_card_gets_no_phone_and_no_renewal(office: Office, page_url: str, link: Makes) -> None:
    phone, made = Phone(page_url), link("2")
    phone.certify(link())
    assert office.born(CardBlocked(member="anna", card=CARD, reason="lost"), chain="office") == "applied"
    assert phone.renew(office.now.timestamp()).status_code == 404
    assert Phone(page_url).certify(made).status_code == 404
    with pytest.raises(NotDone) as blocked:
        link("3")
    assert blocked.value.code == "card_blocked"


def test_whoever_is_erased_has_no_phones(office: Office, page_url: str, link: Makes) -> None:
    phone = Phone(page_url)
    phone.certify(link())
    erase(office.hub, "anna", Order(by="olga"), "asked")
    assert office.rows("SELECT count(*) FROM card_phones") == [(0,)]
    assert phone.renew(office.now.timestamp()).status_code == 404


def test_a_browser_that_keeps_no_key_gets_the_number(page_url: str, link: Makes) -> None:
    told = Phone(page_url).certify(link(), key="").json()
    assert (told["card"], told["certificate"], told["until"]) == (CARD, "", "")


def test_keys_are_rotated_and_revoked(office: Office, page_url: str, link: Makes) -> None:
    phone = Phone(page_url)
    old = phone.certify(link()).json()["certificate"]
    assert list(keys_of(office)) == [1]
    office.hub.within(lambda writer: rotate(writer, revoke=False))
    assert list(keys_of(office)) == [1, 2] and proof(office, phone, old) is None
    office.hub.within(lambda writer: rotate(writer, revoke=True))
    assert list(keys_of(office)) == [3] and proof(office, phone, old) == "unknown_key"
    new = phone.renew(office.now.timestamp()).json()["certificate"]
    assert proof(office, phone, new) is None


def test_the_desk_makes_a_link_and_sends_it_to_the_members_own_phone(
    office: Office, page_url: str, tmp_path: Any
) -> None:
    made: Any = ACTS["card_phone_link"].do(office.hub, ASKED, LinkAsked(card=CARD))
    assert re.fullmatch(re.escape(page_url) + "/card/#[0-9a-f]{48}", made.url) and made.ends_s == 3_600
    with pytest.raises(ActRefused) as nobody:
        ACTS["card_phone_link"].do(office.hub, ASKED._replace(key="k2"), LinkAsked(card=CARD, send=True))
    assert nobody.value.code == "second_factor_unavailable"
    office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
    for _ in range(2):
        sent: Any = ACTS["card_phone_link"].do(office.hub, ASKED._replace(key="k3"), LinkAsked(card=CARD, send=True))
        assert (sent.url, sent.to) == ("", "+7 ··· ··-67")
    Posting(office.hub, FileSender(tmp_path / "outbox.jsonl")).step()
    (line,) = lines_in(tmp_path / "outbox.jsonl")
    phone = Phone(page_url)
    told = phone.post("certify", {"link": line.code.partition("#")[2], "key": phone.public}).json()
    assert told["card"] == CARD
    listed: Any = ACTS["card_phones"].do(office.hub, ASKED, PhonesAsked(card=CARD))
    (one,) = listed.phones
    assert one.phone == phone_id(bytes.fromhex(phone.public)) and one.revoked_at == ""
    gone: Any = ACTS["card_phone_revoke"].do(office.hub, ASKED, RevokeAsked(card=CARD, phone=one.phone))
    assert not gone.before
    with pytest.raises(ActRefused) as unknown:
        ACTS["card_phone_link"].do(office.hub, ASKED._replace(key="k4"), LinkAsked(card="nobody's"))
    assert unknown.value.code == "unknown_card"


def test_the_pages_words_stand_in_both_languages_and_it_asks_no_other_host() -> None:
    ours = [*STATIC.glob("*.js"), *STATIC.glob("*.css"), STATIC.parent / "templates" / "card.html"]
    text = "".join(file.read_text(encoding="utf8") for file in ours).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"""(?:https?:)?//[\w.-]+\.\w""", text)
    assert not re.search(r"\s(?:style|on\w+)=|<style|<script(?![^>]*\bsrc=)|innerHTML|eval\(", text)
    assert [word for word in WORDS if f'"{word}"' not in text and f"words.{word}" not in text] == []
    assert all(set(re.findall(r"{\w+}", ru)) == set(re.findall(r"{\w+}", en)) for ru, en in WORDS.values())


def test_the_vendored_encoder_is_as_it_was_released() -> None:
    (folder,) = (STATIC / "vendor").iterdir()
    listed = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    there = {file.name: file for file in folder.iterdir() if file.name != "SHA256SUMS"}
    assert "LICENSE" in listed
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in there.items()} == listed
