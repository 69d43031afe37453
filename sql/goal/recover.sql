-- Bounds of recovery: src/goal/target.c
--@ makes recover_lower, recover_upper, recover_value

--@ for NAME | ABOUT
--@ | recover_value | the value from which on an alert of red or amber is over, of a target with one bound; NULL without
--@   one, and for a range, which has recover_lower() and recover_upper()
--@ | recover_lower | the least value at which an alert of red or amber below the target is over; NULL without one
--@ | recover_upper | the greatest value at which an alert of red or amber above the target is over; NULL without one
CREATE FUNCTION @NAME@(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_@NAME@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@(kpi_target) IS '@ABOUT@';
--@ end
