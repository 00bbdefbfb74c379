"""Dialogues about what is no command, and about whom a till does not talk to; and the list of all dialogues."""

from __future__ import annotations

import json
from typing import Final

from pos_agent.conformance import dialogues as d
from pos_agent.conformance.dialogues import LINE, Dialogue
from pos_agent.conformance.talk import Talk, equal, expect, in_shape


def bad_commands(talk: Talk) -> None:
    for body, field in (
        (b"{", None),
        (b"[]", None),
        (b"\xff\xfe", None),
        (b'{"sale": "1"}', "lines"),
        (b'{"sale": 1, "lines": []}', "sale"),
        (b'{"lines": [{"id": "1", "name": "x"}]}', None),
        (b'{"lines": [], "really": true}', "really"),
    ):
        answer = talk.face.send("POST", "/v1/basket", body)
        expect(answer, 400, "bad_command")
        in_shape(answer)
        if field is not None:
            equal("field", field, answer.body.get("field"))
    expect(talk.face.send("POST", "/v1/commands", b'{"do": "fly"}'), 400, "bad_command")


def addresses(talk: Talk) -> None:
    nowhere = talk.face.send("POST", "/v1/nowhere", b"{}")
    expect(nowhere, 404, "not_found")
    in_shape(nowhere)
    expect(talk.face.send("GET", "/v1/basket"), 405, "wrong_method")


def strangers(talk: Talk) -> None:
    body = json.dumps({"sale": talk.number, "lines": [LINE]}).encode()
    for headers, status, code in (
        ({"Authorization": None}, 401, "wrong_token"),
        ({"Authorization": "Bearer wrong"}, 401, "wrong_token"),
        ({"Host": "evil.example"}, 421, "wrong_host"),
        ({"Content-Type": "text/plain"}, 415, "wrong_content_type"),
    ):
        answer = talk.face.send("POST", "/v1/basket", body, dict(headers))
        expect(answer, status, code)
        in_shape(answer)
    expect(talk.face.send("GET", "/v1/status", None, {"Authorization": None}), 401, "wrong_token")
    expect(talk.face.send("GET", "/v1/visit", None, {"Host": "evil.example"}), 421, "wrong_host")


DIALOGUES: Final = (
    Dialogue(name="identify", ru="Кто покупатель", en="Who the customer is", holds=d.identify),
    Dialogue(name="basket", ru="Чек складывается до копейки", en="A basket adds up to the kopeck", holds=d.basket),
    Dialogue(
        name="unknown_fields",
        ru="Незнакомые поля строки не мешают",
        en="Unknown fields of a line refuse nothing",
        holds=d.unknown_fields,
    ),
    Dialogue(name="redeem", ru="Списание баллов", en="Points are spent", holds=d.redeem),
    Dialogue(name="bounds", ru="Не больше предела", en="Never over the limit", holds=d.bounds),
    Dialogue(name="drop_card", ru="Чужую карту убирают", en="Another's card comes off", holds=d.drop_card),
    Dialogue(
        name="prepare_pay",
        ru="Что сказано, то и записано",
        en="What was told is what is recorded",
        holds=d.prepare_pay,
    ),
    Dialogue(name="told_again", ru="Повтор — та же продажа", en="Told again, it is one sale", holds=d.told_again),
    Dialogue(name="number_taken", ru="Номер занят другой продажей", en="The number is taken", holds=d.number_taken),
    Dialogue(name="whose_receipt", ru="У каждого чека своё", en="Each receipt has its own", holds=d.whose_receipt),
    Dialogue(name="quote_of_another", ru="Чужой расчёт", en="The quote of another receipt", holds=d.quote_of_another),
    Dialogue(name="unknown_quote", ru="Забытый расчёт", en="A quote that nobody remembers", holds=d.unknown_quote),
    Dialogue(name="coupons", ru="Негодные купоны", en="Coupons that will not do", holds=d.coupons),
    Dialogue(name="a_coupon", ru="Купон принят и убран", en="A coupon on and off", holds=d.a_coupon),
    Dialogue(name="cancel", ru="Отмена", en="A receipt is cancelled", holds=d.cancel),
    Dialogue(name="come_back", ru="Возврат, один раз", en="Goods come back, once", holds=d.come_back),
    Dialogue(name="points_come_back", ru="Возврат отдаёт баллы", en="Points come back too", holds=d.points_come_back),
    Dialogue(name="returns_refused", ru="Возврат не того", en="Returns that are refused", holds=d.returns_refused),
    Dialogue(name="papers", ru="Бумаги", en="Papers", holds=d.papers),
    Dialogue(name="one_door", ru="Все команды по одному адресу", en="All commands at one address", holds=d.one_door),
    Dialogue(name="looks", ru="Визит и состояние", en="The visit and the status", holds=d.looks),
    Dialogue(name="bad_commands", ru="Не команда", en="What is no command", holds=bad_commands),
    Dialogue(name="addresses", ru="Нет такого адреса", en="Addresses that are none", holds=addresses),
    Dialogue(name="strangers", ru="Чужие", en="Strangers", holds=strangers),
)
