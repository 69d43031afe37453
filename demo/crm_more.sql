-- The rest of the demonstration CRM, for the recipes of doc/cookbook: run it after crm.sql.
--
--   psql -f crm.sql -f crm_more.sql
--
-- Finance, stock, operations, people, marketing events, sales activities and service details of the same company,
-- 2024-01-01 to 2025-12-31, in schema crm. As there: the same rows on every server, all chance from hashing row
-- numbers, one transaction, a few seconds. Who is in these tables is in crm.sql's, too: customers, orders, leads, tickets.
-- The dirt: freight bills that have not come, broken counters, runs without an end, tickets that a bot answered first,
-- entries made days later, stock found again.

\set ON_ERROR_STOP on
\encoding UTF8
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SET LOCAL jit = off;
SET LOCAL search_path = crm;

-- The rhythm of crm.sql; seeds are 200 and up, so that nothing here goes along with what is there.
CREATE TEMP TABLE day ON COMMIT DROP AS
SELECT n, d AS day, extract(isodow FROM d) < 6 AS working,
	('{.92,.95,1.02,1.00,.98,.95,.80,.78,1.02,1.12,1.28,1.18}'::float8[])[extract(month FROM d)::integer]
		* (0.85 + 0.3 * n / 731) AS season,
	CASE to_char(d, 'YYYY-MM') WHEN '2025-04' THEN 0.7 WHEN '2025-05' THEN 1 WHEN '2025-06' THEN 1
		WHEN '2025-07' THEN 0.4 WHEN '2025-08' THEN 0.15 ELSE 0 END::float8 AS trouble
FROM generate_series(0, 730) n, LATERAL (SELECT date '2024-01-01' + n) x(d);
CREATE TEMP TABLE month ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY day) AS n, day AS month, (day + interval '1 month')::date - 1 AS last, season, trouble
FROM day WHERE extract(day FROM day) = 1;
ANALYZE day, month;

-- ----------------------------------------------------------------------------- invoices, shipments, market

CREATE TABLE invoice (
	id			integer PRIMARY KEY,
	order_id	integer NOT NULL UNIQUE REFERENCES orders,
	customer_id	integer NOT NULL REFERENCES customer,
	issued_at	date NOT NULL,
	due_at		date NOT NULL,
	total		numeric(12,2) NOT NULL,
	credit		boolean NOT NULL,
	paid_at		date CHECK (paid_at >= issued_at)
);
COMMENT ON TABLE invoice IS 'one for each order that was shipped or refunded; a refund is negative and settled at once. credit: paid later, within 30 days if all is well; else paid on delivery. paid_at is NULL while open';
INSERT INTO invoice
SELECT row_number() OVER (ORDER BY issued_at, o.id), o.id, customer_id, issued_at, CASE WHEN credit THEN issued_at + 30 ELSE issued_at END,
	l.total, credit, CASE WHEN credit THEN paid_at ELSE issued_at END
FROM orders o JOIN (SELECT order_id, sum(revenue) AS total FROM order_line GROUP BY 1) l ON l.order_id = o.id
	JOIN customer c ON c.id = o.customer_id,
	LATERAL (SELECT coalesce(o.shipped_at, o.ordered_at), status <> 'refund' AND (c.segment <> 'small' OR chance(o.id, 200) < 0.4)) x(issued_at, credit)
WHERE status IN ('shipped', 'refund');

CREATE TABLE shipment (
	id			integer PRIMARY KEY,
	order_id	integer NOT NULL UNIQUE REFERENCES orders,
	carrier		text NOT NULL,
	shipped_at	date NOT NULL,
	delivered_at	date,
	complete	boolean NOT NULL,
	freight		numeric(8,2)
);
COMMENT ON TABLE shipment IS 'what was shipped; complete is false where an item was missing; freight is NULL where the bill has not come, delivered_at where nobody signed';
INSERT INTO shipment
SELECT row_number() OVER (ORDER BY o.shipped_at, o.id), o.id, pick('{Swift,Swift,Parcel One,Parcel One,Haul & Co}', chance(o.id, 201)), o.shipped_at,
	CASE WHEN chance(o.id, 202) >= 0.01 THEN least(o.shipped_at + 1 + floor(3 * chance(o.id, 203) + 2 * d.trouble * chance(o.id, 204))::integer, '2025-12-31') END,
	chance(o.id, 205) >= 0.02 + 0.04 * d.trouble,
	CASE WHEN chance(o.id, 206) >= 0.008 THEN round(((5.5 + 7 * chance(o.id, 207) + 0.011 * i.total::float8) * CASE WHEN o.shipped_at >= '2025-03-01' THEN 1.12 ELSE 1 END)::numeric, 2) END
FROM orders o JOIN invoice i ON i.order_id = o.id JOIN day d ON d.day = o.shipped_at
WHERE o.status = 'shipped';

CREATE TABLE market (
	quarter		date NOT NULL,
	region		text NOT NULL,
	sales		numeric(12,2) NOT NULL,
	companies	integer NOT NULL,
	source		text NOT NULL,
	PRIMARY KEY (quarter, region)
);
COMMENT ON TABLE market IS 'the whole market, from outside: sales of all suppliers in the quarter, and companies that could be customers';
INSERT INTO market
SELECT m.month, r.region, round((r.share * (7.9 + 0.12 * m.n) * m.season * (0.97 + 0.06 * chance(m.n * 10 + r.n, 208)) * 1000000)::numeric, -3),
	floor(r.share * (24000 + 150 * m.n)), 'trade association'
FROM month m, (VALUES (1, 'North', 0.27::float8), (2, 'South', 0.24), (3, 'East', 0.23), (4, 'West', 0.26)) r(n, region, share)
WHERE extract(month FROM m.month) IN (1, 4, 7, 10);

CREATE TABLE territory_target (
	quarter		date NOT NULL,
	region		text NOT NULL,
	amount		numeric(12,2) NOT NULL,
	PRIMARY KEY (quarter, region)
);
COMMENT ON TABLE territory_target IS 'sales that each region should reach in the quarter; 2025 only';
INSERT INTO territory_target
SELECT t.quarter, t.region, round(t.sales * CASE extract(month FROM t.quarter) WHEN 1 THEN 1.36 WHEN 4 THEN 1.34 WHEN 7 THEN 1.27 ELSE 1.33 END
	* CASE t.region WHEN 'North' THEN 1.00 WHEN 'South' THEN 1.08 WHEN 'East' THEN 0.97 ELSE 1.03 END, -3)
FROM (
	SELECT (date_trunc('quarter', o.ordered_at) + interval '1 year')::date AS quarter, c.region, sum(l.revenue) AS sales
	FROM orders o JOIN order_line l ON l.order_id = o.id JOIN customer c ON c.id = o.customer_id
	WHERE o.status <> 'cancelled' AND o.ordered_at < '2025-01-01' AND c.region IS NOT NULL
	GROUP BY 1, 2
) t;

-- --------------------------------------------------------------------------------------------- stock

