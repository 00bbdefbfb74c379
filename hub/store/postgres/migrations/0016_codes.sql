-- Codes by which somebody shows that a phone is his (hub/codes/), what was sent and is to be sent (hub/sender/), and when
-- a member's phone was shown to be his last. Phones are fingerprints, codes are hashed, and texts are sealed.
CREATE TABLE codes (
  id      TEXT COLLATE "C" PRIMARY KEY,
  made_at TIMESTAMPTZ NOT NULL,
  phone   TEXT COLLATE "C" NOT NULL,
  member  TEXT COLLATE "C" NOT NULL,
  body    TEXT COLLATE "C" NOT NULL      -- JSON
);
CREATE INDEX codes_made ON codes (made_at, id);

CREATE TABLE messages (
  id      TEXT COLLATE "C" PRIMARY KEY,
  state   TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
  made_at TIMESTAMPTZ NOT NULL,
  body    TEXT COLLATE "C" NOT NULL      -- JSON
);
CREATE INDEX messages_made ON messages (made_at, id);
CREATE INDEX messages_state ON messages (state, made_at, id);

CREATE TABLE phones_confirmed (
  member TEXT COLLATE "C" PRIMARY KEY,
  phone  TEXT COLLATE "C" NOT NULL,
  at     TIMESTAMPTZ NOT NULL
);
