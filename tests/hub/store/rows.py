"""Rows for a ledger: plenty of every kind, each in its own way, and names as people and programs make them."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_args

from hub.store.certificate_records import (
    CertificateAccount,
    CertificateEntryRow,
    CertificateHoldRow,
    CertificateNumberRow,
    CertificateRow,
)
from hub.store.coupon_records import CampaignMemberRow, CampaignRow, CouponHoldRow, MadeCoupon
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.letter_records import LetterRow, MailingRow
from hub.store.named import NamedRow
from hub.store.office_records import (
    ActedRow,
    BatchRow,
    BlankRow,
    CardOrderRow,
    CardPhoneRow,
    CodeRow,
    ConfirmedRow,
    GiftRow,
    GoodsRow,
    MessageRow,
    ProgrammeRow,
    PublishedRow,
    Scope,
    SeenRow,
    SettingRow,
    StaffRow,
    StoreDayRow,
    StoreRow,
    TillRow,
    WatchedRow,
)
from hub.store.records import (
    Account,
    CardRow,
    CaseRow,
    ChainEnd,
    ChangeRow,
    ConsentRow,
    CouponRow,
    DayRow,
    EarlierRow,
    EntryRow,
    HoldRow,
    HoldState,
    JobRow,
    KeptOperation,
    LotRow,
    MemberRow,
    OnceRow,
    Place,
    ProfileRow,
    ReturnRow,
)
from hub.store.rows import Rows
from hub.store.sticker_records import StickerEntryRow, StickerRow
from loyalty.cards import STATUSES

NOW = datetime(2026, 3, 2, 12, 0, 0, 123_456, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
PLENTY = 1_500
ACCOUNTS: tuple[Account, ...] = get_args(Account)
ON_CERTIFICATES: tuple[CertificateAccount, ...] = get_args(CertificateAccount)
STATES: tuple[HoldState, ...] = get_args(HoldState)

# no two are one name, whatever they look like
ODD = [
    *(
        "",
        " ",
        "anna",
        "Anna",
        "ANNA",
        "anna ",
        " anna",
        "007",
        "7",
        "7.0",
        "null",
        "NULL",
        "None",
        "true",
        "[1]",
        "{}",
    ),
    *(
        "O'Brien",
        '"anna"',
        "a,b",
        "a;b",
        "a\\b",
        "\\N",
        "\\.",
        "%",
        "_",
        "$1",
        "?",
        ":keys",
        "{a}",
        "a\tb",
        "a\nb",
        "\r",
    ),
    *(
        "\u0435\u0308",
        "\u0451",
        "e\u0301",
        "\u00e9",
        "😀",
        "👩\u200d👩",
        "\u202eanna",
        "\ufeff",
        "\uffff",
        "\u2126",
        "\u03a9",
    ),
    "".join(random.Random(16).choices(string.ascii_letters + string.digits, k=600)),
]


def place(number: int) -> Place:
    """Operations of seven tills, some of which lost their file."""
    return Place(f"t{number % 7}", 1 + number % 2, 1 + number // 7)


def member(name: str, programme: str = "alenka", **more: Any) -> MemberRow:
    return MemberRow(name, programme, registered=False)._replace(**more)


def lot(name: str, points: int, owner: str = "anna", **more: Any) -> LotRow:
    """As it was made just now: full, without an end."""
    return LotRow(owner, name, points, points, 0, NOW, None)._replace(**more)


def case(kind: str = "debt", chain: str = "t1", sequence: int = 1, **more: Any) -> CaseRow:
    return CaseRow(chain, 1, sequence, kind, NOW, "alenka", "anna", "4217", 400, 0, "")._replace(**more)


def operation(sequence: int = 1, chain: str = "t1", **more: Any) -> KeptOperation:
    return KeptOperation(chain, 1, sequence, f"{sequence:064}", "{}", None)._replace(**more)


def hold(name: str, points: int = 5, owner: str = "anna", **more: Any) -> HoldRow:
    """Open from now on for ten minutes."""
    return HoldRow(owner, name, "t1", points, NOW + timedelta(minutes=10))._replace(**more)


def certificate(number: str = "9000000000000017", **more: Any) -> CertificateRow:
    """Sold for 1,000 rubles, and nothing of it used."""
    return CertificateRow(number, "alenka", "s1", 100_000, 100_000)._replace(**more)


def consent(given_at: datetime = NOW, owner: str = "anna", **more: Any) -> ConsentRow:
    """To the use of personal data, on paper, and not withdrawn."""
    return ConsentRow(owner, "personal_data", given_at, "v1", "paper")._replace(**more)


def earlier(number: str = "17", **more: Any) -> EarlierRow:
    """A receipt of before, of card c1 and fiscal document 4217."""
    return EarlierRow("s1", "2025-11-02", number, "", "hub", 1, 1, "c1", "4217")._replace(**more)


def _consents(n: int) -> list[ConsentRow]:
    name, given_at = f"m{n:04}", NOW - timedelta(days=n)
    ended = given_at + timedelta(seconds=n) if n % 2 else None
    return [
        ConsentRow(name, "profiling", given_at, ODD[n % len(ODD)], "site", ended),
        ConsentRow(name, "mailing_sms", given_at + timedelta(days=1), "", "paper"),
        ConsentRow(name, "mailing_sms", given_at, "v1", "file", NOW),
    ]


def _certificate(n: int) -> CertificateRow:
    """Sold and given, open, blocked and replaced, in turn."""
    number = f"7{n:015}"
    row = CertificateRow(number, f"p{n % 2}", f"st{n:04}", 10**9 + n, n * 10**6, n % 3, tries=n % 6)
    if n % 2:
        row = row._replace(paid=False, until=NOW + timedelta(days=n - PLENTY // 2) if n % 4 == 1 else None)
    if n % 3 == 2:
        return row._replace(state="replaced", successor=f"8{n:015}")
    return row._replace(state="blocked" if n % 3 else "open")


def _earlier(n: int) -> EarlierRow:
    """Some numbers come again at another till of the shop, another day, in another shop."""
    number, pos = f"{n // 8}", f"{n % 2}"
    day = f"2025-11-{1 + n // 2 % 2:02}"
    card, document = f"c{n}" if n % 3 else None, f"{n}" if n % 4 else None
    return EarlierRow(f"st{n // 4 % 2}", day, number, pos, *place(n), card, document)


def _case(n: int) -> CaseRow:
    """Every second one is settled; what may be missing is, in turn."""
    opened = CaseRow(
        *place(n),
        kind=("debt", "refused", "clock")[n % 3],
        opened_at=NOW - timedelta(seconds=n % 100),
        programme=f"p{n % 2}" if n % 3 else None,
        member=f"m{n:04}" if n % 4 else None,
        sale=ODD[n % len(ODD)] if n % 5 else None,
        cost_points=n % 4 * 10**14,
        cost_kopecks=n % 7,
        note=ODD[n % len(ODD)],
        others=tuple(place(other) for other in range(n % 3)),
    )
    if n % 2:
        return opened
    return opened._replace(
        state="settled", settled_at=NOW, settled_by="Olga", remedy="accept", settled_note=ODD[n % len(ODD)]
    )


def _store(n: int) -> StoreRow:
    zone = None if n % 3 else "Asia/Yekaterinburg"
    scope: Scope = "shop" if n % 2 else "chain"
    return StoreRow(f"st{n:04}", ODD[n % len(ODD)], f"f{n % 5}", zone, scope, 1 + n, ODD[(n + 1) % len(ODD)])


@cache
def plenty_to_read() -> Rows:
    """The same, made once: nobody changes it."""
    return plenty()


def plenty() -> Rows:
    """So many of each kind, in no order; what belongs together carries one number."""
    order = list(range(PLENTY))
    random.Random(1).shuffle(order)
    at_work = ("here", LATEST)
    rows = Rows()
    for n in order:
        name, number, at = f"m{n:04}", f"c{9_999 - n}", place(n)  # cards in another order than their members
        ends = NOW + timedelta(days=n, microseconds=n) if n % 3 else None
        into = f"m{n - 1:04}" if n % 5 == 4 else None
        rows.new_members.append(MemberRow(name, f"p{n % 2}", n % 2 == 0, n % 4 * 10**14, into))
        favourites = ("чай", "мёд")[: n % 3]
        rows.profiles.append(
            ProfileRow(
                name,
                f"+7{n:010}" if n % 3 else None,
                "1990-05-17" if n % 2 else None,
                favourites,
                f"Анна {n}" if n % 7 == 3 else None,
                f"anna{n}@example.ru" if n % 7 == 4 else None,
            )
        )
        starts = NOW + timedelta(seconds=n) if n % 2 else None
        successor = f"{number}/b" if n % 4 == 1 else None
        rows.new_cards += [
            CardRow(f"{number}/a", name, STATUSES[n % len(STATUSES)], starts, successor),
            CardRow(f"{number}/b", name, "active"),
        ]
        rows.new_lots += [
            LotRow(name, f"{n}/1", 100 + n, n % 3, n % 2, NOW - timedelta(days=n), ends),
            LotRow(name, f"{n}/2", 9 * 10**15, 0, n % 2, NOW, NOW + timedelta(seconds=n - PLENTY // 2)),
        ]
        rows.operations.append(KeptOperation(*at, f"{n:064}", f'{{"n":{n}}}', "unknown_card" if n % 3 == 1 else None))
        rows.named += [NamedRow(name, *at), NamedRow(name, "hub", n + 1, 1)]
        rows.entries += [
            EntryRow(*at, 2, name, ACCOUNTS[n % len(ACCOUNTS)], None, -1 - n),
            EntryRow(*at, 1, name, "member", f"{n}/1", 1 + n),
        ]
        rows.days += [DayRow(name, f"2026-03-{day:02}", n, n % 2, n * 10**9) for day in (2, 1, 3)]
        rows.used_coupons += [
            CouponRow(f"s{n:04}", *at, 2, f"p{n % 2}", f"k{n % 3}", name, n, 3),
            CouponRow(f"s{n:04}", "t9", 9, 9),
        ]
        rows.conflicts += [
            CouponRow(f"s{n:04}", "t9", 1, 2, 0),
            CouponRow(f"s{n:04}", "t8", 2, 1, 0, "p0", "k1", name, n),
        ]
        rows.made_coupons.append(
            MadeCoupon(f"s{n:04}", f"p{n % 2}", f"k{n % 3}", name if n % 2 else "", f"code{n:04}", f'{{"uses":{n}}}')
        )
        rows.campaigns.append(CampaignRow(f"p{n % 2}", f"k{n:04}", 1 + n, n * 10**12, "{}" if n % 3 else ""))
        rows.campaign_members += [
            CampaignMemberRow(name, "p0", campaign, 1 + n, n * 10**12) for campaign in ("k2", "k1")
        ]
        rows.coupon_holds += [
            CouponHoldRow(f"s{n:04}", till, f"h{n}", f"p{n % 2}", f"k{n % 3}", name if n % 3 else "", n, ends or LATEST)
            for till in ("t2", "t1")
        ]
        rows.stickers += [StickerRow(name, day, n - 7) for day in ("2026-09-01", "2025-09-01")]
        rows.sticker_entries += [StickerEntryRow(*at, name, day, 1 + n) for day in ("2026-09-01", "2025-09-01")]
        rows.returns += [ReturnRow(*at, "t9", 1, 1 + n, n), ReturnRow(*at, "t8", 1, 1 + n, 7)]
        rows.programmes.append(ProgrammeRow(f"h{n:04}", f"id: p{n}\n"))
        rows.new_cases.append(_case(n))
        rows.changes.append(ChangeRow(f"p{n % 2}", ("member", "coupon")[n % 3 == 0], name))
        rows.once += [OnceRow(name, f"birthday/{year}") for year in (2026, 2025)]
        rows.new_holds += [
            HoldRow(name, f"h{n}/{letter}", f"t{n % 7}", n * 10**12, ends or LATEST, STATES[n % len(STATES)])
            for letter in "ba"
        ]
        rows.published.append(PublishedRow(f"p{n % 7}", NOW + timedelta(days=n), f"v{n}", f"h{n:04}", NOW))
        rows.new_consents += _consents(n)
        rows.earlier_sales.append(_earlier(n))
        rows.stores.append(_store(n))
        rows.batches.append(BatchRow(f"b-{n:04}", f'{{"batch":"b-{n:04}"}}'))
        rows.blanks.append(BlankRow(f"2690{n:09}", f"b-{n:04}", "spoiled" if n % 3 else "blank"))
        one = _certificate(n)
        rows.new_certificates.append(one)
        account = ON_CERTIFICATES[1 + n % (len(ON_CERTIFICATES) - 1)]
        rows.certificate_entries += [
            CertificateEntryRow(*at, 2, one.number, account, -1 - n),
            CertificateEntryRow(*at, 1, one.number, "certificate", 1 + n),
        ]
        rows.certificate_holds += [
            CertificateHoldRow(one.number, till, f"h{n}", 1 + n, NOW, NOW + timedelta(minutes=n))
            for till in ("t2", "t1")
        ]
        rows.certificate_numbers.append(CertificateNumberRow(one.number, f"c{n % 7}"))
        rows.tills.append(TillRow(f"till-{n:04}", f'{{"till":"till-{n:04}"}}'))
        rows.goods.append(GoodsRow(f"a{n:04}", f'{{"name":"Чай {n}"}}'))
        rows.till_settings += [SettingRow(f"st{n:04}", name, f'{{"value":{n}}}') for name in ("sales", "idle_minutes")]
        rows.staff += [StaffRow(one, f"p{n:04}", f'{{"id":"p{n:04}"}}') for one in (f"st{n:04}", "")]
        rows.gifts += [
            GiftRow(f"gift{n // 3:04}", number, name, 1 + n * 10**12) for number in (2 * (n % 3) + 1, 2 * (n % 3))
        ]
        rows.watched.append(WatchedRow(f"member:{name}", f'{{"uses":[{n}]}}'))
        rows.store_days += [
            StoreDayRow(f"st{n % 7:04}", "2026-03-02", f"t{n:04}", by, f'{{"sales":{n}}}') for by in ("p1", "")
        ]
        rows.acted.append(ActedRow(1_000 + n, f'{{"act":"day","number":{n}}}'))
        rows.seen += [SeenRow(name, f"st{other % PLENTY:04}", ends or NOW) for other in (n + 1, n)]
        rows.codes.append(CodeRow(f"code{n:04}", NOW + timedelta(seconds=n), f"{n:016x}", name, f'{{"n":{n}}}'))
        ordered_at = NOW + timedelta(seconds=n)
        rows.card_orders += [
            CardOrderRow(
                f"co{n:04}-{other}", name, ("sent", "waiting")[other], f"27{n:04}" if other else "", ordered_at, "{}"
            )
            for other in (1, 0)
        ]
        rows.errands += [
            ErrandRow(
                f"er{n:04}-{other}",
                ("ticket", "exchange")[other],
                name if n % 3 else "",
                f"a{n:04}" if n % 4 else "",
                ("new", "done")[n % 2],
                ends,
                ordered_at,
                f'{{"n":{n}}}',
            )
            for other in (1, 0)
        ]
        rows.pictures += [PictureRow(f"pi{n:04}-{other}", f"er{n:04}-1", "/9j/") for other in (1, 0)]
        rows.card_phones += [CardPhoneRow(f"ph{n:04}-{other}", f"26{n:04}", "{}") for other in (1, 0)]
        state = ("waiting", "sending", "sent", "failed")[n % 4]
        rows.messages.append(MessageRow(f"msg{n:04}", state, NOW + timedelta(seconds=n), f'{{"n":{n}}}'))
        rows.mailings.append(MailingRow(f"mail{n:04}", f'{{"n":{n}}}'))
        states = ("waiting", "sending", "sent", "failed", "left_out", "control")
        rows.new_letters += [
            LetterRow(name, f"l{n:04}-{other}", NOW + timedelta(seconds=n), f"mail{n % 7}", states[n % 6], ends, "{}")
            for other in (1, 0)
        ]
        rows.phones_confirmed.append(ConfirmedRow(name, f"{n:016x}", NOW + timedelta(seconds=n)))
        held = at_work if n % 2 else (None, None)
        rows.jobs.append(JobRow(f"job{n:04}", ends if n % 4 else None, n % 3, *held))
    rows.chains = [
        ChainEnd(f"t{n:04}", generation, n + generation, f"{n:064}") for n in order for generation in (2, 10, 1)
    ]
    return rows
