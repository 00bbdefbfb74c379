-- name: setting(name)$
SELECT value FROM settings WHERE name = :name;

-- name: set_setting(name, value)!
INSERT INTO settings (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: drop_setting(name)!
DELETE FROM settings WHERE name = :name;

-- name: settings_like(pattern)
SELECT name, value FROM settings WHERE name LIKE :pattern;

-- name: members_by_phone(phone_key)
SELECT member FROM members WHERE phone_key = :phone_key ORDER BY member;

-- name: find_card(number)^
SELECT number, member, status, active_from FROM cards WHERE number = :number;

-- name: cards_of_member(member)
-- the usable card first
SELECT number, status, active_from FROM cards WHERE member = :member
ORDER BY status IN ('blocked', 'replaced'), number;

-- name: some_members(most)
SELECT member FROM members LIMIT :most;

-- name: find_member(member)^
SELECT told, generation, sequence FROM members WHERE member = :member;

-- name: word_of(member)^
-- with when the hub said it, and until when it would have said another: not where the feed tells of him no more
SELECT told, generation, sequence, told_at, CASE
  WHEN EXISTS (SELECT 1 FROM leaving WHERE leaving.member = members.member) THEN NULL
  WHEN feed < coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'feed'), 0) THEN NULL
  ELSE (SELECT value FROM settings WHERE name = 'pulled_at') END
FROM members WHERE member = :member;

-- name: own_operations(member, generation, sequence)
-- ours that the hub's word does not know yet, also those from before the till knew whose card it is; a refused one does
-- nothing
SELECT text FROM operations
WHERE (member = :member OR card IN (SELECT number FROM cards WHERE member = :member)) AND (generation, sequence) > (:generation, :sequence)
  AND (result IS NULL OR result <> 'refused')
ORDER BY generation, sequence;

-- name: save_member(member, generation, sequence, phone_key, told, told_at)!
INSERT INTO members (member, generation, sequence, phone_key, told, told_at, feed)
VALUES (:member, :generation, :sequence, :phone_key, :told, :told_at,
        coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'feed'), 0))
ON CONFLICT (member) DO UPDATE SET
  generation = excluded.generation, sequence = excluded.sequence, phone_key = excluded.phone_key, told = excluded.told,
  told_at = excluded.told_at, feed = excluded.feed;

-- name: add_members*!
-- of whom nothing is known here
INSERT INTO members (member, generation, sequence, phone_key, told, told_at, feed) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING;

