"""What docs/drills.md says of one till, played: a new disk, a second machine, a till put back, a hub that moves."""

from __future__ import annotations

import shutil

import pytest
from msgspec.structs import replace

from loyalty.bodies import Sale
from offline_cache.certificates import Blank
from offline_cache.lease import NOT_YET
from sync.protocol import LeaseRequest
from tests.drills.conftest import NOW, Chain, Machine, number_of


def test_a_till_that_has_joined_is_proven_and_works_under_the_generation_that_the_hub_leased(
    chain: Chain, till: Machine
) -> None:
    process = till.on()
    assert process.why_unproven() is None
    process.sell(earned=7)
    assert process.drain() == ""
    assert chain.operations() == [(1, 1)] and process.points() == chain.points() == 107
    assert chain.is_right()
    process.off()


def test_b1_a_new_disk_works_under_the_next_generation_before_its_first_operation(chain: Chain, till: Machine) -> None:
    till.sold(spent=30)
    till.lose("data", "data.keys")

    till.join()
    process = till.on()
    assert process.why_unproven() is None and process.cache.generation == 2
    assert process.drain() == "" and process.points() == 70, "what the lost disk redeemed is in the hub's word"
    process.sell(spent=30)
    assert process.points() == 40
    assert process.drain() == ""
    assert chain.operations() == [(1, 1), (2, 1)] and process.points() == chain.points() == 40
    assert chain.is_right()
    process.off()


def test_b1_a_new_disk_with_the_keys_of_before_is_unproven_until_the_hub_has_leased_it_a_generation(
    chain: Chain, till: Machine
) -> None:
    till.sold(earned=5)
    till.lose("data")
    process = till.on()
    assert process.why_unproven() == "not_leased"
    assert process.drain() == "" and process.why_unproven() is None
    process.sell(earned=5)
    assert process.drain() == "" and chain.operations() == [(1, 1), (2, 1)]
    process.off()


def test_n21_a_reinstalled_till_sells_before_it_joins_redeems_nothing_and_nothing_of_it_is_lost(
    chain: Chain, till: Machine
) -> None:
    till.sold(earned=5)
    till.lose("data", "data.keys")

    process = till.on()
    assert process.why_unproven() == "not_joined" and process.cache.generation == 0
    sold = process.sell(earned=10)
    assert sold.generation > 1_000_000 and process.cache.generation == sold.generation, "a provisional one"
    assert process.drain() == "not_joined"
    process.off()

    till.join()
    process = till.on()
    assert process.drain() == "" and process.why_unproven() is None
    process.sell(earned=1)
    assert process.drain() == ""
    assert chain.operations() == [(1, 1), (sold.generation, 1), (sold.generation, 2)]
    assert chain.points() == process.points() == 116 and chain.is_right()
    process.off()


def test_a_provisional_generation_that_another_file_has_is_none_and_its_sales_are_recorded_anew(
    chain: Chain, till: Machine
) -> None:
    till.sold(earned=5)
    till.lose("data")
    process = till.on()
    with process.cache.file.transaction() as connection:  # its clock said so
        process.cache.leases._sql.set_setting(connection, name="generation", value="1")
    sold = process.sell(earned=10)
    assert sold.generation == 1 and process.why_unproven() == "not_leased"
    assert process.drain() == ""
    assert chain.operations() == [(1, 1), (2, 1)] and chain.points() == 115 and chain.is_right()
    process.off()


