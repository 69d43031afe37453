-- Another name for a KPI: its rows in every table, and what refers to it.
--@ since 0.2.0

CREATE FUNCTION kpi_rename(kpi text, new_name text) RETURNS text LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT kpi_refuse(pg_catalog.format('%s of a KPI is missing', a.what))
	FROM (VALUES ('name'::text, kpi), ('new name', new_name)) AS a (what, given)
		WHERE a.given IS NULL OR btrim(a.given) = '';
	SELECT kpi_refuse(pg_catalog.format('name %L of a KPI is not 1 to 100 characters without space around it',
			new_name))
	WHERE length(new_name) > 100 OR new_name <> btrim(new_name);
	-- first of all: who measures keeps the name, and then waits for no other KPI of ours
	SELECT FROM kpi_definition d WHERE d.name = kpi FOR UPDATE;
	SELECT FROM kpi_definition d WHERE d.name = new_name FOR NO KEY UPDATE;
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', kpi), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi)
		AND NOT EXISTS (SELECT FROM kpi_goal g WHERE g.kpi = kpi_rename.kpi)
			AND NOT EXISTS (SELECT FROM kpi_reading r WHERE r.kpi = kpi_rename.kpi)
		AND NOT EXISTS (SELECT FROM kpi_alert a WHERE a.kpi = kpi_rename.kpi);
	SELECT kpi_refuse(pg_catalog.format('KPI %L is already defined', new_name), 'Choose another name.')
	WHERE EXISTS (SELECT FROM kpi_definition d WHERE d.name = kpi)
		AND EXISTS (SELECT FROM kpi_definition d WHERE d.name = new_name);
	-- rows without a definition, as a name that was changed by hand leaves them
	SELECT kpi_refuse(pg_catalog.format('neither KPI %L nor KPI %L is defined', kpi, new_name),
			'Define one of them first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name IN (kpi, new_name));
	SELECT kpi_refuse(pg_catalog.format('KPI %L has goals, readings or alerts already', new_name),
			'Choose another name, or delete its rows of kpi_reading, kpi_alert and kpi_goal first.')
	WHERE EXISTS (SELECT FROM kpi_goal g WHERE g.kpi = new_name) OR EXISTS (SELECT FROM kpi_reading r
			WHERE r.kpi = new_name) OR EXISTS (SELECT FROM kpi_alert a WHERE a.kpi = new_name);
	SELECT kpi_refuse(pg_catalog.format('KPI %L has goals or readings that are not of unit %s, which KPI %L is of', kpi,
			d.unit, new_name), 'Define that KPI with the unit that they have.')
	FROM kpi_definition d WHERE d.name = new_name
--@ include scorecard/other_unit.sql
--@ with KPI = kpi_rename.kpi
--@ with UNIT = d.unit
	;
	UPDATE kpi_definition d SET name = new_name WHERE d.name = kpi;
	UPDATE kpi_definition d SET parent = CASE WHEN d.parent = kpi THEN new_name ELSE d.parent END,
		guard = CASE WHEN d.guard = kpi THEN new_name ELSE d.guard END
	WHERE (d.parent = kpi OR d.guard = kpi) AND d.name <> new_name;
	UPDATE kpi_goal g SET kpi = new_name WHERE g.kpi = kpi_rename.kpi;
	UPDATE kpi_reading r SET kpi = new_name WHERE r.kpi = kpi_rename.kpi;
	UPDATE kpi_alert a SET kpi = new_name WHERE a.kpi = kpi_rename.kpi;
	SELECT new_name;
END;
COMMENT ON FUNCTION kpi_rename(text, text) IS
	'gives a KPI another name, in its definition, goals, readings and alerts and where it is a parent or guard, and '
	'returns it. Of a KPI that is not defined, as after a change of the name by hand, it moves the goals, readings and '
	'alerts to a KPI that is defined and has none. Waits for whoever measures it. 22023 for an unknown KPI, for NULL, '
	'and for a name that is in use';

REVOKE ALL ON FUNCTION kpi_rename(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kpi_rename(text, text) TO @extowner@ WITH GRANT OPTION;
