"""The version of this package, and whether it is the only one here."""

from __future__ import annotations

import os
import re
from pathlib import Path

__version__ = "0.1.0"

_INSTALLED = re.compile(r"simc-(.+)\.dist-info")


def check_installation(folder: Path) -> None:
    """Sees to it that one version is installed in the folder that holds the package.

    Installers that overwrite each other's files leave modules of two versions, which fail in odd ways later.

    Raises
    ------
    ImportError
        When another version is installed there as well, or what is installed is another one.
    """
    try:
        matches = [_INSTALLED.fullmatch(name) for name in os.listdir(folder)]
    except OSError:
        # Inside of an archive, say.
        return
    others = sorted(match[1] for match in matches if match is not None and match[1] != __version__)
    if others:
        raise ImportError(
            f"two versions of simc are installed in {folder}: {__version__} and {', '.join(others)}. "
            "Remove both (`pip uninstall simc`, until it finds none) and install one"
        )