-- What is written off each month, and what turns up again.
CREATE TABLE stock_adjustment (
	id			integer PRIMARY KEY,
	product_id	integer NOT NULL REFERENCES product,
	adjusted_at	date NOT NULL,
	quantity	integer NOT NULL CHECK (quantity <> 0),
	value		numeric(10,2) NOT NULL,
	reason		text NOT NULL CHECK (reason IN ('damage', 'theft', 'clerical error', 'expired'))
);
COMMENT ON TABLE stock_adjustment IS 'corrections of stock after counting: negative is a loss, positive was found again; value is at unit cost, with the sign of quantity';
INSERT INTO stock_adjustment
SELECT row_number() OVER (ORDER BY day, key), product_id, day, quantity, quantity * unit_cost, reason
FROM (
	SELECT key, p.id AS product_id, m.month + floor(28 * chance(key, 210))::integer AS day, x.reason,
		CASE WHEN x.reason = 'clerical error' AND chance(key, 211) < 0.45 THEN 1 ELSE -1 END
			* (1 + floor(CASE p.category_id WHEN 1 THEN 14 WHEN 2 THEN 10 WHEN 5 THEN 0.3 ELSE 2 END * chance(key, 212) * (1 + m.trouble)))::integer AS quantity,
		round(p.unit_cost * CASE WHEN p.category_id = 1 AND m.month >= '2025-01-01' THEN 1.15 ELSE 1 END, 2) AS unit_cost
	FROM month m, product p, LATERAL (SELECT m.n * 100::bigint + p.id) a(key),
		LATERAL (SELECT pick(CASE WHEN p.category_id <= 2 THEN '{damage,damage,theft,clerical error,expired,expired}'::text[]
			ELSE '{damage,damage,theft,theft,clerical error}' END, chance(key, 213))) x(reason)
	WHERE chance(key, 214) < CASE p.category_id WHEN 5 THEN 0.15 ELSE 0.6 END
) a;

CREATE TABLE stock (
	month_end	date NOT NULL,
	product_id	integer NOT NULL REFERENCES product,
	quantity	integer NOT NULL CHECK (quantity >= 0),
	unit_cost	numeric(10,2) NOT NULL,
	PRIMARY KEY (month_end, product_id)
);
COMMENT ON TABLE stock IS 'stock at the end of each month, from 2023-12-31 on';
CREATE TABLE purchase (
	id			integer PRIMARY KEY,
	product_id	integer NOT NULL REFERENCES product,
	received_at	date NOT NULL,
	quantity	integer NOT NULL CHECK (quantity > 0),
	unit_cost	numeric(10,2) NOT NULL
);
COMMENT ON TABLE purchase IS 'goods received; stock before + received - sold + adjustments = stock after, by product and month';
CREATE TEMP TABLE movement ON COMMIT DROP AS
WITH RECURSIVE month_sale AS (
	SELECT m.n, m.month, m.last, p.id AS product_id, coalesce(s.sold, 0)::integer AS sold, coalesce(a.adjusted, 0)::integer AS adjusted,
		round(p.unit_cost * CASE WHEN p.category_id = 1 AND m.month >= '2025-01-01' THEN 1.15 ELSE 1 END, 2) AS unit_cost,
		ceil(coalesce(s.sold, 0) * (0.9 + 0.9 * chance(m.n * 100 + p.id, 215)) * CASE p.category_id WHEN 4 THEN 2.2 ELSE 1 END)::integer + 2 AS wanted
	FROM month m CROSS JOIN product p
		LEFT JOIN (SELECT date_trunc('month', ordered_at)::date AS month, product_id, sum(quantity) AS sold
			FROM orders JOIN order_line ON order_id = id WHERE status <> 'cancelled' GROUP BY 1, 2) s ON s.month = m.month AND s.product_id = p.id
		LEFT JOIN (SELECT date_trunc('month', adjusted_at)::date AS month, product_id, sum(quantity) AS adjusted
			FROM stock_adjustment GROUP BY 1, 2) a ON a.month = m.month AND a.product_id = p.id
), moved AS (
	SELECT 0::bigint AS n, date '2023-12-31' AS month_end, product_id, unit_cost, wanted AS quantity, 0 AS purchased FROM month_sale WHERE n = 1
	UNION ALL
	SELECT s.n, s.last, s.product_id, s.unit_cost, greatest(s.wanted, b.rest), greatest(s.wanted - b.rest, 0)
	FROM moved v JOIN month_sale s ON s.product_id = v.product_id AND s.n = v.n + 1, LATERAL (SELECT v.quantity - s.sold + s.adjusted) b(rest)
)
SELECT * FROM moved;
INSERT INTO stock SELECT month_end, product_id, quantity, unit_cost FROM movement;
INSERT INTO purchase
SELECT row_number() OVER (ORDER BY received_at, product_id), product_id, received_at, purchased, unit_cost
FROM movement, LATERAL (SELECT date_trunc('month', month_end)::date + floor(20 * chance(n * 100 + product_id, 216))::integer) x(received_at)
WHERE purchased > 0;

-- ----------------------------------------------------------------------------- expenses, budget, ledger

-- A line of business is a category of products, or 'Service plans'; what belongs to none is 'Head office'.
CREATE TABLE expense (
	id			integer PRIMARY KEY,
	booked_at	date NOT NULL,
	lob			text NOT NULL,
	kind		text NOT NULL,
	amount		numeric(12,2) NOT NULL
);
COMMENT ON TABLE expense IS 'all cost but that of the goods sold, by line of business (lob) and kind; a negative amount is a correction';
INSERT INTO expense
SELECT row_number() OVER (ORDER BY booked_at, key), booked_at, lob, kind, round(amount::numeric, 2)
FROM (
	SELECT key, m.last - floor(3 * chance(key, 220))::integer AS booked_at, v.lob, v.kind,
		v.amount * (0.93 + 0.14 * chance(key, 221)) * (1 + 0.012 * m.n) * CASE WHEN v.seasonal THEN m.season ELSE 1 END
			* (1 + CASE v.lob WHEN 'Service plans' THEN 0.30 ELSE 0.04 END * m.trouble) AS amount
	FROM month m, (VALUES (1, 'Coffee', 'salaries', 31000::float8, false), (2, 'Coffee', 'energy', 6500, true), (3, 'Supplies', 'salaries', 11500, false),
			(4, 'Accessories', 'salaries', 5200, false), (5, 'Spare parts', 'salaries', 6100, false), (6, 'Machines', 'salaries', 17500, false),
			(7, 'Machines', 'warranty', 2600, true), (8, 'Service plans', 'salaries', 88000, false), (9, 'Service plans', 'travel', 12500, true),
			(10, 'Head office', 'salaries', 52000, false), (11, 'Head office', 'rent', 17000, false), (12, 'Head office', 'software', 7400, false),
			(13, 'Head office', 'depreciation', 8000, false), (14, 'Head office', 'interest', 3100, false)) v(n, lob, kind, amount, seasonal),
		LATERAL (SELECT m.n * 100 + v.n) a(key)
	UNION ALL
	SELECT m.n * 100 + 20, m.last, 'Head office', 'marketing', (SELECT sum(s.spend) FROM campaign_spend s WHERE s.month = m.month) FROM month m
	UNION ALL
	SELECT m.n * 100 + 21, m.last, 'Head office', 'transport', (SELECT sum(s.freight) FROM shipment s WHERE s.shipped_at BETWEEN m.month AND m.last) FROM month m
	UNION ALL
	SELECT 9999, '2025-09-12', 'Service plans', 'travel', -2150
) e;

CREATE TABLE budget (
	month		date NOT NULL,
	lob			text NOT NULL,
	kind		text NOT NULL CHECK (kind IN ('revenue', 'expense')),
	amount		numeric(12,2) NOT NULL,
	PRIMARY KEY (month, lob, kind)
);
COMMENT ON TABLE budget IS 'planned revenue and expense by line of business and month; 2025 only';
CREATE TEMP TABLE sale ON COMMIT DROP AS
SELECT m.month, g.name AS lob, sum(l.revenue) AS revenue, sum(l.quantity * coalesce(l.unit_cost, p.unit_cost)) AS cost
FROM month m JOIN orders o ON o.ordered_at BETWEEN m.month AND m.last AND o.status <> 'cancelled' JOIN order_line l ON l.order_id = o.id
	JOIN product p ON p.id = l.product_id JOIN category g ON g.id = p.category_id
