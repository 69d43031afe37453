-- Measuring, all or one; the error of a source is an error.
\set one random(1, 5)
\set day random(0, 59)
SELECT 1 / (count(error) = 0)::int AS measured
FROM kpi_measure((ARRAY['survey', 'sales', 'price', 'customers', NULL])[:one], date '2026-01-01' + :day);