def test_b2_a_copy_on_a_second_machine_is_stopped_while_the_till_lives_and_loses_nothing(
    chain: Chain, till: Machine
) -> None:
    first = till.on()
    first.sell(earned=1)
    assert first.drain() == ""
    copied = chain.machine("second")
    till.copy_to(copied)

    second = copied.on()
    assert second.why_unproven() == "other_machine"
    assert first.drain() == ""
    assert second.drain() == "runs_elsewhere"
    second.sell("boris", earned=10)
    first.sell(earned=1)
    assert first.drain() == "" and second.drain() == "runs_elsewhere"
    assert chain.operations() == [(1, 1), (1, 2)]
    first.off()

    assert second.drain() == "forked", "the first has sold in the places of the second's"
    assert second.why_unproven() == "forked" and second.cache.outbox_length() == 1
    assert sorted(chain.cases()) == ["forked", "identity_conflict"]
    assert "1 operations" in chain.command("till", "confirm", "t1", "--by", "olga")
    assert second.drain() == "" and second.why_unproven() is None
    assert chain.operations() == [(1, 1), (1, 2), (2, 1)]
    assert (chain.points(), chain.points("boris")) == (102, 110) and chain.is_right()
    assert chain.cases() == [], "both are settled by the one word"
    second.off()

    again = till.on()  # what was granted to its copy is not for it
    assert again.cache.file_id != second.cache.file_id
    again.sell(earned=1)
    assert again.drain() == again.why_unproven() == "other_file" and again.cache.generation == 1
    assert chain.operations() == [(1, 1), (1, 2), (2, 1)], "its sale waits"
    chain.command("till", "confirm", "t1", "--by", "olga")
    assert again.drain() == "" and chain.points() == again.points() == 103
    assert chain.operations() == [(1, 1), (1, 2), (1, 3), (2, 1)] and chain.is_right()
    again.off()

    second = copied.on()
    assert second.drain() == "other_file", "one of them at a time"
    second.off()


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "not known"])
@pytest.mark.parametrize("sells", [True, False], ids=["sells first", "asks first"])
def test_a_copy_that_sold_in_anothers_places_and_is_put_back_goes_on_after_one_word(
    chain: Chain, till: Machine, is_known: bool, sells: bool
) -> None:
    """Seed 8811 of the simulated chain: the second file is newer, so the till's works under no generation until it is
    leased one, while another has the places of what waits in it under the one of before."""
    till.sold(earned=1)
    copied = chain.machine("second")
    till.copy_to(copied)
    till.sold(earned=1)
    second = copied.on()
    waits = second.sell("boris", earned=10)
    assert not is_known or second.drain() == "forked"
    second.off()
    before = copied.file.read_bytes()
    second = copied.on()
    second.sell("boris", earned=20)
    second.off()
    copied.file.write_bytes(before)

    second = copied.on()
    assert second.cache.generation == NOT_YET
    if sells:
        second.sell("boris", earned=40)
    assert second.drain() == "forked"
    chain.command("till", "confirm", "t1", "--by", "olga")
    assert second.drain() == "" and second.why_unproven() is None
    assert chain.points() == 102 and chain.points("boris") == second.points("boris") == (150 if sells else 110)
    assert chain.is_right()
    now = second.cache.sale(number_of(waits))
    assert now is not None and now.operations[0].generation == second.cache.generation
    second.off()


def test_seed_7002_numbers_ahead_stay_with_the_machine_that_was_given_them(chain: Chain, till: Machine) -> None:
    """The copy has those of the first, and once it is leased, too, neither would know that they are another's."""
    first = till.on()
    assert first.drain() == ""
    first.cache.card_numbers.keep(("2600000007009",), None, NOW)
    first.cache.certificates.keep([Blank("9000000000000001", "text", "000000")])
    first.off()
    copied = chain.machine("second")
    till.copy_to(copied)
    second = copied.on()
    assert (second.why_unproven(), second.cache.card_numbers.free(NOW)) == ("other_machine", 1)
    assert second.drain() == "" and second.why_unproven() is None
    assert second.cache.card_numbers.free(NOW) == second.cache.certificates.free() == 0
    second.off()
    first = till.on()
    assert first.drain() == "" and first.cache.card_numbers.free(NOW) == first.cache.certificates.free() == 1
    first.off()


