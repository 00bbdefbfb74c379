-- name: setting(name)$
SELECT value FROM settings WHERE name = :name;

-- name: set_setting(name, value)!
INSERT INTO settings (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: settings_like(pattern)
SELECT name, value FROM settings WHERE name LIKE :pattern;

-- name: find_card(number)^
SELECT number, member, status FROM cards WHERE number = :number;

-- name: cards_of_member(member)
-- the usable card first
SELECT number, status FROM cards WHERE member = :member
ORDER BY status IN ('blocked', 'replaced'), number;

-- name: find_member(member)^
SELECT member, points, snapshot_sequence, accumulated_kopecks, birthday, favourites FROM members
WHERE member = :member;

-- name: expiring_points(member)^
SELECT expiring_points, expiring_at, snapshot_sequence FROM members WHERE member = :member;

-- name: own_sales(member, after)
SELECT text FROM operations
WHERE member = :member AND sequence > :after AND kind = 'sale' AND (result IS NULL OR result <> 'refused')
ORDER BY sequence;

-- name: members_by_phone(phone_key)
SELECT member FROM members WHERE phone_key = :phone_key ORDER BY member;

-- name: own_operations(member, after)^
-- what our operations after the snapshot do to a balance; a refused one does nothing
SELECT coalesce(sum(points), 0), coalesce(sum(redeemed_points), 0) FROM operations
WHERE member = :member AND sequence > :after AND (result IS NULL OR result <> 'refused');

-- name: redeemed_on_day(member, day)^
-- in all, and of that without a connection
SELECT coalesce(sum(redeemed_points), 0), coalesce(sum(redeemed_points) FILTER (WHERE offline), 0) FROM operations
WHERE member = :member AND sale_day = :day AND (result IS NULL OR result <> 'refused');

-- name: save_member(member, points, snapshot_sequence, accumulated_kopecks, birthday, favourites, phone_key, expiring_points, expiring_at)!
INSERT INTO members (member, points, snapshot_sequence, accumulated_kopecks, birthday, favourites, phone_key,
                     expiring_points, expiring_at)
VALUES (:member, :points, :snapshot_sequence, :accumulated_kopecks, :birthday, :favourites, :phone_key,
        :expiring_points, :expiring_at)
ON CONFLICT (member) DO UPDATE SET
  points = excluded.points, snapshot_sequence = excluded.snapshot_sequence,
  accumulated_kopecks = excluded.accumulated_kopecks, birthday = excluded.birthday,
  favourites = excluded.favourites, phone_key = excluded.phone_key,
  expiring_points = excluded.expiring_points, expiring_at = excluded.expiring_at;

-- name: add_member(member)!
-- a member born at this till: no snapshot yet
INSERT INTO members (member, points, snapshot_sequence) VALUES (:member, 0, 0);

-- name: save_card(number, member, status)!
INSERT INTO cards (number, member, status) VALUES (:number, :member, :status)
ON CONFLICT (number) DO UPDATE SET member = excluded.member, status = excluded.status;

-- name: last_operation()^
SELECT sequence, hash FROM operations ORDER BY sequence DESC LIMIT 1;

-- name: add_operation(sequence, hash, kind, member, sale_day, sale_number, points, redeemed_points, offline, text)!
INSERT INTO operations (sequence, hash, kind, member, sale_day, sale_number, points, redeemed_points, offline, text)
VALUES (:sequence, :hash, :kind, :member, :sale_day, :sale_number, :points, :redeemed_points, :offline, :text);

-- name: operations_of_sale(day, number)
SELECT sequence, text FROM operations WHERE sale_day = :day AND sale_number = :number ORDER BY sequence;

-- name: operations_of_day(day)
SELECT text, result, reason FROM operations WHERE sale_day = :day ORDER BY sequence;

-- name: papers_of_day(day)
SELECT state, count(*) FROM print_jobs JOIN operations USING (sequence) WHERE sale_day = :day GROUP BY state;

-- name: operations_from(sequence)
SELECT sequence, hash, text, result IS NOT NULL, outbox.sequence IS NOT NULL,
       member, sale_day, sale_number, points, redeemed_points, offline
FROM operations LEFT JOIN outbox USING (sequence) WHERE sequence >= :sequence ORDER BY sequence;

-- name: own_reissues(member, after)
SELECT text FROM operations
WHERE member = :member AND sequence > :after AND kind = 'card_reissued' AND (result IS NULL OR result <> 'refused')
ORDER BY sequence;

-- name: answer_operation(sequence, hash, result, reason)!
UPDATE operations SET result = :result, reason = :reason
WHERE sequence = :sequence AND hash = :hash AND result IS NULL;

-- name: refused_operations()
SELECT sequence, reason FROM operations WHERE result = 'refused' ORDER BY sequence;

-- name: put_in_outbox(sequence)!
INSERT INTO outbox (sequence) VALUES (:sequence);

-- name: take_from_outbox(sequence)!
DELETE FROM outbox WHERE sequence = :sequence;

-- name: outbox(limit)
SELECT operations.sequence, operations.text FROM outbox JOIN operations USING (sequence)
ORDER BY outbox.sequence LIMIT :limit;

-- name: outbox_length()$
SELECT count(*) FROM outbox;

-- name: outbox_bounds()^
SELECT min(sequence), max(sequence) FROM outbox;

-- name: use_coupon(serial)!
INSERT INTO used_coupons (serial) VALUES (:serial) ON CONFLICT DO NOTHING;

-- name: coupon_used(serial)$
SELECT 1 FROM used_coupons WHERE serial = :serial;

-- name: add_print_job(kind, label, sequence, document, queued_at)!
INSERT INTO print_jobs (kind, label, sequence, document, state, queued_at)
VALUES (:kind, :label, :sequence, :document, 'queued', :queued_at);

-- name: print_job(job)^
SELECT job, kind, label, sequence, document, state, attempt, cause, doubtful FROM print_jobs WHERE job = :job;

-- name: oldest_open_print_job()^
SELECT job, kind, label, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' ORDER BY job LIMIT 1;

-- name: receipt_of(sequence)^
SELECT job, kind, label, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE kind = 'receipt' AND sequence = :sequence;

-- name: last_receipt()^
SELECT job, kind, label, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE kind = 'receipt' ORDER BY job DESC LIMIT 1;

-- name: move_print_job(job, attempt, was, state, begun, cause, doubtful, proof)!
UPDATE print_jobs SET state = :state, attempt = attempt + :begun, cause = :cause,
  doubtful = max(doubtful, :doubtful), proof = :proof
WHERE job = :job AND attempt = :attempt AND state = :was;

-- name: interrupt_print_jobs()!
-- at start: what was on its way when the agent died may or may not have come out
UPDATE print_jobs SET state = 'unknown', cause = 'agent_stopped', doubtful = 1 WHERE state IN ('sending', 'sent');

-- name: last_attempted_proof()$
-- why the last job that anything was sent for is printed; '' when it is not
SELECT proof FROM print_jobs WHERE attempt > 0 ORDER BY job DESC LIMIT 1;

-- name: waiting_print_job(kind, label)^
SELECT job, kind, label, sequence, document, state, attempt, cause, doubtful FROM print_jobs
WHERE state <> 'printed' AND kind = :kind AND label = :label ORDER BY job LIMIT 1;

-- name: print_job_proofs()
-- on whose word papers count as printed
SELECT proof, count(*) FROM print_jobs WHERE state = 'printed' GROUP BY proof;

-- name: print_job_counts()
SELECT state, count(*) FROM print_jobs GROUP BY state;
