-- Keys come as one JSON array: one statement for all of them is two to four times as quick as one for each
-- (members by 1,000 keys 2.9 ms against 6.8, by 100 0.12 against 0.51; lots of 1,000 members 6.0 against 10.2).
-- CROSS JOIN is SQLite's word for: the keys first, then the table by its index. Rows are written by position.

-- name: setting(name)$
SELECT value FROM settings WHERE name = :name;

-- name: chain_ends(keys)
SELECT chain, generation, sequence, last_hash FROM json_each(:keys) AS wanted CROSS JOIN chains
ON chain = json_extract(wanted.value, '$[0]') AND generation = json_extract(wanted.value, '$[1]');

-- name: newest_ends(keys)
SELECT chain, max(generation), sequence, last_hash FROM json_each(:keys) AS wanted CROSS JOIN chains
ON chain = wanted.value GROUP BY chain;

-- name: ends_of(keys)
SELECT chain, generation, sequence, last_hash FROM json_each(:keys) AS wanted CROSS JOIN chains
ON chain = wanted.value;

-- name: operations(keys)
SELECT chain, generation, sequence, hash, text, reason FROM json_each(:keys) AS wanted CROSS JOIN operations
ON chain = json_extract(wanted.value, '$[0]') AND generation = json_extract(wanted.value, '$[1]')
AND sequence = json_extract(wanted.value, '$[2]');

-- name: operations_on(chain, generation, sequence, last)
SELECT chain, generation, sequence, hash, text, reason FROM operations
WHERE chain = :chain AND generation = :generation AND sequence BETWEEN :sequence AND :last ORDER BY sequence;

-- name: entries_on(chain, generation, sequence, last)
SELECT chain, generation, sequence, number, member, account, lot, points FROM entries
WHERE chain = :chain AND generation = :generation AND sequence BETWEEN :sequence AND :last ORDER BY sequence, number;

-- name: members(keys)
SELECT member, programme, registered, debt, merged_into FROM json_each(:keys) AS wanted CROSS JOIN members
ON member = wanted.value;

-- name: profiles(keys)
SELECT member, phone, birthday, favourites, name, email FROM json_each(:keys) AS wanted CROSS JOIN members
ON member = wanted.value;

-- name: cards(keys)
SELECT number, member, status, active_from, successor FROM json_each(:keys) AS wanted CROSS JOIN cards
ON number = wanted.value;

-- name: cards_of(keys)
SELECT number, member, status, active_from, successor FROM json_each(:keys) AS wanted CROSS JOIN cards
ON member = wanted.value ORDER BY member, number;

-- name: open_lots(keys, since)
-- two looks, each by a small index of its own: most lots of a member are empty and long dead
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM json_each(:keys) AS wanted
CROSS JOIN lots INDEXED BY lots_open ON member = wanted.value AND remaining > 0
UNION ALL
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM json_each(:keys) AS wanted
CROSS JOIN lots INDEXED BY lots_expired ON member = wanted.value AND expired > 0 AND expires_at > :since
WHERE remaining = 0;

-- name: lots_of(keys)
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM json_each(:keys) AS wanted
CROSS JOIN lots ON member = wanted.value;

-- name: lots(keys)
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM json_each(:keys) AS wanted
CROSS JOIN lots ON member = json_extract(wanted.value, '$[0]') AND lot = json_extract(wanted.value, '$[1]');

-- name: naming(keys)
SELECT name, chain, generation, sequence FROM json_each(:keys) AS wanted CROSS JOIN named
ON name = wanted.value ORDER BY name, chain, generation, sequence;

-- name: named_before(first, name, chain, generation, sequence, rows_max)
SELECT name, chain, generation, sequence FROM named
WHERE name >= :first AND (name, chain, generation, sequence) < (:name, :chain, :generation, :sequence)
ORDER BY name DESC, chain DESC, generation DESC, sequence DESC LIMIT :rows_max;

-- name: entries_of(keys)
SELECT chain, generation, sequence, number, member, account, lot, points FROM json_each(:keys) AS wanted
CROSS JOIN entries ON chain = json_extract(wanted.value, '$[0]') AND generation = json_extract(wanted.value, '$[1]')
AND sequence = json_extract(wanted.value, '$[2]') ORDER BY chain, generation, sequence, number;

-- name: restored(keys)
SELECT of_chain, of_generation, of_sequence, sum(restored) FROM json_each(:keys) AS wanted CROSS JOIN returns
ON of_chain = json_extract(wanted.value, '$[0]') AND of_generation = json_extract(wanted.value, '$[1]')
AND of_sequence = json_extract(wanted.value, '$[2]') GROUP BY of_chain, of_generation, of_sequence;

-- name: returns_of(keys)
SELECT of_chain, of_generation, of_sequence, chain, generation, sequence, restored FROM json_each(:keys) AS wanted
CROSS JOIN returns ON of_chain = json_extract(wanted.value, '$[0]') AND of_generation = json_extract(wanted.value, '$[1]')
AND of_sequence = json_extract(wanted.value, '$[2]')
ORDER BY of_chain, of_generation, of_sequence, chain, generation, sequence;

-- name: days_of(keys, since)
SELECT member, day, redeemed, offline, spent_kopecks FROM json_each(:keys) AS wanted CROSS JOIN days
ON member = wanted.value AND day >= :since ORDER BY member, day;

