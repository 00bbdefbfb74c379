-- name: keep_quote(id, told_at, pos, quote)!
INSERT INTO quotes (id, told_at, pos, quote) VALUES (:id, :told_at, :pos, :quote)
ON CONFLICT (id) DO UPDATE SET quote = excluded.quote;

-- name: quote(id)$
SELECT quote FROM quotes WHERE id = :id;

-- name: forget_quotes(before)!
DELETE FROM quotes WHERE told_at < :before;

-- name: forget_visits()!
DELETE FROM visits;

-- name: keep_visit(place, visit)!
INSERT INTO visits (place, visit) VALUES (:place, :visit);

-- name: visits()
SELECT visit FROM visits ORDER BY place;

-- name: mark(name)$
SELECT value FROM marks WHERE name = :name;

-- name: keep_mark(name, value)!
INSERT INTO marks (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;
