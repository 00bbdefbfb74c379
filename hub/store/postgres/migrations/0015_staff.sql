-- Whoever works in the shops and in the office: each under every list that he is or was on (hub/staff/book.py).
CREATE TABLE staff (
  list TEXT COLLATE "C" NOT NULL,
  id   TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,       -- JSON
  PRIMARY KEY (list, id)
);
