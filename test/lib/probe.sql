-- Helpers for tests that treat every base type of the extension alike; after samples.sql.

-- The objects that belong to the extension.
CREATE VIEW kpi_test.member AS
	SELECT classid, objid FROM pg_depend JOIN pg_extension e ON refobjid = e.oid
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND extname = 'kpi';

CREATE VIEW kpi_test.base_type AS
	SELECT t.oid::regtype AS type, t.typname::text AS name, t.typsend::oid::regproc AS send
	FROM kpi_test.member JOIN pg_type t ON classid = 'pg_type'::regclass AND objid = t.oid
	WHERE typtype = 'b' AND typelem = 0;

-- The samples of the types that there are.
CREATE VIEW kpi_test.sampled AS
	SELECT b.*, literal FROM kpi_test.base_type b JOIN kpi_test.sample s ON s.type = b.name;

-- Its functions and aggregates, without those that only the server can call, and those that it makes for a range type.
CREATE VIEW kpi_test.callable AS
	SELECT p.*, replace(p.oid::regprocedure::text, n.nspname || '.', '') AS signature, n.nspname
	FROM kpi_test.member JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid
	JOIN pg_namespace n ON n.oid = pronamespace
	JOIN pg_type r ON r.oid = prorettype
	WHERE (r.typtype <> 'p' OR r.typname = 'record')
		AND NOT proargtypes::oid[] && ARRAY['internal'::regtype, 'cstring'::regtype]::oid[]
		AND NOT EXISTS (SELECT FROM pg_range JOIN pg_type t ON t.oid IN (rngtypid, rngmultitypid)
				WHERE t.typnamespace = p.pronamespace AND t.typname = p.proname);

-- Literals of a type.
CREATE FUNCTION kpi_test.literal(of regtype) RETURNS text LANGUAGE sql AS $$
	SELECT literal FROM kpi_test.argument WHERE to_regtype(type) = of
	UNION ALL
	(SELECT literal FROM kpi_test.sampled WHERE type = of ORDER BY literal DESC LIMIT 1)
	UNION ALL
	(SELECT enumlabel FROM pg_enum WHERE enumtypid = of ORDER BY enumsortorder LIMIT 1)
$$;

-- Every function and aggregate that takes the type, or with NULL that takes none of the extension's types: a query, to
-- be formatted with a value of the type.  Where arguments have defaults there is one with and one without them.
CREATE FUNCTION kpi_test.calls(of regtype) RETURNS TABLE (signature text, query text)
	LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
	SELECT signature || CASE WHEN given < pronargs THEN format(' with %s', given) ELSE '' END,
		CASE WHEN prokind = 'a'
			THEN format('SELECT %s::text FROM generate_series(1, 2)', call)
			ELSE format('SELECT string_agg(x::text, ''; '') FROM %s x', call) END
	FROM kpi_test.callable
	CROSS JOIN LATERAL (SELECT DISTINCT unnest(ARRAY[pronargs, pronargs - pronargdefaults])) n(given)
	CROSS JOIN LATERAL (
		SELECT format('%I.%I(%s)', nspname, proname, string_agg(
			CASE WHEN type = of THEN format('%%1$L::%s', type::regtype)
				ELSE replace(format('%L::%s', kpi_test.literal(type), type::regtype), '%', '%%') END, ', ' ORDER BY i))
					AS call,
			count(*) = count(kpi_test.literal(type)) AS complete
		FROM unnest(proargtypes) WITH ORDINALITY a(type, i) WHERE i <= given) c
	WHERE complete AND CASE WHEN of IS NOT NULL THEN of = ANY (proargtypes)
		ELSE NOT EXISTS (SELECT FROM kpi_test.base_type WHERE type = ANY (proargtypes)) END
	ORDER BY 1
$$;

-- What such an expression returns for a value, an error as its SQLSTATE.
CREATE FUNCTION kpi_test.result(query text, value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	result text;
BEGIN
	EXECUTE format(query, value) INTO result;
	RETURN result;
EXCEPTION WHEN OTHERS THEN
	RETURN 'error ' || SQLSTATE;
END
$$;

-- What all of them return for a value.
CREATE FUNCTION kpi_test.probe(of regtype, value text) RETURNS TABLE (signature text, result text) LANGUAGE sql AS $$
	SELECT signature, kpi_test.result(query, value) FROM kpi_test.calls(of)
$$;

-- Text and binary form of a value that is given as text.
CREATE FUNCTION kpi_test.forms(of regtype, value text, OUT printed text, OUT sent bytea) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT v::text, %s(v) FROM (SELECT %L::%s) s(v)',
		(SELECT send FROM kpi_test.base_type WHERE type = of), value, of) INTO printed, sent;
