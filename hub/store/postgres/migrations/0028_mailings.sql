-- Mailings to many members, and what each member was written, or was to be (hub/messages/).
CREATE TABLE mailings (
  mailing TEXT COLLATE "C" PRIMARY KEY,
  body    TEXT COLLATE "C" NOT NULL      -- JSON
);

CREATE TABLE letters (
  member  TEXT COLLATE "C" NOT NULL,
  id      TEXT COLLATE "C" NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  mailing TEXT COLLATE "C" NOT NULL,
  state   TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'left_out', 'control')),
  due_at  TIMESTAMPTZ,
  body    TEXT COLLATE "C" NOT NULL,     -- JSON
  PRIMARY KEY (member, id)
);
CREATE INDEX letters_called ON letters (id);
CREATE INDEX letters_due ON letters (due_at, member, id) WHERE due_at IS NOT NULL;
CREATE INDEX letters_of_mailing ON letters (mailing, member) WHERE mailing <> '';