-- name: add_cards*!
INSERT INTO cards (number, member, status, active_from) VALUES (?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
  member = excluded.member, status = excluded.status, active_from = excluded.active_from;

-- name: touched_after(generation, sequence)
-- whom and whose cards our operations are of that the hub's word does not know yet
SELECT DISTINCT coalesce(member, ''), coalesce(card, '') FROM operations
WHERE (generation, sequence) > (:generation, :sequence) AND (result IS NULL OR result <> 'refused');

-- name: how_told(member)^
SELECT generation, sequence, told_at FROM members WHERE member = :member;

-- name: let_leave(member, at)!
INSERT INTO leaving (member, at) SELECT member, :at FROM members WHERE member = :member ON CONFLICT DO NOTHING;

-- name: stays(member)!
DELETE FROM leaving WHERE member = :member;

-- name: due_leaving(at, most)
-- of those for whom nothing waits to be sent
SELECT member FROM leaving WHERE at <= :at AND NOT EXISTS (
  SELECT 1 FROM outbox JOIN operations USING (generation, sequence)
  WHERE operations.member = leaving.member OR operations.card IN (SELECT number FROM cards WHERE member = leaving.member)
) ORDER BY member LIMIT :most;

-- name: told_before(after, most)
-- the next members, and whether only an earlier feed told of them
SELECT member, feed < (SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'feed') FROM members
WHERE member > :after ORDER BY member LIMIT :most;

-- name: waits_for(member)$
SELECT 1 FROM outbox JOIN operations USING (generation, sequence)
WHERE member = :member OR card IN (SELECT number FROM cards WHERE member = :member) LIMIT 1;

-- name: forget_member(member)!
DELETE FROM members WHERE member = :member;

-- name: forget_cards(member)!
DELETE FROM cards WHERE member = :member;

-- name: drop_cards(most)!
DELETE FROM cards WHERE number IN (SELECT number FROM cards ORDER BY number LIMIT :most);

-- name: drop_members(most)!
-- of those without cards
DELETE FROM members WHERE member IN (
  SELECT member FROM members WHERE NOT EXISTS (SELECT 1 FROM cards WHERE cards.member = members.member)
  ORDER BY member LIMIT :most
);

-- name: drop_leaving()!
DELETE FROM leaving;

-- name: forget_coupons(kept)!
-- but these: a JSON list
DELETE FROM told_coupons WHERE serial NOT IN (SELECT value FROM json_each(:kept));

-- name: last_sales(sales)
-- that the hub has not refused
SELECT text FROM operations WHERE kind = 'sale' AND (result IS NULL OR result <> 'refused')
ORDER BY generation DESC, sequence DESC LIMIT :sales;

-- name: save_card(number, member, status, active_from)!
INSERT INTO cards (number, member, status, active_from) VALUES (:number, :member, :status, :active_from)
ON CONFLICT (number) DO UPDATE SET
  member = excluded.member, status = excluded.status, active_from = excluded.active_from;

-- name: note_registered(member)!
INSERT INTO registered (member) VALUES (:member) ON CONFLICT DO NOTHING;

-- name: is_registered(member)^
SELECT 1 FROM registered WHERE member = :member;

-- name: forget_card(number, member)!
DELETE FROM cards WHERE number = :number AND member = :member;

-- name: fiscal_added_after(generation, sequence)
SELECT text FROM operations WHERE kind = 'fiscal_added' AND (generation, sequence) > (:generation, :sequence);

-- name: operation_text(generation, sequence)$
SELECT text FROM operations WHERE generation = :generation AND sequence = :sequence;

-- name: last_operation()^
SELECT generation, sequence, lower(hex(hash)), at FROM operations ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: add_operation(generation, sequence, hash, kind, member, card, sale_day, sale_number, sale_pos, sale_shift, sale_again, at, text)!
INSERT INTO operations (generation, sequence, hash, kind, member, card, sale_day, sale_number, sale_pos, sale_shift,
                        sale_again, at, text)
VALUES (:generation, :sequence, unhex(:hash), :kind, :member, :card, :sale_day, :sale_number, :sale_pos, :sale_shift,
        :sale_again, :at, :text);

-- name: operations_of_sale(day, number, pos, shift, again)
SELECT generation, sequence, text FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND sale_shift = :shift AND sale_day = :day AND sale_again = :again
  AND kind <> 'return'
ORDER BY generation, sequence;

-- name: return_numbered(day, number, pos, shift, again)$
-- a POS may number its returns apart from its sales, or among them
SELECT text FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND sale_shift = :shift AND sale_day = :day AND sale_again = :again
  AND kind = 'return';

-- name: returns_numbered(number, pos, first_day, last_day)
SELECT text FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND sale_day BETWEEN :first_day AND :last_day AND kind = 'return'
ORDER BY at DESC, sequence DESC;

-- name: newest_return_numbered(number, pos)$
-- recorded last, whatever the clock said of its day
SELECT text FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND kind = 'return' ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: returns_of(generation, sequence)
-- what came back of a sale; goods that came back are back, whatever the hub says of it
SELECT text FROM returns JOIN operations USING (generation, sequence)
WHERE of_generation = :generation AND of_sequence = :sequence ORDER BY generation, sequence;

-- name: keep_elsewhere(sought, chain, generation, sequence, told, told_at)!
INSERT INTO sales_elsewhere (sought, chain, generation, sequence, told, told_at)
VALUES (:sought, :chain, :generation, :sequence, :told, :told_at)
ON CONFLICT (sought) DO UPDATE SET chain = excluded.chain, generation = excluded.generation,
  sequence = excluded.sequence, told = excluded.told, told_at = excluded.told_at;

-- name: sought_elsewhere(sought)^
SELECT chain, generation, sequence FROM sales_elsewhere WHERE sought = :sought;

-- name: told_elsewhere(chain, generation, sequence)$
SELECT told FROM sales_elsewhere WHERE chain = :chain AND generation = :generation AND sequence = :sequence
ORDER BY told_at DESC LIMIT 1;

-- name: forget_elsewhere(before, most)!
DELETE FROM sales_elsewhere WHERE sought IN (
  SELECT sought FROM sales_elsewhere WHERE told_at < :before ORDER BY sought LIMIT :most
);

-- name: returns_of_elsewhere(chain, generation, sequence)
SELECT operations.text FROM returns_elsewhere JOIN operations USING (generation, sequence)
WHERE of_chain = :chain AND of_generation = :generation AND of_sequence = :sequence ORDER BY generation, sequence;

-- name: add_return_elsewhere(of_chain, of_generation, of_sequence, generation, sequence)!
INSERT INTO returns_elsewhere (of_chain, of_generation, of_sequence, generation, sequence)
VALUES (:of_chain, :of_generation, :of_sequence, :generation, :sequence);

-- name: forget_returns_elsewhere(generation, sequence)!
DELETE FROM returns_elsewhere WHERE generation = :generation AND sequence = :sequence;

-- name: add_return(of_generation, of_sequence, generation, sequence)!
INSERT INTO returns (of_generation, of_sequence, generation, sequence)
VALUES (:of_generation, :of_sequence, :generation, :sequence);

-- name: add_fiscal_document(document, sign, generation, sequence)!
INSERT OR IGNORE INTO fiscal_documents (document, sign, generation, sequence)
VALUES (:document, :sign, :generation, :sequence);

-- name: sale_of_fiscal(document, sign)
SELECT generation, sequence FROM fiscal_documents WHERE document = :document AND sign = :sign;

-- name: has_fiscal(generation, sequence)$
SELECT 1 FROM fiscal_documents WHERE generation = :generation AND sequence = :sequence LIMIT 1;

-- name: operation_hash(generation, sequence)$
SELECT lower(hex(hash)) FROM operations WHERE generation = :generation AND sequence = :sequence;

-- name: operation_result(generation, sequence)$
SELECT result FROM operations WHERE generation = :generation AND sequence = :sequence;

-- name: sales_numbered(number, pos, first_day, last_day)
-- the sales under a number in these days, the newest first; a till has had every number many times
SELECT sale_day, sale_shift, sale_again, max(at) AS last FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND sale_day BETWEEN :first_day AND :last_day AND kind <> 'return'
GROUP BY sale_day, sale_shift, sale_again ORDER BY last DESC, max(sequence) DESC;

-- name: newest_sale_numbered(number, pos)^
-- recorded last, whatever the clock said of its day
SELECT sale_day, sale_shift, sale_again FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND kind <> 'return' ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: sales_of_day(day, number)
-- every sale under a number on that day, of whichever POS, with its last operation; the newest first
SELECT sale_pos, sale_shift, sale_again, generation, max(sequence) AS last FROM operations
WHERE sale_number = :number AND sale_day = :day AND kind <> 'return'
GROUP BY generation, sale_pos, sale_shift, sale_again ORDER BY generation DESC, last DESC;

-- name: number_used(day, number)$
-- of a sale or a return that a POS without a name numbered so
SELECT 1 FROM operations WHERE sale_number = :number AND sale_pos = '' AND sale_day = :day LIMIT 1;

-- name: last_deal()$
-- the newest sale or return
SELECT text FROM operations WHERE kind IN ('sale', 'return') ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: operations_of_day(day)
SELECT text, result, reason FROM operations WHERE sale_day = :day ORDER BY generation, sequence;

-- name: papers_of_day(day)
SELECT state, count(*) FROM print_jobs JOIN operations USING (generation, sequence) WHERE sale_day = :day
GROUP BY state;

-- name: operations_from(generation, sequence)
SELECT generation, sequence, lower(hex(hash)), text, result IS NOT NULL, outbox.sequence IS NOT NULL, rescued.sequence IS NOT NULL,
       kind, member, card, sale_day, sale_number, sale_pos, sale_shift, sale_again, at
FROM operations LEFT JOIN outbox USING (generation, sequence) LEFT JOIN rescued USING (generation, sequence)
WHERE (generation, sequence) >= (:generation, :sequence) ORDER BY generation, sequence;

-- name: is_waiting(generation, sequence, hash)$
SELECT 1 FROM operations
WHERE generation = :generation AND sequence = :sequence AND hash = unhex(:hash) AND result IS NULL;

-- name: answer_operations*!
UPDATE operations SET result = ?1, reason = ?2
WHERE generation = ?3 AND sequence = ?4 AND hash = unhex(?5) AND result IS NULL;

-- name: refused_operations(till)
-- of which nobody has said what is done about them
SELECT generation, sequence, reason FROM operations WHERE result = 'refused'
AND NOT EXISTS (
  SELECT 1 FROM cases WHERE id = 'refused/' || :till || '/' || generation || '/' || sequence AND told IS NULL
) ORDER BY generation, sequence;

-- name: put_in_outbox(generation, sequence)!
INSERT INTO outbox (generation, sequence) VALUES (:generation, :sequence);

-- name: take_from_outbox*!
-- what was answered; a false hub's answer to another text takes nothing away
DELETE FROM outbox WHERE generation = ?1 AND sequence = ?2 AND EXISTS (
  SELECT 1 FROM operations WHERE generation = ?1 AND sequence = ?2 AND hash = unhex(?3) AND result IS NOT NULL
);

-- name: outbox(limit)
SELECT generation, sequence, text FROM outbox JOIN operations USING (generation, sequence)
ORDER BY generation, sequence LIMIT :limit;

-- name: first_waiting()^
SELECT generation, sequence FROM outbox ORDER BY generation, sequence LIMIT 1;

-- name: feed()^
-- how far the hub's word goes, and until when this till has seen anything: in one statement, for every command asks
SELECT
  (SELECT value FROM settings WHERE name = 'cursor'),
  (SELECT value FROM settings WHERE name = 'scope'),
  (SELECT value FROM settings WHERE name = 'pulled_at'),
  (SELECT value FROM settings WHERE name = 'met_at'),
  (SELECT value FROM settings WHERE name = 'seen_at'),
  (SELECT at FROM outbox JOIN operations USING (generation, sequence) ORDER BY generation DESC, sequence DESC LIMIT 1);

-- name: last_waiting()^
SELECT generation, sequence FROM outbox ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: keep_programme(hash, source)!
INSERT INTO programmes (hash, source) VALUES (:hash, :source) ON CONFLICT DO NOTHING;

-- name: programme(hash)$
SELECT source FROM programmes WHERE hash = :hash;

-- name: add_print_job(kind, label, generation, sequence, document, queued_at)!
INSERT INTO print_jobs (kind, label, generation, sequence, document, state, queued_at)
VALUES (:kind, :label, :generation, :sequence, :document, 'queued', :queued_at);

-- name: receipt_of(generation, sequence)^
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE kind = 'receipt' AND generation = :generation AND sequence = :sequence;

-- name: paper_of(generation, sequence)^
-- of a sale or a return
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE kind IN ('receipt', 'return') AND generation = :generation AND sequence = :sequence;

-- name: outbox_ends()
-- of each generation the first and the last that waits, found without reading those between
WITH RECURSIVE generations (generation) AS (
  SELECT max(generation) FROM outbox
  UNION ALL
  SELECT (SELECT max(outbox.generation) FROM outbox WHERE outbox.generation < generations.generation)
  FROM generations WHERE generations.generation IS NOT NULL
)
SELECT (SELECT min(sequence) FROM outbox WHERE outbox.generation = generations.generation),
       (SELECT max(sequence) FROM outbox WHERE outbox.generation = generations.generation)
FROM generations WHERE generation IS NOT NULL;

-- name: tell_coupon(serial, uses_left, generation, sequence)!
INSERT INTO told_coupons (serial, uses_left, generation, sequence) VALUES (:serial, :uses_left, :generation, :sequence)
ON CONFLICT (serial) DO UPDATE SET
  uses_left = excluded.uses_left, generation = excluded.generation, sequence = excluded.sequence;

-- name: told_coupon(serial)^
SELECT uses_left, generation, sequence FROM told_coupons WHERE serial = :serial;

-- name: add_coupon_use(serial, generation, sequence, change)!
INSERT INTO coupon_uses (serial, generation, sequence, change) VALUES (:serial, :generation, :sequence, :change)
ON CONFLICT DO NOTHING;

-- name: coupon_uses_after(serial, generation, sequence)$
SELECT sum(change) FROM coupon_uses
WHERE serial = :serial AND (generation, sequence) > (:generation, :sequence);

-- name: last_coupon_use(serial)^
SELECT sale_day, sale_number, sale_pos, sale_shift, sale_again FROM coupon_uses
JOIN operations USING (generation, sequence)
WHERE serial = :serial AND change = 1 ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: forget_coupon_uses(generation, sequence)!
DELETE FROM coupon_uses WHERE generation = :generation AND sequence = :sequence;

-- name: stopped_campaigns()
SELECT campaign FROM stopped_campaigns;

-- name: is_campaign_stopped(campaign)$
SELECT 1 FROM stopped_campaigns WHERE campaign = :campaign;

-- name: stop_campaign(campaign)!
INSERT INTO stopped_campaigns (campaign) VALUES (:campaign) ON CONFLICT DO NOTHING;

-- name: campaign_goes_on(campaign)!
DELETE FROM stopped_campaigns WHERE campaign = :campaign;

-- name: print_job(job)^
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs WHERE job = :job;

-- name: oldest_open_print_job()^
-- of the papers: a kick waits for none of them
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND kind <> 'drawer' ORDER BY job LIMIT 1;

-- name: print_jobs_to_do(most)
-- of the papers: those that no person is asked about
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND state <> 'unknown' AND kind <> 'drawer' ORDER BY job LIMIT :most;

-- name: print_jobs_in_question()
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND state = 'unknown' AND kind <> 'drawer' ORDER BY job;

-- name: print_jobs_tried()
-- of the papers that are not out: those that may have left something on the strip
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND attempt > 0 AND doubtful AND kind <> 'drawer' ORDER BY job;

-- name: open_kick()^
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND kind = 'drawer' ORDER BY job LIMIT 1;

-- name: last_receipt()^
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE kind IN ('receipt', 'return') ORDER BY job DESC LIMIT 1;

-- name: move_print_job(job, attempt, was, state, begun, cause, doubtful, proof)!
UPDATE print_jobs SET state = :state, attempt = attempt + :begun, cause = :cause,
  doubtful = max(doubtful, :doubtful), proof = :proof
WHERE job = :job AND attempt = :attempt AND state = :was;

-- name: drop_kicks()!
-- at start: nobody waits for that drawer any more
UPDATE print_jobs SET state = 'dropped', cause = 'agent_stopped'
WHERE state <> 'printed' AND state <> 'dropped' AND kind = 'drawer';

-- name: doubt_print_jobs()!
-- the file is an older one: what waits in it may have come out since
UPDATE print_jobs SET doubtful = 1 WHERE state = 'queued' AND kind <> 'drawer';

-- name: interrupt_print_jobs()!
-- at start: what was on its way when the agent died may or may not have come out
UPDATE print_jobs SET state = 'unknown', cause = 'agent_stopped', doubtful = 1
WHERE state <> 'printed' AND state <> 'dropped' AND state IN ('sending', 'sent');

-- name: lately_unproved(among)$
-- of the last jobs that anything was sent for, how many the printer itself did not prove; which of them was the very
-- last is not known here, for a paper may come before the one that a person is asked about
SELECT count(*) FROM (SELECT proof FROM print_jobs WHERE attempt > 0 ORDER BY job DESC LIMIT :among)
WHERE proof NOT IN ('process_id', 'gs_r');

-- name: waiting_print_job(kind, label)^
SELECT job, kind, label, generation, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND kind = :kind AND label = :label ORDER BY job LIMIT 1;

-- name: papers_done()
SELECT state, proof, papers FROM papers_done;

-- name: open_papers()
SELECT state, proof, count(*) FROM print_jobs
WHERE state <> 'printed' AND state <> 'dropped' AND kind <> 'drawer' GROUP BY state, proof;

-- name: count_paper(state, proof)!
INSERT INTO papers_done (state, proof, papers) VALUES (:state, :proof, 1)
ON CONFLICT (state, proof) DO UPDATE SET papers = papers + 1;

-- name: begin_row()!
SAVEPOINT one_row;

-- name: undo_row()!
ROLLBACK TO one_row;

-- name: end_row()!
RELEASE one_row;

-- name: set_row_aside(kind, key, reason)!
INSERT INTO set_aside (kind, key, reason) VALUES (:kind, :key, :reason)
ON CONFLICT (kind, key) DO UPDATE SET reason = excluded.reason;

-- name: set_aside(most)
SELECT kind, key, reason FROM set_aside ORDER BY kind DESC, key LIMIT :most;

-- name: set_aside_count()$
SELECT count(*) FROM set_aside;

-- name: forget_set_aside(kind, key)!
DELETE FROM set_aside WHERE kind = :kind AND key = :key;

-- name: forget_all_set_aside()!
DELETE FROM set_aside;

-- name: keep_case(id, kind, opened_at, told)!
INSERT INTO cases (id, kind, opened_at, told) VALUES (:id, :kind, :opened_at, :told)
ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, told = excluded.told;

-- name: forget_case(id)!
DELETE FROM cases WHERE id = :id;

-- name: forget_cases()!
DELETE FROM cases;

-- name: open_cases(most)
-- the newest first
SELECT told FROM cases WHERE told IS NOT NULL ORDER BY opened_at DESC, id LIMIT :most;

-- name: open_case_count()$
SELECT count(*) FROM cases WHERE told IS NOT NULL;

-- name: goods_with(codes)
SELECT code, article, told FROM json_each(:codes) AS wanted CROSS JOIN goods_codes ON code = wanted.value
CROSS JOIN goods USING (article) ORDER BY code, article;

-- name: goods_told(article)$
SELECT told FROM goods WHERE article = :article;

-- name: has_goods()$
SELECT 1 FROM goods LIMIT 1;

-- name: goods_count()$
SELECT count(*) FROM goods;

-- name: all_goods()
SELECT article, told FROM goods ORDER BY article;

-- name: goods_before(feed, most)
SELECT article FROM goods WHERE feed < :feed LIMIT :most;

-- name: keep_goods*!
INSERT INTO goods (article, told, feed) VALUES (?, ?, ?)
ON CONFLICT (article) DO UPDATE SET told = excluded.told, feed = excluded.feed;

-- name: keep_goods_codes*!
INSERT OR IGNORE INTO goods_codes (code, article) VALUES (?, ?);

-- name: forget_goods*!
DELETE FROM goods WHERE article = ?;

-- name: forget_goods_codes*!
DELETE FROM goods_codes WHERE code = ? AND article = ?;

-- name: published()
SELECT version, hash, begins_at FROM published ORDER BY number;

-- name: forget_published()!
DELETE FROM published;

-- name: add_published(version, hash, begins_at)!
INSERT INTO published (version, hash, begins_at) VALUES (:version, :hash, :begins_at);

-- name: own_ends()
-- of each generation its last operation, found without reading the others
WITH RECURSIVE generations (generation) AS (
  SELECT max(generation) FROM operations
  UNION ALL
  SELECT (SELECT max(operations.generation) FROM operations WHERE operations.generation < generations.generation)
  FROM generations WHERE generations.generation IS NOT NULL
)
SELECT operations.generation, operations.sequence, lower(hex(operations.hash)) FROM generations JOIN operations
ON operations.generation = generations.generation AND operations.sequence = (
  SELECT max(last.sequence) FROM operations AS last WHERE last.generation = generations.generation
) ORDER BY operations.generation;

-- name: last_of(generation)^
SELECT sequence, lower(hex(hash)) FROM operations WHERE generation = :generation ORDER BY sequence DESC LIMIT 1;

-- name: last_answered(generation)$
SELECT sequence FROM operations WHERE generation = :generation AND result IS NOT NULL ORDER BY sequence DESC LIMIT 1;

-- name: wait_again(generation, sequence)!
UPDATE operations SET result = NULL, reason = NULL
WHERE generation = :generation AND sequence > :sequence AND result IS NOT NULL;

-- name: put_back_in_outbox(generation, sequence)!
INSERT INTO outbox (generation, sequence)
SELECT generation, sequence FROM operations WHERE generation = :generation AND sequence > :sequence AND result IS NULL
ON CONFLICT DO NOTHING;

-- name: defer_foreign_keys()!
-- until the transaction ends: rows that others name are put elsewhere
PRAGMA defer_foreign_keys = ON;

-- name: operations_behind(generation, sequence)
SELECT generation, sequence, lower(hex(hash)), text FROM operations WHERE generation = :generation AND sequence > :sequence
ORDER BY sequence;

-- name: forget_waiting(generation, sequence)!
DELETE FROM outbox WHERE generation = :generation AND sequence = :sequence;

-- name: forget_returns(generation, sequence)!
DELETE FROM returns WHERE generation = :generation AND sequence = :sequence;

-- name: forget_fiscal(generation, sequence)!
DELETE FROM fiscal_documents WHERE generation = :generation AND sequence = :sequence;

-- name: forget_operation(generation, sequence)!
DELETE FROM operations WHERE generation = :generation AND sequence = :sequence;

-- name: operation_of_sale(kind, day, number, pos, shift, again)^
SELECT generation, sequence FROM operations
WHERE sale_number = :number AND sale_pos = :pos AND sale_shift = :shift AND sale_day = :day AND sale_again = :again
  AND kind = :kind;

-- name: keep_astray(generation, sequence, hash, text, now_generation, now_sequence)!
INSERT INTO astray (generation, sequence, hash, text, now_generation, now_sequence)
VALUES (:generation, :sequence, :hash, :text, :now_generation, :now_sequence);

-- name: repoint_print_jobs(generation, sequence, now_generation, now_sequence)!
UPDATE print_jobs SET generation = :now_generation, sequence = :now_sequence
WHERE generation = :generation AND sequence = :sequence;

-- name: oldest_operations(generation, sequence, till, most)
-- the next ones behind it, and whether each stays: it is not answered, no copy of the hub has it, the next one names it,
-- its paper is not out, a person is to look at it, its member's word was not taken, or goods of its sale may come back
SELECT generation, sequence, at,
  result IS NULL
  OR sequence > coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE name = 'covered:' || generation), 0)
  OR NOT EXISTS (
    SELECT 1 FROM operations AS next
    WHERE next.generation = operations.generation AND next.sequence > operations.sequence
  )
  OR EXISTS (
    SELECT 1 FROM print_jobs AS paper WHERE paper.generation = operations.generation
    AND paper.sequence = operations.sequence AND state <> 'printed' AND state <> 'dropped'
  )
  OR result = 'refused' AND NOT EXISTS (
    SELECT 1 FROM cases WHERE id = 'refused/' || :till || '/' || generation || '/' || sequence AND told IS NULL
  )
  OR EXISTS (SELECT 1 FROM set_aside WHERE set_aside.kind = 'member' AND key = member)
  OR EXISTS (
    SELECT 1 FROM returns AS back JOIN operations AS sold
    ON sold.generation = back.of_generation AND sold.sequence = back.of_sequence
    WHERE back.generation = operations.generation AND back.sequence = operations.sequence
  ),
  lower(hex(hash)), text
