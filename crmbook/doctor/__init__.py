"""What a button needs, looked for on this computer: what is there, what is missing, and how to mend it."""

from crmbook.doctor.configuration import Written
from crmbook.doctor.examination import examine
from crmbook.doctor.found import Found
from crmbook.doctor.preparing import Prepared, prepare
from crmbook.machine import Machine

__all__ = ["Found", "Machine", "Prepared", "Written", "examine", "prepare"]
