-- Fits around another model, and the aggregate clv() with a model and a discount: src/model/
--@ since 0.2.0

CREATE FUNCTION clv_prior(m clv_model) RETURNS text
	AS 'MODULE_PATHNAME', 'kpi_clv_model_prior' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv_prior(clv_model) IS
	'how a model was fitted: none, by maximum likelihood alone; weak, with the weak prior that is taken where the data '
	'have no finite optimum; model, around a model that was given as prior. NULL for NULL';

CREATE FUNCTION clv_sample_accum(clv_sample, r rfm, as_of date, prior clv_model) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_accum_prior' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_accum(clv_sample, rfm, date, clv_model) IS
	'transition function of clv_fit: adds one customer';
CREATE AGGREGATE clv_fit(r rfm, as_of date, prior clv_model) (
	SFUNC = clv_sample_accum, STYPE = clv_sample, SSPACE = 4096, FINALFUNC = clv_fit_final,
	COMBINEFUNC = clv_sample_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_fit(rfm, date, clv_model) IS
	'fit of a group of customers, one rfm each, as known on as_of, around a model of all of them, of the same kind and '
	'with a value if it has one: the logarithm of each parameter is normal around that of the prior with standard '
	'deviation 0.5 before the group''s own customers are seen, so that a group of any size gets a number. Customers '
	'without a purchase by as_of and NULL are left out. NULL with a WARNING without customers, or where no fit is '
	'within reach of the prior; 22023 for an as_of or prior that is NULL, differs from row to row, is infinite or a '
	'model of contracts; 22000 where no fit was reached; 54000 beyond 512 MB';

-- The value of a group's customers in one number.  Amounts of other types are cast to double precision.

--@ for MODEL | TYPE | FITTED
--@ | model | text      | the model named, bg/nbd, mbg/nbd or pareto/nbd, with gamma-gamma, fitted to that group
--@ | prior | clv_model | fitted to that group around a model of all of them, as clv_fit(r, as_of, prior)
--@ for KEY in bigint | uuid | text
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
--@ for AMOUNT | KIND
--@ | numeric          |
--@ | double precision | _float8
CREATE FUNCTION clv_history_accum(clv_history, customer @KEY@, at @AT@, amount @AMOUNT@, as_of date, horizon interval,
		@MODEL@ @TYPE@, discount double precision)
	RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_@MODEL@_@KEY@_@AT@@KIND@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, @KEY@, @AT@, @AMOUNT@, date, interval, @TYPE@, double precision) IS
	'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer @KEY@, at @AT@, amount @AMOUNT@, as_of date, horizon interval, @MODEL@ @TYPE@,
		discount double precision) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(@KEY@, @AT@, @AMOUNT@, date, interval, @TYPE@, double precision) IS
	'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon, discount) over '
	'the customers of the group with a purchase by as_of, @FITTED@. '
	'discount is per year. A row with customer, at or amount NULL is ignored. NULL with a message that says why where '
	'there is no model, none of value, or one that has no mean; 22023 for a parameter that is NULL, infinite, '
	'negative, unknown or differs from row to row, or an infinite time; 22003 for NaN, infinity or more than 38 '
	'digits, with those after the point but for zeros at the end; 54000 beyond 512 MB';
--@ end
--@ end
--@ end
--@ end
