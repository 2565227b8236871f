"""A process's form on a page: what was filled in becomes answers, and what is drawn goes to a template.

The templates are in web/templates/forms. The one validator is the server's; nothing is judged here.
"""

from web.forms.faults import faults_by_place
from web.forms.files import keep_files, name_files
from web.forms.posted import change_rows, read_answers

__all__ = ["change_rows", "faults_by_place", "keep_files", "name_files", "read_answers"]
