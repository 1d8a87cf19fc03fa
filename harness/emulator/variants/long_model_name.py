"""Has a model name longer than BootNotification can hold."""

from __future__ import annotations

from harness.emulator.variants._model import Variant

MODEL = "Emulated-BiDi-22-Outdoor-Edition"

VARIANT = Variant(
    name="long-model-name",
    title="A model name of more than 20 characters",
    what_is_unusual="BootNotification holds the first 20 characters of the model's name, the device model all of them.",
    why_legal="chargingStation.model has 20 characters at most; the variable Model has no such bound.",
    clauses=("OCPP 2.0.1 Part 2, ChargingStationType.model (string[0..20])",),
    touches=("GEN-02.2", "SC-09.1"),
    ratings={"model": MODEL},
    declares={"product": {"model": MODEL}},
)
