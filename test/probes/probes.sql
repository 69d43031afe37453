-- The functions of probes.c, whose library is the variable library.
SELECT format('CREATE FUNCTION %I(%s) RETURNS float8 AS %L, %L LANGUAGE C IMMUTABLE STRICT', name,
		array_to_string(array_fill('float8'::text, ARRAY[arguments]), ', '), :'library', 'probe_' || name)
FROM (VALUES ('digamma', 1), ('trigamma', 1), ('ln_beta', 2), ('hypergeometric', 3), ('beta_purchases', 4),
		('paretonbd_log_odds', 6)) AS probe(name, arguments)
\gexec
