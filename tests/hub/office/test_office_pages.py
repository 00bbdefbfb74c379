"""What the office does on its pages (R32): cases settled each way, a member found, corrected and blocked, a gift that
waits for a second person; and what another role, or another store's manager, may not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests

from hub.office.app import office_app
from hub.office.door import Clerk
from hub.office.staff_door import StaffDoor
from hub.staff import book
from hub.store.seam import Writer
from hub.tills.joining import invite
from loyalty.bodies import Deviation
from sync.staff_codes import answer_code, challenge_of
from tests.hub.conftest import Office, Pen
from tests.hub.office.conftest import Clock
from tests.hub.office.desk import ANTON, IRA, NINA, OLEG, VERA, Desk, employ
from tests.one_port import Server

Open = Callable[[], Desk]
DEBT = "debt/t2/1/1"
ANNA = "/members/anna"


@pytest.fixture
def shop(office: Office) -> Office:
    """Two tills of Omsk and one of Tomsk. Anna spent 500 twice of 600 points: the second till of Omsk made a debt."""
    for till, store in (("t1", "omsk-7"), ("t2", "omsk-7"), ("t3", "tomsk-1")):

        def work(writer: Writer, till: str = till, store: str = store) -> object:
            return invite(writer, till, bytes(16), office.now, store=store, by="test")

        office.hub.within(work)
    office.join(points=600, phone="+79161234567", name="Анна Петрова")
    office.take(office.sale(spent=500, link="offline"))
    office.take(office.sale(spent=500, link="offline"), pen=Pen("t2"))
    office.take(office.sale("nobody", earned=40), pen=Pen("t3"))
    return office


def key_in(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found is not None
    return found.group(1)


def in_as(desk: Open, who: object) -> Desk:
    one = desk()
    one.sign_in(who)  # type: ignore[arg-type]
    return one


def said(answer: requests.Response) -> str:
    """What stands at the top of the page."""
    found = re.search(r'<p class="(?:done|refused)">(.*?)</p>', answer.text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found.group(1)).strip() if found else ""


def test_a_manager_sees_and_settles_the_cases_of_his_stores_alone(shop: Office, desk: Open) -> None:
    vera = in_as(desk, VERA)
    page = vera.get("/cases").text
    assert "Списано больше баллов, чем было" in page and f"/cases/{DEBT}" in page and "400" in page
    assert "t3" not in page and "tomsk-1" not in page
    assert "нет" in said(vera.get("/cases/refused/t3/1/1")), "as if it were not there"
    assert vera.post("/cases/refused/t3/1/1", remedy="accept").status_code == 409
    answer = vera.post(f"/cases/{DEBT}", remedy="write_off", key="k1")
    assert answer.status_code == 200 and answer.url.endswith("/cases") and "Списать долг" in said(answer)
    assert shop.balance() == 0 and shop.verdict().faults == ()
    assert "Вера" in vera.get(f"/cases/{DEBT}").text
    assert vera.post(f"/cases/{DEBT}", remedy="write_off", key="k1").status_code == 200, "told twice, done once"
    assert "уже решён" in said(vera.post(f"/cases/{DEBT}", remedy="wait", key="k2"))
    assert shop.balance() == 0


def test_the_office_goes_on_to_the_next_case_of_any_store(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    assert "tomsk-1" in oleg.get("/cases").text
    assert "t3" not in oleg.get("/cases?store=omsk-7").text and "t3" not in oleg.get("/cases?kind=debt").text
    answer = oleg.post(f"/cases/{DEBT}", remedy="wait")
    assert answer.url.endswith("/cases/refused/t3/1/1") and "/t3/1/1" in answer.text
    assert "чей это счёт" in said(oleg.post("/cases/refused/t3/1/1", remedy="goodwill"))
    assert "операцию" in said(oleg.post("/cases/refused/t3/1/1", remedy="again"))
    assert "числом" in said(oleg.post("/cases/refused/t3/1/1", remedy="goodwill", member="cardanna", points="many"))
    assert "Выберите" in said(oleg.post("/cases/refused/t3/1/1"))
    oleg.post("/cases/refused/t3/1/1", remedy="goodwill", member="cardanna")
    assert shop.balance() == -400 + 40
    assert "Открытых случаев нет" in oleg.get("/cases").text
    assert DEBT in oleg.get("/cases?state=settled").text


def test_a_member_is_found_by_whatever_he_says(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    for text in ("cardanna", "8 916 123-45-67", "петр", "anna"):
        assert "Анна Петрова" in oleg.get("/members", params={"text": text}).text, text
    assert "Никого" in oleg.get("/members", params={"text": "Иван"}).text
    page = oleg.get(ANNA).text
    assert "+79161234567" in page and "чек 1 на 10,00\xa0₽, списано 500" in page and "Должен" in page and DEBT in page
    assert "Выписка" in page and "Анна" in oleg.get(f"{ANNA}/statement").text
    assert "Такого участника нет" in said(oleg.get("/members/nobody"))


def test_points_are_corrected_with_a_reason_and_once_under_a_key(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    key = key_in(oleg.get(ANNA).text)
    for _ in range(2):
        oleg.post(f"{ANNA}/correct", points="450", reason="наша касса", key=key)
    assert shop.balance() == 50
    assert "Напишите причину" in said(oleg.post(f"{ANNA}/correct", points="5"))
    assert "На счёте меньше" in said(oleg.post(f"{ANNA}/correct", points="−60", reason="x"))
    answer = oleg.post(f"{ANNA}/correct", points="−60", reason="x", into_debt="1")
    assert said(answer) == "Исправлено: -60. Теперь на счёте -10." and shop.balance() == -10
    assert "исправлено: наша касса" in answer.text and "Олег" in answer.text
    assert shop.verdict().faults == ()


REFUSALS: tuple[tuple[str, dict[str, str], str], ...] = (  # a path, what is typed, a word of the answer
    (f"/cases/{DEBT}", {"remedy": "collect"}, "Так этот случай не решают"),
    (f"/cases/{DEBT}", {"remedy": "goodwill", "points": "-5"}, "без минуса"),
    (f"/cases/{DEBT}", {"remedy": "goodwill", "points": "90000"}, "один человек не начисляет"),
    (f"/cases/{DEBT}", {"remedy": "accept", "points": "5"}, "ничего не проводит"),
    (f"/cases/{DEBT}", {"remedy": "accept", "operation": "t1/1/1"}, "только для"),
    (f"/cases/{DEBT}", {"remedy": "accept", "note": "a\0b"}, "Заметка"),
    ("/cases/refused/t3/1/1", {"remedy": "goodwill", "points": "5", "member": "никто"}, "Такого участника нет"),
    ("/cases/refused/t3/1/1", {"remedy": "again", "operation": "t9/1/1"}, "Такой операции нет"),
    ("/cases/refused/t3/1/1", {"remedy": "again", "operation": "t3/1/1"}, "тоже не приняли"),
    (f"{ANNA}/correct", {"points": "5", "reason": "x", "last_day": "2020-01-01"}, "уже прошёл"),
    (f"{ANNA}/correct", {"points": "-5", "reason": "x", "into_debt": "1", "last_day": "2030-01-01"}, "не у снятых"),
    (f"{ANNA}/correct", {"points": "5", "reason": "x", "key": "k" * 101}, "Форма устарела"),
    (f"{ANNA}/block", {"card": "anna", "reason": "x"}, "не карта"),
    ("/gifts/x/approve", {}, "Такого подарка нет"),
    ("/claims", {"who": "никто", "receipt": "1", "reason": "x"}, "Такого участника нет"),
)


@pytest.mark.parametrize(("path", "typed", "word"), REFUSALS)
def test_what_is_refused_is_said_in_the_pages_language(
    shop: Office, desk: Open, path: str, typed: dict[str, str], word: str
) -> None:
    answer = in_as(desk, OLEG).post(path, **typed)
    assert answer.status_code == 409 and word in said(answer)
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", said(answer).replace("Не сделано.", ""))


def test_no_page_speaks_english_to_a_russian(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    oleg.post("/staff", id="petrova", name="Петрова А.", role="manager", stores="omsk-7")
    assert "принят: управляющий" in oleg.get("/staff").text
    for path in (
        "/staff",
        "/cases",
        f"/cases/{DEBT}",
        "/members?text=анна",
        ANNA,
        "/forms",
        "/claims",
        "/second",
        "/day",
    ):
        text = re.sub(r"<[^>]+>", " ", oleg.get(path).text)
        assert not re.search(r"\b[a-z]{3,} [a-z]{3,}\b", text), path
    assert "День пишут так" in said(oleg.get("/day?day=2026-13-40&store=omsk-7"))


def test_more_than_one_person_gives_waits_for_a_second_who_is_another(shop: Office, desk: Open) -> None:
    oleg, nina = in_as(desk, OLEG), in_as(desk, NINA)
    assert "ждёт второго" in said(oleg.post(f"{ANNA}/correct", points="40000", reason="обещали"))
    waiting = oleg.get("/gifts").text
    (gift,) = re.findall(r"/gifts/(\w+)/refuse", waiting)
    assert "одобрит другой" in waiting
    assert in_as(desk, VERA).post(f"/gifts/{gift}/approve").status_code == 403
    assert "одобрит другой" in said(oleg.post(f"/gifts/{gift}/approve"))
    assert shop.balance() == -400
    assert "выдан" in said(nina.post(f"/gifts/{gift}/approve")) and shop.balance() == 39_600
    oleg.post(f"{ANNA}/correct", points="50000", reason="ещё")
    (gift,) = re.findall(r"/gifts/(\w+)/refuse", oleg.get("/gifts").text)
    assert "почему" in said(nina.post(f"/gifts/{gift}/refuse"))
    assert "отклонён" in said(nina.post(f"/gifts/{gift}/refuse", why="нет")) and shop.balance() == 39_600


def test_a_card_is_blocked_and_let_go_again(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    assert "заблокирована" in said(oleg.post(f"{ANNA}/block", card="cardanna", reason="потеряна"))
    assert "Ничего не изменилось" in said(oleg.post(f"{ANNA}/block", card="cardanna", reason="потеряна"))
    assert "Разблокировать" in oleg.get(ANNA).text
    assert "разблокирована" in said(oleg.post(f"{ANNA}/unblock", card="cardanna", reason="нашлась"))


def test_an_auditor_looks_and_changes_nothing(shop: Office, desk: Open) -> None:
    anton = in_as(desk, ANTON)
    page = anton.get(ANNA).text
    assert "Анна" in page and "<form" in page and "correct" not in page and "/block" not in page
    assert 'name="remedy"' not in anton.get(f"/cases/{DEBT}").text
    for path, typed in {
        f"{ANNA}/correct": {"points": "5", "reason": "x"},
        f"{ANNA}/block": {"card": "cardanna", "reason": "x"},
        f"/cases/{DEBT}": {"remedy": "accept"},
        "/gifts/1/approve": {},
    }.items():
        assert anton.post(path, **typed).status_code == 403, path
    assert anton.get("/gifts").status_code == 403 and shop.balance() == -400


def test_nothing_is_done_for_a_form_of_another_page(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    for headers in ({}, {"Origin": "http://evil.example"}):
        typed = {"points": "5", "reason": "x"}
        assert oleg.browser.post(f"{oleg.url}{ANNA}/correct", data=typed, headers=headers).status_code == 403
    assert shop.balance() == -400


def test_what_a_member_is_called_is_text(office: Office, desk: Open) -> None:
    office.join(name="<script>alert(1)</script>")
    page = in_as(desk, OLEG).get(ANNA).text
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_the_tills_are_listed_with_what_is_amiss(shop: Office, desk: Open) -> None:
    page = in_as(desk, VERA).get("/tills").text
    assert "t2" in page and "t3" not in page and "приглашена" in page


def test_every_page_speaks_both_languages(shop: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    shop.take(shop.sale(earned=1, deviations=(Deviation(kind="clock_off"),)), pen=shop.pen)
    for path in ("/cases", f"/cases/{DEBT}", "/members?text=anna", ANNA, "/gifts", "/tills", "/staff", "/second"):
        assert oleg.get(path + ("&" if "?" in path else "?") + "lang=en").status_code == 200
        text = re.sub(r"<[^>]+>", " ", oleg.get(path).text)
        for own in ("Анна Петрова", "Анна", "Олег", "Русский"):
            text = text.replace(own, "")
        assert not re.findall(r"[А-Яа-яЁё]+", text), path
        oleg.get("/cases?lang=ru")
        assert re.findall(r"[А-Яа-яЁё]+", oleg.get(path).text)


def test_staff_are_added_given_pins_and_sent_away_and_come_in_by_them(office: Office, desk: Open) -> None:
    """By the book of staff itself."""
    oleg, server = in_as(desk, OLEG), desk
    for wrong in ({"id": "Вера"}, {"name": ""}, {"role": "tsar"}, {"stores": "*"}):
        typed = {"id": "vera", "name": "Вера К.", "role": "manager", "stores": "omsk-7"} | wrong
        assert oleg.post("/staff", **typed).status_code == 409, wrong
    told = said(oleg.post("/staff", id="vera", name="Вера К.", role="manager", stores="omsk-7"))
    (pin,) = re.findall(r"ПИН-код (\d{6})", told)
    assert pin not in oleg.get("/staff").text, "shown once"
    assert "уже занят" in said(oleg.post("/staff", id="vera", name="В", role="manager"))
    office_door = StaffDoor(office.hub)
    clerk = office_door.by_pin("вера к.", pin)
    assert clerk is not None and clerk[:4] == Clerk("vera", "Вера К.", "manager", frozenset({"omsk-7"}))[:4]
    (key,) = re.findall(r"ключ (\S+)\. Больше", said(oleg.post("/staff/vera/key")))
    assert office_door.by_key(key) == clerk and office_door.by_key(key + "x") is None
    (second,) = re.findall(r"ПИН-код (\d{6})", said(oleg.post("/staff/vera/pin")))
    clerk = office_door.still("vera")
    assert office_door.by_pin("vera", second) == clerk and (pin == second or office_door.by_pin("vera", pin) is None)
    oleg.post("/staff/vera/revoke")
    assert office_door.still("vera") is None and office_door.by_key(key) is None
    oleg.post("/staff/vera/restore")
    assert office_door.still("vera") == clerk
    assert in_as(server, VERA).post("/staff/vera/pin").status_code == 403
    assert oleg.post("/staff", id="anna", name="Анна", role="cashier", stores="").status_code == 200
    assert office_door.still("anna") is None, "a cashier has nothing to do here"


def test_the_office_answers_for_a_step_and_it_is_kept(office: Office, desk: Open) -> None:
    oleg, hub = in_as(desk, OLEG), office.hub
    employ(hub, OLEG)
    challenge = challenge_of(office.hub.pepper, "till-1", "return")
    assert "за какой шаг" in said(oleg.post("/second", challenge=challenge))
    assert "8 букв" in said(oleg.post("/second", challenge="K7", about="возврат"))
    answer = oleg.post("/second", challenge=challenge.lower(), about="возврат без чека, 500 ₽")
    assert answer_code(office.hub.pepper, challenge, OLEG.id) in said(answer)
    assert "возврат без чека" in answer.text and "Олег" in answer.text
    assert in_as(desk, ANTON).get("/second").status_code == 403


def test_a_form_that_comes_twice_draws_one_pin(office: Office, desk: Open) -> None:
    oleg = in_as(desk, OLEG)
    typed = {"id": "vera", "name": "Вера К.", "role": "manager", "stores": "omsk-7", "key": "k1"}
    told = {said(oleg.post("/staff", **typed)) for _ in range(2)}
    again = {said(oleg.post("/staff/vera/pin", key="k2")) for _ in range(2)}
    keys = {said(oleg.post("/staff/vera/key", key="k3")) for _ in range(2)}
    assert len(told) == len(again) == len(keys) == 1
    (pin,) = re.findall(r"ПИН-код (\d{6})", again.pop())
    assert StaffDoor(office.hub).by_pin("vera", pin) is not None


def test_who_works_in_one_store_keeps_its_staff_and_no_more(office: Office, desk: Open) -> None:
    oleg, ira = in_as(desk, OLEG), in_as(desk, IRA)
    oleg.post("/staff", id="chief", name="Директор", role="office", stores="")
    assert "не только ваши" in said(ira.post("/staff", id="me", name="Я", role="office", stores=""))
    assert "не только ваши" in said(ira.post("/staff", id="me", name="Я", role="cashier", stores="omsk-7 tomsk-1"))
    for what in ("pin", "key", "revoke", "restore"):
        assert "не только ваши" in said(ira.post(f"/staff/chief/{what}")), what
    assert "ПИН-код" in said(ira.post("/staff", id="vera", name="Вера К.", role="manager", stores="omsk-7"))
    assert "Вера К." in ira.get("/staff").text and "Директор" not in ira.get("/staff").text


def test_with_a_new_pin_whoever_came_in_by_the_old_one_is_out(
    office: Office, clock: Clock, desk_server: Server
) -> None:
    pins = {"chief": "482915", "vera": "592016"}

    def work(writer: Writer) -> None:
        for id, pin in pins.items():
            book.add(writer, id, name=id, role="office", stores=(), by="x", now=office.now)
            book.set_pin(writer, id, pin, office.hub.pepper, by="x", now=office.now)

    office.hub.within(work)
    desk_server.app = office_app(office.hub, StaffDoor(office.hub), now_s=clock)
    chief, elsewhere, vera = (Desk(desk_server.url) for _ in range(3))
    for one, id in ((chief, "chief"), (elsewhere, "chief"), (vera, "vera")):
        assert one.post("/sign-in", name=id, pin=pins[id], next="/staff").url.endswith("/staff")
    assert "ПИН-код" in said(chief.post("/staff/vera/pin")) and "sign-in" in vera.get("/staff").url
    assert "ПИН-код" in said(chief.post("/staff/chief/pin")), "he is shown it"
    assert chief.get("/staff").url.endswith("/staff") and "sign-in" in elsewhere.get("/staff").url
