-- Half minutes in which a member's phone has proved itself here (offline_cache/used_slots.py): none proves twice.
CREATE TABLE used_slots (
  phone TEXT NOT NULL,
  slot  INTEGER NOT NULL,
  PRIMARY KEY (phone, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_slots_by_slot ON used_slots (slot);
