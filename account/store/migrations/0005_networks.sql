CREATE TABLE networks (
  network TEXT NOT NULL,
  subject TEXT NOT NULL,
  member TEXT NOT NULL,
  shown TEXT NOT NULL,
  linked_at TEXT NOT NULL,
  PRIMARY KEY (network, subject)
);
CREATE INDEX networks_of_member ON networks (member);
