LATERAL (
			SELECT c.* FROM control_chart(@AT@, @SERIES@, @PHASES@, @BASELINE@)
				WITH ORDINALITY AS c (at, value, centre, lower, upper, moving_range, range_limit, signal, place)
			WHERE NOT s.ratio
			UNION ALL
			SELECT c.* FROM control_chart(@AT@, @NUMERATORS@, @DENOMINATORS@, @PHASES@, @BASELINE@)
				WITH ORDINALITY AS c (at, value, centre, lower, upper, moving_range, range_limit, signal, place)
			WHERE s.ratio) c
