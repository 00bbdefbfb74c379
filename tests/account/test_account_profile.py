"""P9, P22, 152-FZ: a member's profile on his phone: who he is, where he is reached, what he agrees to, what he takes
along, and how he leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from account import forgetting
from account.app import WORDS
from account.forgetting import KEPT, Forgetting
from account.menu import PAGES
from hub.people.consents import give_consent
from hub.people.orders import Order
from hub.people.profile import erase
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.store.rows import Rows
from loyalty.bodies import Grant
from loyalty.utc import utc_text
from loyalty.wording import day_text
from tests.account.conftest import Account
from tests.browser import needs_browser
from tests.hub.conftest import NOW
from web.language import say

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, NEW, MAIL = "+79161234567", "+79165556677", "anna@example.ru"


class Outbox:
    """What the hub's sender has sent."""

    def __init__(self, account: Account, path: Path) -> None:
        self.path = path
        self.posting = Posting(account.hub, FileSender(path))

    def last(self) -> str:
        self.posting.step()
        return lines_in(self.path)[-1].code

    def to(self) -> list[str]:
        self.posting.step()
        return [line.to for line in lines_in(self.path)]


@pytest.fixture
def outbox(account: Account, tmp_path: Path) -> Outbox:
    account.office.join("anna", phone=PHONE, points=1_250, name="Анна Петрова")
    account.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file", "sender_mails": "yes"})))
    return Outbox(account, tmp_path / "outbox.jsonl")


def main(page: Page) -> str:
    return page.inner_text("main").replace("\xa0", " ").replace("\u202f", " ")


@needs_browser
def test_p9_p22_he_sets_his_account_up_and_changes_where_he_is_reached(
    account: Account, phone: Callable[..., Page], outbox: Outbox
) -> None:
    page = phone("anna")
    other = account.client("anna")
    page.goto(f"{account.url}/profile?first=1")
    assert "Настройки" in main(page) and "+7 916 123-45-67" in main(page)
    assert "Сначала имя: Ольга Сидорова" in main(page), "as a till's mask and the greeting take it"
    page.get_by_label("Имя и фамилия").fill("Анна Сергеевна")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.locator("#told")).to_contain_text("Имя изменено")
    page.get_by_label("День рождения").fill("1990-05-17")
    page.get_by_role("button", name="Сохранить").nth(1).click()
    expect(page.locator("#told")).to_contain_text("День рождения записан")
    assert "17 мая 1990" in main(page) and page.get_by_label("День рождения").count() == 0

    page.get_by_role("link", name="Телефон", exact=True).click()
    page.get_by_label("Новый номер").fill("8 (916) 555-66-77")
    page.get_by_role("button", name="Прислать код").click()
    page.get_by_label("Код", exact=True).fill("0" if outbox.last() == "9999" else "9999")
    page.get_by_role("button", name="Далее").click()
    expect(page.locator("#told")).to_contain_text("Осталось попыток: 4")
    page.get_by_label("Код", exact=True).fill(outbox.last())
    page.get_by_role("button", name="Далее").click()
    expect(page.locator("#told")).to_contain_text("Номер изменён")
    assert "+7 916 555-66-77" in main(page) and sorted(outbox.to()) == sorted([NEW, PHONE]), "the old number is told"
    assert other.get("/profile", allow_redirects=False).status_code == 303, "other devices are out"

    page.get_by_role("link", name="Эл. почта").click()
    page.get_by_label("Новый адрес").fill(MAIL)
    page.get_by_role("button", name="Прислать код").click()
    page.get_by_label("Код", exact=True).fill(outbox.last())
    page.get_by_role("button", name="Далее").click()
    expect(page.locator("#told")).to_contain_text("Адрес записан")
    assert MAIL in main(page)
    page.get_by_label("тёмная").check()
    page.get_by_role("button", name="Сохранить").last.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@needs_browser
