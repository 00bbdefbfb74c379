"""`python -m simulator drain`: years and thousands of tills in minutes."""

from __future__ import annotations

import random

import click

from simulator.drain import drain


@click.group()
@click.option("--seed", type=int, help="Play the same again.")
@click.pass_context
def simulator(context: click.Context, seed: int | None) -> None:
    """Many tills and a hub under one clock."""
    seed = random.SystemRandom().randrange(10**9) if seed is None else seed
    click.echo(f"seed {seed}")
    context.obj = random.Random(seed)


@simulator.command(name="drain")
@click.option("--tills", default=2_000, show_default=True)
@click.option("--sales", nargs=2, type=int, default=(100, 400), show_default=True, help="At a till: from, to.")
@click.option("--without-room", is_flag=True, help="By a hub that lets everybody in, as it was before.")
@click.pass_obj
def drain_command(chance: random.Random, tills: int, sales: tuple[int, int], without_room: bool) -> None:
    """Tills after an outage: how long does each wait until the hub has what it sold?"""
    drained = drain(tills, chance, sales, has_room=not without_room)
    last = "never" if drained.last is None else f"{drained.last:.0f} s"
    click.echo(
        f"{drained.tills} tills, {drained.sales} sales: the median is drained after {drained.median:.0f} s, the last"
        f" after {last} ({drained.of_median:.2f} medians); the hub worked {drained.hub_worked_s:.0f} s"
    )


if __name__ == "__main__":
    simulator()