-- name: coupon_uses(keys)
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM json_each(:keys) AS wanted
CROSS JOIN used_coupons ON serial = wanted.value ORDER BY serial, number;

-- name: coupon_conflicts(keys)
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM json_each(:keys) AS wanted
CROSS JOIN coupon_conflicts ON serial = wanted.value ORDER BY serial, chain, generation, sequence;

-- name: made_coupons(keys)
SELECT serial, programme, campaign, member, code, body FROM json_each(:keys) AS wanted
CROSS JOIN coupons ON serial = wanted.value;

-- name: coupons_with_codes(keys)
SELECT serial, programme, campaign, member, code, body FROM json_each(:keys) AS wanted
CROSS JOIN coupons ON code = wanted.value AND code <> '';

-- name: coupons_of(keys)
SELECT serial, programme, campaign, member, code, body FROM json_each(:keys) AS wanted
CROSS JOIN coupons ON member = wanted.value AND member <> '' ORDER BY member, serial;

-- name: coupons_made(programme, campaign, after, rows_max)
SELECT serial, programme, campaign, member, code, body FROM coupons
WHERE programme = :programme AND campaign = :campaign AND serial > :after ORDER BY serial LIMIT :rows_max;

-- name: campaigns(keys)
SELECT programme, campaign, uses, discount_kopecks, stopped FROM json_each(:keys) AS wanted CROSS JOIN campaigns
ON programme = json_extract(wanted.value, '$[0]') AND campaign = json_extract(wanted.value, '$[1]')
WHERE uses <> 0 OR discount_kopecks <> 0 OR stopped <> '';

-- name: campaigns_of(programme)
SELECT programme, campaign, uses, discount_kopecks, stopped FROM campaigns
WHERE programme = :programme AND (uses <> 0 OR discount_kopecks <> 0 OR stopped <> '') ORDER BY campaign;

-- name: campaign_members(keys)
SELECT member, programme, campaign, uses, discount_kopecks FROM json_each(:keys) AS wanted
CROSS JOIN campaign_members ON member = wanted.value
WHERE uses <> 0 OR discount_kopecks <> 0 ORDER BY member, programme, campaign;

-- name: coupon_holds(programme, campaign)
SELECT serial, till, hold, programme, campaign, member, discount_kopecks, until FROM coupon_holds
WHERE programme = :programme AND campaign = :campaign ORDER BY serial, till;

-- name: coupon_holds_of(till)
SELECT serial, till, hold, programme, campaign, member, discount_kopecks, until FROM coupon_holds
WHERE till = :till ORDER BY serial;

-- name: cases(keys)
SELECT chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note, others,
       state, settled_at, settled_by, remedy, settled_note
FROM json_each(:keys) AS wanted CROSS JOIN cases
ON chain = json_extract(wanted.value, '$[0]') AND generation = json_extract(wanted.value, '$[1]')
AND sequence = json_extract(wanted.value, '$[2]') AND kind = json_extract(wanted.value, '$[3]');

-- name: changes(partition, after, limit)
SELECT cursor, kind, key FROM changes WHERE partition = :partition AND cursor > :after ORDER BY cursor LIMIT :limit;

-- name: newest_change(partition)$
SELECT max(cursor) FROM changes WHERE partition = :partition;

-- name: told_coupons(partition)
SELECT DISTINCT key FROM changes WHERE partition = :partition AND kind = 'coupon' ORDER BY key;

-- name: programmes(keys)
SELECT hash, source FROM json_each(:keys) AS wanted CROSS JOIN programmes ON hash = wanted.value;

-- name: once_of(keys)
SELECT member, what FROM json_each(:keys) AS wanted CROSS JOIN once
ON member = wanted.value ORDER BY member, what;

-- name: with_phones(keys, programme)
SELECT phone, member FROM json_each(:keys) AS wanted CROSS JOIN members
ON programme = :programme AND phone = wanted.value AND merged_into IS NULL ORDER BY phone, member;

-- name: holds_of(keys)
SELECT member, hold, till, points, until, state FROM json_each(:keys) AS wanted CROSS JOIN holds
ON member = wanted.value ORDER BY member, hold;

-- name: consents_of(keys)
SELECT member, what, given_at, document, source, withdrawn_at FROM json_each(:keys) AS wanted CROSS JOIN consents
ON member = wanted.value ORDER BY member, what, given_at;

-- name: earlier_sales(keys)
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM json_each(:keys) AS wanted CROSS JOIN earlier_sales
ON store = json_extract(wanted.value, '$[0]') AND day = json_extract(wanted.value, '$[1]')
AND number = json_extract(wanted.value, '$[2]');

-- name: earlier_with_cards(keys)
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM json_each(:keys) AS wanted CROSS JOIN earlier_sales
ON card = wanted.value;

-- name: earlier_with_documents(keys)
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM json_each(:keys) AS wanted CROSS JOIN earlier_sales
ON document = wanted.value;

-- name: named_stores(keys)
SELECT store, entity, format, timezone, members, keep_days, place FROM json_each(:keys) AS wanted CROSS JOIN stores
ON store = wanted.value;

-- name: goods(keys)
SELECT article, body FROM json_each(:keys) AS wanted CROSS JOIN goods ON article = wanted.value;

