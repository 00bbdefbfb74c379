"""The client of a POS written in Python: answers as types, refusals as answers or as exceptions."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from docs.till_of_examples import BORIS, TOKEN, ExampleTill
from pos_agent.client import AgentClient, AgentRefused, AgentUnreachable, TillProblem
from pos_agent.hints import help_of
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Code,
    Pay,
    Prepare,
    Redeem,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)

TEA = BasketLine(id="1", name="Чай", price="412.50", category="tea")


@pytest.fixture
def till() -> Iterator[ExampleTill]:
    till = ExampleTill()
    yield till
    till.close()


@pytest.fixture
def client(till: ExampleTill) -> AgentClient:
    return AgentClient(till.url, TOKEN)


def test_a_sale_and_its_return_in_types(client: AgentClient) -> None:
    client.done(SetBasket(sale="1", lines=(TEA,)))
    client.done(Code(sale="1", text=BORIS))
    assert client.told(Redeem(sale="1", points=100)).redeemed.points == 100
    quote = client.told(Prepare(sale="1"))
    assert client.told(Pay(sale="1", quote=quote.quote)).to_pay == quote.to_pay == "312.50"
    back = client.returned(ReturnGoods(of=SoldReceipt(sale="1"), lines=(ReturnedGoods(id="1", quantity="1"),)))
    assert (back.refund, back.restored) == ("312.50", 100)


def test_a_refusal_is_an_answer_or_a_problem_as_one_likes(client: AgentClient) -> None:
    asked = Code(text="2600000000093")
    assert (client.do(asked).ok, client.do(asked).code) == (False, "unknown_card")
    with pytest.raises(TillProblem, match="unknown_card: Card") as caught:
        client.done(asked)
    problem = caught.value.problem
    assert (problem.status, problem.code) == (404, "unknown_card")
    assert problem.hint == help_of("unknown_card", 404, "en")


def test_a_problem_has_all_that_the_till_said(client: AgentClient) -> None:
    client.told(SetBasket(sale="1", lines=(TEA,)))
    client.told(Pay(sale="1"))
    with pytest.raises(TillProblem) as caught:
        client.told(SetBasket(sale="1", lines=(TEA, BasketLine(id="2", name="Чай", price="9.00"))))
    assert caught.value.code == "sale_number_taken"
    assert caught.value.problem.told is not None and caught.value.problem.told.to_pay == "412.50"


def test_a_receipt_without_lines_has_nothing_to_tell(client: AgentClient) -> None:
    with pytest.raises(ValueError, match="nothing to pay"):
        client.told(SetBasket(sale="1", lines=()))


def test_a_wrong_token_is_no_refusal_of_a_command(till: ExampleTill) -> None:
    with pytest.raises(AgentRefused):
        AgentClient(till.url, "wrong").do(Cancel())


def test_what_answers_there_may_be_no_agent() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        try:
            with pytest.raises(AgentUnreachable):
                AgentClient(f"http://127.0.0.1:{other.server_port}", "x").done(Cancel())
        finally:
            other.shutdown()
            thread.join()