GROUP BY 1, 2
UNION ALL
SELECT m.month, 'Service plans', sum(s.mrr), 0
FROM month m JOIN subscription s ON s.started_at <= m.last AND (s.ended_at > m.last) IS NOT FALSE
GROUP BY 1;
INSERT INTO budget
SELECT (s.month + interval '1 year')::date, s.lob, 'revenue', round(s.revenue * CASE s.lob WHEN 'Coffee' THEN 1.35 WHEN 'Machines' THEN 1.45 WHEN 'Service plans' THEN 1.24
	ELSE 1.30 END, -2) FROM sale s WHERE s.month < '2025-01-01'
UNION ALL
SELECT (date_trunc('month', e.booked_at) + interval '1 year')::date, e.lob, 'expense', round(sum(e.amount) * CASE e.lob WHEN 'Head office' THEN 1.11 ELSE 1.15 END, -2)
FROM expense e WHERE e.booked_at < '2025-01-01' GROUP BY 1, 2;

CREATE TABLE ledger (
	month		date NOT NULL,
	account		text NOT NULL,
	kind		text NOT NULL CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')),
	amount		numeric(14,2) NOT NULL,
	PRIMARY KEY (month, account)
);
COMMENT ON TABLE ledger IS 'month is its first day. asset, liability and equity: balance at the end of the month, from December 2023 on; income and expense: sums of the month. Assets = liabilities + equity';
INSERT INTO ledger
SELECT month, CASE lob WHEN 'Service plans' THEN 'service plans' ELSE 'sales' END, 'income', sum(revenue) FROM sale GROUP BY 1, 2
UNION ALL
SELECT month, 'cost of goods sold', 'expense', sum(cost) FROM sale GROUP BY 1
UNION ALL
SELECT month, 'stock losses', 'expense', -coalesce((SELECT sum(value) FROM stock_adjustment WHERE adjusted_at BETWEEN month AND last), 0) FROM month
UNION ALL
SELECT date_trunc('month', booked_at)::date, kind, 'expense', sum(amount) FROM expense GROUP BY 1, 2;
INSERT INTO ledger
SELECT month, 'tax', 'expense', greatest(round(0.22 * sum(CASE kind WHEN 'income' THEN amount ELSE -amount END), 2), 0) FROM ledger GROUP BY 1;
INSERT INTO ledger
WITH month_end AS (SELECT month, last, n FROM month UNION ALL SELECT '2023-12-01', '2023-12-31', 0)
SELECT month, 'stock', 'asset', (SELECT sum(quantity * unit_cost) FROM stock WHERE month_end = last) FROM month_end
UNION ALL
SELECT month, 'receivables', 'asset', coalesce((SELECT sum(total) FROM invoice WHERE issued_at <= last AND (paid_at > last) IS NOT FALSE), 0) FROM month_end
UNION ALL
SELECT month, 'equipment', 'asset', 940000 - 9000 * n + CASE WHEN n >= 8 THEN 120000 ELSE 0 END FROM month_end
UNION ALL
SELECT month, 'payables', 'liability', coalesce((SELECT round(0.8 * sum(p.quantity * p.unit_cost), 2) FROM purchase p WHERE p.received_at BETWEEN month AND last), 190000) FROM month_end
UNION ALL
SELECT month, 'bank loan', 'liability', 900000 - 12000 * n + CASE WHEN n >= 8 THEN 100000 ELSE 0 END FROM month_end
UNION ALL
SELECT month, 'equity', 'equity', 620000 + coalesce((SELECT sum(CASE kind WHEN 'income' THEN amount ELSE -amount END)
	FROM ledger l WHERE l.month <= e.month), 0) - CASE WHEN n >= 17 THEN 100000 ELSE 0 END FROM month_end e;
INSERT INTO ledger
SELECT month, 'cash', 'asset', sum(CASE kind WHEN 'asset' THEN -amount ELSE amount END)
FROM ledger WHERE kind IN ('asset', 'liability', 'equity') GROUP BY month;

-- ---------------------------------------------------------------------------------------- production

CREATE TABLE production_run (
	id			integer PRIMARY KEY,
	line		text NOT NULL,
	started_at	timestamptz NOT NULL,
	finished_at	timestamptz,
	units		integer NOT NULL,
	defective	integer NOT NULL CHECK (defective BETWEEN 0 AND units),
	hours		numeric(6,1)
);
COMMENT ON TABLE production_run IS 'batches of the three lines; hours are hours worked by all who took part. finished_at or hours are NULL where nobody wrote them down';
INSERT INTO production_run
SELECT row_number() OVER (ORDER BY started_at, key), line, started_at,
	CASE WHEN chance(key, 230) >= 0.01 THEN started_at + floor(60 * length * (0.8 + 0.5 * chance(key, 231) + 0.9 * chance(key, 232) * chance(key, 233) + 0.25 * trouble)) * interval '1 minute' END,
	units, floor(units * share * (0.4 + 1.8 * chance(key, 234) * chance(key, 235)) * (1 + 0.9 * trouble) + chance(key, 236))::integer,
	CASE WHEN chance(key, 237) >= 0.008 THEN round((units * per_unit * (0.9 + 0.2 * chance(key, 238)) * (1 + 0.12 * trouble))::numeric, 1) END
FROM (
	SELECT d.*, v.*, d.n * 10 + v.no AS key, d.day + interval '6 hours' + floor(90 * chance(d.n * 10 + v.no, 239)) * interval '1 minute' AS started_at,
		floor(v.size * d.season * (0.8 + 0.4 * chance(d.n * 10 + v.no, 240)))::integer AS units
	FROM day d, (VALUES (1, 'Roasting', 420, 0.008::float8, 6::float8, 0.055::float8), (2, 'Packing', 900, 0.012, 4, 0.018), (3, 'Assembly', 14, 0.045, 26, 1.35)) v(no, line, size, share, length, per_unit)
	WHERE d.working
) r;

CREATE TABLE inspection (
	id			integer PRIMARY KEY,
	run_id		integer NOT NULL REFERENCES production_run,
	inspected_at	timestamptz NOT NULL,
	attempt		smallint NOT NULL,
	inspected	integer NOT NULL,
	good		integer NOT NULL CHECK (good BETWEEN 0 AND inspected)
);
COMMENT ON TABLE inspection IS 'samples of batches that were inspected, units inspected and units found good; attempt 2 is the same sample again, after rework';
INSERT INTO inspection
WITH first AS (
	SELECT r.id, r.finished_at + interval '1 hour' AS inspected_at, least(r.units, CASE r.line WHEN 'Assembly' THEN 5 ELSE 40 END) AS inspected,
		CASE r.line WHEN 'Assembly' THEN 0.045 ELSE 0.014 END * (1 + r.defective * 10.0 / r.units) AS bad
	FROM production_run r WHERE r.finished_at IS NOT NULL AND chance(r.id, 241) < 0.85
), counted AS (
	SELECT *, (SELECT count(*) FROM generate_series(1, inspected) k WHERE chance(first.id * 100::bigint + k, 242) >= bad)::integer AS good FROM first
)
SELECT row_number() OVER (ORDER BY at, id, attempt), id, at, attempt, inspected, good
FROM (
	SELECT id, inspected_at AS at, 1 AS attempt, inspected, good FROM counted
	UNION ALL
	SELECT id, inspected_at + interval '1 day', 2, inspected, inspected - CASE WHEN chance(id, 243) < 0.1 THEN 1 ELSE 0 END FROM counted WHERE good < inspected - 1
) i;

