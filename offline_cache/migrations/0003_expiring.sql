-- What the hub says of the points that die first: how many, and from which moment on they are dead.
ALTER TABLE members ADD COLUMN expiring_points INTEGER;
ALTER TABLE members ADD COLUMN expiring_at TEXT;
