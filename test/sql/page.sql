-- The scorecard's page: escaping, figures, drawings, and what the page says in each state of a KPI. What a browser
-- makes of it is test/t/034_page.pl's.
\set SHOW_CONTEXT never
\pset null '(null)'
SET client_min_messages = warning;
SET datestyle = iso;

-- escaping: nothing that could open or close markup or an attribute survives, and it reads back as it was
SELECT kpi_html(v.given) FROM (VALUES ('plain'), (''), ('<script>alert("1")</script>'), ('a & b &amp; c'),
		($$it's "quoted" and `ticked`$$), (']]> --> <!--'),
	('javascript:alert(1)'), (E'tab\tand\nline\r.'), (E'bell\x07 delete\x7f')) AS v (given);
SELECT kpi_html(NULL) IS NULL AS null_for_null;
WITH given AS (
	SELECT string_agg(chr(32 + (abs(hashint4extended(i * 50 + k, 1)) % 95)::int), '' ORDER BY k) AS s
			FROM generate_series(1, 400) AS i, generate_series(1, 50) AS k GROUP BY i)
SELECT count(*),
	count(*) FILTER (WHERE kpi_html(s) ~ '[<>"''`]' OR kpi_html(s) ~ '&(?!amp;|lt;|gt;|#(34|39|96);)') AS unsafe,
	count(*) FILTER (WHERE replace(replace(replace(replace(replace(replace(kpi_html(s), '&lt;', '<'), '&gt;', '>'),
			'&#34;', '"'), '&#39;', ''''), '&#96;', '`'), '&amp;', '&') <> s) AS changed
FROM given;
SELECT length(kpi_html(repeat('<', 100000)));

-- figures: rounded, with commas and the unit; all that a target says
SELECT v.value, kpi_html_value(v.value, '', NULL) AS plain, kpi_html_value(v.value, '%', NULL) AS percent,
	kpi_html_value(v.value, '$', NULL) AS money, kpi_html_value(v.value, 'm <2>', NULL) AS measured
FROM (VALUES (0), (-0.0), (1), (0.5), (12.345), (-12.345), (99.96), (999.96), (1000), (1234567.89), (-1234567.89),
		(0.0012345)) AS v (value);
SELECT kpi_html_value(v.value, '', NULL) AS plain, kpi_html_value(v.value, '%', NULL) AS percent
	FROM (VALUES (1e-12), (1e15), (1.5e300), (-1.7976931348623157e308)) AS v (value);
SELECT kpi_html_value(NULL, '', NULL) IS NULL AS null_value;
SELECT t AS target, kpi_html_target(t, '%') AS percent, kpi_html_target(t, 'EUR') AS money,
	kpi_html_warning(t, '%') AS red
FROM unnest(ARRAY['>= 95%', '<= 1.25% warn 3%', '[10%,20%] warn [8%,25%]', '[10%,20%] warn [,25%]', '>= 99.95%',
		'>= 33.333333333333%', '>= 1234567.891 warn 1000000', '>= -5 warn -10', '>= 1e300']::kpi_target[]) AS t;
-- a unit that is not plain is isolated from what stands beside it, wherever a figure is shown; a sign of currency alone
-- is plain
SELECT kpi_html_value(5, u, NULL) AS value, kpi_html_target('>= 5', u) AS target,
	kpi_html_warning('>= 5 warn 4', u) AS red, kpi_html_change(5, -4, u, true) AS change
FROM unnest(ARRAY[U&'\202EEUR', U&'\0631\06CC\0627\0644', U&'\20AC', U&'\20AC\202E', U&'m\00B2', 'EUR']) AS u;
-- a value beside its target never looks like it unless it is it
SELECT kpi_html_value(v.value, '%', '>= 95% warn 92%')
	FROM (VALUES (0.95), (0.9499), (0.94999), (0.9499999), (0.9500001), (0.9199), (0.9199999999), (0.92)) AS v (value);
-- read back, it lies at the side of the target where the value is; on the target it reads like the target
SELECT count(*), count(*) FILTER (WHERE seen IS NULL) AS unread,
	count(*) FILTER (WHERE sign(seen - wanted) <> sign(v - t)) AS other_side,
	count(*) FILTER (WHERE v <> t AND length(shown) <= 4) > 0 AS some_are_short
FROM generate_series(1, 500) AS i,
	LATERAL (SELECT round((abs(hashint8extended(i, 3)) % 1000000) / 1000.0, i % 4)::float8) AS g (t),
	unnest(ARRAY[0, 1e-2, -1e-2, 1e-4, -1e-4, 1e-6, -1e-6, 3, -3]) AS d, unnest(ARRAY['', '%']) AS m, LATERAL
		(SELECT t + d, kpi_html_value(t + d, m, at_least(t)), kpi_html_target(at_least(t), m)) AS h (v, shown, target),
	LATERAL (SELECT translate(replace(shown, '&#8722;', '-'), '%,', '')::numeric,
			translate(replace(target, 'at least ', ''), '%,', '')::numeric) AS r (seen, wanted);
-- changes: points of fractions and scores, else per cent, else what it is
SELECT v.now, v.before, kpi_html_change(v.now, v.before, '%', false) AS fraction,
	kpi_html_change(v.now, v.before, 'EUR', false) AS amount, kpi_html_change(v.now, v.before, 'points', true) AS score
FROM (VALUES (0.5, 0.4), (0.4, 0.5), (0.51, 0.5), (0.5, 0.5), (150, 100), (100, 150), (5, 0), (5, -5), (1.0001, 1))
	AS v (now, before);

-- bullet graph: the bar ends beyond the mark exactly when the value does (to the drawing's precision), from 0 on; bands
-- are the target's
CREATE FUNCTION number(svg text, class text, name text) RETURNS numeric
	LANGUAGE sql RETURN substring(svg FROM '<rect class="' || class || '"[^>]* ' || name || '="([-0-9.]+)"')::numeric;
SELECT t AS target, v AS value, number(s, 'bar', 'x') AS bar_from,
	number(s, 'bar', 'x') + number(s, 'bar', 'width') AS bar_to, number(s, 'mark', 'x') + 1.5 AS mark,
	array_to_string(ARRAY(SELECT m[1] || ' ' || m[2] || '+' || m[3]
			FROM regexp_matches(s, '"b-(\w+)" x="([-0-9.]+)" y="4.0" width="([-0-9.]+)"', 'g') AS m), ', ') AS bands
FROM (VALUES ('>= 50 warn 40'::kpi_target, 45::float8), ('>= 50 warn 40', 50), ('>= 50 warn 40', 60), ('>= 50', 0),
		('<= 4 warn 6', 5), ('<= 4', 9), ('[10,20] warn [8,25]', 15),
	('>= -5 warn -10', -7), ('>= -5', 3), ('>= 0', 0), ('>= 1e308', -1e308), ('>= 50', NULL)) AS v (t, v),
	kpi_svg_bullet(v, t, NULL, NULL, 'x') AS s;
SELECT count(*), count(*) FILTER (WHERE sign(v - 50)
		* (number(s, 'bar', 'x') + number(s, 'bar', 'width') - number(s, 'mark', 'x') - 1.5) < -0.2) AS wrong_side
FROM generate_series(0, 1000) AS i, LATERAL (SELECT i / 10.0) AS g (v),
	kpi_svg_bullet(v::float8, '>= 50', NULL, NULL, 'x') AS s;
\pset format unaligned
SELECT kpi_svg_bullet(40, '>= 100 warn 80', 5, 0.5, 'so far');
SELECT kpi_svg_bullet(40, NULL, NULL, NULL, 'x') IS NULL AS no_target,
	kpi_svg_bullet(40, '>= 1', NULL, NULL, NULL) IS NULL AS no_label;

-- history: a gap breaks the line, the last is marked, a period in progress is a ring, the forecast begins behind
SELECT kpi_svg_history('{1,2,NULL,4,3}', false, '{2,2,2,3,3}', '{NULL,NULL,NULL,NULL,NULL}', '{3,3}', '{1,0}', '{5,6}',
		'past');
SELECT kpi_svg_history('{1,2,1}', true, '{NULL,NULL,NULL}', '{NULL,NULL,NULL}', '{2}', '{1}', '{3}', 'running');
SELECT kpi_svg_history('{7}', false, '{NULL}', '{NULL}', '{}', '{}', '{}', 'one'),
	kpi_svg_history('{NULL,NULL}', false, '{1,1}', '{NULL,NULL}', '{}', '{}', '{}', 'none') IS NULL AS none,
	kpi_svg_history('{}', false, '{}', '{}', '{}', '{}', '{}', 'none') IS NULL AS nothing;
SELECT kpi_svg_history('{-1e308,1e308}', true, '{NULL,NULL}', '{NULL,NULL}', '{}', '{}', '{}', 'huge');
\pset format aligned
\set VERBOSITY sqlstate
SELECT kpi_svg_history('{1,2}', false, '{1}', '{1,1}', '{}', '{}', '{}', 'x');
SELECT kpi_svg_history('{1,NaN}', false, '{1,1}', '{1,1}', '{}', '{}', '{}', 'x');
\set VERBOSITY default

-- units in the title
SELECT t, kpi_page_title(t) AS title, kpi_page_measure(t) AS measure
FROM (VALUES ('Revenue [EUR]'), ('Churn [%] '), ('Revenue'), ('[%]'), ('A [x] b'), ('A [x][y]'), ('A []'),
		('A [more than twenty characters]')) AS v (t);

-- an empty scorecard says what to do
\pset format unaligned
SELECT substring(kpi_scorecard_html('2024-07-01') FROM '<main>.*</main>');
\pset format aligned
SELECT kpi_scorecard_html(NULL) IS NULL AS null_for_null;

CREATE SCHEMA board;
CREATE TABLE board.fact (kpi text, period date, segment text DEFAULT '', value float8, n int, margin float8);
CREATE VIEW board.sum AS SELECT period, segment, value, n FROM board.fact WHERE kpi = 'sum';
CREATE VIEW board.score AS SELECT period, value, n, margin FROM board.fact WHERE kpi = 'score';
CREATE VIEW board.few AS SELECT period, value, n FROM board.fact WHERE kpi = 'few';
CREATE VIEW board.silent AS SELECT period, value FROM board.fact WHERE kpi = 'silent';
CREATE VIEW board.free AS SELECT period, value FROM board.fact WHERE kpi = 'free';
CREATE VIEW board.broken AS SELECT period, 1 / nullif(value, 0)::int AS value FROM board.fact WHERE kpi = 'broken';
INSERT INTO board.fact SELECT 'sum', m, s, 100 + 10 * i + CASE s WHEN 'north' THEN 40 ELSE 0 END, 7
	FROM generate_series(timestamp '2023-01-01', '2024-06-01', '1 month') WITH ORDINALITY AS m (m, i),
	(VALUES ('north'), ('south <b>')) AS s (s);
INSERT INTO board.fact SELECT 'sum', date '2024-07-01' + d, 'north', 20, 1 FROM generate_series(0, 14) AS d;
INSERT INTO board.fact SELECT 'score', q, '', 40 + i, 200, 5
	FROM generate_series(timestamp '2023-01-01', '2024-04-01', '3 months') WITH ORDINALITY AS q (q, i);
INSERT INTO board.fact SELECT 'few', m, '', 0.9, 3
	FROM generate_series(timestamp '2024-01-01', '2024-06-01', '1 month') AS m (m);
INSERT INTO board.fact SELECT 'silent', m, '', 5
	FROM generate_series(timestamp '2024-01-01', '2024-03-01', '1 month') AS m (m);
INSERT INTO board.fact SELECT 'free', m, '', 1000 * i
	FROM generate_series(timestamp '2022-07-01', '2024-06-01', '1 month') WITH ORDINALITY AS m (m, i);
INSERT INTO board.fact VALUES ('broken', '2024-06-01', '', 1);
SELECT kpi_define('sum', 'Sales & <script>alert("x")</script> [$]', 'board.sum', 'month',
		'flow', 'financial', 'strategic', 'lagging', owner => $$O'Neil "the boss" <x>$$,
		description => ']]> javascript:alert(1) <img src=x onerror=alert(1)>'),
	kpi_define('score', 'Score', 'board.score', 'quarter', 'survey', 'customer', 'strategic', 'lagging'),
	kpi_define('few', 'Few [%]', 'board.few', 'month', 'average', 'customer', 'operational', 'leading', min_n => 10),
	kpi_define('silent', 'Silent', 'board.silent', 'month', 'stock', 'process', 'operational', 'leading'),
	kpi_define('free', 'Free', 'board.free', 'month', 'stock', 'process', 'operational', 'leading'),
	kpi_define('broken', 'Broken', 'board.broken', 'month', 'flow', 'people', 'functional', 'leading'),
	kpi_define('never', 'Never measured', 'board.free', 'month', 'stock', 'people', 'functional', 'lagging'),
	kpi_define('retired', 'Retired', 'board.free', 'month', 'stock', 'people', 'functional', 'lagging',
			active => '(,2024-01-01)');
SELECT kpi_set_goal('sum', '>= 500 warn 400', '[2023-01-01,)'), kpi_set_goal('sum', '>= 250 warn 200', '[2023-01-01,)',
		'north'), kpi_set_goal('score', '>= 44 warn 30', '[2023-01-01,)'),
	kpi_set_goal('few', '>= 80%', '[2023-01-01,)'), kpi_set_goal('silent', '<= 4 warn 6', '[2023-01-01,)'),
		kpi_set_goal('broken', '>= 1', '[2023-01-01,)');
SELECT name, m.readings, m.error FROM unnest(ARRAY['sum', 'score', 'few', 'silent', 'free', 'broken']) AS k,
	LATERAL kpi_measure(k, '2024-05-31', false) AS m;
UPDATE board.fact SET value = 0.4 WHERE kpi = 'broken';
CREATE OR REPLACE VIEW board.broken AS SELECT period, (1 / round(value))::int AS value FROM board.fact
	WHERE kpi = 'broken';
SELECT name, m.readings, m.error FROM unnest(ARRAY['sum', 'score', 'few', 'silent', 'free', 'broken']) AS k,
	LATERAL kpi_measure(k, '2024-07-15', false) AS m;

-- each card as text: tags away, drawings by their label
CREATE FUNCTION seen(html text) RETURNS text LANGUAGE sql RETURN
	btrim(regexp_replace(regexp_replace(regexp_replace(html, '<svg class="(bullet|history)"[^>]* aria-label="([^"]*)">',
			E'\n(\\2)\n', 'g'), '<(/?(p|div|h\d|li|tr|ul|dl|dt|article|table|section|caption|br)\y)[^>]*>', E'\n', 'g'),
			'<[^>]*>', ' ', 'g'), E' \n');
CREATE FUNCTION lines(html text) RETURNS text
	LANGUAGE sql RETURN regexp_replace(regexp_replace(seen(html), '[ \t]+', ' ', 'g'), E'( ?\n)+ ?', E'\n', 'g');
\pset format unaligned
CREATE TEMP TABLE page AS SELECT kpi_scorecard_html('2024-07-15') AS html;
SELECT lines(substring(html FROM '<header class="top">.*?<h2 id="financial">')) FROM page;
SELECT lines(card) AS card
	FROM page, regexp_split_to_table(substring(html FROM '<div class="cards">.*<h2 id="changed">'), '(?=<article )')
	WITH ORDINALITY AS c (card, i) WHERE i > 1;
SELECT lines(substring(html FROM '<h2 id="changed">.*?</section>')) FROM page;
\pset format aligned
-- the forecast is that of the complete readings, the attainment that of the days that have passed
SELECT r.kpi, f.value IS NOT NULL AS has_forecast,
	position('<dd>' || kpi_html_value(f.value, m, NULL) || '<br/><span class="soft">95%: ' || kpi_html_value(f.lower, m,
		NULL) || ' to ' || kpi_html_value(f.upper, m, NULL) || '</span>' IN html) > 0 AS shown
FROM page, (SELECT kpi, array_agg(value ORDER BY period) AS series FROM kpi_reading WHERE segment = '' AND complete
		GROUP BY kpi) AS r JOIN kpi_definition d ON d.name = r.kpi,
	LATERAL kpi_page_measure(d.title) AS m,
		LATERAL forecast(series, 1, CASE d.unit WHEN 'quarter' THEN 4 ELSE 12 END) AS f
WHERE f.lower IS NOT NULL ORDER BY r.kpi;
SELECT position('<b>' || kpi_html_value(300 / (500 * 15 / 31.0), '%', NULL) || '</b> of what is due by now' IN html) > 0
	AS paced FROM page;

\pset format aligned
-- hostile text is text: only our own tags, each closed, no attribute that runs anything, nothing from elsewhere
SELECT DISTINCT m[1] AS tag FROM page, regexp_matches(html, '<([a-zA-Z!][a-zA-Z0-9]*)', 'g') AS m ORDER BY 1;
SELECT DISTINCT m[1] AS attribute
	FROM page, regexp_matches(regexp_replace(html, '"[^"]*"', '""', 'g'), ' ([a-z-]+)=""', 'g') AS m ORDER BY 1;
SELECT DISTINCT m[1] AS leads_to FROM page, regexp_matches(html, '(?:href|src|action)="([^"]*)"', 'g') AS m
	WHERE m[1] !~ '^#kpi-\d+$';
SELECT html ~ '[^\x20-\x7e\n]' AS not_ascii, html ~ 'url\(|@import|<script| on\w+="' AS active,
	html = kpi_scorecard_html('2024-07-15') AS same_again FROM page;
SELECT count(*) AS ids, count(DISTINCT m[1]) AS distinct_ids FROM page, regexp_matches(html, ' id="([^"]*)"', 'g') AS m;
SELECT count(*) AS targets_without_id FROM page, regexp_matches(html, '(?:href="#|labelledby=")([^"]*)"', 'g') AS m
	WHERE position('id="' || m[1] || '"' IN html) = 0;
-- controls of direction in titles, units, segments and names: each is inside an element that isolates, or in a label
-- inside characters that do
BEGIN;
UPDATE kpi_definition SET title = U&'Sum\202E [\202EX\2067]', owner = U&'\202Eowner' WHERE name = 'sum';
UPDATE kpi_reading SET segment = U&'\202Enorth' WHERE segment = 'north';
UPDATE kpi_goal SET segment = U&'\202Enorth' WHERE segment = 'north';
UPDATE kpi_definition SET name = U&'\202Enever' WHERE name = 'never';
WITH isolated AS (SELECT kpi_scorecard_html('2024-07-15') AS html),
	bare AS (SELECT html, regexp_replace(regexp_replace(html, '<bdi>(?:[^<]|<(?!/?bdi>))*</bdi>', '', 'g'),
			'&#8296;.*?&#8297;', '', 'g') AS rest FROM isolated)
SELECT count(m) > 20 AS many, (SELECT substring(b.rest FROM '.{60}&#82[39][0-9];.{60}') FROM bare b) AS not_isolated,
	(SELECT count(*) > 4 FROM bare b, regexp_matches(b.html, '&#8296;&#8238;X&#8295;&#8297;', 'g')) AS in_labels
FROM bare, regexp_matches(html, '&#8238;', 'g') AS m;
ROLLBACK;
-- headings in order: none is deeper by more than one than the one before
SELECT count(*) AS headings, count(*) FILTER (WHERE level > before + 1) AS skipped
FROM (SELECT level, lag(level, 1, 0) OVER (ORDER BY i) AS before FROM page, regexp_matches(html, '<h([1-6])[ >]', 'g')
		WITH ORDINALITY AS m (m, i), LATERAL (SELECT m[1]::int) AS l (level)) AS h;
SELECT count(*) FILTER (WHERE m[1] !~ 'scope="(col|row|rowgroup)"') AS headers_without_scope
	FROM page, regexp_matches(html, '<th([ >][^>]*)', 'g') AS m;
-- the style is allowed by its hash, computed here from what stands in the page
SELECT position(format('style-src &#39;sha256-%s&#39;',
		encode(sha256(convert_to(substring(html FROM '<style>(.*)</style>'), 'UTF8')), 'base64')) IN html) > 0
	AS allowed FROM page;

-- very long names and segments; only what they are grows
SELECT kpi_define(repeat('n', 100), repeat('W', 2000), 'board.free', 'month', 'stock', 'people', 'functional',
		'lagging', owner => repeat('o', 5000), description => repeat('<', 5000));
SELECT count(*) FROM kpi_measure(repeat('n', 100), '2024-07-15', false);
SELECT length(kpi_scorecard_html('2024-07-15')) < 200000 AS bounded,
	kpi_scorecard_html('2024-07-15') ~ repeat('W', 200) AS whole;

-- on another day, other numbers; the day itself chooses who is active
SELECT substring(kpi_scorecard_html('2023-12-31') FROM 'As of [^<]*'),
	substring(kpi_scorecard_html('2023-12-31') FROM 'Retired') AS retired;
-- the review goes by the day of the page
SELECT (SELECT count(*) FROM regexp_matches(substring(kpi_scorecard_html('2024-07-15') FROM '<h2 id="review">.*'),
		'<tr><th scope="row">', 'g')) = (SELECT count(*) FROM kpi_review('2024-07-15')) AS of_the_past,
	(SELECT count(*) FROM kpi_review()) > 3 AS findings,
	(SELECT count(*) FROM regexp_matches(substring(kpi_scorecard_html('2999-12-31') FROM '<h2 id="review">.*'),
			'<tr><th scope="row">', 'g')) = (SELECT count(*) FROM kpi_review('2999-12-31')) AS all_there,
	(SELECT bool_and(position(kpi_html(finding) IN html) > 0 AND position(kpi_html(action) IN html) > 0)
			FROM kpi_review('2999-12-31'), (SELECT kpi_scorecard_html('2999-12-31') AS html) AS p) AS in_words;
-- the caller's own rights
CREATE ROLE regress_kpi_reader;
SET ROLE regress_kpi_reader;
\set VERBOSITY sqlstate
SELECT kpi_scorecard_html('2024-07-15');
\set VERBOSITY default
RESET ROLE;
GRANT SELECT ON kpi_definition, kpi_goal, kpi_reading, kpi_alert TO regress_kpi_reader;
SET ROLE regress_kpi_reader;
SELECT length(kpi_scorecard_html('2024-07-15')) > 10000 AS read;
RESET ROLE;
-- nothing depends on the caller's settings
CREATE TEMP TABLE plain AS SELECT kpi_scorecard_html('2024-07-15') AS html;
SET datestyle = 'german'; SET timezone = 'Asia/Shanghai'; SET extra_float_digits = -5; SET intervalstyle = 'iso_8601';
SET bytea_output = 'escape'; SET search_path = pg_catalog;
SELECT format('SELECT %I.kpi_scorecard_html(date ''2024-07-15'') = html AS same FROM plain', extnamespace::regnamespace)
	AS statement FROM pg_extension WHERE extname = 'kpi' \gset
SELECT format('%s', :'statement') \gexec
RESET ALL;
DROP OWNED BY regress_kpi_reader;
DROP ROLE regress_kpi_reader;
SET client_min_messages = warning;
TRUNCATE kpi_alert, kpi_reading, kpi_goal, kpi_definition;
DROP SCHEMA board CASCADE;
DROP FUNCTION number, seen, lines;
