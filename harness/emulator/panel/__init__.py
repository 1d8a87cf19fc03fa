"""The front panel: the status light and the marking that tells a driver the charger can take energy back."""

from harness.emulator.panel._light import COLOURS, Lamp, Panel

__all__ = ["COLOURS", "Lamp", "Panel"]
