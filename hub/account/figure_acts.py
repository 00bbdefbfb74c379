"""What the programme's rules come to: for answers that are true of it, whatever the shop sets (P35)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hub.account.act import AccountAct, AccountAsked
from hub.hub import Hub
from loyalty.programme import Life, PercentAccrual, Programme
from sync.account.help import AskFigures, BirthdayTold, FiguresTold, LifeTold
from sync.account.home import Earning, Step


def figures(hub: Hub, asked: AccountAsked, body: AskFigures) -> FiguresTold:
    rules = hub.programmes[asked.programme]
    cards, activation = rules.cards, rules.points.activation
    return FiguresTold(
        kop_per_point=rules.currency.kop_per_point,
        cap_bp=rules.redemption.cap_bp,
        cap_of_receipt=rules.redemption.cap_base == "receipt",
        spend_min_points=rules.redemption.min_points,
        needs_registration=rules.redemption.needs_registration,
        earning=_earning(rules),
        life=_life(rules.points.life),
        active_days=activation.days,
        active_minutes=activation.minutes,
        issue_min_kopecks=cards.issue_min_purchase_kopecks,
        issue_fee_kopecks=cards.issue_fee_kopecks,
        reissue_fee_kopecks=cards.reissue_fee_kopecks,
        form_fee_kopecks=cards.form_fee_kopecks,
        form_days=cards.form_days,
        claim_days=rules.claims.days,
        face_min_kopecks=rules.certificates.face_min_kopecks,
        face_max_kopecks=rules.certificates.face_max_kopecks,
        birthday=_birthday(rules),
        **_welcome(rules),
        **_favourites(rules),
    )


def _earning(rules: Programme) -> Earning:
    """Of nobody in particular."""
    rule = rules.accrual
    if not isinstance(rule, PercentAccrual):
        return Earning(measure="per_step", step_kopecks=rule.step_kopecks, points=rule.points)
    steps = tuple(Step(from_kopecks=tier.from_kopecks, rate_bp=tier.rate_bp) for tier in rule.tiers)
    return Earning(measure=rule.tier_metric, steps=steps)


def _life(life: Life) -> LifeTold:
    return LifeTold(kind=life.kind, count=life.count, day=life.day.isoformat() if life.day is not None else "")


def _welcome(rules: Programme) -> dict[str, Any]:
    grant = rules.grants.welcome
    return {} if grant is None else {"welcome_points": grant.points, "welcome_life": _life(grant.life)}


def _birthday(rules: Programme) -> BirthdayTold | None:
    rule, grant = rules.birthday, rules.grants.birthday
    if rule is None:
        return None
    step = rule.per_step
    return BirthdayTold(
        days_before=rule.days_before,
        days_after=rule.days_after,
        points=grant.points if grant is not None else 0,
        step_kopecks=step.step_kopecks if step is not None else 0,
        step_points=step.points if step is not None else 0,
        rate_bp=rule.rate_bp or 0,
    )


def _favourites(rules: Programme) -> dict[str, Any]:
    rule = rules.favourite
    if rule is None:
        return {}
    return {
        "favourites_max": rule.categories_max,
        "favourite_step_kopecks": rule.step_kopecks,
        "favourite_points": rule.points,
    }


FIGURE_ACTS: Final[Mapping[str, AccountAct]] = {"figures": AccountAct(takes=AskFigures, do=figures, signed_in=False)}