def test_b2_a_file_that_may_go_on_and_does_not_hear_of_it_needs_no_second_word(chain: Chain, till: Machine) -> None:
    """Cut off after the hub's grant: the file asks again, and is the one that may."""
    copied = chain.machine("second")
    first = till.on()
    assert first.drain() == ""
    till.copy_to(copied)
    first.sell(earned=1)
    assert first.drain() == ""
    first.off()
    second = copied.on()
    second.sell("boris", earned=10)
    assert second.drain() == "forked"
    chain.command("till", "confirm", "t1", "--by", "olga")
    asked = LeaseRequest(till="t1", file=second.cache.file_id, generation=1, astray=1)
    reply = chain.hub.tills.lease(asked)  # which gets lost
    second.off()
    second = copied.on()
    assert second.why_unproven() == "forked" and second.drain() == "" and second.cache.generation == reply.generation
    assert chain.operations() == [(1, 1), (2, 1)] and chain.points("boris") == 110 and chain.is_right()
    second.off()


def test_b2_data_that_were_copied_without_the_keys_are_nobodys(chain: Chain, till: Machine) -> None:
    till.sold(earned=1)
    copied = chain.machine("second")
    till.copy_to(copied, keys=False)
    second = copied.on()
    assert second.why_unproven() == "not_joined"
    second.sell(earned=1)
    assert second.drain() == "not_joined" and chain.operations() == [(1, 1)]
    second.off()


def test_b3_a_till_put_back_from_yesterday_fetches_what_it_has_forgotten(chain: Chain, till: Machine) -> None:
    sold = till.sold(earned=3)
    yesterday = chain.machine("yesterday")
    till.copy_to(yesterday)
    process = till.on()
    later = process.sell(spent=50)
    process.take_back(sold)
    assert process.drain() == "" and process.points() == 50
    process.off()

    yesterday.copy_to(till)
    process = till.on()
    assert process.cache.sale(number_of(later)) is None
    assert process.drain() == "" and process.why_unproven() is None
    assert process.points() == chain.points() == 50
    assert process.cache.sale(number_of(later)) is not None
    assert len(process.cache.returns_of(sold.key)) == 1
    process.sell(spent=3)
    assert process.drain() == "" and process.points() == chain.points() == 47
    assert chain.operations() == [(1, sequence) for sequence in range(1, 5)] and chain.is_right()
    process.off()


def test_b3_a_till_put_back_that_sold_before_it_met_the_hub_waits_for_a_person_and_goes_on_with_all_of_it(
    chain: Chain, till: Machine
) -> None:
    till.sold(earned=3)
    yesterday = chain.machine("yesterday")
    till.copy_to(yesterday)
    process = till.on()
    forgotten = process.sell(earned=10, number="77")
    process.sell(earned=20)
    assert process.drain() == ""
    process.off()

    yesterday.copy_to(till)
    process = till.on()
    sold = process.sell(earned=100, number="80")
    process.take_back(sold)
    process.sell(earned=10, number="77")  # the POS tells a sale again that this file has forgotten
    assert process.drain() == "forked" and process.why_unproven() == "forked"
    chain.command("till", "confirm", "t1", "--by", "olga")
    assert process.drain() == "" and process.why_unproven() is None
    assert chain.operations() == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    assert process.points() == chain.points() == 133 and chain.is_right()
    again = process.cache.sale(number_of(sold))
    assert again is not None and again.operations[0].key == (2, 1)
    assert len(process.cache.returns_of(again.operations[0].key)) == 1
    found = process.cache.sale(number_of(forgotten))
    assert found is not None and found.operations == (forgotten,)
    process.off()


