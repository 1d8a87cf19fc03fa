"""The pytest plugin: markers, the cases' fixtures, and running each case's coroutine on the campaign's loop."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from harness.case import MARKERS

if TYPE_CHECKING:
    from harness.campaign import Campaign, Car, Claims, Contract, Steps

CAMPAIGN = pytest.StashKey["Campaign"]()


def case_id(item: pytest.Item) -> str:
    """A case's name for life: file without "test_" and the function with its parameters ("sc04_setpoints::…")."""
    return f"{item.path.stem.removeprefix('test_')}::{item.name.removeprefix('test_')}"


def is_case(item: pytest.Item) -> bool:
    """Whether an item is an acceptance case rather than one of the project's own tests."""
    return item.get_closest_marker("verifies") is not None


def pytest_configure(config: pytest.Config) -> None:
    """Make our markers known, so that --strict-markers accepts them."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an acceptance case's coroutine on the campaign's event loop."""
    if not is_case(pyfuncitem) or not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    campaign = _campaign(pyfuncitem.config)
    campaign.run_case(case_id(pyfuncitem), pyfuncitem.obj(**{n: pyfuncitem.funcargs[n] for n in names}))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Mark where a case starts and ends in the trace, and bring the charger back afterwards."""
    campaign = item.config.stash.get(CAMPAIGN, None)
    if campaign is None or not is_case(item):
        return (yield)
    campaign.start_case(case_id(item))
    try:
        return (yield)
    except KeyboardInterrupt:
        campaign.break_off()
        raise
    finally:
        campaign.end_case(case_id(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """A case whose fixtures could not be made (the charger is absent, say) tells so in the trace."""
    campaign = item.config.stash.get(CAMPAIGN, None)
    if campaign is not None and is_case(item) and call.when == "setup" and call.excinfo is not None:
        campaign.fail_setup(case_id(item), call.excinfo.value)
    return (yield)


def _campaign(config: pytest.Config) -> Campaign:
    campaign = config.stash.get(CAMPAIGN, None)
    if campaign is None:
        raise pytest.UsageError("acceptance cases run inside a campaign: use `chargeproof run --dut PROFILE`")
    return campaign


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> Campaign:
    """The running campaign."""
    return _campaign(request.config)


@pytest.fixture
def station(campaign: Campaign) -> Any:
    """The charging station as our backend sees it (harness.csms.Station), connected and booted."""
    return campaign.station()


@pytest.fixture
def csms(campaign: Campaign) -> Any:
    """Our backend role itself: misbehaviour, network loss, files (harness.csms.Csms)."""
    return campaign.csms


@pytest.fixture
def bench(campaign: Campaign) -> Any:
    """The instruments by role (harness.bench.Bench)."""
    return campaign.bench


@pytest.fixture
def ev(campaign: Campaign) -> Car:
    """The car: plugging, charging by the pilot line, and ISO 15118 sessions."""
    return campaign.car


@pytest.fixture
def operator(campaign: Campaign) -> Any:
    """The person at the charger (harness.operator.Operator)."""
    return campaign.operator


@pytest.fixture
def step(campaign: Campaign) -> Steps:
    """`async with step("what happens now"):` names a part of the case in trace, progress and report."""
    return campaign.steps


@pytest.fixture
def claim(campaign: Campaign) -> Claims:
    """`claim(judge, criterion, …)` asserts something of the trace, judged after the run."""
    return campaign.claims


@pytest.fixture
def contract(campaign: Campaign) -> Contract:
    """Contract parameters by name, for waits and dwells ("setpoint.dwell" -> seconds)."""
    return campaign.contract


@pytest.fixture
def firmware(campaign: Campaign) -> Any:
    """The vendor's newer firmware, offered right, altered, or signed by a stranger."""
    return campaign.firmware()


@pytest.fixture
def marked(campaign: Campaign) -> Any:
    """`await marked(action, "bench.action")`: do it, and get the event that marks it in the trace."""
    return campaign.marked


@pytest.fixture
def if_it_comes(campaign: Campaign) -> Any:
    """`await if_it_comes(wait)`: a wait whose failure is for the judge to weigh; None when it did not come."""
    return campaign.if_it_comes


@pytest.fixture
def as_far_as_it_goes(campaign: Campaign) -> Any:
    """`with as_far_as_it_goes():` a part that ends early when the charger does not come along; claims still follow."""
    return campaign.as_far_as_it_goes


@pytest.fixture
def quiet(campaign: Campaign) -> Any:
    """`await quiet(within_s=5)`: until the charger has said what it had to say."""
    return campaign.quiet


@pytest.fixture
def until_status(campaign: Campaign) -> Any:
    """`await until_status("Available", since=event)`: until the charger has told this state of the connector."""
    return campaign.until_status


@pytest.fixture
def dwell(campaign: Campaign) -> Any:
    """`await dwell(10, "the network stays away")`: time that passes on purpose, named in the trace."""
    return campaign.dwell


@pytest.fixture
def settings(campaign: Campaign) -> Any:
    """Variables of the charger's device model, put back after the case."""
    return campaign.settings


@pytest.fixture
def pixit(campaign: Campaign) -> Any:
    """The values the profile gives for this run (harness.profile.Pixit)."""
    return campaign.profile.pixit
