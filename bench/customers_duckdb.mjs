// customers_duckdb.mjs DIRECTORY CSV: DuckDB on one thread for bench/customers.  Loads the events, says "ready VERSION",
// then for each line "NAME FILE" on standard input writes that answer to FILE and says how many ms it took.
// DIRECTORY is where npm installed @duckdb/node-api.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';

const [directory, csv] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(directory + '/')('@duckdb/node-api');

const active = `SELECT DISTINCT customer, date_trunc('month', ts)::date AS month FROM event`;
const funnelWindow = 'WINDOW w AS (PARTITION BY customer ORDER BY ts ROWS UNBOUNDED PRECEDING)';
const both = `FROM months m FULL JOIN months p ON (p.month + INTERVAL 1 MONTH)::date = m.month ORDER BY 1`;
const month = `coalesce(m.month, p.month + INTERVAL 1 MONTH)::date`;
const money = (x) => `coalesce(${x}, 0)::decimal(20,2)`;

const queries = {
	lifecycle: `
		WITH active AS (${active}), neighbours AS (
			SELECT month, lag(month) OVER w AS previous, lead(month) OVER w AS next FROM active WINDOW w AS (PARTITION BY customer ORDER BY month)
		), months AS (
			SELECT month, count(*) AS active, count(*) FILTER (previous IS NULL) AS new,
				count(*) FILTER (month - previous <= 31) AS retained, count(*) FILTER (next - month <= 31) AS retained_next
			FROM neighbours GROUP BY month
		)
		SELECT ${month}, coalesce(m.active, 0), coalesce(m.new, 0), coalesce(m.retained, 0),
			coalesce(m.active - m.new - m.retained, 0), coalesce(p.active - p.retained_next, 0) ${both}`,
	cohorts: `
		WITH active AS (${active}), first AS (
			SELECT customer, min(month) AS cohort FROM active GROUP BY customer
		), cells AS (
			SELECT cohort, month, count(*) AS active FROM active JOIN first USING (customer) GROUP BY cohort, month
		)
		SELECT cohort, date_diff('month', cohort, month), first_value(active) OVER (PARTITION BY cohort ORDER BY month), active
		FROM cells ORDER BY 1, 2`,
	movements: `
		WITH net AS (
			SELECT customer, date_trunc('month', ts)::date AS month, sum(amount) AS amount FROM event GROUP BY 1, 2 HAVING sum(amount) > 0
		), neighbours AS (
			SELECT month, amount, lag(month) OVER w AS previous, lag(amount) OVER w AS previous_amount, lead(month) OVER w AS next
			FROM net WINDOW w AS (PARTITION BY customer ORDER BY month)
		), months AS (
			SELECT month, sum(amount) AS closing, count(*) AS customers,
				sum(amount) FILTER (previous IS NULL) AS new,
				sum(amount) FILTER (month - previous > 31) AS reactivation,
				sum(amount - previous_amount) FILTER (month - previous <= 31 AND amount > previous_amount) AS expansion,
				sum(previous_amount - amount) FILTER (month - previous <= 31 AND amount < previous_amount) AS contraction,
				sum(amount) FILTER (next IS NULL OR next - month > 31) AS churn_next
			FROM neighbours GROUP BY month
		)
		SELECT ${month}, ${money('m.new')}, ${money('m.reactivation')}, ${money('m.expansion')}, ${money('m.contraction')},
			${money('p.churn_next')}, ${money('m.closing')}, coalesce(m.customers, 0) ${both}`,
	funnel: `
		WITH one AS (
			SELECT customer, ts, step, max(ts) FILTER (step = 'visit') OVER w AS start
			FROM event WHERE step IN ('visit', 'cart', 'checkout', 'purchase') ${funnelWindow}
		), two AS (
			SELECT *, max(start) FILTER (step = 'cart') OVER w AS start2 FROM one ${funnelWindow}
		), three AS (
			SELECT *, max(start2) FILTER (step = 'checkout') OVER w AS start3 FROM two ${funnelWindow}
		), depths AS (
			SELECT max(CASE WHEN step = 'visit' THEN 1
				WHEN step = 'cart' AND ts - start <= INTERVAL 30 DAY THEN 2
				WHEN step = 'checkout' AND ts - start2 <= INTERVAL 30 DAY THEN 3
				WHEN step = 'purchase' AND ts - start3 <= INTERVAL 30 DAY THEN 4 END) AS depth
			FROM three GROUP BY customer
		)
		SELECT i, count(*) FROM depths, range(1, 5) r(i) WHERE depth >= i GROUP BY i ORDER BY i`,
};

const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const all = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson();

await connection.run(`CREATE TABLE event AS SELECT * FROM read_csv('${csv}', header = false,
	columns = {customer: 'BIGINT', ts: 'TIMESTAMP', amount: 'DECIMAL(10,2)', step: 'VARCHAR'})`);
console.log('ready', (await all('SELECT version()'))[0][0]);

for await (const line of createInterface({ input: process.stdin })) {
	const [name, file] = line.split(' ');
	const start = process.hrtime.bigint();
	const rows = await all(queries[name]);
	const ms = Number(process.hrtime.bigint() - start) / 1e6;
	writeFileSync(file, rows.map((row) => row.join(',') + '\n').join(''));
	console.log(ms.toFixed(1));
}
