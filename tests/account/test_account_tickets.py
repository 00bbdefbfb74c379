"""P28, P34: questions to people, from the form on a phone to the operator's desk and back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe

from hub.errands.walk import Walk
from hub.messages.ordering import change_rules
from hub.messages.rules import MailingRules
from hub.office.app import office_app
from hub.outside.services import NO_SERVICES
from hub.places.place import ShopPlace, with_place
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.sender.sender import MAILS, SENDER
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from tests.account import photos
from tests.account.conftest import PHONE, SHOWN_MS, WIDE, Account
from tests.account.test_account_axe import RULES
from tests.browser import needs_browser
from tests.hub.messages.messages_office import OLGA
from tests.hub.office.desk import OLEG, PIN, VERA, KnownDoor
from tests.hub.office.desk import Desk as OfficeDesk
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FITS: Final = "document.documentElement.scrollWidth <= innerWidth"
SMALL: Final = (
    "[...document.querySelectorAll('main a, main button, main select, main textarea, main input:not([type=hidden])')]"
    ".filter(one => one.offsetHeight && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
)
MENU: Final = (  # links in it that are wider than their place
    "[...document.querySelectorAll('nav.menu a')].filter(one => one.scrollWidth > one.clientWidth).map(one => one.href)"
)
DRAWN: Final = "[...document.querySelectorAll('main img')].map(one => one.naturalWidth)"


class Desk:
    """The operators' page, whose mail goes into a file."""

    def __init__(self, account: Account, folder: Path) -> None:
        self.office = account.office
        self.outbox = folder / "outbox.jsonl"
        settings = {SENDER: "file", MAILS: "yes"}
        place = ShopPlace(name="Алёнка", city="Омск", address="Ленина, 1")
        stores = [with_place(StoreRow("omsk-7"), place), StoreRow("omsk-8")]
        self.office.hub.within(lambda writer: writer.write(Rows(settings=settings, stores=stores)))
        change_rules(self.office.hub, "alenka", MailingRules(account_url=account.url), OLGA)
        self.server = Server()
        self.server.app = office_app(self.office.hub, KnownDoor(), now_s=lambda: 0.0)

    def mails(self) -> list[Any]:
        Posting(self.office.hub, FileSender(self.outbox)).step()
        return list(lines_in(self.outbox))

    def opened(self, browser: Browser, who: str = OLEG.name) -> Page:
        context = browser.new_context(viewport=PHONE, locale="ru-RU")  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(SHOWN_MS)
        page.goto(f"{self.server.url}/sign-in")
        page.fill("input[name=name]", who)
        page.fill("input[name=pin]", PIN)
        page.click("button.main")
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.goto(f"{self.server.url}/tickets")
        return page