FROM operations WHERE (generation, sequence) > (:generation, :sequence) ORDER BY generation, sequence LIMIT :most;

-- name: oldest_answered(generation, sequence)$
-- behind it
SELECT at FROM operations WHERE (generation, sequence) > (:generation, :sequence) AND result IS NOT NULL
ORDER BY generation, sequence LIMIT 1;

-- name: keep_trimmed(generation, sequence, hash, earned_points, spent_points, kopecks)!
INSERT INTO trimmed (generation, sequence, hash, earned_points, spent_points, kopecks)
VALUES (:generation, :sequence, :hash, :earned_points, :spent_points, :kopecks);

-- name: keep_trimmed_number(name, generation, sequence)!
INSERT INTO trimmed_numbers (name, generation, sequence) VALUES (:name, :generation, :sequence);

-- name: trimmed_hash(generation, sequence)$
SELECT lower(hex(hash)) FROM trimmed WHERE generation = :generation AND sequence = :sequence;

-- name: last_trimmed()^
SELECT generation, sequence, lower(hex(hash)) FROM trimmed ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: trimmed_to(generation)$
SELECT max(sequence) FROM trimmed WHERE generation = :generation;

-- name: trimmed_number(name)^
-- the newest under it
SELECT generation, sequence, earned_points, spent_points, kopecks
FROM trimmed_numbers JOIN trimmed USING (generation, sequence)
WHERE name = :name ORDER BY generation DESC, sequence DESC LIMIT 1;

