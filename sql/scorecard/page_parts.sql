-- Parts of the scorecard's page: src/scorecard/html.c, figure.c, svg.c
--
-- Whatever comes from a table reaches the page through kpi_html() or through a function here that writes numbers only.
-- All of the page is ASCII, so that it does not depend on an encoding.

CREATE FUNCTION kpi_html(content text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html(text) IS
	'the text as HTML that shows it, safe between tags and in a quoted attribute: markup and quotes are escaped, other '
	'characters than ASCII are character references, those that HTML forbids become U+FFFD; NULL for NULL';
CREATE FUNCTION kpi_html_value(value double precision, measure text, target kpi_target) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_value' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_value(double precision, text, kpi_target) IS
	'private: a value as people read it, in HTML: rounded to about three digits, but never so that it looks like a '
	'bound of the target that it is not';
CREATE FUNCTION kpi_html_target(target kpi_target, measure text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_target' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_target(kpi_target, text) IS 'private: what a target asks for in words, in HTML';
CREATE FUNCTION kpi_html_warning(target kpi_target, measure text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_warning' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_warning(kpi_target, text) IS
	'private: where a target''s red begins, in HTML; NULL for one without a warning';
CREATE FUNCTION kpi_html_change(value double precision, before double precision, measure text, as_difference boolean)
	RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_html_change' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_html_change(double precision, double precision, text, boolean) IS
	'private: how a value has changed, in HTML: fractions in points, others in per cent or as a difference';
CREATE FUNCTION kpi_svg_bullet(value double precision, target kpi_target, margin double precision,
		share double precision, label text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_svg_bullet' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_svg_bullet(double precision, kpi_target, double precision, double precision, text) IS
	'private: bullet graph in SVG: bands of the target, bar from 0 to the value, mark at each bound, whisker value -+ '
	'margin, tick at share x bound; the label is HTML';
CREATE FUNCTION kpi_svg_history(value double precision[], partial boolean, lower_bound double precision[],
		upper_bound double precision[],
	ahead double precision[], ahead_lower double precision[], ahead_upper double precision[], label text) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_svg_history' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_svg_history(double precision[], boolean, double precision[], double precision[],
		double precision[], double precision[], double precision[], text) IS
	'private: sparkline in SVG: a line through the values with the last marked, the goals as dashes, the forecast with '
	'its interval; the label is HTML';

CREATE FUNCTION kpi_page_word(status text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 'green' THEN 'On target' WHEN 'amber' THEN 'Near target' WHEN 'red' THEN 'Off target'
		WHEN 'uncertain' THEN 'Uncertain'
	WHEN 'pending' THEN 'Pending' WHEN 'no_data' THEN 'No data' ELSE 'No target' END;
COMMENT ON FUNCTION kpi_page_word(text) IS 'private: a status in words';

CREATE FUNCTION kpi_page_status(status text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status
	WHEN 'green' THEN '<span class="pill green"><svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" '
		'r="7"/><path d="M4.5 8.3l2.4 2.4 4.6-5"/></svg>'
	WHEN 'amber' THEN '<span class="pill amber"><svg viewBox="0 0 16 16" aria-hidden="true"><path class="fill" d="M8 '
		'1l7.5 14H.5z"/><path d="M8 6v4M8 12.2v.4"/></svg>'
	WHEN 'red' THEN '<span class="pill red"><svg viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="1" width="14" '
		'height="14" rx="2"/><path d="M5 5l6 6M11 5l-6 6"/></svg>'
	WHEN 'uncertain' THEN '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1.5 8c2-5 '
		'4.5-5 6.5 0s4.5 5 6.5 0"/></svg>'
	WHEN 'pending' THEN '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><circle class="ring" '
		'cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/></svg>'
	WHEN 'no_data' THEN '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><circle class="ring '
		'dashed" cx="8" cy="8" r="6"/></svg>'
	ELSE '<span class="pill grey"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h10"/></svg>' END
		|| kpi_page_word(status) || '</span>';
COMMENT ON FUNCTION kpi_page_status(text) IS 'private: a status in word, shape and colour, in HTML';

CREATE FUNCTION kpi_page_style() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '
:root { color-scheme: light dark; --page: #f4f5f7; --paper: #fff; --ink: #1b2330; --soft: #55606f; --rule: #d9dde3; '
	'--accent: #1d4f91;
--green: #0d5f33; --green-wash: #d8f0e1; --amber: #6d4600; --amber-wash: #fdeac0; --red: #921712; --red-wash: #fbdedb; '
	'--grey: #47505d; --grey-wash: #e6e9ee;
--b-green: #dfe8e2; --b-amber: #d3d3cb; --b-red: #c3bcbd; --bar: #26364d; --mark: #0a0f17; --fan: #c5d6ec; '
	'--goal: #6b7482 }
@media screen and (prefers-color-scheme: dark) { :root { --page: #11161d; --paper: #1a212b; --ink: #e8ecf2; '
	'--soft: #a7b1bf; --rule: #364050; --accent: #8fbbf2;
--green: #9be4b8; --green-wash: #143c27; --amber: #f6cf7c; --amber-wash: #443306; --red: #ffb3ac; --red-wash: #561a17; '
	'--grey: #c6ceda; --grey-wash: #323c4a;
--b-green: #2b3a35; --b-amber: #47474a; --b-red: #665f66; --bar: #d7e3f4; --mark: #fff; --fan: #2d4263; '
	'--goal: #939eae } }
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0; background: var(--page); color: var(--ink); '
	'font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; '
	'overflow-wrap: break-word }
main, .top, footer.foot { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem }
.top { padding-top: 2rem }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em }
h2 { margin: 2.5rem 0 .9rem; font-size: 1.25rem; line-height: 1.3; font-weight: 650 }
h3 { flex: 1 1 9rem; margin: 0; font-size: 1.0625rem; line-height: 1.3; font-weight: 650 }
p { margin: 0 }
a { color: var(--accent) }
.soft, .when, .facts dt, .axis, .meta { color: var(--soft) }
.tiles, .cards { display: grid; gap: 1rem; margin: 0; padding: 0; list-style: none }
.tiles { grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); margin-top: 1.5rem }
.tile, .card, .panel { background: var(--paper); border: 1px solid var(--rule); border-radius: .6rem; '
	'padding: 1rem 1.1rem }
.tile .big { font-size: 1.9rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums }
.tile svg { display: block; width: 100%; height: .5rem; margin: .3rem 0 .5rem }
.track { fill: var(--b-green) } .bar { fill: var(--bar) }
.card { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr) minmax(0, 5fr); gap: .8rem 2rem; '
	'align-items: start; border-left: .4rem solid var(--grey) }
.card.s-green { border-left-color: var(--green) } .card.s-amber { border-left-color: var(--amber) } '
	'.card.s-red { border-left-color: var(--red) }
.part { display: flex; flex-direction: column; gap: .5rem; min-width: 0 }
.card:target { outline: 3px solid var(--accent); outline-offset: 2px }
.head { display: flex; justify-content: space-between; align-items: flex-start; flex-wrap: wrap; gap: .3rem .75rem }
.pill { display: inline-flex; align-items: center; gap: .35rem; padding: .12rem .6rem .12rem .45rem; '
	'border-radius: 1rem; font-size: .875rem; font-weight: 600; white-space: nowrap; background: var(--grey-wash); '
	'color: var(--grey) }
.pill svg { width: .95rem; height: .95rem; flex: none; fill: currentColor } .pill path { fill: none; '
	'stroke: var(--grey-wash); stroke-width: 1.8 } .pill .fill { fill: currentColor; stroke: none }
.pill.grey path { stroke: currentColor } .pill .ring { fill: none; stroke: currentColor; stroke-width: 1.8 } '
	'.pill .dashed { stroke-dasharray: 2.5 2.2 }
.pill.green { background: var(--green-wash); color: var(--green) } .pill.green path { stroke: var(--green-wash) }
.pill.amber { background: var(--amber-wash); color: var(--amber) } .pill.amber path { stroke: var(--amber-wash) } '
	'.pill.amber .fill { stroke: none }
.pill.red { background: var(--red-wash); color: var(--red) } .pill.red path { stroke: var(--red-wash) }
.value { font-size: 1.9rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums } '
	'.when b { color: var(--ink); font-weight: 600 }
.when, .axis, .meta, .note { font-size: .875rem }
.bullet, .history { display: block; width: 100%; height: auto; overflow: visible }
.b-green { fill: var(--b-green) } .b-amber { fill: var(--b-amber) } .b-red { fill: var(--b-red) } '
	'.mark { fill: var(--mark); stroke: var(--paper); stroke-width: 1 }
.margin, .by-now, .line, .goal, .ahead { fill: none } .margin { stroke: var(--accent); stroke-width: 2 } '
	'.by-now { stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 3 2 }
.line { stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round } '
	'.goal { stroke: var(--goal); stroke-width: 1.2; stroke-dasharray: 4 3 }
.ahead { stroke: var(--accent); stroke-width: 1.6; stroke-dasharray: 2 3 } .fan { fill: var(--fan) } '
	'.last { fill: var(--accent); stroke: var(--paper); stroke-width: 1.5 } .partial { fill: var(--paper); '
	'stroke: var(--accent); stroke-width: 2 }
.axis { display: flex; justify-content: space-between; gap: 1rem }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .35rem .8rem; margin: 0; font-size: .9375rem; '
	'line-height: 1.35 } .facts dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums }
.changes { margin: 0; padding: .45rem .6rem; list-style: none; font-size: .875rem; background: var(--page); '
	'border-radius: .4rem }
.meta { margin-top: .3rem }
.failed { padding: .45rem .6rem; border-left: .25rem solid var(--red); background: var(--red-wash); color: var(--red); '
	'font-size: .875rem }
.scroll { overflow-x: auto }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule) }
thead th { color: var(--soft); font-weight: 600; font-size: .875rem; vertical-align: bottom } '
	'tbody th { font-weight: 500 }
.num { text-align: right } td.num { white-space: nowrap } bdi { overflow-wrap: anywhere } '
	'tbody th { min-width: 6.5rem } tbody .group { padding-top: 1.1rem; font-weight: 650 } '
	'table.small { font-size: .875rem } table.small th, table.small td { padding: .25rem .4rem }
.small .pill { font-size: .8125rem }
tbody:last-child tr:last-child > * { border-bottom: 0 }
pre { overflow-x: auto; padding: .9rem 1rem; border-radius: .5rem; background: var(--page); '
	'font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace } ol { padding-left: 1.2rem }
footer.foot { margin-top: 3rem; padding-bottom: 2rem; font-size: .875rem; color: var(--soft) } '
	'.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; margin: 0 0 .8rem; padding: 0; list-style: none } '
	'.legend li { display: flex; align-items: center; gap: .4rem }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); '
	'white-space: nowrap }
@media screen and (max-width: 62rem) { .card { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } '
	'.part:first-child { grid-row: span 2 } .part:last-child { grid-column: 2 } }
@media screen and (max-width: 44rem) { .card { grid-template-columns: minmax(0, 1fr) } '
	'.part:first-child { grid-row: auto } .part:last-child { grid-column: auto } }
@media (max-width: 40rem) { main, .top, footer.foot { padding-left: .8rem; padding-right: .8rem } '
	'.tiles { grid-template-columns: 1fr 1fr } .wide { display: none } th, td { padding: .4rem } '
	'h1, .value { font-size: 1.6rem } }
@media print { @page { margin: 12mm } html { font-size: 8.5pt } body { background: #fff } '
	'.card, .tile, tr { break-inside: avoid } h2, thead { break-after: avoid } '
	'main, .top, footer.foot { max-width: none; padding: 0 }
.cards { display: block } .card { grid-template-columns: minmax(0, 5fr) minmax(0, 7fr) minmax(0, 5fr); '
	'gap: .6rem 1.2rem; margin-bottom: .8rem } .tiles { grid-template-columns: repeat(4, 1fr) } '
	'.wide { display: table-cell } .scroll { overflow: visible } a { color: inherit; text-decoration: none }
svg, .pill, .card, .changes { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
';
COMMENT ON FUNCTION kpi_page_style() IS 'private: style sheet of the scorecard''s page';

CREATE FUNCTION kpi_page_before(value double precision, before double precision, target kpi_target, measure text,
		kind text, comparable boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kpi_html_value(before, measure, NULL::kpi_target)
	|| coalesce('<br/><span class="soft">' || CASE WHEN comparable THEN
	kpi_html_change(value, before, measure, kind = 'survey') || CASE
		WHEN gap(value, target) < gap(before, target) THEN ', better'
		WHEN gap(value, target) > gap(before, target) THEN ', worse'
		-- both meet it
		WHEN (direction(target) = 'higher' AND value > before)
			OR (direction(target) = 'lower' AND value < before) THEN ', better'
		WHEN (direction(target) = 'higher' AND value < before)
			OR (direction(target) = 'lower' AND value > before) THEN ', worse'
		ELSE '' END END || '</span>', '');
COMMENT ON FUNCTION kpi_page_before(double precision, double precision, kpi_target, text, text, boolean) IS
	'private: an earlier value and the change since, in HTML';

CREATE FUNCTION kpi_page_measure(title text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(substring(title, '\S\s*\[([^][]{1,20})\]\s*$'), '');
COMMENT ON FUNCTION kpi_page_measure(text) IS
	'private: what the values of a KPI are measured in: what stands in square brackets at the end of its title, or '
	'empty';
CREATE FUNCTION kpi_page_title(title text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(title, '(\S)\s*\[[^][]{1,20}\]\s*$', '\1');
COMMENT ON FUNCTION kpi_page_title(text) IS 'private: the title of a KPI without what kpi_page_measure() reads';
