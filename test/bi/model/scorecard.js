// The scorecard's ready-made view of readings over time.
cube(`scorecard`, {
	sql_table: `public.kpi_history`,
	dimensions: {
		key: { sql: `${CUBE}.kpi || ':' || ${CUBE}.segment || ':' || ${CUBE}.period`, type: `string`, primary_key: true },
		kpi: { sql: `kpi`, type: `string` },
		title: { sql: `title`, type: `string` },
		segment: { sql: `segment`, type: `string` },
		period: { sql: `period`, type: `time` },
		status: { sql: `status_text`, type: `string` },
		colour: { sql: `status_colour`, type: `string` },
	},
	measures: {
		value: { sql: `value`, type: `max` },
		target: { sql: `target_value`, type: `max` },
		worst: { sql: `status_order`, type: `min` },
	},
});
