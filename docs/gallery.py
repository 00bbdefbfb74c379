"""The gallery of papers: docs/gallery/*.png and docs/gallery.md, made by `make gallery` without any printer.
The pages' pictures beside them are page_gallery.py's.

A till's real file, checkout and driver make the papers; the virtual printer draws them. Times, numbers and keys are
fixed, so a second run changes no file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from config.printers import load_printer
from config.programmes import load_programme
from docs import page_gallery
from drivers.printer.codepages import columns_shown, slots_table
from drivers.printer.document import Document, from_json
from drivers.printer.emulator.paper import Paper
from drivers.printer.emulator.rendering import rendered
from loyalty.coupon_token import CouponClaims, seal_coupon
from loyalty.operation import Key
from loyalty.phones import parse_phone, phone_key
from loyalty.programme import Language
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Page
from pos_agent.checkout import Checkout
from pos_agent.house import SalePaper
from pos_agent.paper_picture import papers_of, picture_of
from pos_agent.printing import COPY, DUPLICATE
from pos_agent.protocol import (
    BasketLine,
    Code,
    Command,
    IssueCard,
    Pay,
    Phone,
    PointsReport,
    Redeem,
    ReissueCard,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from pos_agent.protocol_cards import IssueVirtual, MakeVirtual
from pos_agent.strip import VOID
from pos_agent.trial_page import trial_page

FOLDER = Path(__file__).with_name("gallery")
PAGE = Path(__file__).with_name("gallery.md")
NOW = datetime(2026, 11, 22, 15, 42, tzinfo=UTC)
PULLED_AT = NOW - timedelta(minutes=27)
PHONE = "+79161234567"
PHONE_KEY = bytes(range(32))
COUPON_KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
WIDE, NARROW = load_printer("epson-tm-t20"), load_printer("xprinter-58")
GREYS = 4  # levels: letters stay smooth, a picture stays some KB

ANNA = {"alenka": "2600000000017", "perekrestok": "2700000000014"}
BLANK = {"alenka": "2600000000116", "perekrestok": "2700000000113"}
POINTS = {"alenka": 1_320, "perekrestok": 6_200}
DYING = {"alenka": 600, "perekrestok": 5_000}
SPENT = {"alenka": None, "perekrestok": 1_500}  # None: all that the limit allows
CAMPAIGN = {"alenka": "ten-percent", "perekrestok": "double"}
BASKETS = {
    "alenka": (
        BasketLine(id="1", name="Шоколад «Алёнка» 90 г", price="89.90", quantity="3", category="chocolate"),
        BasketLine(
            id="2",
            name="Конфеты «Мишка косолапый»",
            price="649.00",
            quantity="0.347",
            unit="kg",
            category="sweets",
        ),
        BasketLine(id="3", name="Чай чёрный 100 пакетиков", price="412.50", discount="41.25", category="tea"),
    ),
    "perekrestok": (
        BasketLine(id="1", name="Яблоки сезонные", price="129.99", quantity="1.234", unit="kg", category="vegetables"),
        BasketLine(id="2", name="Йогурт питьевой 290 г", price="54.90", quantity="4", category="dairy"),
        BasketLine(id="3", name="Хлеб бородинский", price="45.50", category="bread"),
        BasketLine(id="4", name="Сигареты", price="189.00", category="tobacco"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of the gallery: a file name, a line of what it shows, and its paper."""

    name: str
    shows: str
    papers: Callable[[], list[Paper]]


def _lots(programme: str) -> tuple[LotSnapshot, ...]:
    """Some of the points die at the end of the year."""
    begun, dying = "2026-01-01T00:00:00.000000+00:00", DYING[programme]
    return (
        LotSnapshot(id="dying", points=dying, active_from=begun, expires_at="2026-12-31T21:00:00.000000+00:00"),
        LotSnapshot(id="staying", points=POINTS[programme] - dying, active_from=begun),
    )


