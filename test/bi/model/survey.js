// The survey's answers: each measure is one aggregate of the extension, so Cube groups and filters as it likes.
cube(`survey`, {
	sql_table: `crm.survey_response`,
	joins: {
		customer: { sql: `${CUBE}.customer_id = ${customer}.id`, relationship: `many_to_one` },
	},
	dimensions: {
		id: { sql: `id`, type: `number`, primary_key: true, public: true },
		answered_at: { sql: `answered_at`, type: `time` },
		score: { sql: `nps_score`, type: `number` },
	},
	measures: {
		answers: { sql: `nps_score`, type: `count`, drill_members: [id, answered_at, score, customer.segment] },
		nps: { sql: `nps_agg(${CUBE}.nps_score)`, type: `number` },
		nps_lower: { sql: `nps_lower(nps_summary(${CUBE}.nps_score))`, type: `number` },
		nps_upper: { sql: `nps_upper(nps_summary(${CUBE}.nps_score))`, type: `number` },
		csat: { sql: `csat_agg(${CUBE}.csat_score)`, type: `number`, format: `percent` },
		status: { sql: `kpi_status(nps_agg(${CUBE}.nps_score), '>= 35 warn 25')::text`, type: `string` },
	},
});