-- name: gift_rows(gift, first, rows_max)
SELECT gift, number, member, points FROM gifts WHERE gift = :gift AND number >= :first
ORDER BY number LIMIT :rows_max;

-- name: watched(keys)
SELECT subject, body FROM json_each(:keys) AS wanted CROSS JOIN watched ON subject = wanted.value;

-- name: store_days(keys)
SELECT store, day, till, by, body FROM json_each(:keys) AS wanted CROSS JOIN store_days
ON store = json_extract(wanted.value, '$[0]') AND day = json_extract(wanted.value, '$[1]')
AND till = json_extract(wanted.value, '$[2]') AND by = json_extract(wanted.value, '$[3]');

-- name: days_of_store(store, day)
SELECT store, day, till, by, body FROM store_days WHERE store = :store AND day = :day ORDER BY till, by;

-- name: last_acted()^
SELECT number, body FROM acted WHERE number = (SELECT max(number) FROM acted);

-- name: acted_before(number, rows_max)
SELECT number, body FROM acted WHERE number < :number ORDER BY number DESC LIMIT :rows_max;

-- name: has_shops()$
SELECT 1 FROM stores WHERE members = 'shop' LIMIT 1;

-- name: seen_of(keys)
SELECT member, store, until FROM json_each(:keys) AS wanted CROSS JOIN seen
ON member = wanted.value ORDER BY member, store;

-- name: seen(keys)
SELECT member, store, until FROM json_each(:keys) AS wanted CROSS JOIN seen
ON member = json_extract(wanted.value, '$[0]') AND store = json_extract(wanted.value, '$[1]');

-- name: due_holds(until, holds_max)
SELECT member, hold, till, points, until, state FROM holds WHERE until <= :until
ORDER BY until, member, hold LIMIT :holds_max;

-- name: due_seen(until, rows_max)
SELECT member, store, until FROM seen WHERE until <= :until ORDER BY until, member, store LIMIT :rows_max;

-- name: codes(keys)
SELECT codes.id, made_at, phone, member, body FROM json_each(:keys) AS wanted
CROSS JOIN codes ON codes.id = wanted.value;

-- name: codes_since(since)
SELECT id, made_at, phone, member, body FROM codes WHERE made_at > :since ORDER BY made_at, id;

-- name: codes_until(until, rows_max)
SELECT id, made_at, phone, member, body FROM codes WHERE made_at <= :until ORDER BY made_at, id LIMIT :rows_max;

-- name: all_codes()
SELECT id, made_at, phone, member, body FROM codes ORDER BY id;

-- name: card_phones(keys)
SELECT card_phones.id, card, body FROM json_each(:keys) AS wanted
CROSS JOIN card_phones ON card_phones.id = wanted.value;

-- name: phones_of_cards(keys)
SELECT card_phones.id, card, body FROM json_each(:keys) AS wanted CROSS JOIN card_phones ON card = wanted.value;

-- name: all_card_phones()
SELECT id, card, body FROM card_phones ORDER BY id;

-- name: card_orders(keys)
SELECT card_orders.id, member, state, number, at, body FROM json_each(:keys) AS wanted
CROSS JOIN card_orders ON card_orders.id = wanted.value;

-- name: card_orders_of(keys)
SELECT card_orders.id, member, state, number, at, body FROM json_each(:keys) AS wanted
CROSS JOIN card_orders ON member = wanted.value;

-- name: card_orders_with(keys)
SELECT card_orders.id, member, state, number, at, body FROM json_each(:keys) AS wanted
CROSS JOIN card_orders ON number = wanted.value AND number <> '';

-- name: card_orders_in(state, rows_max)
SELECT id, member, state, number, at, body FROM card_orders WHERE state = :state ORDER BY at, id LIMIT :rows_max;

-- name: errands(keys)
SELECT errands.id, kind, member, about, state, due_at, at, body FROM json_each(:keys) AS wanted
CROSS JOIN errands ON errands.id = wanted.value;

-- name: errands_of(kind, keys)
SELECT errands.id, kind, member, about, state, due_at, at, body FROM json_each(:keys) AS wanted
CROSS JOIN errands ON member = wanted.value AND member <> '' AND kind = :kind;

-- name: every_errand_of(keys)
SELECT errands.id, kind, member, about, state, due_at, at, body FROM json_each(:keys) AS wanted
CROSS JOIN errands ON member = wanted.value AND member <> '';

-- name: errands_about(kind, keys)
SELECT errands.id, kind, member, about, state, due_at, at, body FROM json_each(:keys) AS wanted
CROSS JOIN errands ON kind = :kind AND about = wanted.value AND about <> '';

-- name: errands_in(kind, state, rows_max)
SELECT id, kind, member, about, state, due_at, at, body FROM errands WHERE kind = :kind AND state = :state ORDER BY at, id LIMIT :rows_max;

-- name: errands_due(kind, until, rows_max)
SELECT id, kind, member, about, state, due_at, at, body FROM errands WHERE kind = :kind AND due_at <= :until ORDER BY due_at, id LIMIT :rows_max;

-- name: all_errands()
SELECT id, kind, member, about, state, due_at, at, body FROM errands ORDER BY id;

-- name: pictures(keys)
SELECT pictures.id, of, body FROM json_each(:keys) AS wanted CROSS JOIN pictures ON pictures.id = wanted.value;

