"""Which constant matters for what: a Sobol analysis with SALib; writes `sensitivity.png`.

pip install "simc[salib]" matplotlib
python sensitivity.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from SALib import ProblemSpec

import simc

mpl.use("Agg")

import matplotlib.pyplot as plt

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
BOUNDS = {"Contact Rate": (6, 10), "Infectivity": (0.04, 0.06), "Duration": (5, 9), "Initially Infectious": (1, 50)}


def main() -> None:
    model = simc.load(MODEL)
    problem = model.problem(list(BOUNDS), BOUNDS)

    def day_of_peak(series: np.ndarray) -> float:
        return float(model.time.times[series.argmax()])

    # What is asked for: how high the peak is, when it is, and how many were infected in the end.
    questions = {
        "height of the peak": problem.evaluator("Infectious", np.max),
        "day of the peak": problem.evaluator("Infectious", day_of_peak),
        "infected in the end": problem.evaluator("Recovered"),
    }
    figure, axes = plt.subplots(1, 3, figsize=(11, 3.8), sharey=True, layout="constrained")
    for axis, (question, evaluator) in zip(axes, questions.items()):
        spec = ProblemSpec(problem)
        spec.sample_sobol(1024, seed=1).evaluate(evaluator).analyze_sobol(seed=1)
        first, total = spec.analysis["S1"], spec.analysis["ST"]
        print(f"{question}: " + ", ".join(f"{name} {share:.2f}" for name, share in zip(problem["names"], total)))
        if not (np.isfinite(total).all() and 0.9 < total.sum() < 1.6):
            raise SystemExit(f"these are no shares: {total}")
        at = np.arange(len(first))
        axis.barh(at - 0.2, first, 0.4, xerr=spec.analysis["S1_conf"], label="alone")
        axis.barh(at + 0.2, total, 0.4, xerr=spec.analysis["ST_conf"], label="with others")
        axis.set(
            title=question, xlabel="share of the variance", xlim=(-0.02, 1), yticks=at, yticklabels=problem["names"]
        )
    axes[0].invert_yaxis()
    axes[0].legend(frameon=False)
    figure.savefig("sensitivity.png", dpi=110)
    print(f"{3 * len(spec.samples):,} runs: see sensitivity.png")


if __name__ == "__main__":
    main()
