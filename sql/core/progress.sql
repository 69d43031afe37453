-- Long work: src/core/server/progress.c
--@ since 0.2.0

CREATE FUNCTION kpi_progress(OUT pid integer, OUT level integer, OUT work text, OUT part bigint, OUT parts bigint,
		OUT step bigint,
	OUT begun timestamp with time zone) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_progress' LANGUAGE C STABLE PARALLEL RESTRICTED ROWS 2 COST 500;
COMMENT ON FUNCTION kpi_progress() IS
	'where the long work of sessions is, to join with pg_stat_activity by pid: kpi_measure, whose parts are the KPIs, '
	'and fits of models, whose parts are the starting points and whose steps are passes over the different customers. '
	'A row for each level: a fit in a source that is measured is level 2. part is the one at hand of so many parts, 0 '
	'before the first; step NULL where there are none. Sessions of roles whose rights the caller has, all for members '
	'of pg_read_all_stats; nothing of the data. No rows where nothing is under way, track_activities is off, or a '
	'command of the server, such as COPY, reports its own progress there';
