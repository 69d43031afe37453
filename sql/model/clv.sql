-- Predictive customer lifetime value: src/model/
--@ makes clv_history, clv_history_add, clv_history_cmp, clv_history_combine, clv_history_eq, clv_history_ge,
--@   clv_history_gt, clv_history_hash, clv_history_hash_extended, clv_history_in, clv_history_le, clv_history_lt,
--@   clv_history_ne, clv_history_ops, clv_history_out, clv_history_recv, clv_history_send, clv_model, clv_model_cmp,
--@   clv_model_eq, clv_model_ge, clv_model_gt, clv_model_hash, clv_model_hash_extended, clv_model_in, clv_model_le,
--@   clv_model_lt, clv_model_ne, clv_model_ops, clv_model_out, clv_model_recv, clv_model_send, clv_sample,
--@   clv_sample_add, clv_sample_cmp, clv_sample_eq, clv_sample_ge, clv_sample_gt, clv_sample_hash,
--@   clv_sample_hash_extended, clv_sample_in, clv_sample_le, clv_sample_lt, clv_sample_ne, clv_sample_ops,
--@   clv_sample_out, clv_sample_recv, clv_sample_send

--@ include core/base_type.sql
--@ with TYPE = clv_model
--@ with ABOUT = a fitted model of purchases (bg/nbd, mbg/nbd, pareto/nbd; time in days), with one of their value
--@   (gamma-gamma) where the data have it, or of contracts (sbg): parameters, standard errors, log-likelihood,
--@   customers
--@ include core/base_type.sql
--@ with TYPE = clv_sample
--@ with ABOUT = state of clv_fit(): how many customers there are of each frequency, recency and age, and of each number
--@   and mean value of repeat purchases; as_of and model
--@ include core/base_type.sql
--@ with TYPE = clv_history
--@ with ABOUT = state of the aggregate clv(): the exact sum of amounts of each (customer, day), as_of and horizon; text
--@   and uuid customers as 64-bit hashes

--@ for TYPE | OF
--@ | clv_sample  | clv_fit
--@ | clv_history | the aggregate clv
CREATE FUNCTION @TYPE@_add(@TYPE@, @TYPE@) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_add(@TYPE@, @TYPE@) IS
	'combine function of @OF@: merges two states; 22023 where their parameters differ';
--@ end

-- Fitting.

CREATE FUNCTION clv_sample_accum(clv_sample, r rfm, as_of date) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_accum(clv_sample, rfm, date) IS 'transition function of clv_fit: adds one customer';
CREATE FUNCTION clv_sample_accum(clv_sample, r rfm, as_of date, model text) RETURNS clv_sample
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_accum_model' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_sample_accum(clv_sample, rfm, date, text) IS
	'transition function of clv_fit: adds one customer';
CREATE FUNCTION clv_fit_final(clv_sample) RETURNS clv_model
	AS 'MODULE_PATHNAME', 'kpi_clv_sample_fit' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_fit_final(clv_sample) IS 'final function of clv_fit: the model, or NULL';