CREATE TABLE machine_log (
	machine		text NOT NULL,
	day			date NOT NULL,
	planned_hours	numeric(4,1) NOT NULL,
	run_hours	numeric(4,1) NOT NULL,
	down_hours	numeric(4,1) NOT NULL,
	PRIMARY KEY (machine, day)
);
COMMENT ON TABLE machine_log IS 'own machines by day: hours that were planned, in which they ran, in which they were broken or under repair; the rest is idle. A day off has 0 planned hours';
INSERT INTO machine_log
SELECT v.machine, d.day, planned, round(((planned - down) * (0.84 + 0.16 * chance(key, 245)) * least(1, 0.55 + 0.45 * d.season))::numeric, 1), down
FROM day d, (VALUES (1, 'Roaster 1', 16), (2, 'Roaster 2', 16), (3, 'Packer 1', 8), (4, 'Packer 2', 8), (5, 'Bench 1', 8), (6, 'Bench 2', 8)) v(no, machine, shift),
	LATERAL (SELECT d.n * 10 + v.no, CASE WHEN d.working THEN v.shift ELSE 0 END) a(key, planned),
	LATERAL (SELECT CASE WHEN d.working AND chance(key, 246) < 0.06 + 0.06 * d.trouble THEN round((v.shift * chance(key, 247))::numeric, 1) ELSE 0 END) b(down);

CREATE TABLE work_order (
	id			integer PRIMARY KEY,
	customer_id	integer REFERENCES customer,
	kind		text NOT NULL CHECK (kind IN ('maintenance', 'repair')),
	created_at	date NOT NULL,
	due_at		date,
	done_at		date
);
COMMENT ON TABLE work_order IS 'jobs on machines at customers with a service plan, and on own machines (customer_id NULL); a job without due_at was never planned';
INSERT INTO work_order
SELECT row_number() OVER (ORDER BY created_at, key), customer_id, kind, created_at,
	CASE WHEN chance(key, 250) >= 0.01 THEN due_at END, CASE WHEN done_at < '2026-01-01' AND chance(key, 251) >= 0.01 THEN done_at END
FROM (
	SELECT *, workday(CASE WHEN chance(key, 252) < 0.10 + 0.22 * trouble THEN due_at + 1 + floor(20 * chance(key, 253) * chance(key, 254))::integer
		ELSE due_at - floor(9 * chance(key, 255))::integer END) AS done_at
	FROM (
		SELECT s.id * 100::bigint + m.n AS key, s.customer_id, 'maintenance' AS kind, m.month - 14 AS created_at,
			workday(m.month + floor(26 * chance(s.id, 256))::integer) AS due_at, m.trouble
		FROM subscription s JOIN month m ON s.started_at < m.month AND (s.ended_at > m.last) IS NOT FALSE AND m.n % 12 = s.id % 12
		UNION ALL
		SELECT -d.n, CASE WHEN chance(d.n, 257) < 0.8 THEN 1 + floor(2500 * chance(d.n, 258))::integer END, 'repair', d.day,
			workday(d.day + 2), d.trouble
		FROM day d WHERE chance(d.n, 259) < 0.7
	) j
) w;

-- -------------------------------------------------------------------------------------------- people

CREATE TABLE employee (
	id			integer PRIMARY KEY,
	name		text NOT NULL,
	team		text NOT NULL,
	hired_at	date NOT NULL,
	left_at		date CHECK (left_at > hired_at),
	left_reason	text,
	crm_licence	boolean NOT NULL
);
COMMENT ON TABLE employee IS 'left_at is the first day away, NULL while employed; crm_licence: has an account in the CRM. The first six own the leads';
INSERT INTO employee
SELECT e.*, CASE WHEN e.left_at IS NOT NULL THEN pick('{pay,pay,career,career,workload,family,retired}', chance(e.id, 260)) END, e.team IN ('Sales', 'Marketing', 'Support')
FROM (
	SELECT g AS id, CASE WHEN g <= 6 THEN ('{Adams,Brown,Chen,Diaz,Evans,Fischer}'::text[])[g] ELSE
			('{Abe,Bauer,Costa,Dubois,Ekberg,Farah,Garcia,Haddad,Ito,Jansen,Khan,Lopez,Meyer,Novak,Okafor,Patel,Quinn,Rossi,Santos,Tanaka,Umar,Vogel,Wang,Yilmaz,Zhang}'::text[])[1 + g % 25]
			|| ' ' || chr(65 + g / 25) END AS name,
		CASE WHEN g <= 6 THEN 'Sales' ELSE pick('{Sales,Sales,Sales,Marketing,Support,Support,Support,Support,Production,Production,Production,Production,Office}', chance(g, 261)) END AS team,
		h.hired_at, CASE WHEN g > 6 AND l.left_at < '2026-01-01' AND l.left_at > '2023-12-31' THEN l.left_at END AS left_at
	FROM generate_series(1, 170) g,
		LATERAL (SELECT CASE WHEN g <= 115 THEN date '2015-01-05' + floor(3200 * chance(g, 262))::integer ELSE date '2024-01-08' + (g - 116) * 13 END) h(hired_at),
		LATERAL (SELECT greatest(h.hired_at + 45, date '2023-10-01') + floor(2600 * chance(g, 263))::integer) l(left_at)
) e;

CREATE TABLE employee_survey (
	employee_id	integer NOT NULL REFERENCES employee,
	quarter		date NOT NULL,
	satisfaction	smallint CHECK (satisfaction BETWEEN 1 AND 5),
	recommend	smallint CHECK (recommend BETWEEN 0 AND 10),
	PRIMARY KEY (employee_id, quarter)
);
COMMENT ON TABLE employee_survey IS 'quarterly answers of employees: satisfaction 1 to 5, and whether they would recommend the company as a place to work, 0 to 10';
INSERT INTO employee_survey
SELECT e.id, m.month, CASE WHEN chance(key, 264) >= 0.03 THEN 1 + width_bucket(x, '{.06,.15,.32,.68}'::float8[]) END,
	CASE WHEN chance(key, 265) >= 0.05 THEN width_bucket(x * 0.7 + 0.3 * chance(key, 266), '{.03,.06,.10,.14,.18,.23,.30,.42,.58,.76}'::float8[]) END
FROM month m JOIN employee e ON e.hired_at < m.month AND (e.left_at > m.last) IS NOT FALSE, LATERAL (SELECT e.id * 100::bigint + m.n) a(key),
	LATERAL (SELECT 0.75 * chance(key, 267) + 0.25 * chance(e.id, 268) - 0.12 * m.trouble * CASE e.team WHEN 'Support' THEN 2 ELSE 0.5 END) b(x)
WHERE extract(month FROM m.month) IN (1, 4, 7, 10) AND chance(key, 269) < 0.78;

CREATE TABLE login (
	employee_id	integer NOT NULL REFERENCES employee,
	at			timestamptz NOT NULL,
	PRIMARY KEY (employee_id, at)
);
COMMENT ON TABLE login IS 'logins to the CRM';
INSERT INTO login
SELECT e.id, d.day + interval '7 hours' + floor(500 * chance(key, 271)) * interval '1 minute'
FROM employee e JOIN day d ON d.working AND d.day >= e.hired_at AND (d.day < e.left_at) IS NOT FALSE, LATERAL (SELECT e.id * 1000::bigint + d.n) a(key)
WHERE e.crm_licence AND chance(e.id, 272) < 0.72 + 0.25 * d.n / 731 AND chance(key, 273) < 0.05 + 0.4 * chance(e.id, 274);

