-- What the chain sells: an article, and all that is known of it (hub/goods.py), its prices with their days among it.
CREATE TABLE goods (
  article TEXT COLLATE "C" PRIMARY KEY,
  body    TEXT COLLATE "C" NOT NULL      -- JSON
);

-- All tills are told of goods in a partition of its own.
ALTER TABLE changes DROP CONSTRAINT changes_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_kind_check CHECK (kind IN ('member', 'coupon', 'case', 'goods'));