@pytest.fixture
def desk(account: Account, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(account, tmp_path)
    yield made
    made.server.close()


def axe_of(page: Page) -> list[str]:
    """What it finds wrong, and where. All of the page is looked at: the menu lies over none of it then."""
    page.set_viewport_size({"width": PHONE["width"], "height": 2_400})
    found = Axe().run(page, options=RULES).response["violations"]
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    return [f"{one['id']} {node['html']}" for one in found for node in one["nodes"]]


def photo_file(name: str = "IMG_1.jpg") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": photos.with_exif(800, 600)}


@needs_browser
def test_p34_a_visitor_asks_with_a_photo_and_reads_the_answer_behind_his_link(
    account: Account, desk: Desk, phone: Callable[..., Page], browser: Browser
) -> None:
    page = phone()
    page.goto(f"{account.url}/help/tickets")
    page.get_by_role("link", name="Написать нам").click()
    page.get_by_label("О чём").select_option("Товар или цена")
    page.get_by_label("Что случилось").fill("Масло испорчено.\nЧек от 1 марта.")
    page.locator("select[name=store]").select_option("Алёнка, Омск, Ленина, 1")
    page.get_by_label("E-mail для ответа").fill("guest@mail.ru")
    page.get_by_label("Фотографии").set_input_files([photo_file()])
    assert page.evaluate(FITS) and page.evaluate(SMALL) == []
    page.get_by_role("button", name="Отправить").click()
    page.get_by_text("Сохраните эту страницу").wait_for()
    link = page.url
    assert "/help/t/" in link and page.evaluate(FITS) and page.evaluate(SMALL) == []
    page.wait_for_function(f"{DRAWN}.every(width => width === 600)")  # turned the right way up

    at_desk = desk.opened(browser)
    at_desk.get_by_role("link", name="Товар или цена").click()
    at_desk.get_by_text("Кто это, не проверено").wait_for()
    at_desk.wait_for_function(f"{DRAWN}.every(width => width === 600)")
    assert at_desk.evaluate(FITS) and axe_of(at_desk) == []
    at_desk.get_by_text("Начать с готового текста").click()
    at_desk.get_by_role("link", name="Здравствуйте! Спасибо").click()
    at_desk.wait_for_url("**text=0*")
    assert at_desk.get_by_role("textbox", name="Ответ", exact=True).input_value().startswith("Здравствуйте! Спасибо")
    desk.office.now += timedelta(minutes=5)
    at_desk.get_by_role("button", name="Отправить ответ").click()
    at_desk.get_by_text("отправлен.").wait_for()
    assert "Никто не ждёт ответа." in at_desk.inner_text("main")

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # he comes back to the page
    page.get_by_text("Здравствуйте! Спасибо").wait_for()
    (mail,) = desk.mails()
    assert mail.to == "guest@mail.ru" and link in mail.text and "Спасибо" not in mail.text
    other = phone()
    other.goto(f"{link[:-4]}aaaa")
    assert "Такого обращения нет" in other.inner_text("main")


@needs_browser
def test_p28_a_member_talks_with_two_operators_and_the_second_one_hears_of_the_first(
    account: Account, desk: Desk, phone: Callable[..., Page], browser: Browser
) -> None:
    account.office.join("anna", phone="+79160000001", name="Анна Петрова", email="anna@mail.ru")
    page = phone("anna", "en", dark=True)
    page.goto(f"{account.url}/help/tickets/new")
    page.get_by_label("What about").select_option("Points of a receipt")
    page.get_by_label("What has happened").fill("My points of 1 March are missing.")
    page.locator("select[name=store]").select_option("omsk-7")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("It is sent. The answer comes here.").wait_for()
    page.goto(f"{account.url}/more")
    assert page.evaluate(MENU) == []

    vera, oleg = desk.opened(browser, VERA.name), desk.opened(browser)
    for at_desk in (vera, oleg):
        at_desk.get_by_role("link", name="Баллы по чеку").click()
        at_desk.get_by_text("Анна Петрова").wait_for()
    vera.get_by_role("button", name="Взять себе").click()
    vera.get_by_text("ваше.").wait_for()
    vera.get_by_role("textbox", name="Ответ", exact=True).fill("Which receipt is it?")
    desk.office.now += timedelta(minutes=5)
    oleg.get_by_role("textbox", name="Передать").fill("She has called twice.")
    oleg.get_by_role("textbox", name="Ответ", exact=True).fill("We have found it.")
    oleg.get_by_role("button", name="Отправить ответ").click()
    oleg.get_by_text("отправлен.").wait_for()
    vera.get_by_role("button", name="Отправить ответ").click()
    vera.get_by_text("Другой уже ответил").wait_for()
    assert vera.get_by_role("textbox", name="Ответ", exact=True).input_value() == "Which receipt is it?"
    assert "We have found it." in vera.inner_text("main") and "Занимается Олег" in vera.inner_text("main")
    vera.get_by_role("textbox", name="Передать").fill("Oleg has it.")
    vera.get_by_role("button", name="Передать").click()
    vera.get_by_text("передано.").wait_for()

    page.goto(account.url)
    page.get_by_role("link", name="Messages, new: 1").click()
    assert "was answered: see Help" in page.inner_text("main")
    page.goto(account.url)
    page.get_by_role("link", name="More, new: 1").click()
    page.get_by_role("link", name="Requests").click()
    page.get_by_text("a new answer").wait_for()
    assert page.evaluate(FITS) and page.evaluate(SMALL) == []
    page.get_by_role("link", name="Points of a receipt").click()
    page.get_by_text("We have found it.").wait_for()
    assert axe_of(page) == []
    assert "Oleg has it" not in page.content() and "Вера" not in page.content()
    page.get_by_label("Your message").fill("Thank you, and when do they come?")
    page.get_by_label("Photos").set_input_files([photo_file(), photo_file("2.jpg")])
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your message is sent.").wait_for()
    page.wait_for_function(f"{DRAWN}.length === 1")  # twice the same is one
    page.get_by_role("button", name="It is settled").click()
    page.get_by_text("The request is closed. Thank you!").wait_for()
    page.goto(f"{account.url}/help/tickets")
    assert "a new answer" not in page.inner_text("main") and "closed" in page.inner_text("main")
    assert [mail.to for mail in desk.mails()] == ["anna@mail.ru"]


FORM: Final = {"reason": "goods", "text": "Масло испорчено.", "email": "guest@mail.ru"}


def test_p34_what_is_wrong_is_said_beside_the_form_which_keeps_what_was_typed(account: Account, desk: Desk) -> None:
    client = account.client()
    wrong = {
        "Выберите, о чём вы пишете": {"reason": "nothing"},
        "Напишите, что случилось": {"text": " \u202e\n"},
        "Напишите адрес для ответа": {"email": "guest"},
        "Такого магазина нет": {"store": "nowhere"},
    }
    for number, (words, field) in enumerate(wrong.items()):
        answer = client.post("/help/tickets/new", FORM | field | {"key": f"k{number}"})
        assert answer.status_code == 409 and words in answer.text, words
        assert ("Масло" in answer.text) == ("text" not in field)
    files = {"photo": ("a.jpg", b"<svg onload='alert(1)'/>", "image/jpeg")}
    answer = client.post("/help/tickets/new", FORM, files=files)
    assert answer.status_code == 409 and "Это не фотография" in answer.text and "Масло" in answer.text
    files_4 = [("photo", (f"{one}.jpg", photos.photo(40 + one, 30), "image/jpeg")) for one in range(4)]
    answer = client.post("/help/tickets/new", FORM, files=files_4)
    assert answer.status_code == 413 and "Не больше трёх" in answer.text
    assert account.office.rows("SELECT * FROM errands") == []


def test_p34_the_same_form_twice_is_one_and_many_of_one_browser_wait(account: Account, desk: Desk) -> None:
    client = account.client()
    links = {client.post("/help/tickets/new", FORM | {"key": "k1"}).url for _ in range(2)}
    assert len(links) == 1 and len(account.office.rows("SELECT * FROM errands")) == 1
    other = account.client().post("/help/tickets/new", FORM | {"key": "k1", "text": "Другое."})
    assert other.url not in links, "a key that was guessed opens nobody's"
    answers = [client.post("/help/tickets/new", FORM | {"text": f"Вопрос {one}."}) for one in range(8)]
    assert answers[-1].status_code == 429 and "Отсюда сегодня" in answers[-1].text


def test_p28_another_s_ticket_and_picture_are_as_none(account: Account, desk: Desk) -> None:
    """Of another member, of a visitor, of an operator of another shop; a picture is nothing but a picture."""
    for member in ("anna", "boris"):
        account.office.join(member)
    anna, boris = account.client("anna"), account.client("boris")
    files = {"photo": ("a.svg", photos.photo(40, 30), "image/svg+xml")}
    shown = anna.post("/help/tickets/new", FORM | {"store": "omsk-7"}, files=files)
    path, picture = shown.url.removeprefix(account.url), shown.text.split('src="/pictures/')[1].split('"')[0]
    answer = anna.get(f"/pictures/{picture}")
    assert answer.headers["content-type"] == "image/jpeg" and answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"] and "no-store" in answer.headers["cache-control"]
    assert answer.headers["content-disposition"] == 'inline; filename="photo.jpg"'
    nobodys = [boris.get(at) for at in (f"/help/tickets/{'0' * 16}", f"/pictures/{'0' * 24}")]
    others = [boris.get(path), boris.get(f"/pictures/{picture}")]
    assert [(one.status_code, len(one.text)) for one in others] == [(one.status_code, len(one.text)) for one in nobodys]
    assert boris.post(path, {"text": "Я тоже"}).status_code == 409
    assert boris.post(f"{path}/close").status_code == 409
    assert account.client().get(path).url.startswith(f"{account.url}/sign-in")
    guest = account.client()
    link = guest.post("/help/tickets/new", FORM).url.removeprefix(account.url)
    assert guest.get(f"{link}/pictures/{picture}").status_code == 409
    id = path.rpartition("/")[2]
    far = OfficeDesk(desk.server.url)
    far.sign_in(VERA)
    assert far.get(f"/tickets/{id}").status_code == 200
    assert far.get(f"/tickets/pictures/{picture}").headers["content-type"] == "image/jpeg"
    (elsewhere,) = [row[0] for row in account.office.rows("SELECT id FROM errands") if row[0] != id]
    assert far.get(f"/tickets/{elsewhere}").status_code == 409, "of no shop: the office alone"


def test_p28_after_days_without_a_word_it_closes_and_a_year_later_nothing_is_left(account: Account, desk: Desk) -> None:
    office = account.office
    guest = account.client()
    files = {"photo": ("a.jpg", photos.photo(40, 30), "image/jpeg")}
    link = guest.post("/help/tickets/new", FORM, files=files).url.removeprefix(account.url)
    ((id,),) = office.rows("SELECT id FROM errands")
    oleg = OfficeDesk(desk.server.url)
    oleg.sign_in(OLEG)
    assert "Масло" in oleg.get("/tickets").text
    oleg.post(f"/tickets/{id}/answer", text="Вернём деньги.", seen="1", key="k1")
    oleg.post(f"/tickets/{id}/answer", text="Вернём деньги.", seen="1", key="k1")
    shown = guest.get(link).text
    assert shown.count("Вернём деньги.") == 1 and "закроется само" in shown
    walk = Walk(office.hub, NO_SERVICES)
    office.now += timedelta(days=13)
    assert walk.step() == 0
    office.now += timedelta(days=2)
    assert walk.step() == 1 and "закрыто" in guest.get(link).text
    assert "Ваше сообщение" in guest.get(link).text
    guest.post(link, {"text": "Деньги не пришли."})
    assert walk.step() == 0 and "Деньги не пришли." in oleg.get("/tickets").text
    oleg.post(f"/tickets/{id}/close")
    office.now += timedelta(days=366)
    assert walk.step() == 1 and guest.get(link).status_code == 409
    kept = str(office.rows("SELECT * FROM errands"))
    assert "Масло" not in kept and "mail.ru" not in kept and office.rows("SELECT * FROM pictures") == []


def test_what_an_operator_does_is_in_the_log_of_acts_without_what_was_said(account: Account, desk: Desk) -> None:
    account.office.join("anna")
    account.client("anna").post("/help/tickets/new", FORM)
    ((id,),) = account.office.rows("SELECT id FROM errands")
    oleg = OfficeDesk(desk.server.url)
    oleg.sign_in(OLEG)
    oleg.get(f"/tickets/{id}")
    oleg.post(f"/tickets/{id}/take")
    oleg.post(f"/tickets/{id}/answer", text="Вернём деньги.", seen="0")
    oleg.post(f"/tickets/{id}/pass-on", text="Позвонить в магазин")
    log = [str(row) for row in account.office.rows("SELECT body FROM acted")]
    for act in ("ticket", "take_ticket", "answer_ticket", "pass_ticket_on"):
        assert any(f'"{act}"' in row and id in row for row in log), act
    assert "ticket_written_meanwhile" in str(log) and "Вернём" not in str(log) and "Позвонить" not in str(log)


def test_a_picture_that_the_account_did_not_draw_the_hub_does_not_keep(account: Account) -> None:
    from account.hub_desk import HubSaysNo
    from sync.account.tickets import OpenTicket, TicketOpened

    account.office.join("anna")
    for body in (base64.b64encode(photos.with_exif(40, 30)).decode(), "no base64", ""):
        asked = OpenTicket(reason="goods", text="Масло", pictures=(body,))
        with pytest.raises(HubSaysNo):
            account.desk.ask("open_ticket", asked, TicketOpened, member="anna")
    assert account.office.rows("SELECT * FROM errands") == []


@needs_browser
def test_p34_on_a_wide_screen_too(account: Account, desk: Desk, phone: Callable[..., Page]) -> None:
    account.office.join("anna")
    page = phone("anna", size=WIDE)
    page.goto(f"{account.url}/help/tickets/new")
    field = page.get_by_label("Фотографии")
    field.set_input_files([photo_file(f"{one}.jpg") for one in range(4)])
    page.wait_for_function("document.querySelector('input[type=file]').validationMessage.includes('трёх')")
    field.set_input_files([photo_file() | {"buffer": photos.photo(3_000, 2_000, quality=100)}])
    page.wait_for_function("document.querySelector('input[type=file]').validationMessage === ''")
    assert page.evaluate(FITS)
