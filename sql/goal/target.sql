-- Targets: src/goal/target.c
--@ makes at_least, at_most, baseline, kpi_target, kpi_target_cmp, kpi_target_eq, kpi_target_ge, kpi_target_gt,
--@   kpi_target_hash, kpi_target_hash_extended, kpi_target_in, kpi_target_le, kpi_target_lt, kpi_target_ne,
--@   kpi_target_ops, kpi_target_out, kpi_target_recv, kpi_target_send, recover_lower, recover_upper, recover_value,
--@   target_lower, target_upper, target_value, warn_lower, warn_upper, warn_value

--@ include core/base_type.sql
--@ with TYPE = kpi_target
--@ with ABOUT = what a KPI should reach, in its own unit: >= 50 warn 40 from 30 (higher is better, amber from 40,
--@   baseline 30), <= 4 warn 6 recover 3.5 (lower is better, an
--@   alert is over from 3.5 on), [10,20] warn [8,25] (a range); all limits inclusive, % after a number
--@   divides it by 100; relative to another value >= +20% on year ago, <= -10% warn -5% on previous; 22P02 if it
--@   makes no sense

--@ for NAME | ABOUT
--@ | at_least | higher is better
--@ | at_most  | lower is better
CREATE FUNCTION @NAME@(bound double precision, warn double precision DEFAULT NULL,
		baseline double precision DEFAULT NULL) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_target_@NAME@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @NAME@(double precision, double precision, double precision) IS
	'target with one bound, @ABOUT@; warn (where amber ends) and baseline (where it started) are optional; NULL '
	'without a bound; 22023 if a number is not finite, warn is not worse than the bound, or the baseline already meets '
	'it';
--@ end
CREATE FUNCTION between_target(lo double precision, hi double precision,
	warn_lo double precision DEFAULT NULL, warn_hi double precision DEFAULT NULL) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_target_between' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION between_target(double precision, double precision, double precision, double precision) IS
	'target that is met from lo to hi, amber down to warn_lo and up to warn_hi (each optional); NULL without lo or hi; '
	'22023 if a number is not finite, lo > hi, or a warning does not lie outside the range';

--@ for NAME | C
--@ | target_value | value
--@ | target_lower | lower
--@ | target_upper | upper
--@ | warn_value   | warn_value
--@ | warn_lower   | warn_lower
--@ | warn_upper   | warn_upper
--@ | baseline     | baseline
CREATE FUNCTION @NAME@(kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_target_@C@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
--@ end
COMMENT ON FUNCTION target_value(kpi_target) IS 'the bound, or the middle of a range';
COMMENT ON FUNCTION target_lower(kpi_target) IS 'the least value that meets the target; NULL where lower is better';
COMMENT ON FUNCTION target_upper(kpi_target) IS 'the greatest value that meets the target; NULL where higher is better';
COMMENT ON FUNCTION warn_value(kpi_target) IS
	'the worst value that is still amber, of a target with one bound; NULL without a warning, and for a range, which '
	'has warn_lower() and warn_upper()';
COMMENT ON FUNCTION warn_lower(kpi_target) IS
	'the least value that is still amber; NULL if nothing below the target is amber';
COMMENT ON FUNCTION warn_upper(kpi_target) IS
	'the greatest value that is still amber; NULL if nothing above the target is amber';
COMMENT ON FUNCTION baseline(kpi_target) IS 'the value that progress is counted from; NULL without one';
CREATE FUNCTION direction(kpi_target) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_target_direction' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION direction(kpi_target) IS 'higher (is better), lower (is better) or range';
--@ include goal/relative.sql
--@ include goal/recover.sql
