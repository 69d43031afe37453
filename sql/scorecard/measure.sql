-- Measuring: src/scorecard/measure.c

CREATE FUNCTION kpi_record(kpi text, as_of date, period date[], segment text[], value double precision[],
		numerator double precision[],
	denominator double precision[], n double precision[], margin double precision[], part double precision[])
RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	-- kpi_measure() has done so
	SELECT FROM kpi_definition d WHERE d.name = kpi_record.kpi FOR NO KEY UPDATE;
	-- what was written before the KPI hid it, or with a smaller minimum
	UPDATE kpi_reading r SET value = NULL, numerator = NULL, denominator = NULL, margin = NULL, target = NULL,
		attainment = NULL, status = NULL
	FROM kpi_definition d
	WHERE d.name = kpi_record.kpi AND d.hide AND r.kpi = d.name AND r.value IS NOT NULL
		AND (r.n >= d.min_n::double precision) IS NOT TRUE;
	WITH definition AS (
		SELECT d.*, kpi_period(kpi_period(as_of + 1, d.unit) - 1, d.unit) AS ended FROM kpi_definition d
		WHERE d.name = kpi_record.kpi
	), row AS MATERIALIZED (
		SELECT g.*
		FROM ROWS FROM (pg_catalog.unnest(kpi_record.period), pg_catalog.unnest(kpi_record.segment),
				pg_catalog.unnest(kpi_record.value),
			pg_catalog.unnest(kpi_record.numerator), pg_catalog.unnest(kpi_record.denominator),
				pg_catalog.unnest(kpi_record.n),
			pg_catalog.unnest(kpi_record.margin), pg_catalog.unnest(kpi_record.part))
			AS g (period, segment, value, numerator, denominator, n, margin, part)
	), span AS MATERIALIZED (
		-- known: the newest value there is, from which on a source that has become empty owes one
		SELECT min(g.period) AS first, max(g.period) AS last, count(*) = 0 AS empty,
			coalesce(bool_or(g.n IS NOT NULL), false) AS counted,
			(SELECT max(r.period) FROM kpi_reading r WHERE r.kpi = kpi_record.kpi
				AND (r.value IS NOT NULL OR r.n > '0')) AS known
		FROM row g
	), due AS (
		-- the ended periods under a goal from the source's first one on; of a flow that in progress too
		SELECT g.segment, p.period
		FROM definition d JOIN kpi_goal g ON g.kpi = d.name AND g.superseded_at IS NULL, span s,
			LATERAL kpi_periods(greatest(CASE WHEN s.empty THEN least(d.ended, s.known) ELSE s.first END,
					pg_catalog.lower(g.during), pg_catalog.lower(d.active)),
				least(greatest(kpi_next_period(d.ended, d.unit),
						CASE WHEN d.kind = 'flow' THEN kpi_next_period(s.last, d.unit) END),
					pg_catalog.upper(g.during), pg_catalog.upper(d.active)) - 1, d.unit) AS p (period)
		WHERE (NOT s.empty OR s.known IS NOT NULL)
			AND g.during OPERATOR(pg_catalog.@>) daterange(p.period, kpi_next_period(p.period, d.unit))
	), missing AS MATERIALIZED (
		SELECT u.segment, u.period FROM due u
		-- a hash of all that was given, whatever the planner guesses of its size
		WHERE (u.period, u.segment) NOT IN (SELECT g.period, g.segment FROM row g)
		LIMIT 1000001
	), owed AS MATERIALIZED (
		-- nothing came where the source has newer rows: that is 0 of a flow, else not known
		SELECT m.segment, m.period, d.kind = 'flow' AND coalesce(m.period <= s.last, false) AS zero
		FROM missing m, definition d, span s
		-- a wrong year in the source is the reason, not a source that stopped for so long
		WHERE CASE WHEN (SELECT count(*) FROM missing m) <= 1000000 THEN true
			ELSE kpi_refuse_large(pg_catalog.format('KPI %L has more than 1000000 periods under a goal without a row, '
					'from %s on', kpi_record.kpi, (SELECT min(m.period) FROM missing m)),
				'Look for a row of a wrong date in the source, or let the goal begin later.') END
	), seen AS (
		-- each value of a segment and the next one: in the source, or the last before the source's first period
		SELECT x.segment, x.period,
			pg_catalog.lead(x.period) OVER (PARTITION BY x.segment ORDER BY x.period) AS upto
		FROM (SELECT g.segment, g.period FROM row g
			UNION ALL
			SELECT r.segment, max(r.period) FROM kpi_reading r, span s, definition d
			WHERE r.kpi = kpi_record.kpi AND r.phase = d.phase AND r.period < s.first AND r.value <> '0'
			GROUP BY r.segment) x
	), idle AS MATERIALIZED (
		-- nothing came of it, for a year at most: then it is over, unless it has a goal, until it comes again
		SELECT e.segment, p.period
		FROM definition d, span s, seen e,
			LATERAL kpi_periods(greatest(s.first, kpi_next_period(e.period, d.unit), pg_catalog.lower(d.active)),
				least(s.last, e.upto - 1, (e.period + '1 year'::interval)::date, pg_catalog.upper(d.active) - 1),
				d.unit) AS p (period)
		WHERE d.kind = 'flow' AND kpi_next_period(e.period, d.unit) < coalesce(e.upto, s.last + 1)
		LIMIT 1000001
	), given AS (
		SELECT g.period, g.segment, g.n, d.unit, d.kind, d.pace, d.phase, kpi_next_period(g.period, d.unit) AS next,
			CASE WHEN h.shown THEN g.value END AS value, CASE WHEN h.shown THEN g.numerator END AS numerator,
			CASE WHEN h.shown THEN g.denominator END AS denominator, CASE WHEN h.shown THEN g.margin END AS margin,
			CASE WHEN h.shown THEN g.part END AS part
		FROM (SELECT g.* FROM row g
			UNION ALL
			SELECT z.period, z.segment, '0', NULL, NULL, CASE WHEN s.counted THEN '0'::double precision END, NULL, NULL
			FROM (SELECT o.period, o.segment FROM owed o WHERE o.zero
				UNION
				SELECT i.period, i.segment FROM idle i WHERE (SELECT count(*) FROM idle) <= 1000000) z, span s) g,
			definition d, LATERAL (SELECT NOT d.hide OR coalesce(g.n >= d.min_n::double precision, false) AS shown) h
	), running AS MATERIALIZED (
		-- the period a year ago, for those that go by its pace
		SELECT DISTINCT kpi_period(CASE WHEN g.unit LIKE 'week%' OR g.unit = 'day' THEN g.period - 364
				-- well inside the period, as years of other calendars do not begin on the same day
				ELSE (g.period + 10 - '1 year'::interval)::date END, g.unit) AS year_ago
		FROM given g WHERE g.kind = 'flow' AND g.pace <> 'linear' AND g.next > as_of + 1
	), pace AS MATERIALIZED (
		-- few, of all that was given
		SELECT y.segment, y.period, y.part / nullif(y.value, '0') AS share FROM given y
		WHERE y.period IN (SELECT u.year_ago FROM running u) AND y.value > '0' AND y.part <= y.value
			AND y.part >= y.value * '0.1'
	), measured AS (
		SELECT g.*, g.next <= as_of + 1 AS complete,
			CASE WHEN g.kind <> 'flow' THEN NULL
				WHEN g.next <= as_of + 1 THEN 1::double precision
				-- no verdict in the first tenth
				WHEN (as_of - g.period + 1) * 10 < g.next - g.period THEN NULL
				WHEN g.pace = 'linear' THEN (as_of - g.period + 1)::double precision
					/ (g.next - g.period)::double precision
				ELSE (SELECT y.share FROM pace y WHERE y.segment = g.segment
					AND y.period = kpi_period(CASE WHEN g.unit LIKE 'week%' OR g.unit = 'day' THEN g.period - 364
						ELSE (g.period + 10 - '1 year'::interval)::date END, g.unit)) END AS share
		FROM given g
	), written AS (
		INSERT INTO kpi_reading AS r (kpi, segment, period, value, numerator, denominator, n, margin, complete, share,
				measured_to, phase)
		SELECT kpi_record.kpi, m.segment, m.period, m.value, m.numerator, m.denominator, m.n, m.margin, m.complete,
			m.share, as_of, m.phase
		FROM measured m ORDER BY m.segment, m.period
		ON CONFLICT (kpi, segment, period) DO UPDATE SET value = EXCLUDED.value, numerator = EXCLUDED.numerator,
			denominator = EXCLUDED.denominator,
			n = EXCLUDED.n, margin = EXCLUDED.margin, complete = EXCLUDED.complete, share = EXCLUDED.share,
			target = NULL, attainment = NULL, status = NULL, measured_to = EXCLUDED.measured_to,
			measured_at = EXCLUDED.measured_at, phase = EXCLUDED.phase
		-- what was measured to a later day stays
		WHERE r.measured_to <= EXCLUDED.measured_to
			AND (r.value IS DISTINCT FROM EXCLUDED.value OR r.numerator IS DISTINCT FROM EXCLUDED.numerator
			OR r.denominator IS DISTINCT FROM EXCLUDED.denominator OR r.n IS DISTINCT FROM EXCLUDED.n
				OR r.margin IS DISTINCT FROM EXCLUDED.margin
			OR r.complete IS DISTINCT FROM EXCLUDED.complete OR r.share IS DISTINCT FROM EXCLUDED.share
			OR r.phase <> EXCLUDED.phase
			OR (NOT EXCLUDED.complete AND r.measured_to <> EXCLUDED.measured_to))
		RETURNING r.period
	), gone AS (
		-- a period that the source once had and has no more: its value is gone; what lies before the source's first
		-- period is history, and of a source that has become empty what is older than the newest ended period
		UPDATE kpi_reading r SET value = NULL, numerator = NULL, denominator = NULL, n = NULL, margin = NULL,
			target = NULL, attainment = NULL, status = NULL, measured_to = as_of, measured_at = now(), phase = d.phase,
			complete = kpi_next_period(r.period, d.unit) <= as_of + 1, share = NULL
		FROM definition d, span s
		WHERE r.kpi = kpi_record.kpi AND r.period <= kpi_record.as_of
			AND r.measured_to <= kpi_record.as_of
			AND (r.value IS NOT NULL OR (NOT r.complete AND kpi_next_period(r.period, d.unit) <= as_of + 1))
			AND CASE WHEN s.empty THEN r.period >= d.ended OR NOT r.complete ELSE r.period >= s.first END
			AND (r.period, r.segment) NOT IN (SELECT g.period, g.segment FROM given g)
		RETURNING r.period
	), absent AS (
		INSERT INTO kpi_reading AS r (kpi, segment, period, complete, share, measured_to, phase)
		SELECT kpi_record.kpi, o.segment, o.period, true, NULL, as_of, d.phase
		FROM owed o, definition d WHERE NOT o.zero
		ORDER BY o.segment, o.period
		ON CONFLICT (kpi, segment, period) DO NOTHING
		RETURNING r.period)
	SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM gone) + (SELECT count(*) FROM absent);
