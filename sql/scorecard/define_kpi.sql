-- Defining a KPI.

CREATE FUNCTION kpi_define(name text, title text, source regclass, unit text, kind text, perspective text, level text,
		timing text,
	description text DEFAULT '', owner text DEFAULT '', min_n integer DEFAULT NULL, parent text DEFAULT NULL,
		guard text DEFAULT NULL,
	review_every interval DEFAULT NULL, active daterange DEFAULT NULL, pace text DEFAULT 'linear',
	alert_after integer DEFAULT 1, hide boolean DEFAULT false,
	recover double precision DEFAULT 0, watch boolean DEFAULT false, zone text DEFAULT NULL,
	reason text DEFAULT '', baseline daterange DEFAULT NULL)
RETURNS text LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s of a KPI is missing', a.what))
	FROM (VALUES ('name'::text, kpi_define.name), ('title', title), ('unit', unit), ('kind', kind),
			('perspective', perspective),
		('level', level), ('timing', timing), ('pace', pace), ('source', CASE WHEN source IS NOT NULL THEN 'given' END),
		('alert_after', CASE WHEN alert_after IS NOT NULL THEN 'given' END)) AS a (what, given)
	WHERE a.given IS NULL OR (a.what IN ('name', 'title') AND btrim(a.given) = '');
	SELECT kpi_refuse(pg_catalog.format('name %L of a KPI is not 1 to 100 characters without space around it',
			kpi_define.name))
	WHERE length(kpi_define.name) > 100 OR kpi_define.name <> btrim(kpi_define.name);
	SELECT kpi_refuse_word(pg_catalog.format('%s %L is not known', a.what, a.given), a.given, a.known)
	FROM (VALUES ('kind'::text, kind, '{flow,ratio,stock,average,survey}'::text[]),
		('perspective', perspective, '{financial,customer,process,people}'),
		('level', level, '{strategic,operational,functional}'),
		('timing', timing, '{leading,lagging}'),
		('pace', pace, '{linear,last year}')) AS a (what, given, known)
	WHERE NOT a.given = ANY (a.known);
	SELECT kpi_refuse(pg_catalog.format('minimum n is %s, not above 0', min_n)) WHERE min_n <= 0;
	SELECT kpi_refuse('hide needs a minimum n', 'Give min_n: values of fewer rows are not kept.')
		WHERE hide AND min_n IS NULL;
	SELECT kpi_refuse(pg_catalog.format('recover is %s, not a share from 0 to under 1', recover),
			'Give the share of the bound, such as 0.02.')
		WHERE NOT (recover >= '0' AND recover < '1');
	-- an error if it is none
	SELECT kpi_refuse('time zone of a KPI is empty', 'Leave it out for that of the session.')
		WHERE kpi_define.zone = '' OR NOT isfinite(timezone(kpi_define.zone, '2000-01-01Z'::timestamptz));
	SELECT kpi_refuse(pg_catalog.format('alert_after is %s, not in 1..1000', alert_after))
		WHERE alert_after NOT BETWEEN 1 AND 1000;
	SELECT kpi_refuse(pg_catalog.format('review_every is %s, not above 0', review_every))
		WHERE review_every <= '0'::interval;
	SELECT kpi_refuse('active range of a KPI is empty', 'Leave it out for a KPI that is always active.')
		WHERE pg_catalog.isempty(active);
	SELECT kpi_refuse('baseline of a KPI is empty', 'Leave it out for limits by the level of the readings.')
		WHERE pg_catalog.isempty(baseline);
	SELECT kpi_check_source(source, kind, min_n IS NOT NULL);
	-- rows that were left of a KPI of this name are its own again
	SELECT kpi_refuse(pg_catalog.format('KPI %L has goals or readings left that are not of unit %s', kpi_define.name,
			kpi_unit(kpi_define.unit)),
		'Define it with the unit that they have, or delete its rows of kpi_reading, kpi_alert and kpi_goal first.')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi_define.name)
