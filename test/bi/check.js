// node check.js DIRECTORY: starts Cube there, asks it as a BI tool would, opens the page in a browser, and compares every
// number with what psql gives for plain SQL.  The server is that of the environment (PGHOST and so on).
const { execFileSync, spawn } = require('child_process');
const { randomUUID } = require('crypto');
const fs = require('fs');
const http = require('http');
const net = require('net');
const path = require('path');

const work = process.argv[2];
const word = randomUUID();
let checks = 0;
let failures = 0;

function is(got, expected, name) {
	const same = JSON.stringify(got) === JSON.stringify(expected);

	checks++;
	if (!same) failures++;
	console.log(`${same ? 'ok' : 'not ok'} ${checks} - ${name}`);
	if (!same) console.log(`#  got      ${JSON.stringify(got)}\n#  expected ${JSON.stringify(expected)}`);
}

// rows of texts, null for NULL
function sql(query) {
	const rows = execFileSync('psql', ['-X', '-A', '-t', '-P', 'null=\\N', '-F', '\x1f', '-v', 'ON_ERROR_STOP=1', '-c', query], { encoding: 'utf8' });
	return rows.split('\n').filter((row) => row !== '').map((row) => row.split('\x1f').map((field) => (field === '\\N' ? null : field)));
}

function freePort() {
	return new Promise((resolve) => {
		const server = net.createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

async function load(api, query) {
	const end = Date.now() + 120000;

	for (;;) {
		const response = await fetch(`${api}/load`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: word }, body: JSON.stringify({ query }) });
		const answer = await response.json();

		if (answer.error !== 'Continue wait') {
			if (answer.error) throw new Error(answer.error);
			return answer.results ? answer.results[0] : answer;
		}
		if (Date.now() > end) throw new Error('Cube is still working');
	}
}

const text = (value) => (value === null || value === undefined ? null : String(value));
const day = (value) => value.slice(0, 10);
const nps = '100 * (count(*) FILTER (WHERE nps_score > 8) - count(*) FILTER (WHERE nps_score < 7))::float8 / nullif(count(nps_score), 0)';
const answered = 'crm.survey_response s JOIN crm.customer c ON c.id = customer_id';

async function questions(api) {
	let answer;
	const rows = (...columns) => answer.data.map((row) => columns.map((name) => (/(year|quarter|month)$/.test(name) ? day(row[name]) : text(row[name]))));

	// an aggregate as a measure, in groups of a joined table and of time
	answer = await load(api, {
		measures: ['survey.nps', 'survey.csat', 'survey.answers', 'survey.status'], dimensions: ['customer.segment'],
		timeDimensions: [{ dimension: 'survey.answered_at', granularity: 'year' }], order: [['customer.segment', 'asc'], ['survey.answered_at', 'asc']],
	});
	is(rows('customer.segment', 'survey.answered_at.year', 'survey.nps', 'survey.csat', 'survey.answers', 'survey.status'),
		sql(`SELECT segment, y, n, c, a, CASE WHEN n >= 35 THEN 'green' WHEN n >= 25 THEN 'amber' ELSE 'red' END FROM (
			SELECT segment, date_trunc('year', answered_at)::date AS y, ${nps} AS n, count(*) FILTER (WHERE csat_score > 3)::float8 / count(csat_score) AS c, count(nps_score) AS a
			FROM ${answered} GROUP BY 1, 2) q ORDER BY 1, 2`), 'NPS, CSAT, answers and status by segment and year');
	is(answer.data.map((row) => typeof row['survey.nps']).every((type) => type === 'number'), true, 'double precision is a number in JSON');

	// a filter on one dimension, a range of time, no group
	answer = await load(api, {
		measures: ['survey.nps', 'survey.nps_lower', 'survey.nps_upper'], filters: [{ member: 'customer.region', operator: 'equals', values: ['East'] }],
		timeDimensions: [{ dimension: 'survey.answered_at', dateRange: ['2025-04-01', '2025-06-30'] }],
	});
	is(rows('survey.nps', 'survey.nps_lower', 'survey.nps_upper'),
		sql(`SELECT ${nps}, nps_lower(nps_summary(nps_score)), nps_upper(nps_summary(nps_score)) FROM ${answered} WHERE region = 'East' AND answered_at >= '2025-04-01' AND answered_at < '2025-07-01'`),
		'NPS and its interval, filtered');
	answer = await load(api, { measures: ['survey.nps', 'survey.answers'], filters: [{ member: 'customer.region', operator: 'equals', values: ['nowhere'] }] });
	is(rows('survey.nps', 'survey.answers'), [[null, '0']], 'no rows: NPS is null, not 0');

	// numeric to the last digit: as text in JSON
	answer = await load(api, {
		measures: ['order_line.revenue', 'order_line.margin', 'order_line.per_customer', 'order_line.repeat_rate'], dimensions: ['customer.segment'], order: { 'customer.segment': 'asc' },
	});
	is(rows('customer.segment', 'order_line.revenue', 'order_line.margin', 'order_line.per_customer', 'order_line.repeat_rate'),
		sql(`SELECT segment, sum(revenue), (sum(revenue) FILTER (WHERE cost IS NOT NULL) - sum(cost)) / sum(revenue) FILTER (WHERE cost IS NOT NULL), sum(revenue) / count(DISTINCT customer_id),
				(SELECT avg((n > 1)::int)::float8 FROM (SELECT count(*) AS n FROM crm.orders r JOIN crm.customer k ON k.id = r.customer_id
					WHERE r.status <> 'cancelled' AND k.segment = c.segment AND EXISTS (SELECT FROM crm.order_line WHERE order_id = r.id) GROUP BY k.id) x)
			FROM crm.orders o JOIN crm.order_line ON order_id = o.id JOIN crm.customer c ON c.id = customer_id WHERE status <> 'cancelled' GROUP BY 1 ORDER BY 1`),
		'revenue, margin, revenue per customer, repeat rate by segment');
	is(['revenue', 'margin', 'per_customer'].map((name) => typeof answer.data[0][`order_line.${name}`]), ['string', 'string', 'string'], 'numeric is text in JSON: no digit is lost');

	// drill-down: the rows behind a number
	answer = await load(api, {
		dimensions: ['survey.id', 'survey.score', 'customer.segment'], filters: [{ member: 'customer.segment', operator: 'equals', values: ['enterprise'] }],
		timeDimensions: [{ dimension: 'survey.answered_at', dateRange: ['2025-05-01', '2025-05-31'] }], order: { 'survey.id': 'asc' },
	});
	is(rows('survey.id', 'survey.score', 'customer.segment'),
		sql(`SELECT s.id, nps_score, segment FROM ${answered} WHERE segment = 'enterprise' AND answered_at >= '2025-05-01' AND answered_at < '2025-06-01' ORDER BY 1`), 'drill-down to the answers of a month');

	// summaries by day that Cube has stored, rolled up to whatever is asked
	const stored = async (query) => {
		const response = await fetch(`${api}/sql?query=${encodeURIComponent(JSON.stringify(query))}`, { headers: { authorization: word } });
		const [statement] = (await response.json()).sql.sql;

		is(statement.match(/FROM\s+([\w.]+)/)[1], 'prod_pre_aggregations.survey_day_days', 'from the stored summaries');
		answer = await load(api, query);
	};
	const times = (granularity, dateRange) => [{ dimension: 'survey_day.day', granularity, dateRange }];
	const measures = ['survey_day.nps', 'survey_day.csat', 'survey_day.answers'];
	const plain = `${nps}, count(*) FILTER (WHERE csat_score > 3)::float8 / nullif(count(csat_score), 0), count(nps_score)`;
	await stored({ measures, timeDimensions: times('quarter') });
	is(rows('survey_day.day.quarter', ...measures), sql(`SELECT date_trunc('quarter', answered_at)::date, ${plain} FROM ${answered} GROUP BY 1 ORDER BY 1`), 'by quarter');
	await stored({ measures, dimensions: ['survey_day.segment'], timeDimensions: times('month', ['2025-01-01', '2025-12-31']), order: [['survey_day.day', 'asc'], ['survey_day.segment', 'asc']] });
	is(rows('survey_day.day.month', 'survey_day.segment', ...measures),
		sql(`SELECT date_trunc('month', answered_at)::date, segment, ${plain} FROM ${answered} WHERE answered_at >= '2025-01-01' GROUP BY 1, 2 ORDER BY 1, 2`), 'by month and segment');
	await stored({ measures, dimensions: ['survey_day.region'], order: { 'survey_day.region': 'asc' } });
	is(rows('survey_day.region', ...measures), sql(`SELECT region, ${plain} FROM ${answered} GROUP BY 1 ORDER BY 1`), 'by region');
	await stored({ measures, filters: [{ member: 'survey_day.segment', operator: 'notEquals', values: ['small'] }] });
	is(rows(...measures), sql(`SELECT ${plain} FROM ${answered} WHERE segment <> 'small'`), 'in all, filtered');
	is(sql(`SELECT DISTINCT attname, format_type(atttypid, NULL), min(c.reltuples)::int < 5000 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
		WHERE relname LIKE 'survey_day_days%' AND relkind = 'r' AND attname IN ('answers', 'satisfied') GROUP BY 1, 2 ORDER BY 1`),
	[['answers', 'nps_summary', 't'], ['satisfied', 'rate_summary', 't']], 'what is stored are summaries');

	// the scorecard's view
	answer = await load(api, {
		measures: ['scorecard.value', 'scorecard.target'], dimensions: ['scorecard.title', 'scorecard.status'], timeDimensions: [{ dimension: 'scorecard.period', granularity: 'month', dateRange: ['2025-10-01', '2025-12-31'] }],
		filters: [{ member: 'scorecard.segment', operator: 'equals', values: [''] }], order: [['scorecard.title', 'asc'], ['scorecard.period', 'asc']],
	});
	is(rows('scorecard.title', 'scorecard.period.month', 'scorecard.value', 'scorecard.target', 'scorecard.status'),
		sql(`SELECT regexp_replace(title, ' \\[.*', '') AS t, period, value, target_value(target), CASE status WHEN 'green' THEN 'On target' WHEN 'amber' THEN 'Near target' WHEN 'red' THEN 'Off target' ELSE 'Uncertain' END
			FROM kpi_reading JOIN kpi_definition ON name = kpi WHERE segment = '' AND period >= '2025-10-01' ORDER BY 1, 2`), 'the scorecard by month');
}

async function page(api) {
	const { chromium } = require(path.join(work, 'node_modules/playwright-core'));
	const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => fs.existsSync(file));

	if (!program) {
		console.log('# no chromium: the page is not tested');
		return;
	}
	const server = http.createServer((request, response) => response.setHeader('content-type', 'text/html').end(fs.readFileSync(path.join(__dirname, 'page.html'))));
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const browser = await chromium.launch({
		executablePath: program,
		args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
	try {
		const tab = await browser.newPage();
		let shown = 0;
		const table = async () => {
			shown++;
			await tab.waitForFunction((n) => document.body.dataset.error || document.body.dataset.shown >= n, shown, { timeout: 120000 });
			is(await tab.evaluate(() => document.body.dataset.error || null), null, 'the page has no error');
			return tab.$$eval('#rows tr', (trs) => trs.map((tr) => [...tr.cells].map((cell) => cell.textContent)));
		};
		const expected = (unit, where) => sql(`SELECT p, a, n, CASE WHEN n >= 35 THEN 'green' WHEN n >= 25 THEN 'amber' ELSE 'red' END FROM (
			SELECT date_trunc('${unit}', answered_at)::date AS p, count(nps_score) AS a, ${nps} AS n FROM ${answered} WHERE ${where} GROUP BY 1) q ORDER BY 1`);

		await tab.goto(`http://127.0.0.1:${server.address().port}/?api=${encodeURIComponent(api)}&word=${word}`);
		is(await table(), expected('quarter', 'true'), 'page: NPS by quarter');
		is(await tab.textContent('#revenue'), sql(`SELECT sum(revenue) FROM crm.order_line JOIN crm.orders o ON o.id = order_id WHERE status <> 'cancelled'`)[0][0], 'page: revenue');
		is(await tab.textContent('#latest'), sql(`SELECT sum(revenue)::float8 || ' On target' FROM crm.order_line JOIN crm.orders o ON o.id = order_id WHERE status <> 'cancelled' AND ordered_at >= '2025-12-01'`)[0][0],
			'page: the latest reading of the scorecard');
		is(await tab.$eval('#latest', (output) => getComputedStyle(output).color), 'rgb(46, 125, 50)', 'page: in the colour of its status');
		await tab.selectOption('#segment', 'mid-size');
		is(await table(), expected('quarter', `segment = 'mid-size'`), 'page: filtered by segment');
		await tab.click('#rows tr:nth-child(6)');
		is(await table(), expected('month', `segment = 'mid-size' AND answered_at >= '2025-04-01' AND answered_at < '2025-07-01'`), 'page: a click on a quarter gives its months');
		if (process.env.KPI_BI_SCREENSHOT) await tab.screenshot({ path: process.env.KPI_BI_SCREENSHOT });
	} finally {
		await browser.close();
		server.close();
	}
}

(async () => {
	const port = await freePort();
	const api = `http://127.0.0.1:${port}/cubejs-api/v1`;
	const log = fs.openSync(path.join(work, 'cube.log'), 'w');
	const cube = spawn(process.execPath, ['start.js'], {
		cwd: work,
		stdio: ['ignore', log, log],
		env: {
			PATH: process.env.PATH, HOME: work, PORT: port, CUBEJS_DB_TYPE: 'postgres', CUBEJS_DB_HOST: process.env.PGHOST, CUBEJS_DB_PORT: process.env.PGPORT, CUBEJS_DB_USER: process.env.PGUSER,
			CUBEJS_DB_NAME: process.env.PGDATABASE, CUBEJS_API_SECRET: word, CUBEJS_CACHE_AND_QUEUE_DRIVER: 'memory', CUBEJS_PRE_AGGREGATIONS_BUILDER: 'true', CUBEJS_PG_SQL_PORT: 'false',
		},
	});
	let ended = false;

	cube.on('exit', () => { ended = true; });
	process.on('exit', () => cube.kill('SIGKILL'));
	for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
	try {
		for (let i = 0; ; i++) {
			if (await fetch(`http://127.0.0.1:${port}/livez`).then((response) => response.ok, () => false)) break;
			if (ended || i > 120) throw new Error('Cube does not start');
			await new Promise((resolve) => { setTimeout(resolve, 500); });
		}
		await questions(api);
		await page(api);
	} catch (error) {
		console.log(`not ok - ${error.stack}\n${fs.readFileSync(path.join(work, 'cube.log'), 'utf8').slice(-3000)}`);
		failures++;
	}
	console.log(`${checks - failures} of ${checks} checks passed`);
	process.exit(failures ? 1 : 0);
})();
