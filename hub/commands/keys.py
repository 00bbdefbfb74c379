"""`pos-hub key …`: the hub's own keys, which lie beside the ledger and not in it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from hub.build import HUB_KEY, KEYS_FROM
from hub.card_phones.keys import rotate as rotate_card_phones
from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.ordering import agreed, office
from hub.commands.tills import tills_of
from hub.coupon_keys import (
    add_coupon_key,
    coupon_keys_said,
    erase_revoked,
    publish_coupon_keys,
    revoke_coupons,
)
from hub.hub import Hub
from hub.keys import NAMES, NEXT, begin_renewal, end_renewal, folder_of
from hub.rotating import rotate_phones
from hub.store.rows import Rows
from storage.whole_file import write_new

SHOWN_MAX = 20  # names: as many as a screen holds
WORTH = {
    "signing": "who has it is this hub to all its tills",
    "phones": "who has it finds phone numbers by trying all of them, and certifies phones that show a card",
    "coupons": "who has it makes coupons, and pays with certificates whose numbers he knows",
}


@click.group()
def key() -> None:
    """The hub's own keys. They are in no backup of the ledger: copy them once, to where nobody comes by chance."""


@key.command(name="list")
@ledger_option
def list_command(ledger: Path | str) -> None:
    """Where the keys lie, what each is worth, and by which public key tills know the hub."""
    hub = open_ledger(ledger)
    public = hub.keys.public
    with hub.store.reading() as reader:
        coupons = coupon_keys_said(reader, hub.keys.coupons)
    hub.close()
    folder = keys_of(ledger)
    click.echo(f"Tills know this hub by {public}.")
    for name in NAMES:
        click.echo(f"{folder / name}.key: {WORTH[name]}")
    for id, said in coupons:
        click.echo(f"  coupon key {id}: {said}")


@key.command()
@ledger_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def copy(ledger: Path | str, folder: Path) -> None:
    """Copy the keys to FOLDER, where none may lie yet: a medium that is then locked away."""
    open_ledger(ledger).close()  # these are the ledger's keys, whole
    here = keys_of(ledger)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = [folder / f"{name}.key" for name in NAMES]
    for path in there:
        if path.exists():
            raise click.ClickException(f"{path} is there already, and is not written over.")
    for path in there:
        write_new(path, (here / path.name).read_bytes())
    click.echo(f"{len(there)} keys of {here} were copied to {folder}. Who has them is this hub: lock them away.")


@key.command(name="rotate-phones")
@ledger_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def rotate_phones_command(ledger: Path | str, yes: bool) -> None:
    """Give tills another key to look phones up with, after one was stolen with it.

    Every member who has a phone is told anew to every till; tills know both keys meanwhile, and go on finding people.
    Broken off, it goes on where it was. Send the stolen till away first.
    """
    agreed("Every till hears anew of every member who has a phone.", yes)
    told = 0
    with office(ledger) as hub:
        for step in rotate_phones(hub):
            told += step
            click.echo(f"{told} told", err=True)
    click.echo(f"Tills have another key for phones; {told} members are told anew under it.")


@key.command(name="rotate-coupons")
@ledger_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def rotate_coupons_command(ledger: Path | str, yes: bool) -> None:
    """Sign coupons and certificates with another key from now on. Those of before hold, until their key is revoked.

    Tills hear of it at their next contact; hubs that serve go over to it by themselves. Where several hubs serve one
    ledger, each needs the file coupons.key as it is now: one that has not goes on with the key that it has.
    """
    agreed("Coupons that are made from now on hold at a till after its next contact with the hub.", yes)
    with office(ledger) as hub:
        with hub.store.reading() as reader:
            id = add_coupon_key(reader, hub.keys.coupons)
        hub.within(lambda writer: publish_coupon_keys(writer, hub.keys.coupons))
    click.echo(f"Coupon key {id} signs from now on. Copy the keys anew to where you keep them: `pos-hub key copy`.")


@key.command(name="revoke-coupons")
@ledger_option
@click.argument("id", type=click.IntRange(0, 255))
@click.option("--yes", is_flag=True, help="Do not ask.")
def revoke_coupons_command(ledger: Path | str, id: int, yes: bool) -> None:
    """Let nothing hold any more that coupon key ID signed, after it was stolen. There is no way back.

    Coupons of it are refused everywhere, also those that are honest. A certificate of it is still its buyer's: its
    number and PIN are typed, or it is replaced. `rotate-coupons` first makes the key that signs from then on.
    """
    agreed(f"All coupons that key {id} signed are refused by every till after its next contact.", yes)
    with office(ledger) as hub:
        hub.within(lambda writer: revoke_coupons(writer, hub.keys.coupons, id))
        with hub.store.reading() as reader:
            erase_revoked(reader, hub.keys.coupons)
    click.echo(f"Coupon key {id} is revoked, and its file has it no more. Destroy its copies.")


@key.command(name="rotate-cards")
@ledger_option
@click.option("--revoke", is_flag=True, help="Tills forget the keys of before: till they are online, phones identify.")
def rotate_cards_command(ledger: Path | str, *, revoke: bool) -> None:
    """Certify phones that show a card with another key. Each gets a certificate under it when it is online next."""
    with office(ledger) as hub:
        turn = hub.within(lambda writer: rotate_card_phones(writer, revoke=revoke))
    before = "tills forget those of before" if revoke else "those of before stay good"
    click.echo(f"Key {turn} certifies phones from now on; {before}.")


def keys_of(ledger: Path | str) -> Path:
    return folder_of(ledger, os.environ.get(KEYS_FROM))


@key.command()
@ledger_option
@click.option("--finish", is_flag=True, help="Go over to the new key: with all hubs stopped, when the tills know it.")
@click.option("--force", is_flag=True, help="Also where some tills do not know it: they must join again.")
def renew(ledger: Path | str, *, finish: bool, force: bool) -> None:
    """Give the hub a new signing key, in two steps.

    The first makes it; hubs that are started after that tell it to every till, signed by the key of now. The second,
    days later, goes over to it, when every till has said that it knows it. One that does not must join again.
    """
    hub, folder = open_ledger(ledger), keys_of(ledger)
    try:
        if finish:
            _finish(hub, folder, force=force)
        else:
            _begin(folder)
    finally:
        hub.close()


def _begin(folder: Path) -> None:
    try:
        begin_renewal(folder)
    except FileExistsError as error:
        raise click.ClickException(f"{folder / NEXT} is there already: --finish goes over to it.") from error
    click.echo(
        "Made. Start the hub anew: from then on tills are told of it. `pos-hub key renew --finish` goes over to it."
    )


def _finish(hub: Hub, folder: Path, *, force: bool) -> None:
    if hub.keys.next_signing is None:
        raise click.ClickException("There is no new key: `pos-hub key renew` makes one.")
    next_key = hub.keys.next_public
    with hub.store.reading() as reader:
        tills = tills_of(reader)
    late = [one.till for one in tills if one.state == "joined" and one.hub_key_known != next_key]
    if late and not force:
        raise click.ClickException(
            f"{len(late)} tills have not said that they know the new key: {', '.join(late[:SHOWN_MAX])}."
            " Wait for them, or --force: they must join again."
        )
    hub.within(lambda writer: writer.write(Rows(settings={HUB_KEY: next_key})))
    end_renewal(folder)
    click.echo(f"Tills know this hub by {next_key} from now on. Start it anew.")
