-- Special functions, series and integrals of the purchase models, each against numeric arithmetic: relative errors
-- below
-- 1e-12 over the whole domain.
\set VERBOSITY terse
-- the very number that a double is
CREATE FUNCTION exact(x float8) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE e int := 0; y float8 := x;
BEGIN
	WHILE y <> trunc(y) LOOP y := y * 2; e := e + 1; END LOOP;
	RETURN round(y::text::numeric / 1, 0) * round(0.5::numeric(300,150) ^ e, 150);
END $$;
SET extra_float_digits = 1;
CREATE FUNCTION psi_numeric(x numeric, OUT first numeric, OUT second numeric) LANGUAGE plpgsql AS $$
DECLARE y numeric := x; f numeric := 0; s numeric := 0;
BEGIN
	WHILE y < 500 LOOP f := f - round(1::numeric / y, 60); s := s + round(1::numeric / (y * y), 60); y := y + 1;
	END LOOP;
	y := round(y, 60);
	first := f + ln(y) - 1 / (2 * y) - 1 / (12 * y ^ 2) + 1 / (120 * y ^ 4) - 1 / (252 * y ^ 6) + 1 / (240 * y ^ 8);
	second := s + 1 / y + 1 / (2 * y ^ 2) + 1 / (6 * y ^ 3) - 1 / (30 * y ^ 5) + 1 / (42 * y ^ 7) - 1 / (30 * y ^ 9);
END $$;
-- ln gamma by Stirling's series from 500 on
CREATE FUNCTION ln_gamma_numeric(x numeric) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE y numeric := x; p numeric := 1; shift numeric := 0;
BEGIN
	WHILE y < 500 LOOP
		shift := shift - ln(round(y, 60)); y := y + 1;
	END LOOP;
	y := round(y, 60);
	RETURN shift + (y - 0.5) * ln(y) - y + 0.918938533204672741780329736405617639861397473637783412817 + 1 / (12 * y)
		- 1 / (360 * y ^ 3) + 1 / (1260 * y ^ 5) - 1 / (1680 * y ^ 7) + 1 / (1188 * y ^ 9);
END $$;
CREATE FUNCTION hypergeometric_numeric(a numeric, b numeric, c numeric, z numeric) RETURNS numeric
	LANGUAGE plpgsql AS $$
DECLARE term numeric := 1; sum numeric := 1; n int := 0;
BEGIN
	LOOP
		term := round(term * round((a + n) * (b + n), 100) * z / round((c + n) * (n + 1), 100), 100);
		sum := sum + term; n := n + 1;
		EXIT WHEN n > 10 AND abs(term) < abs(sum) * 1e-40;
	END LOOP;
	RETURN sum;
END $$;
CREATE FUNCTION beta_purchases_numeric(r numeric, a numeric, b numeric, t numeric) RETURNS numeric
	LANGUAGE plpgsql AS $$
DECLARE z numeric := round(t / (1 + t)::numeric(300,100), 100); c numeric := a + b - 1;
BEGIN
	-- the textbook's form, which cancels without a hundred digits
	RETURN c / (a - 1) * (1 - exp(r * ln(1 - z)) * hypergeometric_numeric(r, b, c, z));
END $$;
-- odds of having stopped, s/(r+s) (alpha+T)^r (beta+T)^s A0 (Fader, Hardie 2005)
CREATE FUNCTION odds_numeric(r numeric, alpha numeric, s numeric, beta numeric, recency numeric, age numeric)
	RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	m numeric := greatest(alpha, beta); b numeric := CASE WHEN alpha >= beta THEN s + 1 ELSE r END;
	f numeric := hypergeometric_numeric(r + s, b, r + s + 1, round(abs(alpha - beta) / (m + recency), 100));
	g numeric := hypergeometric_numeric(r + s, b, r + s + 1, round(abs(alpha - beta) / (m + age), 100));
BEGIN
	RETURN s / (r + s) * exp(round(r * ln(alpha + age) + s * ln(beta + age), 100)) *
		(f * exp(round(-(r + s) * ln(m + recency), 100)) - g * exp(round(-(r + s) * ln(m + age), 100)));
END $$;
SELECT count(*) AS cases, bool_and(abs(digamma(x)::numeric / (psi_numeric(exact(x))).first - 1) < 1e-12) AS digamma,
	bool_and(abs(trigamma(x)::numeric / (psi_numeric(exact(x))).second - 1) < 1e-12) AS trigamma
