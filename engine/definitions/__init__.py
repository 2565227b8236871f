"""What designers deploy: bundles of BPMN, DMN, forms and parameters, their definitions and their checks.

Owns reading files into a `Bundle`, the closure and hash of a `Definition`, and every check of BPMN as XML.
Refuses what the engine can't run, with element and reason. Runs nothing and knows nothing of SpiffWorkflow.
"""

from engine.definitions.bundle import Bundle, Definition, ProcessFile
from engine.definitions.check import HANDLED, check_bundle
from engine.definitions.files import load_xml, read_folder
from engine.definitions.reading import cached_definition, read_bundle
from engine.parameters import load_yaml

__all__ = [
    "HANDLED",
    "Bundle",
    "Definition",
    "ProcessFile",
    "cached_definition",
    "check_bundle",
    "load_xml",
    "load_yaml",
    "read_bundle",
    "read_folder",
]
