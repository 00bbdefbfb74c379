"""What the office's desk does for a step at a till that asks for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.staff.book import MayNotAnswer, NoSuchPerson, answer
from loyalty.possible import is_text
from sync.staff_codes import is_challenge


class AnswerFor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`challenge`: as it is shown at the till; `about`: what for, as they said it on the telephone."""

    challenge: Annotated[str, msgspec.Meta(max_length=20)]
    about: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AnswerCode(msgspec.Struct, frozen=True, kw_only=True):
    """Six digits, to be read back."""

    code: str


def answer_for(hub: Hub, asked: Asked, told: AnswerFor) -> AnswerCode:
    if asked.till:
        raise ActRefused("from_the_office", "a till answers for no step by itself: somebody in the office does")
    if not is_challenge(told.challenge) or (told.about and not is_text(told.about, 200)):
        raise ActRefused("no_challenge", "a challenge has 8 letters and digits, like K7Q2-M4XD")
    who, challenge, about = asked.person, told.challenge, told.about
    try:
        return AnswerCode(
            code=hub.within(lambda w: answer(w, challenge, hub.pepper, person=who, about=about, now=hub.now()))
        )
    except (NoSuchPerson, MayNotAnswer) as error:
        raise ActRefused("not_allowed", f"{who or asked.by} may answer for no step") from error


STAFF_ACTS: Final[Mapping[str, Act]] = {
    "answer_for_step": Act(takes=AnswerFor, right="be_second", do=answer_for),
}
