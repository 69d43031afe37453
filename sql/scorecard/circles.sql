	-- who is its own ancestor: above has who stands 1, 2, 4, 8 ... parents above each KPI, 0 is nobody
	numbered AS MATERIALIZED (
		SELECT k.name, k.parent, row_number() OVER ()::integer AS place FROM @KPIS@ k
	), up AS (
		SELECT 1 AS parents, pg_catalog.array_agg(coalesce(p.place, 0) ORDER BY n.place) AS above
		FROM numbered n LEFT JOIN numbered p ON p.name = n.parent
		UNION ALL
		SELECT u.parents * 2, (SELECT pg_catalog.array_agg(CASE WHEN a.place = 0 THEN 0 ELSE (u.above)[a.place] END ORDER BY a.number)
			FROM pg_catalog.unnest(u.above) WITH ORDINALITY AS a (place, number))
		FROM up u WHERE u.parents < pg_catalog.cardinality(u.above)
	), circle AS (
		-- as many parents up as there are KPIs only those in a circle are left, all of them
		SELECT DISTINCT n.name FROM up u, LATERAL pg_catalog.unnest(u.above) AS a (place) JOIN numbered n ON n.place = a.place
		WHERE u.parents >= pg_catalog.cardinality(u.above)
	)
