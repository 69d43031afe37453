// node-postgres: what it makes of the types of kpi, and how it gives them.  Run by test/t/056_node_postgres.pl, the connection
// in PG*, the module pg in NODE_PATH.
'use strict';
const pg = require('pg');
const array = require('postgres-array');

const line = (...fields) => console.log(fields.map(f => String(f).replace(/\n/g, '\\n').replace(/\t/g, '\\t')).join('\t'));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const check = (name, got, expected) =>
	same(got, expected) ? line('ok', name) : line('not ok', name, `got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);

// the class of a value by the type that the server says; what is not here comes as the server's text
const known = { 16: 'boolean', 23: 'number', 701: 'number', 1082: 'Date', 1186: 'PostgresInterval', 1016: 'Array', 1022: 'Array' };
const classOf = v => v instanceof Date ? 'Date' : Array.isArray(v) ? 'Array' : typeof v === 'object' ? v.constructor.name : typeof v;

function text(v, type) {
	if (v === null) return '\\N';
	// a date is midnight of the program's time zone
	if (v instanceof Date) return [v.getFullYear(), v.getMonth() + 1, v.getDate()].map(n => String(n).padStart(2, '0')).join('-');
	if (type === 1186) return String(Math.round((((v.hours || 0) * 60 + (v.minutes || 0)) * 60 + (v.seconds || 0)) * 1e6 + (v.milliseconds || 0) * 1e3));
	if (Array.isArray(v)) return '{' + v.map(x => x === null ? 'NULL' : String(x)).join(',') + '}';
	return String(v);
}

function argument(kind, given) {
	if (given === null || given === 'NULL') return null;
	if (kind === 'int' || kind === 'float') return Number(given);
	if (kind === 'timestamp') return given;
	if (kind === 'timestamptz') return new Date(given.replace(' ', 'T').replace('+00', 'Z'));
	return given;
}

async function main() {
	const db = new pg.Client();
	await db.connect();

	for (const { id, sql } of (await db.query('SELECT id, sql FROM kpi_test.query ORDER BY id')).rows) {
		const result = await db.query({ text: sql, rowMode: 'array' });
		const oids = result.fields.map(f => f.dataTypeID);
		line('C', id, ...result.fields.flatMap((f, i) => [f.name, known[oids[i]] || 'string']));
		for (const row of result.rows) {
			row.forEach((v, i) => {
				if (v !== null && classOf(v) !== (known[oids[i]] || 'string'))
					line('not ok', `${sql}: the class of a value`, `${classOf(v)} ${v}`);
			});
			line('R', id, ...row.map((v, i) => text(v, oids[i])));
		}
	}

	// every sample of every type: as text and as binary, and in arrays
	const samples = (await db.query('SELECT id, type, literal FROM kpi_test.value ORDER BY id')).rows;
	for (const type of new Set(samples.map(s => s.type))) {
		const rows = samples.filter(s => s.type === type).map(s => [s.id, s.literal]);
		const ids = rows.map(r => r[0]), literals = rows.map(r => r[1]);
		const all = async () => (await db.query({ text: `SELECT id, v FROM "into ${type}" ORDER BY id`, rowMode: 'array' })).rows;
		for (const row of rows)
			await db.query({ name: `insert ${type}`, text: `INSERT INTO "into ${type}" (id, v) VALUES ($1, $2)`, values: row });
		check(`insert ${type}`, await all(), rows);
		// a batch: arrays of all values
		await db.query(`TRUNCATE "into ${type}"`);
		await db.query(`INSERT INTO "into ${type}" (id, v) SELECT * FROM unnest($1::int[], $2::${type}[])`, [ids, literals]);
		check(`batch ${type}`, await all(), rows);
		// the binary form: node-postgres reads results as UTF-8 text, so out of it as bytea; what goes in as a Buffer is binary
		const { typarray } = (await db.query('SELECT typarray::int FROM pg_type WHERE oid = $1::regtype', [type])).rows[0];
		const binary = (await db.query(`SELECT ${type}_send(v) AS b FROM "into ${type}" ORDER BY id`)).rows.map(r => r.b);
		await db.query(`TRUNCATE "into ${type}"`);
		for (let i = 0; i < ids.length; i++)
			await db.query(`INSERT INTO "into ${type}" (id, v) VALUES ($1, $2)`, [ids[i], binary[i]]);
		check(`binary in ${type}`, await all(), rows);
		// arrays: text, until a parser is set for the type of the array
		const plain = (await db.query(`SELECT $1::${type}[] AS a`, [literals.concat(null)])).rows[0].a;
		pg.types.setTypeParser(typarray, v => array.parse(v));
		const list = (await db.query(`SELECT $1::${type}[] AS a`, [literals.concat(null)])).rows[0].a;
		check(`array ${type}`, [typeof plain, list], ['string', literals.concat(null)]);
	}

	// calls with parameters, prepared on the server, twice
	for (const { id, sql, kinds, arguments: given, expected } of (await db.query('SELECT * FROM kpi_test.call ORDER BY id')).rows) {
		const values = kinds.map((kind, i) => argument(kind, given[i]));
		try {
			const got = [];
			for (let i = 0; i < 2; i++)
				got.push((await db.query({ name: `call ${id}`, text: sql, values, rowMode: 'array' })).rows[0][0]);
			check(`call ${id}`, got, [expected, expected]);
		} catch (error) {
			line('not ok', `call ${id}`, `${sql} ${values}: ${error.message}`);
		}
	}
	check('prepared', (await db.query('SELECT count(*) > 20 AS many FROM pg_prepared_statements WHERE NOT from_sql')).rows[0].many, true);

	// a portal read in parts
	const movements = "SELECT period, opening, nrr FROM revenue_movements((SELECT revenue_summary(h(id, 40)::bigint, due::date, den, 'month') FROM sample), as_of => '2024-09-30')";
	const whole = (await db.query(movements)).rows;
	await db.query('BEGIN');
	await db.query(`DECLARE part CURSOR FOR ${movements}`);
	let parts = [], some;
	while ((some = (await db.query('FETCH 2 FROM part')).rows).length) parts = parts.concat(some);
	await db.query('COMMIT');
	check('cursor', parts, whole);
	check('cursor rows', parts.length > 5, true);

	for (const [name, sql, values, code] of [
		['bad text', 'SELECT nps($1)', ['(1,2)'], '22P02'],
		['bad binary', 'SELECT nps($1)', [Buffer.from([255, 255])], '22P03'],
		['out of range', 'SELECT nps_agg($1)', [11], '22003']])
		check(name, await db.query(sql, values).then(() => '', error => error.code), code);

	// a name without its type takes text, so the customers' type is to be said
	check('forget', await db.query("SELECT forget(activity_summary(1::bigint, '2026-01-01'::date, 'month'), $1)", [1]).then(() => '', e => e.code), '22023');

	// The example of doc/drivers.md.
	await db.query('CREATE TABLE survey (day date, score int); CREATE TABLE survey_day (day date PRIMARY KEY, nps nps_summary)');
	await db.query("INSERT INTO survey VALUES ('2026-02-05', 10), ('2026-02-05', 9), ('2026-02-05', 3), ('2026-02-06', 9)");
	await db.query("INSERT INTO survey_day SELECT day, nps_summary(score) FROM survey GROUP BY day");
	const results = [];
	const show = row => results.push(row);

	// numeric and bigint as JavaScript numbers, dates as text, in this program only
	pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
	pg.types.setTypeParser(pg.types.builtins.INT8, Number);
	pg.types.setTypeParser(pg.types.builtins.DATE, text => text);
	const { rows } = await db.query({
		name: 'month',
		text: `SELECT kpi_period(day, 'month') AS month, nps(rollup(nps)) AS nps, responses(rollup(nps)) AS answers,
		              kpi_status(nps(rollup(nps)), $1) AS status
		       FROM survey_day WHERE day >= $2 GROUP BY 1`,
		values: ['>= 50 warn 30', '2026-02-01'],
	});
	rows.forEach(show);       // { month: '2026-02-01', nps: 50, answers: 4, status: 'green' }

	check('example', results, [{ month: '2026-02-01', nps: 50, answers: 4, status: 'green' }]);
	await db.end();
}

main().catch(error => {
	console.error(error);
	process.exit(1);
});