-- name: forget_papers(generation, sequence)!
DELETE FROM print_jobs WHERE generation = :generation AND sequence = :sequence;

-- name: forget_returns_of(generation, sequence)!
DELETE FROM returns WHERE of_generation = :generation AND of_sequence = :sequence;

-- name: forget_old_papers(before, most)!
-- of no operation: reports, copies
DELETE FROM print_jobs WHERE job IN (
  SELECT job FROM print_jobs WHERE generation IS NULL AND queued_at < :before AND state IN ('printed', 'dropped')
  ORDER BY job LIMIT :most
);

-- name: is_astray(generation, sequence, hash)$
SELECT 1 FROM astray WHERE generation = :generation AND sequence = :sequence AND hash = :hash;

-- name: operations_between(generation, first, last)$
SELECT count(*) FROM operations WHERE generation = :generation AND sequence BETWEEN :first AND :last;

-- name: rescued()
SELECT generation, sequence FROM rescued ORDER BY generation, sequence;

-- name: hold_rescued(generation, sequence)!
INSERT INTO rescued (generation, sequence) VALUES (:generation, :sequence);

-- name: forget_rescued()!
DELETE FROM rescued;

-- name: operation_before(generation, sequence)$
SELECT max(sequence) FROM operations WHERE generation = :generation AND sequence < :sequence;