class Shop:
    """A till of one programme with one member, in a folder that goes away."""

    def __init__(self, folder: Path, programme: str, language: Language, lines: bool) -> None:
        self.id = programme
        self.online = True
        self.tail: tuple[str, ...] = ()  # of the last sale
        self.cache = Cache(folder / "till.db", "till-1")
        self.cache.changes.apply(
            Page(
                members=[
                    MemberSnapshot(
                        member="anna",
                        lots=_lots(programme),
                        cards=(CardSnapshot(number=ANNA[programme], status="active"),),
                        favourites=("vegetables",) if programme == "perekrestok" else (),
                        phone_key=phone_key(PHONE_KEY, parse_phone(PHONE)).hex(),
                    )
                ],
                used_coupons=[],
                coupon_keys={1: COUPON_KEY.public_key().public_bytes_raw()},
                phone_hash_key=PHONE_KEY,
                watermark=Key(1, 0),
                cursor="1",
                pulled_at=PULLED_AT,
            )
        )
        self.checkout = Checkout(
            self.cache,
            load_programme(programme),
            language=language,
            receipt_language=language,
            is_online=lambda: self.online,
            paper=SalePaper(lines=lines),
            new_id=lambda: "0",  # the same pictures every time
        )

    def do(self, *commands: Command) -> None:
        for command in commands:
            reply = self.checkout.handle(command, NOW)
            assert reply.ok, reply.text
            if reply.told is not None and reply.told.tail is not None:
                self.tail = reply.told.tail
            if reply.returned:
                self.tail = reply.returned.tail

    def sell(self, sale: str, *before: Command, offline: bool = False) -> None:
        """A visit: the basket, what else happens, the payment."""
        self.online = not offline
        self.do(SetBasket(lines=BASKETS[self.id]), *before, Pay(sale=sale))
        self.online = True

    def card(self) -> Code:
        return Code(text=ANNA[self.id])

    def coupon(self) -> Code:
        claims = CouponClaims(
            programme=self.id,
            campaign=CAMPAIGN[self.id],
            serial=(b"s" * 16).hex(),
            valid_from=NOW - timedelta(minutes=1),
            valid_to=NOW + timedelta(hours=1),
            zone="Europe/Moscow",
        )
        return Code(text=seal_coupon(claims, 1, COUPON_KEY.sign))

    def printed(self) -> list[Document]:
        """The papers in their order, each as a printer proves it."""
        documents = []
        while (job := self.cache.print_jobs.oldest_open()) is not None:
            documents.append(from_json(job.document))
            self.cache.print_jobs.happened(self.cache.print_jobs.begin(job), PaperEvent.PROVED, proof="process_id")
        return documents


