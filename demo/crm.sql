-- A made-up CRM to try things on: schema crm, two years of "Bean & Gear", which sells coffee machines,
-- coffee and service plans to offices.
--
--   psql -f crm.sql        or        \i crm.sql
--
-- Needs nothing but PostgreSQL. One transaction, about five seconds. Every run gives the same rows on
-- every server: all chance comes from hashing row numbers, nothing from random() or the clock.
-- The data cover 2024-01-01 to 2025-12-31 (leads from 2023-10-01 on, so that the pipeline is full); "today" is 2026-01-01. Timestamps are meant as UTC.
-- To be rid of it: DROP SCHEMA crm CASCADE.
--
-- What is in it: growth, a weekly rhythm, a summer dip and a strong fourth quarter; channels that differ in
-- cost and quality; dearer coffee from 2025; a bad second quarter of 2025 (support backlog, late deliveries,
-- worse answers, more lost customers) that heals by autumn; and the dirt of a real CRM: unknown channels and regions,
-- missing dates and costs, skipped stages, refunds as negative orders, tickets answered before they were opened.

\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
SET LOCAL jit = off;
CREATE SCHEMA crm;
COMMENT ON SCHEMA crm IS 'demonstration CRM of kpi: made-up data, 2024-01-01 to 2025-12-31';
SET LOCAL search_path = crm;

-- ---------------------------------------------------------------------------------------------- tables

CREATE TABLE customer (
	id			integer PRIMARY KEY,
	name		text NOT NULL,
	region		text,
	segment		text NOT NULL CHECK (segment IN ('small', 'mid-size', 'enterprise')),
	channel		text,
	since		date NOT NULL,
	lost_at		date CHECK (lost_at > since),
	lost_reason	text
);
COMMENT ON TABLE customer IS 'companies that have bought; channel is how they were won, lost_at is NULL while they stay';

CREATE TABLE lead (
	id			integer PRIMARY KEY,
	created_at	timestamptz NOT NULL,
	region		text,
	segment		text NOT NULL,
	channel		text,
	owner		text NOT NULL,
	stage		text NOT NULL CHECK (stage IN ('lead', 'mql', 'sql', 'opportunity', 'won', 'lost')),
	customer_id	integer UNIQUE REFERENCES customer
);
COMMENT ON TABLE lead IS 'companies that might buy; stage is the latest one, customer_id is set when won';

CREATE TABLE lead_stage_history (
	lead_id		integer NOT NULL REFERENCES lead,
	stage		text NOT NULL CHECK (stage IN ('lead', 'mql', 'sql', 'opportunity', 'won', 'lost')),
	entered_at	timestamptz NOT NULL,
	PRIMARY KEY (lead_id, stage)
);
COMMENT ON TABLE lead_stage_history IS 'when each lead entered each stage; a few leads skip mql';

