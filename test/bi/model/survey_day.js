// The same from summaries, one a day and segment, that Cube stores as a table of its own (a pre-aggregation) and rolls up
// to any period and any of the dimensions.
cube(`survey_day`, {
	sql: `SELECT (answered_at AT TIME ZONE 'UTC')::date AS day, c.segment, c.region, nps_summary(nps_score) AS answers, csat_summary(csat_score) AS satisfied
		FROM crm.survey_response JOIN crm.customer c ON c.id = customer_id GROUP BY 1, 2, 3`,
	dimensions: {
		day: { sql: `day`, type: `time` },
		segment: { sql: `segment`, type: `string` },
		region: { sql: `region`, type: `string` },
	},
	measures: {
		answers: { sql: `responses(rollup(${CUBE}.answers))`, type: `number` },
		nps: { sql: `nps(rollup(${CUBE}.answers))`, type: `number` },
		csat: { sql: `rate(rollup(${CUBE}.satisfied))`, type: `number`, format: `percent` },
	},
	pre_aggregations: {
		days: { type: `original_sql`, external: false },
	},
});