CREATE AGGREGATE clv_fit(r rfm, as_of date) (
	SFUNC = clv_sample_accum, STYPE = clv_sample, SSPACE = 4096, FINALFUNC = clv_fit_final,
	COMBINEFUNC = clv_sample_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_fit(rfm, date) IS
	'fit over customers, one rfm each, as known on as_of, of bg/nbd (Fader, Hardie, Lee 2005), and of gamma-gamma to '
	'the mean values of repeat purchases: by maximum likelihood, or with a NOTICE and a weak prior where that has no '
	'finite optimum (see clv_prior). Customers without a purchase by as_of and NULL are left out. NULL with a WARNING '
	'that says why where nobody bought by as_of or fewer than 10 customers bought again, and without a value, with a '
	'NOTICE, where fewer than 10 bought again for a positive amount; 22023 for an as_of or model that is NULL, differs '
	'from row to row, is infinite or unknown; 22000 where no fit was reached; 54000 beyond 512 MB';
CREATE AGGREGATE clv_fit(r rfm, as_of date, model text) (
	SFUNC = clv_sample_accum, STYPE = clv_sample, SSPACE = 4096, FINALFUNC = clv_fit_final,
	COMBINEFUNC = clv_sample_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv_fit(rfm, date, text) IS
	'fit over customers, one rfm each, as known on as_of, of the model named: bg/nbd, mbg/nbd (one-time buyers may be '
	'lost too; Batislam et al. 2007) or pareto/nbd (Schmittlein et al. 1987), and of gamma-gamma to the mean values of '
	'repeat purchases: by maximum likelihood, or with a NOTICE and a weak prior where that has no finite optimum (see '
	'clv_prior). Customers without a purchase by as_of and NULL are left out. NULL with a WARNING that says why where '
	'nobody bought by as_of or fewer than 10 customers bought again, and without a value, with a NOTICE, where fewer '
	'than 10 bought again for a positive amount; 22023 for an as_of or model that is NULL, differs from row to row, is '
	'infinite or unknown; 22000 where no fit was reached; 54000 beyond 512 MB';

CREATE FUNCTION sbg_fit(survivors bigint[]) RETURNS clv_model
	AS 'MODULE_PATHNAME', 'kpi_sbg_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sbg_fit(bigint[]) IS
	'shifted beta-geometric model of contracts (Fader, Hardie 2007), by maximum likelihood: survivors are the '
	'customers of one cohort left after 0, 1, 2, ... periods. NULL for NULL; NULL with a WARNING that says why with '
	'fewer than 3 counts, where nobody left or all left at once, and where there is no finite optimum; 22023 for a '
	'NULL count, a negative one, or one above that before it';

-- What a model holds.

CREATE FUNCTION clv_parameters(m clv_model, OUT name text, OUT value double precision,
		OUT standard_error double precision)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'kpi_clv_parameters' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 7;
COMMENT ON FUNCTION clv_parameters(clv_model) IS
	'the parameters with standard errors: r, alpha, a, b (bg/nbd, mbg/nbd), r, alpha, s, beta (pareto/nbd), alpha, '
	'beta (sbg), then p, q, gamma (gamma-gamma) where it has them; alpha and beta of purchases in days, gamma in the '
	'unit of money. A 95% interval is value * exp(-/+ 1.96 standard_error / value). No rows for NULL';
CREATE FUNCTION customers(m clv_model) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_clv_model_customers' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION customers(clv_model) IS 'number of customers that the model was fitted to; NULL for NULL';
CREATE FUNCTION log_likelihood(m clv_model) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_model_log_likelihood' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION log_likelihood(clv_model) IS
	'log-likelihood of the model of purchases, in days, or of contracts: of several models of the same customers the '
	'highest fits best; NULL for NULL';

-- Scores of a customer.

CREATE FUNCTION p_alive(m clv_model, r rfm, as_of date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_p_alive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION p_alive(clv_model, rfm, date) IS
	'probability 0..1 that the customer, as known on as_of, will still buy; churn risk is 1 - p_alive. 1 for every '
	'one-time buyer under bg/nbd. NULL for NULL, or without a purchase by as_of; 22023 for an infinite as_of or a '
	'model of contracts';
CREATE FUNCTION expected_purchases(m clv_model, r rfm, as_of date, horizon interval) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_purchases' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_purchases(clv_model, rfm, date, interval) IS
	'purchase days to expect of the customer after as_of, up to as_of + horizon. NULL for NULL, or without a purchase '
	'by as_of; 22023 for an infinite as_of, a negative or infinite horizon, or a model of contracts';
CREATE FUNCTION expected_value(m clv_model, r rfm, as_of date) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_expected_value_of_rfm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION expected_value(clv_model, rfm, date) IS
	'mean value to expect of a future purchase of the customer, in the unit of money: (gamma + x m) p / (p x + q - 1) '
	'for x repeat purchases of mean m > 0, which is the population''s mean without one (Fader, Hardie 2013). NULL for '
	'NULL, without a purchase by as_of, without a model of value, or where there is no mean (p x + q <= 1); 22023 for '
	'an infinite as_of or a model of contracts';
CREATE FUNCTION clv(m clv_model, r rfm, as_of date, horizon interval, discount double precision DEFAULT 0)
	RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_of_rfm' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION clv(clv_model, rfm, date, interval, double precision) IS
	'value to expect of the customer''s purchases after as_of, up to as_of + horizon, in the unit of money, each '
	'discounted by (1 + discount)^-(years from as_of): expected_value() * discounted expected purchases. NULL for '
	'NULL, without a purchase by as_of, or without a value; 22023 for an infinite as_of, a negative or infinite '
	'horizon or discount, or a model of contracts';

-- Contracts.

CREATE FUNCTION survival(m clv_model, t integer) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_survival' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION survival(clv_model, integer) IS
	'share 0..1 of customers still there after t periods, by a model of sbg_fit(); NULL for NULL; 22023 for t below 0 '
	'or a model of purchases';
CREATE FUNCTION retention(m clv_model, t integer) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_retention' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION retention(clv_model, integer) IS
	'share 0..1 of those there after t - 1 periods who stay for period t, by a model of sbg_fit(); NULL for NULL; '
	'22023 for t below 1 or a model of purchases';
CREATE FUNCTION residual_lifetime(m clv_model, t integer, discount double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_residual_lifetime' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION residual_lifetime(clv_model, integer, double precision) IS
	'renewals to expect of a customer who was there for t periods and now decides, the k-th divided by (1 + '
	'discount)^(k-1), discount per period (Fader, Hardie 2010): times the margin of a period it is the value to come. '
	'NULL for NULL, or where it is infinite (discount 0 and alpha <= 1); 22023 for t below 0, a negative or infinite '
	'discount, or a model of purchases';

-- The value of a group's customers in one number.

--@ include core/combine_in_zone.sql
--@ with TYPE = clv_history
CREATE FUNCTION clv_history_mean(clv_history) RETURNS double precision
	AS 'MODULE_PATHNAME', 'kpi_clv_history_mean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_mean(clv_history) IS
	'final function of the aggregate clv: fits a model and gives the mean of clv() over the customers; NULL for NULL '
	'or without a model';

--@ for KEY in bigint | uuid | text
--@ for AT | VOLATILE | COMBINE
--@ | date        | IMMUTABLE | add
--@ | timestamp   | IMMUTABLE | add
--@ | timestamptz | STABLE    | combine
--@ for AMOUNT | KIND
--@ | numeric          |
--@ | bigint           | _int8
--@ | double precision | _float8
--@ | real             | _float4
CREATE FUNCTION clv_history_accum(clv_history, customer @KEY@, at @AT@, amount @AMOUNT@, as_of date, horizon interval)
	RETURNS clv_history
	AS 'MODULE_PATHNAME', 'kpi_clv_history_accum_@KEY@_@AT@@KIND@' LANGUAGE C @VOLATILE@ PARALLEL SAFE;
COMMENT ON FUNCTION clv_history_accum(clv_history, @KEY@, @AT@, @AMOUNT@, date, interval) IS
	'transition function of the aggregate clv: adds one amount';
CREATE AGGREGATE clv(customer @KEY@, at @AT@, amount @AMOUNT@, as_of date, horizon interval) (
	SFUNC = clv_history_accum, STYPE = clv_history, SSPACE = 4096, FINALFUNC = clv_history_mean,
	COMBINEFUNC = clv_history_@COMBINE@, PARALLEL = SAFE
);
COMMENT ON AGGREGATE clv(@KEY@, @AT@, @AMOUNT@, date, interval) IS
	'predicted value per customer, in the unit of money: the mean of clv(model, rfm, as_of, horizon) over the '
	'customers of the group with a purchase by as_of, the model (bg/nbd with gamma-gamma) fitted to that group as '
	'clv_fit() does. A row with customer, at or amount NULL is ignored. NULL with a message that says why where nobody '
	'bought by as_of, with fewer than 10 customers who bought again, without a model of value or with one that has no '
	'mean; 22023 for an as_of or horizon that is NULL, infinite, negative or differs from row to row, or an infinite '
	'time; 22003 for NaN, infinity or more than 38 digits, with those after the point but for zeros at the end; 54000 '
	'beyond 512 MB';
--@ end
--@ end
--@ end
