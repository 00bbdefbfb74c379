-- What the office says of the settings of a store's tills, or of all tills' (hub/tills/settings.py).
CREATE TABLE till_settings (
  store TEXT NOT NULL,
  name  TEXT NOT NULL,
  body  TEXT NOT NULL,               -- JSON
  PRIMARY KEY (store, name)
) STRICT, WITHOUT ROWID;
