# Two commands matter: `make demo` and `make test`. Both set everything up first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready

DEBIAN   := sh config/install-debian.sh
LIBZBAR  := $(DEBIAN) libzbar0 'reads barcodes for pyzbar' 'the camera will read with zxing-cpp alone' \
            'ldconfig -p | grep -q libzbar.so.0'
# Tests write some gigabytes, each sale of them synced; where memory has room, it takes half the time.
QUICK_TMP := $(shell [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 6000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)
CHROMIUM := $(DEBIAN) chromium 'opens the pages in the tests' 'tests, measurements and pictures of the pages are skipped' \
            'command -v chromium || command -v chromium-browser || command -v google-chrome'

.PHONY: help setup browser demo test quick long face soak faults storm drain races simulate thief tokens mutants bite coverage check bench gallery api-docs clean

help:            ## this list
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## virtual environment in .venv with everything in it

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "pos-agent needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(LIBZBAR)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check -q -e '.[dev]'
	@touch $@

demo: setup      ## a day at the till on emulated devices, told on the terminal
	$(BIN)/pos-agent demo

browser: setup   ## Debian's Chromium, where it may be installed: the demo needs none
	@$(CHROMIUM)

test: browser    ## every test
	$(QUICK_TMP) $(BIN)/python -m pytest -n 2 --dist worksteal

quick: setup     ## what a change is likely to break: rules, desks, files, hub, words; no devices and no processes
	$(BIN)/python -m pytest -n 2 -q tests/loyalty tests/config tests/storage tests/offline_cache tests/hub tests/sync \
	  tests/pos_agent tests/test_house.py tests/test_kinds.py tests/life/test_return_chains.py \
	  --ignore=tests/pos_agent/test_demo.py --ignore=tests/pos_agent/test_exactly_once.py \
	  --ignore=tests/pos_agent/test_gallery.py --ignore=tests/pos_agent/test_till.py --ignore=tests/hub/test_serve.py \
	  --ignore=tests/pos_agent/test_described_face.py --ignore=tests/pos_agent/test_any_request.py \
	  --ignore=tests/pos_agent/test_foreign_pos.py --ignore=tests/pos_agent/test_conformance.py \
	  --ignore=tests/pos_agent/test_shared_scanner.py --ignore=tests/pos_agent/test_shared_printer.py \
	  --ignore=tests/pos_agent/test_other_pages.py --ignore=tests/pos_agent/test_light.py \
	  --ignore=tests/hub/test_month_walk.py \
	  --ignore=tests/hub/test_storm.py --ignore=tests/hub/test_under_it.py --ignore=tests/hub/test_database_commands.py \
	  --ignore=tests/hub/test_importing.py --ignore=tests/hub/store/test_trial.py --ignore=tests/hub/store/test_jobs_year.py \
	  --ignore=tests/hub/store/test_books_alike.py --ignore=tests/hub/store/test_jobs_at_once.py \
	  --ignore=tests/hub/test_verify_orders.py --ignore=tests/hub/test_backup.py \
	  --ignore=tests/pos_agent/test_demo_stays.py --ignore=tests/pos_agent/test_emulated_till.py \
	  --ignore=tests/pos_agent/test_neighbours.py --ignore=tests/pos_agent/test_two_tills.py \
	  --ignore=tests/hub/office/test_office_browser.py --ignore=tests/pos_agent/test_guest_page.py --ignore=tests/sync/test_ready.py \
	  --ignore=tests/pos_agent/test_emulator_page.py --ignore=tests/pos_agent/test_emulate_network.py

long: browser    ## what make test samples, whole: every byte of a receipt, every rule 10,000 times; about two hours
	LAW_RECEIPTS=1000000 $(BIN)/python -m pytest -q -n 2 --timeout=3600 tests/loyalty/test_law.py
	LIFE_STEPS=10000 WALK_COMMANDS=1000000 RETURN_CHAINS=10000 $(BIN)/python -m pytest -q -s --timeout=36000 tests/life
	DRILL_TILLS=100 JOBS_MEMBERS=200 $(BIN)/python -m pytest -q -s --timeout=36000 tests/drills/test_hub_put_back.py tests/hub/store/test_jobs_year.py
	ACCOUNT_MEMBERS=1000 $(BIN)/python -m pytest -q -s --timeout=36000 tests/account/test_account_truth.py
	PAGE_VISITS=200 $(BIN)/python -m pytest -q -s --timeout=1200 tests/page/test_page_many.py
	SHOP_RACES=10000 SHOP_EXAMPLES=5000 TILL_RACES=10000 $(BIN)/python -m pytest -q -s -n 2 --timeout=7200 \
	  tests/pos_agent/test_neighbour_claims.py tests/pos_agent/test_shop_races.py
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -n 2 --timeout=7200 tests/loyalty/test_properties.py \
	  tests/pos_agent/test_exactly_once.py tests/drivers/printer/test_second_reading.py tests/drivers/scanner/test_fuzz.py
	FLIPS_LONG=1 $(BIN)/python -m pytest -q -s -n 0 --timeout=3600 tests/sync/test_flipped.py tests/pos_agent/test_join_flipped.py
	SIGNED_LONG=1 $(BIN)/python -m pytest -q -n 0 --timeout=1200 tests/sync/test_signed.py
	DEMO_ALL=1 $(BIN)/python -m pytest -q -n 2 --timeout=1200 tests/pos_agent/test_demo.py
	ACCOUNT_SCREENS=all $(BIN)/python -m pytest -q -n 0 --timeout=1200 tests/account/test_account_axe.py

face: setup      ## any request at all to the till's face, for twenty minutes
	FACE_REQUESTS=50000 FACE_SECONDS=600 $(BIN)/python -m pytest -q -n 0 --timeout=3600 tests/pos_agent/test_any_request.py tests/pos_agent/test_described_face.py
	FACE_SECONDS=600 $(BIN)/python -m pytest -q -n 0 --timeout=3600 tests/account/test_account_described.py

soak: setup      ## a whole till under load for ten minutes: nothing lost, memory flat
	SOAK_S=600 $(BIN)/python -m pytest -q -s --timeout=1200 tests/soak
	SHARE_SCANS=10000 $(BIN)/python -m pytest -q -s --timeout=600 tests/pos_agent/test_shared_scanner.py
	$(BIN)/python -m tests.soak.offline_month

faults: setup    ## real faults at every call of a till and a hub, one after the other; SECONDS=480 of each sweep
	$(BIN)/python -m tests.faults --seconds $(or $(SECONDS),480)

storm: setup     ## sixteen tills on five members for five minutes, on a file and on PostgreSQL, and a kill every ten seconds
	STORM_S=300 $(BIN)/python -m pytest -q -s -n 0 --timeout=900 tests/hub/test_storm.py

drain: setup     ## two thousand tills after a day without the hub: how long does each wait (minutes of the processor)
	$(BIN)/python -m simulator drain

races: setup     ## ten thousand races of two tills for one member's points; minutes
	$(BIN)/python -m simulator races

simulate: setup  ## a chain of tills for SECONDS=60, a year of a till and more, under every kind of fault; SEED=… plays one again, POSTGRES=1 with the hub on PostgreSQL
	$(BIN)/python -m simulator chain --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED)) $(if $(POSTGRES),--postgres)

