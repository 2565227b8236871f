"""Forms: form-js files compiled to a JSON Schema and FEEL rules, with one validator.

Owns what a form means on the server (docs/forms.md). Knows nothing of processes, people or storage.
"""

from engine.forms.checking import check
from engine.forms.drawing import Drawn
from engine.forms.files import FileReference
from engine.forms.form import Form, load
from engine.forms.kinds import FUNCTIONS
from engine.forms.model import Field

__all__ = ["FUNCTIONS", "Drawn", "Field", "FileReference", "Form", "check", "load"]