END
$$;

-- Reads a binary form, by COPY from a file of one row and one field, and returns the value as text.
CREATE FUNCTION kpi_test.receive(of regtype, sent bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	file text := current_setting('data_directory') || '/kpi_test.copy';
	object oid := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || int4send(0) || int4send(0)
		|| int2send(1::int2) || int4send(length(sent)) || sent || int2send((-1)::int2));
	place text := format('pg_temp.%I', 'received ' || of);
	received text;
BEGIN
	PERFORM lo_export(object, file), lo_unlink(object);
	IF to_regclass(place) IS NULL THEN
		EXECUTE format('CREATE TEMP TABLE %s (v %s)', place, of);
	END IF;
	EXECUTE format('COPY %s FROM %L (FORMAT binary)', place, file);
	EXECUTE format('DELETE FROM %s RETURNING v::text', place) INTO received;
	RETURN received;
END
$$;

-- Spoiled copies of a binary form: cut at every length, every byte changed in six ways, extended.  Of a long one
-- every byte of the first 150 and some of the rest.
CREATE FUNCTION kpi_test.mutants(sent bytea) RETURNS TABLE (what text, mutant bytea) LANGUAGE sql IMMUTABLE AS $$
	WITH place AS (
		SELECT i, get_byte(sent, i) AS byte FROM generate_series(0, length(sent) - 1) i
		WHERE i < 150 OR i % (length(sent) / 100) = 0)
	SELECT format('cut to %s bytes', i), substring(sent FOR i) FROM place
	UNION ALL
	SELECT DISTINCT format('byte %s is %s, was %s', i, value, byte), set_byte(sent, i, value)
	FROM place, LATERAL unnest(ARRAY[0, 127, 255, byte # 1, byte # 128, (byte + 2) % 256]) value WHERE value <> byte
	UNION ALL
	SELECT format('%s more bytes', length(more)), sent || more FROM unnest(ARRAY['\x00', '\xff00'::bytea, sent]) more
$$;

-- Reads every spoiled copy of the samples of a type.  Each is refused as binary input should be, or it is a value: then
-- its text and binary forms read back as the same value, and every function takes it.  Returns what went wrong.
CREATE FUNCTION kpi_test.spoil(of regtype, OUT refused bigint, OUT accepted bigint, OUT wrong text[])
	LANGUAGE plpgsql AS $$
DECLARE
	what text;
	mutant bytea;
	value text;
	again record;
	bad text;
	signatures text[];
	queries text[];
BEGIN
	SELECT array_agg(signature), array_agg(query) INTO signatures, queries FROM kpi_test.calls(of);
	refused := 0;
	accepted := 0;
	wrong := '{}';
	FOR what, mutant IN
		SELECT format('%s: %s', literal, m.what), m.mutant
		FROM kpi_test.sampled, kpi_test.forms(of, literal), kpi_test.mutants(sent) m WHERE type = of
	LOOP
		value := NULL;
		BEGIN
			value := kpi_test.receive(of, mutant);
			accepted := accepted + 1;
			again := kpi_test.forms(of, value);
			IF again.printed <> value OR kpi_test.receive(of, again.sent) <> value THEN
				wrong := wrong || format('%s: %s became %s', what, value, again.printed);
			END IF;
			SELECT string_agg(signature || ' ' || result, ', ') INTO bad
			FROM unnest(signatures, queries) c(signature, query), kpi_test.result(query, value)
				WHERE result ~ '^error (?!22|54)';
			IF bad IS NOT NULL THEN
				wrong := wrong || format('%s: %s: %s', what, value, bad);
			END IF;
		EXCEPTION WHEN OTHERS THEN
			IF value IS NULL AND SQLSTATE IN ('22P03', '08P01') THEN
				refused := refused + 1;
			ELSE
				wrong := wrong || format('%s: %s: %s %s', what, value, SQLSTATE, SQLERRM);
			END IF;
		END;
	END LOOP;
END
$$;
