"""Driver of the reference meter: one line of OBIS values a telegram."""

from __future__ import annotations

import re

from harness.bench._registry import driver
from harness.bench.line._instrument import Watching
from harness.bench.line._line import BadLine

NAMES = {
    "16.7.0": ("p_w", "W"),
    "31.7.0": ("i_l1_a", "A"),
    "51.7.0": ("i_l2_a", "A"),
    "71.7.0": ("i_l3_a", "A"),
    "32.7.0": ("u_l1_v", "V"),
    "52.7.0": ("u_l2_v", "V"),
    "72.7.0": ("u_l3_v", "V"),
    "14.7.0": ("freq_hz", "Hz"),
    "1.8.0": ("e_import_wh", "Wh"),
    "2.8.0": ("e_export_wh", "Wh"),
    "128.7.0": ("dc_u_v", "V"),
    "129.7.0": ("dc_i_a", "A"),
}
NEEDED = ("p_w", "i_l1_a", "u_l1_v", "freq_hz", "e_import_wh", "e_export_wh")
_OBIS = re.compile(r"1-0:([0-9.]+)\(([+-]?[0-9.]+)\*([A-Za-z]+)\)")


@driver("meter", "serial_meter")
class SerialMeter(Watching):
    """Values: p_w (signed), i_l1_a… (magnitudes), u_l1_v…, freq_hz, e_import_wh, e_export_wh; at DC dc_u_v, dc_i_a."""

    role = "meter"
    expected = "a meter that streams OBIS lines starting with '/' (driver serial_meter)"

    def parse(self, text: str) -> dict[str, float]:
        """The values of one line; codes we do not know are left out. Raises BadLine."""
        if not text.startswith("/"):
            raise BadLine(f"the line starts with {text[:10]!r}; a meter's lines start with '/'")
        values = {}
        for code, number, unit in _OBIS.findall(text):
            name, proper = NAMES.get(code, (None, unit))
            if unit != proper:
                raise BadLine(f"1-0:{code} came in {unit}; expected {proper}")
            if name is not None:
                values[name] = _number(number)
        missing = [name for name in NEEDED if name not in values]
        if missing:
            raise BadLine(f"the line lacks {', '.join(missing)}")
        return values


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadLine(f"{text!r} is no number") from None
