"""What a person asks of the hub at a desk: one table, whether he asks at a till, on the office's page or by a program.

An act is a function of the ledger and the words of the request; whoever may ask for it is a right of his role. Each
kind of act has a file of its own in this folder, whose table is joined here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.desk.act import Act as Act
from hub.desk.act import ActRefused as ActRefused
from hub.desk.act import Asked as Asked
from hub.desk.case_acts import CASE_ACTS
from hub.desk.code_acts import CODE_ACTS
from hub.desk.correct_acts import CORRECT_ACTS
from hub.desk.member_acts import MEMBER_ACTS
from hub.desk.register_acts import REGISTER_ACTS
from hub.desk.staff_acts import STAFF_ACTS

ACTS: Final[Mapping[str, Act]] = {
    **CASE_ACTS,
    **CODE_ACTS,
    **CORRECT_ACTS,
    **MEMBER_ACTS,
    **REGISTER_ACTS,
    **STAFF_ACTS,
}  # by name
