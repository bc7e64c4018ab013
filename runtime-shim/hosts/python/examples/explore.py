"""Exploration with the EMA Workbench: in which worlds is the peak high, and why?

pip install "simc[ema]"
python explore.py
"""

from __future__ import annotations

from pathlib import Path

import ema_workbench
import numpy as np
from ema_workbench.analysis import feature_scoring

import simc
from simc.ema import EmaModel

MODEL = Path(__file__).resolve().parents[4] / "tests" / "models" / "sir.xmile"
BOUNDS = {"Contact Rate": (6, 10), "Infectivity": (0.04, 0.06), "Duration": (5, 9)}


def main() -> None:
    model = EmaModel("sir", simc.load(MODEL), list(BOUNDS), ["Infectious"], BOUNDS)
    experiments, outcomes = ema_workbench.perform_experiments(model, 500)
    peaks = outcomes["Infectious"].max(axis=1)
    print(f"{len(experiments)} worlds, peaks from {peaks.min():.0f} to {peaks.max():.0f}")
    scores = feature_scoring.get_feature_scores_all(experiments[list(model.uncertainties.keys())], {"peak": peaks})
    print(scores.sort_values("peak", ascending=False).to_string())
    if not np.isfinite(scores.to_numpy()).all():
        raise SystemExit("a constant has no score")


if __name__ == "__main__":
    main()
