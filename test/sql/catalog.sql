-- What the catalogue says of every object of the extension. All queries but the counts give no rows.
\set VERBOSITY terse
CREATE TEMP VIEW member AS
SELECT d.classid::regclass::text AS class, d.objid FROM pg_depend d
	JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'kpi'
WHERE d.deptype = 'e' AND d.refclassid = 'pg_extension'::regclass;
CREATE TEMP VIEW routine AS SELECT p.*, p.oid::regprocedure AS signature FROM pg_proc p
	JOIN member m ON m.class = 'pg_proc' AND m.objid = p.oid;

-- everything has a comment; array and row types and what the server makes itself excepted
SELECT pg_describe_object(m.class::regclass, m.objid, 0) AS without_comment FROM member m
WHERE obj_description(m.objid, m.class) IS NULL AND NOT (m.class = 'pg_type'
		AND EXISTS (SELECT FROM pg_type t WHERE t.oid = m.objid AND (t.typelem <> 0 OR t.typrelid <> 0))) ORDER BY 1;
SELECT a.attrelid::regclass AS relation, a.attname AS without_comment FROM member m
	JOIN pg_attribute a ON m.class = 'pg_class' AND a.attrelid = m.objid AND a.attnum > 0 AND NOT a.attisdropped
WHERE col_description(a.attrelid, a.attnum) IS NULL ORDER BY 1, 2;
-- tables and views: nothing for PUBLIC, kept by pg_dump, no trigger, and no foreign key, which a restore could come
-- upon in the wrong order; one event trigger
SELECT c.oid::regclass AS open_to_all FROM member m JOIN pg_class c ON m.class = 'pg_class' AND c.oid = m.objid,
	aclexplode(coalesce(relacl, acldefault('r', relowner))) a WHERE a.grantee = 0;
SELECT c.oid::regclass AS not_dumped FROM member m JOIN pg_class c ON m.class = 'pg_class' AND c.oid = m.objid
	JOIN pg_extension e ON extname = 'kpi' WHERE relkind IN ('r', 'S') AND NOT c.oid = ANY (coalesce(extconfig, '{}'));
SELECT tgrelid::regclass AS triggered FROM member m JOIN pg_trigger t ON m.class = 'pg_class' AND t.tgrelid = m.objid
	WHERE NOT tgisinternal;
SELECT conname AS refers FROM member m JOIN pg_constraint c ON m.class = 'pg_class' AND c.conrelid = m.objid
	WHERE contype = 'f';
SELECT evtname, evtevent, evtenabled, evtfoid::regproc, evttags FROM member m
	JOIN pg_event_trigger t ON m.class = 'pg_event_trigger' AND t.oid = m.objid;
-- who may not: EXECUTE is revoked from what writes
SELECT signature AS not_for_all FROM routine
	WHERE NOT EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) a WHERE a.grantee = 0)
	ORDER BY signature::text;
SELECT signature AS comment_is_short FROM routine WHERE length(obj_description(oid, 'pg_proc')) < 5;
-- functions are parallel safe; those that are not, or not immutable, are known
SELECT signature AS not_parallel_safe FROM routine WHERE proparallel <> 's' ORDER BY signature::text;
SELECT signature AS not_immutable FROM routine WHERE provolatile <> 'i' ORDER BY signature::text;
-- the planner is told what a set of rows costs to make and how many they are, not the server's defaults (1, or 100 in
-- SQL; 1000 rows)
SELECT signature AS cost_unknown FROM routine JOIN pg_language l ON l.oid = prolang
WHERE proretset AND procost <= CASE lanname WHEN 'sql' THEN 100 ELSE 1 END
	AND proname NOT IN ('clv_parameters', 'opening_hours');
SELECT signature AS rows_unknown FROM routine WHERE proretset AND prorows = 1000;
SELECT proname, procost, prorows FROM routine WHERE proretset GROUP BY 1, 2, 3 ORDER BY 2 DESC, 1;
-- no function runs with another's rights, or changes settings but those that choose among the planner's ways
SELECT signature AS privileged FROM routine
WHERE prosecdef OR EXISTS (SELECT FROM unnest(proconfig) c WHERE c !~ '^enable_');
-- no function takes or gives a pseudo-type, but input, output, rows and what an event trigger calls
SELECT signature AS pseudo FROM routine WHERE proname !~ '_(in|out|recv)$' AND prorettype <> 'event_trigger'::regtype
	AND (
	EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (proargtypes::oid[]) AND t.typtype = 'p')
	OR EXISTS (SELECT FROM pg_type t WHERE t.oid = prorettype AND t.typtype = 'p'
			AND NOT (t.typname = 'record' AND proargmodes IS NOT NULL)));
