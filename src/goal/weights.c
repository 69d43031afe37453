/*
 * weights.c
 *		Weights for several KPIs, from data or from judgement.
 *
 *		entropy_weights(units x KPIs): the weight of a KPI is its share in the
 *		divergence d = 1 - H/ln n, where H = -sum p ln p is the entropy of the KPI's
 *		shares p = x / sum(x) over n units (C. E. Shannon, 1948; as weights:
 *		M. Zeleny, "Multiple criteria decision making", 1982).  d is computed as
 *		sum((1 + e) ln(1 + e) - e) / (n ln n) with e = p n - 1, which is the same and
 *		loses no digits where the values lie close together.
 *
 *		ahp_weights(pairwise comparisons): the principal eigenvector, its sum 1
 *		(T. L. Saaty, "The analytic hierarchy process", 1980).  consistency_ratio =
 *		(lambda - n) / (n - 1) / random index.
 *
 *		Both judge and weigh what scores are made of, so they stand with targets.
 */
#include "core/server/rows.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/float.h"

/* A comparison says how many times one KPI matters as much as the other; Saaty's scale ends at 9. */
#define WEIGHTS_MAX_COMPARISON 1e9
#define WEIGHTS_MAX_CRITERIA 100

/* a * 1/a in figures rounded to two decimals, such as 7 * 0.14 */
#define WEIGHTS_RECIPROCAL_TOLERANCE 0.05

#define WEIGHTS_MAX_SQUARINGS 60
#define WEIGHTS_MAX_STEPS 1000
#define WEIGHTS_EIGENVALUE_TOLERANCE 1e-13

typedef struct WeightsMatrix
{
	int			rows;
	int			columns;
	double	   *at;				/* row by row */
} WeightsMatrix;

/* An entry of a matrix. */
static inline double
weights_cell(const WeightsMatrix *m, int row, int column)
{
	return m->at[row * m->columns + column];
}

/*
 * weights_matrix() -
 *
 *	The matrix in an array, palloc'd.  Rows and columns are told from 1, whatever
 *	the array's own bounds.  22023 unless it has two dimensions and no NULL; `what`
 *	is its name in the message.
 */
static WeightsMatrix
weights_matrix(ArrayType *array, const char *what)
{
	WeightsMatrix m;
	Datum	   *values;
	bool	   *nulls;
	int			n;

	if (ARR_NDIM(array) != 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has %d dimensions, not 2", what, ARR_NDIM(array)),
				 errhint("Write ARRAY[[1,2],[3,4]], or array_agg(ARRAY[a, b] ORDER BY ...) over rows.")));
	m.rows = ARR_DIMS(array)[0];
	m.columns = ARR_DIMS(array)[1];
	deconstruct_array(array, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, &n);
	m.at = palloc(sizeof(double) * n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s is NULL in row %d, column %d", what, i / m.columns + 1, i % m.columns + 1),
					 errhint("Leave out rows with a missing value, or estimate it.")));
		m.at[i] = DatumGetFloat8(values[i]);
	}
	return m;
}

