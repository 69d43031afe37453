-- Amounts per distinct customer: src/summary/per_customer.c
--@ makes customer_amounts, customer_amounts_cmp, customer_amounts_eq, customer_amounts_ge, customer_amounts_gt,
--@   customer_amounts_hash, customer_amounts_hash_extended, customer_amounts_in, customer_amounts_le,
--@   customer_amounts_lt, customer_amounts_ne, customer_amounts_ops, customer_amounts_out, customer_amounts_recv,
--@   customer_amounts_send

--@ include core/base_type.sql
--@ with TYPE = customer_amounts
--@ with ABOUT = state of per_customer: the exact sum of amounts of each customer; text and uuid customers as 64-bit
--@   hashes

CREATE FUNCTION customer_amounts_add(customer_amounts, customer_amounts) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_customer_amounts_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION customer_amounts_add(customer_amounts, customer_amounts) IS
	'combine function of per_customer: adds amounts up; 22023 where types of customer differ, 22003 where a sum needs '
	'more than 38 digits';
CREATE FUNCTION per_customer_final(customer_amounts) RETURNS numeric
	AS 'MODULE_PATHNAME', 'kpi_per_customer_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION per_customer_final(customer_amounts) IS
	'final function of per_customer: sum of amounts / customers; NULL for NULL or without customers';

--@ for KEY in bigint | uuid | text
--@ for AMOUNT | KIND
--@ | numeric          |
--@ | bigint           | _int8
--@ | double precision | _float8
--@ | real             | _float4
CREATE FUNCTION per_customer_accum(customer_amounts, customer @KEY@, amount @AMOUNT@) RETURNS customer_amounts
	AS 'MODULE_PATHNAME', 'kpi_per_customer_accum_@KEY@@KIND@' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION per_customer_accum(customer_amounts, @KEY@, @AMOUNT@) IS
	'transition function of per_customer: adds one amount';
CREATE AGGREGATE per_customer(customer @KEY@, amount @AMOUNT@) (
	SFUNC = per_customer_accum, STYPE = customer_amounts, SSPACE = 1024, FINALFUNC = per_customer_final,
	COMBINEFUNC = customer_amounts_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE per_customer(@KEY@, @AMOUNT@) IS
	'sum of amount / distinct customers, exact: realised value, revenue or (with amount 1) orders per customer, in the '
	'unit of amount. A row with customer or amount NULL is ignored; NULL without rows; 22003 for NaN, infinity or more '
	'than 38 digits, with those after the point but for zeros at the end; 54000 beyond 512 MB. To count customers '
	'without an amount, give coalesce(amount, 0)';
--@ end
--@ end

