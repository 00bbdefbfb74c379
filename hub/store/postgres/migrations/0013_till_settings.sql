-- What the office says of the settings of a store's tills, or of all tills' (hub/tills/settings.py).
CREATE TABLE till_settings (
  store TEXT COLLATE "C" NOT NULL,
  name  TEXT COLLATE "C" NOT NULL,
  body  TEXT COLLATE "C" NOT NULL,       -- JSON
  PRIMARY KEY (store, name)
);
