"""Whoever a bought certificate needs outside: an emulated payment service, fiscal service, and a real mail server."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from hub.errands.walk import Walk
from hub.hub import Hub
from hub.outside.emulators.fiscal import EmulatedFiscal
from hub.outside.emulators.payment import EmulatedPayment
from hub.outside.known import note_services
from hub.outside.services import Service, Services
from hub.sender.by_url import mailer_of
from tests.one_port import Server


class Mailbox:
    """`refuses`: the answers that it gives next, instead of taking a letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses: list[str] = []
        self.takes_and_refuses: list[str] = []

    def clear(self) -> None:
        for one in (self.letters, self.refuses, self.takes_and_refuses):
            one.clear()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return self.refuses.pop(0)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        letter["X-To"] = ",".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return self.takes_and_refuses.pop(0) if self.takes_and_refuses else "250 OK"


class Outside:
    def __init__(self, payment: Server, fiscal: Server, port: int, mailbox: Mailbox) -> None:
        self.payment, self.fiscal, self.mailbox = EmulatedPayment(url=payment.url), EmulatedFiscal(), mailbox
        self.mail_url = f"smtp://127.0.0.1:{port}/?from=gift@shop.example"
        payment.app, fiscal.app = self.payment.app, self.fiscal.app
        self.services = Services(
            payment=Service(name="payment", url=payment.url),
            fiscal=Service(name="fiscal", url=fiscal.url),
            letters=mailer_of(self.mail_url),
        )

    def served(self, hub: Hub) -> None:
        """The hub's ledger knows what there is."""
        hub.within(lambda writer: note_services(writer, self.services))

    def walk(self, hub: Hub) -> None:
        """Until nothing is due any more."""
        walk = Walk(hub, self.services)
        for _ in range(20):
            if not walk.step():
                return
        raise AssertionError("it never comes to rest")

    def pay(self) -> None:
        for id in self.payment.payments:
            self.payment.pay(id)

    @property
    def money(self) -> int:
        """Kopecks that were paid and did not go back."""
        return sum(one.paid - one.back for one in self.payment.payments.values())


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """At the port that it was given."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mailing() -> Iterator[tuple[int, Mailbox]]:
    mailbox = Mailbox()
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0, ready_timeout=20)
    controller.start()
    try:
        yield controller.port, mailbox
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def payment_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def fiscal_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def post_office() -> Iterator[tuple[int, Mailbox]]:
    with mailing() as there:
        yield there


@pytest.fixture
def outside(payment_server: Server, fiscal_server: Server, post_office: tuple[int, Mailbox]) -> Outside:
    port, mailbox = post_office
    mailbox.clear()
    return Outside(payment_server, fiscal_server, port, mailbox)
