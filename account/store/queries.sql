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
