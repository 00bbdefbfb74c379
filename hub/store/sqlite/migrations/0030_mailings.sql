-- Mailings to many members, and what each member was written, or was to be (hub/messages/).
CREATE TABLE mailings (
  mailing TEXT PRIMARY KEY,
  body    TEXT NOT NULL              -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE letters (
  member  TEXT NOT NULL,
  id      TEXT NOT NULL,
  made_at TEXT NOT NULL,
  mailing TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'left_out', 'control')),
  due_at  TEXT,
  body    TEXT NOT NULL,             -- JSON
  PRIMARY KEY (member, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX letters_called ON letters (id);
CREATE INDEX letters_due ON letters (due_at, member, id) WHERE due_at IS NOT NULL;
CREATE INDEX letters_of_mailing ON letters (mailing, member) WHERE mailing <> '';
