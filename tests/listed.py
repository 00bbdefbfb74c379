"""The table of calls says which codes a call may answer with: whoever asks a desk in a test sees whether it is true."""

from __future__ import annotations

from pos_agent.answers import Reply
from pos_agent.protocol import Command, XReport
from pos_agent.route import EVERYWHERE
from pos_agent.routes import route_of


def listed(command: Command, reply: Reply) -> Reply:
    """The reply, if the call may say so."""
    does = "points_report" if isinstance(command, XReport) else str(type(command).__struct_config__.tag)
    route = route_of(does)
    known = route.done if reply.ok else (*route.refused, *EVERYWHERE)
    assert reply.code in known, f"{route.path} answers {reply.code} ({'done' if reply.ok else 'refused'}): not listed"
    return reply
