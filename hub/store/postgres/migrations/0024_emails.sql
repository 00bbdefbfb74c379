-- Members may have e-mail addresses. No operation says one, and no till is told of it.
ALTER TABLE members ADD COLUMN email TEXT COLLATE "C";
