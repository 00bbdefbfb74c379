"""What is known of a member, as he sees and changes it: acts `profile`, `profile_name`, `profile_birthday`,
`profile_phone`, `profile_email`, `prove`."""

from __future__ import annotations

from typing import Annotated

import msgspec

Typed = Annotated[str, msgspec.Meta(max_length=300)]
ProofId = Annotated[str, msgspec.Meta(max_length=64)]


class AskProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `profile`: says nothing."""


class ProfileHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`phone`: as people write it down; `birthday`: YYYY-MM-DD, "" while it may still be said; `favourites`: as people
    call them; `mails`: letters can be sent."""

    registered: bool
    name: str = ""
    phone: str = ""
    email: str = ""
    birthday: str = ""
    favourites: tuple[tuple[str, str], ...] = ()  # Russian, English
    mails: bool = False


class ChangeName(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: bad_name."""

    name: Typed


class ChangeBirthday(msgspec.Struct, frozen=True, kw_only=True):
    """As people write it; once. Refused: bad_birthday, birthday_known, too_young."""

    birthday: Typed


class ChangePhone(msgspec.Struct, frozen=True, kw_only=True):
    """`proof`: of a code that came to it. Refused: bad_phone_told, code_not_proved, phone_taken."""

    phone: Typed
    proof: ProofId


class ChangeEmail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`email` "": he has none any more, which needs no proof. Refused: bad_email, code_not_proved."""

    email: Typed = ""
    proof: ProofId = ""


class Prove(msgspec.Struct, frozen=True, kw_only=True):
    """`proof`: of a code for `confirm`, which is used by this. Refused: code_not_proved."""

    proof: ProofId


class Changed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`changed`: something was written now."""

    changed: bool = False