CREATE TABLE handover (
	customer_id	integer PRIMARY KEY REFERENCES customer,
	won_at		timestamptz NOT NULL,
	accepted_at	timestamptz,
	returned	boolean NOT NULL
);
COMMENT ON TABLE handover IS 'new customers handed over from sales to service: when won, when service took over; returned: papers were incomplete and went back once';
INSERT INTO handover
SELECT l.customer_id, h.entered_at, CASE WHEN x.accepted_at < '2026-01-01' THEN x.accepted_at END, b.returned
FROM lead l JOIN lead_stage_history h ON h.lead_id = l.id AND h.stage = 'won' LEFT JOIN day d ON d.day = h.entered_at::date,
	LATERAL (SELECT chance(l.id, 280) < 0.16) b(returned),
	LATERAL (SELECT h.entered_at + interval '2 hours' + floor(CASE WHEN b.returned THEN 7200 ELSE 2600 END * (1 + coalesce(d.trouble, 0)) * chance(l.id, 281)) * interval '1 minute') x(accepted_at)
WHERE l.customer_id IS NOT NULL;

-- ----------------------------------------------------------------------------------------- marketing

CREATE TABLE campaign (
	id			integer PRIMARY KEY,
	name		text NOT NULL,
	channel		text NOT NULL,
	started_at	date NOT NULL,
	ended_at	date NOT NULL,
	cost		numeric(10,2) NOT NULL
);
COMMENT ON TABLE campaign IS 'campaigns to existing customers; ended_at is the last day';
INSERT INTO campaign
SELECT v.id, v.name, v.channel, v.started_at::date, v.started_at::date + 20, v.cost
FROM (VALUES (1, 'Winter Warmers', 'email', '2024-02-05', 900), (2, 'Spring Clean', 'email', '2024-04-08', 850), (3, 'Iced Coffee', 'social', '2024-06-10', 3600),
	(4, 'Back to the Office', 'email', '2024-09-02', 1200), (5, 'Black Week', 'search', '2024-11-18', 5200), (6, 'New Year, New Machine', 'email', '2025-01-13', 1100),
	(7, 'Spring Clean 2025', 'email', '2025-04-07', 900), (8, 'Iced Coffee 2025', 'social', '2025-06-09', 4200), (9, 'Back to the Office 2025', 'email', '2025-09-01', 1300),
	(10, 'Black Week 2025', 'search', '2025-11-17', 6100)) v(id, name, channel, started_at, cost);

CREATE TABLE campaign_member (
	campaign_id	integer NOT NULL REFERENCES campaign,
	customer_id	integer NOT NULL REFERENCES customer,
	treated		boolean NOT NULL,
	PRIMARY KEY (campaign_id, customer_id)
);
COMMENT ON TABLE campaign_member IS 'who was chosen for a campaign; treated: got it. The others are the control group and got nothing';
-- Who bought is a little more often among the treated: that is the effect of the campaign.
INSERT INTO campaign_member
SELECT g.id, c.id, chance(key, 285) < CASE WHEN EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.status = 'shipped' AND o.ordered_at BETWEEN g.started_at AND g.ended_at)
	THEN 0.58 + 0.20 * chance(g.id, 286) ELSE 0.6 END
FROM campaign g JOIN customer c ON c.since < g.started_at AND (c.lost_at > g.ended_at) IS NOT FALSE, LATERAL (SELECT c.id * 100::bigint + g.id) a(key)
WHERE chance(key, 287) < 0.28;

CREATE TABLE campaign_order (
	campaign_id	integer NOT NULL REFERENCES campaign,
	order_id	integer PRIMARY KEY REFERENCES orders
);
COMMENT ON TABLE campaign_order IS 'orders with the code of a campaign: what is attributed to it';
INSERT INTO campaign_order
SELECT DISTINCT ON (o.id) m.campaign_id, o.id
FROM campaign_member m JOIN campaign g ON g.id = m.campaign_id JOIN orders o ON o.customer_id = m.customer_id AND o.ordered_at BETWEEN g.started_at AND g.ended_at
WHERE m.treated AND o.status = 'shipped' AND chance(o.id, 288) < 0.45
ORDER BY o.id, m.campaign_id;

CREATE TABLE email_event (
	id			integer PRIMARY KEY,
	mailing		date NOT NULL,
	customer_id	integer NOT NULL REFERENCES customer,
	kind		text NOT NULL CHECK (kind IN ('sent', 'delivered', 'bounced', 'opened', 'clicked', 'unsubscribed')),
	at			timestamptz NOT NULL
);
COMMENT ON TABLE email_event IS 'the monthly newsletter (mailing is its day); the same customer may open and click several times';
INSERT INTO email_event
WITH sent AS (
	SELECT c.id * 100::bigint + m.n AS key, c.id AS customer_id, m.month + 8 AS mailing, m.month + interval '8 days 9 hours' AS at
	FROM month m JOIN customer c ON c.since < m.month AND (c.lost_at > m.last) IS NOT FALSE
	WHERE c.id % 7 = 3 AND chance(c.id, 290) < 0.9
), event AS (
	SELECT s.*, e.*, s.at + floor(e.later * chance(key * 10 + e.n, 291) * chance(key * 10 + e.n, 292)) * interval '1 minute' AS event_at
	FROM sent s, LATERAL (SELECT chance(key, 293) < 0.03, chance(key, 294) < 0.28 + 0.1 * chance(s.customer_id, 295), chance(key, 296)) b(bounced, opened, luck),
		LATERAL (VALUES (1, 'sent', true, 0), (2, 'delivered', NOT bounced, 2), (3, 'bounced', bounced, 2), (4, 'opened', NOT bounced AND opened, 2800),
			(5, 'opened', NOT bounced AND opened AND luck < 0.2, 6000), (6, 'clicked', NOT bounced AND opened AND luck < 0.14, 3200),
			(7, 'clicked', NOT bounced AND opened AND luck < 0.05, 4200), (8, 'unsubscribed', NOT bounced AND opened AND luck > 0.992, 3000)) e(n, kind, happened, later)
	WHERE e.happened
)
SELECT row_number() OVER (ORDER BY event_at, key, n), mailing, customer_id, kind, event_at FROM event;

CREATE TABLE web_session (
	id			integer PRIMARY KEY,
	visitor		integer NOT NULL,
	started_at	timestamptz NOT NULL,
	source		text,
	pages		integer NOT NULL CHECK (pages > 0),
	order_id	integer UNIQUE REFERENCES orders
);
COMMENT ON TABLE web_session IS 'visits of the web shop; visitor is the number in the cookie, source is NULL where unknown, order_id what was bought in this visit';
INSERT INTO web_session
SELECT row_number() OVER (ORDER BY started_at, key), visitor, started_at, source, pages, order_id
FROM (
	SELECT o.id::bigint AS key, 100000 + o.customer_id AS visitor, o.ordered_at + interval '7 hours' + floor(700 * chance(o.id, 300)) * interval '1 minute' AS started_at,
		pick('{search,search,email,email,direct,direct,direct,referral,social}', chance(o.id, 301)) AS source, 4 + floor(9 * chance(o.id, 302))::integer AS pages, o.id AS order_id
	FROM orders o WHERE o.status IN ('open', 'shipped') AND chance(o.id, 303) < 0.025
	UNION ALL
	SELECT -a.key, 1 + floor(9000 * chance(a.key, 304) * (0.3 + 0.7 * chance(a.key, 305)))::integer, d.day + interval '6 hours' + floor(960 * chance(a.key, 306)) * interval '1 minute',
		CASE WHEN chance(a.key, 307) >= 0.04 THEN pick('{search,search,search,search,social,social,social,direct,direct,referral,email}', chance(a.key, 308)) END,
		1 + floor(9 * chance(a.key, 309) * chance(a.key, 310) * chance(a.key, 311) * 1.6)::integer, NULL
	FROM day d, generate_series(1, floor(17 * d.season * CASE WHEN d.working THEN 1.1 ELSE 0.7 END + chance(d.n, 312))::integer) k, LATERAL (SELECT d.n * 1000::bigint + k) a(key)
) s;