-- name: wait_again_one(generation, sequence)!
UPDATE operations SET result = NULL, reason = NULL WHERE generation = :generation AND sequence = :sequence;

-- name: counts_of_day(day, by)$
SELECT counts FROM days WHERE day = :day AND by = :by;

-- name: day_counts(day)
SELECT by, counts FROM days WHERE day = :day ORDER BY by;

-- name: keep_counts(day, by, counts)!
INSERT INTO days (day, by, counts) VALUES (:day, :by, :counts) ON CONFLICT (day, by) DO UPDATE SET counts = excluded.counts;

-- name: uses_of_member(subject, since)
SELECT generation, sequence, at FROM operations INDEXED BY operations_by_member
WHERE member = :subject AND kind = 'sale' AND at > :since ORDER BY generation, sequence;

-- name: uses_of_card(subject, since)
SELECT generation, sequence, at FROM operations INDEXED BY operations_by_card
WHERE card = :subject AND kind = 'sale' AND at > :since ORDER BY generation, sequence;

-- name: rang(subject, since)
SELECT rule, max(at) FROM rings WHERE subject = :subject AND at > :since GROUP BY rule;

-- name: add_ring(day, at, subject, rule, count, most, by, sale)!
INSERT INTO rings (day, at, subject, rule, count, most, by, sale)
VALUES (:day, :at, :subject, :rule, :count, :most, :by, :sale);