-- name: pictures_of(keys)
SELECT pictures.id, of FROM json_each(:keys) AS wanted CROSS JOIN pictures ON of = wanted.value;

-- name: all_pictures()
SELECT id, of, body FROM pictures ORDER BY id;

-- name: all_card_orders()
SELECT id, member, state, number, at, body FROM card_orders ORDER BY id;

-- name: messages(keys)
SELECT messages.id, state, made_at, body FROM json_each(:keys) AS wanted
CROSS JOIN messages ON messages.id = wanted.value;

-- name: messages_in(state, rows_max)
SELECT id, state, made_at, body FROM messages WHERE state = :state ORDER BY made_at, id LIMIT :rows_max;

-- name: messages_until(until, rows_max)
SELECT id, state, made_at, body FROM messages WHERE made_at <= :until ORDER BY made_at, id LIMIT :rows_max;

-- name: newest_messages(rows_max)
SELECT id, state, made_at, body FROM messages ORDER BY made_at DESC, id DESC LIMIT :rows_max;

-- name: all_messages()
SELECT id, state, made_at, body FROM messages ORDER BY id;

-- name: mailings(keys)
SELECT mailing, body FROM json_each(:keys) AS wanted CROSS JOIN mailings ON mailing = wanted.value;

-- name: all_mailings()
SELECT mailing, body FROM mailings ORDER BY mailing;

-- name: letters(keys)
SELECT letters.member, letters.id, made_at, mailing, state, due_at, body FROM json_each(:keys) AS wanted
CROSS JOIN letters ON member = json_extract(wanted.value, '$[0]') AND letters.id = json_extract(wanted.value, '$[1]');

-- name: letters_called(keys)
SELECT letters.member, letters.id, made_at, mailing, state, due_at, body FROM json_each(:keys) AS wanted
CROSS JOIN letters ON letters.id = wanted.value;

-- name: letters_of(keys)
SELECT letters.member, letters.id, made_at, mailing, state, due_at, body FROM json_each(:keys) AS wanted
CROSS JOIN letters ON member = wanted.value;

-- name: letters_of_mailing(mailing, after, rows_max)
SELECT member, id, made_at, mailing, state, due_at, body FROM letters
WHERE mailing = :mailing AND mailing <> '' AND member > :after ORDER BY member LIMIT :rows_max;

-- name: due_letters(until, rows_max)
SELECT member, id, made_at, mailing, state, due_at, body FROM letters
WHERE due_at IS NOT NULL AND due_at <= :until ORDER BY due_at, member, id LIMIT :rows_max;

-- name: all_letters()
SELECT member, id, made_at, mailing, state, due_at, body FROM letters ORDER BY member, id;

-- name: phones_confirmed(keys)
SELECT member, phone, at FROM json_each(:keys) AS wanted CROSS JOIN phones_confirmed ON member = wanted.value;

-- name: all_phones_confirmed()
SELECT member, phone, at FROM phones_confirmed ORDER BY member;

-- name: all_holds()
SELECT member, hold, till, points, until, state FROM holds ORDER BY member, hold;

-- name: all_consents()
SELECT member, what, given_at, document, source, withdrawn_at FROM consents ORDER BY member, what, given_at;

-- name: all_earlier_sales()
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM earlier_sales
ORDER BY store, day, number, pos;

-- name: all_stores()
SELECT store, entity, format, timezone, members, keep_days, place FROM stores ORDER BY store;

-- name: tills(keys)
SELECT till, body FROM json_each(:keys) AS wanted CROSS JOIN tills ON till = wanted.value;

-- name: till_settings(keys)
SELECT store, name, body FROM json_each(:keys) AS wanted CROSS JOIN till_settings ON store = wanted.value;

-- name: staff(keys)
SELECT list, staff.id, body FROM json_each(:keys) AS wanted CROSS JOIN staff ON list = wanted.value;

-- name: staff_called(keys)
SELECT list, staff.id, body FROM json_each(:keys) AS wanted CROSS JOIN staff ON list = '' AND staff.id = wanted.value;

-- name: all_staff()
SELECT list, id, body FROM staff ORDER BY list, id;

-- name: all_till_settings()
SELECT store, name, body FROM till_settings ORDER BY store, name;

-- name: all_batches()
SELECT batch, body FROM batches ORDER BY batch;

-- name: blanks(keys)
SELECT number, batch, state FROM json_each(:keys) AS wanted CROSS JOIN blanks ON number = wanted.value;

-- name: all_blanks_left()
SELECT batch, count(*) FROM blanks WHERE state = 'blank' AND NOT EXISTS (SELECT 1 FROM cards WHERE cards.number = blanks.number)
GROUP BY batch;

-- name: certificates(keys)
SELECT number, programme, store, face, remaining, beyond, paid, until, state, successor, tries FROM json_each(:keys) AS wanted CROSS JOIN certificates ON number = wanted.value;

-- name: certificate_entries_of(keys)
SELECT chain, generation, sequence, number, certificate, account, kopecks FROM json_each(:keys) AS wanted CROSS JOIN certificate_entries
ON chain = json_extract(wanted.value, '$[0]') AND generation = json_extract(wanted.value, '$[1]')
AND sequence = json_extract(wanted.value, '$[2]') ORDER BY chain, generation, sequence, number;

