-- Up to where each chain is in a copy of the ledger: tills need not keep what is.
ALTER TABLE chains ADD COLUMN covered INTEGER NOT NULL DEFAULT 0;
