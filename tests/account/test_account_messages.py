"""P9: advertising that comes, how it is stopped, and what a member sees of what he was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from account.hub_desk import HubSaysNo
from hub.codes.sending import Wanted, send
from hub.messages.posting import letters_behind
from hub.messages.rules import MailingRules, rules_of
from hub.messages.service import tell_member
from hub.office.app import office_app
from hub.people.consents import give_consent
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from sync.account.cards import BlockCard, CardDone
from sync.account.messages import AskMessages, MessagesTold, StopLink, StopMailing, StopTold
from tests.account.conftest import Account
from tests.browser import needs_browser
from tests.hub.messages.messages_office import OLGA, Sent, agreed, agreeing, going, posted, run, with_sender
from tests.hub.office.desk import OLEG, PIN, KnownDoor
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


FITS = "document.documentElement.scrollWidth <= innerWidth"


def asked(account: Account, member: str = "anna", seen: str = "") -> MessagesTold:
    return account.desk.ask("messages", AskMessages(seen=seen), MessagesTold, member=member)


@needs_browser
def test_p9_a_mailing_of_the_office_comes_is_read_and_is_stopped_by_its_link(
    account: Account, phone: Callable[..., Page], browser: Browser, hub_server: Server, tmp_path: Path
) -> None:
    """From the office's form to the link in the message, which asks nobody to sign in."""
    office = account.office
    with_sender(office.hub, second_over=1_000)
    office.join("anna", phone="+79160000001", name="Анна Петрова", points=120)
    office.join("boris", phone="+79160000002", name="Борис Ким")
    agreed(office, "anna")
    desk = Server()
    desk.app = office_app(office.hub, KnownDoor(), now_s=lambda: 0.0)
    at_desk = browser.new_context(viewport={"width": 360, "height": 740}, locale="ru-RU").new_page()
    at_desk.set_default_timeout(8_000)
    _sign_in(at_desk, desk.url)
    at_desk.goto(f"{desk.url}/mailings")
    rules = at_desk.locator("section", has_text="Правила: alenka")
    rules.get_by_label("Адрес личного кабинета").fill(account.url)
    rules.get_by_role("button", name="Сохранить").click()
    at_desk.get_by_text("Правила сохранены.").wait_for()
    at_desk.get_by_label("Название").fill("Чай к выходным")
    at_desk.get_by_label("Текст по-русски").fill("{name}, чай дешевле. У вас {points}.")
    at_desk.get_by_label("Баллов не меньше").fill("100")
    at_desk.get_by_label("День").fill("2026-03-02")
    at_desk.get_by_label("контрольной группе").fill("0")
    assert at_desk.evaluate(FITS)
    at_desk.get_by_role("button", name="Сохранить черновик").click()
    at_desk.get_by_role("heading", name="Кому уйдёт сейчас").wait_for()
    looked = at_desk.inner_text("main")
    assert "Подходят: 1. Согласны и доступны: 1." in looked and "Анна П." in looked and "Частей SMS: 2" in looked
    assert "Анна, чай дешевле. У вас 120 бонусов. Отказ: " in looked.replace("\xa0", " ")
    at_desk.get_by_role("button", name="Запустить").click()
    at_desk.get_by_text("Рассылка запущена.").wait_for()
    outbox = FileSender(tmp_path / "outbox")
    run(office)
    letters_behind(office.hub, outbox)()
    (line,) = lines_in(outbox.path)
    at_desk.reload()
    assert "разослана" in at_desk.inner_text("main") and at_desk.evaluate(FITS)
    desk.close()

    page = phone("anna")
    page.get_by_role("link", name="Сообщения, новых: 1").click()
    page.get_by_text("Новых: 1").wait_for()
    shown = page.inner_text("main").replace("\xa0", " ")
    assert "Новых: 1" in shown and "Анна, чай дешевле. У вас 120 бонусов." in shown and "реклама" in shown
    page.goto(account.url)
    assert page.get_by_role("link", name="Сообщения", exact=True).is_visible()
    page.goto(f"{account.url}/messages")
    assert "Новых" not in page.inner_text("main")
    assert page.evaluate(FITS)

    stranger = phone()
    link = line.text.split("Отказ: ")[1]
    stranger.goto(link)
    assert "Анна" not in stranger.content() and "+7" not in stranger.content()
    stranger.get_by_role("button", name="Не присылать рекламу по SMS").click()
    stranger.get_by_text("Рекламы по SMS больше не будет.").wait_for()
    page.reload()
    assert "Не присылаем" in page.inner_text("main")
    office.now += timedelta(days=1)
    going(office, name="Ещё", day=office.now.date())
    assert posted(office, Sent()) == 0


def _sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("input[name=name]", OLEG.name)
    page.fill("input[name=pin]", PIN)
    page.click("button.main")
    page.wait_for_url(lambda address: "sign-in" not in address)


@needs_browser
def test_p9_advertising_is_stopped_in_the_account_in_english_and_dark(
    account: Account, phone: Callable[..., Page]
) -> None:
    with_sender(account.hub)
    agreeing(account.office, "anna")
    page = phone("anna", "en", dark=True)
    page.goto(f"{account.url}/messages")
    assert "There are no messages yet." in page.inner_text("main")
    button = page.get_by_role("button", name="Send no advertising by SMS")
    box = button.bounding_box()
    assert box is not None and box["height"] >= 44
    button.click()
    page.get_by_text("There will be no more advertising by SMS.").wait_for()
    assert "We send none" in page.inner_text("main")


