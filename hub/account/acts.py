"""What the member's account asks of the hub: one table. Each kind of act has a file of its own in this folder, whose
table is joined here; what an act takes and answers stands in sync/account*.py, which the account reads too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct
from hub.account.me_acts import ME_ACTS
from hub.account.points_acts import POINTS_ACTS
from hub.account.programme_acts import PROGRAMME_ACTS

ACCOUNT_ACTS: Final[Mapping[str, AccountAct]] = {  # by name
    **ME_ACTS,
    **POINTS_ACTS,
    **PROGRAMME_ACTS,
}