--@ include scorecard/other_unit.sql
--@ with KPI = kpi_define.name
--@ with UNIT = kpi_define.unit
	;
	-- a row to lock, if it is a new one; from here on nobody else defines it, measures it or sets its goals
	INSERT INTO kpi_definition (name, title, source, unit, kind, perspective, level, timing, phase)
	SELECT kpi_define.name, kpi_define.title, quote_ident(s.nspname::text) || '.' || quote_ident(c.relname::text),
		kpi_unit(kpi_define.unit), kpi_define.kind, kpi_define.perspective, kpi_define.level, kpi_define.timing,
		coalesce((SELECT max(r.phase) FROM kpi_reading r WHERE r.kpi = kpi_define.name), 1)
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
	WHERE c.oid = kpi_define.source::oid
	ON CONFLICT (name) DO NOTHING;
	SELECT FROM kpi_definition d WHERE d.name = kpi_define.name FOR NO KEY UPDATE;
	SELECT kpi_refuse(pg_catalog.format('%s %L of KPI %L is not another KPI', a.what, a.given, kpi_define.name),
			'Define that KPI first.')
	FROM (VALUES ('parent'::text, parent), ('guard', guard)) AS a (what, given)
	WHERE a.given IS NOT NULL
		AND (a.given = kpi_define.name OR NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = a.given));
	WITH RECURSIVE above AS (
		SELECT parent AS name
		UNION
		SELECT d.parent FROM above JOIN kpi_definition d ON d.name = above.name WHERE d.parent IS NOT NULL)
	SELECT kpi_refuse(pg_catalog.format('parent %L of KPI %L lies below it', parent, kpi_define.name))
	FROM above WHERE above.name = kpi_define.name;
	SELECT kpi_refuse(pg_catalog.format('unit of KPI %L cannot change from %s to %s: it has readings or goals', d.name,
			d.unit, kpi_unit(kpi_define.unit)),
		'Define another KPI, or delete its rows of kpi_reading, kpi_alert and kpi_goal first.')
	FROM kpi_definition d
	WHERE d.name = kpi_define.name AND d.unit <> kpi_unit(kpi_define.unit)
		AND (EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = d.name)
				OR EXISTS (SELECT FROM kpi_goal g WHERE g.kpi = d.name));
	INSERT INTO kpi_definition AS d (name, title, description, source, unit, kind, perspective, level, timing, owner,
		min_n, parent, guard, review_every, active, pace, alert_after, hide, recover, watch, zone, baseline)
	SELECT kpi_define.name, kpi_define.title, coalesce(kpi_define.description, ''),
		quote_ident(s.nspname::text) || '.' || quote_ident(c.relname::text),
		kpi_unit(kpi_define.unit), kpi_define.kind, kpi_define.perspective, kpi_define.level, kpi_define.timing,
			coalesce(kpi_define.owner, ''),
		kpi_define.min_n, kpi_define.parent, kpi_define.guard, kpi_define.review_every,
		coalesce(kpi_define.active, '(,)'::daterange),
		kpi_define.pace, kpi_define.alert_after, coalesce(kpi_define.hide, false),
		coalesce(kpi_define.recover, '0'), coalesce(kpi_define.watch, false),
		-- once given or taken from a session it stays
		coalesce(kpi_define.zone, (SELECT d.zone FROM kpi_definition d WHERE d.name = kpi_define.name),
			current_setting('TimeZone')), kpi_define.baseline
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
		WHERE c.oid = kpi_define.source::oid
	ON CONFLICT (name) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
		source = EXCLUDED.source, unit = EXCLUDED.unit,
		kind = EXCLUDED.kind, perspective = EXCLUDED.perspective, level = EXCLUDED.level, timing = EXCLUDED.timing,
			owner = EXCLUDED.owner,
		min_n = EXCLUDED.min_n, parent = EXCLUDED.parent, guard = EXCLUDED.guard, review_every = EXCLUDED.review_every,
		active = EXCLUDED.active, pace = EXCLUDED.pace, alert_after = EXCLUDED.alert_after,
		hide = EXCLUDED.hide, recover = EXCLUDED.recover, watch = EXCLUDED.watch,
		zone = EXCLUDED.zone, baseline = EXCLUDED.baseline,
		-- what was measured by another source or kind is not compared with what comes
		(phase, phases) = (
			SELECT CASE WHEN n.begins THEN d.phase + 1 ELSE d.phase END,
				CASE WHEN n.begins THEN d.phases OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('phase', d.phase,
					'source', d.source, 'kind', d.kind, 'unit', d.unit, 'ended', clock_timestamp(), 'by', CURRENT_USER,
					'reason', coalesce(kpi_define.reason, '')) ELSE d.phases END
			FROM (SELECT (d.source <> EXCLUDED.source OR d.kind <> EXCLUDED.kind OR d.unit <> EXCLUDED.unit)
				AND EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = d.name) AS begins) n)
	RETURNING d.name;
END;
COMMENT ON FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text,
		interval, daterange, text, integer, boolean,
		double precision, boolean, text, text, daterange) IS
	'defines a KPI, or replaces the whole definition of the one with this name (goals, readings and alerts stay), and '
	'returns its name. source: a table or view with the columns period and value, or period, numerator and '
	'denominator; optionally n, margin, segment. unit as in kpi_period(). kind: flow (adds up over time), ratio (sums '
	'of numerator and denominator), stock (the last of a period), average and survey (weighted by n). pace: linear or '
	'last year. alert_after: consecutive readings of a new status before it is an alert. hide: no value of fewer than '
	'min_n rows is kept or shown. recover: an alert for the better only beyond the bound by more than this share of '
	'it. watch: a signal of the control chart is an alert where there is no goal. zone: time zone that moments of the '
	'source are read in, NULL keeps that of the definition before or else takes the session''s. Another source or '
	'kind of a KPI that has readings begins a new phase: earlier readings are not compared with later ones; reason is '
	'kept in phases. baseline: days whose readings give the limits of the control chart (kpi_control, watch); NULL is '
	'by level. 22023 with the reason for anything that makes no sense; a unit cannot change once there are '
	'readings or goals, which a KPI that was deleted leaves to the next of its name; 42501 for a source that the '
	'caller may not have measured, see kpi_measure()';

REVOKE ALL ON FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text,
		interval, daterange, text, integer, boolean,
		double precision, boolean, text, text, daterange) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text,
		text, interval, daterange, text, integer, boolean,
		double precision, boolean, text, text, daterange) TO @extowner@ WITH GRANT OPTION;

--@ include scorecard/define_short.sql
