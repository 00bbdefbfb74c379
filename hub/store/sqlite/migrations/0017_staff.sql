-- Whoever works in the shops and in the office: each under every list that he is or was on (hub/staff/book.py).
CREATE TABLE staff (
  list TEXT NOT NULL,
  id   TEXT NOT NULL,
  body TEXT NOT NULL,               -- JSON
  PRIMARY KEY (list, id)
) STRICT, WITHOUT ROWID;
