"""Signing in, and the second person for a step: commands and what stands in them."""

from __future__ import annotations

import msgspec

from pos_agent.command import CommandBase


class Second(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Somebody else who answers for just this command: a `person` with his `pin`, or a `badge`, or the `code` that the
    office has read out."""

    person: str | None = None
    pin: str | None = None
    badge: str | None = None
    code: str | None = None


class SignIn(CommandBase, frozen=True, kw_only=True, tag="sign_in"):
    """A person of the staff, by his id and PIN, or by the text of his badge; a badge that is scanned signs in too.
    Whoever was signed in before is not any more."""

    person: str | None = None
    pin: str | None = None
    badge: str | None = None


class SignOut(CommandBase, frozen=True, kw_only=True, tag="sign_out"):
    """Nobody is signed in any more."""
