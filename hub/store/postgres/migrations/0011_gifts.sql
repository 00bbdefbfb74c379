-- Whom a gift is for, and how many points: found once, before anybody gets any. Whoever approves it, goes on with it or
-- undoes it finds the same members, whatever has become of them meanwhile.
CREATE TABLE gifts (
  gift   TEXT COLLATE "C" NOT NULL,
  number bigint NOT NULL CHECK (number >= 0), -- from 0, without gaps
  member TEXT COLLATE "C" NOT NULL,
  points bigint NOT NULL CHECK (points > 0),
  PRIMARY KEY (gift, number)
);