def test_codes_and_what_happened_to_the_account_stand_in_the_history_without_digits(
    account: Account, tmp_path: Path
) -> None:
    office = account.office
    with_sender(office.hub, service=("card_blocked",))
    office.join("anna", phone="+79160000001")
    send(office.hub, Wanted("redeem", "alenka", "k1", member="anna"))
    outbox = FileSender(tmp_path / "outbox")
    Posting(office.hub, outbox).step()
    office.now += timedelta(minutes=1)
    for _ in range(2):  # the same key is one message
        tell_member(office.hub, "anna", "card_blocked", "k1", about="0017")
        tell_member(office.hub, "anna", "phone_changed", "k2")
    letters_behind(office.hub, outbox)()
    code, blocked = lines_in(outbox.path)
    assert "Карта …0017 заблокирована" in blocked.text and "/stop/" not in blocked.text
    told = asked(account)
    assert [one.kind for one in told.messages[2:]] == ["code"]
    assert told.new == 2 and not told.messages[2].new, "a code is never new"
    assert {one.kind for one in told.messages[:2]} == {"card_blocked", "phone_changed"}
    page = account.client("anna").get("/messages").text
    assert "Код для списания баллов" in page and code.code not in page and "Карта …0017 заблокирована" in page


def test_what_he_did_in_the_account_himself_stands_there_once(account: Account) -> None:
    account.office.join("anna", phone="+79160000001")
    for _ in range(2):  # the same form, sent twice
        account.desk.ask("card_block", BlockCard(card="cardanna"), CardDone, member="anna", key="k1")
    assert [one.text[1] for one in asked(account).messages] == ["Card …anna is blocked. The points are kept. Alenka"]


def test_a_notice_may_go_to_where_he_was_reached_before(account: Account, tmp_path: Path) -> None:
    office = account.office
    with_sender(office.hub, service=("phone_changed",))
    office.join("anna", phone="+79160000002")
    tell_member(office.hub, "anna", "phone_changed", "k2", to="+79160000001")
    posted(office, sender := Sent())
    assert sender.to == ["+79160000001"]
    assert "+7916" not in str(office.rows("SELECT * FROM letters"))


def test_points_that_die_in_a_week_are_told_once_where_the_office_wants_it(account: Account) -> None:
    office = account.office
    office.join("anna", phone="+79160000001")
    office.join("boris")
    office.grant(70, "anna", days=6)
    office.grant(70, "boris", days=20)
    assert run(office, "dying") == 0
    with_sender(office.hub, service=("points_die",))
    assert (run(office, "dying"), run(office, "dying")) == (1, 0)
    posted(office, sender := Sent())
    assert len(sender.messages) == 1 and "70 бонусов сгорят" in sender.messages[0][1].text.replace("\xa0", " ")


def test_nobody_sees_or_stops_anothers_and_a_link_that_is_none_says_nothing(account: Account) -> None:
    with_sender(account.hub)
    agreeing(account.office, "anna", "boris")
    going(account.office)
    posted(account.office, sender := Sent())
    token = next(id for id, message in sender.messages if message.to == "+79160000000")
    assert [one.id for one in asked(account, "boris").messages] != [token]
    account.desk.ask("stop_mailing", StopMailing(channel="sms"), StopTold, member="boris")
    assert asked(account).channels[0].since and not asked(account, "boris").channels[0].since
    for wrong in ("a" * 16, token[:-1] + "a" if token[-1] != "a" else token[:-1] + "b"):
        for act in ("stop_link", "stop_by_link"):
            with pytest.raises(HubSaysNo) as refused:
                account.desk.ask(act, StopLink(token=wrong), StopTold)
            assert refused.value.code == "stop_unknown"
    assert "Эта ссылка не действует" in account.client().get("/stop/nobodys").text
    with pytest.raises(HubSaysNo) as refused:
        account.desk.ask("stop_mailing", StopMailing(channel="inbox"), StopTold, member="anna")
    assert refused.value.code == "no_such_channel"


def test_p9_a_mail_reader_stops_it_with_one_click_and_looking_changes_nothing(account: Account) -> None:
    with_sender(account.hub)
    agreeing(account.office, "anna")
    going(account.office)
    posted(account.office, sender := Sent())
    link = f"/stop/{sender.messages[0][0]}"
    client = account.client()
    assert client.get(link).status_code == 200 and asked(account).channels[0].since
    answer = client.browser.post(account.url + link, data={"List-Unsubscribe": "One-Click"}, allow_redirects=False)
    assert answer.status_code == 303 and not asked(account).channels[0].since
    assert client.browser.post(account.url + link, headers={"Origin": "https://evil.example"}).status_code == 403
    account.office.now += timedelta(minutes=1)
    give_consent(account.hub, "anna", "mailing_sms", OLGA)
    assert asked(account).channels[0].since


def test_the_rules_of_a_programme_are_what_the_office_last_said(account: Account) -> None:
    with_sender(account.hub, quiet_from=22, service=("card_ready",))
    with account.hub.store.reading() as reader:
        kept = rules_of(reader, "alenka")
        assert kept.quiet_from == 22 and kept.service == ("card_ready",)
        assert rules_of(reader, "perekrestok") == MailingRules()
