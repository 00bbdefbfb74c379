-- Members have names. No operation says one, and no till is told more of it than a guest may read («Анна П.»).
ALTER TABLE members ADD COLUMN name TEXT;
