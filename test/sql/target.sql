-- kpi_target: text and binary forms, refusals, constructors, accessors, indexes

-- what a statement that fails says: SQLSTATE, message, detail, hint
CREATE FUNCTION pg_temp.refusal(statement text, hint boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m text; d text; h text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n  ', SQLSTATE || ' ' || m, nullif(d, ''), CASE WHEN hint THEN nullif(h, '') END);
END $$;

-- the forms, and their canonical text
SELECT literal, literal::kpi_target
FROM (VALUES
	('>= 50'), ('>=50'), ('  > =  50  '), ('>= +50'), ('>= 50.'), ('>= .5'), ('>= 5e1'), ('>= 5E+1'), ('>= 500e-1'),
	('>= 50 warn 40'), ('>=50WARN40'), ('>= 50 warn 40 from 30'), ('>= 50 From 30 Warn 40'), ('>= 50 from 30'),
	('>= -10 warn -20'), ('>= 0 from -1'),
	('<= 4'), ('<= 4 warn 6'), ('<= 4 warn 6 from 9'), ('<= -4 warn -3.5'),
	('[10,20]'), (' [ 10 , 20 ] '), ('[10,20]warn[8,25]'), ('[10,20] warn [8,]'), ('[10,20] warn [,25]'),
	('[10,20] warn [ , 25 ]'),
	('[5,5]'), ('[-1,1]'), ('[0,0] warn [-1,1]'),
	('>= 90%'), ('>= 90 % warn 80%'), ('<= 2.5% warn 3% from 10%'), ('[10%,20%] warn [5%,]'), ('>= 1e2%'), ('>= -5%'),
	('>= -0'), ('<= -0.0'), ('[-0,-0%]'),
	('>= 1.7976931348623157e308'), ('<= -1.7976931348623157e308'), ('>= 5e-324'), ('>= 1e309%'),
	('>= 0e999999999999999999999'),
	('>= 0.1'), ('>= 0.30000000000000004'), ('>= 123456789012345678'), ('>= 1e22 warn 1e-7')
) AS v(literal);

-- a percentage is the decimal fraction, not a division: every third of a percent up to 100000 thousandths
SELECT count(*), count(*)
	FILTER (WHERE (format('>= %s%%', i * 0.001))::kpi_target = (format('>= %s', i * 0.00001))::kpi_target) AS equal
FROM generate_series(1, 100000, 3) AS i;
SELECT '>= 99.9%'::kpi_target = '>= 0.999' AS equal, target_value('>= 99.9%') = 0.999::double precision AS as_number;
SELECT target_value('>= -0')::text, '>= -0'::kpi_target = '>= 0' AS equal, at_least('-0')::text,
	at_least('-0') = '>= 0' AS constructed;

-- what the text form refuses, and why
SELECT format('%s  ->  %s', literal, pg_temp.refusal(format('SELECT %L::kpi_target', literal))) AS refusal
FROM (VALUES
	(''), ('   '), ('50'), ('high'), ('> 50'), ('< 50'), ('= 50'), ('=> 50'), ('>> 50'), ('>= '), ('>= warn 40'),
	('>= x'), ('>= NaN'), ('>= Infinity'), ('<= -inf'),
	('>= 0x10'), ('>= .'), ('>= 1e'), ('>= --5'), ('>= 1,000'), ('>= 50 %%'), ('>= $50'), ('>= 1e309'), ('>= 1e-400'),
	('>= 1e-323%'), ('>= 1e99999999999999999999'),
	('>= 50 warn'), ('>= 50 warn x'), ('>= 50 warnung 40'), ('>= 50 warn 50'), ('>= 50 warn 60'),
	('>= 50 warn 40 warn 30'), ('>= 50 warn [40,]'),
	('<= 4 warn 4'), ('<= 4 warn 3'), ('>= 50 from'), ('>= 50 from 50'), ('>= 50 from 60'), ('>= 50 from 30 from 20'),
	('<= 4 from 4'), ('<= 4 from 3'),
	('>= 50 and <= 60'), ('>= 50; drop table'), ('>= 50 and a good deal more after it'),
	('['), ('[]'), ('[10]'), ('[10,]'), ('[,20]'), ('[10 20]'), ('[10,20'), ('[10,20)'), ('(10,20]'), ('[10;20]'),
	('[20,10]'), ('[10,20] from 5'),
	('[10,20] warn 8'), ('[10,20] warn [8'), ('[10,20] warn [8]'), ('[10,20] warn [8,25'), ('[10,20] warn [,]'),
	('[10,20] warn [10,25]'), ('[10,20] warn [8,20]'), ('[10,20] warn [12,25]'),
	('[10,20] warn [25,8]'), ('[10,20] warn [8,15]'), ('[10,20] warn [8,25] warn [7,26]')
) AS v(literal);
-- with the hint, and cut where it is long
SELECT pg_temp.refusal($$SELECT '> 50'::kpi_target$$, true);
SELECT pg_temp.refusal(format('SELECT %L::kpi_target', '>= 50 ' || repeat('x', 300)));
SELECT '>= 50 warn 60'::kpi_target;

-- constructors from columns
SELECT at_least(50), at_least(50, 40), at_least(50, 40, 30), at_least(50, NULL, 30), at_least(50, baseline => 30);
SELECT at_most(4), at_most(4, 6), at_most(4, 6, 9), at_most(bound => 4, warn => NULL, baseline => 9);
SELECT between_target(10, 20), between_target(10, 20, 8, 25), between_target(10, 20, 8),
	between_target(10, 20, warn_hi => 25), between_target(5, 5);
SELECT at_least(NULL), at_most(NULL, 6, 9), between_target(NULL, 20), between_target(10, NULL, 8, 25);
SELECT at_least(50::smallint), at_least(50::bigint), at_least(0.9::numeric), at_least(0.5::real), at_least('0.9');
SELECT format('%s  ->  %s', call, pg_temp.refusal('SELECT ' || call)) AS refusal
FROM (VALUES
	('at_least(50, 60)'), ('at_least(50, 50)'), ('at_least(50, 40, 50)'), ('at_least(''NaN'')'),
	('at_least(''Infinity'')'), ('at_least(50, ''NaN'')'), ('at_least(50, ''-Infinity'')'),
	('at_least(50, NULL, ''NaN'')'),
	('at_most(4, 3)'), ('at_most(4, 6, 2)'), ('at_most(''-Infinity'')'),
	('between_target(20, 10)'), ('between_target(10, 20, 12)'), ('between_target(10, 20, 8, 20)'),
	('between_target(10, ''NaN'')')
) AS v(call);

-- accessors
SELECT t, direction(t), target_value(t) AS value, target_lower(t) AS lower, target_upper(t) AS upper,
	warn_value(t) AS warn, warn_lower(t), warn_upper(t), baseline(t)
FROM unnest(ARRAY['>= 50', '>= 50 warn 40 from 30', '<= 4 warn 6', '<= 4 from 9', '[10,20]', '[10,20] warn [8,]',
		'[10,20] warn [,25]', '[0.1,0.3] warn [0,1]',
	'[-1.7e308,1.7e308]', '[1.6e308,1.7e308]', '[-1.7e308,-1.6e308]']::kpi_target[]) AS t;
SELECT direction(NULL), target_value(NULL), target_lower(NULL), target_upper(NULL), warn_value(NULL), warn_lower(NULL),
	warn_upper(NULL), baseline(NULL);

-- binary form: version, flags, the numbers that are present
SELECT t, kpi_target_send(t)
	FROM unnest(ARRAY['>= 50', '<= 4 warn 6', '[10,20] warn [8,25]', '>= 50 warn 40 from 30']::kpi_target[]) AS t;

-- thousands of targets of every shape and size: text gives back the same bytes, and the accessors what went in
SELECT setseed(0.25);
CREATE TEMP TABLE number AS
SELECT i, (random() - 0.5) * 10 ^ (random() * 600 - 300) AS a, (random() - 0.5) * 10 ^ (random() * 600 - 300) AS b,
	round((random() * 200 - 100)::numeric, i % 4)::double precision AS c,
		round((random() * 200 - 100)::numeric, i % 4)::double precision AS d
FROM generate_series(1, 5000) AS i;
CREATE TEMP TABLE target AS
SELECT row_number() OVER () AS i, lo, hi, warn, warn_lo, warn_hi, baseline, shape, t
FROM number, LATERAL (SELECT least(a, b, c, d) AS n0, greatest(a, b, c, d) AS n3,
		greatest(least(a, b), least(c, d)) AS n1, least(greatest(a, b), greatest(c, d)) AS n2) AS n,
	LATERAL (VALUES
		('at least', n2, NULL::double precision, NULL::double precision, NULL::double precision, NULL::double precision,
				NULL::double precision, at_least(n2)),
		('at least', n2, NULL, n1, n1, NULL, NULL, at_least(n2, n1)),
		('at least', n2, NULL, n1, n1, NULL, n0, at_least(n2, n1, n0)),
		('at least', n2, NULL, NULL, NULL, NULL, n1, at_least(n2, NULL, n1)),
		('at most', NULL, n1, NULL, NULL, NULL, NULL, at_most(n1)),
		('at most', NULL, n1, n2, NULL, n2, n3, at_most(n1, n2, n3)),
		('range', least(n1, n2), greatest(n1, n2), NULL, NULL, NULL, NULL,
				between_target(least(n1, n2), greatest(n1, n2))),
		('range', least(n1, n2), greatest(n1, n2), NULL, n0, n3, NULL,
				between_target(least(n1, n2), greatest(n1, n2), n0, n3)),
		('range', least(n1, n2), greatest(n1, n2), NULL, NULL, n3, NULL,
				between_target(least(n1, n2), greatest(n1, n2), NULL, n3))
	) AS v(shape, lo, hi, warn, warn_lo, warn_hi, baseline, t)
WHERE n0 < least(n1, n2) AND greatest(n1, n2) < n3 AND n1 < n2;
SELECT shape, count(*) > 1000 AS enough,
	count(*) FILTER (WHERE t::text::kpi_target <> t) AS unequal,
	count(*) FILTER (WHERE kpi_target_send(t::text::kpi_target) <> kpi_target_send(t)) AS other_bytes,
	count(*) FILTER (WHERE t::text::kpi_target::text <> t::text) AS other_text,
	count(*) FILTER (WHERE (target_lower(t), target_upper(t), warn_value(t), warn_lower(t), warn_upper(t), baseline(t))
		IS DISTINCT FROM (lo, hi, warn, warn_lo, warn_hi, target.baseline)) AS other_numbers
FROM target GROUP BY shape ORDER BY shape;
SET extra_float_digits = -15;
SELECT count(*) AS lossy_at_low_extra_float_digits FROM target WHERE t::text::kpi_target <> t;
RESET extra_float_digits;

-- order, hashing, indexes
CREATE TEMP TABLE stored (i integer, t kpi_target);
INSERT INTO stored SELECT i, at_least(i % 500, i % 500 - 1 - i % 2) FROM generate_series(1, 10000) AS i;
SELECT count(DISTINCT t), (SELECT count(*) FROM (SELECT t FROM stored GROUP BY t) AS g) AS groups,
	(SELECT count(*) FROM (SELECT DISTINCT t::text FROM stored) AS g) AS texts FROM stored;
SELECT t, count(*) FROM stored WHERE target_value(t) < 2 GROUP BY t ORDER BY t::text;
SELECT count(*) AS disordered FROM (SELECT t, lag(t) OVER (ORDER BY t) AS before FROM stored) AS o
WHERE t < before OR NOT t >= before OR kpi_target_cmp(t, before) < 0;
SELECT count(*) AS joined FROM stored AS a JOIN stored AS b USING (t) WHERE a.i <= 500;
SET enable_hashjoin = off;
SELECT count(*) AS joined FROM stored AS a JOIN stored AS b USING (t) WHERE a.i <= 500;
RESET enable_hashjoin;
CREATE INDEX stored_btree ON stored USING btree (t);
SET enable_seqscan = off;
SELECT count(*) FROM stored WHERE t = '>= 7 warn 5';
DROP INDEX stored_btree;
CREATE INDEX stored_hash ON stored USING hash (t);
SELECT count(*) FROM stored WHERE t = '>= 7 warn 5';
RESET enable_seqscan;
CREATE TEMP TABLE goal (kpi text PRIMARY KEY, target kpi_target NOT NULL UNIQUE);
INSERT INTO goal VALUES ('nps', '>= 50 warn 40'), ('effort', '<= 2');
INSERT INTO goal VALUES ('again', '>= 50.0 WARN 4e1');
-- a bad literal in a column stops the statement
INSERT INTO goal VALUES ('bad', '>= 50 from 60');
SELECT * FROM goal ORDER BY kpi;
