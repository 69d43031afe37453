-- Tickets of two years, open for two hours to two weeks, and the holidays; run by bench/hours.
SET timezone = 'UTC';
SELECT setseed(0.5);
CREATE TABLE ticket AS
SELECT opened, opened + interval '2 hours' + random() * random() * interval '14 days' AS closed
FROM (SELECT timestamptz '2023-01-01 00:00+00' + random() * interval '2 years' AS opened FROM generate_series(1, :rows)) t;
VACUUM ANALYZE ticket;
CREATE TABLE holiday AS SELECT d::date AS day FROM generate_series(timestamp '2023-01-02', '2025-02-01', '37 days') d;
-- What people write by hand: the days from the first to the last, those that are worked, and how much of each lies between.
CREATE FUNCTION by_hand(opened timestamptz, closed timestamptz) RETURNS double precision LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT coalesce(sum(extract(epoch FROM least(closed, (d + time '17:30') AT TIME ZONE 'America/New_York') - greatest(opened, (d + time '09:00') AT TIME ZONE 'America/New_York'))), 0)
	FROM generate_series((opened AT TIME ZONE 'America/New_York')::date::timestamp, (closed AT TIME ZONE 'America/New_York')::date, '1 day') d
	WHERE extract(isodow FROM d) < 6 AND NOT EXISTS (SELECT FROM holiday WHERE day = d::date)
		AND (d + time '17:30') AT TIME ZONE 'America/New_York' > opened AND (d + time '09:00') AT TIME ZONE 'America/New_York' < closed);
