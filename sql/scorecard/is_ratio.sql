-- of numbers that a chart of ratios can compute with
			coalesce(bool_and(r.value IS NULL OR (r.denominator > '1e-100' AND r.denominator < '1e150'
				AND abs(r.numerator) < '1e150')), false) AND coalesce(bool_or(r.denominator > '0'), false) AS ratio
