-- A customer is taken out of a day's sets; the row's lock first, so that the ledger then shows what the sets hold.
\set day random(0, 59)
\set customer random(0, 99)
BEGIN;
SELECT FROM daily WHERE day = date '2026-01-01' + :day ORDER BY segment FOR UPDATE;
UPDATE ledger SET forgotten = true WHERE day = date '2026-01-01' + :day AND customer = :customer AND NOT forgotten;
UPDATE daily SET active = forget(active, :customer), revenue = forget(revenue, :customer) WHERE day = date '2026-01-01' + :day;
END;