thief: setup     ## a till's folder is stolen, every number of an operator tried, and every id of a member; minutes
	THIEF_PHONES=10000000 $(BIN)/python -m pytest -q -s -n 0 --timeout=600 tests/pos_agent/test_thief.py
	THIEF_ASKS=100000 $(BIN)/python -m pytest -q -n 0 --timeout=3600 tests/account/test_account_thief.py

tokens: setup    ## a million forged coupons and certificates, none of them accepted; some five minutes
	$(BIN)/python -m tests.loyalty.forgeries --count $(or $(TOKENS),1000000)

mutants: setup   ## break loyalty/ in every small way and see the tests notice; about 5 minutes
	$(BIN)/python -m mutmut run
	$(BIN)/python -m mutmut results

bite: setup      ## plant defects in copies, and see each found: by the simulated chain, made short, or by the walk; minutes
	$(BIN)/python -m tests.bite

coverage: setup  ## branch coverage of the rules; less than 100 % fails
	$(BIN)/python -m coverage run --branch --source=loyalty -m pytest -q tests/loyalty tests/config tests/test_kinds.py
	$(BIN)/python -m coverage report --fail-under=100

check: setup     ## ruff and mypy, strict, tests and benchmarks too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: browser   ## measurements, as ratios; figures go to docs/benchmarks.md
	$(BIN)/python -m benchmarks

gallery: browser ## docs/gallery: every kind of paper, and every state of the pages, as a picture
	$(BIN)/python docs/gallery.py
	$(BIN)/python docs/account_gallery.py

api-docs: setup  ## docs/api.md and the examples of the OpenAPI document, from the code and a till that is asked
	$(BIN)/python -m docs.api

clean:           ## remove what was built
	rm -rf $(VENV) build dist demo-out
