"""The house rules as tests: imports, file sizes, one commit, a true map, no loose definition."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("engine", "api", "web", "bench", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if not {"migrations", "node_modules"} & set(path.parts)
)
MAX_LINES = 300
MAX_FUNCTION_LINES = 60


def test_import_contracts_hold() -> None:
    """The contracts stand in pyproject.toml, each with a sentence for a name."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_LINES, f"longer than {MAX_LINES} lines: does it hold one thing?"
    module = ast.parse(text)
    assert ast.get_docstring(module) or not text.strip(), "the module docstring is missing"


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if "tests" not in path.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_functions_are_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


def test_only_the_store_and_the_edges_begin_or_end_a_transaction() -> None:
    """One request or one worker item is one transaction; nobody else may commit or roll back."""
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if path.parts[len(ROOT.parts)] in ("engine", "api", "web")
        and path != ROOT / "engine" / "store" / "db.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback")
    ]
    assert offenders == []


def test_only_clocks_wall_reads_the_wall_clock() -> None:
    pattern = re.compile(r"\bdatetime\.now\(|\bdate\.today\(|\bdatetime\.utcnow\(|\btime\.time\(")
    offenders = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.parts[len(ROOT.parts)] == "engine"
        and path != ROOT / "engine" / "clocks" / "wall.py"
        and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert offenders == []


def test_nothing_evaluates_text_as_python() -> None:
    """FEEL is the only expression language; a designer's file never becomes code."""
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if path.parts[len(ROOT.parts)] in ("engine", "api", "web")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "__import__")
    ]
    assert offenders == []


def test_every_path_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!http|#)([^)#]+)\)", text)
    missing = [path for path in linked if not (ROOT / path).exists()]
    assert linked, "the README has no map"
    assert missing == []


def test_the_map_in_the_readme_names_every_folder() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = subprocess.run(
        ["git", "ls-tree", "-d", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    missing = [name for name in folders if not name.startswith(".") and f"({name}/)" not in text]
    assert missing == []


def test_no_form_lies_loose() -> None:
    """Every form is used by a process."""
    diagrams = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "processes").rglob("*.bpmn"))
    loose = [
        path.name
        for path in (ROOT / "forms").glob("*.form")
        if f'formId="{json.loads(path.read_text(encoding="utf-8"))["id"]}"' not in diagrams
    ]
    assert loose == []
