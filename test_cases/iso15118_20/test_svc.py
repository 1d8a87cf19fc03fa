"""I20-SVC: what the charger has not offered cannot be looked at, and cannot be selected."""

from collections.abc import Callable
from typing import Any

from harness.case import serves
from harness.hands import Stand
from harness.judge.v2g import refusals
from test_cases.iso15118_20._wrong import asks, goes_well

NOT_OFFERED = 61999  # an id that no service and no parameter set has
NOT_SELECTABLE = ("FAILED_ServiceSelectionInvalid", "FAILED_NoEnergyTransferServiceSelected")


def _selects(**other: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The car's selection with another id."""

    def edit(message: dict[str, Any]) -> dict[str, Any]:
        body = message["ServiceSelectionReq"]
        chosen = body["SelectedEnergyTransferService"] | other
        return {"ServiceSelectionReq": body | {"SelectedEnergyTransferService": chosen}}

    return edit


def _details(message: dict[str, Any]) -> dict[str, Any]:
    """The car's question, about a service that nobody offered."""
    return {"ServiceDetailReq": message["ServiceDetailReq"] | {"ServiceID": NOT_OFFERED}}


@serves("I20-SVC.P001")
async def test_details_of_no_service(stand: Stand) -> None:
    """A car asks for the details of a service that was not offered."""
    with stand.as_far_as_it_goes():
        ask = lambda car: car.service_detail(car.offered_services[0], edit=_details)  # noqa: E731
        bad = await asks(stand, "service_discovery", ask)
        stand.claim(refusals.refused, "I20-SVC.P001", since=bad, codes=["FAILED_ServiceIDInvalid"])
        good = await goes_well(stand, "service_detail")
        stand.claim.control(refusals.accepted, "I20-SVC.P001", since=good, answer="ServiceDetailRes")


@serves("I20-SVC.P002")
async def test_selection_of_no_service(stand: Stand) -> None:
    """A car selects a service that was not offered."""
    with stand.as_far_as_it_goes():
        service, edit = stand.car.visit().service, _selects(ServiceID=NOT_OFFERED)
        ask = lambda car: car.service_selection(service, "Dynamic", edit=edit)  # noqa: E731
        bad = await asks(stand, "service_detail", ask)
        stand.claim(refusals.refused, "I20-SVC.P002", since=bad, codes=list(NOT_SELECTABLE))
        good = await goes_well(stand, "service_selection")
        stand.claim.control(refusals.accepted, "I20-SVC.P002", since=good, answer="ServiceSelectionRes")
