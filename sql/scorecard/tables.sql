-- The scorecard's tables: definitions, goals, readings, alerts.
--
-- Natural keys, no sequence and no foreign key, so that a restore can load tables and rows in any order: pg_restore -j
-- knows none between the tables of an extension.  What writes a row looks whether its KPI is defined, and kpi_review()
-- finds what was left behind by hand.  A source is kept as its qualified name: a view that is dropped and built again
-- stays the source, and a dump loads even where the source is created after its data.

CREATE TABLE kpi_definition (
	name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 100 AND name = btrim(name)),
	title text NOT NULL CHECK (btrim(title) <> ''),
	description text NOT NULL DEFAULT '',
	source text NOT NULL CHECK (btrim(source) <> ''),
	unit text NOT NULL CHECK (unit = kpi_unit(unit)),
	kind text NOT NULL CHECK (kind IN ('flow', 'ratio', 'stock', 'average', 'survey')),
	perspective text NOT NULL CHECK (perspective IN ('financial', 'customer', 'process', 'people')),
	level text NOT NULL CHECK (level IN ('strategic', 'operational', 'functional')),
	timing text NOT NULL CHECK (timing IN ('leading', 'lagging')),
	owner text NOT NULL DEFAULT '',
	min_n integer CHECK (min_n > 0),
	parent text CHECK (parent <> name),
	guard text CHECK (guard <> name),
	review_every interval CHECK (review_every > '0'::interval),
	active daterange NOT NULL DEFAULT '(,)' CHECK (NOT pg_catalog.isempty(active)),
	pace text NOT NULL DEFAULT 'linear' CHECK (pace IN ('linear', 'last year')),
	alert_after integer NOT NULL DEFAULT 1 CHECK (alert_after BETWEEN 1 AND 1000),
	reviewed_on date NOT NULL DEFAULT CURRENT_DATE,
	measured_at timestamptz,
	measured_to date CHECK (isfinite(measured_to)),
	error text,
	goals_set_at timestamptz,
	hide boolean NOT NULL DEFAULT false,
	recover double precision NOT NULL DEFAULT 0 CHECK (recover >= '0' AND recover < '1'),
	watch boolean NOT NULL DEFAULT false,
	zone text,
	phase integer NOT NULL DEFAULT 1,
	phases jsonb NOT NULL DEFAULT '[]',
	baseline daterange CHECK (NOT pg_catalog.isempty(baseline)),
	CONSTRAINT kpi_definition_hide_check CHECK (NOT hide OR min_n IS NOT NULL)
);
--@ include scorecard/table_comments.sql

-- Equality of text in an exclusion constraint without another extension: the range [x,x].
CREATE TYPE kpi_text_range AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = kpi_text_multirange);
COMMENT ON TYPE kpi_text_range IS 'private: a KPI or segment in the constraint that keeps goals from overlapping';
--@ for OBJECT
--@ | TYPE kpi_text_multirange
--@ | CAST (kpi_text_range AS kpi_text_multirange)
--@ | FUNCTION kpi_text_multirange()
--@ | FUNCTION kpi_text_multirange(kpi_text_range)
--@ | FUNCTION kpi_text_multirange(kpi_text_range[])
COMMENT ON @OBJECT@ IS 'private: made by the server for kpi_text_range';
--@ end
COMMENT ON FUNCTION kpi_text_range(text, text) IS 'private: made by the server for kpi_text_range';
COMMENT ON FUNCTION kpi_text_range(text, text, text) IS 'private: made by the server for kpi_text_range';

CREATE TABLE kpi_goal (
	kpi text NOT NULL,
	segment text NOT NULL DEFAULT '' CHECK (length(segment) <= 200),
	during daterange NOT NULL CHECK (NOT pg_catalog.isempty(during)),
	target kpi_target NOT NULL,
	weight double precision NOT NULL DEFAULT 1 CHECK (weight >= '0' AND weight < 'Infinity'),
	origin text NOT NULL DEFAULT '',
	set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	set_by text NOT NULL DEFAULT CURRENT_USER,
	superseded_at timestamptz,
	superseded_by text,
	PRIMARY KEY (kpi, segment, during, set_at),
	CONSTRAINT kpi_goal_no_overlap EXCLUDE USING gist (
		kpi_text_range(kpi, kpi, '[]') WITH =, kpi_text_range(segment, segment, '[]') WITH =,
				during WITH OPERATOR(pg_catalog.&&))
		WHERE (superseded_at IS NULL),
	CONSTRAINT kpi_goal_superseded_check CHECK ((superseded_at IS NULL) = (superseded_by IS NULL)
			AND superseded_at >= set_at)
);
COMMENT ON TABLE kpi_goal IS
	'targets of each KPI and segment over time, written by kpi_set_goal(); of those in force (superseded_at is NULL) '
	'no two overlap, the others are history';
--@ for NAME | ABOUT
--@ | kpi           | the KPI
--@ | segment       | the segment; empty is the total
--@ | during        | the target holds for each period of the unit that lies in these days
--@ | target        | what each period should reach
--@ | weight        | weight in kpi_score()
--@ | origin        | where the target comes from
--@ | set_at        | when it was set
--@ | set_by        | who set it
--@ | superseded_at | when another goal took its place; NULL is in force
--@ | superseded_by | who set that
COMMENT ON COLUMN kpi_goal.@NAME@ IS '@ABOUT@';
--@ end

