-- Phones that show a member's card (hub/phones/): a link that was made for one, and the phone that took it.
CREATE TABLE card_phones (
  id   TEXT COLLATE "C" PRIMARY KEY,
  card TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL         -- JSON
);
CREATE INDEX card_phones_of_card ON card_phones (card, id);
