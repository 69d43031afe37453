cube(`customer`, {
	sql_table: `crm.customer`,
	dimensions: {
		id: { sql: `id`, type: `number`, primary_key: true },
		segment: { sql: `segment`, type: `string` },
		region: { sql: `region`, type: `string` },
		since: { sql: `since`, type: `time` },
	},
	measures: {
		customers: { type: `count` },
	},
});
