-- What a role needs for its part in the scorecard, as statements; nothing is granted by itself.
--@ since 0.2.0

CREATE FUNCTION kpi_grants(role regrole, task text, OUT statement text, OUT held boolean) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 10 COST 10000
BEGIN ATOMIC
	WITH needed (task, object, privileges, columns) AS (VALUES
		('reader'::text, 'kpi_definition'::regclass::oid, 'SELECT'::text, NULL::text[]),
		('reader', 'kpi_goal'::regclass, 'SELECT', NULL),
		('reader', 'kpi_reading'::regclass, 'SELECT', NULL), ('reader', 'kpi_alert'::regclass, 'SELECT', NULL),
		('reader', 'kpi_current'::regclass, 'SELECT', NULL), ('reader', 'kpi_board'::regclass, 'SELECT', NULL),
		('reader', 'kpi_history'::regclass, 'SELECT', NULL),
		('reader', 'kpi_control'::regclass, 'SELECT', NULL), ('reader', 'kpi_status_change'::regclass, 'SELECT', NULL),
		('reader', 'kpi_tree'::regclass, 'SELECT', NULL),
		('measurer', 'kpi_definition'::regclass, 'SELECT', NULL),
		('measurer', 'kpi_definition'::regclass, 'UPDATE', '{measured_at,measured_to,error}'),
		('measurer', 'kpi_goal'::regclass, 'SELECT', NULL), ('measurer', 'kpi_reading'::regclass,
				'SELECT, INSERT, UPDATE', NULL), ('measurer', 'kpi_alert'::regclass, 'SELECT, INSERT', NULL),
		('definer', 'kpi_definition'::regclass, 'SELECT, INSERT, UPDATE', NULL),
		('definer', 'kpi_goal'::regclass, 'SELECT', NULL), ('definer', 'kpi_reading'::regclass, 'SELECT', NULL),
		('definer', 'kpi_alert'::regclass, 'SELECT', NULL),
		('responder', 'kpi_alert'::regclass, 'SELECT', NULL),
		('responder', 'kpi_alert'::regclass, 'UPDATE', '{acknowledged_at,acknowledged_by,note}'),
		('planner', 'kpi_definition'::regclass, 'SELECT', NULL), ('planner', 'kpi_definition'::regclass, 'UPDATE',
				'{goals_set_at}'), ('planner', 'kpi_goal'::regclass, 'SELECT, INSERT, UPDATE', NULL),
		('planner', 'kpi_reading'::regclass, 'SELECT', NULL),
		('planner', 'kpi_reading'::regclass, 'UPDATE', '{target,status,attainment}')),
	called (task, function) AS (VALUES
		('measurer'::text, 'kpi_measure(text, date, boolean)'::regprocedure::oid),
		('responder', 'kpi_acknowledge(text, text, text)'::regprocedure),
		('measurer', 'kpi_record(text, date, date[], text[], double precision[], double precision[], double '
				'precision[], double precision[], double precision[], double precision[])'::regprocedure),
		('measurer', 'kpi_judge(text, daterange)'::regprocedure), ('measurer', 'kpi_raise_alerts(text)'::regprocedure),
		('definer', 'kpi_define(text, text, regclass, text, text, text, text, text, text, text, integer, text, text, '
				'interval, daterange, text, integer, boolean, double precision, boolean, text, text, '
				'daterange)'::regprocedure),
		('definer', 'kpi_define(text, regclass, text, text, text, text, text)'::regprocedure),
		('planner', 'kpi_set_goal(text, kpi_target, daterange, text, double precision, text)'::regprocedure),
		('planner', 'kpi_split_goal(text, numeric, daterange, double precision[], text)'::regprocedure)),
	-- in the order in which a script would say them
	granted (place, privilege, target, held) AS (
		SELECT 0, 'USAGE', pg_catalog.format('SCHEMA %I', s.nspname), has_schema_privilege(role::oid, s.oid, 'USAGE')
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
			WHERE c.oid = 'kpi_reading'::regclass::oid
		UNION ALL
		SELECT 1, n.privileges
			|| CASE WHEN n.columns IS NULL THEN '' ELSE ' (' || pg_catalog.array_to_string(n.columns, ', ') || ')' END,
			pg_catalog.format('%I.%I', s.nspname, c.relname),
			CASE WHEN n.columns IS NULL THEN (SELECT bool_and(has_table_privilege(role::oid, c.oid, p))
					FROM pg_catalog.unnest(string_to_array(n.privileges, ', ')) AS p)
			ELSE (SELECT bool_and(has_column_privilege(role::oid, c.oid, a, n.privileges))
					FROM pg_catalog.unnest(n.columns) AS a) END
		FROM needed n JOIN pg_catalog.pg_class c ON c.oid = n.object
			JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace WHERE n.task = kpi_grants.task
		UNION ALL
		SELECT 2, 'EXECUTE', pg_catalog.format('FUNCTION %I.%I(%s)', s.nspname, p.proname,
				pg_get_function_identity_arguments(p.oid)), has_function_privilege(role::oid, p.oid, 'EXECUTE')
		FROM called f JOIN pg_catalog.pg_proc p ON p.oid = f.function
				JOIN pg_catalog.pg_namespace s ON s.oid = p.pronamespace WHERE f.task = kpi_grants.task)
	SELECT pg_catalog.format('GRANT %s ON %s TO %s', g.privilege, g.target, role), g.held
	FROM granted g
	WHERE task IN ('reader', 'measurer', 'definer', 'planner', 'responder')
		OR kpi_refuse_word(pg_catalog.format('task %L is not known', task), task,
			'{reader,measurer,definer,planner,responder}')
	ORDER BY g.place, g.target, g.privilege;
END;
COMMENT ON FUNCTION kpi_grants(regrole, text) IS
	'a row a statement that gives a role what it needs of the scorecard, and whether it has that already. task: '
	'reader (tables and views), measurer (kpi_measure), definer (kpi_define), planner (kpi_set_goal, kpi_split_goal), '
	'responder (kpi_acknowledge). Nothing is granted; whoever may grant runs the statements, in psql with \gexec. '
	'Rights on the sources are not among them. 22023 for another task';
