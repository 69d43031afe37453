-- The tables of the load test: daily summaries that are kept up to date, and the ledger of what was put into them.
CREATE EXTENSION kpi;

-- What each transaction added, written by the same transaction; forgotten: what forget() took out of the sets again.
CREATE TABLE ledger (batch xid8 DEFAULT pg_current_xact_id(), day date, segment text, customer bigint, score int,
		hit boolean, amount numeric, took interval,
	forgotten boolean DEFAULT false);
CREATE INDEX ON ledger (day, customer);

CREATE TABLE daily (day date, segment text, nps nps_summary, rate rate_summary, price ratio_summary,
		took duration_summary,
	active activity_summary, revenue revenue_summary, PRIMARY KEY (day, segment)) WITH (fillfactor = 50);
CREATE TABLE monthly (month date PRIMARY KEY, nps nps_summary, price ratio_summary, active activity_summary);
CREATE TABLE buyer (customer bigint PRIMARY KEY, r rfm);

CREATE VIEW survey AS SELECT day AS period, segment, nps(nps) AS value, responses(nps) AS n, nps_margin(nps) AS margin
	FROM daily;
CREATE VIEW sales AS SELECT day AS period, segment, numerator(price) AS value FROM daily;
CREATE VIEW price AS SELECT day AS period, segment, numerator(price) AS numerator, denominator(price) AS denominator
	FROM daily;
CREATE VIEW customers AS SELECT day AS period, segment, active_customers(active) AS value FROM daily;
SELECT kpi_define(name, name, name::regclass, unit, kind, 'customer', 'operational', 'lagging', owner => 'load')
FROM (VALUES ('survey', 'week', 'survey'), ('sales', 'month', 'flow'), ('price', 'day', 'ratio'),
		('customers', 'day', 'stock')) k (name, unit, kind);
SELECT kpi_set_goal(name, '>= 10 warn 5', '(,)') FROM kpi_definition;
