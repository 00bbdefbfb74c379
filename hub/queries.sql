-- name: setting(name)$
SELECT value FROM settings WHERE name = :name;

-- name: add_setting(name, value)!
INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING;

-- name: chain(chain, generation)^
SELECT sequence, last_hash FROM chains WHERE chain = :chain AND generation = :generation;

-- name: newest_generation(chain)^
SELECT generation, sequence FROM chains WHERE chain = :chain ORDER BY generation DESC LIMIT 1;

-- name: save_chain(chain, generation, sequence, last_hash)!
INSERT INTO chains (chain, generation, sequence, last_hash) VALUES (:chain, :generation, :sequence, :last_hash)
ON CONFLICT (chain, generation) DO UPDATE SET sequence = excluded.sequence, last_hash = excluded.last_hash;

-- name: operation(chain, generation, sequence)^
SELECT hash, answer, text FROM operations
WHERE chain = :chain AND generation = :generation AND sequence = :sequence;

-- name: add_operation(chain, generation, sequence, hash, text, answer)!
INSERT INTO operations (chain, generation, sequence, hash, text, answer)
VALUES (:chain, :generation, :sequence, :hash, :text, :answer);

-- name: all_operations()
SELECT chain, generation, sequence, hash, text, answer FROM operations ORDER BY chain, generation, sequence;

-- name: member(member)^
SELECT member, programme, phone, birthday, favourites, merged_into, registered FROM members WHERE member = :member;

-- name: members_of(programme)
SELECT member FROM members WHERE programme = :programme AND merged_into IS NULL ORDER BY member;

-- name: add_member(member, programme, registered)!
INSERT INTO members (member, programme, registered) VALUES (:member, :programme, :registered);

-- name: register_member(member)!
UPDATE members SET registered = 1 WHERE member = :member;

-- name: merge_member(member, into)!
UPDATE members SET merged_into = :into WHERE member = :member;

-- name: set_profile(member, phone, birthday, favourites)!
UPDATE members SET phone = :phone, birthday = :birthday, favourites = :favourites WHERE member = :member;

-- name: card(number)^
SELECT number, member, status, active_from FROM cards WHERE number = :number;

-- name: cards_of(member)
SELECT number, status, active_from FROM cards WHERE member = :member ORDER BY number;

-- name: add_card(number, member, status, active_from)!
INSERT INTO cards (number, member, status, active_from) VALUES (:number, :member, :status, :active_from);

-- name: replace_card(number, successor)!
UPDATE cards SET status = 'replaced', successor = :successor, active_from = NULL WHERE number = :number;

-- name: set_card(number, status)!
UPDATE cards SET status = :status, active_from = NULL WHERE number = :number;

-- name: activate_cards(member)!
UPDATE cards SET status = 'active', active_from = NULL WHERE member = :member AND status IN ('issued', 'pending');

-- name: form_taken(member, active_from)!
UPDATE cards SET status = 'pending', active_from = :active_from WHERE member = :member AND status = 'issued';

-- name: move_cards(member, into)!
UPDATE cards SET member = :into WHERE member = :member;

-- name: lots_at(member, at)
-- those that hold points, and those whose points died after this moment
SELECT lot, chain, generation, sequence, remaining, active_from, expires_at, expired FROM lots
WHERE member = :member AND remaining > 0
UNION ALL
SELECT lot, chain, generation, sequence, remaining, active_from, expires_at, expired FROM lots
WHERE member = :member AND expired > 0 AND expires_at > :at AND remaining = 0;

-- name: lot_made_by(chain, generation, sequence)^
SELECT lot, chain, generation, sequence, remaining, active_from, expires_at, expired FROM lots
WHERE chain = :chain AND generation = :generation AND sequence = :sequence;

-- name: lots_of(member)
SELECT lot, remaining, expired FROM lots WHERE member = :member;

-- name: add_lot(member, chain, generation, sequence, granted, remaining, active_from, expires_at)<!
INSERT INTO lots (member, chain, generation, sequence, granted, remaining, active_from, expires_at)
VALUES (:member, :chain, :generation, :sequence, :granted, :remaining, :active_from, :expires_at);

