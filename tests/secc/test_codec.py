"""The quick way through the Java codec is the package's way, only quicker."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What tests.secc._oracle found."""
    command = [sys.executable, "-m", "tests.secc._oracle", str(tmp_path_factory.mktemp("oracle"))]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_octets_and_text_are_the_packages_own(found: dict[str, Any]) -> None:
    """Messages of all schemas come out identical both ways; rubbish is refused with the package's words."""
    assert found["same"] >= 12 and found["different"] == []
    assert "EXI" in found["refused"]


def test_what_is_garbled_or_does_not_fit_is_not_half_taken(found: dict[str, Any]) -> None:
    """No message with its end missing, none without the value that did not fit."""
    assert found["half_taken"] == []


def test_a_refusal_leaves_nothing_behind(found: dict[str, Any]) -> None:
    """The next good message has the octets it always had, and is read as it was meant."""
    assert found["unharmed"] == [True, True]


def test_refusals_hold_what_their_schema_demands(found: dict[str, Any]) -> None:
    """FAILED answers too: a codec that keeps to the schema, such as libcbv2g, could not read them else."""
    said = found["refusals"]
    assert len(said) >= 45
    assert said["20 SessionSetupRes"]["EVSEID"]
    assert said["20 ServiceDetailRes"]["ServiceParameterList"]["ParameterSet"][0]["Parameter"]
    assert said["20 ScheduleExchangeRes"]["Dynamic_SEResControlMode"] == {}
    assert said["2 MeteringReceiptRes"]["AC_EVSEStatus"]
    assert said["DIN SessionSetupRes"]["EVSEID"]
    assert said["DIN ChargeParameterDiscoveryRes"]["SAScheduleList"]["SAScheduleTuple"]
