"""What must hold for every basket, member and programme. HYPOTHESIS_PROFILE=long asks for 10,000 of each."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.accrual import Receipt, accrue
from loyalty.allocation import allocate
from loyalty.basket import Basket, Line, LineFacts, Unit
from loyalty.lots import Lot, account_of, active_points, balance, burn, claw_back, restore
from loyalty.member import MemberView
from loyalty.money import ceil_div, format_kopecks, format_quantity_m, half_up, parse_kopecks, parse_quantity_m
from loyalty.positions import positions
from loyalty.programme import Category, Offer, Programme, ReturnRules
from loyalty.quote import Quote, quote
from loyalty.returns import TENDER_CHOICES, LineReturn
from loyalty.sold import reverse_quoted

EXAMPLES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 300
checked = settings(max_examples=EXAMPLES, deadline=None)

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORDINARY = Category(id="ordinary", ru="", en="")  # both programmes get it: they have no open category in common
SHIPPED = [
    replace(programme, categories={**programme.categories, "ordinary": ORDINARY})
    for programme in map(load_programme, ("alenka", "perekrestok"))
]
CATEGORIES = ["ordinary", "ordinary", None, "alcohol_strong", "tobacco", "deposit"]


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    programme = draw(st.sampled_from(SHIPPED))
    rules = replace(
        programme.redemption,
        cap_bp=draw(st.sampled_from([1, 3333, 5000, 9900, 10_000])),
        cap_base=draw(st.sampled_from(["eligible", "receipt"])),
        step=draw(st.sampled_from([1, 7, 10])),
        min_cash_kopecks=draw(st.sampled_from([0, 1, 100])),
        unit_floor_kopecks=draw(st.sampled_from([0, 1, 250])),
        min_points=draw(st.sampled_from([0, 25])),
        receipt_max_points=draw(st.none() | st.integers(0, 3000)),
        day_max_points=draw(st.none() | st.integers(0, 3000)),
    )
    returns = ReturnRules(
        tender=draw(st.sampled_from(["proportional", "certificate_first"])),
        coupon=draw(st.sampled_from(["keep", "recompute"])),
    )
    certificates = replace(programme.certificates, earns=draw(st.booleans()))
    return replace(programme, redemption=rules, returns=returns, certificates=certificates)


@st.composite
def lines(draw: st.DrawFn, number: int) -> Line:
    units: tuple[Unit, ...] = ("pc", "pc", "kg")
    unit = draw(st.sampled_from(units))
    price = draw(st.integers(0, 100_000) | st.sampled_from([1, 99, 9990]))
    quantity_m = draw(st.integers(1, 12)) * 1000 if unit == "pc" else draw(st.integers(1, 60_000))
    gross = half_up(price * quantity_m, 1000)
    return Line(
        id=f"line {number}",
        name="goods",
        price_kopecks=price,
        quantity_m=quantity_m,
        unit=unit,
        discount_kopecks=draw(st.sampled_from([0, 0, gross // 3, gross])),
        category=draw(st.sampled_from(CATEGORIES)),
        min_unit_price_kopecks=draw(st.none() | st.integers(0, price + 100)),
        facts=LineFacts(pieces=draw(keys(quantity_m // 1000)) if unit == "pc" else ()),
    )


def keys(pieces: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Of so many pieces the POS names none, some, or all."""
    return st.sampled_from([0, 0, pieces, pieces // 2]).map(lambda named: tuple(f"k{key}" for key in range(named)))


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    count = draw(st.integers(1, 7))
    coupons = draw(st.lists(st.sampled_from(COUPONS), unique_by=lambda offer: offer.id, max_size=2))
    return Basket(lines=tuple(draw(lines(number)) for number in range(count)), coupons=tuple(coupons))


COUPONS = [
    Offer(id="tenth", ru="", en="", kind="percent_off", percent_bp=1000),
    Offer(id="hundred", ru="", en="", kind="amount_off", amount_kopecks=10_000),
    Offer(id="gift", ru="", en="", kind="gift"),
    Offer(id="double", ru="", en="", kind="multiplier", times=2),
    Offer(id="fifty", ru="", en="", kind="extra_points", points=50, min_basket_kopecks=30_000),
]

members = st.builds(
    MemberView,
    points_active=st.integers(0, 50_000) | st.just(10**9),
    redeemed_today=st.integers(0, 2000),
    redeemed_unsynced=st.integers(0, 500),
    birthday=st.none() | st.just(date(1990, 6, 2)),
    favourites=st.just(()) | st.just(("tobacco", "alcohol_strong")),
)
links = st.sampled_from(["online", "offline"])


def floor_of(programme: Programme, line: Line) -> int:
    return ceil_div(
        max(line.min_unit_price_kopecks or 0, programme.redemption.unit_floor_kopecks) * line.quantity_m, 1000
    )


def takes_points(line: Line) -> bool:
    if line.category == "alcohol_strong":
        return line.min_unit_price_kopecks is not None
    return line.category == "ordinary"


@checked
@given(programmes(), baskets(), members, links, st.none() | st.integers(0, 5000))
def test_discounts_sum_exactly_and_respect_every_floor(
    programme: Programme, basket: Basket, member: MemberView, link: str, asked: int | None
) -> None:
    answer = quote(programme, basket, member, at=AT, link=link, requested_points=asked)  # type: ignore[arg-type]
    assert sum(line.discount_kopecks for line in answer.lines) == answer.redemption.amount_kopecks
    assert answer.redemption.amount_kopecks == answer.redemption.points * programme.currency.kop_per_point
    assert answer.total_kopecks == sum(line.net_kopecks for line in answer.lines)
    assert answer.redemption.points <= answer.limit.points
    for line, sold in zip(basket.lines, answer.lines, strict=True):
        assert sold.net_kopecks == sold.net_before_kopecks - sold.discount_kopecks >= 0
        if sold.discount_kopecks:
            assert takes_points(line)
            assert sold.net_kopecks >= floor_of(programme, line)


def feasible(programme: Programme, basket: Basket, member: MemberView, answer: Quote, points: int, link: str) -> bool:
    """Whether so many points would be allowed: every rule said again, with fractions."""
    rules, worth = programme.redemption, programme.currency.kop_per_point * points
    pairs = list(zip(basket.lines, answer.lines, strict=True))
    total = sum(sold.net_before_kopecks for _, sold in pairs)
    eligible = sum(sold.net_before_kopecks for line, sold in pairs if takes_points(line))
    room = sum(
        max(0, sold.net_before_kopecks - floor_of(programme, line)) for line, sold in pairs if takes_points(line)
    )
    base = eligible if rules.cap_base == "eligible" else total
    offline = programme.offline
    return (
        Fraction(worth) <= Fraction(base * rules.cap_bp, 10_000)
        and worth <= max(0, total - rules.min_cash_kopecks)
        and worth <= room
        and points + member.redeemed_unsynced <= max(member.points_active, member.redeemed_unsynced)
        and (rules.receipt_max_points is None or points <= rules.receipt_max_points)
        and (rules.day_max_points is None or points <= max(0, rules.day_max_points - member.redeemed_today))
        and (link == "online" or points <= (offline.receipt_max_points or 0))
        and (link == "online" or points <= max(0, (offline.day_max_points or 0) - member.redeemed_today))
    )


@checked
@given(programmes(), baskets(), members, links)
def test_the_limit_is_allowed_and_one_step_more_is_not(
    programme: Programme, basket: Basket, member: MemberView, link: str
) -> None:
    answer = quote(programme, basket, member, at=AT, link=link)  # type: ignore[arg-type]
    points, step, least = answer.limit.points, programme.redemption.step, programme.redemption.min_points
    assert points % step == 0
    assert points == 0 or points >= least
    assert feasible(programme, basket, member, answer, points, link)
    next_points = points + step if points else max(step, ceil_div(least, step) * step)
    assert not feasible(programme, basket, member, answer, next_points, link)
    assert answer.limit.bound_by
    assert answer.limit.reason is None


@checked
@given(programmes(), baskets(), members, st.randoms(use_true_random=False))
def test_the_order_of_lines_decides_nothing_but_the_last_tie(
    programme: Programme, basket: Basket, member: MemberView, chance: object
) -> None:
    plain = replace(basket, coupons=())
    shuffled = list(plain.lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one = quote(programme, plain, member, at=AT)
    other = quote(programme, replace(plain, lines=tuple(shuffled)), member, at=AT)
    assert (one.limit, one.redemption, one.total_kopecks) == (other.limit, other.redemption, other.total_kopecks)
    assert shares_by_net(one) == shares_by_net(other)
    by_id = {line.id: line.discount_kopecks for line in other.lines}
    assert all(abs(line.discount_kopecks - by_id[line.id]) <= 1 for line in one.lines)


def shares_by_net(answer: Quote) -> list[tuple[int, int]]:
    return sorted((line.net_before_kopecks, line.discount_kopecks) for line in answer.lines)


@checked
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=8), st.data())
def test_a_share_is_the_proportion_or_the_head(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    nets = [max(pair) for pair in pairs]
    heads = [min(pair) for pair in pairs]
    amount = data.draw(st.integers(0, sum(heads)))
    shares = allocate(nets, heads, amount)
    assert sum(shares) == amount
    assert all(0 <= share <= head for share, head in zip(shares, heads, strict=True))
    # Lines that are not full share in proportion: between any two, by less than a kopeck each.
    free = [(net, share) for net, head, share in zip(nets, heads, shares, strict=True) if share < head]
    full = [(net, head) for net, head, share in zip(nets, heads, shares, strict=True) if 0 < head == share]
    for net, share in free:
        for other_net, other_share in free:
            assert Fraction(share - 1, net) < Fraction(other_share + 1, other_net)
        for full_net, full_share in full:
            assert Fraction(full_share - 1, full_net) <= Fraction(share + 1, net)


@checked
@given(lines(0), st.integers(0, 10_000_000))
def test_positions_sum_to_the_net(line: Line, net: int) -> None:
    found = positions(line, net)
    assert sum(position.amount_kopecks for position in found) == net
    if line.unit == "pc":
        assert sum(position.quantity_m for position in found) == line.quantity_m
        assert len({position.price_kopecks for position in found}) <= 2
        named = len(line.facts.pieces)
        assert all(position.quantity_m == 1000 for position in found[:named]) and len(found) <= named + 2
        for position in found:
            assert position.price_kopecks * position.quantity_m == position.amount_kopecks * 1000
    elif found[0].sold_as_one:
        assert (found[0].quantity_m, found[0].price_kopecks) == (1000, net)
        assert line.quantity_m > 3000  # up to three kilograms there is always a price
    else:
        assert found[0].quantity_m == line.quantity_m
        assert abs(half_up(found[0].price_kopecks * line.quantity_m, 1000) - net) <= 1


@st.composite
def chains(draw: st.DrawFn, basket: Basket) -> list[list[LineReturn]]:
    """Returns in any order and parts, named pieces among them, until all is back."""
    left = {line.id: line.quantity_m for line in basket.lines}
    named = {line.id: list(line.facts.pieces) for line in basket.lines}
    units = {line.id: 1000 if line.unit == "pc" else 1 for line in basket.lines}
    steps = []
    while any(left.values()):
        step = []
        for id in draw(st.lists(st.sampled_from(sorted(left)), min_size=1, unique=True)):
            if not left[id]:
                continue
            whole = left[id] // units[id]
            part = units[id] * draw(st.just(whole) | st.integers(1, whole))
            unnamed = left[id] - len(named[id]) * 1000
            must = max(0, (part - unnamed) // 1000) if named[id] else 0
            chosen = draw(st.permutations(named[id]))[: draw(st.integers(must, min(part // 1000, len(named[id]))))]
            named[id] = [key for key in named[id] if key not in chosen]
            left[id] -= part
            step.append(LineReturn(id=id, quantity_m=part, pieces=tuple(chosen)))
        steps.append(step)
    return steps


@checked
@given(programmes(), baskets(), members, st.lists(st.integers(1, 300_000), max_size=2), st.data())
def test_any_chain_of_returns_sums_back_exactly(
    programme: Programme, basket: Basket, member: MemberView, certificates: list[int], data: st.DataObject
) -> None:
    basket = replace(basket, certificates=tuple(certificates))
    answer = quote(programme, basket, member, at=AT)
    asked = data.draw(chains(basket))
    tender = data.draw(st.none() | st.sampled_from(TENDER_CHOICES))
    results = reverse_quoted(programme, basket, member, answer, AT, asked, tender)
    assert sum(step.refund_kopecks for step in results) == answer.total_kopecks
    assert sum(step.certificate_kopecks for step in results) == sum(answer.certificates)
    assert sum(step.points_restored for step in results) == answer.redemption.points
    assert sum(step.points_clawed_back for step in results) == answer.accrual.points
    assert sum(step.withheld_kopecks for step in results) == 0
    for result in results:
        assert min(result.refund_kopecks, result.points_restored, result.points_clawed_back) >= 0
        assert min(result.certificate_kopecks, result.money_kopecks, result.qualifying_kopecks) >= 0
        assert all(line.refund_kopecks >= 0 for line in result.lines)
        assert sum(line.refund_kopecks for line in result.lines) == result.refund_kopecks
        if programme.returns.coupon == "keep":
            assert result.withheld_kopecks == 0


@checked
@given(programmes(), baskets(), members, st.data())
def test_a_named_piece_comes_back_at_the_price_of_its_own_position(
    programme: Programme, basket: Basket, member: MemberView, data: st.DataObject
) -> None:
    """L4, in whichever order they come."""
    programme = replace(programme, returns=ReturnRules())
    answer = quote(programme, basket, member, at=AT)
    prices = {
        (line.id, key): position.amount_kopecks
        for line, quoted in zip(basket.lines, answer.lines, strict=True)
        for key, position in zip(line.facts.pieces, quoted.positions, strict=False)
    }
    order = data.draw(st.permutations(sorted(prices)))
    asked = [[LineReturn(id=id, quantity_m=1000, pieces=(key,))] for id, key in order]
    results = reverse_quoted(programme, basket, member, answer, AT, asked)
    assert [step.refund_kopecks for step in results] == [prices[piece] for piece in order]


@st.composite
def lots(draw: st.DrawFn) -> list[Lot]:
    return [
        Lot(
            id=f"lot {number}",
            points=draw(st.integers(1, 500)),
            active_from=AT + timedelta(days=draw(st.integers(-30, 5))),
            expires_at=draw(st.none() | st.integers(-3, 60).map(lambda days: AT + timedelta(days=days))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@checked
@given(lots(), st.data())
def test_burning_and_restoring_changes_nothing(given_lots: list[Lot], data: st.DataObject) -> None:
    account = account_of(given_lots)
    points = data.draw(st.integers(0, active_points(account, AT)))
    burned, taken = burn(account, points, AT)
    assert active_points(burned, AT) == active_points(account, AT) - points
    ends = [part.lot.expires_at or datetime.max.replace(tzinfo=UTC) for part in taken]
    assert ends == sorted(ends)
    back = 0
    now = burned
    while back < points:
        part = data.draw(st.integers(1, points - back))
        now, taken, lost = restore(SHIPPED[0], now, taken, part, AT, "grace")
        back += part
        assert lost == 0
        assert balance(now, AT) == balance(burned, AT) + back
    assert now == account
    assert taken == ()


@checked
@given(lots(), st.integers(0, 3000), st.integers(0, 100))
def test_points_taken_back_are_conserved_and_active_points_never_negative(
    given_lots: list[Lot], points: int, held: int
) -> None:
    account = account_of(given_lots)
    after, taken = claw_back(account, points, AT, "lot 1")
    of_the_dead = sum(part.points for part in taken if part.lot.dead(AT))
    assert all(part.lot.id == "lot 1" for part in taken if part.lot.dead(AT)), "no other dead lot is touched"
    assert balance(after, AT) == balance(account, AT) - points + of_the_dead
    assert sum(part.points for part in taken) + after.debt == points
    assert active_points(after, AT, held) >= 0
    assert all(lot.points > 0 for lot in after.lots)


@checked
@given(
    programmes(),
    members,
    st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 400_000)), min_size=1, max_size=5),
    st.lists(st.sampled_from(COUPONS), unique_by=lambda offer: offer.id),
    st.booleans(),
    st.data(),
)
def test_accrual_only_falls_when_less_is_paid(
    programme: Programme,
    member: MemberView,
    paid_pairs: list[tuple[int, int]],
    coupons: list[Offer],
    certificates_earn: bool,
    data: st.DataObject,
) -> None:
    programme = replace(programme, certificates=replace(programme.certificates, earns=certificates_earn))
    categories = [programme.category(data.draw(st.sampled_from(CATEGORIES))) for _ in paid_pairs]
    before = [max(pair) for pair in paid_pairs]
    more = [min(pair) for pair in paid_pairs]
    less = [data.draw(st.integers(0, paid)) for paid in more]
    cut = [was - (had - has) for was, had, has in zip(before, more, less, strict=True)]
    certificate = data.draw(st.integers(0, 100_000))

    def earned(shelf: list[int], paid: list[int]) -> int:
        receipt = Receipt(
            categories=categories,
            before=shelf,
            paid=paid,
            coupons=tuple(coupons),
            certificate_kopecks=certificate,
            day=AT.date(),
        )
        return accrue(programme, member, receipt).points

    assert 0 <= earned(cut, less) <= earned(before, more)


@checked
@given(programmes(), baskets(), members, links)
def test_the_same_input_gives_the_same_output(
    programme: Programme, basket: Basket, member: MemberView, link: str
) -> None:
    elsewhere = replace(programme, categories=dict(reversed(list(programme.categories.items()))))
    again = Basket(lines=tuple(replace(line) for line in basket.lines), coupons=basket.coupons)
    first = quote(programme, basket, member, at=AT, link=link)  # type: ignore[arg-type]
    other_clock = AT.astimezone(programme.timezone)
    assert quote(elsewhere, again, replace(member), at=other_clock, link=link) == first  # type: ignore[arg-type]


@checked
@given(st.integers(0, 10**11 - 1), st.integers(0, 10**9 - 1))
def test_amounts_and_quantities_survive_their_text(kopecks: int, quantity_m: int) -> None:
    assert parse_kopecks(format_kopecks(kopecks)) == kopecks
    assert parse_quantity_m(format_quantity_m(quantity_m)) == quantity_m
