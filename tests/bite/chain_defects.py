"""The defects that the simulated chain finds (simulator/): each where somebody could make it, as small as it could be
made, so that whatever goes wrong does so without a word.

`seeds` are known to bite and are tried first; where none does any more, others are. A row whose text the code has
outgrown is a red test (test_defects.py).
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from simulator.plan import Shape
from tests.bite.planting import ChainDefect, Edit

PAIR: Final = Shape(tills=2, hours=3.0, people=2, visits_an_hour=6.0, skew=0.0, stories=("buys",), struck=0.3)
CROWD: Final = Shape(tills=3, hours=3.0, people=1, visits_an_hour=5.0, skew=0.0, stories=("buys",), struck=0.3)
RACE: Final = replace(CROWD, hours=1.5, visits_an_hour=20.0, struck=0.2)
APART: Final = replace(CROWD, visits_an_hour=8.0, kinds=("cut_long", "crash"), struck=10.0)
COPIES: Final = replace(PAIR, kinds=("cloned", "cut_long"), struck=10.0)
DISKS: Final = replace(PAIR, kinds=("disk_new", "cut_long"), struck=12.0)
OLDER: Final = replace(PAIR, kinds=("put_back", "cut_long"), struck=10.0)
COUPONS: Final = replace(PAIR, stories=("buys", "uses_coupon"))
CERTIFICATES: Final = replace(PAIR, stories=("buys_certificate", "uses_certificate", "loses_certificate"), struck=0.5)
STICKERS: Final = replace(PAIR, visits_an_hour=8.0, stories=("exchanges_stickers", "brings_back"), struck=0.1)
NUMBERS: Final = replace(
    PAIR, hours=4.0, visits_an_hour=4.0, stories=("counts_anew", "tells_twice", "two_pos", "pays_old_quote"), struck=1.0
)
ASIDE: Final = replace(
    PAIR, people=12, stories=("puts_aside", "pays_old_quote"), kinds=("crash", "cut_long"), struck=6.0
)
PURSE: Final = replace(PAIR, stories=("puts_aside", "pays_old_quote"), kinds=("crash", "cut"), struck=6.0)
BLANKS: Final = replace(PAIR, stories=("takes_card", "reissues"), kinds=("cut_long", "put_back"), struck=6.0)
ORDERS: Final = replace(
    PAIR, hours=4.0, visits_an_hour=4.0, stories=("corrects", "gives", "buys"), away=40.0, struck=1.0
)
POWER: Final = replace(
    PAIR, stories=("buys", "corrects"), away=60.0, kinds=("hub_power_loss", "power_loss", "cut_long"), struck=10.0
)
UNKNOWN: Final = replace(PAIR, tills=1, hours=1.5, people=1, visits_an_hour=12.0, kinds=("commit_unknown",), struck=3.0)
LATE_COMMITS: Final = replace(CROWD, people=2, kinds=("cut",), struck=0.3)
GONE: Final = replace(PAIR, kinds=("disk_new", "put_back", "loses"), struck=10.0)
BACK: Final = replace(PAIR, stories=("brings_back", "brings_back_again"))
HALVES: Final = replace(PAIR, visits_an_hour=8.0, stories=("uses_coupon", "brings_back"))
DEBTS: Final = replace(CROWD, stories=("buys", "brings_back", "corrects"), away=10.0, struck=3.0)
MERGED: Final = replace(PAIR, people=4, stories=("buys", "merges"), away=60.0)
CLAIMED: Final = replace(PAIR, stories=("buys", "claims"), away=20.0)
CARDS: Final = replace(PAIR, stories=("buys", "loses_card"), away=40.0)
MIDNIGHT: Final = replace(PAIR, hours=17.0, visits_an_hour=1.0, stories=("buys", "over_midnight"), struck=0.5)
DYING: Final = replace(
    PAIR,
    tills=1,
    hours=17.0,
    people=20,
    visits_an_hour=4.0,
    stories=("buys", "until_tonight"),
    away=80.0,
    kinds=("cut_long",),
    struck=2.0,
)
COMING: Final = replace(DYING, hours=4.0, visits_an_hour=5.0, stories=("buys", "brings_lots"))
LOST: Final = replace(PAIR, kinds=("cut_long", "loses"), struck=10.0)
HUB_BACK: Final = replace(PAIR, kinds=("hub_put_back", "cut_long"), struck=14.0)
QUIET: Final = replace(
    PAIR,
    tills=3,
    people=4,
    visits_an_hour=0.7,
    stories=("buys", "corrects", "gives"),
    away=30.0,
    kinds=("hub_put_back",),
    struck=10.0,
)
CLOCKS: Final = replace(PAIR, kinds=("clock_jumps", "clock_is_slow"), struck=12.0)
ENDS: Final = replace(PAIR, hours=16.5, visits_an_hour=0.5, stories=("gives_certificate", "buys"), away=5.0, struck=0.5)
PURSES: Final = replace(COUPONS, people=1, visits_an_hour=10.0, stories=("uses_coupon", "races"), struck=0.3)
TWICE: Final = replace(CROWD, hours=2.0, visits_an_hour=20.0, stories=("reissues",), kinds=("cut_long",), struck=20.0)
COPIED: Final = replace(PAIR, hours=2.0, kinds=("cloned", "put_back"), struck=40.0)
LATE: Final = replace(PAIR, people=30, stories=("buys", "puts_aside"), kinds=("cut_long",), struck=4.0)
RACING: Final = replace(RACE, people=1, stories=("buys", "races", "changes_mind"))
DIES: Final = replace(CROWD, kinds=("dies_in_commit",), struck=20.0)
RESTARTS: Final = replace(CROWD, tills=2, hours=2.0, visits_an_hour=10.0, kinds=("cut_long", "crash"), struck=12.0)
PAPERS: Final = replace(
    PAIR,
    tills=1,
    hours=0.35,
    visits_an_hour=120.0,
    devices=True,
    kinds=("printer_slow", "printer_stops", "printer_dark"),
    struck=60.0,
)
DAMAGED: Final = replace(PAIR, kinds=("io_error", "cut_long"), struck=14.0)
SHOWN: Final = replace(
    CROWD,
    people=2,
    visits_an_hour=10.0,
    stories=("takes_card", "reissues", "makes_virtual", "drops_card", "buys"),
    kinds=("cut_long", "disk_new_before_hub"),
    struck=10.0,
)
NIGHT: Final = replace(PAIR, stories=())

CHAIN_DEFECTS: Final = (
    # what goes up
    ChainDefect(
        name="a batch that comes again is booked again",
        file="hub/books/intake.py",
        text="fresh = (one.operation for place, one in told if one.fault is None and place not in again)",
        instead="fresh = (one.operation for place, one in told if one.fault is None)",
        besides=(
            Edit(
                "hub/books/intake.py",
                "            if place not in kept:\n",
                "            if place in kept and getattr(getattr(told.operation, 'body', None), 'accrued', None):\n"
                "                self._refusal(ledger, told.operation)\n"
                "            if place not in kept:\n",
            ),
            Edit(
                "hub/books/intake.py", "        if rows.operations:\n", "        if rows.operations or rows.entries:\n"
            ),
            Edit("hub/store/sqlite/queries.sql", "INSERT INTO entries ", "INSERT OR IGNORE INTO entries "),
            Edit("hub/store/sqlite/queries.sql", "INSERT INTO lots ", "INSERT OR REPLACE INTO lots "),
        ),
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="a commit of unknown outcome is done anew",
        file="pos_agent/recording.py",
        text="        if not is_recorded():\n            raise\n",
        instead="        write(*attempt.args[:2], None, *attempt.args[3:], **attempt.keywords)\n",
        shape=UNKNOWN,
        seeds=(7, 5, 8),
    ),
    ChainDefect(
        name="what is sent is marked before it is answered",
        file="sync/worker.py",
        text="        texts = tuple(text for _, text in waiting)\n",
        instead="        texts = tuple(text for _, text in waiting)\n"
        "        from loyalty.operation import hash_operation\n"
        "        from offline_cache.records import Answer\n"
        "        told = [Answer(key=key, hash=hash_operation(text), result='applied') for key, text in waiting]\n"
        "        self._cache.answered(told)\n",
        besides=(
            Edit(
                "sync/own_file.py",
                "    lost = [key for key in ends if cache.own_chain.is_answered_behind(key)]\n",
                "    lost = list[Key]()\n",
            ),
        ),
        shape=LOST,
        seeds=(1,),
    ),
    ChainDefect(
        name="an operation is not put into the outbox where another waits",
        file="offline_cache/cache.py",
        text="        self._sql.put_in_outbox(connection, generation=operation.generation,"
        " sequence=operation.sequence)\n",
        instead="        if not list(self._sql.outbox_ends(connection)):\n"
        "            self._sql.put_in_outbox(\n"
        "                connection, generation=operation.generation, sequence=operation.sequence\n"
        "            )\n",
        shape=PAIR,
        seeds=(4,),
    ),
    ChainDefect(
        name="a gap in the sequence is accepted",
        file="hub/books/intake.py",
        text="                problem = _not_next(place, told.previous_hash, end)\n",
        instead="                problem = None\n",
        shape=HUB_BACK,
        seeds=(1,),
    ),
    ChainDefect(
        name="the hash of the operation before is not looked at",
        file="offline_cache/own_chain.py",
        text="    return here is not None and hash.startswith(here)\n",
        instead="    return here is not None\n",
        besides=(
            Edit(
                "hub/books/intake.py", "    if kept.hash != digest:\n", "    if kept.hash != digest and not digest:\n"
            ),
            Edit(
                "hub/books/intake.py",
                "    if previous_hash != end.last_hash:\n",
                "    if previous_hash != end.last_hash and not previous_hash:\n",
            ),
        ),
        shape=COPIES,
        seeds=(1,),
    ),
    ChainDefect(
        name="what comes again is answered as applied",
        file="hub/books/intake.py",
        text="            answers.append(answer_of(kept[place]))\n",
        instead="            told_before = place.sequence < ends[key].sequence\n"
        "            answers.append(answer_of(kept[place]._replace(reason=None) if told_before else kept[place]))\n",
        shape=BLANKS,
        escapes="few operations are refused, and of those none is sent again before its till goes on",
    ),
    ChainDefect(
        name="the hub answers before its disk has it",
        file="storage/sqlite_file.py",
        text='connection.pragma("synchronous", ("FULL" if synced else "NORMAL") if self._synced else "OFF")',
        instead='connection.pragma("synchronous", "NORMAL" if self._synced else "OFF")',
        shape=POWER,
        escapes="what the hub forgets tills send again; an act of the office would have to be lost within seconds",
    ),
    ChainDefect(
        name="the cursor goes on before what it stands for is kept",
        file="offline_cache/changes.py",
        text="            with self._file.transaction(synced=False) as connection:\n"
        "                from_beginning = self._begins(connection, page, at)\n",
        instead="            with self._file.transaction() as connection:\n"
        "                from_beginning = self._begins(connection, page, at)\n"
        "                self._read_to(connection, page, at)\n"
        "            with self._file.transaction(synced=False) as connection:\n",
        shape=DIES,
        seeds=(1,),
    ),
    ChainDefect(
        name="what other open receipts were told of the day is told again",
        file="pos_agent/open_receipts.py",
        text="        promised_offline_today=sum(one.points for one in promised if one.offline) + claimed,\n",
        instead="        promised_offline_today=claimed,\n",
        shape=PURSE,
        seeds=(1,),
        escapes="found in one run in two, and not short in the time (24 faults are left)",
    ),
    ChainDefect(
        name="what was redeemed on this day is known to the process alone",
        file="offline_cache/members.py",
        text="        return _record_of(told, tuple(kept for (kept,) in own))\n",
        instead="        if self._began is None:\n"
        "            self._began = {end[0]: end[1] for end in self._sql.own_ends(connection)}\n"
        "        known = [\n"
        "            one\n"
        "            if one.key.sequence > self._began.get(one.key.generation, 0) or not hasattr(one.body, 'link')\n"
        "            else msgspec.structs.replace(one, body=msgspec.structs.replace(one.body, link='online'))\n"
        "            for one in concerns(_read(own))\n"
        "        ]\n"
        "        return MemberRecord(told=_decoder.decode(told), own=tuple(known))\n",
        besides=(
            Edit(
                "offline_cache/members.py",
                "    def __init__(self, file: SqliteFile) -> None:\n        self._file = file\n",
                "    def __init__(self, file: SqliteFile) -> None:\n        self._file = file\n"
                "        self._began: dict[int, int] | None = None\n",
            ),
        ),
        shape=RESTARTS,
        seeds=(3,),
    ),
    ChainDefect(
        name="a paper is proved by the words of one before it",
        file="drivers/printer/proof.py",
        text="        attempt = next((attempt for attempt, said in self._said.items() if word in said.words), None)\n",
        instead="        attempt = next(reversed(self._said), None)\n",
        besides=(
            Edit(
                "drivers/printer/proof.py",
                "        if self.count < len(self.words) and word == self.words[self.count]:\n",
                "        if self.count < len(self.words):\n",
            ),
        ),
        shape=PAPERS,
        seeds=(6,),
    ),
    ChainDefect(
        name="what was rescued goes up as it stood",
        file="offline_cache/rescued.py",
        text="        if self._follows(connection, read_operation(text)):\n",
        instead="        if self._follows(connection, read_operation(text)) or not moved:\n",
        shape=DAMAGED,
        escapes="no page of a simulated disk rots, so no file is rescued",
    ),
    # what comes down
    ChainDefect(
        name="the hub's word covers the till's own unsent operations",
        file="offline_cache/members.py",
        text="        return _record_of(told, tuple(kept for (kept,) in own))\n",
        instead="        return _record_of(told, ())\n",
        shape=PAIR,
        seeds=(2,),
    ),
    ChainDefect(
        name="what the hub's word has is counted besides",
        file="offline_cache/changes.py",
        text="        return Key(self._leases.generation, 0) if self._training else watermark\n",
        instead="        return Key(self._leases.generation, 0)\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="a page's last change is skipped",
        file="hub/store/sqlite/queries.sql",
        text="WHERE partition = :partition AND cursor > :after ORDER BY cursor LIMIT :limit;",
        instead="WHERE partition = :partition AND cursor > :after + (:after > 0) ORDER BY cursor LIMIT :limit;",
        shape=CROWD,
        seeds=(1,),
    ),
    ChainDefect(
        name="a change that is committed late has a number that tills have passed by",
        file="hub/store/sqlite/queries.sql",
        text="INSERT INTO changes (partition, kind, key) VALUES (?, ?, ?);",
        instead="INSERT INTO changes (partition, kind, key, cursor) VALUES (?1, ?2, ?3,"
        " (SELECT coalesce(max(cursor), 0) + 2 - 3 * (count(*) % 5 = 4) FROM changes));",
        shape=LATE_COMMITS,
        seeds=(1,),
    ),
    ChainDefect(
        name="who bought is not told to the other tills",
        file="hub/books/postings.py",
        text="    for member in _concerned(operation, members):\n        if ledger.member(member) is not None:\n",
        instead="    for member in _concerned(operation, members):\n"
        "        if ledger.member(member) is not None and not isinstance(operation.body, Sale):\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="the epoch of a ledger that was put back is ignored",
        file="sync/own_file.py",
        text='    if not lost and epoch in ("", known):\n',
        instead="    if not lost:\n",
        shape=QUIET,
        seeds=(1, 8),
    ),
    ChainDefect(
        name="what a ledger that was put back has lost is not sent again",
        file="sync/own_file.py",
        text="    lost = [key for key in ends if cache.own_chain.is_answered_behind(key)]\n",
        instead="    lost = list[Key]()\n",
        shape=HUB_BACK,
        seeds=(1,),
    ),
    ChainDefect(
        name="a new disk works under the generation of the one before",
        file="hub/tills/till.py",
        text="    return next_generation(till, used)\n\n\ndef next_generation",
        instead="    return till.lease.generation if till.lease is not None else next_generation(till, used)\n\n\n"
        "def next_generation",
        shape=DISKS,
        escapes="not found in 31 plays: it takes back what the hub has of that generation",
    ),
    ChainDefect(
        name="the generation is left out where own operations are held against the hub's word",
        file="offline_cache/queries.sql",
        text="card IN (SELECT number FROM cards WHERE member = :member)) AND (generation, sequence) > (:generation,"
        " :sequence)\n",
        instead="card IN (SELECT number FROM cards WHERE member = :member))"
        " AND sequence > :sequence AND generation >= :generation - :generation\n",
        shape=COPIED,
        seeds=(4,),
    ),
    ChainDefect(
        name="a file that was put back does not fetch what it forgot",
        file="sync/own_file.py",
        text='    behind = next((one for one in held if one.relation == "behind"), None)\n',
        instead="    behind = None\n",
        shape=OLDER,
        seeds=(2,),
    ),
    ChainDefect(
        name="the hub's clock is not learned",
        file="sync/worker.py",
        text="        if measured != before:\n            self._cache.set_clock_off_s(measured)\n",
        instead="        if measured != before and before:\n            self._cache.set_clock_off_s(measured)\n",
        shape=CLOCKS,
        seeds=(2,),
    ),
    ChainDefect(
        name="a refused operation stays as it was done",
        file="offline_cache/cache.py",
        text="            for answer in refused:\n                self._undo(connection, answer)\n",
        instead="            del refused\n",
        shape=TWICE,
        seeds=(3,),
    ),
    ChainDefect(
        name="a refused card is kept",
        file="offline_cache/deeds.py",
        text='    "card_reissued": Deed(_reissued, kept=_replaced, undone=_not_replaced),\n',
        instead='    "card_reissued": Deed(_reissued, kept=_replaced),\n',
        shape=TWICE,
        seeds=(3,),
    ),
    # points
    ChainDefect(
        name="the time of a hold beats the receipt",
        file="hub/books/postings.py",
        text="    if owner is None and (sale.redeemed.points or sale.accrued.points or sale.stickers is not None):\n",
        instead="    held = ledger.hold(owner, sale.redeemed.hold) if owner and sale.redeemed.hold"
        " is not None else None\n"
        "    if held is not None and held.until < ledger.now:\n"
        '        raise OperationRefused("hold_over")\n'
        "    if owner is None and (sale.redeemed.points or sale.accrued.points or sale.stickers is not None):\n",
        shape=LATE,
        seeds=(21,),
    ),
    ChainDefect(
        name="the hub reserves whatever it is asked for",
        file="hub/books/holds.py",
        text="    return min(request.points, _free(standing, request))\n",
        instead="    return request.points\n",
        shape=RACE,
        seeds=(1,),
    ),
    ChainDefect(
        name="what other receipts hold is reserved again",
        file="hub/books/holds.py",
        text="    return sum(row.holds_at(standing.at) for row in others)\n",
        instead="    return sum(row.holds_at(standing.at) for row in others if row.till == request.till)\n",
        shape=RACING,
        escapes="in the worlds that show it, a hub that is well breaks the same look: to be looked into",
    ),
    ChainDefect(
        name="a sale that is on its way is not taken off what may be reserved",
        file="hub/books/holds.py",
        text="    taken = _held_by_others(standing, request, unsent) + sum(one.points for one in unsent)\n",
        instead="    taken = _held_by_others(standing, request, unsent)\n",
        shape=RACING,
        escapes="likewise",
    ),
    ChainDefect(
        name="a till takes more than was reserved for it",
        file="pos_agent/reserving.py",
        text="        points=min(answer.points, asked.points),\n",
        instead="        points=asked.points,\n",
        besides=(Edit("pos_agent/reserving.py", "        bound=answer.bound,\n", "        bound=None,\n"),),
        shape=RACE,
        seeds=(1,),
    ),
    ChainDefect(
        name="a hold outlives its receipt",
        file="hub/books/postings.py",
        text="        ledger.put_hold(confirmed(ledger.hold(owner, sale.redeemed.hold), operation.chain))\n",
        instead="        confirmed(ledger.hold(owner, sale.redeemed.hold), operation.chain)\n",
        shape=RACE,
        seeds=(1,),
    ),
    ChainDefect(
        name="the end of a hold is not said",
        file="pos_agent/reserving.py",
        text="    if not at_hub:\n        return\n",
        instead="    if not at_hub or reason:\n        return\n",
        shape=RACE,
        escapes="a hold that nobody needs ends by itself, and blocks nobody whom the oracle asks",
    ),
    ChainDefect(
        name="without a connection the rules of one are followed",
        file="pos_agent/counter.py",
        text='        if hold is None or hold.by == "shop":\n            return self.link\n'
        '        return "online" if hold.state == "held" else "offline"\n',
        instead='        if hold is None or hold.by == "shop":\n            return self.link\n      '
        '  return "online"\n',
        shape=APART,
        seeds=(1,),
    ),
    ChainDefect(
        name="what was redeemed without a connection is not counted for the day",
        file="loyalty/standing.py",
        text='    if sale.link == "offline":\n',
        instead='    if sale.link == "offline" and not sale.redeemed.points:\n',
        shape=APART,
        seeds=(1,),
    ),
    ChainDefect(
        name="the cap of a receipt without a connection is ignored",
        file="loyalty/redemption.py",
        text="    caps = [] if policy.receipt_max_points is None else [policy.receipt_max_points]\n",
        instead="    caps = list[int]()\n",
        shape=APART,
        seeds=(1,),
    ),
    ChainDefect(
        name="however old the hub's word is, it is spent by",
        file="loyalty/redemption.py",
        text='        return "snapshot_stale"\n',
        instead="        return None\n",
        shape=CROWD,
        escapes="needs a till that is cut off for a day",
    ),
    ChainDefect(
        name="the hub says nothing of what was spent and was not there",
        file="hub/books/postings.py",
        text='    if points:\n        place = place_of(operation)\n        ledger.open_case(case_of(place, "debt"',
        instead="    if points < 0:\n        place = place_of(operation)\n       "
        ' ledger.open_case(case_of(place, "debt"',
        shape=APART,
        escapes="the oracle does not ask for the cost of cases",
    ),
    ChainDefect(
        name="a debt is forgotten when points come",
        file="loyalty/lots.py",
        text="    rest = replace(lot, points=lot.points - paid) if paid else lot\n",
        instead="    rest = lot\n",
        shape=DEBTS,
        seeds=(3,),
        escapes="in the worlds that were made for debts nobody owes any more: none in six plays",
    ),
    ChainDefect(
        name="points are spent before they begin to live",
        file="loyalty/lots.py",
        text="        return self.active_from <= at and not self.dead(at)\n",
        instead="        return not self.dead(at)\n",
        shape=COMING,
        seeds=(2, 5),
    ),
    ChainDefect(
        name="points that have died are spent",
        file="loyalty/lots.py",
        text="        return self.active_from <= at and not self.dead(at)\n",
        instead="        return self.active_from <= at\n",
        shape=DYING,
        seeds=(1, 2, 3),
    ),
    ChainDefect(
        name="the discount of points loses a kopeck where it is split",
        file="loyalty/allocation.py",
        text="    for _, _, index in order[:rest]:\n",
        instead="    for _, _, index in order[: max(0, rest - 1)]:\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="points of the second member are left behind in a merge",
        file="hub/books/postings.py",
        text="        ledger.put_lot(lot._replace(remaining=0, expired=0))\n"
        "        ledger.put_lot(lot._replace(member=into.member))\n",
        instead="        ledger.put_lot(lot)\n",
        shape=MERGED,
        seeds=(1,),
    ),
    ChainDefect(
        name="a receipt without a card is given twice",
        file="hub/books/postings.py",
        text="    if ledger.claim(of) is not None:\n",
        instead="    if ledger.claim(of) is not None and claimed.seen is None:\n",
        besides=(
            Edit(
                "hub/people/claims.py",
                '        return "had_member" if found.claim is None else "given_before"\n',
                '        return "had_member" if found.claim is None else "to_give"\n',
            ),
        ),
        shape=CLAIMED,
        seeds=(1,),
    ),
    ChainDefect(
        name="a hold asked for again is given again",
        file="hub/books/holds.py",
        text="    if known is not None:\n        _check_again(known, request, at)\n",
        instead='    if known is not None and known.state == "open":\n        _check_again(known, request, at)\n',
        shape=RACE,
        escapes="no till asks under an id that has ended",
    ),
    # sales
    ChainDefect(
        name="a quote is worked out anew at pay",
        file="pos_agent/desks/sale.py",
        text="    if (told is None or told.paid is not None) and has_lines(counter, visit):\n       "
        " visit, told = tell",
        instead="    if has_lines(counter, visit):\n        visit, told = tell",
        shape=MIDNIGHT,
        seeds=(1,),
    ),
    ChainDefect(
        name="the number of a sale is trusted alone",
        file="pos_agent/desks/sale.py",
        text="    return replace_done(told, visit=Visit()) if same_sale(visit, stored) else"
        " number_taken(told, visit)\n",
        instead="    return replace_done(told, visit=Visit())\n",
        shape=NUMBERS,
        seeds=(2,),
    ),
    ChainDefect(
        name="a payment that is told again is another sale",
        file="pos_agent/desks/sale.py",
        text="    if stored is not None and not another and not _is_another(stored, named, command):\n",
        instead="    if stored is not None and not another and is_empty(visit) and named is not None:\n",
        shape=NUMBERS,
        seeds=(2,),
        escapes="not found in 41 plays; a till fell over of it in one",
    ),
    ChainDefect(
        name="a promise is kept as often as it is named",
        file="pos_agent/desks/sale.py",
        text="    if named is not None and named.paid is None:\n        return named.visit, named,",
        instead="    if named is not None:\n        return named.visit, named,",
        shape=NUMBERS,
        escapes="no POS names a quote that was paid under another number",
    ),
    ChainDefect(
        name="a cancelled receipt is recorded",
        file="pos_agent/desks/sale.py",
        text='    return Done(visit=Visit(), code="cancelled")\n',
        instead="    if name is not None and visit.lines and visit.quote is not None:\n"
        "        _record(counter, visit, find(counter, visit.quote), free_number(counter, name), Pay(sale=name.number),"
        " visit)\n"
        '    return Done(visit=Visit(), code="cancelled")\n',
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="open receipts are forgotten when a till starts",
        file="offline_cache/told_quotes.py",
        text="            return [visit for (visit,) in self._sql.visits(connection)]\n",
        instead="            return [visit for (visit,) in self._sql.visits(connection)][:0]\n",
        shape=ASIDE,
        seeds=(1,),
    ),
    ChainDefect(
        name="a quote that was told before a crash is not found",
        file="offline_cache/told_quotes.py",
        text="            quote: bytes | None = self._sql.quote(connection, id=id)\n",
        instead="            quote: bytes | None = self._sql.quote(connection, id=id) if id in self._mine else None\n",
        besides=(
            Edit(
                "offline_cache/told_quotes.py",
                "        self._sql: Any = self._file.sql\n",
                "        self._sql: Any = self._file.sql\n        self._mine = set[str]()\n",
            ),
            Edit(
                "offline_cache/told_quotes.py",
                "        with self._file.transaction() as connection:\n            self._sql.keep_quote(",
                "        self._mine.add(id)\n"
                "        with self._file.transaction() as connection:\n            self._sql.keep_quote(",
            ),
        ),
        shape=ASIDE,
        escapes="not found in a few plays with crashes",
    ),
    ChainDefect(
        name="a blocked card earns",
        file="loyalty/cards.py",
        text='EARNING: Final[frozenset[CardStatus]] = frozenset({"issued", "pending", "active"})\n',
        instead='EARNING: Final[frozenset[CardStatus]] = frozenset({"issued", "pending", "active", "blocked"})\n',
        shape=CARDS,
        escapes="the oracle asks whether it is taken, and not what it earns",
    ),
    ChainDefect(
        name="a blocked card redeems",
        file="loyalty/redemption.py",
        text='        return "card_blocked"\n',
        instead="        return None\n",
        shape=CARDS,
        escapes="likewise",
    ),
    # returns
    ChainDefect(
        name="points come back anew with each part of the goods",
        file="loyalty/returns.py",
        text="        points_restored=max(0, _restored(programme, sale, after) - before.points_restored),\n",
        instead="        points_restored=max(0, _restored(programme, sale, after)),\n",
        shape=BACK,
        seeds=(1,),
    ),
    ChainDefect(
        name="a lot gets back what a sale took of it, and a new one gets it too",
        file="loyalty/effects.py",
        text="        if lot.dead(at):\n            dead += part\n        elif part:\n",
        instead="        dead += part\n        if part and not lot.dead(at):\n",
        shape=BACK,
        seeds=(1,),
    ),
    ChainDefect(
        name="a return that is told again is another",
        file="pos_agent/desks/returns.py",
        text="    if again is not None and (not command.another or _is_another(again, named)):\n",
        instead="    if again is not None and not command.paid:\n",
        shape=BACK,
        seeds=(3,),
    ),
    ChainDefect(
        name="goods come back that came back before",
        file="loyalty/returns.py",
        text="        return line.quantity_m - self.quantity_m(line)\n",
        instead="        return line.quantity_m\n",
        shape=BACK,
        seeds=(1,),
    ),
    ChainDefect(
        name="goods of yesterday come back under the rules of today",
        file="pos_agent/sold_receipts.py",
        text="    return counter.house.shelf.programme(operation.programme_hash)\n",
        instead="    return counter.programme\n",
        shape=BACK,
        escapes="needs a programme whose returns are other ones",
    ),
    ChainDefect(
        name="a coupon stays used whose receipt came back in halves, at two tills",
        file="hub/jobs/completing.py",
        text="    rights = own_rights(found.sale) if is_undone(found.sale, found.bodies) else ()\n",
        instead="    rights: tuple[str, ...] = ()\n",
        shape=HALVES,
        seeds=(1, 2),
    ),
    ChainDefect(
        name="what a return takes back of the points is forgotten",
        file="loyalty/effects.py",
        text="    if back.clawed_back.points:\n        own = lot_id",
        instead="    if back.clawed_back.points < 0:\n        own = lot_id",
        shape=BACK,
        seeds=(1,),
    ),
    ChainDefect(
        name="stickers stay with who brings the goods back",
        file="loyalty/stickers.py",
        text="        taken_back=max(0, sale.stickers.given - kept),\n",
        instead="        taken_back=0,\n",
        shape=STICKERS,
        seeds=(1,),
    ),
    # rights
    ChainDefect(
        name="a coupon's use is not written at pay",
        file="offline_cache/deeds.py",
        text="if not is_left or not use_here(sql, connection, coupon.serial, operation.key):",
        instead="if not is_left:",
        shape=PURSES,
        seeds=(2,),
    ),
    ChainDefect(
        name="two tills are given the same rubles of a certificate",
        file="hub/certificates/asking.py",
        text="    return Known(row, max(0, row.left - held_by_others(holds, till, at)))\n",
        instead="    return Known(row, max(0, row.left - held_by_others(holds[:0], till, at)))\n",
        shape=CERTIFICATES,
        escapes="needs more races for the last rubles",
    ),
    ChainDefect(
        name="a certificate's rubles are not taken off",
        file="hub/books/certificates.py",
        text="        _enter(ledger, place, row._replace(left=row.left - taken, beyond=row.beyond + lacks))\n",
        instead="        _enter(ledger, place, row._replace(beyond=row.beyond + lacks))\n",
        shape=CERTIFICATES,
        seeds=(1,),
    ),
    ChainDefect(
        name="a certificate lives on behind its end",
        file="hub/store/sqlite/queries.sql",
        text="AND until <= :until ORDER BY until, number LIMIT :rows_max;",
        instead="AND until <= substr(:until, 1, 4) ORDER BY until, number LIMIT :rows_max;",
        shape=ENDS,
        seeds=(1,),
    ),
    ChainDefect(
        name="a certificate's rubles are lost where another takes its place",
        file="hub/books/certificates.py",
        text="    _fill(ledger, place, fresh, row.left)\n",
        instead="    _fill(ledger, place, fresh, 0)\n",
        shape=CERTIFICATES,
        seeds=(1,),
    ),
    ChainDefect(
        name="stickers that were exchanged are not taken off",
        file="loyalty/stickers.py",
        text="[(body.stickers.collection, body.stickers.given - spent_count(body.stickers))]",
        instead="[(body.stickers.collection, body.stickers.given)]",
        shape=STICKERS,
        seeds=(1,),
    ),
    ChainDefect(
        name="the hub counts the second use of a coupon as the first",
        file="hub/books/coupons.py",
        text="    if not coupons.use(row, uses_allowed(made, uses, use.uses)):\n",
        instead="    if not coupons.use(row, uses_allowed(made, uses, use.uses)) and not uses:\n",
        shape=PURSES,
        seeds=(2,),
    ),
    ChainDefect(
        name="an order that comes again is done again",
        file="hub/people/orders.py",
        text="        if before is not None:\n            done = before\n            return Said(())\n",
        instead="        del before\n",
        shape=ORDERS,
        seeds=(2,),
    ),
    ChainDefect(
        name="what is oldest goes up last",
        file="offline_cache/cache.py",
        text="            rows = list(self._sql.outbox(connection, limit=limit))\n",
        instead="            rows = list(self._sql.outbox(connection, limit=limit))[::-1]\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="a debt is not booked",
        file="hub/books/booking.py",
        text="    ledger.owe(owner, after.debt - before.debt)\n",
        instead="    ledger.owe(owner, min(0, after.debt - before.debt))\n",
        shape=DEBTS,
        seeds=(3,),
        escapes="likewise",
    ),
    ChainDefect(
        name="what was earned is told and not recorded",
        file="loyalty/effects.py",
        text="    return _granted(account, operation, earned.points, earned.active_from, earned.expires_at)\n\n\n"
        "def _granted(",
        instead="    points = earned.points if not sale.redeemed.points else 0\n"
        "    return _granted(account, operation, points, earned.active_from, earned.expires_at)\n\n\ndef _granted(",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="a card that was replaced is taken",
        file="pos_agent/desks/identify.py",
        text='    if card.status == "replaced":\n        raise Refused("card_replaced", card=masked(card.number))\n',
        instead="",
        shape=BLANKS,
        escapes="the oracle does not know which are",
    ),
    ChainDefect(
        name="tills are not told of a debt",
        file="hub/feed.py",
        text="            debt=account.debt,\n",
        instead="            debt=0,\n",
        shape=DEBTS,
        seeds=(19,),
        escapes="likewise",
    ),
    ChainDefect(
        name="the last operation that the hub's word has is counted besides",
        file="offline_cache/changes.py",
        text="        return Key(self._leases.generation, 0) if self._training else watermark\n",
        instead="        return Key(watermark.generation, max(0, watermark.sequence - 1))\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="the hub's word claims one operation more than it has",
        file="hub/feed.py",
        text="    return Watermark(generation=end.generation, sequence=end.sequence,"
        " hash=end.last_hash, covered=covered)\n",
        instead="    sequence = end.sequence + 1\n"
        "    return Watermark(generation=end.generation, sequence=sequence, hash=end.last_hash, covered=covered)\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="one member of a page is not kept, and the feed goes on",
        file="offline_cache/changes.py",
        text="keep_members(self._sql, connection, page.members, self._included",
        instead="keep_members(self._sql, connection, page.members[1:], self._included",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="a quote is told and not kept",
        file="pos_agent/telling.py",
        text="    _keep(counter, fresh)\n    return msgspec.structs.replace(visit, quote=fresh.id",
        instead="    return msgspec.structs.replace(visit, quote=fresh.id",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="the end of a chain keeps the hash of before",
        file="hub/books/intake.py",
        text="                ends[key] = ChainEnd(*place, told.hash)\n",
        instead="                ends[key] = ChainEnd(*place, told.previous_hash)\n",
        shape=PAIR,
        seeds=(1,),
    ),
    ChainDefect(
        name="tills are not told what was redeemed elsewhere today",
        file="hub/feed.py",
        text="            redeemed=self._redeemed(member),\n",
        instead="            redeemed=(),\n",
        shape=APART,
        seeds=(1,),
    ),
    ChainDefect(
        name="a sale of a card that was not known yet is not taken up",
        file="hub/taking_up.py",
        text="    if not cards:\n        return 0\n",
        instead="    return 0\n",
        shape=SHOWN,
        seeds=(5, 9),
    ),
    # what a till lets go of
    ChainDefect(
        name="a sale is trimmed before its time",
        file="offline_cache/trimming.py",
        text="        old = [row for row in rows if row[2] < before]\n",
        instead="        old = rows\n",
        shape=BACK,
        escapes="a return that is refused for it is nobody's",
    ),
    ChainDefect(
        name="a sale is trimmed before a copy of the hub has it",
        file="offline_cache/queries.sql",
        text="  OR sequence > coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name ="
        " 'covered:' || generation),"
        " 0)\n",
        instead="",
        besides=(
            Edit(
                "offline_cache/trimming.py",
                "        old = [row for row in rows if row[2] < before]\n",
                "        old = rows\n",
            ),
        ),
        shape=NIGHT,
        escapes="needs a hub that is put back",
    ),
)
