"""Legal numbers as data: limits, standards and thresholds by effective date, each with its source.

Owns the strict YAML reader, the parameter set and the `Limit` value. Refuses a number without a
source, and knows nothing of calendars or of running clocks.
"""

from engine.parameters.limits import UNITS, Limit, Unit
from engine.parameters.loading import DEFAULTS, load_parameters
from engine.parameters.model import Parameter, Parameters, ParameterSet, ParameterUnit, Value
from engine.parameters.strict_yaml import load_yaml

__all__ = [
    "DEFAULTS",
    "UNITS",
    "Limit",
    "Parameter",
    "ParameterSet",
    "ParameterUnit",
    "Parameters",
    "Unit",
    "Value",
    "load_parameters",
    "load_yaml",
]
