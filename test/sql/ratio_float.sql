-- Ratios of sums of double precision, and the weighted score. ratio.sql has both kinds against plain SQL in groups.
SET extra_float_digits = -1;

-- forms and merging
SELECT '(0.1,2)'::ratio_summary_float + '(0.2,)', ratio('(1,4)'::ratio_summary_float),
	ratio('(1,0)'::ratio_summary_float), ratio_summary(0.1::float8, NULL), rollup(s)
	FROM unnest('{"(1,2)",NULL,"(,5)"}'::ratio_summary_float[]) s;
SELECT numerator(s), denominator(s), ratio(s)
	FROM unnest('{"(,)","(NaN,1)","(-Infinity,2)","(1e308,1e-5)","(-0,1)"}'::ratio_summary_float[]) s
	WHERE denominator(s) IS DISTINCT FROM 1e-5;
-- the weighted score
SELECT weighted_score(a, w), weighted_score(a, 1) AS equal_weights
	FROM (VALUES (0.5, 2), (1.5, 1), (-3, 1), (NULL, 10), (0.7, NULL)) v(a, w);
SELECT weighted_score(a, 0), weighted_score(NULL, a) FROM (VALUES (0.5)) v(a);
SELECT weighted_score('NaN'::float8, 1) AS not_a_number, weighted_score('Infinity'::float8, 1) AS infinite;

-- errors
SELECT '(1,2e400)'::ratio_summary_float;
SELECT '(0x10,2)'::ratio_summary_float;
SELECT '(1e-400,1)'::ratio_summary_float;
SELECT weighted_score(1, -1);
SELECT weighted_score(1, 'Infinity');
SELECT ratio_agg(1e308::float8, 1) FROM generate_series(1, 2);
