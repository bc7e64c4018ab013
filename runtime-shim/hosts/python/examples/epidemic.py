"""Three courses of an epidemic, and what moves its peak: writes `epidemic.png`.

pip install "simc[pandas]" matplotlib
python epidemic.py [path/to/sir.xmile or sir.wasm]
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

import simc

mpl.use("Agg")

import matplotlib.pyplot as plt

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"


def main() -> None:
    model = simc.load(sys.argv[1] if len(sys.argv) > 1 else MODEL)
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")

    # The model as it is, with fewer contacts, and with a measure on day 20.
    left.plot(model.run()["Infectious"], label="8 contacts a day")
    left.plot(model.run({"Contact Rate": 6})["Infectious"], label="6 contacts a day")
    with model.sim() as sim:
        sim.run_to(20)
        sim.set("Contact Rate", 3)
        sim.run_to_end()
        left.plot(sim.series("time"), sim.series("Infectious"), label="3 from day 20 on")
    variable = model.variable("Infectious")
    left.set(title="Infectious", xlabel=model.time.units, ylabel=variable.units)
    left.legend(frameon=False)

    # 5,000 runs: how high the peak is, over what two constants may be.
    problem = model.problem(["Contact Rate", "Duration"], {"Contact Rate": (3, 12), "Duration": (3, 12)})
    samples = np.random.default_rng(1).uniform(*np.array(problem["bounds"]).T, (5_000, 2))
    peaks = problem.evaluator("Infectious", np.max)(samples)
    points = right.scatter(*samples.T, c=peaks, s=6, cmap="viridis")
    right.set(title="Height of the peak", xlabel="contacts a day", ylabel="days infectious")
    figure.colorbar(points, ax=right, label=variable.units)

    figure.savefig("epidemic.png", dpi=110)
    print(f"the peak lies between {peaks.min():.0f} and {peaks.max():.0f} {variable.units}s: see epidemic.png")


if __name__ == "__main__":
    main()