@contextmanager
def told(programme: str, language: Language, story: Callable[[Shop], None], lines: bool = False) -> Iterator[Shop]:
    """A fresh shop after a story."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder), programme, language, lines)
        try:
            story(shop)
            yield shop
        finally:
            shop.cache.close()


def full(shop: Shop) -> None:
    shop.sell("1042", shop.card(), Redeem(points=SPENT[shop.id]))


def plain(shop: Shop) -> None:
    shop.sell("1042", shop.card())


def offline(shop: Shop) -> None:
    shop.sell("1043", shop.card(), Redeem(), offline=True)


def phone(shop: Shop) -> None:
    shop.sell("1044", Phone(number=PHONE))


def coupon(shop: Shop) -> None:
    shop.sell("1045", shop.card(), shop.coupon(), Redeem(points=100))


def issue(shop: Shop) -> None:
    shop.sell("1046", IssueCard(card=BLANK[shop.id]))


def reissue(shop: Shop) -> None:
    shop.sell("1047", Phone(number=PHONE), ReissueCard(new_card=BLANK[shop.id], manager=True))


def issue_virtual(shop: Shop) -> None:
    shop.cache.card_numbers.keep([BLANK[shop.id]], None, NOW)
    shop.sell("1049", IssueVirtual())


def make_virtual(shop: Shop) -> None:
    shop.cache.card_numbers.keep([BLANK[shop.id]], None, NOW)
    shop.do(MakeVirtual(card=ANNA[shop.id]))


def back(shop: Shop) -> None:
    """All of it comes back, with its coupon."""
    coupon(shop)
    shop.do(ReturnGoods(of=SoldReceipt(sale="1045"), whole=True, paid=True, sale="1048"))


def day(shop: Shop) -> None:
    """A whole shift and its report."""
    shop.sell("1042", shop.card(), Redeem())
    shop.sell("1043", shop.card(), shop.coupon(), offline=True)
    shop.sell("1046", IssueCard(card=BLANK[shop.id]))
    shop.printed()
    shop.do(PointsReport())


def pictures() -> Iterator[Picture]:
    """Everything, in the order of the page."""
    both: tuple[Language, ...] = ("ru", "en")
    for programme in ("alenka", "perekrestok"):
        for language in both:
            yield from _of(programme, language)
    yield Picture(
        name="test-page-80", shows="`pos-agent printer test` on 80 mm", papers=lambda: papers_of(trial_page(WIDE), WIDE)
    )
    yield Picture(name="test-page-58", shows="The same on 58 mm", papers=lambda: papers_of(trial_page(NARROW), NARROW))
    yield Picture(
        name="codepages-58",
        shows="`pos-agent printer codepages` on a clone: cp866 in slots 17 and 59, cp855 in 60, cp1251 in 73",
        papers=lambda: rendered(slots_table(range(76), columns_shown(32)), columns=32, model="pos-5890").papers,
    )


def _of(programme: str, language: Language) -> Iterator[Picture]:
    """One programme in one language: Russian on 80 mm, English on 58 mm, and what both need in Russian on 58 mm."""
    profile = WIDE if language == "ru" else NARROW
    width = "80" if language == "ru" else "58"

    def one(
        name: str, shows: str, story: Callable[[Shop], None], at: int = 0, lines: bool = False, **marks: str | None
    ) -> Picture:
        def papers() -> list[Paper]:
            with told(programme, language, story, lines) as shop:
                return papers_of(shop.printed()[at], profile, **marks)

        return Picture(name=f"{programme}-{name}-{language}-{width}", shows=shows, papers=papers)

    yield one("full", "Points redeemed and earned, what expires next", full)
    yield one(
        "lines",
        "The same with `receipt_lines = true`: goods by weight, a discount, how the sum comes",
        full,
        lines=True,
    )
    yield one("plain", "The usual paper: a card, no discount by points", plain)
    yield one("offline", "Without the hub: the balance is of a time", offline)
    yield one("phone", "By a spoken phone number: it earns", phone)
    yield one("coupon", "A QR coupon, and some of the points", coupon)
    yield one("issue", "A new card comes with the purchase", issue)
    yield one("issue-form", "Its form, and the consent on a sheet of its own", issue, at=1)
    yield one("reissue", "A lost card is replaced", reissue)
    yield one("reissue-form", "Its form", reissue, at=1)
    yield one("virtual-form", "No blank was left: the form, the consent, and the card itself", issue_virtual, at=1)
    yield one("virtual", "Plastic became a virtual card", make_virtual)
    yield one("return", "Everything comes back, and a coupon with it", back, at=1)
    yield one("return-lines", "The same with `receipt_lines = true`", back, at=1, lines=True)
    yield one("points-report", "The points report of a shift", day)
    if programme == "alenka":
        yield one("copy", "A copy that was asked for", plain, mark=COPY[language])
        yield one(
            "duplicate",
            "A second attempt: what the first one left is void, this one is marked",
            plain,
            mark=DUPLICATE[language],
            void=VOID[language],
        )


TAILS: tuple[tuple[str, Language, Callable[[Shop], None]], ...] = (
    ("alenka", "ru", full),
    ("alenka", "ru", coupon),
    ("perekrestok", "ru", offline),
    ("perekrestok", "ru", back),
    ("perekrestok", "en", full),
)


def drawn(picture: Picture) -> Image.Image:
    """Half the size and four greys: a few KB each."""
    whole = picture_of(picture.papers())
    small = whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.BOX)
    step = 255 // (GREYS - 1)
    levels = small.point([round(value / step) for value in range(256)])
    levels = Image.frombytes("P", levels.size, levels.tobytes())
    levels.putpalette([value for level in range(GREYS) for value in [level * step] * 3])
    return levels


def page(shown: list[Picture]) -> str:
    lines = [
        "# The papers",
        "",
        "Made by `make gallery` from the till's own code, on the virtual printer; a test sees that they are current.",
        "Texts of a shop (header, footer, thanks, form, consent) stand in the programme file.",
        "",
    ]
    for picture in shown:
        lines += [
            f"## {picture.name}",
            "",
            f"{picture.shows}.",
            "",
            f"![{picture.name}](gallery/{picture.name}.png)",
            "",
        ]
    return "\n".join([*lines, *tails(), *page_gallery.listed()])


def tails() -> Iterator[str]:
    """No picture: the POS prints them, at the end of its own receipt."""
    yield from ("## tails", "", "What `prepare` and `pay` tell for the end of the POS's own receipt, 32 columns.", "")
    for programme, language, story in TAILS:
        with told(programme, language, story) as shop:
            yield from ("```", *shop.tail, "```", "")


def same(path: Path, image: Image.Image) -> bool:
    """Whether the file shows this already; then it stays as it is, whatever wrote it."""
    if not path.exists():
        return False
    with Image.open(path) as there:
        return there.size == image.size and there.convert("L").tobytes() == image.convert("L").tobytes()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    shown = list(pictures())
    for picture in shown:
        path, image = FOLDER / f"{picture.name}.png", drawn(picture)
        if not same(path, image):
            image.save(path, format="PNG", optimize=True, bits=2)
    for old in FOLDER.glob("*.png"):
        if old.stem not in {picture.name for picture in shown}:
            old.unlink()
    PAGE.write_text(page(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
    page_gallery.main()
