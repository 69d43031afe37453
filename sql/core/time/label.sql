-- The label of a period: src/core/time/label.c
--@ since 0.2.0

CREATE FUNCTION kpi_period_label(at date, unit text, named_by text DEFAULT 'end') RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_period_label' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_period_label(date, text, text) IS
	'a period as people write it, in an order that sorts: 2026-05-17 of a day, 2026-W07 of a week (ISO; week of '
	'2026-02-15 for others), 2026-05, 2026 Q2, 2026, 1404-03, 1404 Q1, 1404; FY2026 Q1, FY2026, FY2026 M03 where years '
	'begin with another month than January or are 4-4-5 ones from February on, named by the calendar year of their end '
	'or, with start, of their start; NULL for NULL; 22023 for an unknown unit or another word';
