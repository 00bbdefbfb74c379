-- Phones that show a member's card (hub/phones/): a link that was made for one, and the phone that took it.
CREATE TABLE card_phones (
  id   TEXT PRIMARY KEY,
  card TEXT NOT NULL,
  body TEXT NOT NULL                 -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX card_phones_of_card ON card_phones (card, id);
