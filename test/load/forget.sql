-- A customer is taken out of a day's sets.  The row's lock first, so that the ledger then shows what the sets hold; a
-- day that is not there yet may come at any moment, with the customer, so it is left alone.
\set day random(0, 59)
\set segment random(1, 3)
\set customer random(0, 29)
BEGIN;
SELECT count(*) AS locked
	FROM (SELECT FROM daily WHERE day = date '2026-01-01' + :day AND segment = 's' || :segment FOR UPDATE) d \gset
\if :locked
UPDATE ledger SET forgotten = true WHERE day = date '2026-01-01' + :day AND segment = 's' || :segment
	AND customer = :customer AND NOT forgotten;
UPDATE daily SET active = forget(active, :customer), revenue = forget(revenue, :customer)
	WHERE day = date '2026-01-01' + :day AND segment = 's' || :segment;
\endif
END;
