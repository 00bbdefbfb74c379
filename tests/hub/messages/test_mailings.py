"""P9: advertising is really sent: to whom consent stands when it goes, once, in its hours, and can be stopped."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.messages.letter import letter_of
from hub.messages.mailing import Mailing
from hub.messages.ordering import look, make, start, stop, try_out
from hub.messages.posting import AT_ONCE, TAKEN_FOR
from hub.messages.report import report
from hub.messages.rules import MailingRules, allowed_from
from hub.messages.stopping import stop as stop_channel
from hub.messages.stopping import stop_called
from hub.people.cards import merge
from hub.people.consents import withdraw_consent
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.sender.sender import NotSent
from hub.store.office_records import GoodsRow
from hub.store.rows import Rows
from tests.hub.conftest import NOW, Office
from tests.hub.messages.messages_office import (
    OLGA,
    URL,
    Sent,
    agreed,
    agreeing,
    going,
    letters,
    made,
    posted,
    run,
    said,
    with_sender,
)

MOSCOW = ZoneInfo("Europe/Moscow")


def test_p9_only_who_agreed_and_can_be_reached_is_sent_it_once(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna", "boris", "vera")
    office.join("zoe", phone="+79160009999")
    office.join("yan")
    agreed(office, "yan")
    mailing, sender = going(office, ru="{name}, чай дешевле. У вас {points}."), Sent()
    assert posted(office, sender) == 3 and posted(office, sender) == 0 and run(office) == 0
    assert sender.to == ["+79160000000", "+79160000001", "+79160000002"]
    (id, message), *_ = sender.messages
    assert message.text == f"покупатель, чай дешевле. У вас 0 бонусов. Отказ: {URL}/stop/{id}"
    assert said(office, "anna") == [("sent", "")] and said(office, "zoe") == []
    told = report(office.hub, mailing.id)
    assert told.not_sent == {"no_consent": 1, "no_address": 1} and told.sent.members == 3


def test_p9_a_consent_that_was_withdrawn_meanwhile_counts(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna", "boris")
    going(office)
    withdraw_consent(office.hub, "anna", "mailing_sms", OLGA)
    posted(office, sender := Sent())
    assert sender.to == ["+79160000001"] and said(office, "anna") == [("left_out", "no_consent")]


def test_p9_the_link_in_a_message_stops_its_channel_and_says_nothing_of_him(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna")
    mailing = going(office)
    posted(office, sender := Sent())
    token = sender.messages[0][0]
    with office.hub.store.reading() as reader:
        told = stop_called(reader, token, "alenka")
        for wrong in ("", token[:-1], "a" * 16):
            with pytest.raises(NotDone) as refused:
                stop_called(reader, wrong, "alenka")
            assert refused.value.code == "stop_unknown"
        with pytest.raises(NotDone):
            stop_called(reader, token, "perekrestok")
    assert "anna" not in token and told == ("anna", "sms")
    stop_channel(office.hub, *told, Order(by="member", key="k", chain="account"))
    office.now += timedelta(days=1)
    again = going(office, day=date(2026, 3, 3))
    assert report(office.hub, again.id).not_sent == {"no_consent": 1}
    assert report(office.hub, mailing.id).opted_out == 1


def test_a_hub_that_died_while_it_sent_sends_nobody_twice(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna")
    going(office)
    sender = Sent()
    sender.fails.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        posted(office, sender)
    office.restart()
    assert posted(office, sender, TAKEN_FOR / 2) == 0
    assert posted(office, sender, TAKEN_FOR) == 1 and sender.messages == []
    assert said(office, "anna") == [("failed", "the hub stopped while it sent: it may have gone out")]


def test_a_job_that_died_on_a_page_writes_nobody_twice(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with_sender(office.hub)
    agreeing(office, *(f"m{n}" for n in range(5)))
    mailing = start(office.hub, made(office).id, OLGA)
    from hub.messages import making

    pages = iter([None, RuntimeError("killed")])
    page = making._page

    def dies(*how: object) -> tuple[int, bool]:
        if (error := next(pages, None)) is not None:
            raise error
        return page(*how)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "_page", dies)
    with pytest.raises(RuntimeError):
        run(office)
    monkeypatch.undo()
    run(office)
    assert len(letters(office, *(f"m{n}" for n in range(5)))) == 5
    posted(office, sender := Sent())
    assert len(set(sender.to)) == len(sender.to) == 5 and report(office.hub, mailing.id).sent.members == 5


def test_the_other_side_that_has_not_got_it_is_tried_again_and_one_that_may_have_is_not(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna", "boris")
    going(office)
    sender = Sent()
    sender.fails += [NotSent("no connection", again=True), NotSent("no answer", again=False)]
    posted(office, sender)
    assert said(office, "anna") == [("waiting", "no connection")] and said(office, "boris") == [("failed", "no answer")]
    posted(office, sender, timedelta(minutes=1))
    assert sender.to == ["+79160000000"] and said(office, "anna") == [("sent", "")]


def test_quiet_hours_put_it_off_to_the_morning_and_drop_nothing(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna")
    office.now = datetime(2026, 3, 2, 20, 30, tzinfo=MOSCOW)
    going(office, hour=20)
    office.now = datetime(2026, 3, 2, 21, 0, tzinfo=MOSCOW)
    posted(office, sender := Sent())
    assert sender.messages == [] and letters(office, "anna")[0].due_at == datetime(2026, 3, 3, 9, tzinfo=MOSCOW)
    office.now = datetime(2026, 3, 3, 9, tzinfo=MOSCOW)
    posted(office, sender)
    assert len(sender.messages) == 1


def test_quiet_hours_are_by_the_programmes_clock_and_may_be_none() -> None:
    night = datetime(2026, 3, 2, 2, 15, tzinfo=MOSCOW)
    assert allowed_from(MailingRules(), MOSCOW, night) == datetime(2026, 3, 2, 9, tzinfo=MOSCOW)
    assert allowed_from(MailingRules(), ZoneInfo("Asia/Vladivostok"), night) == night
    assert allowed_from(MailingRules(quiet_from=9, quiet_until=9), MOSCOW, night) == night
    noon = datetime(2026, 3, 2, 13, 5, tzinfo=MOSCOW)
    siesta = MailingRules(quiet_from=13, quiet_until=15)
    assert allowed_from(siesta, MOSCOW, noon) == datetime(2026, 3, 2, 15, tzinfo=MOSCOW)


def test_nobody_gets_more_in_a_month_than_the_rules_say(office: Office) -> None:
    with_sender(office.hub, most_a_month=1)
    agreeing(office, "anna")
    for _ in range(2):
        going(office)
        posted(office, sender := Sent())
    assert sorted(said(office, "anna")) == [("left_out", "month"), ("sent", "")] and sender.messages == []
    office.now = datetime(2026, 4, 1, 12, tzinfo=MOSCOW)
    going(office, day=date(2026, 4, 1))
    posted(office, sender)
    assert len(sender.messages) == 1


def test_a_control_group_is_kept_out_and_what_both_buy_is_told(office: Office) -> None:
    with_sender(office.hub)
    names = [f"m{n:02}" for n in range(40)]
    agreeing(office, *names)
    mailing = going(office, control_percent=50)
    kept_out = {name for name in names if mailing.keeps_out(name)}
    assert 5 < len(kept_out) < 35 and kept_out == {r.member for r in letters(office, *names) if r.state == "control"}
    sender = Sent()
    while posted(office, sender):
        pass
    assert len(sender.messages) == 40 - len(kept_out) > AT_ONCE / 2
    office.take(*(office.sale(name) for name in sorted(kept_out)[:2]))
    told = report(office.hub, mailing.id)
    assert (told.sent.members, told.control.members) == (40 - len(kept_out), len(kept_out))
    assert (told.control.bought, told.control.kopecks, told.sent.bought) == (2, 2_000, 0)


def test_it_goes_to_whom_words_find_and_is_counted_before(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna", "boris", "vera", points=50)
    office.grant(300, "anna")
    office.take(office.sale("vera"))
    for where, reached in (
        (("points-from 100",), 1),
        (("points-to 99",), 2),
        (("bought-within 3",), 1),
        (("not-bought-within 3",), 2),
        (("has-card active", "registered"), 3),
        (("has-card plastic",), 3),
        (("has-card virtual",), 0),
        (("stickers-from 1",), 0),
        (("seen-in omsk-7",), 0),
        (("favourite tea",), 0),
    ):
        mailing = made(office, where=where)
        told = look(office.hub, mailing.id)
        assert (told.reached, len(told.examples)) == (reached, reached), where


def test_many_need_a_second_person(office: Office) -> None:
    with_sender(office.hub, second_over=1)
    agreeing(office, "anna", "boris")
    mailing = start(office.hub, made(office).id, OLGA)
    assert mailing.state == "waits" and run(office) == 0
    with pytest.raises(NotDone) as refused:
        start(office.hub, mailing.id, Order(by="ольга "))
    assert refused.value.code == "mailing_yours"
    assert start(office.hub, mailing.id, Order(by="Вера")).state == "on" and run(office) == 2


def test_a_mailing_that_is_stopped_goes_to_nobody_else(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna")
    mailing = going(office)
    stop(office.hub, mailing.id, "ошибка в цене", OLGA)
    posted(office, sender := Sent())
    assert sender.messages == [] and said(office, "anna") == [("left_out", "stopped")]


def test_what_waited_too_long_is_old(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna")
    going(office)
    posted(office, sender := Sent(), timedelta(days=4))
    assert sender.messages == [] and said(office, "anna") == [("left_out", "late")]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"ru": "  "}, "mailing_text_none"),
        ({"ru": "ж" * 501}, "mailing_text_long"),
        ({"ru": "{phone}"}, "mailing_field"),
        ({"ru": "{name"}, "mailing_field"),
        ({"ru": "a\u202eb"}, "mailing_text_odd"),
        ({"name": ""}, "mailing_name"),
        ({"hour": 24}, "mailing_number"),
        ({"articles": ("999",)}, "mailing_article"),
        ({"articles": ("1",)}, "mailing_unlawful"),
        ({"programme": "nobody's"}, "not_done"),
    ],
)
def test_what_cannot_be_sent_is_refused(office: Office, terms: dict[str, object], code: str) -> None:
    office.hub.within(lambda w: w.write(Rows(goods=[GoodsRow("1", '{"name":"X","category":"tobacco"}')])))
    with pytest.raises(NotDone) as refused:
        made(office, **terms)
    assert refused.value.code == code


def test_without_a_sender_or_an_account_nothing_starts(office: Office) -> None:
    agreeing(office, "anna")
    assert _code(office, made(office)) == "mailing_no_sender"
    with_sender(office.hub, "sms+https")
    assert _code(office, made(office, channel="mail")) == "mailing_no_mailer"
    assert going(office, channel="inbox").state == "on" and said(office, "anna") == [("sent", "")]


def _code(office: Office, mailing: Mailing) -> str:
    with pytest.raises(NotDone) as refused:
        start(office.hub, mailing.id, OLGA)
    return refused.value.code


def test_the_same_order_is_one_mailing_and_a_trial_is_nobodys(office: Office) -> None:
    with_sender(office.hub)
    one = made(office)
    keyed = Order(by="Ольга", key="k1")
    from hub.messages.ordering import Terms

    terms = Terms(programme="alenka", name="Чай", channel="sms", ru="Чай", day=NOW.date())
    assert make(office.hub, terms, keyed).id == make(office.hub, terms, keyed).id != one.id
    assert "Чай дешевле." in try_out(office.hub, one.id, "+79161112233", keyed)
    with office.hub.store.reading() as reader:
        assert len(reader.newest_messages(5)) == 1 and list(reader.all_letters()) == []


def test_letters_go_with_who_goes_into_another_and_are_forgotten_with_who_is_erased(office: Office) -> None:
    with_sender(office.hub)
    agreeing(office, "anna", "boris")
    going(office)
    merge(office.hub, "boris", "anna", OLGA)
    assert len(letters(office, "anna")) == 1 and letters(office, "boris") == []
    going(office)
    office.join("vera")
    merge(office.hub, "anna", "vera", OLGA)
    assert len(letters(office, "vera")) == 2
    erase(office.hub, "vera", OLGA, "просит забыть")
    assert letters(office, "anna", "boris", "vera") == []


def test_the_facts_of_the_moment_are_kept_and_nothing_else_of_him(office: Office) -> None:
    with_sender(office.hub)
    office.join("anna", phone="+79160000000", name="Анна Петрова")
    agreed(office, "anna")
    office.grant(70, days=5)
    going(office, ru="{name}: {dies} до {day}")
    posted(office, sender := Sent())
    assert sender.messages[0][1].text.startswith("Анна: 70 бонусов до 07.03.2026 ")
    row = letters(office, "anna")[0]
    assert "Петрова" not in row.body and "+7916" not in row.body and letter_of(row).facts.dies == 70
    office.join("boris", phone="+79160000001")
    agreed(office, "boris")
    going(office, ru="{name}: {dies} до {day}")
    posted(office, sender)
    assert said(office, "boris") == [("left_out", "nothing_dies")]


def test_goods_that_may_be_advertised_may_be_told_of(office: Office) -> None:
    goods = [GoodsRow("1", '{"name":"Шоколад","category":"chocolate"}'), GoodsRow("2", '{"name":"Что-то"}')]
    office.hub.within(lambda w: w.write(Rows(goods=goods)))
    assert made(office, articles=("1",)).articles == ("1",)
    with pytest.raises(NotDone):  # of which nobody knows that they are no tobacco
        made(office, articles=("2",))


def test_words_that_may_be_of_goods_that_are_not_advertised_are_shown(office: Office) -> None:
    agreeing(office, "anna")
    assert look(office.hub, made(office, ru="Вино и чай: новинки!").id).doubtful == ("вино",)
    assert look(office.hub, made(office, ru="Чай и шоколад").id).doubtful == ()
