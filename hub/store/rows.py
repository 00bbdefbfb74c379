"""What is written to a ledger at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from hub.store.certificate_records import (
    CertificateEntryRow,
    CertificateHoldKey,
    CertificateHoldRow,
    CertificateNumberRow,
    CertificateRow,
)
from hub.store.coupon_records import CampaignMemberRow, CampaignRow, CouponHoldKey, CouponHoldRow, MadeCoupon
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.letter_records import LetterKey, LetterRow, MailingRow
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
    PublishedKey,
    PublishedRow,
    SeenKey,
    SeenRow,
    SettingRow,
    StaffRow,
    StoreDayRow,
    StoreRow,
    TillRow,
    WatchedRow,
)
from hub.store.records import (
    CardRow,
    CaseRow,
    ChainEnd,
    ChangeRow,
    ConsentKey,
    ConsentRow,
    CouponRow,
    DayRow,
    EarlierRow,
    EntryRow,
    HoldKey,
    HoldRow,
    JobRow,
    KeptOperation,
    LotRow,
    MemberRow,
    OnceRow,
    ProfileRow,
    ReturnRow,
)
from hub.store.sticker_records import StickerEntryRow, StickerRow


class MovedCard(NamedTuple):
    """A card goes to another member."""

    gone: str
    card: CardRow


@dataclass(slots=True)
class Rows:
    """What a batch of operations does to the ledger: written at once, in one transaction. A list `new_…` is of rows
    that are not there yet; the others replace what has the same key; `days` and `stickers` are added to."""

    operations: list[KeptOperation] = field(default_factory=list)
    named: list[NamedRow] = field(default_factory=list)  # not there yet
    chains: list[ChainEnd] = field(default_factory=list)  # replaced or new
    new_members: list[MemberRow] = field(default_factory=list)
    members: list[MemberRow] = field(default_factory=list)
    profiles: list[ProfileRow] = field(default_factory=list)  # of members who are there, or new in this batch
    new_cards: list[CardRow] = field(default_factory=list)
    cards: list[CardRow] = field(default_factory=list)
    moved_cards: list[MovedCard] = field(default_factory=list)
    new_lots: list[LotRow] = field(default_factory=list)
    lots: list[LotRow] = field(default_factory=list)
    entries: list[EntryRow] = field(default_factory=list)
    days: list[DayRow] = field(default_factory=list)  # one for each member and day
    stickers: list[StickerRow] = field(default_factory=list)  # one for each member and collection
    sticker_entries: list[StickerEntryRow] = field(default_factory=list)  # not there yet
    used_coupons: list[CouponRow] = field(default_factory=list)
    freed_coupons: list[CouponRow] = field(default_factory=list)  # go before the used ones come
    conflicts: list[CouponRow] = field(default_factory=list)
    settled_conflicts: list[CouponRow] = field(default_factory=list)
    made_coupons: list[MadeCoupon] = field(default_factory=list)  # replaced or new
    campaigns: list[CampaignRow] = field(default_factory=list)  # replaced or new
    campaign_members: list[CampaignMemberRow] = field(default_factory=list)  # replaced or new
    gone_coupon_holds: list[CouponHoldKey] = field(default_factory=list)  # go before the others come
    coupon_holds: list[CouponHoldRow] = field(default_factory=list)  # replaced or new
    returns: list[ReturnRow] = field(default_factory=list)
    new_cases: list[CaseRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    changes: list[ChangeRow] = field(default_factory=list)
    once: list[OnceRow] = field(default_factory=list)  # not there yet
    jobs: list[JobRow] = field(default_factory=list)  # replaced or new
    new_holds: list[HoldRow] = field(default_factory=list)
    holds: list[HoldRow] = field(default_factory=list)
    gone_holds: list[HoldKey] = field(default_factory=list)  # go before the new ones come
    new_consents: list[ConsentRow] = field(default_factory=list)
    consents: list[ConsentRow] = field(default_factory=list)
    gone_consents: list[ConsentKey] = field(default_factory=list)  # go before the new ones come
    earlier_sales: list[EarlierRow] = field(default_factory=list)  # not there yet
    stores: list[StoreRow] = field(default_factory=list)  # replaced or new
    seen: list[SeenRow] = field(default_factory=list)  # replaced or new
    goods: list[GoodsRow] = field(default_factory=list)  # replaced or new
    tills: list[TillRow] = field(default_factory=list)  # replaced or new
    till_settings: list[SettingRow] = field(default_factory=list)  # replaced or new
    staff: list[StaffRow] = field(default_factory=list)  # replaced or new
    gifts: list[GiftRow] = field(default_factory=list)  # replaced or new
    batches: list[BatchRow] = field(default_factory=list)  # replaced or new
    blanks: list[BlankRow] = field(default_factory=list)  # new, or in another state
    new_certificates: list[CertificateRow] = field(default_factory=list)
    certificates: list[CertificateRow] = field(default_factory=list)
    certificate_entries: list[CertificateEntryRow] = field(default_factory=list)
    certificate_holds: list[CertificateHoldRow] = field(default_factory=list)  # replaced or new
    gone_certificate_holds: list[CertificateHoldKey] = field(default_factory=list)  # go before the others come
    certificate_numbers: list[CertificateNumberRow] = field(default_factory=list)  # not there yet
    codes: list[CodeRow] = field(default_factory=list)  # replaced or new
    gone_codes: list[str] = field(default_factory=list)  # go before the others come
    card_phones: list[CardPhoneRow] = field(default_factory=list)  # replaced or new
    gone_card_phones: list[str] = field(default_factory=list)  # go before the others come
    card_orders: list[CardOrderRow] = field(default_factory=list)  # replaced or new
    errands: list[ErrandRow] = field(default_factory=list)  # replaced or new
    gone_errands: list[str] = field(default_factory=list)  # go before the others come
    gone_pictures: list[str] = field(default_factory=list)  # go before the others come
    pictures: list[PictureRow] = field(default_factory=list)  # replaced or new
    messages: list[MessageRow] = field(default_factory=list)  # replaced or new
    gone_messages: list[str] = field(default_factory=list)  # go before the others come
    mailings: list[MailingRow] = field(default_factory=list)  # replaced or new
    gone_letters: list[LetterKey] = field(default_factory=list)  # go before the others come
    new_letters: list[LetterRow] = field(default_factory=list)  # not there yet
    letters: list[LetterRow] = field(default_factory=list)  # replaced or new
    phones_confirmed: list[ConfirmedRow] = field(default_factory=list)  # replaced or new
    gone_confirmed: list[str] = field(default_factory=list)  # members; go before the others come
    watched: list[WatchedRow] = field(default_factory=list)  # replaced or new
    store_days: list[StoreDayRow] = field(default_factory=list)  # replaced or new
    acted: list[ActedRow] = field(default_factory=list)  # not there yet
    unseen: list[SeenKey] = field(default_factory=list)  # go before the others come
    programmes: list[ProgrammeRow] = field(default_factory=list)  # kept once
    withdrawn: list[PublishedKey] = field(default_factory=list)  # go before the new ones come
    published: list[PublishedRow] = field(default_factory=list)  # not there yet
    settings: dict[str, str] = field(default_factory=dict)  # replaced or new
