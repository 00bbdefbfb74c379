-- Everything the hub asks of PostgreSQL, by name. Keys come as arrays, and what is not there is left out. A statement
-- here also runs where the tables are spread over several servers (distribution.py): tests read this file. %(…)b is sent
-- as the server keeps it: an array in letters takes three times as long.

-- name: setting
SELECT value FROM settings WHERE name = %(name)s;

-- name: chain_ends
SELECT chain, generation, sequence, last_hash
FROM unnest(%(chains)b::text[], %(generations)b::bigint[]) AS wanted (chain, generation)
JOIN chains USING (chain, generation)
WHERE sequence >= 0;

-- name: newest_ends
SELECT DISTINCT ON (chain) chain, generation, sequence, last_hash FROM chains
WHERE chain = ANY(%(chains)b::text[]) AND sequence >= 0
ORDER BY chain, generation DESC;

-- name: ends_of
SELECT chain, generation, sequence, last_hash FROM chains WHERE chain = ANY(%(chains)b::text[]) AND sequence >= 0;

-- name: operations
SELECT chain, generation, sequence, hash, text, reason
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[])
  AS wanted (chain, generation, sequence)
JOIN operations USING (chain, generation, sequence);

-- name: operations_on
SELECT chain, generation, sequence, hash, text, reason FROM operations
WHERE chain = %(chain)s AND generation = %(generation)s AND sequence BETWEEN %(sequence)s AND %(last)s
ORDER BY sequence;

-- name: entries_on
SELECT chain, generation, sequence, number, member, account, lot, points FROM entries
WHERE chain = %(chain)s AND generation = %(generation)s AND sequence BETWEEN %(sequence)s AND %(last)s
ORDER BY sequence, number;

-- name: members
SELECT member, programme, registered, debt, merged_into FROM members WHERE member = ANY(%(members)b::text[]);

-- name: profiles
SELECT member, phone, birthday, favourites, name, email FROM members WHERE member = ANY(%(members)b::text[]);

-- name: cards
SELECT number, member, status, active_from, successor FROM cards WHERE number = ANY(%(numbers)b::text[]);

-- name: cards_of
SELECT number, member, status, active_from, successor FROM cards WHERE member = ANY(%(members)b::text[])
ORDER BY member, number;

-- name: open_lots
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots
WHERE member = ANY(%(members)b::text[]) AND remaining > 0
UNION ALL
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots
WHERE member = ANY(%(members)b::text[]) AND expired > 0 AND expires_at > %(since)s AND remaining = 0;

-- name: lots_of
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots
WHERE member = ANY(%(members)b::text[]);

-- name: lots
SELECT member, lot, granted, remaining, expired, active_from, expires_at
FROM unnest(%(members)b::text[], %(lots)b::text[]) AS wanted (member, lot)
JOIN lots USING (member, lot);

-- name: naming
SELECT name, chain, generation, sequence FROM named WHERE name = ANY(%(names)b::text[])
ORDER BY name, chain, generation, sequence;

-- name: named_before
SELECT name, chain, generation, sequence FROM named
WHERE name >= %(first)b
  AND (name, chain, generation, sequence) < (%(name)b, %(chain)b, %(generation)b::bigint, %(sequence)b::bigint)
ORDER BY name DESC, chain DESC, generation DESC, sequence DESC LIMIT %(rows_max)b;

-- name: entries_of
SELECT chain, generation, sequence, number, member, account, lot, points
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[])
  AS wanted (chain, generation, sequence)
JOIN entries USING (chain, generation, sequence)
ORDER BY chain, generation, sequence, number, member;

-- name: restored
SELECT of_chain, of_generation, of_sequence, sum(restored)::bigint
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[])
  AS wanted (of_chain, of_generation, of_sequence)
JOIN returns USING (of_chain, of_generation, of_sequence)
GROUP BY of_chain, of_generation, of_sequence;

-- name: returns_of
SELECT of_chain, of_generation, of_sequence, chain, generation, sequence, restored
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[])
  AS wanted (of_chain, of_generation, of_sequence)
JOIN returns USING (of_chain, of_generation, of_sequence)
ORDER BY of_chain, of_generation, of_sequence, chain, generation, sequence;

-- name: days_of
SELECT member, day, redeemed, offline, spent_kopecks FROM days
WHERE member = ANY(%(members)b::text[]) AND day >= %(since)s
ORDER BY member, day;

-- name: coupon_uses
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM used_coupons
WHERE serial = ANY(%(serials)b::text[]) ORDER BY serial, number;

-- name: coupon_conflicts
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM coupon_conflicts
WHERE serial = ANY(%(serials)b::text[])
ORDER BY serial, chain, generation, sequence;

-- name: made_coupons
SELECT serial, programme, campaign, member, code, body FROM coupons WHERE serial = ANY(%(serials)b::text[]);

-- name: coupons_with_codes
SELECT serial, programme, campaign, member, code, body FROM coupons
WHERE code = ANY(%(codes)b::text[]) AND code <> '';

-- name: coupons_of
SELECT serial, programme, campaign, member, code, body FROM coupons
WHERE member = ANY(%(members)b::text[]) AND member <> '' ORDER BY member, serial;

-- name: coupons_made
SELECT serial, programme, campaign, member, code, body FROM coupons
WHERE programme = %(programme)s AND campaign = %(campaign)s AND serial > %(after)s
ORDER BY serial LIMIT %(rows_max)s;

-- name: campaigns
SELECT programme, campaign, uses, discount_kopecks, stopped
FROM unnest(%(programmes)b::text[], %(campaigns)b::text[]) AS wanted (programme, campaign)
JOIN campaigns USING (programme, campaign)
WHERE uses <> 0 OR discount_kopecks <> 0 OR stopped <> '';

-- name: campaigns_of
SELECT programme, campaign, uses, discount_kopecks, stopped FROM campaigns
WHERE programme = %(programme)s AND (uses <> 0 OR discount_kopecks <> 0 OR stopped <> '') ORDER BY campaign;

-- name: campaign_members
SELECT member, programme, campaign, uses, discount_kopecks FROM campaign_members
WHERE member = ANY(%(members)b::text[]) AND (uses <> 0 OR discount_kopecks <> 0) ORDER BY member, programme, campaign;

-- name: coupon_holds
SELECT serial, till, hold, programme, campaign, member, discount_kopecks, until FROM coupon_holds
WHERE programme = %(programme)s AND campaign = %(campaign)s ORDER BY serial, till;

-- name: coupon_holds_of
SELECT serial, till, hold, programme, campaign, member, discount_kopecks, until FROM coupon_holds
WHERE till = %(till)s ORDER BY serial;

-- name: cases
SELECT chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note, others,
       state, settled_at, settled_by, remedy, settled_note
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[], %(kinds)b::text[])
  AS wanted (chain, generation, sequence, kind)
JOIN cases USING (chain, generation, sequence, kind);

