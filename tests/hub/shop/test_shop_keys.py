"""Online shops, their keys, and members who are connected with one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from click.testing import CliRunner

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.cli import cli
from hub.desk.act import ActRefused
from hub.errands.walk import Walk
from hub.outside.services import NO_SERVICES
from hub.people.orders import NotDone
from hub.shop.call import Shop, ShopAsked
from hub.shop.door import KeyDoor
from hub.shop.keys import LINK_DAYS, Caller, OnlineShop, Scope, add_shop, caller_of, new_key, revoke_keys
from hub.shop.links import CODE_LIVES
from hub.shop.member_calls import MEMBER_CALLS
from hub.store.records import ProfileRow
from hub.store.rows import Rows
from tests.hub.conftest import Office
from tests.hub.conftest import office as office

BACK: Final = "https://shop.example/in"
ALL: Final[tuple[Scope, ...]] = ("quote", "order", "return", "members", "catalogue")
CALLS: Final = {call.path: call for call in MEMBER_CALLS}


class Selling:
    """A shop with a key, and its member."""

    def __init__(self, office: Office, name: str = "sweets", programme: str = "alenka") -> None:
        self.office, self.name, self.programme = office, name, programme
        made = OnlineShop(name=name, title="Сласти", store=f"{name}-1", programme=programme, back=(BACK,))
        office.hub.within(lambda writer: add_shop(writer, made))
        self.key = self.new_key()
        self.door = KeyDoor(office.hub)

    def new_key(self, *scopes: Scope) -> str:
        hub = self.office.hub
        return hub.within(lambda writer: new_key(writer, self.name, scopes or ALL, "test", self.office.now))

    def act(self, act: str, member: str, key: str = "form", **body: Any) -> Any:
        asked = AccountAsked(member, self.programme, key)
        return ACCOUNT_ACTS[act].do(self.office.hub, asked, msgspec.convert(body, ACCOUNT_ACTS[act].takes))

    def agreed(self, member: str = "anna", key: str = "form") -> str:
        return str(self.act("connect_agree", member, key, shop=self.name, back=BACK).code)

    def call(self, path: str, member: str = "", key: str = "once", shop: Shop | None = None, **body: Any) -> Any:
        caller = shop or self.door.shop_of(self.key)
        assert caller is not None
        call = CALLS[path]
        return call.do(self.office.hub, ShopAsked(caller, key, member), msgspec.convert(body, call.takes))

    def linked(self, member: str = "anna", key: str = "form") -> str:
        return str(self.call("/links", code=self.agreed(member, key)).token)

    def member_of(self, token: str, key: str = "") -> str | None:
        shop = self.door.shop_of(key or self.key)
        assert shop is not None
        return self.door.member_of(shop, token)


@pytest.fixture
def selling(office: Office) -> Selling:
    office.join("anna", points=700, phone="+79161234567", card="2600000000017")
    office.join("boris")
    return Selling(office)


def test_a_key_is_known_by_its_hash_and_says_what_it_may(selling: Selling) -> None:
    only = selling.new_key("catalogue")
    shop = selling.door.shop_of(only)
    assert shop is not None and (shop.name, shop.store, set(shop.scopes)) == ("sweets", "sweets-1", {"catalogue"})
    assert only.split(".")[2] not in str(selling.office.rows("SELECT value FROM settings"))
    wrong = (only[:-1], only + "x", "", "ps1.sweets.", "ps1..x", only.replace("sweets", "other"), "ps2" + only[3:])
    assert not [text for text in wrong if selling.door.shop_of(text)]


def test_a_revoked_key_is_nobodys_and_the_other_goes_on(selling: Selling) -> None:
    other = selling.new_key()
    gone = selling.office.hub.within(lambda writer: revoke_keys(writer, "sweets", "k1", selling.office.now))
    assert gone == ["k1"]
    assert selling.door.shop_of(selling.key) is None and selling.door.shop_of(other) is not None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": "Сласти"}, "bad_name"),
        ({"title": " "}, "bad_title"),
        ({"back": ("http://shop.example/in",)}, "bad_back"),
        ({"back": ("https://shop.example/in#x",)}, "bad_back"),
        ({"back": ("https://a@shop.example/in",)}, "bad_back"),
        ({"back": ("javascript:alert(1)",)}, "bad_back"),
        ({"back": ("https://a,b.example/in",)}, "bad_back"),
        ({"back": ("https:///in",)}, "bad_back"),
        ({"back": ("https://shop.example:port/in",)}, "bad_back"),
        ({"store": "other"}, "shop_is_another"),
    ],
)
def test_what_is_no_shop_is_refused(selling: Selling, said: dict[str, Any], code: str) -> None:
    fields: dict[str, Any] = {"name": "sweets", "title": "С", "store": "sweets-1", "programme": "alenka"} | said
    with pytest.raises(NotDone) as refused:
        selling.office.hub.within(lambda writer: add_shop(writer, OnlineShop(**fields)))
    assert refused.value.code == code


def test_p33_a_member_agrees_and_the_shop_knows_him(selling: Selling) -> None:
    asked = selling.act("connect_ask", "anna", shop="sweets", back=BACK)
    assert (asked.title, asked.asks, asked.days) == ("Сласти", ("sees", "orders"), LINK_DAYS)
    token = selling.linked()
    assert selling.member_of(token) == "anna"
    told = selling.call("/members/me", "anna")
    assert (told.points, told.held, told.card) == (700, 0, "0017")
    assert told.customer and told.customer == selling.call("/links", key="again", code=selling.agreed(key="2")).customer
    assert told.customer not in (Selling(selling.office, "toys").call("/members/me", "anna").customer, "anna")
    (link,) = selling.act("connected", "anna").shops
    assert (link.title, selling.act("connected", "boris").shops) == ("Сласти", ())
    assert selling.act("mine", "anna").shops == (link,)
    assert token not in str(selling.office.rows("SELECT body, about FROM errands"))


def test_a_code_is_good_once_and_its_request_is_answered_again(selling: Selling) -> None:
    code = selling.agreed()
    token = selling.call("/links", key="a", code=code).token
    assert selling.call("/links", key="a", code=code).token == token
    refused(lambda: selling.call("/links", key="b", code=code), "link_used")


def test_a_code_is_good_for_a_minute(selling: Selling) -> None:
    code = selling.agreed()
    selling.office.now += CODE_LIVES + timedelta(seconds=1)
    refused(lambda: selling.call("/links", code=code), "link_over")
    Walk(selling.office.hub, NO_SERVICES).step()
    assert selling.office.rows("SELECT state FROM errands") == [("ended",)]
    refused(lambda: selling.call("/links", code=code), "link_unknown")


def test_a_form_that_is_sent_twice_has_one_link(selling: Selling) -> None:
    first, second = selling.agreed(), selling.agreed()
    refused(lambda: selling.call("/links", code=first), "link_unknown")
    selling.call("/links", code=second)
    with pytest.raises(ActRefused) as again:
        selling.agreed()
    assert again.value.code == "connect_done"
    assert len(selling.act("connected", "anna").shops) == 1


def test_another_shop_has_nothing_of_a_code_or_a_token(selling: Selling) -> None:
    other = Selling(selling.office, "toys")
    refused(lambda: other.call("/links", code=selling.agreed()), "link_unknown")
    token = selling.linked()
    assert other.member_of(token) is None and selling.member_of(token) == "anna"
    assert not other.call("/links/end", token=token).ended
    assert not [text for text in (token[:-1], token + "0", "", "pm1", token[4:]) if selling.member_of(text)]


@pytest.mark.parametrize(
    ("shop", "back", "code"),
    [
        ("nobody", BACK, "connect_unknown"),
        ("sweets", "https://evil.example/in", "connect_back"),
        ("sweets", BACK + "/more", "connect_back"),
        ("perek", BACK, "connect_unknown"),
        ("silent", BACK, "connect_unknown"),
    ],
)
def test_nobody_is_led_to_another_address(selling: Selling, shop: str, back: str, code: str) -> None:
    Selling(selling.office, "perek", "perekrestok")
    made = OnlineShop(name="silent", title="T", store="s", programme="alenka", back=(BACK,))
    selling.office.hub.within(lambda writer: add_shop(writer, made))
    for act in ("connect_ask", "connect_agree"):
        with pytest.raises(ActRefused) as refused:
            selling.act(act, "anna", shop=shop, back=back)
        assert refused.value.code == code


def test_he_ends_it_and_nobody_else_does(selling: Selling) -> None:
    token = selling.linked()
    (link,) = selling.act("connected", "anna").shops
    for member, id in (("boris", link.id), ("anna", "0" * 16)):
        with pytest.raises(ActRefused) as refused:
            selling.act("disconnect", member, link=id)
        assert refused.value.code == "no_shop_link"
    assert selling.act("disconnect", "anna", link=link.id).title == "Сласти"
    assert selling.member_of(token) is None


def _days_pass(selling: Selling) -> None:
    selling.office.now += timedelta(days=LINK_DAYS, seconds=1)


def _another_phone(selling: Selling) -> None:
    selling.office.hub.within(
        lambda writer: writer.write(Rows(profiles=[ProfileRow("anna", "+79167654321", None, ())]))
    )


def _key_revoked(selling: Selling) -> None:
    selling.office.hub.within(lambda writer: revoke_keys(writer, "sweets", "k1", selling.office.now))


def _erased(selling: Selling) -> None:
    from hub.people.orders import Order
    from hub.people.profile import erase

    erase(selling.office.hub, "anna", Order(by="test"), "asked")


def _signed_out(selling: Selling) -> None:
    selling.call("/links/end", token=selling.token)  # type: ignore[attr-defined]


@pytest.mark.parametrize("ends", [_days_pass, _another_phone, _key_revoked, _erased, _signed_out])
def test_what_ends_a_link(selling: Selling, ends: Callable[[Selling], None]) -> None:
    token = selling.linked()
    selling.token = token  # type: ignore[attr-defined]
    other = selling.new_key()
    assert selling.member_of(token, other) == "anna"
    ends(selling)
    assert selling.member_of(token, other) is None


def test_a_key_that_was_changed_for_another_leaves_members_where_they_are(selling: Selling) -> None:
    token, other = selling.linked(), selling.new_key()
    selling.office.hub.within(lambda writer: revoke_keys(writer, "sweets", "k1", selling.office.now, members_stay=True))
    assert selling.member_of(token, other) == "anna"


def test_whoever_is_erased_leaves_nothing_in_a_link(selling: Selling) -> None:
    selling.linked()
    _erased(selling)
    ((member, state, body),) = selling.office.rows("SELECT member, state, body FROM errands")
    assert (member, state) == ("", "ended") and not {"mark", "token", "code"} & {
        name for name, value in msgspec.json.decode(body).items() if value
    }


def test_the_office_makes_shops_and_keys_by_commands(tmp_path: Path) -> None:
    ledger = str(tmp_path / "hub.db")

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["shop", words[0], "--db", ledger, *words[1:]])
        assert done.exit_code == code, done.output
        return done.stdout

    Office(tmp_path / "hub.db").hub.close()
    run("key", "sweets", "--scopes", "quote", code=1)
    run("add", "sweets", "--store", "online-1", "--programme", "alenka", "--back", BACK)
    key = run("key", "sweets", "--scopes", "quote,order", "--by", "Ольга").strip()
    run("key", "sweets", "--scopes", "everything", code=2)
    assert "k1: quote, order" in run("list") and key.split(".")[2] not in run("list", "--json")
    office = Office(tmp_path / "hub.db")
    with office.hub.store.reading() as reader:
        caller = caller_of(reader, key)
    assert isinstance(caller, Caller) and caller.may("order") and not caller.may("members")
    office.hub.close()
    assert "k1" in run("revoke", "sweets", "--yes")
    assert "revoked" in run("list")


def refused(call: Callable[[], Any], code: str) -> None:
    from hub.shop.call import ShopRefused

    with pytest.raises(ShopRefused) as no:
        call()
    assert no.value.code == code
