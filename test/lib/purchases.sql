-- Customers simulated from known parameters, days so many that rounding to them changes nothing, and models fitted to
-- them; for the tests of models.
-- u: a number in 0..1 from a row, a seed and a position; the same everywhere
CREATE FUNCTION u(id int, seed int, i int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ((hashint8extended(id::bigint * 1000003 + i, seed) >> 12) & 4503599627370495)::float8 / 4503599627370496
		+ 1.1e-16;
-- Gamma(k, 1) for a whole k, from k numbers at position i on
CREATE FUNCTION gamma_draw(k int, id int, seed int, i int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT sum(-ln(u(id, seed, i + j))) FROM generate_series(0, k - 1) j);
CREATE FUNCTION simulate(kind text, seed int, n int, OUT customer int, OUT day date, OUT amount numeric)
	RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE rate float8; stop float8; time float8; till float8; value float8; i int;
BEGIN
	FOR c IN 1..n LOOP
		customer := c;
		rate := gamma_draw(2, customer, seed, 0) / 300;						-- r 2, alpha 300
		value := gamma_draw(4, customer, seed, 10) / 60;						-- q 4, gamma 60
		till := 1500 + 1500 * u(customer, seed, 20);
		-- s 2, beta 1500
		IF kind = 'pareto/nbd' THEN stop := -ln(u(customer, seed, 30)) / (gamma_draw(2, customer, seed, 31) / 1500);
		ELSE stop := 1 - u(customer, seed, 30) ^ (1 / 3.0); END IF;		-- a 1, b 3
		time := 0; i := 100;
		LOOP
			day := date '2010-01-01' + (3000 - till + time)::int;
			amount := greatest(round((gamma_draw(3, customer, seed, i + 4) / value)::numeric, 2), 0.01);	-- p 3
			RETURN NEXT;
			EXIT WHEN kind = 'bg/nbd' AND i > 100 AND u(customer, seed, i) < stop OR kind = 'mbg/nbd'
				AND u(customer, seed, i) < stop;
			time := time - ln(u(customer, seed, i + 1)) / rate; i := i + 10;
			EXIT WHEN time > till OR kind = 'pareto/nbd' AND time > stop;
		END LOOP;
	END LOOP;
END $$;
CREATE TABLE purchase AS SELECT kind, seed, s.* FROM unnest('{bg/nbd,mbg/nbd,pareto/nbd}'::text[]) kind,
	generate_series(1, 3) seed, simulate(kind, seed, 4000) s;
CREATE TABLE buyer AS SELECT kind, seed, customer, rfm(day, amount) AS r FROM purchase GROUP BY 1, 2, 3;
\set as_of 'date ''2018-03-20'''
CREATE TABLE fit AS SELECT kind, seed, clv_fit(r, :as_of, kind) AS m FROM buyer GROUP BY 1, 2;
CREATE FUNCTION value_of(m clv_model, parameter text) RETURNS float8
	LANGUAGE sql IMMUTABLE AS $$ SELECT value FROM clv_parameters(m) WHERE name = parameter LIMIT 1 $$;