END;
COMMENT ON FUNCTION kpi_record(text, date, date[], text[], double precision[], double precision[], double precision[],
		double precision[], double precision[], double precision[]) IS
	'private: writes what kpi_measure() read as readings of a KPI and returns how many are new or changed';

CREATE FUNCTION kpi_raise_alerts(kpi text) RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	WITH last AS MATERIALIZED (
		SELECT DISTINCT ON (a.segment) a.segment, a.status, a.period FROM kpi_alert a
		WHERE a.kpi = kpi_raise_alerts.kpi AND a.signal IS NULL ORDER BY a.segment, a.raised_at DESC
	), firm AS (
		-- after a red or amber alert a better status counts where the value has come as far as the target's recovery,
		-- or without one is beyond the bound by more than the definition's; to be amber, as far beyond the warning
		SELECT r.segment, r.period, r.value, r.target, CASE
			WHEN l.status IS NULL OR l.status NOT IN ('red', 'amber') OR r.status <= l.status
				OR r.status NOT IN ('amber', 'green') THEN r.status
			WHEN r.status = 'green' AND coalesce(r.value >= x.recover_lower, r.value > x.lower + x.more, true)
				AND coalesce(r.value <= x.recover_upper, r.value < x.upper - x.more, true) THEN 'green'::kpi_status
			WHEN l.status = 'red'
				AND coalesce(r.value >= x.warn_lower + (x.recover_lower - x.lower), r.value > x.warn_lower + x.more,
					true)
				AND coalesce(r.value <= x.warn_upper - (x.upper - x.recover_upper), r.value < x.warn_upper - x.more,
					true)
				THEN 'amber'::kpi_status
			ELSE l.status END AS status
		FROM kpi_reading r JOIN kpi_definition d ON d.name = r.kpi LEFT JOIN last l ON l.segment = r.segment, LATERAL (
			SELECT target_lower(r.target) AS lower, target_upper(r.target) AS upper,
				coalesce(warn_lower(r.target), target_lower(r.target)) AS warn_lower,
				coalesce(warn_upper(r.target), target_upper(r.target)) AS warn_upper,
				recover_lower(r.target) AS recover_lower, recover_upper(r.target) AS recover_upper,
				-- 0 asks for no more than the bound
				nullif(d.recover, '0')
					* abs(coalesce(target_upper(r.target) - target_lower(r.target), target_value(r.target))) AS more) x
		WHERE r.kpi = kpi_raise_alerts.kpi AND r.complete AND r.status IS NOT NULL AND r.status <> 'pending'
	), verdict AS (
		-- place 1 is the newest; readings in a row with the same status share an island
		SELECT r.segment, r.period, r.status, r.value, r.target,
			row_number() OVER (PARTITION BY r.segment ORDER BY r.period DESC) AS place,
			row_number() OVER (PARTITION BY r.segment ORDER BY r.period DESC)
				- row_number() OVER (PARTITION BY r.segment, r.status ORDER BY r.period DESC) AS island,
			max(r.period) OVER () AS newest
		FROM firm r
	), run AS (
		SELECT v.segment, v.status, min(v.place) AS place
		FROM verdict v
		GROUP BY v.segment, v.status, v.island
		HAVING count(*) >= (SELECT d.alert_after::bigint FROM kpi_definition d WHERE d.name = kpi_raise_alerts.kpi)
	), now AS (
		SELECT v.segment, v.period, v.status, v.value, v.target,
			coalesce((SELECT a.status FROM last a WHERE a.segment = v.segment),
				-- the history before the first alert
				(SELECT before.status FROM run before WHERE before.segment = v.segment AND before.place > 1
						ORDER BY before.place LIMIT 1)) AS previous,
			EXISTS (SELECT FROM last a WHERE a.segment = v.segment) AS alerted
		FROM verdict v JOIN run r ON r.segment = v.segment AND r.place = v.place
		WHERE v.place = 1 AND v.period = v.newest
			-- no news from before the last alert, unless a correction took its period's verdict away
			AND NOT EXISTS (
				SELECT FROM last a
				WHERE a.segment = v.segment AND a.period > v.period
					AND NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = kpi_raise_alerts.kpi
							AND r.segment = v.segment AND r.period = a.period AND r.complete AND r.status <> a.status))
	), raised AS (
		INSERT INTO kpi_alert (kpi, segment, raised_at, period, previous, status, value, target)
		-- after all that was raised before, where a clock was put back too
		SELECT kpi_raise_alerts.kpi, n.segment,
			greatest(clock_timestamp(), (SELECT max(a.raised_at) + '1 microsecond'::interval FROM kpi_alert a
				WHERE a.kpi = kpi_raise_alerts.kpi AND a.segment = n.segment)),
			n.period, n.previous, n.status, n.value, n.target
		FROM now n
		-- without an earlier alert there is nothing to recover from, and a first reading must be amber or red
		WHERE n.status IS DISTINCT FROM n.previous
			AND (n.alerted OR (n.status <> 'green' AND (n.previous IS NOT NULL OR n.status IN ('red', 'amber'))))
		RETURNING period
	), series AS (
		-- what is watched and has no goal, with the newest reading of the KPI: all readings since the baseline of the
		-- definition begins, or up to 100; based: values before the newest that lie in that baseline
		SELECT r.segment, r.based, pg_catalog.array_agg(r.period ORDER BY r.period) AS periods,
			pg_catalog.array_agg(r.value ORDER BY r.period) AS series,
			pg_catalog.array_agg(r.numerator ORDER BY r.period) AS numerators,
			pg_catalog.array_agg(r.denominator ORDER BY r.period) AS denominators,
--@ include scorecard/is_ratio.sql
		FROM (SELECT r.*, d.baseline, row_number() OVER (PARTITION BY r.segment ORDER BY r.period DESC) AS place,
				max(r.period) OVER () AS newest,
				sum(CASE WHEN r.value IS NOT NULL AND pg_catalog.range_contains_elem(d.baseline, r.period)
					THEN 1 ELSE 0 END) OVER (PARTITION BY r.segment)
				- CASE WHEN pg_catalog.range_contains_elem(d.baseline, max(r.period) OVER ())
					THEN 1 ELSE 0 END AS based
			FROM kpi_reading r JOIN kpi_definition d ON d.name = r.kpi
			WHERE r.kpi = kpi_raise_alerts.kpi AND d.watch AND r.complete AND r.phase = d.phase) r
		WHERE CASE WHEN r.based > 0 THEN r.period >= coalesce(pg_catalog.lower(r.baseline), '-infinity')
			ELSE r.place <= 100::bigint END
		GROUP BY r.segment, r.newest, r.based
		HAVING max(r.period) = r.newest AND bool_and(r.place > 1::bigint OR (r.target IS NULL AND r.value IS NOT NULL))
			AND sum((r.value IS NOT NULL)::integer) >= 8::bigint AND coalesce(max(abs(r.value)), '0') < '1e300'
	), phase AS (
		-- without a baseline against the level that there was before the newest reading, where it is at least 8 old
		SELECT s.*, pg_catalog.cardinality(s.series) AS last,
			CASE WHEN pg_catalog.cardinality(s.series) - p.change > 8 THEN p.change + 1 ELSE 1 END AS first
		FROM series s, LATERAL (SELECT coalesce(max(c.position), 0) AS change
			FROM change_points(s.series[1:pg_catalog.cardinality(s.series) - 1]) AS c (position)
			WHERE s.based <= 0) p
	), chart AS (
		SELECT s.segment, c.at, c.value, c.signal
		FROM phase s, LATERAL (SELECT CASE WHEN s.based > 0 THEN s.based::integer
				ELSE (SELECT count(*)::integer FROM pg_catalog.unnest(s.series[s.first:s.last - 1]) AS v (value)
					WHERE v.value IS NOT NULL) END AS baseline) b,
--@ include scorecard/chart.sql
--@ with AT = s.periods[s.first:s.last]
--@ with SERIES = s.series[s.first:s.last]
--@ with NUMERATORS = s.numerators[s.first:s.last]
--@ with DENOMINATORS = s.denominators[s.first:s.last]
--@ with PHASES = false
--@ with BASELINE = b.baseline
	), signalled AS (
		-- since: where the signals that reach the newest reading begin; they are one alert
		SELECT n.segment, n.at, n.value, n.signal,
			coalesce((SELECT max(q.at) FROM chart q WHERE q.segment = n.segment AND q.signal IS NULL), '-infinity')
				AS since
		FROM (SELECT c.*, max(c.at) OVER (PARTITION BY c.segment) AS newest FROM chart c) n
		WHERE n.at = n.newest AND n.signal IS NOT NULL
	), noticed AS (
		INSERT INTO kpi_alert (kpi, segment, raised_at, period, value, signal)
		SELECT kpi_raise_alerts.kpi, s.segment,
			greatest(clock_timestamp(), (SELECT max(a.raised_at) + '1 microsecond'::interval FROM kpi_alert a
				WHERE a.kpi = kpi_raise_alerts.kpi AND a.segment = s.segment)), s.at, s.value, s.signal
		FROM signalled s
		WHERE NOT EXISTS (SELECT FROM kpi_alert a WHERE a.kpi = kpi_raise_alerts.kpi AND a.segment = s.segment
			AND a.signal IS NOT NULL AND a.period > s.since)
		RETURNING period)
	SELECT (SELECT count(*) FROM raised) + (SELECT count(*) FROM noticed);
