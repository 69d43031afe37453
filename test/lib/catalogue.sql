-- Everything that the catalogues say of the extension, for comparing two ways to install it.  After samples.sql and probe.sql.
--
-- Object numbers, which differ, are replaced by what they stand for: pg_get_catalog_foreign_keys() knows which column
-- points where.  Expressions and queries, which hold numbers too, are shown as SQL.

-- The members of the extension and what belongs to them: array and row types, columns' defaults, constraints, indexes, rules.
CREATE VIEW kpi_test.part_now AS
	WITH RECURSIVE part AS (
		SELECT 'pg_extension'::regclass::oid AS classid, oid AS objid FROM pg_extension WHERE extname = 'kpi'
		UNION
		SELECT d.classid, d.objid FROM part p JOIN pg_depend d ON d.refclassid = p.classid AND d.refobjid = p.objid
		WHERE d.deptype = 'e' OR (d.deptype IN ('a', 'i') AND p.classid <> 'pg_extension'::regclass))
	SELECT classid, objid, (pg_identify_object(classid, objid, 0)).identity AS name FROM part
	-- toast tables and the triggers of foreign keys are named by numbers
	WHERE NOT (classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relnamespace = 'pg_toast'::regnamespace))
		AND NOT (classid = 'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger WHERE oid = objid AND tgisinternal));
CREATE TABLE kpi_test.part (classid oid, objid oid, name text, PRIMARY KEY (classid, objid));

CREATE FUNCTION kpi_test.catalogue() RETURNS TABLE (class text, object text, property text, value text) LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	catalogue record;
	shown text;
BEGIN
	DELETE FROM kpi_test.part;
	INSERT INTO kpi_test.part SELECT * FROM kpi_test.part_now;
	-- catalogues of the parts, and those whose rows belong to one but have no identity
	FOR catalogue IN
		SELECT c, key FROM (SELECT DISTINCT classid::regclass, 'oid' FROM kpi_test.part
			UNION ALL VALUES ('pg_attribute'::regclass, 'attrelid'), ('pg_index', 'indexrelid'), ('pg_enum', 'enumtypid'),
				('pg_range', 'rngtypid'), ('pg_aggregate', 'aggfnoid')) AS l (c, key)
	LOOP
		-- name and value of each column
		SELECT string_agg(format('(%L, %s)', attname, CASE
			WHEN f.pktable = 'pg_authid'::regclass THEN format('CASE WHEN r.%1$I = (SELECT extowner FROM pg_extension WHERE extname = ''kpi'') THEN ''the owner'' ELSE r.%1$I::regrole::text END', attname)
			WHEN f.is_array THEN format('(SELECT string_agg(CASE o WHEN 0 THEN ''-'' ELSE (pg_identify_object(%s, o, 0)).identity END, '', '' ORDER BY i)'
				' FROM unnest(r.%I::oid[]) WITH ORDINALITY u(o, i))', f.pktable::oid, attname)
			WHEN f.pktable IS NOT NULL THEN format('CASE r.%1$I WHEN 0 THEN ''-'' ELSE (pg_identify_object(%2$s, r.%1$I::oid, 0)).identity END', attname, f.pktable::oid)
			WHEN atttypid = 'aclitem[]'::regtype THEN format('(SELECT string_agg(a::text, '', '' ORDER BY a::text) FROM unnest(r.%I) a)', attname)
			ELSE format('r.%I::text', attname) END), ', ' ORDER BY attnum)
		INTO shown
		FROM pg_attribute
		LEFT JOIN LATERAL (SELECT k.* FROM pg_get_catalog_foreign_keys() k WHERE k.fktable = attrelid AND k.fkcols = ARRAY[attname::text]) f ON true
		WHERE attrelid = catalogue.c AND attnum > 0 AND NOT attisdropped AND atttypid <> 'pg_node_tree'::regtype
			-- what is physical, a hint (relhastriggers, until VACUUM), or numbered by the server (in attoptions too); a column added later keeps its default for rows that were there
			AND NOT attname = ANY ('{oid,relfilenode,relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid,reltoastrelid,relhastriggers,atthasmissing,attmissingval,attoptions,extversion}');
		RETURN QUERY EXECUTE format(
			'SELECT %L, p.name || coalesce('' '' || (%s), ''''), c.n, c.v FROM kpi_test.part p JOIN %s r ON r.%I = p.objid AND p.classid = %s, LATERAL (VALUES %s) c (n, v)',
			catalogue.c, CASE catalogue.c WHEN 'pg_attribute'::regclass THEN 'r.attname' WHEN 'pg_enum'::regclass THEN 'r.enumlabel' ELSE 'NULL' END,
			catalogue.c, catalogue.key,
			CASE catalogue.key WHEN 'oid' THEN catalogue.c::oid WHEN 'aggfnoid' THEN 'pg_proc'::regclass::oid
				WHEN 'enumtypid' THEN 'pg_type'::regclass::oid WHEN 'rngtypid' THEN 'pg_type'::regclass::oid ELSE 'pg_class'::regclass::oid END,
			shown);
	END LOOP;

	RETURN QUERY
	SELECT p.classid::regclass::text, p.name, 'definition', CASE p.classid
		WHEN 'pg_proc'::regclass THEN (SELECT CASE prokind WHEN 'a' THEN pg_get_function_arguments(oid) ELSE pg_get_functiondef(oid) END FROM pg_proc WHERE oid = p.objid)
		WHEN 'pg_class'::regclass THEN coalesce(pg_get_viewdef(p.objid), pg_get_indexdef(p.objid))
		WHEN 'pg_constraint'::regclass THEN pg_get_constraintdef(p.objid)
		WHEN 'pg_rewrite'::regclass THEN pg_get_ruledef(p.objid)
		WHEN 'pg_trigger'::regclass THEN regexp_replace(pg_get_triggerdef(p.objid), '_\d+"', '"')
		WHEN 'pg_attrdef'::regclass THEN (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE oid = p.objid) END
	FROM kpi_test.part p
	UNION ALL
	SELECT p.classid::regclass::text, p.name, format('comment %s', d.objsubid), d.description
	FROM kpi_test.part p JOIN pg_description d ON d.classoid = p.classid AND d.objoid = p.objid
	UNION ALL
	SELECT p.classid::regclass::text, p.name, format('initial privilege %s', i.objsubid), (SELECT string_agg(a::text, ', ' ORDER BY a::text) FROM unnest(initprivs) a)
	FROM kpi_test.part p JOIN pg_init_privs i ON i.classoid = p.classid AND i.objoid = p.objid
	UNION ALL
	SELECT p.classid::regclass::text, p.name, format('depends (%s) on', d.deptype),
		(SELECT format('%s %s', type, identity) FROM pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid))
	FROM kpi_test.part p JOIN pg_depend d ON d.classid = p.classid AND d.objid = p.objid
	UNION ALL
	SELECT 'pg_extension', 'kpi', format('configuration %s', c::regclass), w
	FROM pg_extension, unnest(extconfig, extcondition) u(c, w) WHERE extname = 'kpi';
END
$$;