-- name: set_lot(lot, remaining, expired, expires_at)!
UPDATE lots SET remaining = :remaining, expired = :expired, expires_at = :expires_at WHERE lot = :lot;

-- name: move_lots(member, into)!
UPDATE lots SET member = :into WHERE member = :member;

-- name: lots_taken_by(chain, generation, sequence)
-- what an operation took of lots, in the order in which it did
SELECT lots.lot, lots.chain, lots.generation, lots.sequence, -entries.points, lots.active_from, lots.expires_at, 0
FROM entries JOIN lots USING (lot)
WHERE entries.chain = :chain AND entries.generation = :generation AND entries.sequence = :sequence
  AND entries.account = 'member' AND entries.points < 0
ORDER BY entries.entry;

-- name: add_entry(chain, generation, sequence, account, owner, lot, points)!
INSERT INTO entries (chain, generation, sequence, account, owner, lot, points)
VALUES (:chain, :generation, :sequence, :account, :owner, :lot, :points);

-- name: account_points(account, owner)$
SELECT coalesce(sum(points), 0) FROM entries WHERE account = :account AND owner = :owner;

-- name: add_redeemed(member, day, points, offline)!
INSERT INTO redeemed_days (member, day, points, offline) VALUES (:member, :day, :points, :offline)
ON CONFLICT (member, day) DO UPDATE SET points = points + excluded.points, offline = offline + excluded.offline;

-- name: add_spent(member, day, kopecks)!
INSERT INTO spent_days (member, day, kopecks) VALUES (:member, :day, :kopecks)
ON CONFLICT (member, day) DO UPDATE SET kopecks = kopecks + excluded.kopecks;

-- name: redeemed_since(member, day)
SELECT day, points, offline FROM redeemed_days WHERE member = :member AND day >= :day ORDER BY day;

-- name: spent_since(member, day)
SELECT day, kopecks FROM spent_days WHERE member = :member AND day >= :day ORDER BY day;

-- name: redeemed_of(member)
SELECT day, points, offline FROM redeemed_days WHERE member = :member;

-- name: spent_of(member)
SELECT day, kopecks FROM spent_days WHERE member = :member;

-- name: forget_redeemed(member)!
DELETE FROM redeemed_days WHERE member = :member;

-- name: forget_spent(member)!
DELETE FROM spent_days WHERE member = :member;

-- name: forget_all_redeemed()!
DELETE FROM redeemed_days;

-- name: forget_all_spent()!
DELETE FROM spent_days;

-- name: to_tell_again(programme, at)
SELECT retell.member FROM retell JOIN members USING (member) WHERE at <= :at AND programme = :programme;

-- name: tell_again_at(member, at)!
INSERT INTO retell (member, at) VALUES (:member, :at) ON CONFLICT (member) DO UPDATE SET at = excluded.at;

-- name: told_again(member)!
DELETE FROM retell WHERE member = :member;

-- name: add_return(of_chain, of_generation, of_sequence, chain, generation, sequence, restored)!
INSERT INTO returns (of_chain, of_generation, of_sequence, chain, generation, sequence, restored)
VALUES (:of_chain, :of_generation, :of_sequence, :chain, :generation, :sequence, :restored);

-- name: restored_of(chain, generation, sequence)$
SELECT coalesce(sum(restored), 0) FROM returns
WHERE of_chain = :chain AND of_generation = :generation AND of_sequence = :sequence;

-- name: use_coupon(serial, chain, generation, sequence)!
INSERT INTO used_coupons (serial, chain, generation, sequence) VALUES (:serial, :chain, :generation, :sequence)
ON CONFLICT DO NOTHING;

-- name: unuse_coupon(serial, chain, generation, sequence)!
-- only the sale that used it up can give it back
DELETE FROM used_coupons
WHERE serial = :serial AND chain = :chain AND generation = :generation AND sequence = :sequence;

-- name: forget_coupon_conflict(serial, chain, generation, sequence)!
DELETE FROM coupon_conflicts
WHERE serial = :serial AND chain = :chain AND generation = :generation AND sequence = :sequence;

