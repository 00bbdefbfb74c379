-- Plastic cards that members have ordered by the form on the site (hub/card_orders/). `number`: of the card that was made
-- for it, '' before; `at`: since when it is in its state.
CREATE TABLE card_orders (
  id     TEXT COLLATE "C" PRIMARY KEY,
  member TEXT COLLATE "C" NOT NULL,
  state  TEXT COLLATE "C" NOT NULL
    CHECK (state IN ('new', 'made', 'sent', 'waiting', 'handed_over', 'returned', 'cancelled')),
  number TEXT COLLATE "C" NOT NULL,
  at     TIMESTAMPTZ NOT NULL,
  body   TEXT COLLATE "C" NOT NULL       -- JSON
);
CREATE INDEX card_orders_of_member ON card_orders (member, id);
CREATE INDEX card_orders_number ON card_orders (number) WHERE number <> '';
CREATE INDEX card_orders_state ON card_orders (state, at, id);