CREATE TABLE kpi_reading (
	kpi text NOT NULL,
	segment text NOT NULL DEFAULT '' CHECK (length(segment) <= 200),
	period date NOT NULL CHECK (isfinite(period)),
	value double precision CHECK (value > '-Infinity' AND value < 'Infinity'),
	numerator double precision CHECK (numerator > '-Infinity' AND numerator < 'Infinity'),
	denominator double precision CHECK (denominator > '-Infinity' AND denominator < 'Infinity'),
	n double precision CHECK (n >= '0' AND n < 'Infinity'),
	margin double precision CHECK (margin >= '0' AND margin <= 'Infinity'),
	complete boolean NOT NULL,
	share double precision CHECK (share >= '0' AND share <= '1'),
	target kpi_target,
	attainment double precision CHECK (attainment > '-Infinity' AND attainment < 'Infinity'),
	status kpi_status,
	measured_to date NOT NULL CHECK (isfinite(measured_to)),
	measured_at timestamptz NOT NULL DEFAULT now(),
	phase integer NOT NULL DEFAULT 1,
	PRIMARY KEY (kpi, segment, period),
	CONSTRAINT kpi_reading_begun_check CHECK (period <= measured_to),
	CONSTRAINT kpi_reading_status_check CHECK ((status IS NULL) = (target IS NULL)
			AND (attainment IS NULL OR target IS NOT NULL)),
	-- pending without a value is one that is not shown
	CONSTRAINT kpi_reading_no_data_check CHECK (CASE WHEN value IS NULL THEN status IN ('no_data', 'pending')
			AND attainment IS NULL ELSE status <> 'no_data' END)
);
COMMENT ON TABLE kpi_reading IS
	'measured values: one row for each KPI, segment and period, written by kpi_measure(); measuring again updates it';
--@ for NAME | ABOUT
--@ | kpi         | the KPI
--@ | segment     | the segment; empty is the total
--@ | period      | first day of the period
--@ | value       | the value in the unit of the KPI; NULL is no data, or one of too few rows that is hidden
--@ | numerator   | sum that a ratio divides
--@ | denominator | sum that a ratio divides by
--@ | n           | rows behind the value where the source says
--@ | margin      | half the width of the value''s confidence interval where the source says; Infinity where it says
--@   so for a part of the rows only
--@ | complete    | false if the period ended after the as_of of the measuring
--@ | share       | share of a flow''s period that counts as passed: 1 at its end; NULL if that is not known or below
--@   a tenth
--@ | target      | goal that the status was judged by; NULL is none
--@ | attainment  | share of the target that was reached: of a flow in progress the target times share
--@ | status      | status against the target; NULL without one
--@ | measured_to | as_of of the measuring: the data count up to and including this day
--@ | measured_at | when it was measured
--@ | phase       | which meaning of the KPI it has: phase of the definition that it was measured by
COMMENT ON COLUMN kpi_reading.@NAME@ IS '@ABOUT@';
--@ end

CREATE TABLE kpi_alert (
	kpi text NOT NULL,
	segment text NOT NULL DEFAULT '' CHECK (length(segment) <= 200),
	raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	period date NOT NULL CHECK (isfinite(period)),
	previous kpi_status CHECK (previous <> 'pending'),
	status kpi_status CHECK (status <> 'pending'),
	value double precision CHECK (value > '-Infinity' AND value < 'Infinity'),
	target kpi_target,
	signal text,
	acknowledged_at timestamptz,
	acknowledged_by text,
	note text,
	PRIMARY KEY (kpi, segment, raised_at),
	CONSTRAINT kpi_alert_change_check CHECK (signal IS NOT NULL OR status IS DISTINCT FROM previous),
	CONSTRAINT kpi_alert_no_data_check CHECK ((status = 'no_data') = (value IS NULL)),
	-- a change of status, or a signal of what is watched
	CONSTRAINT kpi_alert_signal_check CHECK (CASE WHEN signal IS NULL THEN status IS NOT NULL AND target IS NOT NULL
			ELSE status IS NULL AND target IS NULL AND previous IS NULL AND value IS NOT NULL END),
	CONSTRAINT kpi_alert_acknowledged_check CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
COMMENT ON TABLE kpi_alert IS
	'changes of status, for the better too, and signals of what is watched, written by kpi_measure(): one row a '
	'change, none for a measuring that finds the status as it was';
--@ for NAME | ABOUT
--@ | kpi       | the KPI
--@ | segment   | the segment; empty is the total
--@ | raised_at | when the change was found
--@ | period    | the period that shows it
--@ | previous  | status before; NULL if this was the first
--@ | status    | status now; NULL for a signal
--@ | value     | value of the period; NULL is no data
--@ | target    | target of the period; NULL for a signal
--@ | signal    | signal of the control chart of a KPI that is watched and has no goal: outside, run of 8 or 3 of 4;
--@   NULL is a change of status
--@ | acknowledged_at | when somebody said that he has seen it; NULL is open
--@ | acknowledged_by | who did
--@ | note      | what he wrote
COMMENT ON COLUMN kpi_alert.@NAME@ IS '@ABOUT@';
--@ end

--@ for TABLE in definition | goal | reading | alert
SELECT pg_catalog.pg_extension_config_dump('kpi_@TABLE@', '');
REVOKE ALL ON TABLE kpi_@TABLE@ FROM PUBLIC;
-- not TRIGGER or REFERENCES: what they attach would run as whoever measures
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE kpi_@TABLE@ TO @extowner@ WITH GRANT OPTION;
--@ end
