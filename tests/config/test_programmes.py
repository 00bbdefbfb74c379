"""Programme files: what ships, and how a wrong file is told what is wrong, where, and what to do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from config.programmes import SHIPPED, ProgrammeError, load_programme, load_source, read_source, shipped_programmes
from loyalty.programme import Activation, ClaimRules, Life, PercentAccrual, PerStepAccrual, Tier

ALENKA = (SHIPPED / "alenka.toml").read_text(encoding="utf-8")
PEREKRESTOK = (SHIPPED / "perekrestok.toml").read_text(encoding="utf-8")
NEVER_PAID = ("tobacco", "nicotine", "lottery", "gift_certificate", "card_fee", "charity", "deposit")


def test_two_programmes_ship() -> None:
    assert shipped_programmes() == ["alenka", "perekrestok"]
    for id in shipped_programmes():
        assert load_programme(id).id == id
        assert load_programme(SHIPPED / f"{id}.toml") == load_programme(id)
        assert load_programme(str(SHIPPED / f"{id}.toml")) == load_programme(id)


def test_alenka_is_what_its_description_says() -> None:
    alenka = load_programme("alenka")
    assert (alenka.currency.kop_per_point, alenka.currency.ru.many, alenka.currency.en.one) == (100, "бонусов", "bonus")
    rules = alenka.redemption
    assert (rules.cap_bp, rules.cap_base, rules.step, rules.min_cash_kopecks, rules.unit_floor_kopecks) == (
        5000,
        "eligible",
        1,
        0,
        1,
    )
    assert (rules.needs_registration, rules.by_phone) == (True, "second_factor")
    assert isinstance(alenka.accrual, PercentAccrual)
    assert alenka.accrual.tiers == (
        Tier(from_kopecks=0, rate_bp=200),
        Tier(from_kopecks=150_000, rate_bp=300),
        Tier(from_kopecks=300_000, rate_bp=500),
    )
    assert alenka.accrual.tier_metric == "receipt"
    assert alenka.grants.welcome is not None
    assert alenka.grants.welcome.points == 150
    assert (alenka.cards.issue_min_purchase_kopecks, alenka.cards.reissue_fee_kopecks) == (30_000, 5_000)
    assert alenka.name("ru") == "Алёнка"
    assert alenka.name("en") == "Alenka"
    assert alenka.receipt("ru").thanks == "Спасибо за покупку!"
    assert alenka.receipt("en").thanks == "Thank you!"


def test_perekrestok_is_what_its_description_says() -> None:
    club = load_programme("perekrestok")
    assert club.currency.kop_per_point == 10
    rules = club.redemption
    assert (rules.cap_bp, rules.cap_base, rules.step, rules.min_cash_kopecks, rules.unit_floor_kopecks) == (
        9900,
        "eligible",
        10,
        100,
        1,
    )
    assert club.accrual == PerStepAccrual(step_kopecks=1000, points=1)
    assert club.favourite is not None
    assert (club.favourite.step_kopecks, club.favourite.points, club.favourite.categories_max) == (1000, 4, 3)
    assert club.birthday is not None
    assert club.birthday.per_step == PerStepAccrual(step_kopecks=1000, points=4)
    assert club.cards.form_days == 20
    assert (club.certificates.face_min_kopecks, club.certificates.face_max_kopecks) == (20_000, 300_000)
    assert [partner.id for partner in club.partners] == ["litres", "s7", "charity"]
    assert club.stickers is not None
    assert (club.stickers.first_day, club.stickers.last_day) == (date(2026, 9, 1), date(2027, 2, 28))


def test_what_members_get_for_themselves() -> None:
    """P24, P26, P31, A14: in a file, or left out of it."""
    club = load_programme("perekrestok")
    assert club.favourite is not None and club.stickers is not None
    assert (club.favourite.change_days, club.new_days) == (30, 30)
    assert {one.id: one.terms.clip_days for one in club.coupons if one.terms.clip_days} == {"minus-100": 14}
    (knife,) = club.stickers.offers
    assert (knife.coupon_days, club.coupon("knife")) == (30, knife.offer), "what stickers buy is a coupon too"
    at_tills = read_source(re.sub("coupon_days = 30.*\n", "", PEREKRESTOK))
    assert at_tills.coupon("knife") is None and at_tills.stickers is not None
    with pytest.raises(ProgrammeError, match="stickers: buys double, and double is a coupon; call double by another"):
        read_source(PEREKRESTOK.replace('id = "knife"', 'id = "double"'))
    with pytest.raises(ProgrammeError, match=r"member_made.campaigns: 'minus-100' has clip_days too"):
        read_source(PEREKRESTOK.replace('"dairy-20"]', '"minus-100"]'))


@pytest.mark.parametrize("id", ["alenka", "perekrestok"])
def test_the_decisions_hold_in_both(id: str) -> None:
    programme = load_programme(id)
    for name in NEVER_PAID:
        category = programme.category(name)
        assert (category.redeem, category.earn, category.discount) == ("no", False, False)
    alcohol = programme.category("alcohol_strong")
    assert (alcohol.redeem, alcohol.earn, alcohol.discount) == ("above_min_price", True, True)
    assert programme.offline.mode == "capped"
    assert programme.offline.snapshot_max_age_s == 86_400
    assert (programme.points.restored, programme.points.grace_days) == ("grace", 30)
    assert programme.timezone.key == "Europe/Moscow"
    assert programme.scans.coupons == ("PA2:", "PA1:")
    before = read_source(load_source(programme.id).replace('"PA2:", "PA1:"', '"PA1:"'))
    assert before.scans.coupons == ("PA1:", "PA2:"), "of a shop whose file is older than the codes"
    assert len([category for category in programme.categories.values() if category.redeem == "yes"]) >= 4
    assert programme.coupon("ten-percent") is not None
    assert programme.coupon("unheard-of") is None
    assert programme.promotions == ()


@pytest.mark.parametrize("text", [ALENKA, PEREKRESTOK])
def test_every_rule_carries_its_number_or_says_whose_it_is(text: str) -> None:
    assert len(re.findall(r"# .*\b[AP]\d+\b", text)) >= 10
    assert "the shop's to set" in text


def test_the_hash_is_of_the_meaning(tmp_path: Path) -> None:
    def hash_of(text: str) -> str:
        file = tmp_path / "p.toml"
        file.write_text(text, encoding="utf-8")
        return load_programme(file).content_hash

    shipped = load_programme("alenka").content_hash
    assert re.fullmatch(r"[0-9a-f]{64}", shipped)
    assert hash_of(ALENKA + "\n# a remark\n") == shipped
    assert hash_of(ALENKA.replace("cap_bp = 5000", "cap_bp = 4999")) != shipped


def wrong(tmp_path: Path, text: str) -> ProgrammeError:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError) as caught:
        load_programme(file)
    assert caught.value.file == str(file)
    assert str(caught.value).startswith(str(file))
    assert caught.value.remedy
    assert caught.value.remedy in str(caught.value)
    return caught.value


A, P = ALENKA, PEREKRESTOK


@pytest.mark.parametrize(
    ("text", "old", "new", "key", "problem"),
    [
        (A, "step = 1 ", "stepp = 1 ", "redemption.stepp", "is unknown"),
        (A, 'coupon = "keep" ', 'claim_days = 30\ncoupon = "keep" ', "returns.claim_days", "says what [claims] says"),
        (A, "a_day = 3", "a_day = 0", "claims.a_day", "is not a whole number in range"),
        (A, "a_day = 3", 'account = "club"', "claims.account", "is no address"),
        (A, "a_day = 3", 'account = "https://club.example/?x"', "claims.account", "is no address"),
        (A, 'en = "Alenka"', 'en = "Alenka"\nde = "Aljonka"', "name.de", "is unknown"),
        (A, "[scans]", "[extra]\nx = 1\n\n[scans]", "extra", "is unknown"),
        (A, "cap_bp = 5000 ", "# ", "redemption.cap_bp", "is missing"),
        (A, "[second_factor]", "[second_factory]", "second_factor", "is missing"),
        (A, "cap_bp = 5000 ", "cap_bp = 50.0 ", "redemption.cap_bp", "is not a whole number in range"),
        (A, "cap_bp = 5000 ", "cap_bp = true ", "redemption.cap_bp", "is not a whole number in range"),
        (A, "cap_bp = 5000 ", "cap_bp = 10001 ", "redemption.cap_bp", "is not a whole number in range"),
        (A, "cap_bp = 5000 ", "cap_bp = -1 ", "redemption.cap_bp", "is not a whole number in range"),
        (A, 'cap_base = "eligible"', 'cap_base = "all"', "redemption.cap_base", "is not one of the choices"),
        (A, 'unit_floor = "0.01"', "unit_floor = 0.01", "redemption.unit_floor", "is not a decimal text"),
        (A, 'unit_floor = "0.01"', 'unit_floor = "0,01"', "redemption.unit_floor", "'0,01' is not an amount in rubles"),
        (A, "needs_registration = true", 'needs_registration = "yes"', "redemption.needs_registration", "neither"),
        (A, 'id = "alenka"', 'id = "Alenka!"', "id", "'Alenka!' cannot be an id"),
        (A, 'id = "alenka"', "id = 5", "id", "is not a text"),
        (A, 'ru = "Алёнка"', 'ru = "Ал\\u0007ка"', "name.ru", "has control characters"),
        (A, 'version = "2026-12-01"', f'version = "{"9" * 41}"', "version", "is not a text of that length"),
        (A, "effective_from = 2026-01-15", 'effective_from = "soon"', "effective_from", "is not a day that exists"),
        (A, "effective_from = 2026-01-15", "effective_from = 2026-01-15T10:00:00", "effective_from", "is not a day"),
        (A, "effective_from = 2026-01-15", "effective_from = 2026-02-30", "", "cannot be read: "),
        (A, '"Europe/Moscow"', '"Mars/Olympus"', "timezone", "'Mars/Olympus' is no time zone"),
        (A, '"Europe/Moscow"', '"../etc/passwd"', "timezone", "is no time zone"),
        (A, 'from = "1500.00"', 'from = "3000.00"', "accrual.tiers[2].from", "overlaps the tier before"),
        (A, 'from = "0.00"', 'from = "0.01"', "accrual.tiers[0].from", "leaves smaller sums without a rate"),
        (A, "rate_bp = 500 ", "rate_bp = 299 ", "accrual.tiers[2].rate_bp", "falls below"),
        (A, 'tier_metric = "receipt"', 'tier_metric = "year"', "accrual.tier_metric", "is not one of"),
        (A, "receipt_max_points = 300\nday_max_points = 500\n", "", "offline.mode", "is capped without a cap"),
        (A, "snapshot_max_age_hours = 24", "snapshot_max_age_hours = 0", "offline.snapshot_max_age_hours", "range"),
        (A, 'kind = "grant_only"', 'kind = "party"', "birthday.kind", "is not one of the choices"),
        (A, 'kind = "months", count = 12', 'kind = "months"', "points.life.count", "is missing"),
        (A, 'kind = "months", count = 12', 'kind = "never", count = 12', "points.life.count", "is unknown"),
        (A, 'kind = "months", count = 12', 'kind = "date", day = 2026-01-14', "points.life.day", "lies before"),
        (
            A,
            "activation = { days = 0 }",
            "activation = { days = 1, minutes = 1 }",
            "points.activation.minutes",
            "beside",
        ),
        (A, 'restored = "grace"', 'restored = "lost"', "points.restored", "is not one of"),
        (A, "points = 150", "points = 0", "grants.welcome.points", "range"),
        (A, 'tea = { ru = "Чай', '"te a" = { ru = "Чай', "categories", "'te a' cannot be an id"),
        (A, 'redeem = "above_min_price"', 'redeem = "maybe"', "categories.alcohol_strong.redeem", "is not one of"),
        (A, 'sweets = { ru = "Конфеты", en = "Sweets" }', "sweets = 5", "categories.sweets", "is not a table"),
        (A, 'categories = ["sweets"]', 'categories = ["sweat"]', "coupons[1].categories", "'sweat' is no category"),
        (A, 'categories = ["sweets"]', 'categories = "sweets"', "coupons[1].categories", "is not a list"),
        (A, 'categories = ["sweets"]', "categories = [5]", "coupons[1].categories", "is not a list of short texts"),
        (A, 'id = "plus-50"', 'id = "ten-percent"', "coupons", "has two of one id"),
        (A, "percent_bp = 1000\n\n", 'percent_bp = 1000\namount = "5.00"\n\n', "coupons[0].amount", "is unknown"),
        (A, "percent_bp = 1000\n\n", "percent_bp = 0\n\n", "coupons[0].percent_bp", "range"),
        (A, 'face_min = "200.00"', 'face_min = "3000.01"', "certificates.face_max", "is below face_min"),
        (A, 'face_min = "200.00"', 'face_min = "0.00"', "certificates.face_max", "or nothing"),
        (A, 'prefix = "2600"', 'prefix = "26OO"', "cards.schemes[0].prefix", "is not digits"),
        (A, 'prefix = "2600"', 'prefix = "260000000000"', "cards.schemes[0].prefix", "fills the number"),
        (A, 'prefix = "2600" }', 'prefix = "2600", length = 12 }', "cards.schemes[0].length", "is not 13"),
        (
            A,
            'prefix = "2600" }',
            'prefix = "2600" }, { kind = "luhn", prefix = "26" }',
            "cards.schemes[1].prefix",
            "overlaps the scheme of 2600",
        ),
        (A, '["PAC:"]', '["PA1:X"]', "scans.coupons", "hides another prefix"),
        (A, '["PAC:"]', '[""]', "scans.coupons", "is empty"),
        (A, '["PAC:"]', '["PA"]', "scans.coupons", "hides another prefix"),
        (A, '["PAC:"]', '["PAR:"]', "scans.coupons", "hides another prefix"),
        (A, "digits = 4", "digits = 3", "second_factor.digits", "range"),
        (A, 'header = ["Алёнка", "Сеть', 'header = [["Алёнка"], "Сеть', "receipt.ru.header", "list of short texts"),
        (A, "[[coupons]]                       # rights", "[coupons.x]   # rights", "", "cannot be read: "),
        (P, 'step_sum = "10.00"\npoints = 1', 'step_sum = "0.00"\npoints = 1', "accrual.step_sum", "is nothing"),
        (P, "last_day = 2027-02-28", "last_day = 2026-08-31", "stickers.last_day", "lies before first_day"),
        (P, 'categories = ["household"]', 'categories = ["yacht"]', "stickers.offers[0].categories", "no category"),
        (P, "times = 2", "times = 1", "coupons[3].times", "range"),
        (P, "times = 2", 'times = 2\ncategories = ["dairy"]', "coupons[3].categories", "is unknown"),
        (P, "times = 2", "times = 2\nfirst_day = 2026-02-02\nlast_day = 2026-02-01", "coupons[3].last_day", "before"),
        (P, 'unit = "miles"', 'unit = "furlongs"', "partners[1].unit", "is not one of"),
        (P, "form_days = 20", "form_days = 366", "cards.form_days", "range"),
        (P, 'colour = "#1d5c36"', 'colour = "green"', "cards.face.colour", "is no colour"),
        (P, 'colour = "#1d5c36"', 'colour = "#1d5c3z"', "cards.face.colour", "is no colour"),
        (P, 'colour = "#1d5c36"', 'colour = "#FFFFFF"', "cards.face.ink", "is the colour of the ground"),
    ],
)
def test_a_wrong_key_is_named_with_what_is_wrong(
    tmp_path: Path, text: str, old: str, new: str, key: str, problem: str
) -> None:
    assert text.count(old) >= 1, "the shipped file has what this test changes"
    error = wrong(tmp_path, text.replace(old, new, 1))
    assert error.key == key
    assert problem in error.problem


def test_the_birthday_life_needs_the_birthday_window(tmp_path: Path) -> None:
    text = re.sub(r"\[birthday\].*?\n\n", "", ALENKA, flags=re.DOTALL)
    error = wrong(tmp_path, text)
    assert (error.key, error.problem) == ("grants.birthday.life.kind", "needs the birthday window")


def test_two_campaigns_that_a_qr_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    """A coupon names its campaign by four bytes of a hash: these two ids have the same."""
    text = ALENKA.replace('id = "plus-50"', 'id = "offer-58219"', 1).replace(
        'id = "ten-percent"', 'id = "offer-190645"', 1
    )
    error = wrong(tmp_path, text)
    assert error.key == "coupons" and "offer-190645" in error.problem and "offer-58219" in error.problem


def test_an_unknown_key_is_guessed(tmp_path: Path) -> None:
    assert wrong(tmp_path, ALENKA.replace("step = 1 ", "stepp = 1 ")).remedy == "did you mean step?"
    error = wrong(tmp_path, ALENKA.replace("[scans]", "[scans]\nzzz = 1"))
    assert error.remedy == "known here: certificates, coupons, goods"
    error = wrong(tmp_path, ALENKA.replace("[scans]", '[scans]\n"\\u001b[31m" = 1'))
    assert error.key == r"scans.'\x1b[31m'"


def test_categories_that_are_no_table_are_told(tmp_path: Path) -> None:
    text = re.sub(r"\[categories\].*?\n\n", "", ALENKA, flags=re.DOTALL)
    error = wrong(tmp_path, "categories = 5\n" + text)
    assert (error.key, error.problem) == ("categories", "is not a table of tables")
    assert error.remedy == "write [categories.NAME]"


def test_an_empty_list_of_tiers_is_told(tmp_path: Path) -> None:
    error = wrong(tmp_path, re.sub(r"tiers = \[.*?\n\]", "tiers = []", ALENKA, flags=re.DOTALL))
    assert (error.key, error.problem) == ("accrual.tiers", "is empty")


def test_what_is_optional_may_be_left_out(tmp_path: Path) -> None:
    text = re.sub(r"\[grants\.\w+\].*?\n\n", "", ALENKA, flags=re.DOTALL)
    text = re.sub(r"\[birthday\].*?\n\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\[\[coupons\]\].*?\n\n", "", text, flags=re.DOTALL)
    text = text.replace("activation = { days = 0 }\n", "").replace('mode = "capped"', 'mode = "deny"')
    text = text.replace('life = { kind = "months", count = 12 }', 'life = { kind = "date", day = 2026-01-15 }')
    file = tmp_path / "bare.toml"
    file.write_text(text, encoding="utf-8")
    programme = load_programme(file)
    assert (programme.grants.welcome, programme.grants.birthday, programme.grants.manual) == (None, None, None)
    assert (programme.birthday, programme.coupons, programme.stickers, programme.partners) == (None, (), None, ())
    assert programme.points.activation == Activation()
    assert programme.points.life == Life(kind="date", day=date(2026, 1, 15))


def test_the_examples_in_the_comments_are_good(tmp_path: Path) -> None:
    for name, text in (("a", ALENKA), ("p", PEREKRESTOK)):
        lines = [re.sub(r"^# (\[\[|\w+ = )", r"\1", line) for line in text.splitlines()]
        file = tmp_path / f"{name}.toml"
        file.write_text("\n".join(lines), encoding="utf-8")
        (promotion,) = load_programme(file).promotions
        assert promotion.first_day == date(2026, 3, 1)
        assert promotion.members_only


def test_every_kind_of_rule_can_be_written(tmp_path: Path) -> None:
    text = ALENKA.replace('kind = "grant_only"', 'kind = "rate"\nrate_bp = 500')
    text = text.replace('kind = "extra_points"\npoints = 50', 'kind = "extra_points"\nstep_sum = "50.00"\npoints = 5')
    text = text.replace("activation = { days = 0 }", "activation = { minutes = 300 }")
    text = text.replace('prefix = "2600" }', 'prefix = "2600" }, { kind = "luhn", prefix = "77", length = 16 }')
    text = text.replace('id = "gift-chocolate"', 'id = "gift-chocolate"\ngift_price = "1.00"')
    file = tmp_path / "rich.toml"
    file.write_text(text, encoding="utf-8")
    programme = load_programme(file)
    assert programme.birthday is not None
    assert programme.birthday.rate_bp == 500
    assert programme.points.activation == Activation(minutes=300)
    assert [scheme.length for scheme in programme.cards.schemes] == [13, 16]
    gift, points = programme.coupon("gift-chocolate"), programme.coupon("plus-50")
    assert gift is not None
    assert gift.gift_price_kopecks == 100
    assert points is not None
    assert points.step_kopecks == 5000


@pytest.mark.parametrize("name", ["atlantis", "", "alenka ", "\x00"])
def test_a_programme_that_does_not_ship_is_told(name: str) -> None:
    with pytest.raises(ProgrammeError):
        load_programme(name)


def test_what_ships_is_told_to_who_asks_for_another() -> None:
    with pytest.raises(ProgrammeError, match=r"^'atlantis': no such programme; known: alenka, perekrestok; or give"):
        load_programme("atlantis")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(ProgrammeError, match="cannot be read: "):
        load_programme(missing)
    for content in (b"\xff\xfe", b"a = [", b"a = " + b"[" * 5000, b"#" * 1_000_001):
        bad = tmp_path / "bad.toml"
        bad.write_bytes(content)
        with pytest.raises(ProgrammeError) as caught:
            load_programme(str(bad))
        assert caught.value.file == str(bad)
        assert caught.value.remedy


def test_a_file_from_before_claims_had_a_section_is_read() -> None:
    """Its days stood with returns, and no paper of it says anything."""
    begin, end = ALENKA.index("[claims]"), ALENKA.index("[cards]")
    older = (ALENKA[:begin] + ALENKA[end:]).replace('coupon = "keep" ', 'claim_days = 14\ncoupon = "keep" ')
    assert read_source(older).claims == ClaimRules(days=14, prints="never")
    assert read_source(ALENKA).claims == ClaimRules(days=30, prints="always", a_day=3, a_month=10)
