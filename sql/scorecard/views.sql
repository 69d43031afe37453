-- The scorecard for tools that know no type of ours: views whose columns are text, numbers, dates and truth values.
--
-- All are read with the rights of whoever asks (security_invoker), as the functions and kpi_current are: the same
-- grants and the same row-level security hold.
--@ since 0.2.0
--@ makes kpi_status_colour, kpi_status_order

--@ for NAME | TYPE | RED | AMBER | UNCERTAIN | GREEN | PENDING | NONE | ABOUT
--@ | kpi_status_colour | text    | '#c62828' | '#f9a825' | '#7e57c2' | '#2e7d32' | '#90a4ae' | '#bdbdbd' | a colour
--@   to show a status in, as hexadecimal RGB (#2e7d32 is green); grey for pending, no_data or NULL
--@ | kpi_status_order  | integer | 1         | 2         | 3         | 4         | 5         | 6         | a number
--@   to sort statuses by, worst first: 1 red, 2 amber, 3 uncertain, 4 green, 5 pending, 6 no_data or NULL
CREATE FUNCTION @NAME@(status text) RETURNS @TYPE@ LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 'red' THEN @RED@ WHEN 'amber' THEN @AMBER@ WHEN 'uncertain' THEN @UNCERTAIN@
		WHEN 'green' THEN @GREEN@ WHEN 'pending' THEN @PENDING@ ELSE @NONE@ END;
COMMENT ON FUNCTION @NAME@(text) IS '@ABOUT@';
--@ end

-- One KPI's huge value must not take the rest from a dashboard.
CREATE FUNCTION kpi_board_change(value double precision, before double precision, fraction boolean)
	RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_board_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_board_change(double precision, double precision, boolean) IS
	'private: value less the one before, or that as a fraction of it, which must be above 0; NULL where it does not '
	'fit into a number';
CREATE FUNCTION kpi_board_deviation(value double precision, target kpi_target, fraction boolean)
	RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_board_deviation' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_board_deviation(double precision, kpi_target, boolean) IS
	'private: deviation() or deviation_pct(); NULL where it does not fit into a number';

CREATE FUNCTION kpi_board(as_of date)
RETURNS TABLE (as_of_day date, perspective text, kpi text, title text, measure text, segment text, unit text,
		period date, period_end date, complete boolean,
	value double precision, value_lower double precision, value_upper double precision, n double precision,
	target text, target_value double precision, target_lower double precision, target_upper double precision,
	warn_lower double precision, warn_upper double precision,
	attainment double precision, deviation double precision, deviation_pct double precision,
	status text, status_text text, status_colour text, status_order integer,
	previous double precision, change double precision, change_pct double precision, year_ago double precision,
	year_change double precision, year_change_pct double precision,
	trend text, description text, kind text, level text, timing text, owner text, parent text, measured_to date,
	error text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 COST 100000
BEGIN ATOMIC
	SELECT as_of, d.perspective, s.kpi, kpi_page_title(d.title), kpi_page_measure(d.title), s.segment, d.unit, s.period,
		kpi_next_period(s.period, d.unit) - 1,
		r.complete, s.value, kpi_board_change(s.value, r.margin, false), kpi_board_change(s.value, - r.margin, false),
			s.n,
		t.target::text, target_value(t.target), target_lower(t.target), target_upper(t.target), warn_lower(t.target),
		warn_upper(t.target),
		-- of a flow in progress the judged target is the share that is due
		s.attainment, kpi_board_deviation(s.value, t.due, false), kpi_board_deviation(s.value, t.due, true),
		s.status, kpi_page_word(s.status), kpi_status_colour(s.status), kpi_status_order(s.status),
		s.previous, kpi_board_change(c.value, s.previous, false), kpi_board_change(c.value, s.previous, true),
		s.year_ago, kpi_board_change(c.value, s.year_ago, false), kpi_board_change(c.value, s.year_ago, true),
		s.trend, d.description, d.kind, d.level, d.timing, d.owner, d.parent, d.measured_to, d.error
	FROM kpi_scorecard(as_of) s JOIN kpi_definition d ON d.name = s.kpi
	LEFT JOIN kpi_reading r ON r.kpi = s.kpi AND r.segment = s.segment AND r.period = s.period,
	LATERAL (SELECT x.target, CASE WHEN d.kind = 'flow' AND NOT r.complete
			THEN CASE WHEN r.share > '0' THEN kpi_scaled_target(x.target, r.share, '1') END ELSE x.target END AS due
		FROM (SELECT coalesce(r.target,
--@ include scorecard/goal_for.sql
--@ with KPI = s.kpi
--@ with SEGMENT = s.segment
--@ with PERIOD = s.period
--@ with UNIT = d.unit
--@ with ONLY = r.period IS NULL
			) AS target) x)
				t,
	-- what has come of a period in progress is not held against a whole one
	LATERAL (SELECT CASE WHEN d.kind <> 'flow' OR r.complete THEN s.value END AS value) c
	ORDER BY kpi_status_order(s.status), s.attainment, s.kpi, s.segment;
END;
COMMENT ON FUNCTION kpi_board(date) IS
	'kpi_scorecard() of a day with all that a dashboard shows beside it, one row a KPI and segment, worst first, in '
	'plain types: bounds of the target for a bullet graph, status in words and as a colour, changes since the period '
	'before and the year before, and the definition. attainment and deviations of a flow in progress are against the '
	'part of the target that is due by then, its changes NULL. No rows for NULL';

CREATE VIEW kpi_board WITH (security_invoker = true) AS
	SELECT b.as_of_day, b.perspective, b.kpi, b.title, b.measure, b.segment, b.unit, b.period, b.period_end, b.complete,
		b.value, b.value_lower, b.value_upper, b.n,
		b.target, b.target_value, b.target_lower, b.target_upper, b.warn_lower, b.warn_upper, b.attainment, b.deviation,
			b.deviation_pct,
		b.status, b.status_text, b.status_colour, b.status_order, b.previous, b.change, b.change_pct, b.year_ago,
		b.year_change, b.year_change_pct,
		b.trend, b.description, b.kind, b.level, b.timing, b.owner, b.parent, b.measured_to, b.error
	FROM kpi_board(CURRENT_DATE) AS b;
COMMENT ON VIEW kpi_board IS
	'how each KPI and segment stands today, worst first: kpi_board() of today, for dashboards and BI tools. Read with '
		'the rights of whoever asks: SELECT on the scorecard''s tables is needed too';

CREATE VIEW kpi_history WITH (security_invoker = true) AS
	SELECT d.perspective, r.kpi, kpi_page_title(d.title) AS title, kpi_page_measure(d.title) AS measure, r.segment,
		d.unit, r.period, kpi_next_period(r.period, d.unit) - 1 AS period_end, r.complete,
		r.value, kpi_board_change(r.value, r.margin, false) AS value_lower,
			kpi_board_change(r.value, - r.margin, false) AS value_upper, r.n, r.numerator, r.denominator,
		r.target::text AS target, target_value(r.target) AS target_value, target_lower(r.target) AS target_lower,
		target_upper(r.target) AS target_upper,
		warn_lower(r.target) AS warn_lower, warn_upper(r.target) AS warn_upper, r.attainment,
		x.status, kpi_page_word(x.status) AS status_text, kpi_status_colour(x.status) AS status_colour,
		kpi_status_order(x.status) AS status_order,
		d.kind, d.level, d.timing, d.owner, r.measured_to, r.measured_at, r.phase
	FROM kpi_reading r JOIN kpi_definition d ON d.name = r.kpi, LATERAL (SELECT r.status::text AS status) x;
COMMENT ON VIEW kpi_history IS
	'all readings over time with their targets, verdicts and definitions: one row a KPI, segment and period; draw '
	'value by period. Read with the rights of whoever asks: SELECT on the scorecard''s tables is needed too';

CREATE VIEW kpi_control WITH (security_invoker = true) AS
	SELECT s.kpi, kpi_page_title(d.title) AS title, kpi_page_measure(d.title) AS measure, s.segment, c.at AS period,
		c.value, c.centre, c.lower AS lower_limit, c.upper AS upper_limit,
		c.moving_range, c.range_limit, c.signal
	-- a chart of each phase of the definition, and one that begins with the baseline of the definition
	FROM (SELECT r.kpi, r.segment, pg_catalog.array_agg(r.period ORDER BY r.period) AS periods,
			pg_catalog.array_agg(r.value ORDER BY r.period) AS series,
			pg_catalog.array_agg(r.numerator ORDER BY r.period) AS numerators,
			pg_catalog.array_agg(r.denominator ORDER BY r.period) AS denominators,
			-- without a chart where sums and limits could be out of range
			CASE WHEN coalesce(max(abs(r.value)), '0') < '1e300' THEN pg_catalog.array_agg(r.period ORDER BY r.period)
					END AS charted,
			CASE WHEN r.based THEN sum((r.in_baseline AND r.value IS NOT NULL)::integer)::integer END AS baseline,
			-- more is too much for change_points()
			NOT r.based AND count(*) <= 10000::bigint AS phases,
--@ include scorecard/is_ratio.sql
		FROM (SELECT r.*, r.period >= coalesce(pg_catalog.lower(r.baseline), '-infinity')
				AND bool_or(r.in_baseline AND r.value IS NOT NULL) OVER (PARTITION BY r.kpi, r.segment, r.phase)
				AS based
			FROM (SELECT r.*, d.baseline, coalesce(pg_catalog.range_contains_elem(d.baseline, r.period), false)
					AS in_baseline
				FROM kpi_reading r JOIN kpi_definition d ON d.name = r.kpi WHERE r.complete) r) r
		GROUP BY r.kpi, r.segment, r.phase, r.based) s
	JOIN kpi_definition d ON d.name = s.kpi, LATERAL (
		-- once for a series, and not for each of its periods
		SELECT c.at, s.series[c.place::integer] AS value, c.centre, c.lower, c.upper, c.moving_range, c.range_limit,
			c.signal
		FROM
--@ include scorecard/chart.sql
--@ with AT = s.charted
--@ with SERIES = s.series
--@ with NUMERATORS = s.numerators
--@ with DENOMINATORS = s.denominators
--@ with PHASES = s.phases
--@ with BASELINE = s.baseline
		UNION ALL
		SELECT u.at, u.value, NULL, NULL, NULL, NULL, NULL, NULL
		FROM unnest(s.periods, s.series) AS u (at, value) WHERE s.charted IS NULL) c;
COMMENT ON VIEW kpi_control IS
	'the complete readings of each KPI and segment as a control chart, one row a period; a signal is a change that is '
	'more than the usual noise. Limits are those of the level that a period belongs to (control_chart() with phases), '
	'within one phase of the definition; where the definition has a baseline, those of its days hold for all periods '
	'since they began. Readings with numerators and denominators have the chart of a ratio. Neither limits nor signals '
	'where a value is beyond 1e300, one level for more than 10000 readings. Read with the rights of whoever asks: '
	'SELECT on the scorecard''s tables is needed too';

CREATE VIEW kpi_status_change WITH (security_invoker = true) AS
	SELECT a.raised_at, d.perspective, a.kpi, kpi_page_title(d.title) AS title, kpi_page_measure(d.title) AS measure,
		a.segment, a.period, a.value,
		a.target::text AS target, target_value(a.target) AS target_value, x.previous AS previous_status,
			CASE WHEN a.signal IS NULL THEN kpi_page_word(x.previous) END AS previous_text,
		x.status, CASE WHEN a.signal IS NULL THEN kpi_page_word(x.status) ELSE 'Unusual' END AS status_text,
		kpi_status_colour(x.status) AS status_colour, kpi_status_order(x.status) AS status_order,
		CASE WHEN x.previous IN ('red', 'amber', 'green') AND x.status IN ('red', 'amber', 'green')
			THEN CASE WHEN a.status > a.previous THEN 'better' ELSE 'worse' END END AS direction, d.owner,
		a.signal, a.acknowledged_at, a.acknowledged_by, a.note
	FROM kpi_alert a JOIN kpi_definition d ON d.name = a.kpi,
		LATERAL (SELECT a.previous::text AS previous, a.status::text AS status) x;
COMMENT ON VIEW kpi_status_change IS
	'the alerts: changes of status, for the better too, and signals of what is watched, as kpi_measure() found '
	'them; one row a change. Read with the '
	'rights of whoever asks: SELECT on the scorecard''s tables is needed too';

CREATE VIEW kpi_tree WITH (security_invoker = true) AS
	WITH RECURSIVE board AS MATERIALIZED (
		SELECT b.* FROM kpi_board(CURRENT_DATE) b
	),
--@ include scorecard/circles.sql
--@ with KPIS = (SELECT DISTINCT b.kpi AS name, b.parent FROM board b)
	, child AS (
		-- one without an active parent, or in a circle of parents, hangs on its perspective
		SELECT DISTINCT b.kpi, b.title, b.perspective, p.name AS parent
		FROM board b LEFT JOIN (SELECT DISTINCT k.kpi AS name FROM board k) p
			ON p.name = b.parent AND NOT EXISTS (SELECT FROM circle c WHERE c.name = b.kpi)
	), branch AS (
		SELECT c.kpi, c.title, p.place, 2 AS depth, NULL::text AS parent, p.title || ' > ' || c.title AS path,
			c.perspective
		FROM child c JOIN (VALUES ('financial'::text, 1, 'Financial'::text), ('customer', 2, 'Customer'),
				('process', 3, 'Process'), ('people', 4, 'People')) AS p (name, place, title)
			ON p.name = c.perspective
		WHERE c.parent IS NULL
		UNION ALL
		SELECT c.kpi, c.title, b.place, b.depth + 1, c.parent, b.path || ' > ' || c.title, b.perspective
		FROM branch b JOIN child c ON c.parent = b.kpi
	), node AS (
		SELECT 'perspective:' || b.perspective AS node, NULL::text AS parent_node, 'perspective'::text AS what,
			1 AS depth, initcap(b.perspective) AS label, initcap(b.perspective) AS path,
			b.perspective, b.place, NULL::text AS kpi, NULL::text AS segment
		FROM (SELECT DISTINCT b.perspective, b.place FROM branch b) b
		UNION ALL
		SELECT 'kpi:' || b.kpi, coalesce('kpi:' || b.parent, 'perspective:' || b.perspective), 'kpi', b.depth, b.title,
			b.path, b.perspective, b.place, b.kpi, ''
		FROM branch b
		UNION ALL
		-- a colon in a name would give two segments one key
		SELECT 'segment:' || pg_catalog.replace(pg_catalog.replace(b.kpi, '%', '%25'), ':', '%3A') || ':' || s.segment,
			'kpi:' || b.kpi, 'segment', b.depth + 1, s.segment, b.path || ' > ' || s.segment, b.perspective, b.place,
			b.kpi, s.segment
		FROM branch b JOIN board s ON s.kpi = b.kpi AND s.segment <> '')
	SELECT n.node, n.parent_node, n.what, n.depth, n.label, n.path, n.place AS perspective_order, n.perspective, n.kpi,
		n.segment, b.measure, b.period,
		b.value, b.target_value, coalesce(b.attainment, k.score) AS attainment, b.status, b.status_text,
			b.status_colour, b.status_order
	FROM node n LEFT JOIN board b ON b.kpi = n.kpi AND b.segment = n.segment
	LEFT JOIN kpi_score(CURRENT_DATE) k ON n.what = 'perspective' AND k.perspective = n.perspective;
COMMENT ON VIEW kpi_tree IS
	'the scorecard as a tree, as it stands today: perspectives, their KPIs, those that contribute to them (parent), '
	'and segments; one row a node. attainment of a perspective is its score (kpi_score()). Read with the rights of '
	'whoever asks: SELECT on the scorecard''s tables is needed too';

--@ for VIEW in kpi_board | kpi_history | kpi_control | kpi_status_change | kpi_tree
REVOKE ALL ON TABLE @VIEW@ FROM PUBLIC;
GRANT SELECT ON TABLE @VIEW@ TO @extowner@ WITH GRANT OPTION;
--@ end

--@ for VIEW in kpi_board | kpi_history
--@ for NAME | ABOUT
--@ | perspective   | financial, customer, process or people
--@ | kpi           | name of the KPI
--@ | title         | its title without what stands in square brackets at its end
--@ | measure       | what its values are measured in (EUR, % and so on): what stands in square brackets at the end of
--@   its title; may be empty. Where it is % the values are fractions: 0.5 is 50 %
--@ | segment       | the segment; empty is the total: filter on it before summing up
--@ | unit          | length of its periods: day, week, month, quarter, year and so on
--@ | period        | first day of the period
--@ | period_end    | last day of the period
--@ | complete      | false if the period had not ended when it was measured
--@ | value         | value in the unit of the KPI; NULL is no data
--@ | value_lower   | lower end of the value's interval; NULL where the source gives no margin
--@ | value_upper   | upper end of it
--@ | n             | rows behind the value
--@ | target        | the target as text
--@ | target_value  | bound of the target or the middle of a range
--@ | target_lower  | least value that meets the target; NULL where lower is better
--@ | target_upper  | greatest value that meets it; NULL where higher is better
--@ | warn_lower    | least value that is amber; NULL without such a warning
--@ | warn_upper    | greatest value that is amber; NULL without such a warning
--@ | attainment    | share of the target that is reached, 1 is met; of a flow in progress against what is due by then
--@ | status        | red, amber, uncertain, green, pending or no_data; NULL without a goal
--@ | status_text   | the status in words
--@ | status_colour | a colour for it, as hexadecimal RGB
--@ | status_order  | 1 is the worst
--@ | kind          | how it adds up: flow, ratio, stock, average or survey
--@ | level         | strategic, operational or functional
--@ | timing        | leading or lagging
--@ | owner         | who answers for it
--@ | measured_to   | the day up to which the data count
COMMENT ON COLUMN @VIEW@.@NAME@ IS $$@ABOUT@$$;
--@ end
--@ end
--@ for VIEW | NAME | ABOUT
--@ | kpi_board | as_of_day       | the day it is about: today
--@ | kpi_board | deviation       | value less the violated or nearest bound in the unit of the KPI, of a flow in
--@   progress less what is due by then
--@ | kpi_board | deviation_pct   | deviation as a fraction of the bound
--@ | kpi_board | previous        | value of the period before
--@ | kpi_board | change          | value less previous; NULL for a flow in progress or where it does not fit into a
--@   number
--@ | kpi_board | change_pct      | change as a fraction of previous; NULL unless that is above 0
--@ | kpi_board | year_ago        | value of the same period a year before
--@ | kpi_board | year_change     | value less year_ago; NULL for a flow in progress
--@ | kpi_board | year_change_pct | year_change as a fraction of year_ago; NULL unless that is above 0
--@ | kpi_board | trend           | rising, falling or steady; NULL under 4 readings
--@ | kpi_board | description     | what it means
--@ | kpi_board | parent          | name of the KPI that this one contributes to
--@ | kpi_board | error           | why the last measuring failed; NULL if it worked
COMMENT ON COLUMN @VIEW@.@NAME@ IS '@ABOUT@';
--@ end
--@ for VIEW | NAME | ABOUT
--@ | kpi_history | numerator    | sum that a ratio divides
--@ | kpi_history | denominator  | sum that a ratio divides by
--@ | kpi_history | measured_at  | when it was measured
--@ | kpi_history | phase        | which meaning of the KPI it has: do not compare across
--@ | kpi_control | centre       | mean of the level''s values; of a ratio sum of numerators / sum of denominators
--@ | kpi_control | lower_limit  | lower natural limit, see control_chart(); of a ratio by the denominator of the period
--@ | kpi_control | upper_limit  | upper natural limit
--@ | kpi_control | moving_range | distance from the value before
--@ | kpi_control | range_limit  | limit of the moving range
--@ | kpi_control | signal       | outside, run of 8 or 3 of 4; NULL is noise
COMMENT ON COLUMN @VIEW@.@NAME@ IS '@ABOUT@';
--@ end
--@ for VIEW in kpi_control | kpi_status_change
--@ for NAME | ABOUT
--@ | kpi     | name of the KPI
--@ | title   | its title
--@ | measure | what its values are measured in
--@ | segment | the segment; empty is the total
--@ | period  | first day of the period
--@ | value   | value of the period; NULL is no data
COMMENT ON COLUMN @VIEW@.@NAME@ IS '@ABOUT@';
--@ end
--@ end
--@ for NAME | ABOUT
--@ | raised_at       | when the change was found
--@ | perspective     | financial, customer, process or people
--@ | target          | target of the period as text
--@ | target_value    | bound of the target or the middle of a range
--@ | previous_status | status before; NULL if this was the first
--@ | previous_text   | the status before in words
--@ | status          | status now
--@ | status_text     | the status now in words
--@ | status_colour   | a colour for it, as hexadecimal RGB
--@ | status_order    | 1 is the worst
--@ | direction       | better or worse, between red, amber and green; else NULL
--@ | owner           | who answers for the KPI
--@ | signal          | signal of the control chart of a KPI that is watched and has no goal; NULL is a change of status
--@ | acknowledged_at | when somebody said that he has seen it; NULL is open
--@ | acknowledged_by | who did
--@ | note            | what he wrote
COMMENT ON COLUMN kpi_status_change.@NAME@ IS '@ABOUT@';
--@ end
--@ for NAME | ABOUT
--@ | node              | key of the node
--@ | parent_node       | key of the node above; NULL for a perspective
--@ | what              | perspective, kpi or segment
--@ | depth             | 1 is a perspective
--@ | label             | what people read
--@ | path              | labels from the perspective down, joined by >
--@ | perspective_order | 1 financial, 2 customer, 3 process, 4 people
--@ | perspective       | financial, customer, process or people
--@ | kpi               | name of the KPI; NULL for a perspective
--@ | segment           | the segment; empty for the total; NULL for a perspective
--@ | measure           | what the values are measured in
--@ | period            | first day of the period
--@ | value             | value of the period
--@ | target_value      | bound of the target or the middle of a range
--@ | attainment        | share of the target that is reached; of a perspective its score
--@ | status            | red, amber, uncertain, green, pending or no_data; NULL without a goal
--@ | status_text       | the status in words
--@ | status_colour     | a colour for it, as hexadecimal RGB
--@ | status_order      | 1 is the worst
COMMENT ON COLUMN kpi_tree.@NAME@ IS '@ABOUT@';
--@ end
