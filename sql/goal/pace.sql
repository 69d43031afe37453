-- Judging a quantity that adds up before its period ends: src/goal/pace.c

CREATE FUNCTION expected_progress(target kpi_target, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_progress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_progress(kpi_target, daterange, date) IS 'what a quantity that adds up evenly should have reached by the end of the day at: bound * share (of a range the lower bound), or baseline + (bound - baseline) * share, where share = days of during up to and including at / days of during, 1 after the end; NULL while share < 0.1; 22023 if during is empty or unbounded';
CREATE FUNCTION kpi_pace(actual double precision, target kpi_target, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_pace' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_pace(double precision, kpi_target, daterange, date) IS 'attainment() of what has added up so far, against the target with its bounds, warnings and baseline multiplied by the share of during that has passed : for quantities that add up from 0, so that a baseline is last period''s total, not a level to start from as in expected_progress(); at least 1 exactly when the scaled target is met; NULL while share < 0.1, and for NULL or NaN; 22023 if during is empty or unbounded';
CREATE FUNCTION projected(actual double precision, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_projected' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION projected(double precision, daterange, date) IS 'what actual becomes by the end of during if it goes on evenly: actual / share (see expected_progress); NULL while share < 0.1, and for NULL or NaN; 22023 if during is empty or unbounded';
CREATE FUNCTION required_rate(actual double precision, target kpi_target, during daterange, at date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_required_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION required_rate(double precision, kpi_target, daterange, date) IS 'amount needed on each remaining day of during (those after at) to meet the target, with its sign: (bound - actual) / remaining days; 0 when met, NULL when not met and no day is left, all days remain before the start. It is given from the first day on, also while share < 0.1. NULL for NULL or NaN; 22023 if during is empty or unbounded';

CREATE FUNCTION kpi_scaled_target(target kpi_target, part double precision, whole double precision) RETURNS kpi_target
	AS 'MODULE_PATHNAME', 'kpi_scaled_target' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_scaled_target(kpi_target, double precision, double precision) IS 'the target with its bounds, warnings and baseline multiplied by part / whole: what a quantity that adds up should have reached by then, so that attainment() against it is kpi_pace(); NULL for NULL; 22023 unless 0 < part <= whole';
