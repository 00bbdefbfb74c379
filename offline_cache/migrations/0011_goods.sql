-- What the chain sells, as the hub told of it: an article, and all that a line needs (loyalty/goods_snapshot.py). `feed`
-- is the number of the beginning (settings: `goods_feed`) after which it was told last: what a feed from its beginning
-- did not tell is sold no more.
CREATE TABLE goods (
  article TEXT PRIMARY KEY,
  told    TEXT NOT NULL,                        -- JSON
  feed    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE goods_codes (
  code    TEXT NOT NULL,                        -- `a` and an article, `b` and a barcode, `p` and a beginning of barcodes
  article TEXT NOT NULL,
  PRIMARY KEY (code, article)
) STRICT, WITHOUT ROWID;