CREATE TABLE category (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
COMMENT ON TABLE category IS 'product categories';

CREATE TABLE product (
	id			integer PRIMARY KEY,
	category_id	integer NOT NULL REFERENCES category,
	name		text NOT NULL UNIQUE,
	list_price	numeric(10,2) NOT NULL,
	unit_cost	numeric(10,2) NOT NULL
);
COMMENT ON TABLE product IS 'products with price and cost of 2024';

CREATE TABLE orders (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	ordered_at	date NOT NULL,
	status		text NOT NULL CHECK (status IN ('open', 'shipped', 'cancelled', 'refund')),
	required_at	date,
	shipped_at	date,
	paid_at		date,
	refund_of	integer REFERENCES orders
);
COMMENT ON TABLE orders IS 'orders; required_at is the promised day of shipping. A refund is an order of its own with negative lines';

CREATE TABLE order_line (
	order_id	integer NOT NULL REFERENCES orders,
	line_no		integer NOT NULL,
	product_id	integer NOT NULL REFERENCES product,
	quantity	integer NOT NULL CHECK (quantity <> 0),
	unit_price	numeric(10,2) NOT NULL,
	discount	numeric(3,2) NOT NULL DEFAULT 0 CHECK (discount >= 0 AND discount < 1),
	unit_cost	numeric(10,2),
	revenue		numeric GENERATED ALWAYS AS (round(quantity * unit_price * (1 - discount), 2)) STORED,
	cost		numeric GENERATED ALWAYS AS (quantity * unit_cost) STORED,
	PRIMARY KEY (order_id, line_no)
);
COMMENT ON TABLE order_line IS 'what was ordered; discount is a fraction; a missing unit_cost is unknown, not zero';

CREATE TABLE subscription (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	plan		text NOT NULL CHECK (plan IN ('basic', 'plus', 'pro')),
	mrr			numeric(10,2) NOT NULL CHECK (mrr > 0),
	started_at	date NOT NULL,
	ended_at	date CHECK (ended_at > started_at),
	end_reason	text
);
COMMENT ON TABLE subscription IS 'service plans, revenue a month; ended_at is the first day without, NULL while running; a change of plan ends one row and starts another';

CREATE TABLE survey_response (
	id			integer PRIMARY KEY,
	customer_id	integer NOT NULL REFERENCES customer,
	answered_at	timestamptz NOT NULL,
	nps_score	smallint CHECK (nps_score BETWEEN 0 AND 10),
	csat_score	smallint CHECK (csat_score BETWEEN 1 AND 5)
);
COMMENT ON TABLE survey_response IS 'survey answers; a question that was left out is NULL';

CREATE TABLE ticket (
	id			integer PRIMARY KEY,
	customer_id	integer REFERENCES customer,
	channel		text NOT NULL CHECK (channel IN ('email', 'portal', 'phone', 'chat')),
	priority	text NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
	created_at	timestamptz NOT NULL,
	first_response_at	timestamptz,
	resolved_at	timestamptz
);
COMMENT ON TABLE ticket IS 'support tickets; customer_id is NULL where nobody found out who asked; some clocks were wrong';

CREATE TABLE campaign_spend (
	month		date NOT NULL,
	channel		text NOT NULL,
	spend		numeric(10,2),
	PRIMARY KEY (month, channel)
);
COMMENT ON TABLE campaign_spend IS 'marketing and sales cost by month and channel; NULL where the invoice has not come';

-- --------------------------------------------------------------------------------------------- helpers

-- A number in [0,1) that depends on nothing but its arguments. Hash partitions rely on hashint8extended
-- staying as it is, so do we. Each use has its own seed.
CREATE FUNCTION chance(id bigint, seed bigint) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (hashint8extended(id, seed) & 1073741823) / 1073741824::double precision;
COMMENT ON FUNCTION chance(bigint, bigint) IS 'made-up but repeatable number in [0,1)';

CREATE FUNCTION pick(choices text[], chance double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN choices[1 + floor(chance * cardinality(choices))::integer];
COMMENT ON FUNCTION pick(text[], double precision) IS 'one of the choices';

CREATE FUNCTION workday(day date) RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN day + ('{0,0,0,0,0,2,1}'::integer[])[extract(isodow FROM day)::integer];
COMMENT ON FUNCTION workday(date) IS 'the day, or Monday if it is a weekend';

-- n counts the days; season and weekday are the rhythm, about 1; trouble is the bad quarter, 0 to 1.
-- Only leads use the days before 2024 (n < 0).
CREATE TEMP TABLE day ON COMMIT DROP AS
SELECT n, d AS day,
	('{.92,.95,1.02,1.00,.98,.95,.80,.78,1.02,1.12,1.28,1.18}'::float8[])[extract(month FROM d)::integer]
		* (0.85 + 0.3 * n / 731) AS season,
	('{1.25,1.3,1.3,1.25,1.1,.5,.3}'::float8[])[extract(isodow FROM d)::integer] AS weekday,
	CASE to_char(d, 'YYYY-MM') WHEN '2025-04' THEN 0.7 WHEN '2025-05' THEN 1 WHEN '2025-06' THEN 1
		WHEN '2025-07' THEN 0.4 WHEN '2025-08' THEN 0.15 ELSE 0 END::float8 AS trouble
FROM generate_series(-92, 730) n, LATERAL (SELECT date '2024-01-01' + n) x(d);

-- Share of the leads, how good they are, money a month.
CREATE TEMP TABLE plan ON COMMIT DROP AS
SELECT n, channel, quality, budget, sum(share) OVER w - share AS from_share, sum(share) OVER w AS to_share
FROM (VALUES (1, 'search', 0.30::float8, 1.00::float8, 12000), (2, 'social', 0.24, 0.82, 6000),
	(3, 'referral', 0.10, 1.20, 2500), (4, 'partner', 0.10, 1.10, 4500), (5, 'fair', 0.10, 1.03, 11000),
	(6, 'outbound', 0.13, 0.90, 9000), (7, NULL, 0.03, 0.95, NULL)) v(n, channel, share, quality, budget)
WINDOW w AS (ORDER BY n);
UPDATE plan SET to_share = 1 WHERE channel IS NULL;

-- ------------------------------------------------------------------------------------ leads, customers

-- reach: how far a lead gets, 1 (lead) to 5 (won); the days on which it would enter the stages.
CREATE TEMP TABLE prospect ON COMMIT DROP AS
WITH arrival AS (
	SELECT row_number() OVER (ORDER BY d.n, k) AS id, d.day, d.trouble
	FROM day d, generate_series(1, floor(15.2 * season * weekday + chance(d.n, 1))::integer) k
), lead AS (
	SELECT a.*, p.channel,
		pick('{small,small,small,small,small,small,mid-size,mid-size,mid-size,enterprise}', chance(id, 3)) AS segment,
		pick('{North,North,North,South,South,East,East,West,West,West}', chance(id, 4)) AS region,
		CASE WHEN chance(id, 5) >= 0.64 * quality THEN 1
			WHEN chance(id, 6) >= 0.64 * quality THEN 2
			WHEN chance(id, 7) >= 0.64 * quality THEN 3
			WHEN chance(id, 8) >= 0.53 * quality * (1 - 0.25 * trouble) THEN 4 ELSE 5 END AS reach
	FROM arrival a JOIN plan p ON chance(id, 2) >= from_share AND chance(id, 2) < to_share
), mql AS (
	SELECT *, workday(day + 1 + floor(12 * chance(id, 9) * chance(id, 10))::integer) AS mql FROM lead
), sql AS (
	SELECT *, workday(mql + 2 + floor(20 * chance(id, 11))::integer) AS sql FROM mql
), opportunity AS (
	SELECT *, workday(sql + 3 + floor(24 * chance(id, 12))::integer) AS opportunity FROM sql
)
SELECT *, workday(opportunity + 5 + floor(CASE segment WHEN 'small' THEN 40 WHEN 'mid-size' THEN 60 ELSE 90 END
		* chance(id, 13))::integer) AS closed
FROM opportunity;

-- Who does not get on is marked lost sooner or later, or forgotten. What lies after today has not happened.
CREATE TEMP TABLE step ON COMMIT DROP AS
SELECT p.id AS lead_id, s.n, s.stage, s.day + interval '8 hours' + floor(600 * chance(p.id, 20 + s.n)) * interval '1 minute' AS entered_at
FROM prospect p, LATERAL (VALUES
	(1, 'lead', day, true),
	(2, 'mql', mql, reach >= 2 AND chance(id, 14) >= 0.015),
	(3, 'sql', sql, reach >= 3),
	(4, 'opportunity', opportunity, reach >= 4),
	(5, 'won', closed, reach = 5),
	(5, 'lost', CASE reach WHEN 1 THEN mql WHEN 2 THEN sql WHEN 3 THEN opportunity ELSE closed END + 14,
		reach < 5 AND chance(id, 15) < CASE reach WHEN 4 THEN 0.94 ELSE 0.7 END)) s(n, stage, day, happened)
WHERE s.happened AND s.day < date '2026-01-01';

-- 2,500 customers from before, and one for each lead that was won.
INSERT INTO customer (id, name, region, segment, channel, since)
SELECT id, ('{Amber,Birch,Cedar,Dune,Elm,Falcon,Garnet,Harbour,Iris,Juniper,Kestrel,Linden,Maple,North Star,Oak,Pearl,Quartz,Raven,Silver,Tide,Umber,Violet,Willow,Zephyr}'::text[])[1 + number / 192]
	|| ' ' || ('{Accounting,Architects,Bakery,Clinic,Dental,Design,Engineering,Estates,Fitness,Foods,Insurance,Kitchens,Law,Logistics,Media,Motors,Optics,Paper,Pharma,Robotics,Software,Textiles,Tools,Travel}'::text[])[1 + number / 8 % 24]
	|| ' ' || ('{Ltd,Group,Partners,& Co,Works,House,Services,International}'::text[])[1 + number % 8],
	CASE WHEN chance(id, 31) >= 0.02 THEN region END, segment, channel, since
FROM (
	SELECT *, id * 1999 % 4608 AS number
	FROM (
		SELECT row_number() OVER (ORDER BY since, g) AS id, since, channel,
			pick('{North,North,North,South,South,East,East,West,West,West}', chance(g, 32)) AS region,
			pick('{small,small,small,small,small,mid-size,mid-size,mid-size,mid-size,enterprise}', chance(g, 33)) AS segment
		FROM generate_series(1, 2500) g
			JOIN plan ON chance(g, 34) >= from_share AND chance(g, 34) < to_share,
			LATERAL (SELECT workday(date '2019-01-01' + floor(1824 * sqrt(chance(g, 35)))::integer)) x(since)
		UNION ALL
		SELECT 2500 + row_number() OVER (ORDER BY s.entered_at, id), s.entered_at::date, channel, region, segment
		FROM prospect JOIN step s ON s.lead_id = id AND s.stage = 'won'
	) won
) named;

INSERT INTO lead
SELECT p.id, s.entered_at, CASE WHEN chance(p.id, 36) >= 0.05 THEN p.region END, p.segment, p.channel,
	pick('{Adams,Brown,Chen,Diaz,Evans,Fischer}', chance(p.id, 37)), last.stage, 2500 + won.nth
FROM prospect p JOIN step s ON s.lead_id = p.id AND s.stage = 'lead'
	JOIN (SELECT DISTINCT ON (lead_id) lead_id, stage FROM step ORDER BY lead_id, n DESC) last ON last.lead_id = p.id
	LEFT JOIN (SELECT lead_id, row_number() OVER (ORDER BY entered_at, lead_id) AS nth FROM step WHERE stage = 'won') won
		ON won.lead_id = p.id;

INSERT INTO lead_stage_history SELECT lead_id, stage, entered_at FROM step;

-- Each month some leave: small ones and those from social media sooner, and many in the bad quarter.
UPDATE customer c
SET lost_at = l.lost_at,
	lost_reason = CASE WHEN chance(c.id, 41) < 0.12 THEN NULL
		WHEN chance(c.id, 42) < 0.6 * l.trouble THEN 'service'
		ELSE pick('{price,price,service,competitor,competitor,closed down,no need}', chance(c.id, 43)) END
FROM (
	SELECT DISTINCT ON (c.id) c.id, d.day + floor(28 * chance(c.id, 44))::integer AS lost_at, d.trouble
	FROM customer c JOIN day d ON d.n >= 0 AND extract(day FROM d.day) = 1 AND d.day > c.since + 60
	WHERE chance(c.id * 1000 + d.n, 45) < 0.0075 * (1 + 2.2 * d.trouble)
		* CASE c.segment WHEN 'small' THEN 1.3 WHEN 'mid-size' THEN 0.8 ELSE 0.4 END
		* CASE c.channel WHEN 'social' THEN 1.5 WHEN 'referral' THEN 0.6 ELSE 1 END
	ORDER BY c.id, d.day
) l
WHERE l.id = c.id;

INSERT INTO campaign_spend
SELECT d.day, p.channel,
	CASE WHEN p.channel = 'outbound' AND d.day = '2025-12-01' THEN NULL
	ELSE round((p.budget * d.season * (0.85 + 0.3 * chance(d.n, 50 + p.n))
		* CASE WHEN p.channel <> 'fair' THEN 1 WHEN extract(month FROM d.day) IN (3, 9) THEN 4.5 ELSE 0.3 END)::numeric, 2) END
FROM day d, plan p
WHERE d.n >= 0 AND extract(day FROM d.day) = 1 AND p.channel IS NOT NULL;

-- ----------------------------------------------------------------------------------- products, orders

INSERT INTO category VALUES (1, 'Coffee'), (2, 'Supplies'), (3, 'Accessories'), (4, 'Spare parts'), (5, 'Machines');

INSERT INTO product (id, category_id, name, list_price, unit_cost) VALUES
	(1, 1, 'House Blend 1 kg', 16.90, 9.10), (2, 1, 'Espresso Roast 1 kg', 18.50, 9.90), (3, 1, 'Decaf 1 kg', 19.90, 11.20),
	(4, 1, 'Single Origin 1 kg', 26.00, 15.40), (5, 1, 'Organic 1 kg', 22.40, 13.00), (6, 2, 'Paper Cups 500', 24.00, 11.80),
	(7, 2, 'Sugar Sticks 1000', 9.50, 4.10), (8, 2, 'Oat Drink 12 l', 21.60, 14.20), (9, 2, 'Cleaning Tablets 100', 19.00, 6.30),
	(10, 2, 'Descaler 5 l', 27.50, 9.80), (11, 2, 'Water Filter', 34.00, 15.50), (12, 3, 'Milk Frother', 89.00, 47.00),
	(13, 3, 'Cup Warmer', 129.00, 71.00), (14, 3, 'Bean Hopper', 59.00, 28.00), (15, 3, 'Espresso Cups 12', 42.00, 17.50),
	(16, 4, 'Gasket Set', 14.00, 3.60), (17, 4, 'Brew Unit', 118.00, 58.00), (18, 4, 'Water Pump', 76.00, 33.00),
	(19, 5, 'Machine S', 690.00, 472.00), (20, 5, 'Machine M', 1490.00, 1010.00), (21, 5, 'Machine L', 2890.00, 1900.00);

-- New customers order on their first day; after that, each at their own pace, more in season.
INSERT INTO orders (id, customer_id, ordered_at, status, required_at)
SELECT row_number() OVER (ORDER BY day, key), customer_id, day,
	CASE WHEN chance(key, 60) < 0.015 THEN 'cancelled' ELSE 'open' END,
	CASE WHEN chance(key, 61) >= 0.01 THEN workday(day + 3 + floor(8 * chance(key, 62))::integer) END
FROM (
	SELECT c.id AS customer_id, c.since AS day, c.id * 1000000::bigint AS key, NULL::date AS since, c.lost_at
	FROM customer c WHERE c.since >= '2024-01-01'
	UNION ALL
	SELECT c.id, CASE WHEN chance(key + k, 63) < 0.9 THEN workday(shopping) ELSE shopping END, key + k, c.since, c.lost_at
	FROM customer c JOIN day d ON d.n >= 0 AND extract(day FROM d.day) = 1 AND d.day + 31 > c.since AND (d.day < c.lost_at) IS NOT FALSE,
		LATERAL (SELECT c.id * 1000000::bigint + d.n * 100) a(key),
		generate_series(1, floor(0.68 * (0.1 + 1.5 * chance(c.id, 64) * chance(c.id, 65)) * d.season * 2 * chance(key, 66)
			* CASE c.segment WHEN 'small' THEN 0.9 WHEN 'mid-size' THEN 1.1 ELSE 1.6 END + chance(key, 67))::integer) k,
		LATERAL (SELECT d.day + floor(((d.day + interval '1 month')::date - d.day) * chance(key + k, 68))::integer) b(shopping)
) o
WHERE day < '2026-01-01' AND (day > since) IS NOT FALSE AND (day < lost_at) IS NOT FALSE;

-- Shipping: late more often in the rush before the holidays and in the bad quarter; a few were never booked.
-- Payment: most within a month or so, a few never.
UPDATE orders o
SET status = CASE WHEN s.shipped_at < '2026-01-01' THEN 'shipped' ELSE 'open' END,
	shipped_at = CASE WHEN s.shipped_at < '2026-01-01' AND chance(o.id, 71) >= 0.006 THEN s.shipped_at END,
	paid_at = CASE WHEN s.paid_at < '2026-01-01' AND chance(o.id, 72) >= 0.012 THEN s.paid_at END
FROM (
	SELECT o.id, x.shipped_at, x.shipped_at + 8 + floor(30 * chance(o.id, 73) + 30 * chance(o.id, 74) * chance(o.id, 75))::integer AS paid_at
	FROM orders o JOIN day d ON d.day = o.ordered_at,
		LATERAL (SELECT workday(CASE
			WHEN chance(o.id, 76) < 0.05 + 0.10 * d.trouble + CASE WHEN extract(month FROM d.day) >= 11 THEN 0.05 ELSE 0 END
			THEN coalesce(o.required_at, o.ordered_at + 6) + 1 + floor(9 * chance(o.id, 77) * chance(o.id, 78))::integer
			ELSE least(o.required_at, o.ordered_at + 1 + floor(4 * chance(o.id, 79))::integer) END)) x(shipped_at)
) s
WHERE s.id = o.id AND o.status <> 'cancelled';

-- Coffee costs 15 % more from 2025; its price follows by 9 % in July.
INSERT INTO order_line (order_id, line_no, product_id, quantity, unit_price, discount, unit_cost)
SELECT o.id, n, p.id,
	1 + floor(CASE p.category_id WHEN 1 THEN 22 WHEN 2 THEN 9 WHEN 5 THEN 0.5 ELSE 2 END
		* CASE c.segment WHEN 'small' THEN 0.7 WHEN 'mid-size' THEN 1.3 ELSE 3.2 END * chance(key, 83) * chance(key, 84) * 2)::integer,
	round(p.list_price * CASE WHEN p.category_id = 1 AND o.ordered_at >= '2025-07-01' THEN 1.09 ELSE 1 END, 2),
	CASE WHEN chance(key, 85) < CASE c.segment WHEN 'small' THEN 0.2 WHEN 'mid-size' THEN 0.4 ELSE 0.8 END
		THEN (1 + floor(4 * chance(key, 86))) * 0.05 ELSE 0 END,
	CASE WHEN chance(key, 87) >= 0.01
		THEN round(p.unit_cost * CASE WHEN p.category_id = 1 AND o.ordered_at >= '2025-01-01' THEN 1.15 ELSE 1 END, 2) END
FROM orders o JOIN customer c ON c.id = o.customer_id,
	generate_series(1, 1 + floor(4 * chance(o.id, 81) * chance(o.id, 82))::integer) n,
	LATERAL (SELECT o.id * 100::bigint + n) a(key)
	JOIN product p ON p.id = CASE
		WHEN chance(key, 88) < 0.52 THEN 1 + floor(5 * chance(key, 89))
		WHEN chance(key, 88) < 0.80 THEN 6 + floor(6 * chance(key, 89))
		WHEN chance(key, 88) < 0.88 THEN 12 + floor(4 * chance(key, 89))
		WHEN chance(key, 88) < 0.95 THEN 16 + floor(3 * chance(key, 89))
		ELSE 19 + floor(3 * chance(key, 89) * chance(key, 90)) END;

-- One shipped order in fifty has its first line taken back within a month.
WITH refund AS (
	INSERT INTO orders (id, customer_id, ordered_at, status, refund_of)
	SELECT last.id + row_number() OVER (ORDER BY o.id), customer_id, shipped_at + 2 + floor(28 * chance(o.id, 91))::integer, 'refund', o.id
	FROM orders o, (SELECT max(id) AS id FROM orders) last
	WHERE chance(o.id, 92) < 0.02 AND shipped_at + 30 < '2026-01-01'
	RETURNING id, refund_of
)
INSERT INTO order_line (order_id, line_no, product_id, quantity, unit_price, discount, unit_cost)
SELECT r.id, 1, product_id, -quantity, unit_price, discount, unit_cost
FROM refund r JOIN order_line l ON l.order_id = r.refund_of AND l.line_no = 1;

-- -------------------------------------------------------------------------------------- subscriptions

-- Nearly half of the customers have a plan. Some move to a bigger or smaller one, some leave it, some come back.
INSERT INTO subscription (id, customer_id, plan, mrr, started_at, ended_at, end_reason)
WITH first AS (
	SELECT c.id AS customer_id, c.lost_at, s.started_at,
		1 + floor(3 * chance(c.id, 102) * (0.5 + 0.5 * chance(c.id, 103)))::integer AS plan,
		1 + floor(chance(c.id, 104) * CASE c.segment WHEN 'small' THEN 1.6 WHEN 'mid-size' THEN 3.5 ELSE 9 END)::integer AS machines,
		CASE WHEN chance(c.id, 105) < 0.55
			THEN greatest(s.started_at + 90, date '2024-01-01') + floor(640 * chance(c.id, 106))::integer END AS changed_at,
		pick('{upgrade,upgrade,upgrade,upgrade,upgrade,upgrade,downgrade,downgrade,cancelled,paused}', chance(c.id, 107)) AS change
	FROM customer c, LATERAL (SELECT c.since + floor(60 * chance(c.id, 108))::integer) s(started_at)
	WHERE chance(c.id, 101) < 0.46 AND s.started_at < '2026-01-01' AND (s.started_at < c.lost_at) IS NOT FALSE
), second AS (
	SELECT customer_id, lost_at,
		CASE change WHEN 'paused' THEN changed_at + 40 + floor(120 * chance(customer_id, 109))::integer ELSE changed_at END AS started_at,
		CASE change WHEN 'upgrade' THEN least(plan + 1, 3) WHEN 'downgrade' THEN greatest(plan - 1, 1) ELSE plan END AS plan,
		CASE WHEN change = 'upgrade' AND plan = 3 THEN machines + 2
			WHEN change = 'downgrade' AND plan = 1 THEN greatest(machines - 1, 1) ELSE machines END AS machines,
		NULL::date AS changed_at, NULL AS change
	FROM first WHERE changed_at IS NOT NULL AND change <> 'cancelled'
)
SELECT row_number() OVER (ORDER BY s.started_at, customer_id), customer_id, ('{basic,plus,pro}'::text[])[plan],
	('{39,89,189}'::numeric[])[plan] * machines, s.started_at, e.ended_at,
	CASE WHEN e.ended_at = changed_at THEN change WHEN e.ended_at IS NOT NULL THEN 'cancelled' END
FROM (SELECT * FROM first UNION ALL SELECT * FROM second) s,
	LATERAL (SELECT CASE WHEN least(changed_at, lost_at) < '2026-01-01' THEN least(changed_at, lost_at) END) e(ended_at)
WHERE s.started_at < '2026-01-01' AND (s.started_at < lost_at) IS NOT FALSE;

-- ---------------------------------------------------------------------------------- surveys, support

-- x is how content the customer is, 0 to 1: less in the bad quarter, and in the last months before leaving.
INSERT INTO survey_response (id, customer_id, answered_at, nps_score, csat_score)
SELECT row_number() OVER (ORDER BY key), customer_id,
	day + interval '7 hours' + floor(840 * chance(key, 121)) * interval '1 minute',
	CASE WHEN chance(key, 122) >= 0.07
		THEN width_bucket(x + 0.3 * chance(key, 123), '{.05,.09,.13,.165,.20,.245,.29,.37,.486,.654}'::float8[]) END,
	CASE WHEN chance(key, 124) >= 0.12
		THEN 1 + width_bucket(x + 0.3 * chance(key, 125), '{.07,.16,.29,.60}'::float8[]) END
FROM (
	SELECT a.key, d.day, c.id AS customer_id, 0.7 * chance(a.key, 126) + 0.01 - 0.10 * d.trouble
		- CASE WHEN c.lost_at < d.day + 90 THEN 0.18 ELSE 0 END
		+ CASE c.segment WHEN 'small' THEN 0.02 WHEN 'mid-size' THEN 0 ELSE -0.04 END AS x
	FROM day d, generate_series(1, floor(11.3 * season * weekday + chance(d.n, 127))::integer) k,
		LATERAL (SELECT d.n * 1000::bigint + k) a(key)
		JOIN customer c ON c.id = 1 + floor((SELECT count(*) FROM customer) * chance(a.key, 128))
	WHERE d.n >= 0 AND c.since < d.day AND (d.day < c.lost_at) IS NOT FALSE
) s;

-- Waiting time: minutes, by channel and urgency, with a long tail; mail of the weekend waits for Monday.
INSERT INTO ticket (id, customer_id, channel, priority, created_at, first_response_at, resolved_at)
SELECT row_number() OVER (ORDER BY created_at, key), CASE WHEN chance(key, 141) >= 0.02 THEN customer_id END, channel, priority,
	created_at, CASE WHEN responded_at < '2026-01-01' AND chance(key, 142) >= 0.015 THEN responded_at END,
	CASE WHEN resolved_at < '2026-01-01' AND chance(key, 143) >= 0.02 THEN resolved_at END
FROM (
	SELECT *, responded_at + interval '20 minutes' + floor(400 * (1 + trouble) * chance(key, 144) / (1.03 - chance(key, 144))) * interval '1 minute' AS resolved_at
	FROM (
		SELECT *, CASE WHEN chance(key, 145) < 0.0012 THEN created_at - interval '1 hour' ELSE created_at
			+ CASE WHEN channel IN ('email', 'portal') THEN (workday(day) - day) * interval '20 hours' ELSE interval '0' END
			+ floor(1 + CASE channel WHEN 'email' THEN 75 WHEN 'portal' THEN 95 WHEN 'phone' THEN 2 ELSE 6 END
				* CASE priority WHEN 'low' THEN 1.6 WHEN 'normal' THEN 1 WHEN 'high' THEN 0.6 ELSE 0.3 END
				* (1 + 5 * trouble) * chance(key, 146) / (1.03 - chance(key, 146))) * interval '1 minute' END AS responded_at
		FROM (
			SELECT a.key, d.day, d.trouble, c.id AS customer_id,
				d.day + interval '7 hours' + floor(780 * chance(a.key, 147)) * interval '1 minute' AS created_at,
				pick('{email,email,email,email,email,portal,portal,phone,phone,chat}', chance(a.key, 148)) AS channel,
				pick('{low,low,normal,normal,normal,normal,normal,high,high,urgent}', chance(a.key, 149)) AS priority
			FROM day d, generate_series(1, floor(12 * season * weekday * weekday * (1 + 0.35 * trouble) + chance(d.n, 150))::integer) k,
				LATERAL (SELECT d.n * 1000::bigint + k) a(key)
				JOIN customer c ON c.id = 1 + floor((SELECT count(*) FROM customer) * chance(a.key, 151))
			WHERE d.n >= 0 AND c.since < d.day AND (d.day < c.lost_at) IS NOT FALSE
		) t
	) t
) t;

CREATE INDEX ON orders (customer_id);
CREATE INDEX ON subscription (customer_id);
CREATE INDEX ON survey_response (customer_id);
CREATE INDEX ON ticket (customer_id);
ANALYZE customer, lead, lead_stage_history, category, product, orders, order_line, subscription, survey_response, ticket, campaign_spend;
COMMIT;
