-- What people are told of a shop: its name, where it is, when it is open (hub/places/place.py). JSON; '' for nothing.
ALTER TABLE stores ADD COLUMN place TEXT NOT NULL DEFAULT '';
