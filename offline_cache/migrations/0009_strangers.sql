-- Sales to a card that was not known here, and what came back of them: whose they are is known as soon as the card is.
ALTER TABLE operations ADD COLUMN card TEXT;    -- of those without a member
UPDATE operations SET card = json_extract(text, '$.body.card')
WHERE member IS NULL AND kind IN ('sale', 'return') AND json_valid(text);
CREATE INDEX operations_by_card ON operations (card, generation, sequence) WHERE card IS NOT NULL;