-- name: rings_of_day(day, most_rows)
SELECT at, subject, rule, count, most, by, sale FROM rings WHERE day = :day ORDER BY number DESC LIMIT :most_rows;

-- name: keep_virtual_numbers*!
INSERT INTO virtual_numbers (number)
SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM cards WHERE number = ?1) ON CONFLICT (number) DO NOTHING;

-- name: virtual_number(promised_before)$
SELECT number FROM virtual_numbers WHERE (promised_at IS NULL OR promised_at < :promised_before)
  AND NOT EXISTS (SELECT 1 FROM cards WHERE cards.number = virtual_numbers.number)
ORDER BY promised_at IS NOT NULL, promised_at, number LIMIT 1;

-- name: promise_virtual_number(number, at)!
UPDATE virtual_numbers SET promised_at = :at WHERE number = :number;

-- name: virtual_births(member)
SELECT generation, sequence FROM operations INDEXED BY operations_by_member
WHERE member = :member AND kind IN ('card_issued', 'card_made_virtual') ORDER BY generation, sequence;

-- name: use_virtual_number(number)!
DELETE FROM virtual_numbers WHERE number = :number;

-- name: forget_virtual_numbers()!
DELETE FROM virtual_numbers;

-- name: virtual_number_count(promised_before)$
SELECT count(*) FROM virtual_numbers WHERE promised_at IS NULL OR promised_at < :promised_before;