END;
COMMENT ON FUNCTION kpi_raise_alerts(text) IS
	'private: writes an alert for each segment of a KPI whose status changed, or that is watched and has a new '
	'signal, by the readings that are there, and returns how many';

CREATE FUNCTION kpi_measure(kpi text DEFAULT NULL, as_of date DEFAULT CURRENT_DATE, notify boolean DEFAULT true)
RETURNS TABLE (name text, readings bigint, changed bigint, alerts bigint, error text)
	AS 'MODULE_PATHNAME', 'kpi_measure' LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 20 COST 1000000;
COMMENT ON FUNCTION kpi_measure(text, date, boolean) IS
	'measures one KPI, or (NULL) all that are active on as_of, one after the other by name: writes a reading for each'
	' period and segment of its source up to as_of, the last day of which the data are complete, adds what is missing'
	' (for a flow 0 where a segment with a goal or an earlier value has no row and the source has one as new; else no'
	' data for each ended period under a goal that has no row), judges them and writes an alert for each segment '
	'whose status changed. A reading measured to a later day is not changed. Returns a row for each KPI: readings of '
	'the source, how many of them are new or changed, alerts, and the error of a source that failed, which is kept in'
	' kpi_definition and does not stop the others. A caller who has the rights of the source''s owner (a superuser, '
	'the owner, a member of his role) reads it as the owner, every other caller as himself and so needs SELECT on it,'
	' both in a security-restricted operation; row-level security that would apply is an error. More than a million '
	'periods and segments are an error of that source, and so is what it raises itself, whatever its SQLSTATE. With '
	'notify one NOTIFY kpi. A KPI that was measured stays locked until the end of the transaction, against who '
	'measures, defines or judges it, renames it or sets its goals. 22023 for an unknown KPI and for an as_of more '
	'than ten years ahead, 25006 on a standby, 40001 where a transaction of one snapshot does not see a definition or'
	' goal of now';

REVOKE ALL ON FUNCTION kpi_record(text, date, date[], text[], double precision[], double precision[],
		double precision[], double precision[], double precision[], double precision[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_record(text, date, date[], text[], double precision[], double precision[],
		double precision[], double precision[], double precision[], double precision[]) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_raise_alerts(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_raise_alerts(text) TO @extowner@ WITH GRANT OPTION;
REVOKE ALL ON FUNCTION kpi_measure(text, date, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_measure(text, date, boolean) TO @extowner@ WITH GRANT OPTION;
