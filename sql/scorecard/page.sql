-- The scorecard as a page: parts in page_parts.sql.

CREATE FUNCTION kpi_page_card(place bigint, kpi text, period date, value double precision, attainment double precision,
		status text, n double precision,
	previous double precision, year_ago double precision, trend text, segment_rows text) RETURNS text
		LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH shown AS (
		SELECT d.name, kpi_page_title(d.title) AS title, kpi_page_measure(d.title) AS measure, d.description, d.unit,
			d.kind, d.level, d.timing, d.owner, d.error,
			d.measured_at, kpi_page_card.period, kpi_page_card.value, kpi_page_card.attainment, kpi_page_card.status,
				kpi_page_card.n AS rows,
			kpi_page_card.previous, kpi_page_card.year_ago, kpi_page_card.trend,
			coalesce(r.complete, true) AS complete, r.share, nullif(r.margin, 'Infinity') AS margin,
			r.measured_to AS known_to, coalesce(r.phase, d.phase) AS phase,
			coalesce(r.target,
--@ include scorecard/goal_for.sql
--@ with KPI = d.name
--@ with SEGMENT = ''
--@ with PERIOD = kpi_page_card.period
--@ with UNIT = d.unit
--@ with ONLY = true
			) AS target,
			-- days of history that are drawn and that the forecast learns from
			CASE WHEN d.unit = 'day' THEN 41 WHEN starts_with(d.unit, 'week') THEN 175 WHEN d.unit ~ 'month' THEN 690
					WHEN d.unit ~ 'quarter' THEN 1000 ELSE 3300 END AS drawn,
--@ include scorecard/learned.sql
--@ with UNIT = d.unit
				AS learned,
--@ include scorecard/season.sql
--@ with UNIT = d.unit
				AS season,
			CASE WHEN d.unit = 'day' THEN 7 ELSE 3 END AS horizon
		FROM kpi_definition d LEFT JOIN kpi_reading r ON r.kpi = d.name AND r.segment = ''
			AND r.period = kpi_page_card.period
		WHERE d.name = kpi_page_card.kpi
	), past AS (
		SELECT p.period, x.value, x.target, p.period >= kpi_period(h.period - h.drawn, h.unit) AS drawn,
			p.period = h.period AND NOT h.complete AS partial, x.numerator, x.denominator
		FROM shown h CROSS JOIN LATERAL kpi_periods(greatest(h.period - h.learned,
				(SELECT min(f.period) FROM kpi_reading f
				WHERE f.kpi = h.name AND f.segment = '' AND f.value IS NOT NULL
				AND f.phase = h.phase)), h.period, h.unit) AS p (period)
		LEFT JOIN kpi_reading x ON x.kpi = kpi_page_card.kpi AND x.segment = '' AND x.period = p.period
			AND x.phase = h.phase
	), history AS (
		SELECT pg_catalog.array_agg(p.value ORDER BY p.period) FILTER (WHERE p.drawn) AS value,
			min(p.period) FILTER (WHERE p.drawn) AS first,
			pg_catalog.array_agg(target_lower(p.target) ORDER BY p.period) FILTER (WHERE p.drawn) AS lower_bound,
			pg_catalog.array_agg(target_upper(p.target) ORDER BY p.period) FILTER (WHERE p.drawn) AS upper_bound,
			pg_catalog.array_agg(p.value ORDER BY p.period) FILTER (WHERE NOT p.partial) AS whole,
			max(p.period) FILTER (WHERE NOT p.partial) AS last,
			-- a part of a whole cannot leave 0..1
			count(*) FILTER (WHERE p.value IS NOT NULL) = count(*)
				FILTER (WHERE p.numerator >= '0' AND p.numerator <= p.denominator) AS share
		FROM past p
	), ahead AS (
		SELECT coalesce(pg_catalog.array_agg(CASE WHEN y.share THEN least(greatest(f.value, '0'), '1') ELSE f.value END
				ORDER BY f.step), '{}'::double precision[]) AS value,
			coalesce(pg_catalog.array_agg(CASE WHEN y.share THEN least(greatest(f.lower, '0'), '1') ELSE f.lower END
				ORDER BY f.step), '{}'::double precision[]) AS lower,
			coalesce(pg_catalog.array_agg(CASE WHEN y.share THEN least(greatest(f.upper, '0'), '1') ELSE f.upper END
					ORDER BY f.step), '{}'::double precision[]) AS upper
		FROM shown h, history y, LATERAL forecast(y.whole, h.horizon, h.season) f
		WHERE f.lower IS NOT NULL
	), text AS (
		SELECT h.*, y.first, y.last,
			kpi_html_target(h.target, h.measure) AS target_html, kpi_html_warning(h.target, h.measure) AS warning_html,
			coalesce(kpi_html_value(h.value, h.measure, h.target), CASE WHEN h.measured_at IS NULL
					AND h.known_to IS NULL THEN 'Not measured yet' ELSE 'No data' END) AS value_html,
			NOT h.complete AND h.kind = 'flow' AS growing,
			CASE WHEN y.last IS NOT NULL THEN kpi_period_label(kpi_next_period(y.last, h.unit), h.unit) END AS next,
			(SELECT 'lowest ' || kpi_html_value(p.value, h.measure, NULL::kpi_target) || ' in '
					|| kpi_period_label(p.period, h.unit) FROM past p
				WHERE p.value IS NOT NULL AND p.drawn AND NOT p.partial ORDER BY p.value, p.period LIMIT 1)
			|| (SELECT ', highest ' || kpi_html_value(p.value, h.measure, NULL::kpi_target) || ' in '
					|| kpi_period_label(p.period, h.unit) FROM past p
				WHERE p.value IS NOT NULL AND p.drawn AND NOT p.partial ORDER BY p.value DESC, p.period LIMIT 1)
			|| (SELECT ', last ' || kpi_html_value(p.value, h.measure, NULL::kpi_target) || ' in '
					|| kpi_period_label(p.period, h.unit) FROM past p
				WHERE p.value IS NOT NULL AND NOT p.partial ORDER BY p.period DESC LIMIT 1) AS extremes,
			CASE WHEN pg_catalog.cardinality(a.value) > 0 THEN kpi_html_value((a.value)[1], h.measure, NULL::kpi_target)
					END AS ahead_html,
			CASE WHEN pg_catalog.cardinality(a.value) > 0 THEN kpi_html_value((a.lower)[1], h.measure, NULL::kpi_target)
					|| ' to ' || kpi_html_value((a.upper)[1], h.measure, NULL::kpi_target) END AS between_html,
			y.value AS history, y.lower_bound, y.upper_bound, a.value AS ahead, a.lower AS ahead_lower,
			a.upper AS ahead_upper
		FROM shown h, history y, ahead a)
	SELECT pg_catalog.concat(
		'<article class="card s-', CASE WHEN t.status IN ('green', 'amber', 'red') THEN t.status ELSE 'none' END,
		'" id="kpi-', place, '" aria-labelledby="kpi-', place, '-title">',
		E'\n<div class="part"><div class="head"><h3 id="kpi-', place, '-title"><bdi>', kpi_html(t.title), '</bdi></h3>',
		kpi_page_status(t.status), '</div>',
		E'\n<p class="value">', t.value_html, E'</p>\n<p class="when">', kpi_period_label(t.period, t.unit),
			CASE WHEN t.complete THEN '' ELSE ', in progress: up to ' || to_char(t.known_to::timestamp, 'FMDD Mon YYYY')
					END,
			CASE WHEN t.target IS NULL THEN '' ELSE ' &#183; <b>target ' || t.target_html || '</b>' END,
			CASE WHEN t.margin IS NOT NULL THEN '<br/>interval ' || kpi_html_value(t.value - t.margin, t.measure,
					t.target) || ' to ' || kpi_html_value(t.value + t.margin, t.measure, t.target) END, '</p>',
		E'\n' || kpi_svg_bullet(t.value, t.target, t.margin, CASE WHEN t.growing THEN t.share END,
			'Bullet graph: ' || t.value_html || ', target ' || t.target_html
					|| coalesce(', red ' || t.warning_html, '')),
		E'\n<p class="note">' || pg_catalog.concat_ws('; ',
			'<b>' || kpi_html_value(t.attainment, '%'::text, CASE WHEN t.attainment < '1' THEN '>= 1'::kpi_target END)
				|| '</b> of ' || CASE WHEN t.growing THEN 'what is due by now' ELSE 'the target' END,
			CASE t.status WHEN 'uncertain' THEN 'too few answers to tell the colour'
				WHEN 'pending'
					THEN CASE WHEN t.complete THEN 'too few rows for a verdict' ELSE 'too early for a verdict' END
				ELSE 'red ' || t.warning_html END) || '</p>',
		E'\n<p class="failed"><b>The last measuring failed:</b> ' || kpi_html(left(t.error, 2000)) || '</p>',
		E'\n<div class="meta">', '<p>' || nullif(kpi_html(t.description), '') || '</p>',
		'<p>', CASE WHEN t.owner <> '' THEN 'Owner: <bdi>' || kpi_html(t.owner) || '</bdi> &#183; ' END, t.level, ', ',
		t.timing, ', by ', t.unit, E'</p></div></div>\n<div class="part">',
		E'\n' || kpi_svg_history(t.history, NOT t.complete, t.lower_bound, t.upper_bound, t.ahead, t.ahead_lower,
				t.ahead_upper,
			pg_catalog.concat('History of <bdi>', kpi_html(t.title), '</bdi> from ', kpi_period_label(t.first, t.unit),
					': ', t.extremes,
				CASE WHEN NOT t.complete THEN '; so far ' || t.value_html || ' in '
						|| kpi_period_label(t.period, t.unit) END,
				'; forecast for ' || t.next || ' ' || t.ahead_html))
			|| '<p class="axis" aria-hidden="true"><span>' || kpi_period_label(t.first, t.unit)
				|| '</span><span>' || CASE WHEN t.ahead_html IS NULL THEN kpi_period_label(t.period, t.unit)
					ELSE 'forecast ' || t.next || ' on' END || '</span></p><p class="note soft" aria-hidden="true">'
				|| upper(left(t.extremes, 1)) || substr(t.extremes, 2) || '</p>',
		E'\n' || segment_rows,
		E'</div>\n<div class="part">',
		E'\n<dl class="facts">' || nullif(pg_catalog.concat(
			'<dt>Previous period</dt><dd>'
				|| kpi_page_before(t.value, t.previous, t.target, t.measure, t.kind, NOT t.growing) || '</dd>',
			'<dt>A year ago</dt><dd>'
				|| kpi_page_before(t.value, t.year_ago, t.target, t.measure, t.kind, NOT t.growing) || '</dd>',
			'<dt>Trend</dt><dd>' || kpi_html(t.trend) || '</dd>',
			'<dt>Forecast ' || t.next || '</dt><dd>' || t.ahead_html || '<br/><span class="soft">95%: '
				|| t.between_html || '</span></dd>',
			'<dt>Rows behind it (n)</dt><dd>' || kpi_html_value(t.rows, ''::text, NULL::kpi_target) || '</dd>'), '')
				|| '</dl>',
		(SELECT E'\n<ul class="changes" aria-label="Changes of status">'
				|| string_agg('<li>' || kpi_period_label(a.period, t.unit) || ': '
				|| CASE WHEN a.segment <> '' THEN '<bdi>' || kpi_html(a.segment) || '</bdi> ' ELSE '' END
				|| CASE WHEN a.previous IS NULL THEN '' ELSE 'from ' || lower(kpi_page_word(a.previous::text))
						|| ' ' END || CASE WHEN a.signal IS NULL
							THEN 'to <b>' || lower(kpi_page_word(a.status::text)) || '</b>'
							ELSE '<b>unusual</b>: ' || kpi_html(a.signal) END
				|| CASE WHEN a.acknowledged_at IS NULL THEN '' ELSE ', seen' END || '</li>',
				'' ORDER BY a.period DESC, a.raised_at DESC, a.segment COLLATE "C") || '</ul>'
			FROM (SELECT l.* FROM kpi_alert l WHERE l.kpi = t.name AND l.period <= t.period
					ORDER BY l.period DESC, l.raised_at DESC, l.segment COLLATE "C" LIMIT 3) a),
		E'</div>\n</article>\n')
	FROM text t;
