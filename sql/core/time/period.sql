-- Calendar periods: src/core/time/period.c

--@ for AT | VOLATILE
--@ | date        | IMMUTABLE
--@ | timestamp   | IMMUTABLE
--@ | timestamptz | STABLE
CREATE FUNCTION kpi_period(at @AT@, unit text) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_period_of_@AT@' LANGUAGE C @VOLATILE@ STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_period(@AT@, text) IS
	'first day of the period that the moment falls into (a timestamptz in the session''s time zone). Units: day, week '
	'(ISO, from Monday), week sat, week sun, month, quarter, year, and fiscal ones that begin in a given month: '
	'quarter feb, year apr; jalali month, jalali quarter, jalali year; of years of whole weeks 4-4-5 month, 4-4-5 '
	'quarter, 4-4-5 year, also 4-5-4 and 5-4-4, that begin on the Monday nearest to 1 January or as said: 4-5-4 month '
	'feb sun. Infinity stays infinite; 22023 for another unit';
--@ end
CREATE FUNCTION kpi_periods(from_date date, to_date date, unit text) RETURNS SETOF date
	AS 'MODULE_PATHNAME', 'kpi_periods' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 COST 1000;
COMMENT ON FUNCTION kpi_periods(date, date, text) IS
	'first days of all periods from the one of from_date to the one of to_date, without gaps: the spine to join sparse '
	'data to; no rows when to_date is before from_date; 22023 for infinite dates or an unknown unit; 54000 beyond a '
	'million rows';
CREATE FUNCTION kpi_unit(unit text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_unit_canonical' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_unit(text) IS
	'a unit of kpi_period() in its one canonical spelling, such as month, week sat or year apr; NULL for NULL; 22023 '
	'for another unit';
CREATE FUNCTION kpi_next_period(at date, unit text) RETURNS date
	AS 'MODULE_PATHNAME', 'kpi_next_period' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_next_period(date, text) IS
	'first day of the period after the one of kpi_period(at, unit), so that daterange(kpi_period(at, unit), '
	'kpi_next_period(at, unit)) holds the days of a period; infinity stays infinite; NULL for NULL; 22023 for an '
	'unknown unit, 22008 beyond the last date';