FROM (SELECT exp(-9 + i * 0.43)::float8 AS x FROM generate_series(0, 40) i) q;
SELECT count(*) AS cases, bool_and(abs(ln_beta(a, b)::numeric - e) < 1e-12 * greatest(abs(e), 1)) AS ln_beta
FROM (SELECT a, b, ln_gamma_numeric(exact(a)) + ln_gamma_numeric(exact(b)) - ln_gamma_numeric(exact(a) + exact(b)) AS e
	FROM (SELECT exp(-7 + i * 0.9) AS a, exp(-6.5 + j * 1.1) AS b
			FROM generate_series(0, 16, 2) i, generate_series(0, 13, 3) j) q) q;
SELECT count(*) AS cases, bool_and(abs(hypergeometric(b, d, z)::numeric
		/ hypergeometric_numeric(1, exact(b), exact(b) + exact(d), exact(z)) - 1) < 1e-12) AS hypergeometric
FROM unnest('{0.01,0.55,3.5,20.25,1000.5}'::float8[]) b, unnest('{1.01,1.6,4,30}'::float8[]) d,
	unnest('{0,0.001,0.3,0.75,0.9,0.99}'::float8[]) z;
-- near a = 1 and away from it, few and a thousand purchases, minutes and decades
SELECT count(*) AS cases,
	max(abs(beta_purchases(r, a, b, t)::numeric / beta_purchases_numeric(exact(r), exact(a), exact(b), exact(t)) - 1))
	< 1e-12 AS beta_purchases
FROM unnest('{0.03,0.5,4.2,60,1000.24}'::float8[]) r, unnest('{0.05,0.8,0.9999999,1.5,12}'::float8[]) a,
	unnest('{0.4,2.4,40,1002.4}'::float8[]) b, unnest('{0.00001,0.02,0.5,3,20}'::float8[]) t
WHERE a + b > 1 AND r * ln(1 + t) < 100 AND b * ln(1 + t) < 700;
SELECT beta_purchases(0.5, 1, 2.4, 3) BETWEEN beta_purchases(0.5, 1.0000001, 2.4, 3)
	AND beta_purchases(0.5, 0.9999999, 2.4, 3) AS smooth_at_one, beta_purchases(2, 0.5, 0.4, 100) > 0 AS small_a_and_b;
SELECT count(*) AS cases, max(abs(exp(paretonbd_log_odds(r, alpha, s, beta, recency, recency + gap))::numeric
		/ odds_numeric(exact(r), exact(alpha), exact(s), exact(beta), exact(recency), exact(recency) + exact(gap)) - 1))
	< 1e-12 AS pareto_integral
FROM unnest('{0.05,0.55,7.5,30.5}'::float8[]) r, unnest('{2,400}'::float8[]) alpha, unnest('{0.1,5.5}'::float8[]) s,
	unnest('{3,90}'::float8[]) beta, unnest('{0,1000}'::float8[]) recency, unnest('{0.125,40}'::float8[]) gap;
-- small r and s over a long time, and powers that take over late: the integral as a fine sum of Simpson's rule over
-- ln(alpha + t)
SELECT count(*) AS cases,
	max(abs(exp(paretonbd_log_odds(r, alpha, s, beta, 0, age)) / fine - 1)) < 1e-11 AS long_integral FROM (
	SELECT r, alpha, s, beta, age,
		s * (alpha + age) ^ r * (beta + age) ^ s * sum(CASE WHEN i IN (0, 10000) THEN 1 WHEN i % 2 = 1 THEN 4 ELSE 2 END
			* h / 3 * exp((1 - r) * (ln(alpha) + i * h) - (s + 1) * ln(beta + alpha * (exp(i * h) - 1)))) AS fine
	FROM unnest('{0.0256,0.0626562,0.9}'::float8[]) r, unnest('{0.00066,0.0271645}'::float8[]) alpha,
		unnest('{0.0123821,0.1446,30}'::float8[]) s, unnest('{0.521,19.401928}'::float8[]) beta,
		unnest('{300,10950}'::float8[]) age,
		generate_series(0, 10000) i, LATERAL (SELECT ln(1 + age / alpha) / 10000 AS h) h GROUP BY 1, 2, 3, 4, 5) q;
