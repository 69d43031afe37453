-- Text bars: src/goal/bullet.c

CREATE FUNCTION bullet(actual double precision, target kpi_target, width integer DEFAULT 20) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_bullet' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION bullet(double precision, kpi_target, integer) IS 'text bar of width characters from 0 to actual with a marker at each bound, in block characters where the database is UTF8, else in ASCII; no bar if actual is NULL or NaN; NULL without a target or a width; 22023 unless width is 5..200';
--@ include goal/bullet_ascii.sql
