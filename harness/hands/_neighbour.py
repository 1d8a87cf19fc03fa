"""Another EVSE of the station under test, with a car and instruments of its own."""

from __future__ import annotations

from dataclasses import replace

from harness.bench import Bench
from harness.csms import Transaction
from harness.hands._car import Car
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._running import Running
from harness.hands._waits import Waits


class _ReachOf(Reach):
    """The same station, reached as one of its EVSEs."""

    def __init__(self, ports: Ports, running: Running, evse_id: int) -> None:
        super().__init__(ports, running)
        self._evse_id = evse_id

    @property
    def evse_id(self) -> int:
        """The EVSE that this is about."""
        return self._evse_id


class Neighbour:
    """`there.car`, `.bench`, `.session`, `.evse_id`: what a case holds of the EVSE beside the one under test.

    It is there to disturb: what is judged is judged at the EVSE under test. Its car has left when the case is over.
    """

    def __init__(self, ports: Ports, running: Running, waits: Waits, evse_id: int) -> None:
        self.evse_id = evse_id
        self._ports = replace(ports, evse=evse_id)
        self._reach = _ReachOf(self._ports, running, evse_id)
        self.car = Car(self._ports, self._reach, running, waits)
        running.on_restore(self.car.leave)

    @property
    def bench(self) -> Bench:
        """The instruments at that EVSE."""
        return self._ports.bench

    @property
    def session(self) -> Transaction:
        """The newest transaction told of there. Raises ValueError when there is none."""
        running = self._reach.transaction
        if running is None:
            raise ValueError(f"the charger has told of no transaction that runs at EVSE {self.evse_id}")
        return running
