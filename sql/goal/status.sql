-- How a value stands against a target: src/goal/status.c

CREATE TYPE kpi_status AS ENUM ('red', 'amber', 'uncertain', 'green', 'pending', 'no_data');
COMMENT ON TYPE kpi_status IS 'how a KPI stands: red, amber, uncertain (a confidence interval that lies in more than one colour), green, pending (too early or too few rows to judge), no_data; min() is the worst';

CREATE FUNCTION kpi_status(actual double precision, target kpi_target) RETURNS kpi_status
	AS 'MODULE_PATHNAME', 'kpi_target_status' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_status(double precision, kpi_target) IS 'green if the target is met, amber within its warning, else red; no_data if actual is NULL or NaN; NULL without a target';
CREATE FUNCTION kpi_interval_status(lower double precision, upper double precision, target kpi_target) RETURNS kpi_status
	AS 'MODULE_PATHNAME', 'kpi_target_interval_status' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_interval_status(double precision, double precision, kpi_target) IS 'status of a value that is known to lie between lower and upper, ends included: uncertain unless all of it is green, or amber or red on one side; no_data if an end is NULL or NaN; NULL without a target; 22023 if lower > upper';

CREATE FUNCTION kpi_target_met(target kpi_target, actual double precision) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_target_met' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_met(kpi_target, double precision) IS 'whether the value meets the target, bounds included; false for NaN, NULL for NULL';
CREATE FUNCTION kpi_target_meets(actual double precision, target kpi_target) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_target_meets' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_target_meets(double precision, kpi_target) IS 'whether the value meets the target, bounds included; false for NaN, NULL for NULL';
-- without an estimator half of the rows are expected to match, which is the right guess here
CREATE OPERATOR @> (LEFTARG = kpi_target, RIGHTARG = double precision, FUNCTION = kpi_target_met, COMMUTATOR = <@);
COMMENT ON OPERATOR @> (kpi_target, double precision) IS 'the target is met by the value';
CREATE OPERATOR <@ (LEFTARG = double precision, RIGHTARG = kpi_target, FUNCTION = kpi_target_meets, COMMUTATOR = @>);
COMMENT ON OPERATOR <@ (double precision, kpi_target) IS 'the value meets the target';

--@ for NAME in attainment | gap | deviation | deviation_pct
CREATE FUNCTION @NAME@(actual double precision, target kpi_target) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_@NAME@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
--@ end
COMMENT ON FUNCTION attainment(double precision, kpi_target) IS 'share of the target that is reached, as a fraction: at least 1 exactly when met, below 0 possible. With a baseline (actual - baseline) / (bound - baseline); else 1 - shortfall / |violated bound|, where a surplus over a single bound counts above 1 and a range gives 1 inside. With a bound of 0 and no baseline: 1 when met, else NULL. NULL for NULL or NaN; 22003 if it overflows';
COMMENT ON FUNCTION gap(double precision, kpi_target) IS 'distance still to go, in the unit of the KPI, never negative: 0 when met; NULL for NULL or NaN; 22003 if it overflows';
COMMENT ON FUNCTION deviation(double precision, kpi_target) IS 'actual - bound, in the unit of the KPI, with its sign; of a range the violated bound, 0 inside; NULL for NULL or NaN; 22003 if it overflows';
COMMENT ON FUNCTION deviation_pct(double precision, kpi_target) IS 'deviation() / |bound| as a fraction (0.1 is 10 percent above); NULL for a bound of 0, NULL or NaN; 0 inside a range; 22003 if it overflows';
