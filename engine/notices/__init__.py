"""What an authority tells an applicant or the public: templates of notices, read and filled in.

Owns the file `notices.yaml` beside a process and the text that comes of it. Refuses a posting that reads
more than it says it shows. Knows nothing of cases, days or delivery.
"""

from engine.notices.loading import DEFAULTS, NoticeFile, load_notices
from engine.notices.model import APPLICANT, PUBLIC, Notice, Template

__all__ = ["APPLICANT", "DEFAULTS", "PUBLIC", "Notice", "NoticeFile", "Template", "load_notices"]