/* An array of double precision, in the current memory context. */
static Datum
weights_array(const double *values, int n)
{
	Datum	   *elements = palloc(sizeof(Datum) * n);

	for (int i = 0; i < n; i++)
		elements[i] = Float8GetDatum(values[i]);
	return PointerGetDatum(construct_array(elements, n, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/*
 * entropy_weights
 */

/*
 * weights_divergence() -
 *
 *	1 - H/ln n of a column, times ln n; exactly 0 where all values are equal.  22023
 *	for a value that is negative or not finite.
 */
static double
weights_divergence(const WeightsMatrix *m, int column)
{
	double		largest = 0;
	double		sum = 0;
	double		result = 0;
	bool		equal = true;

	for (int i = 0; i < m->rows; i++)
	{
		double		x = weights_cell(m, i, column);

		if (!(x >= 0 && isfinite(x)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("value %g in row %d, column %d is not a finite number from 0 on", x, i + 1, column + 1),
					 errhint("Entropy is of shares. Bring a KPI with negative values to a scale from 0 first, such as attainment cut at 0.")));
		largest = Max(largest, x);
		equal = equal && x == weights_cell(m, 0, column);
	}
	if (equal)
		return 0;
	/* no sum overflows */
	for (int i = 0; i < m->rows; i++)
		sum += weights_cell(m, i, column) / largest;
	for (int i = 0; i < m->rows; i++)
	{
		double		e = weights_cell(m, i, column) / largest * m->rows / sum - 1;

		/* at 0 the first term is gone */
		result += (e > -1 ? (1 + e) * log1p(e) : 0) - e;
	}
	return Max(result, 0) / m->rows;
}

/*
 * kpi_entropy_weights() - entropy_weights(matrix)
 *
 *	Weights of the columns, whose sum is 1; NULL where the rows differ in nothing.
 *	Errors are those of weights_matrix() and weights_divergence().
 */
PG_FUNCTION_INFO_V1(kpi_entropy_weights);
Datum
kpi_entropy_weights(PG_FUNCTION_ARGS)
{
	WeightsMatrix m = weights_matrix(PG_GETARG_ARRAYTYPE_P(0), "matrix of units and KPIs");
	double	   *weights = palloc(sizeof(double) * m.columns);
	double		sum = 0;

	for (int j = 0; j < m.columns; j++)
	{
		CHECK_FOR_INTERRUPTS();
		weights[j] = weights_divergence(&m, j);
		sum += weights[j];
	}
	/* one unit, or units that differ in nothing, tell nothing */
	if (sum == 0)
		PG_RETURN_NULL();
	for (int j = 0; j < m.columns; j++)
		weights[j] /= sum;
	PG_RETURN_DATUM(weights_array(weights, m.columns));
}

/*
 * ahp_weights
 */

/*
 * weights_check_comparisons() -
 *
 *	22023 unless the matrix is one of comparisons: square, positive numbers within
 *	WEIGHTS_MAX_COMPARISON, 1 on the diagonal, and each the reciprocal of the one
 *	opposite, but for WEIGHTS_RECIPROCAL_TOLERANCE.  54000 for more than
 *	WEIGHTS_MAX_CRITERIA KPIs.
 */
static void
weights_check_comparisons(const WeightsMatrix *m)
{
	if (m->rows != m->columns)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("matrix of comparisons has %d rows and %d columns", m->rows, m->columns),
				 errhint("It has a row and a column for each KPI, in the same order.")));
	if (m->rows > WEIGHTS_MAX_CRITERIA)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%d KPIs are more than %d", m->rows, WEIGHTS_MAX_CRITERIA),
				 errhint("Compare groups of KPIs first, then the KPIs of each group.")));
	for (int i = 0; i < m->rows; i++)
		for (int j = 0; j < m->columns; j++)
			if (!(weights_cell(m, i, j) >= 1 / WEIGHTS_MAX_COMPARISON && weights_cell(m, i, j) <= WEIGHTS_MAX_COMPARISON))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("comparison %g in row %d, column %d is outside %g..%g",
								weights_cell(m, i, j), i + 1, j + 1, 1 / WEIGHTS_MAX_COMPARISON, WEIGHTS_MAX_COMPARISON),
						 errhint("Write how many times the KPI of the row matters as much as that of the column: 1 to 9, or 1.0/9 to 1.")));
	for (int i = 0; i < m->rows; i++)
	{
		if (weights_cell(m, i, i) != 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("comparison %g in row %d, column %d is not 1", weights_cell(m, i, i), i + 1, i + 1),
					 errhint("A KPI compared with itself is 1.")));
		for (int j = 0; j < i; j++)
		{
			/* a hair more, since 0.95 is not a binary fraction */
			if (fabs(weights_cell(m, i, j) * weights_cell(m, j, i) - 1) > WEIGHTS_RECIPROCAL_TOLERANCE + 1e-9)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("comparison %g in row %d, column %d is not the reciprocal of %g in row %d, column %d",
								weights_cell(m, i, j), i + 1, j + 1, weights_cell(m, j, i), j + 1, i + 1),
						 errhint("If a KPI matters 3 times as much as another, write 3 in its row and 1.0/3 in the other's.")));
		}
	}
}

/* Divide all by their sum, or another whole. */
static void
weights_normalize(double *values, int n, double whole)
{
	for (int i = 0; i < n; i++)
		values[i] /= whole;
}

/* square = power * power, its largest entry 1. */
static void
weights_square(const double *power, double *square, int n)
{
	double		largest = 0;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			double		sum = 0;

			for (int k = 0; k < n; k++)
				sum += power[i * n + k] * power[k * n + j];
			square[i * n + j] = sum;
			largest = Max(largest, sum);
		}
	weights_normalize(square, n * n, largest);
}

