"""The story of a day at the till, scene by scene. It fails loudly when anything goes otherwise than told."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

from loyalty.programme import Programme
from loyalty.wording import amount_text, points_text
from pos_agent.client import AgentClient
from pos_agent.demo.account import Browser
from pos_agent.demo.cashier import Cashier, Step
from pos_agent.demo.cast import Basket, Cast, Person, baskets_of
from pos_agent.demo.coupons import coupon_from_a_phone, coupon_once
from pos_agent.demo.office import StoryFailed
from pos_agent.demo.papers import mark_on
from pos_agent.demo.shop import Shop
from pos_agent.demo.teller import Teller
from pos_agent.demo.week import FOR_EVERYBODY, WEEK, is_cheaper, members_week
from pos_agent.protocol import (
    Code,
    IssueCard,
    Phone,
    Redeem,
    ReissueCard,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)

BIRTHDAY = "17.05.1990"
PAPER_ENDS_BYTES = 400  # within a paper of some 600 bytes


class Story:
    def __init__(self, shop: Shop, cashier: Cashier, programme: Programme, cast: Cast, photo: Path | None) -> None:
        self.shop = shop
        self.cashier = cashier
        self.programme = programme
        self.cast = cast
        self.photo = photo
        self.teller: Teller = shop.teller
        self.baskets = baskets_of(programme.id, self.teller.language)
        self.last_sale: dict[str, str] = {}  # whose → the last sale

    def play(self) -> None:
        self.scene(f"{self.programme.name_en}: the shop opens.", f"{self.programme.name_ru}: магазин открывается.")
        self._members_arrive()
        self.shop.open()
        status = self.shop.wait("the hub's members", lambda status: status.hub.online)
        self.teller.line(
            f"Hub, till {status.till}, camera, scanner and printer are running: {self.shop.out / 'processes.json'}",
            f"Хаб, касса {status.till}, камера, сканер и принтер работают: {self.shop.out / 'processes.json'}",
        )
        self._camera_earns()
        self._scanner_redeems()
        self._phone_earns()
        coupon_once(self)
        coupon_from_a_phone(self)
        self._card_is_issued()
        self._card_is_registered()
        self._card_is_reissued()
        self._goods_come_back()
        self._network_is_cut()
        self._agent_is_killed()
        self._network_is_back()
        self._office_publishes()

    def _members_arrive(self) -> None:
        path = self.shop.out / "members.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(["programme", "card", "phone", "points", "registered", "member"])
            for person in self.cast.known_to_hub():
                member = f"{self.programme.id}-{person.en.lower()}"
                table.writerow([self.programme.id, person.card, person.phone, person.points, "yes", member])
        self.shop.office.do("import", str(path))
        self.teller.line("Three members come from members.csv.", "Три участника загружены из members.csv.")

    def scene(self, en: str, ru: str) -> None:
        """The next scene; what was pulled meanwhile is noticed first."""
        self.teller.scene(en, ru)
        self.shop.mend()

    # the pieces of a visit

    def basket(self, name: str) -> None:
        self.cashier.tell("basket", SetBasket(lines=self.baskets[name]))

    def _redeem_all(self) -> None:
        self.cashier.tell("redeem_set", Redeem())

    def visit(self, whose: Person, sale: str, *steps: Step) -> None:
        self.cashier.visit(sale, *steps)
        self.last_sale[whose.en] = sale

    # the scenes

    def _camera_earns(self) -> None:
        anna = self.cast.anna
        self.scene(
            "Anna holds her card before the camera, and earns.", "Анна показывает карту камере и получает баллы."
        )
        picture = self.photo or self._draw(anna.card, "ean13")
        if self.photo:
            self.teller.line(f"Her card has the code of {self.photo}: {anna.card}", f"Код с {self.photo}: {anna.card}")
        self.visit(
            anna,
            "101",
            lambda: self.basket("usual"),
            lambda: self.cashier.show(picture, anna.card, "member_found"),
        )

    def _scanner_redeems(self) -> None:
        boris = self.cast.boris
        self.scene(
            "Boris's card is read by the serial scanner; he redeems all he may, and hears why it is that much.",
            "Карту Бориса читает сканер; он списывает сколько можно и слышит, почему столько.",
        )
        self.visit(
            boris,
            "102",
            lambda: self.cashier.scan(boris.card, "member_found"),
            lambda: self.basket("large"),
            self._redeem_all,
        )

    def _phone_earns(self) -> None:
        vera = self.cast.vera
        self.scene(
            "Vera left her card at home and says her phone number: she earns, but spending needs the card.",
            "Вера забыла карту и называет телефон: баллы начисляются, но для списания нужна карта.",
        )
        self.teller.line(
            "In the middle of her receipt the paper runs out; what came out is void, and a whole one follows.",
            "Посреди её чека кончается бумага: что вышло, недействительно, и чек печатается заново целиком.",
        )
        self.shop.device("printer").type_line(f"at {PAPER_ENDS_BYTES} paper out")
        self.visit(
            vera,
            "103",
            lambda: self.basket("usual"),
            lambda: self.cashier.tell("member_found_by_phone", Phone(number=vera.phone)),
            self._redeem_all,
        )

    def _card_is_issued(self) -> None:
        gleb = self.cast.gleb
        least = self.programme.cards.issue_min_purchase_kopecks
        self.scene(
            "Gleb gets a card with his purchase; it earns at once, but may not redeem before it is registered.",
            "Глеб получает карту с покупкой; она сразу копит, но списывать можно только после регистрации.",
        )
        if least:
            self.teller.line(
                f"A card comes with a purchase of {amount_text(least, 'en')} or more; a chocolate is not enough.",
                f"Карту выдают с покупкой от {amount_text(least, 'ru')}; одной шоколадки мало.",
            )
            self.cashier.look(
                lambda: self.basket("small"),
                lambda: self.cashier.tell("purchase_too_small", IssueCard(card=gleb.card)),
            )
        self.visit(
            gleb,
            "105",
            lambda: self.basket("usual"),
            lambda: self.cashier.tell("card_will_be_issued", IssueCard(card=gleb.card)),
        )
        self.teller.line("He comes back at once and wants to spend.", "Он тут же возвращается и хочет списать.")

        def must_refuse() -> None:
            self._redeem_all()
            visit = self.shop.ask(AgentClient.visit).visit
            if visit.redeemed_points != 0 or visit.limit_reason != "not_registered":
                raise StoryFailed("a card that is not registered was allowed to redeem")

        self.cashier.look(
            lambda: self.cashier.scan(gleb.card, "member_found"), lambda: self.basket("usual"), must_refuse
        )

    def _card_is_registered(self) -> None:
        gleb = self.cast.gleb
        self.scene(
            "Gleb registers his card in the members' account; now he redeems.",
            "Глеб регистрирует карту в личном кабинете; теперь он списывает.",
        )
        self.drain()
        office = self.shop.office
        browser = Browser(office.accounts[self.programme.id], office.outbox, self.teller.language)
        name = gleb.ru if self.teller.language == "ru" else gleb.en
        told = browser.register(gleb.card, name, gleb.phone, BIRTHDAY)
        self.teller.line(f"The account: “{told}”", f"Кабинет: «{told}»")
        self.shop.wait("the registration at the till", lambda status: self._active(gleb.card))
        self.visit(
            gleb,
            "106",
            lambda: self.cashier.scan(gleb.card, "member_found"),
            lambda: self.basket("usual"),
            self._redeem_all,
        )
        self.drain()
        if "106" not in browser.page("/points"):
            raise StoryFailed("the receipt of sale 106 is not among what he finds in his account")
        self.teller.line("He finds the receipt in his account.", "Чек стоит в его кабинете.")

    def _active(self, card: str) -> bool:
        """Does the till know already that the card may redeem?"""
        reasons: list[object] = []

        def look() -> None:
            self.shop.ask(lambda agent: agent.do(Code(text=card)))
            self.shop.ask(lambda agent: agent.do(SetBasket(lines=self.baskets["usual"])))
            reasons.append(self.shop.ask(AgentClient.visit).visit.limit_reason)

        self.cashier.look(look)
        return reasons[-1] is None

    def _card_is_reissued(self) -> None:
        vera, new_card = self.cast.vera, self.cast.veras_new_card
        fee = self.programme.cards.reissue_fee_kopecks
        self.scene(
            f"Vera has lost her card: a new one for {amount_text(fee, 'en')}, with her points on it.",
            f"Вера потеряла карту: новая за {amount_text(fee, 'ru')}, баллы сохраняются.",
        )
        self.visit(
            vera,
            "107",
            lambda: self.cashier.tell("member_found_by_phone", Phone(number=vera.phone)),
            lambda: self.basket("small"),
            lambda: self.cashier.tell("card_will_be_reissued", ReissueCard(new_card=new_card, manager=True)),
        )
        self.teller.line("Somebody shows the lost card.", "Кто-то показывает потерянную карту.")
        self.cashier.look(lambda: self.cashier.scan(vera.card, "card_replaced"))
        self.teller.line(
            "Some other codes come: a card that nobody has, and a misread one.",
            "Приходят и другие коды: ничья карта и прочитанный с ошибкой номер.",
        )
        stranger = self.cast.stranger
        misread = stranger[:-1] + str((int(stranger[-1]) + 1) % 10)
        self.cashier.look(lambda: self.cashier.scan(stranger, "unknown_card"))
        self.cashier.look(lambda: self.cashier.tell("check_digit", Code(text=misread)))

    def _goods_come_back(self) -> None:
        boris = self.cast.boris
        self.scene(
            "Boris buys, pays a part with points, and brings everything back, in two steps.",
            "Борис покупает, платит часть баллами и всё возвращает, в два приёма.",
        )
        before = self.cashier.balance(boris.card)
        self.visit(
            boris,
            "112",
            lambda: self.cashier.scan(boris.card, "member_found"),
            lambda: self.basket("usual"),
            self._redeem_all,
        )
        of = SoldReceipt(sale="112", day=self.cashier.day)
        first = self.baskets["usual"][0]
        one = ReturnedGoods(id=first.id, quantity="1" if first.unit == "pc" else first.quantity)
        self.cashier.give_back("R1", ReturnGoods(of=of, lines=(one,)))
        self.teller.line(
            "The rest comes back with the code on the card information.", "Остальное — по коду с «Информации по карте»."
        )
        code = mark_on(self.shop.papers, "112")
        self.cashier.give_back("R2", ReturnGoods(of=of if code is None else SoldReceipt(code=code), whole=True))
        after = self.cashier.balance(boris.card)
        if after != before:
            raise StoryFailed(f"the balance was {before} before the purchase, and is {after} when all is back")
        points = points_text(before or 0, self.programme.currency, self.teller.language)
        self.teller.line(f"His balance is as it was: {points}.", f"Баланс такой, как был: {points}.")

    def _network_is_cut(self) -> None:
        anna, boris = self.cast.anna, self.cast.boris
        self.scene(
            "The network to the hub is cut, between what was told and the payment. Two visits happen all the same.",
            "Связь с хабом обрывается, между сказанным и оплатой. Два визита проходят всё равно.",
        )

        def cut() -> None:
            self.shop.wire.cut()
            self.shop.wait("the till to notice", lambda status: not status.hub.online)
            self.teller.line("The link drops; what was told stands.", "Связь пропала; сказанное остаётся в силе.")

        usual = (lambda: self.cashier.scan(boris.card, "member_found"), lambda: self.basket("usual"))
        self.visit(boris, "109", *usual, self._redeem_all, cut)
        self.visit(
            anna,
            "108",
            lambda: self.cashier.scan(anna.card, "member_found"),
            lambda: self.basket("usual"),
        )
        self.teller.line(
            "Anna's sale is told again, all of it, without its day, as over midnight.",
            "Продажу Анны рассказывают ещё раз целиком, без даты, как после полуночи.",
        )
        self.cashier.look(
            lambda: self.cashier.tell_again(
                "108",
                lambda: self.cashier.scan(anna.card, "member_found"),
                lambda: self.basket("usual"),
            )
        )

    def _agent_is_killed(self) -> None:
        vera, new_card = self.cast.vera, self.cast.veras_new_card
        self.scene(
            "The agent is killed in the middle of a visit, without a word, and started again.",
            "Агента убивают посреди визита, без предупреждения, и запускают снова.",
        )
        killed: list[bool] = []

        def kill_once() -> None:
            if not killed:
                killed.append(True)
                self.teller.line("kill -9", "kill -9")
                self.shop.kill_agent()

        self.visit(
            vera,
            "110",
            lambda: self.basket("usual"),
            lambda: self.cashier.scan(new_card, "member_found"),
            self._redeem_all,
            kill_once,
        )

    def _network_is_back(self) -> None:
        self.scene("The network comes back.", "Связь восстановлена.")
        self.shop.wire.mend()
        self.drain()
        self.teller.line("Everything that waited is at the hub.", "Всё, что ждало, дошло до хаба.")

    def _office_publishes(self) -> None:
        """A15, P11: a price for members, on its days."""
        anna, goods = self.cast.anna, self.baskets["usual"]
        category = goods[0].category or ""
        self.scene(
            "The office publishes a week of prices for members; the till fetches it and goes by it, with no restart.",
            "Офис публикует неделю цен для участников; касса забирает её и считает по ней, без перезапуска.",
        )
        file = self.shop.out / f"{self.programme.id}-week.toml"
        file.write_text(members_week(self.programme, category, datetime.now(UTC)), encoding="utf-8")
        self.teller.line(*(self.shop.office.do("programme", "publish", str(file)).splitlines()[-1],) * 2)
        self.shop.wait("the week's rules", lambda status: status.programme_version == WEEK)
        self._everybodys_price(goods)
        self.visit(
            anna,
            "120",
            lambda: self.basket("usual"),
            lambda: self.cashier.scan(anna.card, "member_found"),
            lambda: self._cheaper(goods, category),
        )
        self.drain()

    def _everybodys_price(self, goods: Basket) -> None:
        """P11: a promotion with its days, where the chain has such."""
        offer = FOR_EVERYBODY.get(self.programme.id)
        if offer is None:
            return
        self.teller.line(
            f"{offer.en}, for everybody on the same days: somebody without a card pays less, too.",
            f"«{offer.ru}», для всех в те же дни: и без карты дешевле.",
        )
        self.cashier.look(lambda: self.basket("usual"), lambda: self._cheaper(goods, offer.category))

    def _cheaper(self, goods: Basket, category: str) -> None:
        self.shop.wait(f"the price of {category}", lambda status: is_cheaper(status.visit.told, goods, category))

    def drain(self) -> None:
        """Until the hub has it all."""
        self.shop.wait("the outbox to drain", lambda status: status.outbox == 0 and status.hub.online)

    def _draw(self, code: str, symbology: str) -> Path:
        from drivers.scanner.emulator.pictures import card_picture

        path = self.shop.out / f"{code}.png"
        card_picture(code, symbology, path, seed=7)
        return path
