-- Plastic cards that members have ordered by the form on the site (hub/card_orders/). `number`: of the card that was made
-- for it, '' before; `at`: since when it is in its state.
CREATE TABLE card_orders (
  id     TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  state  TEXT NOT NULL CHECK (state IN ('new', 'made', 'sent', 'waiting', 'handed_over', 'returned', 'cancelled')),
  number TEXT NOT NULL,
  at     TEXT NOT NULL,
  body   TEXT NOT NULL               -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX card_orders_of_member ON card_orders (member, id);
CREATE INDEX card_orders_number ON card_orders (number) WHERE number <> '';
CREATE INDEX card_orders_state ON card_orders (state, at, id);