-- name: changes
-- Only what is older than every writer that has not ended: a lower cursor can come from nobody any more.
SELECT cursor, kind, key FROM changes
WHERE partition = %(partition)s AND cursor > %(after)s
  AND cursor < (
    coalesce(%(bound)s::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    + coalesce((SELECT value::bigint FROM settings WHERE name = 'feed_offset'), 0)
  ) << 20
ORDER BY cursor
LIMIT %(limit)s;

-- name: newest_change
SELECT max(cursor) FROM changes
WHERE partition = %(partition)s
  AND cursor < (
    coalesce(%(bound)s::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    + coalesce((SELECT value::bigint FROM settings WHERE name = 'feed_offset'), 0)
  ) << 20;

-- name: told_coupons
SELECT DISTINCT key FROM changes WHERE partition = %(partition)s AND kind = 'coupon' ORDER BY key;

-- name: programmes
SELECT hash, source FROM programmes WHERE hash = ANY(%(hashes)b::text[]);

-- name: once_of
SELECT member, what FROM once WHERE member = ANY(%(members)b::text[]) ORDER BY member, what;

-- name: with_phones
SELECT phone, member FROM members
WHERE programme = %(programme)s AND phone = ANY(%(phones)b::text[]) AND merged_into IS NULL ORDER BY phone, member;

-- name: holds_of
SELECT member, hold, till, points, until, state FROM holds WHERE member = ANY(%(members)b::text[])
ORDER BY member, hold;

-- name: consents_of
SELECT member, what, given_at, document, source, withdrawn_at FROM consents WHERE member = ANY(%(members)b::text[])
ORDER BY member, what, given_at;

-- name: earlier_sales
SELECT store, day, number, pos, chain, generation, sequence, card, document
FROM unnest(%(stores)b::text[], %(days)b::text[], %(numbers)b::text[]) AS wanted (store, day, number)
JOIN earlier_sales USING (store, day, number);

-- name: earlier_with_cards
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM earlier_sales
WHERE card = ANY(%(cards)b::text[]);

-- name: earlier_with_documents
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM earlier_sales
WHERE document = ANY(%(documents)b::text[]);

-- name: named_stores
SELECT store, entity, format, timezone, members, keep_days, place FROM stores WHERE store = ANY(%(stores)b::text[]);

-- name: goods
SELECT article, body FROM goods WHERE article = ANY(%(articles)b::text[]);

-- name: has_shops
SELECT EXISTS (SELECT 1 FROM stores WHERE members = 'shop');

-- name: seen_of
SELECT member, store, until FROM seen WHERE member = ANY(%(members)b::text[]) ORDER BY member, store;

-- name: seen
SELECT member, store, until
FROM unnest(%(members)b::text[], %(stores)b::text[]) AS wanted (member, store)
JOIN seen USING (member, store);

-- name: due_holds
SELECT member, hold, till, points, until, state FROM holds WHERE until <= %(until)s
ORDER BY until, member, hold LIMIT %(holds_max)s;

-- name: due_seen
SELECT member, store, until FROM seen WHERE until <= %(until)s ORDER BY until, member, store LIMIT %(rows_max)s;

-- name: codes
SELECT id, made_at, phone, member, body FROM codes WHERE id = ANY(%(ids)b::text[]);

-- name: lock_codes
UPDATE codes SET body = body WHERE id = ANY(%(ids)b::text[]) RETURNING id, made_at, phone, member, body;

-- name: codes_since
SELECT id, made_at, phone, member, body FROM codes WHERE made_at > %(since)s ORDER BY made_at, id;

-- name: codes_until
SELECT id, made_at, phone, member, body FROM codes WHERE made_at <= %(until)s
ORDER BY made_at, id LIMIT %(rows_max)s;

-- name: all_codes
SELECT id, made_at, phone, member, body FROM codes ORDER BY id;

-- name: card_phones
SELECT id, card, body FROM card_phones WHERE id = ANY(%(ids)b::text[]);

-- name: lock_card_phones
UPDATE card_phones SET body = body WHERE id = ANY(%(ids)b::text[]) RETURNING id, card, body;

-- name: phones_of_cards
SELECT id, card, body FROM card_phones WHERE card = ANY(%(cards)b::text[]) ORDER BY card, id;

-- name: all_card_phones
SELECT id, card, body FROM card_phones ORDER BY id;

-- name: card_orders
SELECT id, member, state, number, at, body FROM card_orders WHERE id = ANY(%(ids)b::text[]);

-- name: lock_card_orders
UPDATE card_orders SET body = body WHERE id = ANY(%(ids)b::text[]) RETURNING id, member, state, number, at, body;

-- name: card_orders_of
SELECT id, member, state, number, at, body FROM card_orders WHERE member = ANY(%(members)b::text[]) ORDER BY member, id;

-- name: card_orders_with
SELECT id, member, state, number, at, body FROM card_orders
WHERE number = ANY(%(numbers)b::text[]) AND number <> '' ORDER BY number, id;

-- name: card_orders_in
SELECT id, member, state, number, at, body FROM card_orders WHERE state = %(state)s ORDER BY at, id LIMIT %(rows_max)s;

-- name: errands
SELECT id, kind, member, about, state, due_at, at, body FROM errands WHERE id = ANY(%(ids)b::text[]);

-- name: lock_errands
UPDATE errands SET body = body WHERE id = ANY(%(ids)b::text[]) RETURNING id, kind, member, about, state, due_at, at, body;

-- name: errands_of
SELECT id, kind, member, about, state, due_at, at, body FROM errands
WHERE member = ANY(%(members)b::text[]) AND member <> '' AND kind = %(kind)s ORDER BY member, id;

-- name: every_errand_of
SELECT id, kind, member, about, state, due_at, at, body FROM errands WHERE member = ANY(%(members)b::text[]) AND member <> '' ORDER BY member, id;

-- name: errands_about
SELECT id, kind, member, about, state, due_at, at, body FROM errands
WHERE kind = %(kind)s AND about = ANY(%(abouts)b::text[]) AND about <> '' ORDER BY about, id;

-- name: errands_in
SELECT id, kind, member, about, state, due_at, at, body FROM errands WHERE kind = %(kind)s AND state = %(state)s ORDER BY at, id LIMIT %(rows_max)s;

-- name: errands_due
SELECT id, kind, member, about, state, due_at, at, body FROM errands WHERE kind = %(kind)s AND due_at <= %(until)s ORDER BY due_at, id LIMIT %(rows_max)s;

-- name: all_errands
SELECT id, kind, member, about, state, due_at, at, body FROM errands ORDER BY id;

-- name: pictures
SELECT id, of, body FROM pictures WHERE id = ANY(%(ids)b::text[]);

-- name: pictures_of
SELECT id, of FROM pictures WHERE of = ANY(%(errands)b::text[]) ORDER BY of, id;

-- name: all_pictures
SELECT id, of, body FROM pictures ORDER BY id;

-- name: all_card_orders
SELECT id, member, state, number, at, body FROM card_orders ORDER BY id;

-- name: messages
SELECT id, state, made_at, body FROM messages WHERE id = ANY(%(ids)b::text[]);

-- name: lock_messages
UPDATE messages SET body = body WHERE id = ANY(%(ids)b::text[]) RETURNING id, state, made_at, body;

-- name: messages_in
SELECT id, state, made_at, body FROM messages WHERE state = %(state)s ORDER BY made_at, id LIMIT %(rows_max)s;

-- name: messages_until
SELECT id, state, made_at, body FROM messages WHERE made_at <= %(until)s
ORDER BY made_at, id LIMIT %(rows_max)s;

-- name: newest_messages
SELECT id, state, made_at, body FROM messages ORDER BY made_at DESC, id DESC LIMIT %(rows_max)s;

-- name: mailings
SELECT mailing, body FROM mailings WHERE mailing = ANY(%(ids)b::text[]);

-- name: lock_mailings
UPDATE mailings SET body = body WHERE mailing = ANY(%(ids)b::text[]) RETURNING mailing, body;

-- name: all_mailings
SELECT mailing, body FROM mailings ORDER BY mailing;

-- name: letters
SELECT letters.member, letters.id, made_at, mailing, state, due_at, body
FROM unnest(%(members)b::text[], %(ids)b::text[]) AS wanted (member, id)
JOIN letters ON letters.member = wanted.member AND letters.id = wanted.id;

-- name: lock_letters
UPDATE letters SET state = state
FROM unnest(%(members)b::text[], %(ids)b::text[]) AS wanted (member, id)
WHERE letters.member = wanted.member AND letters.id = wanted.id
RETURNING letters.member, letters.id, made_at, mailing, state, due_at, body;

-- name: letters_called
SELECT member, id, made_at, mailing, state, due_at, body FROM letters WHERE id = ANY(%(ids)b::text[]) ORDER BY id;

-- name: letters_of
SELECT member, id, made_at, mailing, state, due_at, body FROM letters WHERE member = ANY(%(members)b::text[])
ORDER BY member, made_at, id;

-- name: letters_of_mailing
SELECT member, id, made_at, mailing, state, due_at, body FROM letters
WHERE mailing = %(mailing)s AND mailing <> '' AND member > %(after)s ORDER BY member LIMIT %(rows_max)s;

-- name: due_letters
SELECT member, id, made_at, mailing, state, due_at, body FROM letters
WHERE due_at IS NOT NULL AND due_at <= %(until)s ORDER BY due_at, member, id LIMIT %(rows_max)s;

-- name: all_letters
SELECT member, id, made_at, mailing, state, due_at, body FROM letters ORDER BY member, id;

-- name: all_messages
SELECT id, state, made_at, body FROM messages ORDER BY id;

-- name: phones_confirmed
SELECT member, phone, at FROM phones_confirmed WHERE member = ANY(%(members)b::text[]);

-- name: all_phones_confirmed
SELECT member, phone, at FROM phones_confirmed ORDER BY member;

-- name: all_holds
SELECT member, hold, till, points, until, state FROM holds ORDER BY member, hold;

-- name: all_published
SELECT programme, begins_at, version, hash, at FROM published ORDER BY programme, begins_at;

-- name: all_consents
SELECT member, what, given_at, document, source, withdrawn_at FROM consents ORDER BY member, what, given_at;

-- name: all_earlier_sales
SELECT store, day, number, pos, chain, generation, sequence, card, document FROM earlier_sales
ORDER BY store, day, number, pos;

-- name: all_stores
SELECT store, entity, format, timezone, members, keep_days, place FROM stores ORDER BY store;

-- name: tills
SELECT till, body FROM tills WHERE till = ANY(%(tills)b::text[]);

-- name: till_settings
SELECT store, name, body FROM till_settings WHERE store = ANY(%(stores)b::text[]) ORDER BY store, name;

-- name: staff
SELECT list, id, body FROM staff WHERE list = ANY(%(lists)b::text[]) ORDER BY list, id;

-- name: staff_called
SELECT list, id, body FROM staff WHERE list = '' AND id = ANY(%(ids)b::text[]);

-- name: all_staff
SELECT list, id, body FROM staff ORDER BY list, id;

-- name: all_till_settings
SELECT store, name, body FROM till_settings ORDER BY store, name;

-- name: all_batches
SELECT batch, body FROM batches ORDER BY batch;

-- name: blanks
SELECT number, batch, state FROM blanks WHERE number = ANY(%(numbers)b::text[]);

-- name: blanks_left
SELECT batch, count(*) FROM blanks WHERE state = 'blank' AND NOT EXISTS (SELECT 1 FROM cards WHERE cards.number = blanks.number)
GROUP BY batch;

-- name: certificates
SELECT number, programme, store, face, remaining, beyond, paid, until, state, successor, tries
FROM certificates WHERE number = ANY(%(numbers)b::text[]);

-- name: lock_certificates
UPDATE certificates SET tries = tries WHERE number = ANY(%(numbers)b::text[])
RETURNING number, programme, store, face, remaining, beyond, paid, until, state, successor, tries;

-- name: certificate_entries_of
SELECT chain, generation, sequence, number, certificate, account, kopecks
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[])
  AS wanted (chain, generation, sequence)
JOIN certificate_entries USING (chain, generation, sequence)
ORDER BY chain, generation, sequence, number;

-- name: certificate_holds_of
SELECT certificate, till, hold, kopecks, made_at, until FROM certificate_holds
WHERE certificate = ANY(%(certificates)b::text[]) ORDER BY certificate, till;

-- name: certificate_holds_named
SELECT certificate, till, hold, kopecks, made_at, until FROM certificate_holds
WHERE till = %(till)s AND hold = %(hold)s ORDER BY certificate;

-- name: certificate_numbers
SELECT number, batch FROM certificate_numbers WHERE number = ANY(%(numbers)b::text[]);

-- name: certificate_numbers_ahead
SELECT number, batch FROM certificate_numbers WHERE batch = %(batch)s AND NOT EXISTS
  (SELECT 1 FROM certificates WHERE certificates.number = certificate_numbers.number)
ORDER BY number LIMIT %(rows_max)s;

-- name: due_certificates
SELECT number, programme, store, face, remaining, beyond, paid, until, state, successor, tries FROM certificates
WHERE NOT paid AND remaining > 0 AND until IS NOT NULL AND until <= %(until)s
ORDER BY until, number LIMIT %(rows_max)s;

-- name: all_certificates
SELECT number, programme, store, face, remaining, beyond, paid, until, state, successor, tries FROM certificates
ORDER BY number;

-- name: all_certificate_entries
SELECT chain, generation, sequence, number, certificate, account, kopecks FROM certificate_entries
ORDER BY chain, generation, sequence, number;

-- name: all_certificate_holds
SELECT certificate, till, hold, kopecks, made_at, until FROM certificate_holds ORDER BY certificate, till;

-- name: all_certificate_numbers
SELECT number, batch FROM certificate_numbers ORDER BY number;

-- name: all_blanks
SELECT number, batch, state FROM blanks ORDER BY number;

-- name: all_tills
SELECT till, body FROM tills ORDER BY till;

-- name: gift_rows
SELECT gift, number, member, points FROM gifts WHERE gift = %(gift)s AND number >= %(first)s
ORDER BY number LIMIT %(rows_max)s;

-- name: all_gifts
SELECT gift, number, member, points FROM gifts ORDER BY gift, number;

-- name: all_goods
SELECT article, body FROM goods ORDER BY article;

-- name: watched
SELECT subject, body FROM watched WHERE subject = ANY(%(subjects)b::text[]);

-- name: store_days
SELECT store, day, till, by, body
FROM unnest(%(stores)b::text[], %(days)b::text[], %(tills)b::text[], %(bys)b::text[]) AS wanted (store, day, till, by)
JOIN store_days USING (store, day, till, by);

-- name: days_of_store
SELECT store, day, till, by, body FROM store_days WHERE store = %(store)s AND day = %(day)s ORDER BY till, by;

-- name: last_acted
SELECT number, body FROM acted ORDER BY number DESC LIMIT 1;

-- name: acted_before
SELECT number, body FROM acted WHERE number < %(number)s ORDER BY number DESC LIMIT %(rows_max)s;

-- name: all_watched
SELECT subject, body FROM watched ORDER BY subject;

-- name: all_store_days
SELECT store, day, till, by, body FROM store_days ORDER BY store, day, till, by;

-- name: all_acted
SELECT number, body FROM acted ORDER BY number;

-- name: all_seen
SELECT member, store, until FROM seen ORDER BY member, store;

-- name: all_jobs
SELECT job, done_until, did, holder, held_until FROM jobs ORDER BY job;

-- name: died_unspent
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots
WHERE remaining > 0 AND expires_at <= %(until)s AND (expires_at, member) > (%(ended)s, %(member)s)
ORDER BY expires_at, member LIMIT %(lots_max)s;

-- name: due_cards
SELECT number, member, status, active_from, successor FROM cards
WHERE status = 'pending' AND active_from <= %(until)s ORDER BY active_from, number LIMIT %(cards_max)s;

-- name: born_on
SELECT member FROM members
WHERE birthday IS NOT NULL AND substr(birthday, 6) = %(month_day)s AND member > %(after)s
  AND programme = %(programme)s AND registered AND merged_into IS NULL
  AND NOT EXISTS (SELECT 1 FROM once WHERE once.member = members.member AND what = %(without)s)
ORDER BY member LIMIT %(members_max)s;

-- name: all_chains
SELECT chain, generation, sequence, last_hash FROM chains WHERE sequence >= 0 ORDER BY chain, generation;

-- name: all_operations
SELECT chain, generation, sequence, hash, text, reason FROM operations ORDER BY chain, generation, sequence;

-- name: all_named
SELECT name, chain, generation, sequence FROM named ORDER BY name, chain, generation, sequence;

-- name: all_members
SELECT member, programme, registered, debt, merged_into FROM members ORDER BY member;

-- name: all_cards
SELECT number, member, status, active_from, successor FROM cards ORDER BY number;

-- name: all_lots
SELECT member, lot, granted, remaining, expired, active_from, expires_at FROM lots ORDER BY member, lot;

-- name: all_entries
SELECT chain, generation, sequence, number, member, account, lot, points FROM entries
ORDER BY chain, generation, sequence, number, member;

-- name: all_days
SELECT member, day, redeemed, offline, spent_kopecks FROM days ORDER BY member, day;

-- name: all_coupon_uses
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM used_coupons
ORDER BY serial, chain, generation, sequence;

-- name: all_conflicts
SELECT serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses FROM coupon_conflicts
ORDER BY serial, chain, generation, sequence;

-- name: all_made_coupons
SELECT serial, programme, campaign, member, code, body FROM coupons ORDER BY serial;

-- name: all_campaigns
SELECT programme, campaign, uses, discount_kopecks, stopped FROM campaigns
WHERE uses <> 0 OR discount_kopecks <> 0 OR stopped <> '' ORDER BY programme, campaign;

-- name: all_campaign_members
SELECT member, programme, campaign, uses, discount_kopecks FROM campaign_members
WHERE uses <> 0 OR discount_kopecks <> 0 ORDER BY member, programme, campaign;

-- name: all_coupon_holds
SELECT serial, till, hold, programme, campaign, member, discount_kopecks, until FROM coupon_holds ORDER BY serial, till;

-- name: all_returns
SELECT of_chain, of_generation, of_sequence, chain, generation, sequence, restored FROM returns
ORDER BY of_chain, of_generation, of_sequence, chain, generation, sequence;

-- name: all_cases
SELECT chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note, others,
       state, settled_at, settled_by, remedy, settled_note
FROM cases ORDER BY chain, generation, sequence, kind;

-- name: all_open_cases
SELECT chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note, others,
       state, settled_at, settled_by, remedy, settled_note
FROM cases WHERE state = 'open' ORDER BY opened_at, chain, generation, sequence, kind;

-- name: all_once
SELECT member, what FROM once ORDER BY member, what;

-- name: all_profiles
SELECT member, phone, birthday, favourites, name, email FROM members
WHERE phone IS NOT NULL OR birthday IS NOT NULL OR favourites <> '[]' OR name IS NOT NULL OR email IS NOT NULL
ORDER BY member;

-- name: all_programmes
SELECT hash, source FROM programmes ORDER BY hash;

-- name: all_changes
SELECT partition, cursor, kind, key FROM changes ORDER BY partition, cursor;

-- name: all_settings
SELECT name, value FROM settings;

-- name: members_of
SELECT member FROM members WHERE programme = %(programme)s AND merged_into IS NULL ORDER BY member;

-- name: members_behind
SELECT member FROM members WHERE member > %(after)s AND programme = %(programme)s AND merged_into IS NULL
ORDER BY member LIMIT %(members_max)s;

-- name: died_between
-- few have so many: they are counted in the small index, and only theirs are looked at
SELECT member FROM (
  SELECT member FROM lots WHERE remaining > 0 GROUP BY member HAVING count(*) > %(more_than)s
) AS rich
JOIN members USING (member)
WHERE programme = %(programme)s AND EXISTS (
  SELECT 1 FROM lots WHERE lots.member = rich.member AND remaining + expired > 0
    AND expires_at > %(after)s AND expires_at <= %(until)s
)
ORDER BY member;

-- name: count_operations
SELECT count(*) FROM operations;

-- name: count_entries
SELECT count(*) FROM entries;

-- name: count_members
SELECT count(*) FROM members;

-- name: count_conflicts
SELECT count(*) FROM coupon_conflicts;

-- name: end_sessions
-- Those that are left. A number may be somebody else's by now. One that waits for its synchronous standby is let wait:
-- ended, it would have committed without the second copy that was asked for.
SELECT pid FROM pg_stat_activity
WHERE pid = ANY(%(sessions)b::int[]) AND state <> 'idle' AND usename = current_user
  AND application_name = current_setting('application_name')
  AND CASE WHEN wait_event = 'SyncRep' THEN true ELSE NOT pg_terminate_backend(pid, %(within_ms)s) END;

-- name: lock_chains
UPDATE chains SET sequence = sequence
FROM unnest(%(chains)b::text[], %(generations)b::bigint[]) AS wanted (chain, generation)
WHERE chains.chain = wanted.chain AND chains.generation = wanted.generation
RETURNING chains.chain, chains.generation, chains.sequence, chains.last_hash;

-- name: begin_chains
-- Sequence -1 is nobody's end: two hubs that begin a chain at once find each other here.
INSERT INTO chains (chain, generation, sequence, last_hash)
SELECT chain, generation, -1, '' FROM unnest(%(chains)b::text[], %(generations)b::bigint[]) AS new (chain, generation)
ON CONFLICT (chain, generation) DO NOTHING;

-- name: lock_members
UPDATE members SET version = version + 1 WHERE member = ANY(%(members)b::text[])
RETURNING member, programme, registered, debt, merged_into;

-- name: covered_of
SELECT chain, generation, covered FROM chains WHERE chain = ANY(%(chains)b::text[]) AND covered > 0;

-- name: cover
UPDATE chains SET covered = greatest(chains.covered, ends.sequence)
FROM unnest(%(chains)b::text[], %(generations)b::bigint[], %(sequences)b::bigint[])
  AS ends (chain, generation, sequence)
WHERE chains.chain = ends.chain AND chains.generation = ends.generation;

-- name: write_chains
INSERT INTO chains (chain, generation, sequence, last_hash)
SELECT * FROM unnest(%(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(last_hash)b::text[])
ON CONFLICT (chain, generation) DO UPDATE SET sequence = excluded.sequence, last_hash = excluded.last_hash;

-- name: write_members
UPDATE members SET programme = new.programme, registered = new.registered, debt = new.debt,
  merged_into = new.merged_into
FROM unnest(
  %(member)b::text[], %(programme)b::text[], %(registered)b::boolean[], %(debt)b::bigint[], %(merged_into)b::text[]
) AS new (member, programme, registered, debt, merged_into)
WHERE members.member = new.member;

-- name: write_profiles
UPDATE members SET phone = new.phone, birthday = new.birthday, favourites = new.favourites,
  name = new.name, email = new.email
FROM unnest(
  %(member)b::text[], %(phone)b::text[], %(birthday)b::text[], %(favourites)b::text[], %(name)b::text[],
  %(email)b::text[]
) AS new (member, phone, birthday, favourites, name, email)
WHERE members.member = new.member;

-- name: write_cards
UPDATE cards SET status = new.status, active_from = new.active_from, successor = new.successor
FROM unnest(
  %(number)b::text[], %(member)b::text[], %(status)b::text[], %(active_from)b::timestamptz[], %(successor)b::text[]
) AS new (number, member, status, active_from, successor)
WHERE cards.member = new.member AND cards.number = new.number;

-- name: take_cards
DELETE FROM cards USING unnest(%(gone)b::text[], %(number)b::text[]) AS old (member, number)
WHERE cards.member = old.member AND cards.number = old.number;

-- name: give_cards
INSERT INTO cards (number, member, status, active_from, successor)
SELECT * FROM unnest(
  %(number)b::text[], %(member)b::text[], %(status)b::text[], %(active_from)b::timestamptz[], %(successor)b::text[]
);

-- name: give_numbers
UPDATE card_numbers SET member = new.member
FROM unnest(%(number)b::text[], %(member)b::text[]) AS new (number, member)
WHERE card_numbers.number = new.number;

-- name: write_lots
UPDATE lots SET granted = new.granted, remaining = new.remaining, expired = new.expired,
  active_from = new.active_from, expires_at = new.expires_at
FROM unnest(
  %(member)b::text[], %(lot)b::text[], %(granted)b::bigint[], %(remaining)b::bigint[], %(expired)b::bigint[],
  %(active_from)b::timestamptz[], %(expires_at)b::timestamptz[]
) AS new (member, lot, granted, remaining, expired, active_from, expires_at)
WHERE lots.member = new.member AND lots.lot = new.lot;

-- name: add_to_days
INSERT INTO days (member, day, redeemed, offline, spent_kopecks)
SELECT * FROM unnest(
  %(member)b::text[], %(day)b::text[], %(redeemed)b::bigint[], %(offline)b::bigint[], %(spent_kopecks)b::bigint[]
)
ON CONFLICT (member, day) DO UPDATE SET redeemed = days.redeemed + excluded.redeemed,
  offline = days.offline + excluded.offline, spent_kopecks = days.spent_kopecks + excluded.spent_kopecks;

-- name: free_coupons
DELETE FROM used_coupons
USING unnest(%(serial)b::text[], %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[])
  AS old (serial, chain, generation, sequence)
WHERE used_coupons.serial = old.serial AND used_coupons.chain = old.chain
  AND used_coupons.generation = old.generation AND used_coupons.sequence = old.sequence;

-- name: use_coupons
INSERT INTO used_coupons
  (serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses)
SELECT * FROM unnest(
  %(serial)b::text[], %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(number)b::bigint[],
  %(programme)b::text[], %(campaign)b::text[], %(member)b::text[], %(discount_kopecks)b::bigint[], %(uses)b::bigint[]
);

-- name: settle_conflicts
DELETE FROM coupon_conflicts
USING unnest(%(serial)b::text[], %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[])
  AS old (serial, chain, generation, sequence)
WHERE coupon_conflicts.serial = old.serial AND coupon_conflicts.chain = old.chain
  AND coupon_conflicts.generation = old.generation AND coupon_conflicts.sequence = old.sequence;

-- name: add_conflicts
INSERT INTO coupon_conflicts
  (serial, chain, generation, sequence, number, programme, campaign, member, discount_kopecks, uses)
SELECT * FROM unnest(
  %(serial)b::text[], %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(number)b::bigint[],
  %(programme)b::text[], %(campaign)b::text[], %(member)b::text[], %(discount_kopecks)b::bigint[], %(uses)b::bigint[]
);

-- name: write_made_coupons
INSERT INTO coupons (serial, programme, campaign, member, code, body)
SELECT * FROM unnest(
  %(serial)b::text[], %(programme)b::text[], %(campaign)b::text[], %(member)b::text[], %(code)b::text[],
  %(body)b::text[]
)
ON CONFLICT (serial) DO UPDATE SET programme = EXCLUDED.programme, campaign = EXCLUDED.campaign,
  member = EXCLUDED.member, code = EXCLUDED.code, body = EXCLUDED.body;

-- name: write_campaigns
INSERT INTO campaigns (programme, campaign, uses, discount_kopecks, stopped)
SELECT * FROM unnest(
  %(programme)b::text[], %(campaign)b::text[], %(uses)b::bigint[], %(discount_kopecks)b::bigint[], %(stopped)b::text[]
)
ON CONFLICT (programme, campaign) DO UPDATE SET uses = EXCLUDED.uses,
  discount_kopecks = EXCLUDED.discount_kopecks, stopped = EXCLUDED.stopped;

-- name: write_campaign_members
INSERT INTO campaign_members (member, programme, campaign, uses, discount_kopecks)
SELECT * FROM unnest(
  %(member)b::text[], %(programme)b::text[], %(campaign)b::text[], %(uses)b::bigint[], %(discount_kopecks)b::bigint[]
)
ON CONFLICT (member, programme, campaign) DO UPDATE SET uses = EXCLUDED.uses,
  discount_kopecks = EXCLUDED.discount_kopecks;

-- name: lock_campaigns
UPDATE campaigns SET uses = campaigns.uses
FROM unnest(%(programmes)b::text[], %(campaigns)b::text[]) AS wanted (programme, campaign)
WHERE campaigns.programme = wanted.programme AND campaigns.campaign = wanted.campaign
RETURNING campaigns.programme, campaigns.campaign, campaigns.uses, campaigns.discount_kopecks, campaigns.stopped;

-- name: begin_campaigns
-- Of nothing yet: two hubs that begin a campaign at once find each other here.
INSERT INTO campaigns (programme, campaign, uses, discount_kopecks, stopped)
SELECT programme, campaign, 0, 0, ''
FROM unnest(%(programmes)b::text[], %(campaigns)b::text[]) AS new (programme, campaign)
ON CONFLICT (programme, campaign) DO NOTHING;

-- name: drop_coupon_holds
DELETE FROM coupon_holds
USING unnest(%(serial)b::text[], %(till)b::text[]) AS old (serial, till)
WHERE coupon_holds.serial = old.serial AND coupon_holds.till = old.till;

-- name: write_coupon_holds
INSERT INTO coupon_holds (serial, till, hold, programme, campaign, member, discount_kopecks, until)
SELECT * FROM unnest(
  %(serial)b::text[], %(till)b::text[], %(hold)b::text[], %(programme)b::text[], %(campaign)b::text[],
  %(member)b::text[], %(discount_kopecks)b::bigint[], %(until)b::timestamptz[]
)
ON CONFLICT (serial, till) DO UPDATE SET hold = EXCLUDED.hold, programme = EXCLUDED.programme,
  campaign = EXCLUDED.campaign, member = EXCLUDED.member, discount_kopecks = EXCLUDED.discount_kopecks,
  until = EXCLUDED.until;

-- name: add_returns
INSERT INTO returns (of_chain, of_generation, of_sequence, chain, generation, sequence, restored)
SELECT * FROM unnest(
  %(of_chain)b::text[], %(of_generation)b::bigint[], %(of_sequence)b::bigint[],
  %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(restored)b::bigint[]
);

-- name: add_cases
INSERT INTO cases (chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note,
                   others, state, settled_at, settled_by, remedy, settled_note)
SELECT * FROM unnest(
  %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(kind)b::text[], %(opened_at)b::timestamptz[],
  %(programme)b::text[], %(member)b::text[], %(sale)b::text[], %(cost_points)b::bigint[], %(cost_kopecks)b::bigint[],
  %(note)b::text[], %(others)b::text[], %(state)b::text[], %(settled_at)b::timestamptz[], %(settled_by)b::text[],
  %(remedy)b::text[], %(settled_note)b::text[]
);

-- name: write_cases
UPDATE cases SET opened_at = new.opened_at, programme = new.programme, member = new.member, sale = new.sale,
  cost_points = new.cost_points, cost_kopecks = new.cost_kopecks, note = new.note, others = new.others,
  state = new.state, settled_at = new.settled_at, settled_by = new.settled_by, remedy = new.remedy,
  settled_note = new.settled_note
FROM unnest(
  %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(kind)b::text[], %(opened_at)b::timestamptz[],
  %(programme)b::text[], %(member)b::text[], %(sale)b::text[], %(cost_points)b::bigint[], %(cost_kopecks)b::bigint[],
  %(note)b::text[], %(others)b::text[], %(state)b::text[], %(settled_at)b::timestamptz[], %(settled_by)b::text[],
  %(remedy)b::text[], %(settled_note)b::text[]
) AS new (chain, generation, sequence, kind, opened_at, programme, member, sale, cost_points, cost_kopecks, note,
  others, state, settled_at, settled_by, remedy, settled_note)
WHERE cases.chain = new.chain AND cases.generation = new.generation AND cases.sequence = new.sequence
  AND cases.kind = new.kind;

-- name: add_once
INSERT INTO once (member, what) SELECT * FROM unnest(%(member)b::text[], %(what)b::text[]);

-- name: drop_holds
DELETE FROM holds USING unnest(%(member)b::text[], %(hold)b::text[]) AS old (member, hold)
WHERE holds.member = old.member AND holds.hold = old.hold;

-- name: add_holds
INSERT INTO holds (member, hold, till, points, until, state)
SELECT * FROM unnest(
  %(member)b::text[], %(hold)b::text[], %(till)b::text[], %(points)b::bigint[], %(until)b::timestamptz[],
  %(state)b::text[]
);

-- name: write_holds
UPDATE holds SET till = new.till, points = new.points, until = new.until, state = new.state
FROM unnest(
  %(member)b::text[], %(hold)b::text[], %(till)b::text[], %(points)b::bigint[], %(until)b::timestamptz[],
  %(state)b::text[]
) AS new (member, hold, till, points, until, state)
WHERE holds.member = new.member AND holds.hold = new.hold;

-- name: drop_consents
DELETE FROM consents
USING unnest(%(member)b::text[], %(what)b::text[], %(given_at)b::timestamptz[]) AS old (member, what, given_at)
WHERE consents.member = old.member AND consents.what = old.what AND consents.given_at = old.given_at;

-- name: add_consents
INSERT INTO consents (member, what, given_at, document, source, withdrawn_at)
SELECT * FROM unnest(
  %(member)b::text[], %(what)b::text[], %(given_at)b::timestamptz[], %(document)b::text[], %(source)b::text[],
  %(withdrawn_at)b::timestamptz[]
);

-- name: write_consents
UPDATE consents SET document = new.document, source = new.source, withdrawn_at = new.withdrawn_at
FROM unnest(
  %(member)b::text[], %(what)b::text[], %(given_at)b::timestamptz[], %(document)b::text[], %(source)b::text[],
  %(withdrawn_at)b::timestamptz[]
) AS new (member, what, given_at, document, source, withdrawn_at)
WHERE consents.member = new.member AND consents.what = new.what AND consents.given_at = new.given_at;

-- name: add_earlier_sales
INSERT INTO earlier_sales (store, day, number, pos, chain, generation, sequence, card, document)
SELECT * FROM unnest(
  %(store)b::text[], %(day)b::text[], %(number)b::text[], %(pos)b::text[], %(chain)b::text[],
  %(generation)b::bigint[], %(sequence)b::bigint[], %(card)b::text[], %(document)b::text[]
);

-- name: write_stores
INSERT INTO stores (store, entity, format, timezone, members, keep_days, place)
SELECT * FROM unnest(
  %(store)b::text[], %(entity)b::text[], %(format)b::text[], %(timezone)b::text[], %(members)b::text[],
  %(keep_days)b::bigint[], %(place)b::text[]
)
ON CONFLICT (store) DO UPDATE SET entity = excluded.entity, format = excluded.format, timezone = excluded.timezone,
  members = excluded.members, keep_days = excluded.keep_days, place = excluded.place;

-- name: lock_goods
UPDATE goods SET body = body WHERE article = ANY(%(articles)b::text[]) RETURNING article, body;

-- name: lock_tills
UPDATE tills SET body = body WHERE till = ANY(%(tills)b::text[]) RETURNING till, body;

-- name: write_batches
INSERT INTO batches (batch, body) SELECT * FROM unnest(%(batch)b::text[], %(body)b::text[])
ON CONFLICT (batch) DO UPDATE SET body = EXCLUDED.body;

-- name: write_blanks
INSERT INTO blanks (number, batch, state) SELECT * FROM unnest(%(number)b::text[], %(batch)b::text[], %(state)b::text[])
ON CONFLICT (number) DO UPDATE SET state = EXCLUDED.state;

-- name: add_certificates
INSERT INTO certificates (number, programme, store, face, remaining, beyond, paid, until, state, successor, tries)
SELECT * FROM unnest(
  %(number)b::text[], %(programme)b::text[], %(store)b::text[], %(face)b::bigint[], %(left)b::bigint[],
  %(beyond)b::bigint[], %(paid)b::boolean[], %(until)b::timestamptz[], %(state)b::text[], %(successor)b::text[],
  %(tries)b::bigint[]
);

-- name: write_certificates
UPDATE certificates SET programme = new.programme, store = new.store, face = new.face, remaining = new.remaining,
  beyond = new.beyond, paid = new.paid, until = new.until, state = new.state, successor = new.successor,
  tries = new.tries
FROM unnest(
  %(number)b::text[], %(programme)b::text[], %(store)b::text[], %(face)b::bigint[], %(left)b::bigint[],
  %(beyond)b::bigint[], %(paid)b::boolean[], %(until)b::timestamptz[], %(state)b::text[], %(successor)b::text[],
  %(tries)b::bigint[]
) AS new (number, programme, store, face, remaining, beyond, paid, until, state, successor, tries)
WHERE certificates.number = new.number;

-- name: add_certificate_entries
INSERT INTO certificate_entries (chain, generation, sequence, number, certificate, account, kopecks)
SELECT * FROM unnest(
  %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(number)b::bigint[], %(certificate)b::text[],
  %(account)b::text[], %(kopecks)b::bigint[]
);

-- name: drop_certificate_holds
DELETE FROM certificate_holds USING unnest(%(certificate)b::text[], %(till)b::text[]) AS old (certificate, till)
WHERE certificate_holds.certificate = old.certificate AND certificate_holds.till = old.till;

-- name: write_certificate_holds
INSERT INTO certificate_holds (certificate, till, hold, kopecks, made_at, until)
SELECT * FROM unnest(
  %(certificate)b::text[], %(till)b::text[], %(hold)b::text[], %(kopecks)b::bigint[], %(made_at)b::timestamptz[],
  %(until)b::timestamptz[]
)
ON CONFLICT (certificate, till) DO UPDATE SET hold = excluded.hold, kopecks = excluded.kopecks,
  made_at = excluded.made_at, until = excluded.until;

-- name: add_certificate_numbers
INSERT INTO certificate_numbers (number, batch) SELECT * FROM unnest(%(number)b::text[], %(batch)b::text[]);

-- name: write_tills
INSERT INTO tills (till, body) SELECT * FROM unnest(%(till)b::text[], %(body)b::text[])
ON CONFLICT (till) DO UPDATE SET body = EXCLUDED.body;

-- name: write_staff
INSERT INTO staff (list, id, body) SELECT * FROM unnest(%(list)b::text[], %(id)b::text[], %(body)b::text[])
ON CONFLICT (list, id) DO UPDATE SET body = EXCLUDED.body;

-- name: write_till_settings
INSERT INTO till_settings (store, name, body) SELECT * FROM unnest(%(store)b::text[], %(name)b::text[], %(body)b::text[])
ON CONFLICT (store, name) DO UPDATE SET body = EXCLUDED.body;

-- name: write_goods
INSERT INTO goods (article, body) SELECT * FROM unnest(%(article)b::text[], %(body)b::text[])
ON CONFLICT (article) DO UPDATE SET body = excluded.body;

-- name: write_gifts
INSERT INTO gifts (gift, number, member, points)
SELECT * FROM unnest(%(gift)b::text[], %(number)b::bigint[], %(member)b::text[], %(points)b::bigint[])
ON CONFLICT (gift, number) DO UPDATE SET member = excluded.member, points = excluded.points;

-- name: write_watched
INSERT INTO watched (subject, body) SELECT * FROM unnest(%(subject)b::text[], %(body)b::text[])
ON CONFLICT (subject) DO UPDATE SET body = excluded.body;

-- name: write_store_days
INSERT INTO store_days (store, day, till, by, body)
SELECT * FROM unnest(%(store)b::text[], %(day)b::text[], %(till)b::text[], %(by)b::text[], %(body)b::text[])
ON CONFLICT (store, day, till, by) DO UPDATE SET body = excluded.body;

-- name: add_acted
INSERT INTO acted (number, body) SELECT * FROM unnest(%(number)b::bigint[], %(body)b::text[]);

-- name: withdraw
DELETE FROM published USING unnest(%(programme)b::text[], %(begins_at)b::timestamptz[]) AS old (programme, begins_at)
WHERE published.programme = old.programme AND published.begins_at = old.begins_at;

-- name: add_published
INSERT INTO published (programme, begins_at, version, hash, at)
SELECT * FROM unnest(
  %(programme)b::text[], %(begins_at)b::timestamptz[], %(version)b::text[], %(hash)b::text[], %(at)b::timestamptz[]
);

-- name: drop_seen
DELETE FROM seen USING unnest(%(member)b::text[], %(store)b::text[]) AS old (member, store)
WHERE seen.member = old.member AND seen.store = old.store;

-- name: write_seen
INSERT INTO seen (member, store, until)
SELECT * FROM unnest(%(member)b::text[], %(store)b::text[], %(until)b::timestamptz[])
ON CONFLICT (member, store) DO UPDATE SET until = excluded.until;

-- name: drop_codes
DELETE FROM codes USING unnest(%(id)b::text[]) AS old (id) WHERE codes.id = old.id;

-- name: write_codes
INSERT INTO codes (id, made_at, phone, member, body)
SELECT * FROM unnest(
  %(id)b::text[], %(made_at)b::timestamptz[], %(phone)b::text[], %(member)b::text[], %(body)b::text[]
)
ON CONFLICT (id) DO UPDATE SET body = excluded.body;

-- name: drop_card_phones
DELETE FROM card_phones USING unnest(%(id)b::text[]) AS old (id) WHERE card_phones.id = old.id;

-- name: write_card_phones
INSERT INTO card_phones (id, card, body)
SELECT * FROM unnest(%(id)b::text[], %(card)b::text[], %(body)b::text[])
ON CONFLICT (id) DO UPDATE SET body = excluded.body;

-- name: write_card_orders
INSERT INTO card_orders (id, member, state, number, at, body)
SELECT * FROM unnest(
  %(id)b::text[], %(member)b::text[], %(state)b::text[], %(number)b::text[], %(at)b::timestamptz[], %(body)b::text[]
)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, number = excluded.number, at = excluded.at, body = excluded.body;

-- name: drop_errands
DELETE FROM errands USING unnest(%(id)b::text[]) AS old (id) WHERE errands.id = old.id;

-- name: write_errands
INSERT INTO errands (id, kind, member, about, state, due_at, at, body)
SELECT * FROM unnest(
  %(id)b::text[], %(kind)b::text[], %(member)b::text[], %(about)b::text[], %(state)b::text[],
  %(due_at)b::timestamptz[], %(at)b::timestamptz[], %(body)b::text[]
)
ON CONFLICT (id) DO UPDATE SET member = excluded.member, about = excluded.about, state = excluded.state,
  due_at = excluded.due_at, at = excluded.at, body = excluded.body;

-- name: drop_pictures
DELETE FROM pictures USING unnest(%(id)b::text[]) AS old (id) WHERE pictures.id = old.id;

-- name: write_pictures
INSERT INTO pictures (id, of, body)
SELECT * FROM unnest(%(id)b::text[], %(of)b::text[], %(body)b::text[])
ON CONFLICT (id) DO UPDATE SET of = excluded.of, body = excluded.body;

-- name: drop_messages
DELETE FROM messages USING unnest(%(id)b::text[]) AS old (id) WHERE messages.id = old.id;

-- name: write_messages
INSERT INTO messages (id, state, made_at, body)
SELECT * FROM unnest(%(id)b::text[], %(state)b::text[], %(made_at)b::timestamptz[], %(body)b::text[])
ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body;

-- name: write_mailings
INSERT INTO mailings (mailing, body)
SELECT * FROM unnest(%(mailing)b::text[], %(body)b::text[])
ON CONFLICT (mailing) DO UPDATE SET body = excluded.body;

-- name: drop_letters
DELETE FROM letters USING unnest(%(member)b::text[], %(id)b::text[]) AS old (member, id)
WHERE letters.member = old.member AND letters.id = old.id;

-- name: add_letters
INSERT INTO letters (member, id, made_at, mailing, state, due_at, body)
SELECT * FROM unnest(
  %(member)b::text[], %(id)b::text[], %(made_at)b::timestamptz[], %(mailing)b::text[], %(state)b::text[],
  %(due_at)b::timestamptz[], %(body)b::text[]
);

-- name: write_letters
INSERT INTO letters (member, id, made_at, mailing, state, due_at, body)
SELECT * FROM unnest(
  %(member)b::text[], %(id)b::text[], %(made_at)b::timestamptz[], %(mailing)b::text[], %(state)b::text[],
  %(due_at)b::timestamptz[], %(body)b::text[]
)
ON CONFLICT (member, id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, body = excluded.body;

-- name: drop_phones_confirmed
DELETE FROM phones_confirmed USING unnest(%(member)b::text[]) AS old (member)
WHERE phones_confirmed.member = old.member;

-- name: write_phones_confirmed
INSERT INTO phones_confirmed (member, phone, at)
SELECT * FROM unnest(%(member)b::text[], %(phone)b::text[], %(at)b::timestamptz[])
ON CONFLICT (member) DO UPDATE SET phone = excluded.phone, at = excluded.at;

-- name: write_jobs
INSERT INTO jobs (job, done_until, did, holder, held_until)
SELECT * FROM unnest(
  %(job)b::text[], %(done_until)b::timestamptz[], %(did)b::bigint[], %(holder)b::text[], %(held_until)b::timestamptz[]
)
ON CONFLICT (job) DO UPDATE SET done_until = excluded.done_until, did = excluded.did, holder = excluded.holder,
  held_until = excluded.held_until;

-- name: take_job
INSERT INTO jobs (job, holder, held_until) VALUES (%(job)s, %(holder)s, %(until)s)
ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE jobs.holder IS NULL OR jobs.holder = excluded.holder
  OR jobs.held_until <= %(now)s OR jobs.held_until > %(never)s;

-- name: end_job
UPDATE jobs SET done_until = %(done_until)s, did = %(did)s, holder = NULL, held_until = NULL
WHERE job = %(job)s AND holder = %(holder)s;

-- name: leave_job
UPDATE jobs SET holder = NULL, held_until = NULL WHERE job = %(job)s AND holder = %(holder)s;

-- name: add_changes
INSERT INTO changes (partition, cursor, kind, key)
SELECT partition, (
    (pg_current_xact_id()::text::bigint
      + coalesce((SELECT value::bigint FROM settings WHERE name = 'feed_offset'), 0)) << 20
  ) + %(before)s::bigint + place, kind, key
FROM unnest(%(partition)b::text[], %(kind)b::text[], %(key)b::text[]) WITH ORDINALITY
  AS new (partition, kind, key, place);

-- name: keep_programmes
INSERT INTO programmes (hash, source) SELECT * FROM unnest(%(hash)b::text[], %(source)b::text[])
ON CONFLICT (hash) DO NOTHING;

-- name: write_settings
INSERT INTO settings (name, value) SELECT * FROM unnest(%(name)b::text[], %(value)b::text[])
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: copy_operations
COPY operations (chain, generation, sequence, hash, text, reason) FROM STDIN (FORMAT BINARY);

-- name: copy_named
COPY named (name, chain, generation, sequence) FROM STDIN (FORMAT BINARY);

-- name: copy_members
COPY members (member, programme, registered, debt, merged_into, phone, birthday, favourites, name, email)
FROM STDIN (FORMAT BINARY);

-- name: copy_numbers
COPY card_numbers (number, member) FROM STDIN (FORMAT BINARY);

-- name: copy_cards
COPY cards (number, member, status, active_from, successor) FROM STDIN (FORMAT BINARY);

-- name: copy_lots
COPY lots (member, lot, granted, remaining, expired, active_from, expires_at) FROM STDIN (FORMAT BINARY);

-- name: copy_entries
COPY entries (chain, generation, sequence, number, member, account, lot, points) FROM STDIN (FORMAT BINARY);

-- name: copy_changes
COPY changes (partition, cursor, kind, key) FROM STDIN (FORMAT BINARY);

-- name: forget_settings
DELETE FROM settings WHERE name <> ALL(%(kept)s::text[]);

-- name: has_amcheck
SELECT 1 FROM pg_extension WHERE extname = 'amcheck';

-- name: indexes
SELECT indexrelid::regclass::text FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
WHERE amname = 'btree' AND indisvalid AND relkind = 'i' AND relnamespace = current_schema()::regnamespace
ORDER BY 1;

-- name: check_index
SELECT bt_index_check(%(index)s::regclass);

-- name: stickers_of
SELECT member, collection, stickers FROM stickers WHERE member = ANY(%(members)b::text[]) ORDER BY member, collection;

-- name: all_stickers
SELECT member, collection, stickers FROM stickers ORDER BY member, collection;

-- name: all_sticker_entries
SELECT chain, generation, sequence, member, collection, stickers FROM sticker_entries
ORDER BY chain, generation, sequence, member, collection;

-- name: add_stickers
INSERT INTO stickers (member, collection, stickers)
SELECT * FROM unnest(%(member)b::text[], %(collection)b::text[], %(stickers)b::bigint[])
ON CONFLICT (member, collection) DO UPDATE SET stickers = stickers.stickers + excluded.stickers;

-- name: add_sticker_entries
INSERT INTO sticker_entries (chain, generation, sequence, member, collection, stickers)
SELECT * FROM unnest(
  %(chain)b::text[], %(generation)b::bigint[], %(sequence)b::bigint[], %(member)b::text[], %(collection)b::text[],
  %(stickers)b::bigint[]
);
