-- What a version promises to later ones: values as it stores, sends and prints them, and what its functions answer for
-- them.  After samples.sql and probe.sql.  test/released/keep writes them to test/released/VERSION.*; 005_upgrade
-- compares.

-- The bytes of a value as a table holds them, but for the length word: a type that shows them, with casts that do
-- nothing.
CREATE TYPE kpi_test.stored;
CREATE FUNCTION kpi_test.stored_in(cstring) RETURNS kpi_test.stored LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION kpi_test.stored_out(kpi_test.stored) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE kpi_test.stored (INPUT = kpi_test.stored_in, OUTPUT = kpi_test.stored_out, INTERNALLENGTH = VARIABLE,
		ALIGNMENT = double, STORAGE = extended);
DO $$
DECLARE
	type regtype;
BEGIN
	FOR type IN SELECT b.type FROM kpi_test.base_type b LOOP
		EXECUTE format('CREATE CAST (%s AS kpi_test.stored) WITHOUT FUNCTION', type);
		EXECUTE format('CREATE CAST (kpi_test.stored AS %s) WITHOUT FUNCTION', type);
	END LOOP;
END
$$;

CREATE FUNCTION kpi_test.stored_bytes(of regtype, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	bytes text;
BEGIN
	EXECUTE format('SELECT %L::%s::kpi_test.stored::text', value, of) INTO bytes;
	RETURN bytes;
END
$$;
CREATE FUNCTION kpi_test.from_stored(of regtype, bytes text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	value text;
BEGIN
	EXECUTE format('SELECT %L::kpi_test.stored::%s::text', bytes, of) INTO value;
	RETURN value;
END
$$;

-- What a function returns for a value; what is long by its digest.
CREATE FUNCTION kpi_test.answer(query text, value text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN length(r) > 200 THEN format('md5 %s of %s characters', md5(r), length(r)) ELSE r END
		FROM kpi_test.result(query, value) r
$$;

-- Rows as a CRM has them, and what the aggregates make of them.
CREATE VIEW kpi_test.crm_row AS
	SELECT g, g % 37 AS customer,
		format('00000000-0000-4000-8000-%s', lpad((g * 7919 % 41)::text, 12, '0'))::uuid AS id, 'c' || g % 29 AS name,
		date '2024-01-01' + g * 5 % 700 AS day, timestamptz '2024-03-30 22:00+00' + g * interval '97 minutes' AS moment,
		round((g * 7907 % 100003) / 100.0 - 20, 2) AS amount, g % 11 AS score
	FROM generate_series(1, 400) g;
CREATE FUNCTION kpi_test.built() RETURNS TABLE (value text, type regtype)
	LANGUAGE sql SET timezone = 'Europe/Berlin' AS $$
	SELECT v.value, v.type::regtype FROM (SELECT
		nps_summary(score)::text AS nps_summary,
		rate_summary(score > 6)::text AS rate_summary,
		ratio_summary(amount, score)::text AS ratio_summary,
		ratio_summary(amount * 1e60, nullif(score, 0) / 7e25)::text AS wide,
		ratio_summary(amount::double precision, score::double precision)::text AS ratio_summary_float,
		duration_summary(make_interval(secs => abs(amount)))::text AS duration_summary,
		activity_summary(customer, day, 'month')::text AS activity_summary,
		activity_summary(id, moment, 'week sat')::text AS activity_id,
		activity_summary(name, moment, 'jalali month')::text AS activity_name,
		revenue_summary(customer, day, amount, 'quarter apr')::text AS revenue_summary,
		subscription_summary(name, daterange(day, day + score * 20 + 1), amount, 'month', '2025-12-31')::text
			AS subscription,
		funnel_summary(customer, moment, (ARRAY['visit', 'say "é"', 'order', 'other'])[g % 4 + 1],
				ARRAY['visit', 'say "é"', 'order'])::text AS funnel_summary,
		funnel_summary(id, day, ARRAY[g % 3 = 0, g % 4 = 0, g % 5 = 0])::text AS funnel_flags,
		rfm(day, amount) FILTER (WHERE customer = 5)::text AS rfm,
		rfm(moment, amount) FILTER (WHERE customer = 6)::text AS rfm_zone
		FROM kpi_test.crm_row) AS built,
	LATERAL (VALUES (nps_summary, 'nps_summary'), (rate_summary, 'rate_summary'), (ratio_summary, 'ratio_summary'),
			(wide, 'ratio_summary'),
		(ratio_summary_float, 'ratio_summary_float'), (duration_summary, 'duration_summary'),
		(activity_summary, 'activity_summary'),
		(activity_id, 'activity_summary'), (activity_name, 'activity_summary'), (revenue_summary, 'revenue_summary'),
		(subscription, 'revenue_summary'), (funnel_summary, 'funnel_summary'), (funnel_flags, 'funnel_summary'),
		(rfm, 'rfm'), (rfm_zone, 'rfm')) AS v (value, type)
$$;

-- The files' rows.
CREATE FUNCTION kpi_test.kept_values() RETURNS TABLE (number bigint, type text, printed text, sent bytea, stored text)
	LANGUAGE sql AS $$
	SELECT row_number() OVER (ORDER BY v.type::text COLLATE "C", length(f.printed), f.printed COLLATE "C"),
		v.type::text, f.printed, f.sent, kpi_test.stored_bytes(v.type, f.printed)
	FROM (SELECT type, literal FROM kpi_test.sampled UNION ALL SELECT type, value FROM kpi_test.built())
		AS v (type, literal),
		kpi_test.forms(v.type, literal) f
	ORDER BY 1
$$;
CREATE FUNCTION kpi_test.kept_answers() RETURNS TABLE (number bigint, signature text, answer text)
	LANGUAGE sql SET timezone = 'UTC' SET extra_float_digits = -4 AS $$
	SELECT v.number, c.signature, a.answer
	FROM kpi_test.kept_values() v, kpi_test.calls(v.type::regtype) c, kpi_test.answer(c.query, v.printed) a (answer)
	-- errors and what is private are no promise; nor are the last digits of what is fitted, which depend on the machine
	WHERE a.answer !~ '^error ' AND v.type <> 'clv_sample' AND c.signature !~ '^kpi_(html|svg|page)_'
	ORDER BY 1, c.signature COLLATE "C"
$$;
