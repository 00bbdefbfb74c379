"""Programme files: strict TOML in, a checked `Programme` out. An error names the file, the key and the remedy.

The two shipped files are config/programmes/alenka.toml and perekrestok.toml; a shop copies one and changes it.
What the keys mean is said in those files, beside each.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from config.programme_claims import read_claims
from config.programme_consents import read_consents
from config.programme_offers import (
    DAYS_MAX,
    ID,
    POINTS_MAX,
    known_categories,
    read_certificates,
    read_id,
    read_member_made,
    read_offers,
    read_step_sum,
    read_stickers,
    with_bought,
)
from config.programme_partners import read_partners
from config.programme_tickets import read_tickets
from config.strict_table import REQUIRED, BadKey, Table, rubles
from config.toml_file import NoToml, parse_toml, read_text
from loyalty.categories import BUILT_IN, CLOSED_BY_LAW
from loyalty.programme import (
    COUPON,
    EAN_LENGTHS,
    ROTATING,
    Activation,
    BirthdayBonus,
    CardFace,
    CardRules,
    CardScheme,
    Category,
    Currency,
    FavouriteBonus,
    Grant,
    Grants,
    Life,
    LifeKind,
    OfflinePolicy,
    PercentAccrual,
    PerStepAccrual,
    PluralWords,
    PointsLife,
    Programme,
    ReceiptTexts,
    Redemption,
    ReturnRules,
    ScanPrefixes,
    SchemeKind,
    SecondFactor,
    Tier,
    VelocityRules,
)

SHIPPED = Path(__file__).parent / "programmes"
GIVE = "give a TOML file in UTF-8"  # what helps where there is none
READ_MAX = 16  # texts of some 10 kB: those that ship, and what a chain had in force lately
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
SCALE_LABEL_DIGITS = 13  # prefix, article, weight and check digit

LIFE_KINDS: tuple[LifeKind, ...] = get_args(LifeKind)
SCHEME_KINDS: tuple[SchemeKind, ...] = get_args(SchemeKind)


class ProgrammeError(Exception):
    """A programme that cannot be loaded: which file, which key, what is wrong, what to do."""

    def __init__(self, file: str, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{file}: {key + ': ' if key else ''}{problem}; {remedy}")
        self.file = file
        self.key = key
        self.problem = problem
        self.remedy = remedy


def shipped_programmes() -> list[str]:
    """Ids of the programmes that come with the agent."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load_programme(id_or_path: str | Path) -> Programme:
    """A shipped programme by id, or any file by path. Raises ProgrammeError."""
    return read_source(load_source(id_or_path), str(_path_of(id_or_path)))


def load_source(id_or_path: str | Path) -> str:
    """The text of a programme's file, as it is kept on the shelf (config/shelf.py). Raises ProgrammeError."""
    path = _path_of(id_or_path)
    try:
        return read_text(path)
    except OSError as error:
        raise ProgrammeError(str(path), "", f"cannot be read: {error.strerror}", GIVE) from None
    except NoToml as error:
        raise ProgrammeError(str(path), "", f"cannot be read: it {error.problem}", GIVE) from None


@lru_cache(maxsize=READ_MAX)  # a programme is a value: whoever starts reads the same text several times
def read_source(source: str, file: str = "the programme", *, past: bool = False) -> Programme:
    """The programme in a text; `file` names it in errors. `past`: one that was in force, and is only read again.
    Raises ProgrammeError."""
    try:
        content = parse_toml(source, file)
    except NoToml as error:
        raise ProgrammeError(file, "", f"cannot be read: it {error.problem}", GIVE) from None
    try:
        return read_programme(content, _hash(content), past=past)
    except BadKey as error:
        raise ProgrammeError(file, error.key, error.problem, error.remedy) from None


def _path_of(id_or_path: str | Path) -> Path:
    path = Path(id_or_path)
    if isinstance(id_or_path, Path) or path.suffix == ".toml" or path.name != str(id_or_path):
        return path
    if id_or_path not in shipped_programmes():
        known = ", ".join(shipped_programmes())
        raise ProgrammeError(repr(id_or_path), "", "no such programme", f"known: {known}; or give a .toml file")
    return SHIPPED / f"{id_or_path}.toml"


