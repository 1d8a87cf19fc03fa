"""The emulated energy meter at the station's grid connection: one line of OBIS values twenty times a second."""

from __future__ import annotations

from harness.emulator._ports import PlantPort
from harness.emulator.instruments._base import Instrument

NO_LOAD_A = 0.02  # below its starting current a meter shows nothing


class EnergyMeter(Instrument):
    """Gain error up to 0.1 %, noise and quantisation of a class B meter. `reading` may be replaced by a defect."""

    role = "meter"

    def __init__(self, plant: PlantPort, seed: int = 1) -> None:
        super().__init__(seed)
        self._plant = plant
        self._gain_i = 1.0 + self.random.uniform(-0.001, 0.001)
        self._gain_u = 1.0 + self.random.uniform(-0.0005, 0.0005)

    def telegram(self) -> str:
        """Identification, running number, then OBIS-coded values with their units."""
        now = self._plant.readings()
        i_a = [self._current(each) for each in now.i_a]
        u_v = [each * self._gain_u + self.noise(0.02) for each in now.u_v]
        loaded = any(i_a)
        p_w = now.p_w * self._gain_i * self._gain_u + self.noise(1.5) if loaded else 0.0
        values = [f"1-0:16.7.0({p_w:.0f}*W)"]
        values += [f"1-0:{code}.7.0({value:.2f}*A)" for code, value in zip((31, 51, 71), i_a, strict=True)]
        values += [f"1-0:{code}.7.0({value:.1f}*V)" for code, value in zip((32, 52, 72), u_v, strict=True)]
        values.append(f"1-0:14.7.0({now.freq_hz + self.noise(0.001):.3f}*Hz)")
        values.append(f"1-0:1.8.0({now.import_wh:.1f}*Wh)")
        values.append(f"1-0:2.8.0({now.export_wh:.1f}*Wh)")
        if now.dc_u_v is not None and now.dc_i_a is not None:
            values.append(f"1-0:128.7.0({now.dc_u_v + self.noise(0.05):.1f}*V)")
            values.append(f"1-0:129.7.0({now.dc_i_a + self.noise(0.01):.2f}*A)")
        return f"/CPM3 #{self.sequence:05d} " + " ".join(values)

    def _current(self, true_a: float) -> float:
        return 0.0 if true_a < NO_LOAD_A else max(0.0, true_a * self._gain_i + self.noise(0.005))
