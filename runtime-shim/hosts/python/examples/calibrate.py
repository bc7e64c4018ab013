"""A whole calibration of an epidemic's model against reported cases: writes `calibrate.png`.

pip install "simc[pandas]" scipy matplotlib
python calibrate.py

The data are made here, with noise and reports that are missing, from constants that the calibration does not know:
whether it finds them can be seen.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from scipy import optimize, stats

import simc

mpl.use("Agg")

import matplotlib.pyplot as plt

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
BOUNDS = {"Contact Rate": (4, 14), "Duration": (3, 12), "Initially Infectious": (1, 60)}
TRUE = {"Contact Rate": 8.6, "Duration": 6.2, "Initially Infectious": 18.0}
SIZE = 0.12  # how far a report is off, as a part of it


def reports(model: simc.Model) -> tuple[np.ndarray, np.ndarray]:
    """Days, and how many were reported as infectious on each: every other day of the first 70, some missing."""
    rng = np.random.default_rng(20)
    days = np.sort(rng.choice(np.arange(4.0, 70, 2), 26, replace=False))
    infectious = model.run(TRUE, ["Infectious"], days).series("Infectious")
    return days, np.round(infectious * rng.lognormal(0, SIZE, len(days)))


def main() -> None:
    model = simc.load(MODEL)
    days, cases = reports(model)
    problem = model.problem(list(BOUNDS), BOUNDS)
    names = problem["names"]

    # 1. Where? Differential evolution over the whole box; SciPy asks for all points of a generation at once.
    def distance(infectious: np.ndarray) -> float:
        return float((np.log(np.maximum(infectious, 1e-9) / cases) ** 2).sum())

    objective = problem.objective("Infectious", distance, days)
    found = optimize.differential_evolution(
        objective, problem["bounds"], vectorized=True, updating="deferred", polish=False, popsize=20, maxiter=60, rng=1
    )

    # 2. Exactly where, and how sure? Least squares from there; its Jacobian gives the covariance.
    def residuals(x: np.ndarray) -> np.ndarray:
        infectious = model.batch([x], names, "Infectious", days).values[0, 0]
        return np.log(infectious / cases)

    low, high = np.array(problem["bounds"]).T
    fit = optimize.least_squares(residuals, found.x, bounds=(low, high), x_scale=high - low)
    free = len(days) - len(names)
    variance = (fit.fun**2).sum() / free
    error = np.sqrt(np.diag(np.linalg.inv(fit.jac.T @ fit.jac) * variance))
    reach = stats.t.ppf(0.975, free) * error
    for name, value, plus in zip(names, fit.x, reach):
        print(f"{name:<21} {value:7.3f} +- {plus:.3f}   (the data were made with {TRUE[name]:g})")
    print(f"a report is off by {np.sqrt(variance):.0%} (made with {SIZE:.0%})")
    missed = [name for name, value, plus in zip(names, fit.x, reach) if abs(value - TRUE[name]) > 1.6 * plus]
    if missed:
        raise SystemExit(f"the calibration has missed {', '.join(missed)}")

    # 3. What follows? Constants that the data allow, and what the model makes of each.
    rng = np.random.default_rng(2)
    covariance = np.linalg.inv(fit.jac.T @ fit.jac) * variance
    draws = np.clip(rng.multivariate_normal(fit.x, covariance, 2_000), low, high)
    paths = model.batch(draws, names, ["Infectious"])
    below, middle, above = np.quantile(paths["Infectious"], [0.025, 0.5, 0.975], axis=0)

    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained", width_ratios=[3, 2])
    left.fill_between(paths.times, below, above, alpha=0.25, label="95% of the runs that the data allow")
    left.plot(paths.times, middle, label="their median")
    left.plot(model.run(TRUE)["Infectious"], "k--", lw=1, label="what the data were made from")
    left.plot(days, cases, "o", ms=4, color="tab:red", label="reports")
    unit = model.variable("Infectious").units
    left.set(title="Infectious", xlabel=model.time.units, ylabel=unit, xlim=(0, 120), ylim=(0, None))
    left.legend(frameon=False)

    # How well the data tell two constants apart: the distance over a grid of both, the third as it was found.
    contacts, durations = np.linspace(6.5, 11.5, 81), np.linspace(4, 9, 81)
    grid = np.array([[c, d, fit.x[2]] for d in durations for c in contacts])
    misfit = objective(grid.T).reshape(len(durations), -1)
    shades = right.contourf(contacts, durations, np.log10(misfit / free / variance), 24, cmap="viridis_r")
    right.plot(*fit.x[:2], "w+", ms=12, mew=2, label="found")
    right.plot(TRUE["Contact Rate"], TRUE["Duration"], "rx", ms=8, mew=2, label="made with")
    right.set(title="Distance to the data", xlabel="Contact Rate", ylabel="Duration")
    right.legend(loc="lower left")
    figure.colorbar(shades, ax=right, label="log10, relative to the best")
    figure.savefig("calibrate.png", dpi=110)
    print(f"{found.nfev + fit.nfev + len(draws) + len(grid):,} runs: see calibrate.png")


if __name__ == "__main__":
    main()