-- name: certificate_holds_of(keys)
SELECT certificate, till, hold, kopecks, made_at, until FROM json_each(:keys) AS wanted CROSS JOIN certificate_holds
ON certificate = wanted.value ORDER BY certificate, till;

-- name: certificate_holds_named(till, hold)
SELECT certificate, till, hold, kopecks, made_at, until FROM certificate_holds WHERE till = :till AND hold = :hold ORDER BY certificate;

-- name: certificate_numbers(keys)
SELECT number, batch FROM json_each(:keys) AS wanted CROSS JOIN certificate_numbers ON number = wanted.value;

-- name: certificate_numbers_ahead(batch, rows_max)
SELECT number, batch FROM certificate_numbers WHERE batch = :batch AND NOT EXISTS
(SELECT 1 FROM certificates WHERE certificates.number = certificate_numbers.number) ORDER BY number LIMIT :rows_max;

-- name: due_certificates(until, rows_max)
SELECT number, programme, store, face, remaining, beyond, paid, until, state, successor, tries FROM certificates
WHERE paid = 0 AND remaining > 0 AND until IS NOT NULL AND until <= :until ORDER BY until, number LIMIT :rows_max;

-- name: all_certificates()
SELECT number, programme, store, face, remaining, beyond, paid, until, state, successor, tries FROM certificates ORDER BY number;

-- name: all_certificate_entries()
SELECT chain, generation, sequence, number, certificate, account, kopecks FROM certificate_entries
ORDER BY chain, generation, sequence, number;

-- name: all_certificate_holds()
SELECT certificate, till, hold, kopecks, made_at, until FROM certificate_holds ORDER BY certificate, till;

-- name: all_certificate_numbers()
SELECT number, batch FROM certificate_numbers ORDER BY number;

-- name: all_blanks()
SELECT number, batch, state FROM blanks ORDER BY number;

-- name: all_tills()
SELECT till, body FROM tills ORDER BY till;

-- name: all_goods()
SELECT article, body FROM goods ORDER BY article;

-- name: all_gifts()
SELECT gift, number, member, points FROM gifts ORDER BY gift, number;

-- name: all_published()
SELECT programme, begins_at, version, hash, at FROM published ORDER BY programme, begins_at;

-- name: all_watched()
SELECT subject, body FROM watched ORDER BY subject;

-- name: all_store_days()
SELECT store, day, till, by, body FROM store_days ORDER BY store, day, till, by;

-- name: all_acted()
SELECT number, body FROM acted ORDER BY number;

-- name: all_seen()
SELECT member, store, until FROM seen ORDER BY member, store;

-- name: all_jobs()
SELECT job, done_until, did, holder, held_until FROM jobs ORDER BY job;

-- name: died_unspent(until, ended, member, lots_max)
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots INDEXED BY lots_by_end
WHERE remaining > 0 AND expires_at <= :until AND (expires_at, member) > (:ended, :member)
ORDER BY expires_at, member LIMIT :lots_max;

-- name: due_cards(until, cards_max)
SELECT number, member, status, active_from, successor FROM cards INDEXED BY cards_pending
WHERE status = 'pending' AND active_from <= :until ORDER BY active_from, number LIMIT :cards_max;

-- name: born_on(programme, month_day, without, after, members_max)
SELECT member FROM members INDEXED BY members_by_birthday
WHERE birthday IS NOT NULL AND substr(birthday, 6) = :month_day AND member > :after
AND programme = :programme AND registered = 1 AND merged_into IS NULL
AND NOT EXISTS (SELECT 1 FROM once WHERE once.member = members.member AND what = :without)
ORDER BY member LIMIT :members_max;

-- name: all_chains()
SELECT chain, generation, sequence, last_hash FROM chains ORDER BY chain, generation;

-- name: all_operations()
SELECT chain, generation, sequence, hash, text, reason FROM operations ORDER BY chain, generation, sequence;

-- name: all_named()
SELECT name, chain, generation, sequence FROM named ORDER BY name, chain, generation, sequence;

-- name: all_members()
SELECT member, programme, registered, debt, merged_into FROM members ORDER BY member;

-- name: all_cards()
SELECT number, member, status, active_from, successor FROM cards ORDER BY number;

-- name: all_lots()
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots ORDER BY member, lot;

-- name: all_entries()
SELECT chain, generation, sequence, number, member, account, lot, points FROM entries
ORDER BY chain, generation, sequence, number;

-- name: all_days()
SELECT member, day, redeemed, offline, spent_kopecks FROM days ORDER BY member, day;

-- name: all_coupon_uses()
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM used_coupons
ORDER BY serial, chain, generation, sequence;

-- name: all_conflicts()
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM coupon_conflicts
ORDER BY serial, chain, generation, sequence;

-- name: all_made_coupons()
SELECT serial, programme, campaign, member, code, body FROM coupons ORDER BY serial;

-- name: all_campaigns()
SELECT programme, campaign, uses, discount_kopecks, stopped FROM campaigns
WHERE uses <> 0 OR discount_kopecks <> 0 OR stopped <> '' ORDER BY programme, campaign;

-- name: all_campaign_members()
SELECT member, programme, campaign, uses, discount_kopecks FROM campaign_members
WHERE uses <> 0 OR discount_kopecks <> 0 ORDER BY member, programme, campaign;