-- name: first_coupon_conflict(serial)^
SELECT chain, generation, sequence FROM coupon_conflicts WHERE serial = :serial
ORDER BY chain, generation, sequence LIMIT 1;

-- name: coupon_used(serial)$
SELECT 1 FROM used_coupons WHERE serial = :serial;

-- name: add_coupon_conflict(serial, chain, generation, sequence)!
INSERT INTO coupon_conflicts (serial, chain, generation, sequence) VALUES (:serial, :chain, :generation, :sequence)
ON CONFLICT DO NOTHING;

-- name: add_change(programme, kind, key)!
INSERT INTO changes (programme, kind, key) VALUES (:programme, :kind, :key);

-- name: changes_after(programme, cursor, limit)
SELECT cursor, kind, key FROM changes WHERE programme = :programme AND cursor > :cursor ORDER BY cursor LIMIT :limit;

-- name: keep_programme(hash, source)!
INSERT INTO programmes (hash, source) VALUES (:hash, :source) ON CONFLICT DO NOTHING;

-- name: programme(hash)$
SELECT source FROM programmes WHERE hash = :hash;

-- name: integrity()
SELECT integrity_check FROM pragma_integrity_check;

-- name: chain_ends()
SELECT chain, generation, sequence, last_hash FROM chains;

-- name: contra_postings()
-- what came back from an expiry stands beside its lot and is looked at there
SELECT chain, generation, sequence, account, owner, sum(points) FROM entries
WHERE account IN ('issued', 'redeemed') GROUP BY chain, generation, sequence, account, owner;

-- name: moved_accounts()
SELECT DISTINCT chain, generation, sequence, owner FROM entries WHERE account IN ('member', 'debt');

-- name: other_postings()
SELECT DISTINCT chain, generation, sequence, account FROM entries WHERE account NOT IN ('member', 'debt');

-- name: lots_made()
SELECT chain, generation, sequence, member, granted, active_from, expires_at FROM lots;

-- name: members_made()
SELECT member, programme, registered, merged_into FROM members;

-- name: cards_made()
SELECT number, member, status = 'replaced', status = 'blocked' FROM cards;

-- name: redeemed_all()
SELECT member, day, points, offline FROM redeemed_days WHERE points <> 0 OR offline <> 0;

-- name: spent_all()
SELECT member, day, kopecks FROM spent_days WHERE kopecks <> 0;

-- name: coupon_uses()
SELECT serial, chain, generation, sequence FROM used_coupons
UNION SELECT serial, chain, generation, sequence FROM coupon_conflicts;

-- name: unbalanced_operations()
SELECT chain, generation, sequence, sum(points) FROM entries
GROUP BY chain, generation, sequence HAVING sum(points) <> 0;

-- name: lots_off_the_entries()
-- a lot's remaining points must be the sum of what its entries moved
SELECT lots.lot, lots.member, lots.remaining, coalesce(sum(entries.points), 0)
FROM lots LEFT JOIN entries ON entries.lot = lots.lot AND entries.account = 'member'
GROUP BY lots.lot HAVING lots.remaining <> coalesce(sum(entries.points), 0);

-- name: expired_off_the_entries()
-- and so must be what an expiry took of it
SELECT lots.lot, lots.member, lots.expired, coalesce(sum(entries.points), 0)
FROM lots LEFT JOIN entries ON entries.lot = lots.lot AND entries.account = 'expired'
GROUP BY lots.lot HAVING lots.expired <> coalesce(sum(entries.points), 0);

-- name: member_accounts_off_the_lots()
SELECT members.member,
       (SELECT coalesce(sum(points), 0) FROM entries WHERE owner = members.member AND account = 'member') AS booked,
       (SELECT coalesce(sum(remaining), 0) FROM lots WHERE lots.member = members.member) AS held
FROM members WHERE booked <> held;

-- name: debts_above_zero()
SELECT owner, sum(points) FROM entries WHERE account = 'debt' GROUP BY owner HAVING sum(points) > 0;

-- name: totals()^
SELECT (SELECT count(*) FROM operations), (SELECT count(*) FROM entries), (SELECT count(*) FROM members),
       (SELECT count(*) FROM coupon_conflicts);
