"""Scenarios: stories in YAML beside a process, played through the real engine on a virtual clock.

`run_folder` deploys a folder to a store of its own and plays every scenario in it.
"""

from engine.scenarios.reading import read_scenarios
from engine.scenarios.runner import FolderReport, run_folder

__all__ = ["FolderReport", "read_scenarios", "run_folder"]