-- name: take_blank()!
UPDATE settings SET value = CAST(max(0, CAST(value AS INTEGER) - 1) AS TEXT) WHERE name = 'blanks_left';

-- name: spoil_blank(number, at, instead)!
INSERT INTO spoiled_blanks (number, at, instead) VALUES (:number, :at, :instead)
ON CONFLICT (number) DO UPDATE SET instead = excluded.instead;

-- name: spoiled_blank(number)^
SELECT at, instead FROM spoiled_blanks WHERE number = :number;

-- name: spoiled_untold(most)
SELECT number FROM spoiled_blanks WHERE told = 0 ORDER BY number LIMIT :most;

-- name: told_spoiled(number)!
UPDATE spoiled_blanks SET told = 1 WHERE number = :number;

-- name: cards_given_on(day)$
SELECT count(*) FROM operations WHERE sale_day = :day AND kind IN ('card_issued', 'card_reissued');

-- name: slot_used(phone, slot)$
SELECT 1 FROM used_slots WHERE phone = :phone AND slot = :slot;

-- name: use_slot(phone, slot)!
INSERT INTO used_slots (phone, slot) VALUES (:phone, :slot);

-- name: forget_slots(before)!
DELETE FROM used_slots WHERE slot < :before;

-- name: keep_certificate_numbers*!
-- one that was sold here is none any more, though the hub may not have heard
INSERT INTO certificate_numbers (number, text, pin)
SELECT ?1, ?2, ?3
WHERE NOT EXISTS (SELECT 1 FROM certificate_moves WHERE number = ?1 AND what IN ('sold', 'into'))
ON CONFLICT (number) DO UPDATE SET text = excluded.text, pin = excluded.pin;

