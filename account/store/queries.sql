-- name: session_of(token)^
SELECT id, token, member, language, began_at, seen_at, device, state FROM sessions WHERE token = :token

-- name: begin_session(id, token, member, language, began_at, seen_at, device, state)!
INSERT INTO sessions (id, token, member, language, began_at, seen_at, device, state)
VALUES (:id, :token, :member, :language, :began_at, :seen_at, :device, :state)

-- name: keep_session(id, token, member, language, seen_at, device, state)!
UPDATE sessions SET member = :member, language = :language, seen_at = :seen_at, device = :device, state = :state
WHERE id = :id AND token = :token

-- name: sessions_of_member(member)
SELECT id, token, member, language, began_at, seen_at, device, state FROM sessions
WHERE member = :member ORDER BY seen_at DESC, id

-- name: end_session(id)!
DELETE FROM sessions WHERE id = :id

-- name: end_sessions_of(member, but)!
DELETE FROM sessions WHERE member = :member AND id <> :but

-- name: sweep_sessions(idle, oldest, visitors)!
DELETE FROM sessions WHERE (member <> '' AND (seen_at < :idle OR began_at < :oldest))
  OR (member = '' AND seen_at < :visitors)

-- name: messages_seen(member)^
SELECT until FROM messages_seen WHERE member = :member

-- name: see_messages(member, until, at)!
INSERT INTO messages_seen (member, until, at) VALUES (:member, :until, :at)
ON CONFLICT (member) DO UPDATE SET until = excluded.until, at = excluded.at

-- name: forget_messages_seen(member)!
DELETE FROM messages_seen WHERE member = :member

-- name: password_of(member)^
SELECT hash FROM passwords WHERE member = :member

-- name: keep_password(member, hash, set_at)!
INSERT INTO passwords (member, hash, set_at) VALUES (:member, :hash, :set_at)
ON CONFLICT (member) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at

-- name: forget_password(member)!
DELETE FROM passwords WHERE member = :member

-- name: count_try(whose, at)!
INSERT INTO tries (whose, wrong, until_at, tried_at) VALUES (:whose, 1, '', :at)
ON CONFLICT (whose) DO UPDATE SET wrong = tries.wrong + 1, tried_at = excluded.tried_at

-- name: tries_of(whose)^
SELECT wrong, until_at FROM tries WHERE whose = :whose

-- name: pause_tries(whose, until_at)!
UPDATE tries SET until_at = :until_at WHERE whose = :whose

-- name: forget_tries(whose)!
DELETE FROM tries WHERE whose = :whose

-- name: sweep_tries(before)!
DELETE FROM tries WHERE tried_at < :before

-- name: network_member(network, subject)^
SELECT member FROM networks WHERE network = :network AND subject = :subject

-- name: link_network(network, subject, member, shown, linked_at)!
INSERT INTO networks (network, subject, member, shown, linked_at)
VALUES (:network, :subject, :member, :shown, :linked_at)
ON CONFLICT (network, subject) DO UPDATE SET member = excluded.member, shown = excluded.shown,
  linked_at = excluded.linked_at

-- name: networks_of(member)
SELECT network, shown, linked_at FROM networks WHERE member = :member ORDER BY network, subject

-- name: unlink_network(network, member)!
DELETE FROM networks WHERE network = :network AND member = :member

-- name: unlink_subject(network, subject)!
DELETE FROM networks WHERE network = :network AND subject = :subject

-- name: lead_once(member, led_at)!
INSERT INTO led (member, led_at) VALUES (:member, :led_at) ON CONFLICT (member) DO NOTHING

-- name: forget_sessions(member)!
DELETE FROM sessions WHERE member = :member

-- name: sessions_members(after, most)
SELECT DISTINCT member FROM sessions WHERE member > :after ORDER BY member LIMIT :most

-- name: sessions_told(member)
SELECT began_at, seen_at, language, device FROM sessions WHERE member = :member ORDER BY began_at, id

-- name: passwords_members(after, most)
SELECT member FROM passwords WHERE member > :after ORDER BY member LIMIT :most

-- name: passwords_told(member)
SELECT set_at FROM passwords WHERE member = :member

-- name: forget_networks(member)!
DELETE FROM networks WHERE member = :member

-- name: networks_members(after, most)
SELECT DISTINCT member FROM networks WHERE member > :after ORDER BY member LIMIT :most

-- name: forget_led(member)!
DELETE FROM led WHERE member = :member

-- name: messages_seen_members(after, most)
SELECT member FROM messages_seen WHERE member > :after ORDER BY member LIMIT :most

-- name: messages_seen_told(member)
SELECT until, at FROM messages_seen WHERE member = :member

-- name: led_members(after, most)
SELECT member FROM led WHERE member > :after ORDER BY member LIMIT :most

-- name: led_told(member)
SELECT led_at FROM led WHERE member = :member