def _hash(content: Mapping[str, object]) -> str:
    """Of the meaning, not of the text: a comment changes nothing, a value does."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_programme(content: Mapping[str, object], content_hash: str, *, past: bool = False) -> Programme:
    """A programme from the keys of its file. Raises BadKey."""
    top = Table(content)
    names = top.table("name")
    receipts = top.table("receipt")
    receipt_ru, receipt_en = receipts.table("ru"), receipts.table("en")
    consents = read_consents(top, (receipt_ru, receipt_en))
    effective_from = top.day("effective_from")
    categories = _categories(top, past)
    birthday = _birthday(top.optional_table("birthday"))
    grants = _grants(top.optional_table("grants"), effective_from, birthday)
    scans = _scans(top.table("scans"))
    coupons = read_offers(top, "coupons", categories)
    stickers = read_stickers(top.optional_table("stickers"), categories)
    programme = Programme(
        id=read_id(top, "id"),
        name_ru=names.text("ru"),
        name_en=names.text("en"),
        version=top.text("version", longest=40),
        effective_from=effective_from,
        content_hash=content_hash,
        timezone=_timezone(top),
        currency=_currency(top.table("currency")),
        redemption=_redemption(top.table("redemption")),
        offline=_offline(top.table("offline")),
        accrual=_accrual(top.table("accrual")),
        favourite=_favourite(top.optional_table("favourite"), categories),
        birthday=birthday,
        points=_points_life(top.table("points"), effective_from, birthday),
        grants=grants,
        categories=categories,
        promotions=read_offers(top, "promotions", categories),
        coupons=with_bought(top, coupons, stickers),
        coupon_stacking=top.choice("coupon_stacking", ("best", "all")),
        stickers=stickers,
        certificates=read_certificates(top.table("certificates")),
        returns=_returns(top.optional_table("returns")),
        partners=read_partners(top),
        cards=_cards(top.table("cards"), scans),
        scans=scans,
        second_factor=_second_factor(top.table("second_factor")),
        receipt_ru=_receipt(receipt_ru),
        receipt_en=_receipt(receipt_en),
        consents=consents,
        velocity=_velocity(top.optional_table("velocity")),
        member_made=read_member_made(top.optional_table("member_made"), coupons),
        new_days=top.whole("new_days", 1, DAYS_MAX, default=30),
        tickets=read_tickets(top.optional_table("tickets")),
        claims=read_claims(top.optional_table("claims"), top.optional_table("returns")),
    )
    for table in (names, receipts, top):
        table.close()
    return programme


def _timezone(top: Table) -> ZoneInfo:
    name = top.text("timezone")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        remedy = "write an IANA name like Europe/Moscow"
        raise top.bad("timezone", f"{name!r} is no time zone", remedy) from None


def _currency(table: Table) -> Currency:
    ru, en = table.table("ru"), table.table("en")
    currency = Currency(
        kop_per_point=table.whole("kop_per_point", 1, 1_000_000),
        ru=PluralWords(one=ru.text("one"), few=ru.text("few"), many=ru.text("many"), other=ru.text("many")),
        en=PluralWords(one=en.text("one"), few=en.text("other"), many=en.text("other"), other=en.text("other")),
    )
    _close(ru, en, table)
    return currency


def _redemption(table: Table) -> Redemption:
    redemption = Redemption(
        cap_bp=table.whole("cap_bp", 0, 10_000),
        cap_base=table.choice("cap_base", ("eligible", "receipt")),
        step=table.whole("step", 1, POINTS_MAX, default=1),
        min_points=table.whole("min_points", 0, POINTS_MAX, default=0),
        min_cash_kopecks=table.kopecks("min_cash", default=0),
        unit_floor_kopecks=table.kopecks("unit_floor", default=0),
        receipt_max_points=_optional_points(table, "receipt_max_points"),
        day_max_points=_optional_points(table, "day_max_points"),
        card_alone_max_points=_optional_points(table, "card_alone_max_points"),
        needs_registration=table.flag("needs_registration"),
        by_phone=table.choice("by_phone", ("second_factor", "allow", "deny")),
        phone_recheck_months=table.whole("phone_recheck_months", 1, 120) if table.has("phone_recheck_months") else None,
    )
    table.close()
    return redemption


def _optional_points(table: Table, key: str) -> int | None:
    return table.whole(key, 0, POINTS_MAX) if table.has(key) else None


def _offline(table: Table) -> OfflinePolicy:
    policy = OfflinePolicy(
        mode=table.choice("mode", ("capped", "deny")),
        receipt_max_points=_optional_points(table, "receipt_max_points"),
        day_max_points=_optional_points(table, "day_max_points"),
        snapshot_max_age_s=table.whole("snapshot_max_age_hours", 1, 24 * 366) * 3600,
    )
    if policy.mode == "capped" and policy.receipt_max_points is None and policy.day_max_points is None:
        raise table.bad("mode", "is capped without a cap", "set receipt_max_points or day_max_points")
    table.close()
    return policy


def _velocity(table: Table | None) -> VelocityRules:
    if table is None:
        return VelocityRules()
    most = (
        *("card_hour", "card_day", "card_month", "cashier_month", "tills", "staff_day", "staff_month"),
        *("guesses_day", "by_day", "by_points", "claims_month"),
    )
    counts = {key: table.whole(key, 1, POINTS_MAX) for key in most if table.has(key)}
    rules = VelocityRules(
        **counts,
        tills_minutes=table.whole("tills_minutes", 1, 24 * 60, default=10),
        deny_redeem=table.flag("deny_redeem", default=False),
    )
    if rules.tills is None and table.has("tills_minutes"):
        raise table.bad("tills_minutes", "says how long, and nothing says how many", "set tills, or leave it out")
    table.close()
    return rules


def _accrual(table: Table) -> PercentAccrual | PerStepAccrual:
    kind = table.choice("kind", ("percent", "per_step"))
    accrual: PercentAccrual | PerStepAccrual
    if kind == "per_step":
        accrual = _per_step(table)
    else:
        window: Literal["all", "year", "rolling"] = table.choice(
            "tier_window", ("all", "year", "rolling"), default="all"
        )
        accrual = PercentAccrual(
            tier_metric=table.choice("tier_metric", ("receipt", "accumulated")),
            tier_window=window,
            tier_days=table.whole("tier_days", 1, DAYS_MAX) if window == "rolling" else 0,
            tiers=_tiers(table),
        )
    table.close()
    return accrual


def _per_step(table: Table) -> PerStepAccrual:
    return PerStepAccrual(step_kopecks=read_step_sum(table), points=table.whole("points", 1, POINTS_MAX))


def _tiers(table: Table) -> tuple[Tier, ...]:
    tiers: list[Tier] = []
    for inner in table.tables("tiers"):
        tier = Tier(from_kopecks=inner.kopecks("from"), rate_bp=inner.whole("rate_bp", 0, 100_000))
        before = tiers[-1] if tiers else None
        if before is None and tier.from_kopecks:
            raise inner.bad("from", "leaves smaller sums without a rate", 'let the first tier be from "0.00"')
        if before is not None and tier.from_kopecks <= before.from_kopecks:
            remedy = f"begin above {rubles(before.from_kopecks)}"
            raise inner.bad("from", "overlaps the tier before", remedy)
        if before is not None and tier.rate_bp < before.rate_bp:
            remedy = f"A23: the rate rises; write at least {before.rate_bp}"
            raise inner.bad("rate_bp", "falls below that of the tier before", remedy)
        inner.close()
        tiers.append(tier)
    if not tiers:
        raise table.bad("tiers", "is empty", 'write at least { from = "0.00", rate_bp = 200 }')
    return tuple(tiers)


def _favourite(table: Table | None, categories: Mapping[str, Category]) -> FavouriteBonus | None:
    if table is None:
        return None
    rule = _per_step(table)
    bonus = FavouriteBonus(
        step_kopecks=rule.step_kopecks,
        points=rule.points,
        categories_max=table.whole("categories_max", 1, 100),
        categories=known_categories(table, categories),
        change_days=table.whole("change_days", 0, DAYS_MAX, default=30),
    )
    table.close()
    return bonus


def _birthday(table: Table | None) -> BirthdayBonus | None:
    if table is None:
        return None
    days_before, days_after = table.whole("days_before", 0, 180), table.whole("days_after", 0, 180)
    if table.choice("kind", ("per_step", "rate", "grant_only")) == "per_step":
        bonus = BirthdayBonus(days_before=days_before, days_after=days_after, per_step=_per_step(table))
    else:
        # grant_only is a rate of nothing: the window alone, for the life of the birthday grant
        rate = table.whole("rate_bp", 0, 100_000, default=0)
        bonus = BirthdayBonus(days_before=days_before, days_after=days_after, rate_bp=rate)
    table.close()
    return bonus


def _points_life(table: Table, effective_from: date, birthday: BirthdayBonus | None) -> PointsLife:
    life = PointsLife(
        life=_life(table.table("life"), effective_from, birthday),
        activation=_activation(table.optional_table("activation")),
        restored=table.choice("restored", ("grace", "original_expiry")),
        grace_days=table.whole("grace_days", 0, DAYS_MAX),
    )
    table.close()
    return life


def _life(table: Table, effective_from: date, birthday: BirthdayBonus | None) -> Life:
    kind = table.choice("kind", LIFE_KINDS)
    count, day = 0, None
    if kind in ("days", "months", "month_end"):
        count = table.whole("count", 1, DAYS_MAX if kind == "days" else 1200)
    if kind == "date":
        day = table.day("day")
        if day < effective_from:
            raise table.bad("day", "lies before effective_from", f"write {effective_from} or later")
    if kind == "birthday" and birthday is None:
        raise table.bad("kind", "needs the birthday window", "add [birthday] or choose another kind")
    table.close()
    return Life(kind=kind, count=count, day=day)


def _activation(table: Table | None) -> Activation:
    if table is None:
        return Activation()
    activation = Activation(
        days=table.whole("days", 0, DAYS_MAX, default=0), minutes=table.whole("minutes", 0, 525_600, default=0)
    )
    if activation.days and activation.minutes:
        raise table.bad("minutes", "stands beside days", "choose one of them")
    table.close()
    return activation


def _grants(table: Table | None, effective_from: date, birthday: BirthdayBonus | None) -> Grants:
    if table is None:
        return Grants()
    grants = Grants(
        welcome=_grant(table.optional_table("welcome"), effective_from, birthday),
        birthday=_grant(table.optional_table("birthday"), effective_from, birthday),
        manual=_grant(table.optional_table("manual"), effective_from, birthday),
    )
    table.close()
    return grants


def _grant(table: Table | None, effective_from: date, birthday: BirthdayBonus | None) -> Grant | None:
    if table is None:
        return None
    grant = Grant(
        points=table.whole("points", 1, POINTS_MAX),
        life=_life(table.table("life"), effective_from, birthday),
        activation=_activation(table.optional_table("activation")),
    )
    table.close()
    return grant


def _categories(top: Table, past: bool) -> dict[str, Category]:
    """Those that every programme has, and those of the file. What a file leaves out of a known one stays closed."""
    categories = dict(BUILT_IN)
    for name, table in top.named_tables("categories").items():
        if not ID.fullmatch(name):
            raise top.bad("categories", f"{name!r} cannot be an id", "use up to 40 of a-z, 0-9, - and _")
        categories[name] = _category(name, table)
        if name in CLOSED_BY_LAW and not past:
            _check_closed(table, categories[name])
        table.close()
    return categories


def _category(name: str, table: Table) -> Category:
    known = BUILT_IN.get(name)
    default = known or Category(id=name, ru="", en="")
    return Category(
        id=name,
        ru=table.text("ru", default=known.ru if known else REQUIRED),
        en=table.text("en", default=known.en if known else REQUIRED),
        redeem=table.choice("redeem", ("yes", "above_min_price", "no"), default=default.redeem),
        earn=table.flag("earn", default=default.earn),
        discount=table.flag("discount", default=default.discount),
        excise=table.flag("excise", default=default.excise),
    )


def _check_closed(table: Table, category: Category) -> None:
    """15-FZ art. 16: nothing that makes tobacco or nicotine cheaper, or rewards its purchase."""
    open_keys = {"redeem": category.redeem != "no", "earn": category.earn, "discount": category.discount}
    for key, is_open in open_keys.items():
        if is_open:
            remedy = "leave it out: the law forbids discounts of any kind on these goods"
            raise table.bad(key, f"opens {category.id}", remedy)


def _returns(table: Table | None) -> ReturnRules:
    """`claim_days` stood here before there was a section of claims (programme_claims.py)."""
    if table is None:
        return ReturnRules()
    table.has("claim_days")
    rules = ReturnRules(
        tender=table.choice("tender", ("proportional", "certificate_first"), default="proportional"),
        coupon=table.choice("coupon", ("keep", "recompute"), default="keep"),
    )
    table.close()
    return rules


def _cards(table: Table, scans: ScanPrefixes) -> CardRules:
    cards = CardRules(
        schemes=_schemes(table, scans.goods),
        issue_min_purchase_kopecks=table.kopecks("issue_min_purchase"),
        issue_fee_kopecks=table.kopecks("issue_fee"),
        reissue_fee_kopecks=table.kopecks("reissue_fee"),
        form_days=table.whole("form_days", 0, 365),
        blanks_few=table.whole("blanks_few", 0, 10_000, default=20),
        face=_card_face(table.optional_table("face")),
        form_fee_kopecks=table.kopecks("form_fee", default=0),
    )
    table.close()
    return cards


def _card_face(table: Table | None) -> CardFace:
    if table is None:
        return CardFace()
    plain = CardFace()
    face = CardFace(
        colour=table.text("colour", default=plain.colour, longest=7),
        ink=table.text("ink", default=plain.ink, longest=7),
        ru=table.text("ru", default="", longest=60),
        en=table.text("en", default="", longest=60),
    )
    for key, colour in (("colour", face.colour), ("ink", face.ink)):
        if not COLOUR.fullmatch(colour):
            raise table.bad(key, f"{colour!r} is no colour", 'write red, green and blue, like "#1f3a5f"')
    if face.colour.lower() == face.ink.lower():
        raise table.bad("ink", "is the colour of the ground", "nobody could read it; choose another")
    table.close()
    return face


def _schemes(table: Table, goods: tuple[str, ...]) -> tuple[CardScheme, ...]:
    schemes: list[CardScheme] = []
    for inner in table.tables("schemes"):
        kind = inner.choice("kind", SCHEME_KINDS)
        prefix = inner.text("prefix", longest=12)
        length = inner.whole("length", 4, 32, default=13)
        if not (prefix.isascii() and prefix.isdigit() and len(prefix) < length - 1):
            raise inner.bad("prefix", "is not digits, or fills the number", 'write digits, like "2600"')
        if kind == "ean13" and length != 13:
            raise inner.bad("length", "is not 13", "leave it out for ean13")
        for other in schemes:
            if other.length == length and (other.prefix.startswith(prefix) or prefix.startswith(other.prefix)):
                raise inner.bad("prefix", f"overlaps the scheme of {other.prefix}", "choose another prefix or length")
        hidden_by = next((goods_prefix for goods_prefix in goods if prefix.startswith(goods_prefix)), None)
        if hidden_by is not None and length in EAN_LENGTHS:
            remedy = "no card would ever be read; choose another prefix, or narrow scans.goods"
            raise inner.bad("prefix", f"lies inside {hidden_by} of scans.goods", remedy)
        inner.close()
        schemes.append(CardScheme(kind=kind, prefix=prefix, length=length))
    return tuple(schemes)


def _scans(table: Table) -> ScanPrefixes:
    coupons = table.texts("coupons")
    if not COUPON.startswith(coupons):  # the file was written before the hub made any
        coupons = (*coupons, COUPON)
    scans = ScanPrefixes(
        coupons=coupons,
        certificates=table.texts("certificates"),
        goods=table.texts("goods", default=()),
    )
    for prefix in scans.goods:
        if not (prefix.isascii() and prefix.isdigit() and len(prefix) < SCALE_LABEL_DIGITS):
            raise table.bad("goods", f"{prefix!r} is no beginning of a goods' number", 'write digits, like "27"')
    every = (*scans.coupons, *scans.certificates, ROTATING)
    for index, prefix in enumerate(every):
        if not prefix or any(prefix.startswith(other) for other in every[:index] + every[index + 1 :]):
            raise table.bad("coupons", f"{prefix!r} is empty or hides another prefix", "let none begin with another")
    table.close()
    return scans


def _second_factor(table: Table) -> SecondFactor:
    rule = SecondFactor(
        digits=table.whole("digits", 4, 10),
        attempts=table.whole("attempts", 1, 100),
        life_s=table.whole("life_minutes", 1, 1440) * 60,
    )
    table.close()
    return rule


def _receipt(table: Table) -> ReceiptTexts:
    texts = ReceiptTexts(
        header=table.texts("header"),
        footer=table.texts("footer"),
        thanks=table.text("thanks"),
        form=table.texts("form", default=()),
    )
    table.close()
    return texts


def _close(*tables: Table) -> None:
    for table in tables:
        table.close()