-- name: all_coupon_holds()
SELECT serial, till, hold, programme, campaign, member, discount_kopecks, until FROM coupon_holds ORDER BY serial, till;

-- name: all_returns()
SELECT of_chain, of_generation, of_sequence, chain, generation, sequence, restored FROM returns
ORDER BY of_chain, of_generation, of_sequence, chain, generation, sequence;

-- name: all_cases()
SELECT chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note, others,
       state, settled_at, settled_by, remedy, settled_note
FROM cases ORDER BY chain, generation, sequence, kind;

-- name: all_open_cases()
SELECT chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note, others,
       state, settled_at, settled_by, remedy, settled_note
FROM cases WHERE state = 'open' ORDER BY opened_at, chain, generation, sequence, kind;

-- name: all_once()
SELECT member, what FROM once ORDER BY member, what;

-- name: all_profiles()
SELECT member, phone, birthday, favourites, name, email FROM members
WHERE phone IS NOT NULL OR birthday IS NOT NULL OR favourites <> '[]' OR name IS NOT NULL OR email IS NOT NULL
ORDER BY member;

-- name: all_programmes()
SELECT hash, source FROM programmes ORDER BY hash;

-- name: all_changes()
SELECT partition, cursor, kind, key FROM changes ORDER BY partition, cursor;

-- name: all_settings()
SELECT name, value FROM settings;

-- name: members_of(programme)
SELECT member FROM members WHERE programme = :programme AND merged_into IS NULL ORDER BY member;

-- name: members_behind(programme, after, members_max)
SELECT member FROM members WHERE member > :after AND programme = :programme AND merged_into IS NULL
ORDER BY member LIMIT :members_max;

-- name: died_between(programme, after, until, more_than)
-- few have so many: they are counted in the small index, and only theirs are looked at
SELECT member FROM (
  SELECT member FROM lots INDEXED BY lots_open WHERE remaining > 0 GROUP BY member HAVING count(*) > :more_than
) AS rich
CROSS JOIN members USING (member)
WHERE programme = :programme AND EXISTS (
  SELECT 1 FROM lots WHERE lots.member = rich.member AND remaining + expired > 0
  AND expires_at > :after AND expires_at <= :until
) ORDER BY member;

-- name: counts()^
SELECT (SELECT count(*) FROM operations), (SELECT count(*) FROM entries), (SELECT count(*) FROM members),
       (SELECT count(*) FROM coupon_conflicts);

-- name: damage()
-- of pages and indexes: whoever only looks is not told of checks
SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok';

-- name: keep_programmes*!
INSERT INTO programmes (hash, source) VALUES (?, ?) ON CONFLICT DO NOTHING;

-- name: set_settings*!
INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: add_operations*!
INSERT INTO operations (chain, generation, sequence, hash, text, reason) VALUES (?, ?, ?, ?, ?, ?);

-- name: add_named*!
INSERT INTO named (name, chain, generation, sequence) VALUES (?, ?, ?, ?);

-- name: covered_of(keys)
SELECT chain, generation, covered FROM json_each(:keys) AS wanted CROSS JOIN chains ON chain = wanted.value
WHERE covered > 0;

-- name: cover*!
UPDATE chains SET covered = max(covered, ?3) WHERE chain = ?1 AND generation = ?2;

-- name: set_chains*!
INSERT INTO chains (chain, generation, sequence, last_hash) VALUES (?, ?, ?, ?)
ON CONFLICT (chain, generation) DO UPDATE SET sequence = excluded.sequence, last_hash = excluded.last_hash;

-- name: add_members*!
INSERT INTO members (member, programme, registered, debt, merged_into, phone, birthday, favourites, name, email)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: set_members*!
UPDATE members SET programme = ?2, registered = ?3, debt = ?4, merged_into = ?5 WHERE member = ?1;

-- name: set_profiles*!
UPDATE members SET phone = ?2, birthday = ?3, favourites = ?4, name = ?5, email = ?6 WHERE member = ?1;

-- name: add_cards*!
INSERT INTO cards (number, member, status, active_from, successor) VALUES (?, ?, ?, ?, ?);

-- name: set_cards*!
UPDATE cards SET status = ?3, active_from = ?4, successor = ?5 WHERE number = ?1 AND member = ?2;

-- name: move_cards*!
UPDATE cards SET member = ?3, status = ?4, active_from = ?5, successor = ?6 WHERE number = ?2 AND member = ?1;

