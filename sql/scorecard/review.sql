-- Reviewing the scorecard itself.

CREATE FUNCTION kpi_review(as_of date) RETURNS TABLE (kpi text, rule text, finding text, action text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 20 COST 500000
BEGIN ATOMIC
	WITH RECURSIVE
--@ include scorecard/circles.sql
--@ with KPIS = kpi_definition
	, active AS (
		SELECT d.*, kpi_period(kpi_period(as_of, d.unit) - 1, d.unit) AS ended, kpi_period(as_of, d.unit) AS running
		FROM kpi_definition d WHERE d.active OPERATOR(pg_catalog.@>) as_of
	), core AS (
		SELECT count(*) AS kpis FROM active a WHERE a.parent IS NULL
	), goal AS (
		SELECT a.name, a.kind, g.segment, g.target, g.during
		FROM active a JOIN kpi_goal g ON g.kpi = a.name AND g.superseded_at IS NULL
			AND g.during OPERATOR(pg_catalog.@>) a.running
	), verdict AS (
		-- the complete readings that were judged, newest first
		SELECT r.kpi, r.segment, r.status, r.n,
			row_number() OVER (PARTITION BY r.kpi, r.segment ORDER BY r.period DESC) AS place
		FROM kpi_reading r JOIN active a ON a.name = r.kpi AND r.period <= as_of
		WHERE r.complete AND r.status IN ('red', 'amber', 'green', 'uncertain')
	), finding AS (
		SELECT NULL::text AS kpi, 'too many KPIs'::text AS rule,
			pg_catalog.format('%s core KPIs (active and without a parent)', c.kpis) AS finding,
			'Keep 5 to 8: retire some, or make them children of another (parent).'::text AS action
		FROM core c WHERE c.kpis > 8
		UNION ALL
		SELECT NULL, 'too few KPIs', pg_catalog.format('%s core KPIs (active and without a parent)', c.kpis),
			'Define 5 to 8, several for each perspective.'
		FROM core c WHERE c.kpis < 5
		UNION ALL
		SELECT NULL, 'no leading KPI', 'all KPIs are lagging: they tell what has happened',
			'Add one that moves before the results do, such as leads, activity or satisfaction.'
		WHERE EXISTS (SELECT FROM active) AND NOT EXISTS (SELECT FROM active a WHERE a.timing = 'leading')
		UNION ALL
		SELECT NULL, 'no lagging KPI', 'all KPIs are leading: none tells the result',
			'Add one that measures the result, such as revenue or retention.'
		WHERE EXISTS (SELECT FROM active) AND NOT EXISTS (SELECT FROM active a WHERE a.timing = 'lagging')
		UNION ALL
		SELECT NULL, 'unbalanced perspectives', pg_catalog.format('no KPI of the perspective %s', p.perspective),
			'Add one, so that no side of the business is judged at the cost of another.'
		FROM (VALUES (1, 'financial'::text), (2, 'customer'), (3, 'process'), (4, 'people')) AS p (place, perspective)
		WHERE EXISTS (SELECT FROM active) AND NOT EXISTS (SELECT FROM active a WHERE a.perspective = p.perspective)
		UNION ALL
		SELECT NULL, 'unbalanced perspectives', pg_catalog.format('%s of %s core KPIs are %s', p.kpis, c.kpis,
				p.perspective), 'Move the weight to the other perspectives.'
		FROM core c,
			(SELECT a.perspective, count(*) AS kpis FROM active a WHERE a.parent IS NULL GROUP BY a.perspective) p
		WHERE c.kpis >= 4 AND p.kpis * 2::bigint > c.kpis
		UNION ALL
		SELECT a.name, 'no target', pg_catalog.format('no goal is in force for the %s of %s',
				a.unit, to_char(a.running::timestamp, 'YYYY-MM-DD')),
			'Set one with kpi_set_goal(); kpi_propose_target() gives three from history.'
		FROM active a WHERE NOT EXISTS (SELECT FROM goal g WHERE g.name = a.name)
		UNION ALL
		SELECT a.name, 'failing source', pg_catalog.format('the last measuring failed: %s', left(a.error, 2000)),
			'Correct the source or the definition, then kpi_measure() again.'
		FROM active a WHERE a.error IS NOT NULL
		UNION ALL
		SELECT a.name, 'stale source',
			coalesce('the newest value is of ' || (SELECT to_char(max(r.period)::timestamp, 'YYYY-MM-DD')
					FROM kpi_reading r WHERE r.kpi = a.name AND r.value IS NOT NULL AND r.period <= as_of),
					'no value was ever measured'),
			CASE WHEN a.measured_at IS NULL THEN 'Measure it: schedule kpi_measure().'
				WHEN a.measured_to < a.running - 1
					THEN pg_catalog.format('It was measured up to %s only: look at the schedule of kpi_measure().',
						to_char(a.measured_to::timestamp, 'YYYY-MM-DD'))
				ELSE 'Look why the source has no newer rows.' END
		FROM active a
		WHERE a.ended OPERATOR(pg_catalog.<@) a.active
			AND NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = a.name AND (r.value IS NOT NULL OR r.n > '0')
					AND r.period BETWEEN a.ended AND as_of)
		UNION ALL
		SELECT v.kpi, 'always ' || v.status::text, pg_catalog.format('the last %s judged readings%s are all %s',
				v.readings, CASE WHEN v.segment = '' THEN '' ELSE ' of ' || v.segment END, v.status),
			CASE WHEN v.status = 'green'
					THEN 'A target that is always met teaches nothing: raise it, or ask whether the KPI still matters.'
				ELSE 'A target that is never met discourages: lower it to what can be reached, or change what is done.'
					END
		FROM (SELECT v.kpi, v.segment, min(v.status) AS status, max(v.status) AS other, count(*) AS readings
				FROM verdict v WHERE v.place <= 12 GROUP BY v.kpi, v.segment) v
		WHERE v.readings >= 6 AND v.status = v.other AND v.status IN ('green', 'red')
		UNION ALL
		SELECT a.name, 'no guard', 'a volume can be reached at the cost of quality',
			'Name the KPI that would show it (guard), such as a rate, a margin or a satisfaction.'
		FROM active a WHERE a.kind = 'flow' AND a.parent IS NULL AND a.guard IS NULL
		UNION ALL
		SELECT a.name, 'lost ' || x.what, pg_catalog.format('%s %L is not an active KPI', x.what, x.name),
			'Define it again, or name another.'
		FROM active a, LATERAL (VALUES ('parent'::text, a.parent), ('guard', a.guard)) AS x (what, name)
		WHERE x.name IS NOT NULL AND NOT EXISTS (SELECT FROM active b WHERE b.name = x.name)
		UNION ALL
		SELECT a.name, 'parents in a circle', pg_catalog.format('%L is its own ancestor', a.name),
			'Define one of them again with another parent.'
		FROM active a JOIN circle c ON c.name = a.name
		UNION ALL
		SELECT a.name, 'readings of another unit', pg_catalog.format(
				'%s readings do not begin with a %s or are marked complete before it ends', count(*), a.unit),
			'The definition or readings were changed by hand: correct the unit, or delete these readings and measure '
				'again.'
		FROM active a JOIN kpi_reading r ON r.kpi = a.name
		WHERE r.period <> kpi_period(r.period, a.unit)
			OR (r.complete AND r.measured_to < kpi_next_period(r.period, a.unit) - 1)
		GROUP BY a.name, a.unit
		UNION ALL
		SELECT l.kpi, 'not defined',
			pg_catalog.format('%s goals, %s readings and %s alerts of a KPI that is not defined', sum(l.goals),
				sum(l.readings), sum(l.alerts)),
			'Define it again, move them to a KPI that is defined with kpi_rename(), or delete them.'
		FROM (SELECT g.kpi, count(*) AS goals, 0::bigint AS readings, 0::bigint AS alerts FROM kpi_goal g GROUP BY g.kpi
			UNION ALL SELECT r.kpi, 0, count(*), 0 FROM kpi_reading r GROUP BY r.kpi
			UNION ALL SELECT a.kpi, 0, 0, count(*) FROM kpi_alert a GROUP BY a.kpi) l
		WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = l.kpi)
		GROUP BY l.kpi
		UNION ALL
		SELECT a.name, 'review overdue', pg_catalog.format('last reviewed on %s, due every %s',
				to_char(a.reviewed_on::timestamp, 'YYYY-MM-DD'), a.review_every),
			'Review definition and goal, then set reviewed_on.'
		FROM active a WHERE a.reviewed_on + a.review_every < as_of::timestamp
		UNION ALL
		SELECT r.kpi, 'small n', pg_catalog.format('n is %s%s in the period of %s, under %s',
				r.n, CASE WHEN r.segment = '' THEN '' ELSE ' in ' || r.segment END,
				to_char(r.period::timestamp, 'YYYY-MM-DD'), coalesce(a.min_n, 30)),
			'Ask more people, choose a longer unit, or join segments: the number moves by chance.'
		FROM active a, LATERAL (
			SELECT DISTINCT ON (r.segment) r.* FROM kpi_reading r WHERE r.kpi = a.name AND r.complete
					AND (r.value IS NOT NULL OR a.hide AND r.n > '0') AND r.period <= as_of
			ORDER BY r.segment, r.period DESC) r
		WHERE r.n < coalesce(a.min_n, 30)::double precision AND (a.min_n IS NOT NULL OR a.kind IN ('ratio', 'survey'))
		UNION ALL
		SELECT s.name, 'segments do not add up', pg_catalog.format(
				'the goals of %s segments add to %s, the total''s is %s', s.segments, s.added, target_value(t.target)),
			'Set the goals of the segments so that meeting all of them meets the total.'
		FROM (SELECT g.name, count(*) AS segments, sum(target_value(g.target)) AS added FROM goal g
				WHERE g.segment <> '' AND g.kind IN ('flow', 'stock') GROUP BY g.name
				-- a relative one has no number of its own
				HAVING bool_and(relative_to(g.target) IS NULL)) s
		JOIN goal t ON t.name = s.name AND t.segment = ''
		WHERE abs(s.added - target_value(t.target)) > '1e-9'::double precision
			* greatest(abs(s.added), abs(target_value(t.target)))
		UNION ALL
		SELECT g.name, 'rate above 1', pg_catalog.format('the target%s is %s, but the readings lie in 0..1',
				CASE WHEN g.segment = '' THEN '' ELSE ' of ' || g.segment END, g.target),
			'A rate is a fraction: write >= 90% or >= 0.9.'
		FROM goal g,
			LATERAL (SELECT min(r.value) AS least, max(r.value) AS most FROM kpi_reading r WHERE r.kpi = g.name) r
		WHERE g.kind IN ('ratio', 'average', 'survey')
				AND coalesce(target_lower(g.target), target_upper(g.target)) > '1' AND r.least >= '0' AND r.most <= '1')
	SELECT f.kpi, f.rule, f.finding, f.action FROM finding f ORDER BY f.kpi NULLS FIRST, f.rule, f.finding;
END;
COMMENT ON FUNCTION kpi_review(date) IS
	'what is wrong with the scorecard itself on the day, one row a finding, by the readings up to it of the KPIs that '
	'are active then, and the goals in force now: the KPI (NULL is the scorecard as a whole), the rule, what was '
	'found, and what to do. Rules: too many or too few KPIs (5 to 8 without a parent), no leading KPI, no lagging KPI, '
	'unbalanced perspectives, no target, failing source, stale source, always green, always red (at least 6 readings), '
	'no guard, lost guard, lost parent, parents in a circle, not defined (goals, readings or alerts without a '
	'definition), readings of another unit, review overdue, small n, segments do not add up, rate above 1';

CREATE FUNCTION kpi_review() RETURNS TABLE (kpi text, rule text, finding text, action text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 COST 500000
BEGIN ATOMIC
	SELECT r.kpi, r.rule, r.finding, r.action
		FROM kpi_review(CURRENT_DATE) WITH ORDINALITY AS r (kpi, rule, finding, action, place) ORDER BY r.place;
END;
COMMENT ON FUNCTION kpi_review() IS 'kpi_review(as_of) of today';
