-- On a worker of Citus, which has the scorecard's tables too, nobody would see what is defined or measured.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE VIEW day AS SELECT date '2026-01-01' AS period, 1 AS value;
BEGIN;
-- what Citus keeps, without Citus: the group of this node, 0 is the coordinator's
SET LOCAL allow_system_table_mods = on;
CREATE TABLE pg_catalog.pg_dist_local_group (groupid int NOT NULL PRIMARY KEY);
SELECT kpi_define('a', 'A', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging');
INSERT INTO pg_dist_local_group VALUES (0);
SELECT kpi_define('b', 'B', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging');
SELECT name, readings, error FROM kpi_measure(as_of => '2026-01-31');
UPDATE pg_dist_local_group SET groupid = 2;
SAVEPOINT before;
\set VERBOSITY default
SELECT kpi_define('c', 'C', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging');
ROLLBACK TO before;
SELECT * FROM kpi_measure(as_of => '2026-01-31');
ROLLBACK TO before;
\set VERBOSITY sqlstate
SELECT * FROM kpi_measure(as_of => '2026-01-31');
ROLLBACK TO before;
-- reading is not refused
SELECT kpi, value FROM kpi_scorecard('2026-01-31') ORDER BY kpi;
-- another table of that name is not Citus's
ALTER TABLE pg_dist_local_group ALTER groupid TYPE text;
SELECT kpi_define('c', 'C', 'day', 'month', 'flow', 'financial', 'strategic', 'lagging');
ROLLBACK;
DROP VIEW day;