CREATE TABLE web_event (
	session_id	integer NOT NULL REFERENCES web_session,
	kind		text NOT NULL CHECK (kind IN ('product', 'basket', 'checkout', 'purchase')),
	at			timestamptz NOT NULL,
	PRIMARY KEY (session_id, kind)
);
COMMENT ON TABLE web_event IS 'first product seen, first item put into the basket, checkout, purchase in a visit';
INSERT INTO web_event
SELECT s.id, e.kind, s.started_at + (e.n * 40 + floor(60 * chance(s.id * 10::bigint + e.n, 313))) * interval '1 second'
FROM web_session s, LATERAL (VALUES (1, 'product', s.order_id IS NOT NULL OR s.pages > 1 AND chance(s.id, 314) < 0.75), (3, 'basket', s.order_id IS NOT NULL OR s.pages > 2 AND chance(s.id, 314) < 0.22),
	(5, 'checkout', s.order_id IS NOT NULL OR s.pages > 3 AND chance(s.id, 314) < 0.12), (7, 'purchase', s.order_id IS NOT NULL)) e(n, kind, happened)
WHERE e.happened;

CREATE TABLE social_event (
	id			integer PRIMARY KEY,
	network		text NOT NULL,
	kind		text NOT NULL CHECK (kind IN ('view', 'follow', 'like', 'repost', 'share')),
	at			timestamptz NOT NULL
);
COMMENT ON TABLE social_event IS 'what people did with our posts on social networks; a sample of one in a hundred views';
INSERT INTO social_event
SELECT row_number() OVER (ORDER BY at, key), pick('{LinkedIn,LinkedIn,LinkedIn,Instagram,Instagram,WeChat}', chance(key, 320)),
	pick('{view,view,view,view,view,view,view,view,view,view,view,view,view,view,like,like,like,follow,repost,share}', chance(key, 321)), at
FROM (
	SELECT a.key, d.day + floor(1440 * chance(a.key, 322)) * interval '1 minute' AS at
	FROM day d, generate_series(1, floor(8 * d.season + chance(d.n, 323))::integer) k, LATERAL (SELECT d.n * 1000::bigint + k) a(key)
) s;

CREATE TABLE content_post (
	id			integer PRIMARY KEY,
	kind		text NOT NULL CHECK (kind IN ('blog', 'video', 'case study')),
	published_at	date,
	distributed	integer NOT NULL,
	interactions	integer NOT NULL CHECK (interactions <= distributed)
);
COMMENT ON TABLE content_post IS 'articles and films: to how many people they were shown, how many followed the call to action; published_at is NULL for a draft';
INSERT INTO content_post
SELECT row_number() OVER (ORDER BY d.n, k), pick('{blog,blog,blog,blog,video,case study}', chance(d.n * 10 + k, 325)),
	CASE WHEN chance(d.n * 10 + k, 326) >= 0.04 THEN d.day END, x.distributed * x.out, floor(x.distributed * (0.01 + 0.05 * chance(d.n * 10 + k, 327) * chance(d.n * 10 + k, 328)))::integer * x.out
FROM day d, generate_series(1, 2) k, LATERAL (SELECT 300 + floor(4000 * chance(d.n * 10 + k, 329) * chance(d.n * 10 + k, 330))::integer, (chance(d.n * 10 + k, 326) >= 0.04)::integer) x(distributed, out)
WHERE d.working AND chance(d.n * 10 + k, 331) < 0.12 + 0.08 * d.n / 731;

CREATE TABLE footfall (
	showroom	text NOT NULL,
	day			date NOT NULL,
	visitors	integer,
	PRIMARY KEY (showroom, day)
);
COMMENT ON TABLE footfall IS 'people counted at the door of the two showrooms, Monday to Saturday; NULL where the counter was broken';
INSERT INTO footfall
SELECT v.showroom, d.day, CASE WHEN chance(d.n * 10 + v.n, 335) >= 0.015 THEN floor(v.size * d.season * (0.7 + 0.6 * chance(d.n * 10 + v.n, 336)) * CASE WHEN d.working THEN 1 ELSE 1.7 END)::integer END
FROM day d, (VALUES (1, 'Harbour Street', 38), (2, 'Old Mill', 24)) v(n, showroom, size)
WHERE extract(isodow FROM d.day) < 7;

-- -------------------------------------------------------------------------------------- sales, loyalty

CREATE TABLE activity (
	id			integer PRIMARY KEY,
	kind		text NOT NULL CHECK (kind IN ('call', 'e-mail', 'meeting', 'follow-up')),
	owner		text NOT NULL,
	lead_id		integer NOT NULL REFERENCES lead,
	at			timestamptz,
	due_at		timestamptz,
	entered_at	timestamptz,
	tailored	boolean
);
COMMENT ON TABLE activity IS 'what sales did: at is when it was done (NULL: not done), entered_at when it was written into the CRM. A follow-up has due_at. tailored: prepared for this contact; NULL where nobody said';
INSERT INTO activity
SELECT row_number() OVER (ORDER BY coalesce(at, due_at), key), kind, owner, lead_id, at, due_at,
	at + floor(60 * CASE WHEN chance(key, 340) < 0.72 THEN 7 * chance(key, 341) WHEN chance(key, 340) < 0.95 THEN 40 * chance(key, 341) ELSE 300 * chance(key, 341) END) * interval '1 minute',
	CASE WHEN at IS NOT NULL AND chance(key, 342) >= 0.05 THEN chance(key, 343) < CASE kind WHEN 'meeting' THEN 0.8 WHEN 'e-mail' THEN 0.25 ELSE 0.45 END END
FROM (
	SELECT a.key, pick('{call,call,call,call,e-mail,e-mail,e-mail,meeting}', chance(a.key, 344)) AS kind, l.owner, l.id AS lead_id,
		h.entered_at + floor(2000 * chance(a.key, 345)) * interval '1 minute' AS at, NULL::timestamptz AS due_at
	FROM lead l JOIN lead_stage_history h ON h.lead_id = l.id, LATERAL (SELECT l.id * 10::bigint + array_position('{lead,mql,sql,opportunity,won,lost}'::text[], h.stage)) a(key)
	WHERE h.stage <> 'lost' AND chance(a.key, 346) < 0.42
	UNION ALL
	SELECT -l.id, 'follow-up', l.owner, l.id,
		CASE WHEN chance(l.id, 347) < 0.93 THEN x.due_at + CASE WHEN chance(l.id, 348) < 0.8 - 0.2 * coalesce(d.trouble, 0)
			THEN -floor(1200 * chance(l.id, 349)) ELSE floor(4000 * chance(l.id, 349)) END * interval '1 minute' END, x.due_at
	FROM lead l JOIN lead_stage_history h ON h.lead_id = l.id AND h.stage = 'mql' LEFT JOIN day d ON d.day = h.entered_at::date,
		LATERAL (SELECT h.entered_at + interval '2 days') x(due_at)
	WHERE chance(l.id, 350) < 0.7
) a
WHERE coalesce(at, due_at) >= '2024-01-01' AND coalesce(greatest(at, due_at), due_at) < '2026-01-01';

