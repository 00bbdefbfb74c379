"""Staff: who works here, in which role and stores; somebody added, sent away, given a new PIN or a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from hub.office.pages.cases import zone_of
from hub.office.visit import Page, Refused, View, Visit, Words
from hub.staff import book
from hub.staff.person import Person
from hub.store.seam import Writer
from hub.stores import STORE_LETTERS_MAX
from loyalty.possible import is_text
from loyalty.staff import ROLES

ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
NAME_LETTERS_MAX: Final = 60
DEEDS_SHOWN: Final = 3

WORDS: Final[Words] = {
    "staff": ("Сотрудники", "Staff"),
    "staff_id": ("Код", "Id"),
    "staff_id_how": ("латиницей, как petrova", "small letters, like petrova"),
    "staff_name": ("Имя в документах", "Name, as he signs"),
    "staff_role": ("Роль", "Role"),
    "staff_stores": ("Магазины", "Stores"),
    "staff_stores_how": ("через пробел; пусто: все", "with spaces between; empty: all"),
    "staff_all_stores": ("все", "all"),
    "staff_has": ("Есть", "Has"),
    "staff_pin": ("ПИН-код", "PIN"),
    "staff_badge": ("бейдж", "badge"),
    "staff_key": ("ключ программ", "key for programs"),
    "staff_deeds": ("Что делали", "What was done"),
    "staff_deed": ("{at}: {what}, {by}", "{at}: {what}, {by}"),
    "staff_what_PIN": ("новый ПИН-код", "new PIN"),
    "staff_what_badge": ("новый бейдж", "new badge"),
    "staff_what_key": ("новый ключ", "new key"),
    "staff_what_revoked": ("отозван", "revoked"),
    "staff_what_restored": ("возвращён", "restored"),
    "staff_what_added": ("принят: {role}", "added as {role}"),
    "staff_what_is_now": ("теперь {role}, магазины: {stores}", "now {role}, stores: {stores}"),
    "staff_gone": ("отозван {at}", "revoked {at}"),
    "staff_add": ("Добавить сотрудника", "Add somebody"),
    "staff_add_do": ("Добавить и выдать ПИН-код", "Add, and make a PIN"),
    "staff_new_pin": ("Новый ПИН-код", "New PIN"),
    "staff_new_key": ("Новый ключ", "New key"),
    "staff_revoke": ("Отозвать", "Revoke"),
    "staff_restore": ("Вернуть", "Restore"),
    "staff_none": ("Списка ещё нет: на кассах никто не входит.", "There is no list yet: nobody signs in at tills."),
    "staff_pin_is": (
        "{name}: ПИН-код {pin}. Больше его никто не увидит, передайте сейчас.",
        "{name}: the PIN is {pin}. Nobody sees it again: hand it over now.",
    ),
    "staff_key_is": (
        "{name}: ключ {key}. Больше его никто не увидит, передайте сейчас.",
        "{name}: the key is {key}. Nobody sees it again: hand it over now.",
    ),
    "staff_revoked": (
        "{name}: отозван. На кассах узнают со следующей страницей.",
        "{name}: revoked. Tills hear of it with their next page.",
    ),
    "staff_restored": ("{name}: снова на месте.", "{name}: is back."),
    "staff_bad_id": (
        "Код: от 1 до 32 строчных латинских букв, цифр и дефисов.",
        "An id has 1 to 32 small letters, digits and dashes.",
    ),
    "staff_bad_name": ("Имя: от 1 до 60 букв.", "A name has 1 to 60 letters."),
    "staff_bad_store": ("Магазин {store}: так его не назвать.", "{store}: no store is called so."),
    "staff_exists": ("Код {id} уже занят.", "Somebody has the id {id} already."),
    "staff_unknown": ("Такого сотрудника нет.", "There is no such person."),
    "staff_not_yours": (
        "Это не только ваши магазины: сделает тот, кто работает во всех.",
        "Those are not your stores alone: somebody who works in all of them does it.",
    ),
    "staff_yourself": ("Себя не отзывают: это делает другой.", "Nobody revokes himself: somebody else does."),
}


def _list(visit: Visit) -> Response:
    with visit.hub.store.reading() as reader:
        people = [one for one in book.everybody(reader) if _is_his(visit, one.stores)]
    return visit.show(
        "staff.html",
        title="staff",
        people=sorted(people, key=lambda one: (one.revoked_at is not None, one.name)),
        roles=ROLES,
        zone=zone_of(visit, ""),
        deeds_shown=DEEDS_SHOWN,
        what_words=lambda what: _what(visit, what),
        address=lambda id, what: f"/staff/{quote(id)}/{what}",
    )


def _what(visit: Visit, what: str) -> str:
    """What was done, as the book has it: a word, `added as ROLE`, or `ROLE in STORES`."""
    word = f"staff_what_{what}"
    if word in WORDS:
        return visit.say(word)
    first, _, rest = what.partition(" ")
    if first == "added":
        return visit.say("staff_what_added", role=_role(visit, rest.removeprefix("as ")))
    stores = rest.removeprefix("in ")
    where = visit.say("staff_all_stores") if stores == "all stores" else stores
    return visit.say("staff_what_is_now", role=_role(visit, first), stores=where)


def _role(visit: Visit, role: str) -> str:
    return visit.say(f"role_{role}") if role in ROLES else role


def _add(visit: Visit) -> Response:
    id, name, role = visit.typed.one("id"), visit.typed.one("name"), visit.typed.one("role")
    stores = tuple(dict.fromkeys(visit.typed.one("stores").split()))
    if not ID.fullmatch(id):
        raise Refused("staff_bad_id")
    if not is_text(name, NAME_LETTERS_MAX) or role not in ROLES:
        raise Refused("staff_bad_name")
    for store in stores:
        if not is_text(store, STORE_LETTERS_MAX) or store == book.ALL_STORES:
            raise Refused("staff_bad_store", store=store[:STORE_LETTERS_MAX])
    _check_his(visit, stores)

    def added() -> str:
        pin = book.random_pin()

        def work(writer: Writer, by: str) -> Person:
            now = visit.hub.now()
            book.add(writer, id, name=name, role=role, stores=stores, by=by, now=now)
            return book.set_pin(writer, id, pin, visit.hub.pepper, by=by, now=now)

        return visit.say("staff_pin_is", name=_done(visit, work).name, pin=pin)

    return _drawn(visit, added)


def _new_pin(visit: Visit) -> Response:
    def made() -> str:
        pin = book.random_pin()
        now, pepper = visit.hub.now(), visit.hub.pepper
        person = _done_with(visit, lambda writer, id, by: book.set_pin(writer, id, pin, pepper, by=by, now=now))
        if person.id == visit.clerk.id:
            visit.session.proof = person.pin  # his other sessions are over, and this one goes on
        return visit.say("staff_pin_is", name=person.name, pin=pin)

    return _drawn(visit, made)


def _new_key(visit: Visit) -> Response:
    def made() -> str:
        key, now = book.random_key(visit.path["id"]), visit.hub.now()
        person = _done_with(visit, lambda writer, id, by: book.new_key(writer, id, key, by=by, now=now))
        return visit.say("staff_key_is", name=person.name, key=key)

    return _drawn(visit, made)


def _drawn(visit: Visit, draw: Callable[[], str]) -> Response:
    """A form that comes twice, as by a double click, draws once and is told the same: what was shown first is good."""
    with visit.session.drawing:
        key, words = visit.session.drawn
        if key != visit.key:
            words = draw()
            visit.session.drawn = (visit.key, words)
    return visit.go("/staff", words)


def _revoke(visit: Visit) -> Response:
    id = visit.path["id"]
    if id == visit.clerk.id:
        raise Refused("staff_yourself")
    now = visit.hub.now()
    made = _done_with(visit, lambda writer, id, by: book.revoke(writer, id, by=by, now=now))
    return visit.go("/staff", visit.say("staff_revoked", name=made.name))


def _restore(visit: Visit) -> Response:
    now = visit.hub.now()
    made = _done_with(visit, lambda writer, id, by: book.restore(writer, id, by=by, now=now))
    return visit.go("/staff", visit.say("staff_restored", name=made.name))


def _done_with(visit: Visit, work: Callable[[Writer, str, str], Person]) -> Person:
    """With whom the address names."""
    id = visit.path["id"]

    def his(writer: Writer, by: str) -> Person:
        _check_his(visit, book.held(writer, id).stores)
        return work(writer, id, by)

    return _done(visit, his)


def _check_his(visit: Visit, stores: tuple[str, ...]) -> None:
    """Whoever works in some stores only keeps the staff of those, and of no more. Raises Refused."""
    if not _is_his(visit, stores):
        raise Refused("staff_not_yours")


def _is_his(visit: Visit, stores: tuple[str, ...]) -> bool:
    return visit.clerk.stores is None or (bool(stores) and visit.clerk.stores.issuperset(stores))


def _done(visit: Visit, work: Callable[[Writer, str], Person]) -> Person:
    """In one transaction, by whoever looks. Raises Refused."""
    try:
        return visit.hub.within(lambda writer: work(writer, visit.clerk.name))
    except book.PersonExists as error:
        raise Refused("staff_exists", id=str(error)) from error
    except book.NoSuchPerson as error:
        raise Refused("staff_unknown") from error


STAFF: Final = Page(
    path="/staff",
    title="staff",
    right="keep_staff",
    words=WORDS,
    views=(
        View("GET", "/staff", _list),
        View("POST", "/staff", _add),
        View("POST", "/staff/{id}/pin", _new_pin),
        View("POST", "/staff/{id}/key", _new_key),
        View("POST", "/staff/{id}/revoke", _revoke),
        View("POST", "/staff/{id}/restore", _restore),
    ),
)