def test_p9_he_reads_gives_and_withdraws_each_consent_by_itself(
    account: Account, phone: Callable[..., Page], outbox: Outbox
) -> None:
    page = phone("anna")
    page.goto(f"{account.url}/profile")
    sms = page.locator("#mailing_sms")
    assert page.locator("main :checked").count() == 1, "of the theme; no consent is ticked before he says so"
    sms.get_by_text("Прочитать").click()
    expect(sms).to_contain_text("рекламу и сообщения о скидках по SMS")
    sms.get_by_role("button", name="Согласен").click()
    expect(page.locator("#told")).to_contain_text("Согласие записано")
    expect(sms).to_contain_text("дано 02.03.2026 15:00")
    more = page.locator("section", has=page.locator("#more")).get_by_role("link").all_inner_texts()
    assert "Вход через соцсети" not in more, "no network is set up here"
    assert more[-1] == "Подтвердить телефон", "he came in without a code"
    page.get_by_role("link", name="Согласия").click()
    expect(page.locator("#mailing_email")).to_contain_text("Сначала укажите почту")
    page.locator("#programme_rules").get_by_role("button", name="Согласен").click()
    expect(page.locator("#programme_rules")).to_contain_text("закрыть кабинет и счёт")
    account.office.now = account.office.now.replace(minute=5)
    expect(page.locator("#programme_rules")).to_contain_text("как сказано в документе, или здесь и сразу")
    expect(page.locator("#mailing_sms")).to_contain_text("SMS с рекламой больше не придут")
    expect(page.locator("#mailing_email")).to_contain_text("не дано")
    page.locator("#mailing_sms").get_by_role("button", name="Отозвать").click()
    expect(page.locator("#mailing_sms .badge")).to_have_text("отозвано 02.03.2026 15:05")
    history = page.locator("ul.rows").last
    expect(history).to_contain_text("отозвано 02.03.2026 15:05")
    expect(history).to_contain_text("АЛ-SMS-2026-11")
    rows = account.office.rows("SELECT what, source, withdrawn_at IS NULL FROM consents ORDER BY what")
    assert rows == [("mailing_sms", "site", 0), ("programme_rules", "site", 1)]


@needs_browser
def test_152_fz_he_takes_his_data_along_and_closes_his_account(
    account: Account, phone: Callable[..., Page], outbox: Outbox
) -> None:
    account.office.take(account.office.sale(earned=5))
    other = account.client("anna")
    page = phone("anna")
    page.goto(f"{account.url}/profile/leave")
    assert "Пропадут 1 255 бонусов" in main(page) and "Чеки остаются у магазина без вашего имени" in main(page)
    page.get_by_role("link", name="Сначала скачать мои данные").click()
    assert page.request.get(f"{account.url}/profile/data/mine.json").status == 403, "not without a code"
    page.get_by_role("button", name="Прислать код").click()
    page.get_by_label("Код").fill(outbox.last())
    page.get_by_role("button", name="Далее").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="Скачать для программ").click()
    told = json.loads(Path(file.value.path()).read_bytes())
    assert (told["mine"]["phone"], told["mine"]["points"]) == (PHONE, 1_255)
    assert [act["kind"] for act in told["operations"]] == ["member_joined", "grant", "sale"]
    assert len(told["account"]["sessions"]) == 2 and "token" not in told["account"]["sessions"][0]
    with page.expect_download() as file:
        page.get_by_role("link", name="Скачать, чтобы читать").click()
    read = Path(file.value.path()).read_text(encoding="utf-8")
    assert PHONE in read and "Анна Петрова" in read and "1 255" in read.replace("\xa0", " ").replace("\u202f", " ")

    account.office.now = account.office.now.replace(minute=2)
    page.goto(f"{account.url}/profile/leave")
    page.get_by_role("button", name="Прислать код").click()
    page.get_by_label("Код").fill(outbox.last())
    page.get_by_label("Понимаю").check()
    page.get_by_role("button", name="Закрыть кабинет и счёт").click()
    expect(page.locator("h1")).to_have_text("Кабинет закрыт")
    page.go_back()
    page.wait_for_load_state()
    assert "Анна" not in page.content() and "1 255" not in main(page)
    assert other.get("/profile", allow_redirects=False).headers["location"].startswith("/sign-in")
    assert account.office.rows("SELECT phone, name FROM members WHERE member = 'anna'") == [(None, None)]
    with account.store.reading() as book:
        assert book.all("sessions_of_member", member="anna") == []


def test_a_day_of_another_year_ends_a_sentence_by_one_full_stop() -> None:
    said = say(WORDS, "ru", "leave_points_until", day=day_text(date(2027, 12, 1), "ru"))
    assert said.endswith("жили бы до 1 декабря 2027\u202fг.")


def test_his_data_say_each_thing_once_as_the_account_says_it(account: Account, outbox: Outbox) -> None:
    office = account.office
    ends = "2026-03-06T21:00:00Z"  # midnight by the shops' clock
    office.born(Grant(member="anna", points=30, reason="for the queue", active_from=utc_text(NOW), expires_at=ends))
    office.take(office.sale(earned=5))
    give_consent(office.hub, "anna", "mailing_sms", Order(by="Olga"), document="АЛ-SMS-2026-11")
    client = account.client("anna")
    client.post("/profile/data/code", {"key": "a"})
    client.post("/profile/data", {"key": "b", "code": outbox.last()})
    assert client.get("/messages").status_code == 200
    told = client.get("/profile/data/mine.json").json()
    assert told["mine"]["messages"] and not any(one.get("new") for one in told["mine"]["messages"])
    read = unescape(client.get("/profile/data/mine.html").text)
    assert read.count("<h2>Сообщения вам</h2>") == 1
    assert "согласие: рассылка по SMS" in read and "подарено" in read and "queue" not in read
    assert "10,00\xa0₽" in read and "10.00" not in read
    lots = client.get("/points/lots").text
    (day,) = {lot["last_day"] for lot in told["mine"]["lots"] if "last_day" in lot}
    assert day == "2026-03-06" and "06.03.2026" in lots and "<td>6 марта</td>" in read