CREATE TABLE offer (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	category_id	integer NOT NULL REFERENCES category,
	offered_at	date NOT NULL,
	closed_at	date,
	won			boolean,
	CHECK ((won IS NULL) = (closed_at IS NULL))
);
COMMENT ON TABLE offer IS 'cross-selling: something else offered to a customer; won is NULL while open';
INSERT INTO offer
SELECT row_number() OVER (ORDER BY o.offered_at, o.key), o.customer_id, 2 + floor(4 * chance(key, 355))::integer, o.offered_at,
	CASE WHEN x.closed_at < '2026-01-01' THEN x.closed_at END, CASE WHEN x.closed_at < '2026-01-01' THEN chance(key, 356) < 0.24 - 0.08 * o.trouble END
FROM (
	SELECT c.id * 100::bigint + m.n AS key, c.id AS customer_id, m.month + floor(28 * chance(c.id * 100::bigint + m.n, 357))::integer AS offered_at, m.trouble
	FROM month m JOIN customer c ON c.since < m.month AND (c.lost_at > m.last) IS NOT FALSE
	WHERE chance(c.id * 100::bigint + m.n, 358) < 0.03
) o, LATERAL (SELECT o.offered_at + 5 + floor(70 * chance(key, 359))::integer) x(closed_at);

CREATE TABLE holding (
	customer_id	integer NOT NULL REFERENCES customer,
	month_end	date NOT NULL,
	product		text NOT NULL CHECK (product IN ('prepaid account', 'machine lease', 'deposit')),
	balance		numeric(12,2) NOT NULL,
	PRIMARY KEY (customer_id, month_end, product)
);
COMMENT ON TABLE holding IS 'what customers hold with us: balance of each product at the end of the month';
INSERT INTO holding
SELECT c.id, m.last, v.product, round((v.size * (0.3 + chance(c.id, 365)) * CASE c.segment WHEN 'small' THEN 1 WHEN 'mid-size' THEN 2 ELSE 5 END
	* CASE v.n WHEN 2 THEN greatest(0, 1 - (m.n + c.id % 24) / 48.0) ELSE 0.7 + 0.02 * m.n + 0.3 * chance(c.id * 100::bigint + m.n, 366) END)::numeric, 2)
FROM customer c JOIN month m ON c.since < m.month AND (c.lost_at > m.last) IS NOT FALSE,
	(VALUES (1, 'prepaid account', 900::float8, 0.6::float8), (2, 'machine lease', 5200, 0.35), (3, 'deposit', 400, 0.5)) v(n, product, size, share)
WHERE c.id % 11 = 5 AND chance(c.id * 10::bigint + v.n, 367) < v.share;

CREATE TABLE loan (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	granted_at	date NOT NULL,
	principal	numeric(12,2) NOT NULL,
	outstanding	numeric(12,2) NOT NULL CHECK (outstanding BETWEEN 0 AND principal),
	overdue_days	integer NOT NULL CHECK (overdue_days >= 0)
);
COMMENT ON TABLE loan IS 'machines sold on instalments, as of 2025-12-31: what is still to be paid, and for how long an instalment has been overdue (0: none)';
INSERT INTO loan
SELECT row_number() OVER (ORDER BY x.granted_at, c.id), c.id, x.granted_at, x.principal, round(x.principal * greatest(0, 1 - (date '2025-12-31' - x.granted_at) / 1095.0), 2),
	CASE WHEN chance(c.id, 372) < 0.13 AND date '2025-12-31' - x.granted_at < 1095 THEN 1 + floor(200 * chance(c.id, 373) * chance(c.id, 374))::integer ELSE 0 END
FROM customer c, LATERAL (SELECT greatest(c.since, date '2023-01-01') + floor(700 * chance(c.id, 375))::integer,
	round((900 * (1 + floor(CASE c.segment WHEN 'small' THEN 2 WHEN 'mid-size' THEN 5 ELSE 14 END * chance(c.id, 376))))::numeric, 2)) x(granted_at, principal)
WHERE c.id % 6 = 1 AND x.granted_at < '2025-12-01' AND c.lost_at IS NULL;

CREATE TABLE enrolment (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	course		text NOT NULL,
	enrolled_at	date NOT NULL,
	started_at	date,
	completed_at	date,
	renewal_due	date,
	renewed_at	date
);
COMMENT ON TABLE enrolment IS 'barista school: started_at is NULL for no-shows; a certificate is to be renewed a year after the course was completed';
INSERT INTO enrolment
SELECT row_number() OVER (ORDER BY enrolled_at, key), customer_id, course, enrolled_at, CASE WHEN started_at < '2026-01-01' THEN started_at END,
	CASE WHEN completed_at < '2026-01-01' THEN completed_at END, CASE WHEN completed_at < '2026-01-01' THEN completed_at + 365 END,
	CASE WHEN completed_at + 365 - floor(30 * chance(key, 380))::integer < '2026-01-01' AND chance(key, 381) < 0.62 THEN completed_at + 365 - floor(30 * chance(key, 380))::integer END
FROM (
	SELECT *, CASE WHEN chance(key, 382) < 0.78 - 0.1 * trouble THEN started_at + CASE course WHEN 'Barista Basics' THEN 21 WHEN 'Latte Art' THEN 14 ELSE 56 END + floor(20 * chance(key, 383))::integer END AS completed_at
	FROM (
		SELECT key, customer_id, day AS enrolled_at, trouble, pick('{Barista Basics,Barista Basics,Latte Art,Machine Care}', chance(key, 384)) AS course,
			CASE WHEN chance(key, 385) >= 0.08 THEN day + 7 + floor(25 * chance(key, 386))::integer END AS started_at
		FROM (
			SELECT a.key, d.day, d.trouble, c.id AS customer_id
			FROM day d, generate_series(1, floor(1.7 * d.season + chance(d.n, 387))::integer) k, LATERAL (SELECT d.n * 10::bigint + k) a(key)
				JOIN customer c ON c.id = 1 + floor((SELECT count(*) FROM customer) * chance(a.key, 388))
			WHERE d.working AND c.since < d.day AND (d.day < c.lost_at) IS NOT FALSE
		) e
	) e
) e;

CREATE TABLE referral (
	id			integer PRIMARY KEY,
	referrer_id	integer NOT NULL REFERENCES customer,
	at			date NOT NULL,
	customer_id	integer UNIQUE REFERENCES customer
);
COMMENT ON TABLE referral IS 'customers who recommended us: when, and the customer whom it brought; customer_id is NULL where it led to nothing, or not yet';
INSERT INTO referral
SELECT row_number() OVER (ORDER BY r.at, r.key), r.referrer_id, r.at, r.customer_id
FROM (
	SELECT n.id::bigint AS key, c.id AS referrer_id, n.since - 30 - floor(60 * chance(n.id, 390))::integer AS at, n.id AS customer_id
	FROM customer n JOIN customer c ON c.id = 1 + floor(2500 * chance(n.id, 391) * chance(n.id, 392))
	WHERE n.channel = 'referral' AND n.since >= '2024-04-01' AND chance(n.id, 393) < 0.85
	UNION ALL
	SELECT -d.n, c.id, d.day, NULL FROM day d JOIN customer c ON c.id = 1 + floor(2500 * chance(d.n, 394) * chance(d.n, 395)) WHERE d.working AND chance(d.n, 396) < 0.5
) r JOIN customer c ON c.id = r.referrer_id AND c.since < r.at AND (r.at < c.lost_at) IS NOT FALSE;

CREATE TABLE renewal (
	id			integer PRIMARY KEY,
	subscription_id	integer NOT NULL REFERENCES subscription,
	due_at		date NOT NULL,
	renewed_at	date,
	value		numeric(12,2) NOT NULL,
	UNIQUE (subscription_id, due_at)
);
COMMENT ON TABLE renewal IS 'service plans run for a year: when the next year was due, when it was agreed (NULL: not), and what a year is worth';
INSERT INTO renewal
SELECT row_number() OVER (ORDER BY x.due_at, s.id), s.id, x.due_at,
	CASE WHEN (s.ended_at > x.due_at + 45) IS NOT FALSE AND x.agreed_at < '2026-01-01' THEN x.agreed_at END, 12 * s.mrr