-- name: add_lots*!
INSERT INTO lots (member, lot, granted, remaining, expired, active_from, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: set_lots*!
UPDATE lots SET granted = ?3, remaining = ?4, expired = ?5, active_from = ?6, expires_at = ?7
WHERE member = ?1 AND lot = ?2;

-- name: add_entries*!
INSERT INTO entries (chain, generation, sequence, number, member, account, lot, points)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: add_days*!
INSERT INTO days (member, day, redeemed, offline, spent_kopecks) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (member, day) DO UPDATE SET redeemed = redeemed + excluded.redeemed, offline = offline + excluded.offline,
spent_kopecks = spent_kopecks + excluded.spent_kopecks;

-- name: free_coupons*!
DELETE FROM used_coupons WHERE serial = ? AND chain = ? AND generation = ? AND sequence = ?;

-- name: use_coupons*!
INSERT INTO used_coupons (serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: settle_conflicts*!
DELETE FROM coupon_conflicts WHERE serial = ? AND chain = ? AND generation = ? AND sequence = ?;

-- name: add_conflicts*!
INSERT INTO coupon_conflicts (serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: set_made_coupons*!
INSERT INTO coupons (serial, programme, campaign, member, code, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (serial) DO UPDATE SET programme = excluded.programme, campaign = excluded.campaign,
member = excluded.member, code = excluded.code, body = excluded.body;

-- name: set_campaigns*!
INSERT INTO campaigns (programme, campaign, uses, discount_kopecks, stopped) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (programme, campaign) DO UPDATE SET uses = excluded.uses, discount_kopecks = excluded.discount_kopecks,
stopped = excluded.stopped;

-- name: set_campaign_members*!
INSERT INTO campaign_members (member, programme, campaign, uses, discount_kopecks) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (member, programme, campaign) DO UPDATE SET uses = excluded.uses,
discount_kopecks = excluded.discount_kopecks;

-- name: drop_coupon_holds*!
DELETE FROM coupon_holds WHERE serial = ? AND till = ?;

-- name: set_coupon_holds*!
INSERT INTO coupon_holds (serial, till, hold, programme, campaign, member, discount_kopecks, until)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (serial, till) DO UPDATE SET hold = excluded.hold, programme = excluded.programme,
campaign = excluded.campaign, member = excluded.member, discount_kopecks = excluded.discount_kopecks,
until = excluded.until;

-- name: add_returns*!
INSERT INTO returns (of_chain, of_generation, of_sequence, chain, generation, sequence, restored)
VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: add_cases*!
INSERT INTO cases (chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note,
                   others, state, settled_at, settled_by, remedy, settled_note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: set_cases*!
UPDATE cases SET opened_at = ?5, programme = ?6, member = ?7, sale = ?8, cost_points = ?9, cost_kopecks = ?10, note = ?11,
  others = ?12, state = ?13, settled_at = ?14, settled_by = ?15, remedy = ?16, settled_note = ?17
WHERE chain = ?1 AND generation = ?2 AND sequence = ?3 AND kind = ?4;

-- name: add_changes*!
INSERT INTO changes (partition, kind, key) VALUES (?, ?, ?);

-- name: add_once*!
INSERT INTO once (member, what) VALUES (?, ?);

-- name: drop_holds*!
DELETE FROM holds WHERE member = ? AND hold = ?;

-- name: add_holds*!
INSERT INTO holds (member, hold, till, points, until, state) VALUES (?, ?, ?, ?, ?, ?);

-- name: set_holds*!
UPDATE holds SET till = ?3, points = ?4, until = ?5, state = ?6 WHERE member = ?1 AND hold = ?2;

-- name: drop_consents*!
DELETE FROM consents WHERE member = ? AND what = ? AND given_at = ?;

-- name: add_consents*!
INSERT INTO consents (member, what, given_at, document, source, withdrawn_at) VALUES (?, ?, ?, ?, ?, ?);

-- name: set_consents*!
UPDATE consents SET document = ?4, source = ?5, withdrawn_at = ?6 WHERE member = ?1 AND what = ?2 AND given_at = ?3;

-- name: add_earlier_sales*!
INSERT INTO earlier_sales (store, day, number, pos, chain, generation, sequence, card, document)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: set_stores*!
INSERT INTO stores (store, entity, format, timezone, members, keep_days, place) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (store) DO UPDATE SET entity = excluded.entity, format = excluded.format, timezone = excluded.timezone,
members = excluded.members, keep_days = excluded.keep_days, place = excluded.place;

-- name: set_batches*!
INSERT INTO batches (batch, body) VALUES (?, ?) ON CONFLICT (batch) DO UPDATE SET body = excluded.body;

-- name: set_blanks*!
INSERT INTO blanks (number, batch, state) VALUES (?, ?, ?) ON CONFLICT (number) DO UPDATE SET state = excluded.state;

-- name: add_certificates*!
INSERT INTO certificates (number, programme, store, face, remaining, beyond, paid, until, state, successor, tries)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: set_certificates*!
UPDATE certificates SET programme = ?2, store = ?3, face = ?4, remaining = ?5, beyond = ?6, paid = ?7, until = ?8,
  state = ?9, successor = ?10, tries = ?11
WHERE number = ?1;

-- name: add_certificate_entries*!
INSERT INTO certificate_entries (chain, generation, sequence, number, certificate, account, kopecks) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: drop_certificate_holds*!
DELETE FROM certificate_holds WHERE certificate = ? AND till = ?;

-- name: set_certificate_holds*!
INSERT INTO certificate_holds (certificate, till, hold, kopecks, made_at, until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (certificate, till) DO UPDATE SET hold = excluded.hold, kopecks = excluded.kopecks,
made_at = excluded.made_at, until = excluded.until;

-- name: add_certificate_numbers*!
INSERT INTO certificate_numbers (number, batch) VALUES (?, ?);

-- name: set_tills*!
INSERT INTO tills (till, body) VALUES (?, ?) ON CONFLICT (till) DO UPDATE SET body = excluded.body;

-- name: set_staff*!
INSERT INTO staff (list, id, body) VALUES (?, ?, ?) ON CONFLICT (list, id) DO UPDATE SET body = excluded.body;

-- name: set_till_settings*!
INSERT INTO till_settings (store, name, body) VALUES (?, ?, ?) ON CONFLICT (store, name) DO UPDATE SET body = excluded.body;

-- name: set_goods*!
INSERT INTO goods (article, body) VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET body = excluded.body;

-- name: set_gifts*!
INSERT INTO gifts (gift, number, member, points) VALUES (?, ?, ?, ?)
ON CONFLICT (gift, number) DO UPDATE SET member = excluded.member, points = excluded.points;

-- name: withdraw*!
DELETE FROM published WHERE programme = ? AND begins_at = ?;

-- name: add_published*!
INSERT INTO published (programme, begins_at, version, hash, at) VALUES (?, ?, ?, ?, ?);

-- name: set_watched*!
INSERT INTO watched (subject, body) VALUES (?, ?) ON CONFLICT (subject) DO UPDATE SET body = excluded.body;

-- name: set_store_days*!
INSERT INTO store_days (store, day, till, by, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (store, day, till, by) DO UPDATE SET body = excluded.body;

-- name: add_acted*!
INSERT INTO acted (number, body) VALUES (?, ?);

-- name: drop_seen*!
DELETE FROM seen WHERE member = ? AND store = ?;

-- name: set_seen*!
INSERT INTO seen (member, store, until) VALUES (?, ?, ?)
ON CONFLICT (member, store) DO UPDATE SET until = excluded.until;

-- name: drop_codes*!
DELETE FROM codes WHERE id = ?;

-- name: set_codes*!
INSERT INTO codes (id, made_at, phone, member, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body;

-- name: drop_card_phones*!
DELETE FROM card_phones WHERE id = ?;

-- name: set_card_phones*!
INSERT INTO card_phones (id, card, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body;

-- name: set_card_orders*!
INSERT INTO card_orders (id, member, state, number, at, body) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, number = excluded.number, at = excluded.at, body = excluded.body;

-- name: drop_errands*!
DELETE FROM errands WHERE id = ?;

-- name: set_errands*!
INSERT INTO errands (id, kind, member, about, state, due_at, at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET member = excluded.member, about = excluded.about, state = excluded.state,
  due_at = excluded.due_at, at = excluded.at, body = excluded.body;

-- name: drop_pictures*!
DELETE FROM pictures WHERE id = ?;

-- name: set_pictures*!
INSERT INTO pictures (id, of, body) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET of = excluded.of, body = excluded.body;

-- name: drop_messages*!
DELETE FROM messages WHERE id = ?;

-- name: set_messages*!
INSERT INTO messages (id, state, made_at, body) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body;

-- name: set_mailings*!
INSERT INTO mailings (mailing, body) VALUES (?, ?)
ON CONFLICT (mailing) DO UPDATE SET body = excluded.body;

-- name: drop_letters*!
DELETE FROM letters WHERE member = ? AND id = ?;

-- name: add_letters*!
INSERT INTO letters (member, id, made_at, mailing, state, due_at, body) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: set_letters*!
INSERT INTO letters (member, id, made_at, mailing, state, due_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (member, id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, body = excluded.body;

-- name: drop_phones_confirmed*!
DELETE FROM phones_confirmed WHERE member = ?;

-- name: set_phones_confirmed*!
INSERT INTO phones_confirmed (member, phone, at) VALUES (?, ?, ?)
ON CONFLICT (member) DO UPDATE SET phone = excluded.phone, at = excluded.at;

-- name: set_jobs*!
INSERT INTO jobs (job, done_until, did, holder, held_until) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (job) DO UPDATE SET done_until = excluded.done_until, did = excluded.did, holder = excluded.holder,
held_until = excluded.held_until;

-- name: take_job(job, holder, now, until, never)!
INSERT INTO jobs (job, holder, held_until) VALUES (:job, :holder, :until)
ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE jobs.holder IS NULL OR jobs.holder = excluded.holder OR jobs.held_until <= :now OR jobs.held_until > :never;

-- name: end_job(job, holder, done_until, did)!
UPDATE jobs SET done_until = :done_until, did = :did, holder = NULL, held_until = NULL
WHERE job = :job AND holder = :holder;

-- name: leave_job(job, holder)!
UPDATE jobs SET holder = NULL, held_until = NULL WHERE job = :job AND holder = :holder;

-- name: carry_changes*!
INSERT INTO changes (partition, cursor, kind, key) VALUES (?, ?, ?, ?);

-- name: forget_days()!
DELETE FROM days;

-- name: stickers_of(keys)
SELECT member, collection, stickers FROM json_each(:keys) AS wanted CROSS JOIN stickers
ON member = wanted.value ORDER BY member, collection;

-- name: all_stickers()
SELECT member, collection, stickers FROM stickers ORDER BY member, collection;

-- name: all_sticker_entries()
SELECT chain, generation, sequence, member, collection, stickers FROM sticker_entries
ORDER BY chain, generation, sequence, member, collection;

-- name: add_stickers*!
INSERT INTO stickers (member, collection, stickers) VALUES (?, ?, ?)
ON CONFLICT (member, collection) DO UPDATE SET stickers = stickers + excluded.stickers;

-- name: add_sticker_entries*!
INSERT INTO sticker_entries (chain, generation, sequence, member, collection, stickers) VALUES (?, ?, ?, ?, ?, ?);
