"""Who answers for goods without a receipt besides whoever takes them back: for a sum that he has seen, before the money
is given."""

from __future__ import annotations

import msgspec

from loyalty.returns import ReturnStep
from pos_agent.counter import Counter
from pos_agent.sold_receipts import Sold, sold_of
from pos_agent.staff.caller import Step
from pos_agent.told_return import ReturnPromise


def with_second(counter: Counter, told: ReturnPromise) -> ReturnPromise:
    """Raises Refused."""
    if not told.without_receipt or told.second is not None:
        return told
    return msgspec.structs.replace(told, second=who_answers(counter, sold_of(counter, told.of), told.step))


def who_answers(counter: Counter, sold: Sold, step: ReturnStep) -> str:
    """Who answers for goods without a receipt besides whoever takes them back."""
    asked = Step("return_without_receipt", step.refund_kopecks, sold.sale.sale.number)
    return counter.second("take_back_without_receipt", asked).name