END;
COMMENT ON FUNCTION kpi_page_card(bigint, text, date, double precision, double precision, text, double precision,
		double precision, double precision, text, text) IS
	'private: one KPI of kpi_scorecard_html()';

CREATE FUNCTION kpi_scorecard_html(as_of date DEFAULT CURRENT_DATE) RETURNS text
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	WITH stand AS MATERIALIZED (
		SELECT s.* FROM kpi_scorecard(as_of) s
	), card AS MATERIALIZED (
		SELECT d.name, kpi_page_title(d.title) AS title, d.perspective, kpi_page_measure(d.title) AS measure,
			s.period, s.value, s.attainment, s.status, s.n, s.previous, s.year_ago, s.trend, d.unit,
			coalesce(r.complete, true) AS complete,
			coalesce(r.target,
--@ include scorecard/goal_for.sql
--@ with KPI = d.name
--@ with SEGMENT = ''
--@ with PERIOD = s.period
--@ with UNIT = d.unit
--@ with ONLY = true
			) AS target,
			row_number() OVER
				(ORDER BY pg_catalog.array_position('{financial,customer,process,people}'::text[], d.perspective),
				pg_catalog.array_position('{strategic,operational,functional}'::text[], d.level), d.title COLLATE "C",
						d.name COLLATE "C") AS place
		FROM kpi_definition d LEFT JOIN stand s ON s.kpi = d.name AND s.segment = ''
		LEFT JOIN kpi_reading r ON r.kpi = d.name AND r.segment = '' AND r.period = s.period
		WHERE pg_catalog.range_contains_elem(d.active, as_of)
	), segment AS (
		SELECT s.kpi, pg_catalog.concat('<div class="scroll"><table class="small"><caption>By '
				'segment</caption><thead><tr><th scope="col">Segment</th><th scope="col" class="num">Value</th>',
			'<th scope="col" class="num">Target</th><th scope="col">Status</th></tr></thead><tbody>',
			string_agg(pg_catalog.concat('<tr><th scope="row"><bdi>', kpi_html(s.segment), '</bdi>',
					CASE WHEN s.period <> c.period THEN ', ' || kpi_period_label(s.period, c.unit) END,
					CASE WHEN NOT r.complete THEN ', so far' END,
					'</th><td class="num">', coalesce(kpi_html_value(s.value, c.measure, r.target), 'no data'),
				'</td><td class="num">', coalesce(kpi_html_target(r.target, c.measure), '&#8211;'), '</td><td>',
				CASE WHEN s.status IS NULL THEN '&#8211;' ELSE kpi_page_status(s.status) END,
				'</td></tr>'), '' ORDER BY coalesce(pg_catalog.array_position(
						'{red,amber,uncertain,green,pending,no_data}'::text[], s.status), 7), s.segment COLLATE "C"),
			'</tbody></table></div>') AS rows
		FROM stand s JOIN card c ON c.name = s.kpi
		LEFT JOIN kpi_reading r ON r.kpi = s.kpi AND r.segment = s.segment AND r.period = s.period
		WHERE s.segment <> ''
		GROUP BY s.kpi
	), perspective AS (
		SELECT p.name, p.place, initcap(p.name) AS title, k.score, k.coverage, c.kpis, c.good, c.bad,
			c.cards, c.rows
		FROM pg_catalog.unnest('{financial,customer,process,people}'::text[]) WITH ORDINALITY AS p (name, place)
		JOIN LATERAL (
			SELECT count(*) AS kpis, count(*) FILTER (WHERE c.status = 'green') AS good,
				count(*) FILTER (WHERE c.status IN ('amber', 'red')) AS bad,
				string_agg(kpi_page_card(c.place, c.name, c.period, c.value, c.attainment, c.status, c.n, c.previous,
						c.year_ago, c.trend, g.rows), '' ORDER BY c.place) AS cards,
				string_agg(pg_catalog.concat('<tr><th scope="row"><a href="#kpi-', c.place, '"><bdi>',
						kpi_html(c.title), '</bdi></a></th><td class="num">',
					coalesce(kpi_html_value(c.value, c.measure, c.target), '&#8211;'), '</td><td class="num wide">',
						coalesce(kpi_html_target(c.target, c.measure), '&#8211;'),
					'</td><td class="num wide">', coalesce(kpi_html_value(c.attainment, '%'::text,
							CASE WHEN c.attainment < '1' THEN '>= 1'::kpi_target END), '&#8211;'),
					'</td><td class="wide">', kpi_period_label(c.period, c.unit),
					CASE WHEN c.complete THEN '' ELSE ', so far' END,
					'</td><td>', kpi_page_status(c.status), E'</td></tr>\n'), '' ORDER BY c.place) AS rows
			FROM card c LEFT JOIN segment g ON g.kpi = c.name
			WHERE c.perspective = p.name) c ON c.kpis > 0
		LEFT JOIN kpi_score(as_of) k ON k.perspective = p.name
	), changed AS (
		SELECT l.*, c.title, c.measure, c.unit, c.place
		FROM kpi_alert l JOIN card c ON c.name = l.kpi
		WHERE l.period <= as_of
		ORDER BY l.period DESC, l.raised_at DESC, c.place, l.segment COLLATE "C" LIMIT 10
	), style AS (
		SELECT kpi_page_style() AS css
	)
	SELECT pg_catalog.concat(E'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n',
		'<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-',
		encode(sha256(pg_catalog.convert_to(y.css, 'UTF8')), 'base64'),
		E'&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"/>\n<meta name="viewport" '
			'content="width=device-width, initial-scale=1"/>\n<meta name="referrer" content="no-referrer"/>\n',
		'<title>Scorecard, ', to_char(as_of::timestamp, 'FMDD FMMonth YYYY'),
		E'</title>\n<link rel="icon" href="data:,"/>\n<style>', y.css, E'</style>\n</head>\n<body>\n',
		'<header class="top"><h1>Scorecard</h1><p class="soft">As of ', to_char(as_of::timestamp, 'FMDD FMMonth YYYY'),
		(SELECT pg_catalog.format(' &#183; %s KPI%s: %s on target, %s near target, %s off target, %s without a verdict',
				count(*), CASE WHEN count(*) = 1 THEN '' ELSE 's' END,
				count(*) FILTER (WHERE c.status = 'green'), count(*) FILTER (WHERE c.status = 'amber'),
					count(*) FILTER (WHERE c.status = 'red'),
				count(*) FILTER (WHERE (c.status IN ('green', 'amber', 'red')) IS NOT TRUE))
			FROM card c HAVING count(*) > 0),
		E'</p></header>\n<main>\n',
		CASE WHEN NOT EXISTS (SELECT FROM card) THEN
				pg_catalog.concat(E'<section class="panel" aria-labelledby="empty">\n<h2 id="empty">No KPI is defined',
			CASE WHEN EXISTS (SELECT FROM kpi_definition) THEN ' for this day' END, E' yet</h2>\n<ol>\n',
			E'<li>Say where the numbers come from: a table or view with the columns <code>period</code> '
				'and <code>value</code>.<pre>SELECT kpi_define(&#39;revenue&#39;, &#39;Revenue&#39;, '
				'&#39;sales_by_day&#39;, &#39;month&#39;, &#39;flow&#39;,\n                  &#39;financial&#39;, '
				'&#39;strategic&#39;, &#39;lagging&#39;);</pre></li>\n',
			E'<li>Set what it should reach in each period.<pre>SELECT kpi_set_goal(&#39;revenue&#39;, '
				'&#39;&gt;= 50000 warn 45000&#39;,\n                    daterange(&#39;2026-01-01&#39;, '
				'&#39;2027-01-01&#39;));</pre></li>\n',
			E'<li>Measure, now and on a schedule.<pre>SELECT * FROM kpi_measure();</pre></li>\n</ol>\n</section>\n')
				END,
		(SELECT E'<ul class="tiles">\n'
				|| string_agg(pg_catalog.concat('<li class="tile"><p>', p.title, '</p><p class="big">',
				coalesce(kpi_html_value(p.score, '%'::text, CASE WHEN p.score < '1' THEN '>= 1'::kpi_target END),
						'&#8211;'),
				'</p><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="track" '
					'width="100" height="4"/>',
				'<rect class="bar" width="', round((least(greatest(p.score, '0'), '1') * '100')::numeric, 1),
				'" height="4"/></svg>',
				'<p class="note soft">', CASE WHEN p.score IS NOT NULL THEN 'of the targets reached; ' END, p.good,
				' of ', p.kpis, ' on target',
				CASE WHEN p.coverage < '1' THEN '; ' || kpi_html_value(p.coverage, '%'::text, '>= 1'::kpi_target)
						|| ' of the weight has data' END,
				E'</p></li>\n'), '' ORDER BY p.place) || E'</ul>\n' FROM perspective p),
		(SELECT E'<section aria-labelledby="glance">\n<h2 id="glance">At a glance</h2>\n<div class="panel '
				'scroll"><table>\n<thead><tr><th scope="col">KPI</th><th scope="col" class="num">Value</th><th '
				'scope="col" class="num wide">Target</th><th scope="col" class="num wide">Attainment</th><th '
				'scope="col" class="wide">Period</th><th scope="col">Status</th></tr></thead>\n'
			|| string_agg(pg_catalog.concat('<tbody><tr><th scope="rowgroup" colspan="6" class="group">', p.title,
					E'</th></tr>\n', p.rows, E'</tbody>\n'), '' ORDER BY p.place)
			|| E'</table></div>\n</section>\n' FROM perspective p),
		(SELECT string_agg(pg_catalog.concat('<section aria-labelledby="', p.name, '"><h2 id="', p.name, '">',
				p.title, E'</h2>\n<div class="cards">\n', p.cards, E'</div></section>\n'), '' ORDER BY p.place)
				FROM perspective p),
		(SELECT E'<section aria-labelledby="changed">\n<h2 id="changed">What changed</h2>\n<div class="panel '
				'scroll"><table>\n<thead><tr><th scope="col">KPI</th><th scope="col">Period</th><th '
				'scope="col" class="wide">Before</th><th scope="col">Now</th><th scope="col" class="num '
				'wide">Value</th></tr></thead>\n<tbody>'
			|| string_agg(pg_catalog.concat('<tr><th scope="row"><a href="#kpi-', l.place, '"><bdi>', kpi_html(l.title),
					'</bdi></a>', ', <bdi>' || nullif(kpi_html(l.segment), '') || '</bdi>', '</th><td>',
					kpi_period_label(l.period, l.unit), '</td><td class="wide">',
				CASE WHEN l.previous IS NULL THEN '&#8211;' ELSE kpi_page_status(l.previous::text) END,
						'</td><td>', CASE WHEN l.signal IS NULL THEN kpi_page_status(l.status::text)
							ELSE 'Unusual: ' || kpi_html(l.signal) END,
						CASE WHEN l.acknowledged_at IS NOT NULL THEN ', seen' END, '</td><td class="num wide">',
						coalesce(kpi_html_value(l.value, l.measure, l.target), 'no data'), '</td></tr>'),
				E'\n' ORDER BY l.period DESC, l.raised_at DESC, l.place, l.segment COLLATE "C")
			|| E'</tbody></table></div>\n</section>\n' FROM changed l),
		(SELECT E'<section aria-labelledby="review">\n<h2 id="review">Review of the scorecard itself</h2>\n<div '
				'class="panel scroll">' || CASE WHEN count(*) = 0 THEN '<p>Nothing to remark.</p>' ELSE
			E'<table>\n<thead><tr><th scope="col">Rule</th><th scope="col">Finding</th><th scope="col">What to '
				'do</th></tr></thead>\n<tbody>'
			|| string_agg(pg_catalog.concat('<tr><th scope="row">', kpi_html(v.rule), '</th><td><bdi>',
					'<b><bdi>' || kpi_html(v.kpi) || '</bdi></b>: ', kpi_html(v.finding), '</bdi></td><td><bdi>',
					kpi_html(v.action), '</bdi></td></tr>'),
				E'\n' ORDER BY v.place) || E'</tbody></table>' END || E'</div>\n</section>\n'
			FROM kpi_review(as_of) WITH ORDINALITY AS v (kpi, rule, finding, action, place)
			HAVING EXISTS (SELECT FROM card)),
		E'</main>\n<footer class="foot"><ul class="legend">',
		(SELECT string_agg(pg_catalog.concat('<li>', kpi_page_status(s.status), ' ', s.meaning, '</li>'), ''
				ORDER BY s.place)
			FROM (VALUES (1, 'green'::text, 'green: the target is met'::text),
					(2, 'amber', 'amber: missed, but inside the warning'), (3, 'red', 'red: missed'),
				(4, 'uncertain', 'its interval lies in two colours'), (5, 'pending', 'too early, or too few rows'),
				(6, 'no_data', 'nothing was measured')) AS s (place, status, meaning)),
		E'</ul><p>Bullet graph: bands from red (darkest) to green (lightest), bar = value, upright mark = '
				'target. History: dashes = target, dotted line = forecast with its 95% interval, ring = period in '
				'progress.</p></footer>\n</body>\n</html>')
	FROM style y;
END;
COMMENT ON FUNCTION kpi_scorecard_html(date) IS
	'the scorecard as one HTML page, as text of ASCII characters: scores by perspective, and of each KPI that is '
	'active on as_of its value, target, status, attainment, bullet graph, history, forecast, comparison with the '
	'period before and a year ago, rows behind it, changes of status, owner and segments; the latest alerts and the '
	'findings of kpi_review(as_of) at the end. The page needs nothing else, runs no script, loads nothing and shows '
	'every text as text. Reads the scorecard''s tables with the caller''s rights; the same data give the same page. '
	'NULL for NULL';