FROM subscription s, generate_series(1, 7) y, LATERAL (SELECT (s.started_at + y * interval '1 year')::date) d(due_at),
	LATERAL (SELECT d.due_at, d.due_at - 25 + floor(32 * chance(s.id * 10::bigint + y, 397))::integer) x(due_at, agreed_at)
WHERE x.due_at BETWEEN '2024-01-01' AND '2026-02-28' AND (s.ended_at > x.due_at - 30) IS NOT FALSE AND s.end_reason IS DISTINCT FROM 'upgrade';

-- ------------------------------------------------------------------------------------------- service

CREATE TABLE ticket_case (
	ticket_id	integer PRIMARY KEY REFERENCES ticket,
	kind		text NOT NULL CHECK (kind IN ('question', 'fault', 'complaint', 'order')),
	after_sales	boolean NOT NULL,
	reopened_at	timestamptz,
	paused		interval NOT NULL,
	csat_score	smallint CHECK (csat_score BETWEEN 1 AND 5)
);
COMMENT ON TABLE ticket_case IS 'more about each ticket: kind; after_sales: about something already bought; when it was opened again; time in which it waited for the customer; the customer''s rating after it was solved';
INSERT INTO ticket_case
SELECT t.id, k.kind, k.kind IN ('fault', 'complaint') OR k.kind = 'question' AND chance(t.id, 400) < 0.5,
	CASE WHEN chance(t.id, 401) < 0.04 + 0.05 * d.trouble AND r.reopened_at < '2026-01-01' THEN r.reopened_at END,
	CASE WHEN t.resolved_at > t.first_response_at AND chance(t.id, 402) < 0.25
		THEN floor(extract(epoch FROM t.resolved_at - t.first_response_at) / 60 * 0.6 * chance(t.id, 403)) ELSE 0 END * interval '1 minute',
	CASE WHEN t.resolved_at IS NOT NULL AND chance(t.id, 404) < 0.38
		THEN 1 + width_bucket(chance(t.id, 405) - 0.14 * d.trouble - CASE k.kind WHEN 'complaint' THEN 0.12 ELSE 0 END, '{.05,.10,.21,.52}'::float8[]) END
FROM ticket t JOIN day d ON d.day = (t.created_at AT TIME ZONE 'UTC')::date,
	LATERAL (SELECT pick(CASE WHEN d.trouble > 0.3 THEN '{question,question,fault,fault,complaint,complaint,order}'::text[]
		ELSE '{question,question,question,fault,fault,complaint,order,order}' END, chance(t.id, 406))) k(kind),
	LATERAL (SELECT t.resolved_at + interval '3 hours' + floor(9000 * chance(t.id, 407)) * interval '1 minute') r(reopened_at);

CREATE TABLE ticket_message (
	ticket_id	integer NOT NULL REFERENCES ticket,
	n			smallint NOT NULL,
	sender		text NOT NULL CHECK (sender IN ('customer', 'bot', 'agent')),
	sent_at		timestamptz NOT NULL,
	PRIMARY KEY (ticket_id, n)
);
COMMENT ON TABLE ticket_message IS 'what was written in a ticket, in its order; a bot answers within a minute that the mail has come';
INSERT INTO ticket_message
SELECT t.id, row_number() OVER (PARTITION BY t.id ORDER BY m.n), m.sender, m.sent_at
FROM ticket t, LATERAL (VALUES (1, 'customer', t.created_at), (2, 'bot', CASE WHEN t.channel IN ('email', 'portal') AND chance(t.id, 410) < 0.9 THEN t.created_at + interval '40 seconds' END),
	(3, 'agent', t.first_response_at), (4, 'customer', CASE WHEN chance(t.id, 411) < 0.3 AND t.resolved_at > t.first_response_at THEN t.first_response_at + (t.resolved_at - t.first_response_at) / 2 END)) m(n, sender, sent_at)
WHERE m.sent_at IS NOT NULL;

CREATE TABLE feedback (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	at			timestamptz NOT NULL,
	lang		text NOT NULL CHECK (lang IN ('en', 'zh', 'fa')),
	topic		text NOT NULL,
	text		text NOT NULL,
	sentiment	smallint CHECK (sentiment BETWEEN -1 AND 1)
);
COMMENT ON TABLE feedback IS 'free text from customers, and what a language model made of it: -1 negative, 0 neutral, 1 positive; NULL where it could not tell';
INSERT INTO feedback
SELECT row_number() OVER (ORDER BY f.at, f.key), f.customer_id, f.at, f.lang, v.topic, CASE f.lang WHEN 'en' THEN v.en WHEN 'zh' THEN v.zh ELSE v.fa END, v.sentiment
FROM (
	SELECT a.key, c.id AS customer_id, d.day + interval '8 hours' + floor(700 * chance(a.key, 415)) * interval '1 minute' AS at, d.trouble,
		pick('{en,en,en,zh,zh,fa}', chance(a.key, 416)) AS lang
	FROM day d, generate_series(1, floor(1.6 * d.season + chance(d.n, 417))::integer) k, LATERAL (SELECT d.n * 10::bigint + k) a(key)
		JOIN customer c ON c.id = 1 + floor((SELECT count(*) FROM customer) * chance(a.key, 418))
	WHERE c.since < d.day AND (d.day < c.lost_at) IS NOT FALSE
) f JOIN (VALUES (1, 'coffee', 'The coffee is excellent.', '咖啡非常好。', 'قهوه عالی است.', 1), (2, 'delivery', 'Delivered in two days, thank you.', '两天就送到了，谢谢。', 'دو روزه رسید، ممنون.', 1),
	(3, 'service', 'The technician was friendly and quick.', '技术员友好又迅速。', 'تکنسین خوش‌برخورد و سریع بود.', 1), (4, 'price', 'Prices went up again.', '又涨价了。', 'قیمت‌ها دوباره بالا رفت.', -1),
	(5, 'service', 'Nobody answers our mails.', '没有人回复邮件。', 'کسی به ایمیل‌ها جواب نمی‌دهد.', -1), (6, 'delivery', 'The parcel came a week late.', '包裹晚了一周。', 'بسته یک هفته دیر رسید.', -1),
	(7, 'machine', 'Is there a smaller machine?', '有小一点的机器吗？', 'دستگاه کوچک‌تر دارید؟', 0), (8, 'price', 'Please send a new price list.', '请发新的价目表。', 'لطفاً فهرست قیمت جدید بفرستید.', 0),
	(9, 'machine', 'Hm.', '嗯。', 'خب.', NULL)) v(n, topic, en, zh, fa, sentiment)
	ON v.n = ('{1,1,1,2,2,2,3,3,3,4,5,6,7,8,9,4,5,6,5,6}'::integer[])[1 + floor((15 + 5 * f.trouble) * chance(f.key, 419))::integer];

CREATE INDEX ON invoice (customer_id);
CREATE INDEX ON activity (lead_id);
ANALYZE invoice, shipment, market, territory_target, stock_adjustment, stock, purchase, expense, budget, ledger, production_run, inspection, machine_log, work_order,
	employee, employee_survey, login, handover, campaign, campaign_member, campaign_order, email_event, web_session, web_event, social_event, content_post, footfall,
	activity, offer, holding, loan, enrolment, referral, renewal, ticket_case, ticket_message, feedback;
COMMIT;
