-- Another goal, and the definition again.
\set one random(1, 4)
\set bound random(1, 40)
SELECT kpi_set_goal((ARRAY['survey', 'sales', 'price', 'customers'])[:one], at_least(:bound, :bound - 1), '(,)');
SELECT kpi_define(name, title, source::regclass, unit, kind, perspective, level, timing, owner => 'load')
	FROM kpi_definition WHERE name = (ARRAY['survey', 'sales', 'price', 'customers'])[:one];
