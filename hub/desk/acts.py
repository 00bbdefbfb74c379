"""What a person asks of the hub at a desk: one table, whether he asks at a till, on the office's page or by a program.

An act is a function of the ledger and the words of the request; whoever may ask for it is a right of his role. Each
kind of act has a file of its own in this folder, whose table is joined here. Whoever carries one out, it is written
into the log of acts (acted.py): that is in the table itself, so that no face forgets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.desk.act import Act as Act
from hub.desk.act import ActRefused as ActRefused
from hub.desk.act import Asked as Asked
from hub.desk.acted import logged
from hub.desk.card_order_acts import CARD_ORDER_ACTS
from hub.desk.card_phone_acts import CARD_PHONE_ACTS
from hub.desk.cards_acts import CARDS_ACTS
from hub.desk.case_acts import CASE_ACTS
from hub.desk.certificate_acts import CERTIFICATE_ACTS
from hub.desk.certificate_order_acts import CERTIFICATE_ORDER_ACTS
from hub.desk.code_acts import CODE_ACTS
from hub.desk.correct_acts import CORRECT_ACTS
from hub.desk.coupon_acts import COUPON_ACTS
from hub.desk.day_acts import DAY_ACTS
from hub.desk.exchange_acts import EXCHANGE_ACTS
from hub.desk.mailing_acts import MAILING_ACTS
from hub.desk.member_acts import MEMBER_ACTS
from hub.desk.newcomer_acts import NEWCOMER_ACTS
from hub.desk.receipt_acts import RECEIPT_ACTS
from hub.desk.register_acts import REGISTER_ACTS
from hub.desk.shop_acts import SHOP_ACTS
from hub.desk.staff_acts import STAFF_ACTS
from hub.desk.ticket_acts import TICKET_ACTS

_ALL: Final[Mapping[str, Act]] = {
    **CARDS_ACTS,
    **CARD_ORDER_ACTS,
    **CARD_PHONE_ACTS,
    **CASE_ACTS,
    **CERTIFICATE_ACTS,
    **CERTIFICATE_ORDER_ACTS,
    **CODE_ACTS,
    **CORRECT_ACTS,
    **COUPON_ACTS,
    **DAY_ACTS,
    **EXCHANGE_ACTS,
    **MAILING_ACTS,
    **MEMBER_ACTS,
    **NEWCOMER_ACTS,
    **RECEIPT_ACTS,
    **REGISTER_ACTS,
    **SHOP_ACTS,
    **STAFF_ACTS,
    **TICKET_ACTS,
}
ACTS: Final[Mapping[str, Act]] = {name: logged(name, act) for name, act in _ALL.items()}  # by name
