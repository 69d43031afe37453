CASE WHEN @UNIT@ = 'day' THEN 400 WHEN starts_with(@UNIT@, 'week') THEN 1120 WHEN @UNIT@ ~ 'month' THEN 3650
					WHEN @UNIT@ ~ 'quarter' THEN 5500 ELSE 14600 END
