"""A search by optuna: the mildest measure that keeps hospitals from overflowing.

pip install "simc[pandas]" optuna
python search.py
"""

from __future__ import annotations

from pathlib import Path

import optuna

import simc

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
BEDS = 1_200.0


def main() -> None:
    model = simc.load(MODEL)
    optuna.logging.set_verbosity(optuna.logging.WARNING)

    # A point of optuna's own: from which day on people meet how many others.
    def cost(trial: optuna.Trial) -> float:
        day = trial.suggest_float("day", 5, 40)
        contacts = trial.suggest_float("contacts", 1, 8)
        with model.sim() as sim:
            sim.run_to(day)
            sim.set("Contact Rate", contacts)
            sim.run_to_end()
            overflow = max(0.0, float(sim.series("Infectious").max()) - BEDS)
        return (8 - contacts) * (model.time.stop - day) + overflow

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    study.optimize(cost, n_trials=200)
    best = study.best_params
    print(f"from day {best['day']:.1f} on {best['contacts']:.1f} contacts a day: cost {study.best_value:.0f}")

    # A point of the model: `of_trial` suggests each constant within its bounds.
    problem = model.problem(["Contact Rate", "Duration"], {"Contact Rate": (4, 12), "Duration": (4, 12)})
    objective = problem.objective("Infectious", lambda infectious: abs(float(infectious.max()) - BEDS))
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    study.optimize(objective.of_trial, n_trials=100)
    print(f"a peak of {BEDS:.0f} to within {study.best_value:.1f}: {study.best_params}")
    if study.best_value > 100:
        raise SystemExit("the search has found nothing")


if __name__ == "__main__":
    main()
