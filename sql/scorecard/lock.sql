	-- one writer at a time for a KPI, kpi_measure() included; written, and not only locked, so that a transaction with an older
	-- snapshot, which would see neither the goal nor what depends on it, ends in a serialization failure
	UPDATE kpi_definition d SET goals_set_at = clock_timestamp() WHERE d.name = @KPI@;
	SELECT kpi_refuse(pg_catalog.format('KPI %L is not defined', @KPI@), 'Define it first with kpi_define().')
	WHERE NOT EXISTS (SELECT FROM kpi_definition d WHERE d.name = @KPI@);
