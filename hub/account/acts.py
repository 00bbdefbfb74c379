"""What the member's account asks of the hub: one table. Each kind of act has a file of its own in this folder, whose
table is joined here; what an act takes and answers stands in sync/account*.py, which the account reads too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct
from hub.account.card_acts import CARD_ACTS
from hub.account.card_link_acts import CARD_LINK_ACTS
from hub.account.card_order_acts import CARD_ORDER_ACTS
from hub.account.card_picture_acts import CARD_PICTURE_ACTS
from hub.account.certificate_acts import CERTIFICATE_ACTS
from hub.account.club_offers_acts import CLUB_OFFERS_ACTS
from hub.account.code_acts import CODE_ACTS
from hub.account.connect_acts import CONNECT_ACTS
from hub.account.consent_acts import CONSENT_ACTS
from hub.account.coupon_acts import COUPON_ACTS
from hub.account.entering_acts import ENTERING_ACTS
from hub.account.favourite_acts import FAVOURITE_ACTS
from hub.account.figure_acts import FIGURE_ACTS
from hub.account.home_acts import HOME_ACTS
from hub.account.leave_acts import LEAVE_ACTS
from hub.account.me_acts import ME_ACTS
from hub.account.message_acts import MESSAGE_ACTS
from hub.account.mine_acts import MINE_ACTS
from hub.account.partner_acts import PARTNER_ACTS
from hub.account.points_acts import POINTS_ACTS
from hub.account.profile_acts import PROFILE_ACTS
from hub.account.programme_acts import PROGRAMME_ACTS
from hub.account.receipt_claim_acts import RECEIPT_CLAIM_ACTS
from hub.account.shop_acts import SHOP_ACTS
from hub.account.ticket_acts import TICKET_ACTS
from hub.account.whose_acts import WHOSE_ACTS

ACCOUNT_ACTS: Final[Mapping[str, AccountAct]] = {  # by name
    **CARD_ACTS,
    **CARD_LINK_ACTS,
    **CARD_ORDER_ACTS,
    **CARD_PICTURE_ACTS,
    **CERTIFICATE_ACTS,
    **CLUB_OFFERS_ACTS,
    **CODE_ACTS,
    **CONNECT_ACTS,
    **CONSENT_ACTS,
    **COUPON_ACTS,
    **ENTERING_ACTS,
    **FIGURE_ACTS,
    **FAVOURITE_ACTS,
    **HOME_ACTS,
    **LEAVE_ACTS,
    **ME_ACTS,
    **MESSAGE_ACTS,
    **MINE_ACTS,
    **PARTNER_ACTS,
    **POINTS_ACTS,
    **PROFILE_ACTS,
    **PROGRAMME_ACTS,
    **TICKET_ACTS,
    **SHOP_ACTS,
    **RECEIPT_CLAIM_ACTS,
    **WHOSE_ACTS,
}