/*
 * weights_iterate() -
 *
 *	One step of the power iteration on a vector whose sum is 1.  The eigenvalue lies
 *	between the smallest and the largest growth of a component (Collatz); what comes
 *	back is how far they are apart, relative.
 */
static double
weights_iterate(const WeightsMatrix *m, double *vector, double *lambda)
{
	int			n = m->rows;
	double	   *next = palloc(sizeof(double) * n);
	double		least = get_float8_infinity();
	double		most = 0;

	*lambda = 0;
	for (int i = 0; i < n; i++)
	{
		next[i] = 0;
		for (int j = 0; j < n; j++)
			next[i] += weights_cell(m, i, j) * vector[j];
		least = Min(least, next[i] / vector[i]);
		most = Max(most, next[i] / vector[i]);
		*lambda += next[i];
	}
	for (int i = 0; i < n; i++)
		vector[i] = next[i] / *lambda;
	pfree(next);
	return (most - least) / most;
}

/*
 * weights_principal_vector() -
 *
 *	The principal eigenvector of a positive matrix, its sum 1, and the eigenvalue.
 *	The power iteration starts where squaring the matrix again and again has led to,
 *	so that it ends soon even where the eigenvalues lie close together.  22023 where
 *	they lie so close that it does not.
 */
static void
weights_principal_vector(const WeightsMatrix *m, double *vector, double *lambda)
{
	int			n = m->rows;
	double	   *power = palloc(sizeof(double) * n * n);
	double	   *square = palloc(sizeof(double) * n * n);
	double		apart = 1;

	memcpy(power, m->at, sizeof(double) * n * n);
	for (int k = 0; k < WEIGHTS_MAX_SQUARINGS && apart > WEIGHTS_EIGENVALUE_TOLERANCE; k++)
	{
		double	   *swap = power;
		double		whole = 0;

		CHECK_FOR_INTERRUPTS();
		weights_square(power, square, n);
		power = square;
		square = swap;
		for (int i = 0; i < n; i++)
		{
			vector[i] = 0;
			for (int j = 0; j < n; j++)
				vector[i] += power[i * n + j];
			whole += vector[i];
		}
		weights_normalize(vector, n, whole);
		apart = weights_iterate(m, vector, lambda);
	}
	for (int k = 0; k < WEIGHTS_MAX_STEPS && apart > WEIGHTS_EIGENVALUE_TOLERANCE; k++)
		apart = weights_iterate(m, vector, lambda);
	/* one more, so that the last digits don't depend on where it stopped */
	(void) weights_iterate(m, vector, lambda);
	if (!(apart <= 1e-9))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights of contradictory comparisons cannot be computed"),
				 errdetail("The eigenvalue is only known to a share of %g.", apart),
				 errhint("Compare on the scale 1/9 to 9.")));
}

/*
 * kpi_ahp_weights() - ahp_weights(matrix)
 *
 *	Weights, eigenvalue and consistency ratio as a row; the ratio is NULL for more
 *	KPIs than Saaty's table has.  Errors are those of weights_matrix(),
 *	weights_check_comparisons() and weights_principal_vector().
 */
PG_FUNCTION_INFO_V1(kpi_ahp_weights);
Datum
kpi_ahp_weights(PG_FUNCTION_ARGS)
{
	/* Saaty's random index for 3 to 10 */
	static const double random_index[] = {0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49};
	WeightsMatrix m = weights_matrix(PG_GETARG_ARRAYTYPE_P(0), "matrix of comparisons");
	double	   *weights = palloc(sizeof(double) * m.rows);
	double		lambda;
	double		ratio = 0;
	Datum		values[3];
	bool		nulls[3] = {false};

	weights_check_comparisons(&m);
	weights_principal_vector(&m, weights, &lambda);

	/* two KPIs cannot contradict each other; rounded reciprocals may bring lambda below n */
	if (m.rows > 2 + (int) lengthof(random_index))
		nulls[2] = true;
	else if (m.rows > 2)
		ratio = Max(lambda - m.rows, 0) / (m.rows - 1) / random_index[m.rows - 3];
	values[0] = weights_array(weights, m.rows);
	values[1] = Float8GetDatum(lambda);
	values[2] = Float8GetDatum(ratio);
	return kpi_row(fcinfo, values, nulls);
}