def test_b3_another_sale_under_a_number_that_a_file_put_back_has_forgotten_is_recorded_besides(
    chain: Chain, till: Machine
) -> None:
    """Seed 20047 of the simulated chain: the POS counts anew as the file does, and the hub has the number already."""
    till.sold(earned=3)
    yesterday = chain.machine("yesterday")
    till.copy_to(yesterday)
    process = till.on()
    forgotten = process.sell(earned=10, number="77")
    assert process.drain() == ""
    process.off()

    yesterday.copy_to(till)
    process = till.on()
    another = process.sell("boris", earned=100, number="77")
    back = process.take_back(another)
    assert process.drain() == "forked"
    chain.command("till", "confirm", "t1", "--by", "olga")
    assert process.drain() == "" and chain.is_right()
    assert chain.operations() == [(1, 1), (1, 2), (2, 1), (2, 2)]
    now = process.cache.sale(replace(number_of(another), again=another.at))
    assert now is not None and isinstance(sale := now.operations[0].body, Sale)
    assert (sale.member, sale.accrued.points) == ("boris", 100)
    assert [one.kind for one in sale.deviations] == ["number_taken"]
    assert [one.sale for one in process.cache.returns_of(now.operations[0].key)] == [getattr(back.body, "sale", None)]
    found = process.cache.sale(number_of(forgotten))
    assert found is not None and found.operations == (forgotten,)
    process.off()


def test_b3_what_waited_in_a_file_that_is_put_back_and_was_recorded_anew_meanwhile_is_recorded_once(
    chain: Chain, till: Machine
) -> None:
    till.sold(earned=3)
    older, later = chain.machine("older"), chain.machine("later")
    till.copy_to(older)
    till.sold(earned=1)
    older.copy_to(till)
    process = till.on()
    process.sell(earned=10)
    process.off()
    till.copy_to(later)  # with that sale, which has the place of another
    for waits in (["forked"], ["other_file", "forked"]):
        process = till.on()
        for why in waits:
            assert process.drain() == why
            chain.command("till", "confirm", "t1", "--by", "olga")
        assert process.drain() == "" and process.points() == chain.points() == 114
        process.off()
        later.copy_to(till)
    assert chain.operations() == [(1, 1), (1, 2), (2, 1)] and chain.is_right()


def test_b3_a_file_put_back_that_waited_for_a_person_and_forgot_what_its_second_file_knows_of_goes_on(
    chain: Chain, till: Machine
) -> None:
    """Seed 40007 of the simulated chain: it works under no generation then, and what the hub has other operations in
    the place of is of one before. Each word of a person's was followed by the same refusal."""
    till.sold(earned=3)
    older, waiting = chain.machine("older"), chain.machine("waiting")
    till.copy_to(older)
    till.sold(earned=1)
    older.copy_to(till)
    process = till.on()
    process.sell(earned=10)
    assert process.drain() == "forked"
    process.off()
    till.copy_to(waiting)
    process = till.on()
    chain.command("till", "confirm", "t1", "--by", "olga")
    assert process.drain() == ""
    process.sell(earned=20)
    assert process.drain() == ""
    process.off()

    shutil.copy(waiting.file, till.file)  # told.db stays, and has seen more
    process = till.on()
    assert process.cache.generation == 0 and process.cache.outbox_length() == 1
    assert process.drain() == "forked"
    chain.command("till", "confirm", "t1", "--by", "olga")
    assert process.drain() == "" and process.why_unproven() is None
    assert chain.operations() == [(1, 1), (1, 2), (2, 1), (2, 2)] and chain.is_right()
    process.off()


def test_the_hub_moves_to_another_address_with_its_ledger_and_its_keys(chain: Chain, till: Machine) -> None:
    till.sold(earned=3)
    chain.stop()
    elsewhere = chain.folder / "elsewhere"
    elsewhere.mkdir()
    for name in ("hub.db", "hub.db.keys"):
        shutil.move(chain.folder / name, elsewhere / name)
    before, chain.folder = chain.folder, elsewhere
    chain.start()
    till.point_at(chain.url.replace("127.0.0.1", "localhost"))
    process = till.on()
    process.sell(earned=4)
    assert process.drain() == "" and chain.points() == 107 and chain.is_right()
    process.off()
    chain.folder = before
