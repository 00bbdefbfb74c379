-- Card numbers that can be given out here without a blank: the hub gave them to this file alone (offline_cache/card_numbers.py).
-- One that stands on a receipt was promised then; if nobody pays it, it is free again.
CREATE TABLE virtual_numbers (
  number      TEXT PRIMARY KEY,
  promised_at TEXT
) STRICT, WITHOUT ROWID;

-- Blanks that were spoiled at this counter: none is ever issued here, and the hub is told. `instead`: which one was
-- taken in its place.
CREATE TABLE spoiled_blanks (
  number  TEXT PRIMARY KEY,
  at      TEXT NOT NULL,
  instead TEXT,
  told    INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX spoiled_untold ON spoiled_blanks (number) WHERE told = 0;