def test_nobody_leaves_without_saying_that_he_means_it(account: Account, outbox: Outbox) -> None:
    client = account.client("anna", "en")
    client.post("/profile/leave/code", {"key": "a"})
    answer = client.post("/profile/leave", {"key": "b", "code": outbox.last()})
    assert answer.status_code == 409 and "does not come back" in answer.text
    assert client.get("/profile").status_code == 200
    answer = client.post("/profile/leave", {"key": "c", "code": outbox.last(), "sure": "1"})
    assert answer.status_code == 200 and "The account is closed" in answer.text


def test_what_is_typed_wrong_is_told_with_what_to_do(account: Account, outbox: Outbox) -> None:
    client = account.client("anna", "en")

    def told(path: str, word: str, **typed: str) -> None:
        answer = client.post(path, typed)
        assert answer.status_code == 409 and WORDS[word][1] in unescape(answer.text), (word, answer.text)

    told("/profile/name", "no_bad_name", name="A" * 250)
    told("/profile/birthday", "no_bad_birthday", birthday="yesterday")
    told("/profile/birthday", "no_too_young", birthday="2020-01-01")
    told("/profile/contacts/code", "no_bad_email", what="email", to="anna@")
    told("/profile/contacts/code", "no_bad_phone_told", what="phone", to="12")
    told("/profile/contacts/code", "contacts_phone_empty", what="phone", to="")
    told("/profile/consents/give", "no_consent_unknown", what="mailing_sms", version="of another year")
    told("/profile/consents/give", "no_consent_unknown", what="nothing", version="v")
    told("/profile/consents/withdraw", "no_consent_closes", what="personal_data")
    assert client.get("/profile/data/mine.json").status_code == 403
    assert client.get("/profile/data/mine.exe").status_code == 404


def test_a_form_that_is_sent_twice_does_its_thing_once(account: Account, outbox: Outbox) -> None:
    client = account.client("anna")
    client.post("/profile/contacts/code", {"key": "a", "what": "phone", "to": NEW})
    typed = {"key": "b", "what": "phone", "code": outbox.last()}
    for _ in range(2):
        assert client.post("/profile/contacts", typed).status_code == 200
    account.office.now += timedelta(minutes=1)
    client.post("/profile/data/code", {"key": "c"})
    typed = {"key": "d", "code": outbox.last()}
    for _ in range(2):
        assert client.post("/profile/data", typed).status_code == 200
    changed = account.office.rows("SELECT text FROM operations WHERE chain = 'account'")
    assert len(changed) == 1


def test_a_form_leads_to_no_other_page_than_ours(account: Account, outbox: Outbox) -> None:
    client = account.client("anna")
    typed = {"what": "mailing_sms", "version": "АЛ-SMS-2026-11", "back": "//evil.example"}
    answer = client.post("/profile/consents/give", typed, allow_redirects=False)
    assert answer.headers["location"] == "/profile/consents"


def test_each_table_that_names_a_member_is_forgotten_with_him(account: Account) -> None:
    """A new one needs a row in account/forgetting.py."""
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(Path("account/store/migrations").glob("*.sql"))
    )
    tables = re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", text, flags=re.DOTALL)
    assert {name for name, columns in tables if re.search(r"^\s*member ", columns, flags=re.MULTILINE)} == set(KEPT)


def test_whoever_was_erased_in_the_office_is_forgotten_here_too(account: Account, outbox: Outbox) -> None:
    account.office.join("boris", card="26001")
    account.sessions.begin("anna", "ru", "phone")
    account.sessions.begin("boris", "ru", "phone")
    with account.store.writing() as book:
        book.do("keep_password", member="anna", hash="h", set_at="2026-03-02")
        book.do("link_network", network="vk", subject="1", member="anna", shown="A", linked_at="2026-03-02")
    assert Forgetting(account.desk, account.store).step() == 0
    erase(account.hub, "anna", Order(by="Olga"), "he wrote to us")
    assert Forgetting(account.desk, account.store).step() == 1
    told = forgetting.told(account.store, "anna")
    assert set(told) == set(KEPT) and not any(told.values())
    assert len(forgetting.told(account.store, "boris")["sessions"]) == 1


def test_what_lies_under_the_profile_is_linked_from_it(account: Account, outbox: Outbox) -> None:
    page = account.client("anna").get("/profile").text
    looks = {view.path for one in PAGES for view in one.views if view.method == "GET" and "{" not in view.path}
    under = {path for path in looks if path.startswith("/profile/")}
    under.remove("/profile/social")  # no network is set up here
    assert under and all(f'href="{path}' in page for path in under), under
