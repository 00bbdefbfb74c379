"""What a member does with his cards in the account, as the hub answers it: A5, A12, A29, A31."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.account.card_link_acts import CARDS_MAX, TRIES_A_DAY
from hub.blanks.batches import make, receive, spoil
from hub.card_phones.certifying import take_link
from hub.card_phones.linking import tell_page
from hub.desk.act import ActRefused
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.store.rows import Rows
from loyalty.bodies import MemberMerged
from loyalty.card_numbers import make_number
from loyalty.operation import read_operation
from tests.hub.conftest import PROGRAMMES, Office

RULES = PROGRAMMES["alenka"]
HERS, ISSUED, HIS, FREE, SPOILED, STRANGE, MORE = (make_number(RULES.cards.schemes[0], n) for n in range(21, 28))
PHONE = "+79161234567"


class Account:
    """Anna has a card, Boris has another; `ISSUED` was handed over to nobody known, with points."""

    def __init__(self, office: Office, outbox: Path) -> None:
        self.office, self.outbox = office, outbox
        self.posting = Posting(office.hub, FileSender(outbox))
        self.keys = iter(range(10_000))
        office.join("anna", card=HERS, phone=PHONE, points=500, registered=True)
        office.join("boris", card=HIS, phone="+79160000000")
        office.take(office.issued(ISSUED, "nobody"), office.sale("nobody", earned=70))
        office.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))

    def act(self, act: str, member: str = "anna", key: str = "", **body: Any) -> Any:
        asked = AccountAsked(member, "alenka", key or f"k{next(self.keys)}")
        found = ACCOUNT_ACTS[act]
        return found.do(self.office.hub, asked, msgspec.convert(body, found.takes))

    def refused(self, act: str, member: str = "anna", **body: Any) -> tuple[str, int | None]:
        with pytest.raises(ActRefused) as refused:
            self.act(act, member, **body)
        return refused.value.code, refused.value.tries_left

    def proof(self, member: str = "anna") -> str:
        self.office.now += timedelta(minutes=2)
        id = self.act("send_code", member, purpose="confirm").id
        self.posting.step()
        proof: str = self.act("check_code", member, id=id, digits=lines_in(self.outbox)[-1].code).proof
        return proof

    def states(self, member: str = "anna") -> dict[str, str]:
        return {one.number: one.status for one in self.act("cards", member).cards}

    def batch(self, *serials: int) -> list[str]:
        """Blanks that a shop has."""
        draws = iter(serials)

        def work(writer: Any) -> list[str]:
            made = make(
                writer, RULES, len(serials), id="b1", draw=lambda room: next(draws), now=self.office.now, by="x"
            )
            receive(writer, "b1", "s1", self.office.now, "x")
            return made

        return self.office.hub.within(work)


@pytest.fixture
def account(office: Office, tmp_path: Path) -> Iterator[Account]:
    yield Account(office, tmp_path / "outbox.jsonl")


# linked


def test_a5_a_card_of_nobody_becomes_his_and_the_same_form_does_it_once(account: Account) -> None:
    typed = f"{FREE[:4]} {FREE[4:9]}-{FREE[9:]}"
    assert account.act("card_link", key="f", card=typed).changed
    assert not account.act("card_link", key="f", card=typed).changed, "the same form again"
    assert account.states() == {HERS: "active", FREE: "active"}
    assert account.office.verdict().faults == ()


def test_a5_one_that_was_handed_over_comes_with_its_points(account: Account) -> None:
    done = account.act("card_link", card=ISSUED)
    assert (done.changed, done.points) == (True, 70)
    assert account.states() == {HERS: "active", ISSUED: "active"} and account.act("cards").points == 570
    ((text,),) = account.office.rows("SELECT text FROM operations WHERE text LIKE '%member_merged%'")
    operation = read_operation(text)
    assert (operation.chain, operation.by) == ("account", "member") and isinstance(operation.body, MemberMerged)
    assert account.office.verdict().faults == ()


def test_a_card_of_another_and_one_of_nobody_s_making_are_answered_alike(account: Account) -> None:
    account.office.take(account.office.issued(MORE, "other"))
    account.office.hub.within(lambda writer: None)
    account.batch(900, 910)  # so that numbers which no batch has are nobody's cards
    for number in (HIS, STRANGE, "7", "x" * 60):
        code, left = account.refused("card_link", card=number)
        assert code == "card_not_found"
    assert left == TRIES_A_DAY - 4
    assert account.states() == {HERS: "active"} and account.states("boris") == {HIS: "active"}


def test_whoever_tries_numbers_is_stopped_for_the_day_and_no_day_longer(account: Account) -> None:
    for left in reversed(range(TRIES_A_DAY)):
        assert account.refused("card_link", card=HIS) == ("card_not_found", left)
    assert account.refused("card_link", card=FREE) == ("card_tries", 0), "not a right one either"
    assert not account.act("card_link", card=HERS).changed, "his own is no try"
    assert account.refused("card_link", "boris", card=HERS) == ("card_not_found", TRIES_A_DAY - 1), "his own count"
    account.office.now += timedelta(days=1)
    assert account.act("card_link", card=FREE).changed


def test_one_that_said_who_he_is_is_not_taken_over(account: Account) -> None:
    account.office.join("vera", card=MORE, registered=False, phone="+79161112233")
    assert account.refused("card_link", card=MORE)[0] == "card_not_found"
    account.act("card_block", card=HERS)
    account.office.take(account.office.reissued(ISSUED, FREE, "nobody"))
    assert account.refused("card_link", card=ISSUED)[0] == "card_not_found", "it was replaced"
    assert account.act("card_link", card=FREE).points == 70


def test_a_blank_is_his_and_a_spoiled_one_nobodys(account: Account) -> None:
    first, second = account.batch(700, 720)
    account.office.hub.within(lambda writer: spoil(writer, [second]))
    assert account.refused("card_link", card=second)[0] == "card_not_found"
    assert account.act("card_link", card=first).changed


def test_so_many_cards_are_enough(account: Account) -> None:
    for serial in range(800, 799 + CARDS_MAX):
        account.office.now += timedelta(days=1)
        account.act("card_link", card=make_number(RULES.cards.schemes[0], serial))
    account.office.now += timedelta(days=1)
    assert account.refused("card_link", card=FREE) == ("too_many_cards", None)


def test_he_who_was_somebody_else_when_he_signed_in_is_that_one_now(account: Account) -> None:
    account.act("card_link", card=ISSUED)
    assert account.states("nobody") == account.states("anna")
    account.act("card_block", "nobody", card=HERS)
    assert account.states()[HERS] == "blocked"


# lost


def test_a29_blocked_as_lost_twice_is_once(account: Account) -> None:
    assert account.act("card_block", card=HERS).changed
    assert not account.act("card_block", card=HERS).changed
    assert account.states() == {HERS: "blocked"} and account.act("cards").points == 500
    kinds = account.office.rows("SELECT count(*) FROM operations WHERE text LIKE '%card_blocked%'")
    assert kinds == [(1,)]


def test_another_s_card_is_as_one_that_is_not_there(account: Account) -> None:
    acts: dict[str, dict[str, Any]] = {
        "card_block": {},
        "card_virtual": {"proof": account.proof()},
        "card_face": {},
        "card_on_phone": {},
        "card_off_phone": {"phone": "p"},
    }
    for act, more in acts.items():
        assert account.refused(act, card=HIS, **more) == ("no_card", None), act
        assert account.refused(act, card=STRANGE, **more) == ("no_card", None), act
    assert account.states("boris") == {HIS: "active"}


# virtual


def test_a31_plastic_becomes_virtual_with_all_that_was_there(account: Account) -> None:
    lots, proof = account.office.lots(), account.proof()
    done = account.act("card_virtual", key="v", card=HERS, proof=proof)
    again = account.act("card_virtual", key="v", card=HERS, proof=proof)
    assert done.changed and not again.changed and done.card == again.card != HERS
    written = [one.text for one in account.act("messages").messages if one.kind == "card_virtual"]
    assert len(written) == 1 and written[0][0].startswith(f"Карта …{HERS[-4:]} заменена виртуальной.")
    told = {one.number: one for one in account.act("cards").cards}
    assert (told[HERS].status, told[HERS].successor) == ("replaced", done.card)
    assert told[done.card].status == "active" and told[done.card].virtual and not told[HERS].virtual
    assert account.act("me").cards[0].virtual
    assert account.office.lots() == lots and account.act("cards").points == 500
    assert account.refused("card_virtual", card=done.card, proof=account.proof())[0] == "card_virtual_already"
    assert account.refused("card_virtual", card=HERS, proof=account.proof())[0] == "card_replaced"
    assert account.refused("card_block", card=HERS)[0] == "card_replaced"
    assert account.office.verdict().faults == ()


def test_no_card_becomes_virtual_without_the_phone(account: Account) -> None:
    used = account.proof()
    account.act("card_virtual", card=HERS, proof=used)
    (fresh,) = (number for number, state in account.states().items() if state == "active")
    account.act("card_block", card=fresh)
    for proof in ("", "made up", used, account.proof("boris")):
        assert account.refused("card_virtual", card=fresh, proof=proof) == ("phone_not_proven", None)
    assert account.states()[fresh] == "blocked"


def test_a_blocked_virtual_card_gets_another_number_and_one_that_is_lost_twice_too(account: Account) -> None:
    first = account.act("card_virtual", card=HERS, proof=account.proof()).card
    account.act("card_block", card=first)
    second = account.act("card_virtual", card=first, proof=account.proof()).card
    assert account.states() == {second: "active", HERS: "replaced", first: "replaced"}
    counted = account.office.rows("SELECT body FROM batches WHERE batch = 'v-account-alenka'")
    assert '"count":2' in counted[0][0], "what guesses are counted by knows of them"


def test_two_browsers_at_once_make_one_card_virtual_once(account: Account) -> None:
    one, other = account.proof(), account.proof()
    account.act("card_virtual", key="b1", card=HERS, proof=one)
    assert account.refused("card_virtual", key="b2", card=HERS, proof=other) == ("card_replaced", None)
    assert sorted(account.states().values()) == ["active", "replaced"]


# shown


def test_the_face_is_a_picture_of_a_card_that_is_good(account: Account) -> None:
    assert account.act("card_face", card=HERS).picture.startswith(b"\x89PNG")
    assert account.act("card_face", card=HERS, form="pdf", language="en").picture.startswith(b"%PDF")
    account.act("card_block", card=HERS)
    assert account.refused("card_face", card=HERS) == ("card_blocked", None)


def test_the_card_goes_to_a_phone_and_off_it(account: Account) -> None:
    assert account.refused("card_on_phone", card=HERS)[0] == "card_page_missing"
    tell_page(account.office.hub, "https://card.example")
    link = account.act("card_on_phone", key="l", card=HERS)
    assert link.url == account.act("card_on_phone", key="l", card=HERS).url
    assert link.url != account.act("card_on_phone", "boris", key="l", card=HIS).url, "the same key is another's order"
    take_link(account.office.hub, link.url.partition("#")[2], bytes(32), "Android")
    (phone,) = account.act("cards").cards[0].phones
    assert phone.name == "Android" and account.act("cards").phone_page
    assert account.act("card_off_phone", card=HERS, phone=phone.id).changed
    assert account.act("cards").cards[0].phones == ()
    assert account.refused("card_off_phone", card=HERS, phone="another")[0] == "no_such_phone"
