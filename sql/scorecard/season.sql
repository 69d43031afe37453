CASE WHEN @UNIT@ = 'day' THEN 7 WHEN starts_with(@UNIT@, 'week') THEN 52 WHEN @UNIT@ ~ 'month' THEN 12
					WHEN @UNIT@ ~ 'quarter' THEN 4 ELSE 1 END
