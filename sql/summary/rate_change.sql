-- The change of a rate and how sure it is: src/summary/rate.c
--@ since 0.2.0

CREATE FUNCTION rate_change(now rate_summary, before rate_summary, confidence double precision DEFAULT 0.95,
	OUT change double precision, OUT lower double precision, OUT upper double precision,
	OUT relative double precision, OUT relative_lower double precision, OUT relative_upper double precision)
	AS 'MODULE_PATHNAME', 'kpi_rate_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION rate_change(rate_summary, rate_summary, double precision) IS
	'change of a rate, now - before, and its confidence interval within -1..1 (Newcombe 1998, of two Wilson '
	'intervals): the change is real where 0 lies outside; relative, now / before - 1, with its interval (Donner and '
	'Zou 2012), NULL where nothing was hit before; NULLs if a side is empty; 22023 unless 0 < confidence < 1. Two '
	'groups at one time, treated and control, are compared in the same way';
