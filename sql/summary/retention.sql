-- Retention, churn and repeat rate from events: src/summary/retention.c
--@ makes churn_rate, repeat_set, repeat_set_add, repeat_set_cmp, repeat_set_combine, repeat_set_eq, repeat_set_ge,
--@   repeat_set_gt, repeat_set_hash, repeat_set_hash_extended, repeat_set_in, repeat_set_le, repeat_set_lt,
--@   repeat_set_ne, repeat_set_ops, repeat_set_out, repeat_set_recv, repeat_set_send, retention_rate, retention_set,
--@   retention_set_add, retention_set_churn, retention_set_cmp, retention_set_combine, retention_set_eq,
--@   retention_set_ge, retention_set_gt, retention_set_hash, retention_set_hash_extended, retention_set_in,
--@   retention_set_le, retention_set_lt, retention_set_ne, retention_set_ops, retention_set_out, retention_set_recv,
--@   retention_set_retention, retention_set_send

--@ include core/base_type.sql
--@ with TYPE = retention_set
--@ with ABOUT = state of retention_rate() and churn_rate() over events: customers, whether seen in each of the two
--@   ranges of dates, and the ranges
--@ include core/base_type.sql
--@ with TYPE = repeat_set
--@ with ABOUT = state of repeat_rate(): the set of (customer, document or day)

--@ for TYPE in retention_set | repeat_set
CREATE FUNCTION @TYPE@_add(@TYPE@, @TYPE@) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_add(@TYPE@, @TYPE@) IS
	'merges two states; 22023 where parameters, time zones or types of customer differ';
--@ include core/combine_in_zone.sql
--@ with TYPE = @TYPE@
--@ end
--@ for NAME | ABOUT
--@ | retention | share of the customers before who came back
--@ | churn     | share of the customers before who did not come back
CREATE FUNCTION retention_set_@NAME@(retention_set) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_retention_set_@NAME@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_@NAME@(retention_set) IS 'final function: @ABOUT@; NULL without customers before';
--@ end
CREATE FUNCTION repeat_set_rate(repeat_set) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_rate' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_rate(repeat_set) IS
	'final function: share of the customers with at least two documents or days; NULL without customers';

--@ for KEY in bigint | uuid | text
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
CREATE FUNCTION retention_set_accum(retention_set, customer @KEY@, at @AT@, before daterange, after daterange)
	RETURNS retention_set
	AS 'MODULE_PATHNAME', 'kpi_retention_set_accum_@KEY@_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION retention_set_accum(retention_set, @KEY@, @AT@, daterange, daterange) IS
	'transition function: adds one event';
--@ for NAME | FINAL | ABOUT
--@ | retention_rate | retention | that have one
--@ | churn_rate     | churn     | that have none
CREATE AGGREGATE @NAME@(customer @KEY@, at @AT@, before daterange, after daterange) (
	SFUNC = retention_set_accum, STYPE = retention_set, SSPACE = 1024, FINALFUNC = retention_set_@FINAL@,
	COMBINEFUNC = retention_set_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE @NAME@(@KEY@, @AT@, daterange, daterange) IS
	'of the customers with an event in the range before, the share 0..1 @ABOUT@ in the range after; NULL without such '
	'customers. A row with customer or at NULL is ignored; 22023 for a range that is NULL or differs from row to row, '
	'or an infinite time; 54000 beyond 512 MB';
--@ end
CREATE FUNCTION repeat_set_accum(repeat_set, customer @KEY@, at @AT@) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_@KEY@_@AT@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, @KEY@, @AT@) IS 'transition function: adds one event';
CREATE AGGREGATE repeat_rate(customer @KEY@, at @AT@) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(@KEY@, @AT@) IS
	'share 0..1 of the customers with events on at least two different days; NULL without customers. A row with '
	'customer or at NULL is ignored; 22023 for an infinite time; 54000 beyond 512 MB';
--@ end
--@ for DOCUMENT in bigint | uuid | text
CREATE FUNCTION repeat_set_accum(repeat_set, customer @KEY@, document @DOCUMENT@) RETURNS repeat_set
	AS 'MODULE_PATHNAME', 'kpi_repeat_set_accum_@KEY@_@DOCUMENT@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION repeat_set_accum(repeat_set, @KEY@, @DOCUMENT@) IS
	'transition function: adds one row of a document';
CREATE AGGREGATE repeat_rate(customer @KEY@, document @DOCUMENT@) (
	SFUNC = repeat_set_accum, STYPE = repeat_set, SSPACE = 1024, FINALFUNC = repeat_set_rate,
	COMBINEFUNC = repeat_set_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE repeat_rate(@KEY@, @DOCUMENT@) IS
	'share 0..1 of the customers with at least two different documents, such as orders; NULL without customers. A row '
	'with customer or document NULL is ignored; 54000 beyond 512 MB';
--@ end
--@ end
