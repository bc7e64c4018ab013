"""No modules of the package import each other in a cycle, not even for types alone."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

import simc

PACKAGE = Path(simc.__file__).parent


def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found.update([node.module] if node.module else [alias.name for alias in node.names])
    return found


def test_imports_run_one_way() -> None:
    graph = {path.stem: imports(path) for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    assert len(graph) > 20 and "_layout" in graph["_core"]
    list(graphlib.TopologicalSorter(graph).static_order())
    with pytest.raises(graphlib.CycleError):
        list(graphlib.TopologicalSorter({**graph, "_layout": {"_model"}}).static_order())
