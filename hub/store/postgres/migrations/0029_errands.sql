-- What somebody has asked for that takes more than one step, with others outside: an exchange at a partner, a certificate
-- that is paid and delivered, a question to the desk, an order of the online shop (hub/errands.py). `about`: by what else
-- it is known, '' for nothing; `due_at`: when somebody has to look at it again; `at`: since when it is in its state.
CREATE TABLE errands (
  id     TEXT COLLATE "C" PRIMARY KEY,
  kind   TEXT COLLATE "C" NOT NULL,
  member TEXT COLLATE "C" NOT NULL,      -- '' for nobody's
  about  TEXT COLLATE "C" NOT NULL,
  state  TEXT COLLATE "C" NOT NULL,
  due_at TIMESTAMPTZ,
  at     TIMESTAMPTZ NOT NULL,
  body   TEXT COLLATE "C" NOT NULL       -- JSON
);
CREATE INDEX errands_of_member ON errands (member, kind, id) WHERE member <> '';
CREATE INDEX errands_about ON errands (kind, about) WHERE about <> '';
CREATE INDEX errands_state ON errands (kind, state, at, id);
CREATE INDEX errands_due ON errands (kind, due_at, id) WHERE due_at IS NOT NULL;

-- Pictures that people have sent, drawn anew: of what (an errand's id), and JPEG as base64.
CREATE TABLE pictures (
  id   TEXT COLLATE "C" PRIMARY KEY,
  of   TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX pictures_of ON pictures (of, id);
