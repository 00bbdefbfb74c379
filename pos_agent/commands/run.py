"""`pos-agent run`: the till's agent, until it is stopped."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from pos_agent.commands.options import config_option


@click.command(name="run")
@config_option
def command(path: Path) -> None:
    """Run the till's agent until it is stopped (Ctrl-C).

    The settings are a TOML file:

    \b
      till = "till-1"
      programme = "alenka"              # or the path of a programme file
      data = "data"                     # where the till keeps what happened
      keys = "pos-agent.keys"           # the folder of the till's own keys, apart from its data; or "keyring:", the
                                        # system's (pos-agent[keyring]), which is open while its user is logged in
      join = "till-1.join"              # the office's sealed file, by which it joins at its first start; one in the
                                        # data's folder needs no line
      goods = "goods.csv"               # what the shop's goods are, beside this file; may be left out
      language = "ru"                   # the cashier's: ru, en
      receipt_language = "ru"           # the customer's
      paper = "receipt"                 # points on a paper of ours; "tail": at the end of the POS's own receipt
      receipt_lines = false             # true: the goods and their sum on our paper too
      tail_width = 32                   # columns of the POS's receipt, 16 to 64
      balance_by_phone = false          # true: by a phone alone the guest's display and the command `balance` tell the
                                        # balance too; the cashier is told that of whoever buys either way
      staff_idle_minutes = 10           # whoever signed in and does nothing for so long has signed out
      second_person_over_kopecks = 300000   # a second person answers for steps over so much
      second_person_over_points = 3000
      guess_minutes = 10                # five unknown numbers typed within them, and whoever types has to wait
      training = false                  # true: people practise, on a file of its own; nothing leaves this till
      sales = "all"                     # record every receipt; "rights": only with a member or a coupon
      clock_tolerance_minutes = 5       # a clock further from the hub's is told to the cashier
      lease_days = 45                   # so long without the hub, and this till forgets the members until it is back
      return_days = 30                  # so long a sale is kept here whole; then the hub has its goods
      quote_max_age_minutes = 30        # an older quote is worked out anew before the money
      idle_minutes = 30                 # then a receipt that nobody touches is put aside
      retell_hours = 12                 # so long a sale's number alone means the same sale
      reserve_mb = 16                   # so much of the disk is kept back for when it is full; 0: nothing is
      [store]                           # the shop: days and day limits are by its clock
      id = "msk-7"
      timezone = "Europe/Moscow"        # the programme's when left out
      [hub]
      url = "http://127.0.0.1:8070"
      [api]
      port = 8071                       # where the POS talks to the agent, on this machine alone
      [guest]                           # only for a tablet that is the guest's display:
      listen = "192.168.0.20:8072"      # this machine's address in the shop's network; plain HTTP, see below
      [neighbours]                      # the shop's other tills are asked for points while the hub is away:
      listen = "0.0.0.0:8078"           # where they ask this one; see below
      tills = ["http://10.0.0.11:8078", "http://10.0.0.12:8078"]   # all of them; this one may be among them
      secret_file = "shop.secret"       # the same at all of them, 32 letters or more; or secret = "..."
      [printer]
      url = "tcp://127.0.0.1:9100"      # or serial://, usb://, file://
      model = "default"                 # config/printers: epson-tm-t20, xprinter-58, ...; or a file of your own
      share = "tcp:9101"                # the POS prints here, on the same printer; left out: it is ours alone
      [[scanners]]
      name = "counter"
      url = "serial:///dev/ttyACM0?baud=9600"    # `pos-agent devices` lists what is there
      forward = "pty:/tmp/pos-scanner"  # the POS reads the same scanner here; or tcp:9200, serial:///dev/ttyS1
      forward_what = "others"           # the POS gets what is not ours; "all": both get everything
      [emulator]                        # a till to try things out with: its page is /emulator; never in a shop
      printer = "http://127.0.0.1:8091" # as `emulate printer --web 8091` says it when it is ready
      scanner = "http://127.0.0.1:8092" # `emulate scanner --control 8092`; each may be left out
      camera = "http://127.0.0.1:8093"
      network = "http://127.0.0.1:8094"
      wallet = "wallet.json"            # what guests carry, beside this file

    [guest] opens the guest's page, and nothing else, to paired browsers in the shop's network. It is not encrypted:
    whoever listens in that network reads phone numbers typed there. Leave it out where the display hangs on this
    machine; else use a network of the tills' own.

    [neighbours] keeps the same points from being spent at two tills of a shop while the hub is away. Every request and
    answer is signed with the secret (`openssl rand -hex 32` makes one); a network of the shop can read the ids of
    members and their points, and change nothing. A till that does not answer is named to the cashier.

    Over the file holds what somebody here accepted of the settings that the office says: `pos-agent settings` shows it.
    """
    from config.settings import load_settings
    from pos_agent.beginning_anew import begin_without
    from pos_agent.build import Till
    from pos_agent.terminal import Terminal
    from storage.sqlite_file import FileError

    terminal = Terminal()
    settings = load_settings(path)
    try:
        till = Till(settings, terminal.tell, own=load_settings(path, accepted=False))
    except FileError as error:
        if error.trouble != "damaged":
            raise
        begin_without(settings.kept_in / "till.db", str(error))
    click.echo(json.dumps({"ready": "agent", "url": till.url, "data": str(till.data)}))
    sys.stdout.flush()
    till.run()
    terminal.close()
