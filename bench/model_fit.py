"""BG/NBD by SciPy: reads frequency, recency and age of customers as CSV, prints milliseconds and parameters.

Twice, with the same likelihood and gradient-free start: once over all rows, as the reference package does, and once over
groups of equal rows.  Times are those of the fit alone, without the export and reading.
"""
import sys
import time

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln


def negative(logs, x, tx, age, n, total):
    r, alpha, a, b = np.exp(logs)
    alive = -(r + x) * np.log(alpha + age)
    lost = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + tx), -np.inf)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b) + np.logaddexp(alive, lost)
    return -np.dot(n, value) / total


def fit(name, x, tx, age, n):
    start = time.perf_counter()
    unit = np.average(age, weights=n)
    found = minimize(negative, np.zeros(4), args=(x, tx / unit, age / unit, n, n.sum()), method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-8})
    took = 1000 * (time.perf_counter() - start)
    theta = np.exp(found.x)
    theta[1] *= unit
    print(name, f"{took:.0f}", " ".join(f"{value:.6g}" for value in theta))


rows = np.loadtxt(sys.argv[1], delimiter=",")
fit("rows", rows[:, 0], rows[:, 1], rows[:, 2], np.ones(len(rows)))
start = time.perf_counter()
groups, counts = np.unique(rows, axis=0, return_counts=True)
print("grouping", f"{1000 * (time.perf_counter() - start):.0f}")
fit("groups", groups[:, 0], groups[:, 1], groups[:, 2], counts.astype(float))
