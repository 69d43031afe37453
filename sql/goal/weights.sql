-- Weights of KPIs: src/goal/weights.c

CREATE FUNCTION entropy_weights(matrix double precision[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'kpi_entropy_weights' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION entropy_weights(double precision[]) IS 'weights of KPIs by how much units differ in them, in the order of the columns, adding to 1: matrix[unit][KPI], higher better, as by array_agg(ARRAY[a, b]). d / sum(d) with d = 1 - H/ln(units), H the entropy of a KPI''s shares x/sum(x) (Shannon). A KPI in which all units are equal weighs 0; NULL for a single unit, or where all KPIs are so. 22023 for other than 2 dimensions, a value that is NULL, negative or not finite';
CREATE FUNCTION ahp_weights(matrix double precision[], OUT weights double precision[], OUT lambda double precision, OUT consistency_ratio double precision) RETURNS record
	AS 'MODULE_PATHNAME', 'kpi_ahp_weights' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ahp_weights(double precision[]) IS 'weights of KPIs from comparisons in pairs (analytic hierarchy process, Saaty): matrix[i][j] says how many times KPI i matters as much as j (1 to 9, or 1.0/9 to 1). weights: principal eigenvector, adding to 1; lambda: its eigenvalue; consistency_ratio: (lambda - n)/(n - 1)/random index, to be below 0.1; 0 for 1 or 2 KPIs, NULL above 10, for which there is no random index. 22023 unless the matrix is square, positive, 1 on the diagonal, and a pair''s product within 5 % of 1; 54000 above 100 KPIs';
