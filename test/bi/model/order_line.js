// Money is numeric: exact in the database and sent as text, so that no digit is lost on the way.
cube(`order_line`, {
	sql: `SELECT o.customer_id, o.ordered_at, l.order_id, l.revenue, l.cost, row_number() OVER () AS id FROM crm.orders o JOIN crm.order_line l ON l.order_id = o.id WHERE o.status <> 'cancelled'`,
	joins: {
		customer: { sql: `${CUBE}.customer_id = ${customer}.id`, relationship: `many_to_one` },
	},
	dimensions: {
		id: { sql: `id`, type: `number`, primary_key: true },
		ordered_at: { sql: `ordered_at`, type: `time` },
	},
	measures: {
		revenue: { sql: `revenue`, type: `sum` },
		margin: { sql: `margin(${CUBE}.revenue, ${CUBE}.cost)`, type: `number` },
		per_customer: { sql: `per_customer(${CUBE}.customer_id, ${CUBE}.revenue)`, type: `number` },
		repeat_rate: { sql: `repeat_rate(${CUBE}.customer_id, ${CUBE}.order_id)`, type: `number`, format: `percent` },
	},
});
