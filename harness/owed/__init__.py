"""What is owed to a charger: written down before it is changed, outlives the run, and is put back by who comes next."""

from harness.owed._debts import Debts, NotTouched
from harness.owed._file import OwedFault, charger_file, earlier, merged, place_beside, remove
from harness.owed._model import Owed, SetAside
from harness.owed._pay import Paid, put_back

__all__ = [
    "Debts",
    "NotTouched",
    "Owed",
    "OwedFault",
    "Paid",
    "SetAside",
    "charger_file",
    "earlier",
    "merged",
    "place_beside",
    "put_back",
    "remove",
]
