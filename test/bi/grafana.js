// node grafana.js DIRECTORY: is contrib/grafana/kpi.json what Grafana's own types (@grafana/schema, installed there) call a dashboard,
// and are its panels' options those of their kinds?
const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const work = process.argv[2];
const folder = path.join(work, 'node_modules/@grafana/schema/dist/types');
const kinds = { stat: 'stat', table: 'table', bargauge: 'bargauge', timeseries: 'timeseries', 'state-timeline': 'statetimeline' };
const dashboard = JSON.parse(fs.readFileSync(path.join(__dirname, '../../contrib/grafana/kpi.json'), 'utf8'));
const json = (value) => JSON.stringify(value);

// In the types words are enums, which in JSON are plain texts: unions of them say the same.  This is a copy that npm made for us.
for (const file of fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
	const text = fs.readFileSync(path.join(folder, file), 'utf8');
	fs.writeFileSync(path.join(folder, file), text.replace(/export declare enum (\w+) \{([^}]*)\}/g, (all, name, body) => {
		const values = [...body.replace(/\/\*[^]*?\*\//g, '').matchAll(/= *("[^"]*"|[\w.]+)/g)].map((value) => value[1]);
		return `export type ${name} = ${values.join(' | ')};`;
	}));
}

// what a query holds beside its name belongs to its data source
const queries = dashboard.annotations.list.map(({ target }, i) => `const query${i} = ${json(target)};`);
const notes = dashboard.annotations.list.map((note, i) => `{ ...${json({ ...note, target: undefined })}, target: query${i} }`);
const lines = [
	`import { Dashboard } from './veneer/dashboard.types';`,
	...Object.values(kinds).map((kind) => `import * as ${kind} from './raw/composable/${kind}/panelcfg/x/types.gen';`),
	...queries,
	`export const dashboard: Dashboard = { ...${json({ ...dashboard, annotations: undefined, panels: undefined, templating: undefined })}, annotations: { list: [${notes}] } };`,
	`export const panels: Dashboard['panels'] = ${json(dashboard.panels)};`,
	`export const templating: Dashboard['templating'] = ${json(dashboard.templating)};`,
	`export const top: Dashboard = ${json({ ...dashboard, annotations: undefined, panels: undefined, templating: undefined })};`,
];
for (const panel of dashboard.panels) {
	const kind = kinds[panel.type];
	lines.push(`export const options${panel.id}: Partial<${kind}.Options> = ${json(panel.options)};`);
	if (panel.fieldConfig.defaults.custom) lines.push(`export const custom${panel.id}: Partial<${kind}.FieldConfig> = ${json(panel.fieldConfig.defaults.custom)};`);
}
fs.writeFileSync(path.join(folder, 'dashboard.ts'), `${lines.join('\n')}\n`);
try {
	execFileSync(process.execPath, [path.join(work, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2020', '--moduleResolution', 'node', path.join(folder, 'dashboard.ts')],
		{ cwd: folder, encoding: 'utf8' });
	console.log(`ok - the dashboard fits Grafana's types, ${dashboard.panels.length} panels`);
} catch (error) {
	console.log(`not ok - the dashboard does not fit Grafana's types\n${error.stdout}`);
	process.exit(1);
}
