COMMENT ON TABLE kpi_definition IS
	'what each KPI is: one row a KPI, written by kpi_define(); retire one by ending its active range, so that its '
	'history stays; rename one by kpi_rename()';
--@ for NAME | ABOUT
--@ | name         | name of the KPI; it appears in every other table
--@ | title        | what people read
--@ | description  | what it means, how it is computed, what to do about it
--@ | source       | qualified name of the table or view that gives its numbers
--@ | unit         | period of its readings and goals, a unit of kpi_period() in the spelling of kpi_unit()
--@ | kind         | how it adds up: flow, ratio, stock, average or survey
--@ | perspective  | financial, customer, process or people
--@ | level        | strategic, operational or functional
--@ | timing       | leading or lagging
--@ | owner        | who answers for it
--@ | min_n        | fewest rows (column n of the source) that allow a verdict; NULL is any
--@ | parent       | name of the KPI that this one contributes to
--@ | guard        | name of the KPI that shows when this one is reached in a harmful way
--@ | review_every | how often its definition and goals should be reviewed
--@ | active       | days on which it is measured
--@ | pace         | how a flow is judged before its period ends: linear or last year
--@ | alert_after  | consecutive readings of a new status before it is an alert
--@ | reviewed_on  | when it was last reviewed: set it after a review
--@ | measured_at  | when kpi_measure() last tried
--@ | measured_to  | the latest as_of of a measuring that worked
--@ | error        | why the last measuring failed; NULL if it worked
--@ | goals_set_at | when kpi_set_goal() or kpi_split_goal() last set a goal of it: so a transaction that began before
--@   learns of it
--@ | zone         | time zone that moments of the source are read in; NULL, as in definitions of 0.1.0, is that of who
--@   measures
--@ | phase        | number of its meaning: one more where source or kind changed after it had readings
--@ | phases       | the meanings before, oldest first: number, source, kind and unit, when, by whom and why each ended
--@ | recover      | share of the bound by which a value must be better than it before an alert says so
--@ | watch        | whether a signal of its control chart is an alert where there is no goal
--@ | baseline     | days whose readings give the limits of its control chart; NULL is by level
--@ | hide         | whether values of fewer than min_n rows are not kept and shown
COMMENT ON COLUMN kpi_definition.@NAME@ IS '@ABOUT@';
--@ end