-- no parameter or column is a reserved word
SELECT signature, n AS reserved FROM routine, unnest(proargnames) n
	JOIN pg_get_keywords() k ON k.word = n AND k.catcode <> 'U' AND k.catcode <> 'C';
-- SQL functions are parsed once, at creation
SELECT signature AS parsed_late FROM routine WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql')
	AND prosqlbody IS NULL;

-- aggregates are distributable: combined, with an argument, on a base type of ours with all four forms
CREATE TEMP VIEW aggregate AS SELECT r.signature, r.pronargs, a.* FROM routine r
	JOIN pg_aggregate a ON a.aggfnoid = r.oid;
SELECT count(*) > 50 AS aggregates FROM aggregate;
SELECT signature AS not_distributable FROM aggregate JOIN pg_type t ON t.oid = aggtranstype
WHERE aggcombinefn = 0 OR pronargs < 1 OR aggkind <> 'n' OR aggserialfn <> 0 OR typtype <> 'b' OR typinput = 0
	OR typoutput = 0 OR typreceive = 0 OR typsend = 0
	OR NOT EXISTS (SELECT FROM member m WHERE m.class = 'pg_type' AND m.objid = t.oid);
-- a strict transition function needs a first state
SELECT signature AS no_first_state FROM aggregate JOIN pg_proc p ON p.oid = aggtransfn
	WHERE proisstrict AND agginitval IS NULL;
-- the state's size is told to the planner; moving states are ours too
SELECT signature AS size_unknown FROM aggregate
	WHERE aggtransspace <= 0 OR (aggminvtransfn <> 0 AND aggmtransspace <= 0);
SELECT signature AS foreign_moving_state FROM aggregate JOIN pg_type t ON t.oid = aggmtranstype
	WHERE NOT EXISTS (SELECT FROM member m WHERE m.class = 'pg_type' AND m.objid = t.oid);
-- final functions don't change the state, so that aggregates may share it
SELECT signature AS modifies_state FROM aggregate WHERE aggfinalmodify <> 'r' OR aggmfinalmodify <> 'r';
-- every summary has its rollup and its +
SELECT t.typname AS no_rollup FROM member m JOIN pg_type t ON m.class = 'pg_type' AND t.oid = m.objid
	WHERE t.typname ~ '_summary(_float)?$' AND t.typtype = 'b' AND t.typelem = 0
	AND (NOT EXISTS (SELECT FROM routine r WHERE r.proname = 'rollup' AND r.prokind = 'a' AND r.prorettype = t.oid
			AND r.proargtypes[0] = t.oid)
		OR NOT EXISTS (SELECT FROM pg_operator o WHERE o.oprname = '+' AND o.oprleft = t.oid AND o.oprright = t.oid
				AND o.oprresult = t.oid AND o.oprcom = o.oid));

-- base types: all forms, not null-collapsing alignment, default btree and hash classes
CREATE TEMP VIEW base_type AS SELECT t.* FROM member m JOIN pg_type t ON m.class = 'pg_type' AND t.oid = m.objid
	WHERE t.typtype = 'b' AND t.typelem = 0;
SELECT typname AS incomplete FROM base_type t WHERE typlen <> -1 OR typalign <> 'd' OR typstorage <> 'x'
	OR typreceive = 0 OR typsend = 0
	OR (SELECT count(DISTINCT am.amname) FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod
			WHERE c.opcintype = t.oid AND c.opcdefault AND am.amname IN ('btree', 'hash')) <> 2;
SELECT proname AS input_not_immutable FROM base_type t
	JOIN pg_proc p ON p.oid IN (typinput, typoutput, typreceive, typsend) WHERE provolatile <> 'i';
-- the support functions do what the classes promise
SELECT amname, count(*) > 0 AS any, bool_and(amvalidate(c.oid)) AS valid FROM (SELECT c.oid, am.amname FROM pg_opclass c
		JOIN pg_am am ON am.oid = c.opcmethod JOIN base_type t ON t.oid = c.opcintype) c GROUP BY amname
	ORDER BY amname;

-- nothing of the server's own is shadowed: no function or operator of ours has the signature of one in pg_catalog
SELECT signature AS shadows FROM routine r JOIN pg_proc p ON p.pronamespace = 'pg_catalog'::regnamespace
	AND p.proname = r.proname AND p.proargtypes = r.proargtypes;
