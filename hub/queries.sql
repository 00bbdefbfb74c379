-- name: setting(name)$
SELECT value FROM settings WHERE name = :name;

-- name: add_setting(name, value)!
INSERT INTO settings (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING;

-- name: till(till)^
SELECT sequence, last_hash FROM tills WHERE till = :till;

-- name: save_till(till, sequence, last_hash)!
INSERT INTO tills (till, sequence, last_hash) VALUES (:till, :sequence, :last_hash)
ON CONFLICT (till) DO UPDATE SET sequence = excluded.sequence, last_hash = excluded.last_hash;

-- name: operation(till, sequence)^
SELECT hash, answer FROM operations WHERE till = :till AND sequence = :sequence;

-- name: add_operation(till, sequence, hash, text, answer)!
INSERT INTO operations (till, sequence, hash, text, answer) VALUES (:till, :sequence, :hash, :text, :answer);

-- name: all_operations()
SELECT till, sequence, hash, text, answer FROM operations ORDER BY till, sequence;

-- name: member(member)^
SELECT member, programme, phone, birthday, favourites, accumulated_kopecks, registered FROM members WHERE member = :member;

-- name: members_of(programme)
SELECT member FROM members WHERE programme = :programme ORDER BY member;

-- name: add_member(member, programme, registered)!
INSERT INTO members (member, programme, registered) VALUES (:member, :programme, :registered);

-- name: register_member(member)!
UPDATE members SET registered = 1 WHERE member = :member;

-- name: set_profile(member, phone, birthday, favourites)!
UPDATE members SET phone = :phone, birthday = :birthday, favourites = :favourites WHERE member = :member;

-- name: add_accumulated(member, kopecks)!
UPDATE members SET accumulated_kopecks = accumulated_kopecks + :kopecks WHERE member = :member;

-- name: card(number)^
SELECT number, member, status FROM cards WHERE number = :number;

-- name: cards_of(member)
SELECT number, status FROM cards WHERE member = :member ORDER BY number;

-- name: add_card(number, member, status)!
INSERT INTO cards (number, member, status) VALUES (:number, :member, :status);

-- name: replace_card(number, successor)!
UPDATE cards SET status = 'replaced', successor = :successor WHERE number = :number;

-- name: activate_cards(member)!
UPDATE cards SET status = 'active' WHERE member = :member AND status IN ('issued', 'pending');

-- name: open_lots(member)
SELECT lot, remaining, active_from, expires_at FROM lots WHERE member = :member AND remaining > 0;

-- name: add_lot(member, till, sequence, granted, remaining, active_from, expires_at)<!
INSERT INTO lots (member, till, sequence, granted, remaining, active_from, expires_at)
VALUES (:member, :till, :sequence, :granted, :remaining, :active_from, :expires_at);

-- name: take_from_lot(lot, points)!
UPDATE lots SET remaining = remaining - :points WHERE lot = :lot;

-- name: add_entry(till, sequence, account, owner, lot, points)!
INSERT INTO entries (till, sequence, account, owner, lot, points)
VALUES (:till, :sequence, :account, :owner, :lot, :points);

-- name: account_points(account, owner)$
SELECT coalesce(sum(points), 0) FROM entries WHERE account = :account AND owner = :owner;

-- name: use_coupon(serial, till, sequence)!
INSERT INTO used_coupons (serial, till, sequence) VALUES (:serial, :till, :sequence) ON CONFLICT DO NOTHING;

-- name: add_coupon_conflict(serial, till, sequence)!
INSERT INTO coupon_conflicts (serial, till, sequence) VALUES (:serial, :till, :sequence) ON CONFLICT DO NOTHING;

-- name: add_change(programme, kind, key)!
INSERT INTO changes (programme, kind, key) VALUES (:programme, :kind, :key);

-- name: changes_after(programme, cursor, limit)
SELECT cursor, kind, key FROM changes WHERE programme = :programme AND cursor > :cursor ORDER BY cursor LIMIT :limit;

-- name: integrity()
SELECT integrity_check FROM pragma_integrity_check;

-- name: till_ends()
SELECT till, sequence, last_hash FROM tills;

-- name: contra_postings()
SELECT till, sequence, account, owner, sum(points) FROM entries WHERE account NOT IN ('member', 'debt')
GROUP BY till, sequence, account, owner;

-- name: moved_accounts()
SELECT DISTINCT till, sequence, owner FROM entries WHERE account IN ('member', 'debt');

-- name: lots_made()
SELECT till, sequence, member, granted, active_from, expires_at FROM lots;

-- name: members_made()
SELECT member, programme, registered, accumulated_kopecks FROM members;

-- name: cards_made()
SELECT number, member, status = 'replaced' FROM cards;

-- name: coupon_uses()
SELECT serial, till, sequence FROM used_coupons UNION SELECT serial, till, sequence FROM coupon_conflicts;

-- name: unbalanced_operations()
SELECT till, sequence, sum(points) FROM entries GROUP BY till, sequence HAVING sum(points) <> 0;

-- name: lots_off_the_entries()
-- a lot's remaining points must be the sum of what its entries moved
SELECT lots.lot, lots.member, lots.remaining, coalesce(sum(entries.points), 0)
FROM lots LEFT JOIN entries ON entries.lot = lots.lot
GROUP BY lots.lot HAVING lots.remaining <> coalesce(sum(entries.points), 0);

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