-- name: certificate_numbers(most)
SELECT number, text, pin FROM certificate_numbers ORDER BY number LIMIT :most;

-- name: certificate_number_count()$
SELECT count(*) FROM certificate_numbers;

-- name: certificate_was_sold()$
SELECT EXISTS (SELECT 1 FROM certificate_moves WHERE what = 'sold');

-- name: drop_certificate_numbers()!
DELETE FROM certificate_numbers;

-- name: use_certificate_number(number)!
DELETE FROM certificate_numbers WHERE number = :number;

-- name: move_certificate(number, generation, sequence, what, kopecks)!
INSERT INTO certificate_moves (number, generation, sequence, what, kopecks)
VALUES (:number, :generation, :sequence, :what, :kopecks) ON CONFLICT DO NOTHING;

-- name: certificate_moves(number)
-- of one, in their order; and whether the hub has not answered yet
SELECT what, kopecks, generation, sequence, result, EXISTS (
  SELECT 1 FROM outbox WHERE outbox.generation = certificate_moves.generation
    AND outbox.sequence = certificate_moves.sequence
) FROM certificate_moves JOIN operations USING (generation, sequence) WHERE number = :number
ORDER BY generation, sequence;

-- name: certificate_moved(number, what)^
SELECT generation, sequence FROM certificate_moves WHERE number = :number AND what = :what;

-- name: forget_certificate_moves(generation, sequence)!
DELETE FROM certificate_moves WHERE generation = :generation AND sequence = :sequence;
