"""M03 to M05: roots are installed, listed and deleted, and what is none is refused."""

from harness.case import serves
from harness.csms import offered_root
from harness.hands import Stand
from harness.judge.line import certificates
from harness.judge.ocpp import answers
from test_cases.ocpp._installed import newly_installed

_NEW = ("V2GRootCertificate", "MORootCertificate")  # a new one of these cannot cut a charger off from its backend
_OWN = "CSMSRootCertificate"
_NO_CERTIFICATE = ["Rejected", "Failed", "FormatViolation", "PropertyConstraintViolation", "GenericError"]


@serves("OCPP-M05.P001", "OCPP-M04.P001", "OCPP-M04.P002")
async def test_a_root_is_installed_listed_and_deleted(stand: Stand) -> None:
    """Of each kind that it takes: a new root is installed and listed; then it is deleted, not listed, and unknown."""
    station = stand.station
    for kind in _NEW:
        async with stand.step(f"install a {kind}, and list"):
            before = await station.get_installed_certificate_ids(kind)
            install = await station.install_certificate(offered_root(), kind)
            listed = await station.get_installed_certificate_ids(kind)
        if not install.accepted:
            continue  # which kinds it has a store for is its own affair
        stand.claim(certificates.listed, "OCPP-M05.P001", install=install.call, before=before.call, get=listed.call)
        for mine in newly_installed(before, listed):
            async with stand.step("delete it, list, and delete it once more"):
                delete = await station.delete_certificate(mine)
                after = await station.get_installed_certificate_ids(kind)
            stand.claim(certificates.deleted, "OCPP-M04.P001", delete=delete.call, get=after.call)
            if delete.accepted and mine not in newly_installed(before, after):
                again = await station.delete_certificate(mine)
                stand.claim.control(answers.says, "OCPP-M04.P002", call=delete.call, accept=["Accepted"])
                stand.claim(answers.says, "OCPP-M04.P002", call=again.call, accept=["NotFound"])


@serves("OCPP-M05.P002", "OCPP-M05.P003")
async def test_what_is_no_valid_root_is_refused(stand: Stand) -> None:
    """Of each kind that it takes: one that is valid is accepted; one that has expired, and garbage, are not."""
    station = stand.station
    for kind in (*_NEW, _OWN):
        async with stand.step(f"the control: a valid {kind}"):
            first = await station.get_installed_certificate_ids(kind)
            right = await station.install_certificate(offered_root() if kind in _NEW else stand.csms.pki.root_pem, kind)
            before = await station.get_installed_certificate_ids(kind)
        if not right.accepted:
            continue
        for how, purpose, accept in (
            ("expired", "OCPP-M05.P002", ["Rejected"]),
            ("garbage", "OCPP-M05.P003", _NO_CERTIFICATE),
        ):
            async with stand.step(f"{kind}: {how}, and what is listed then"):
                wrong = await station.install_certificate(offered_root(how), kind)
                after = await station.get_installed_certificate_ids(kind)
            stand.claim.control(answers.says, purpose, call=right.call, accept=["Accepted"], group=kind)
            stand.claim(answers.says, purpose, call=wrong.call, accept=accept, group=kind)
            stand.claim(certificates.not_listed, purpose, before=before.call, get=after.call, group=kind)
        for ours in newly_installed(first, before):
            await station.delete_certificate(ours)


@serves("OCPP-M05.P101")
async def test_a_new_root_leaves_the_others(stand: Stand) -> None:
    """Two new roots of each kind, one after the other, and one beside that of its backend: none is gone by it."""
    station, ours = stand.station, stand.csms.pki.root_pem
    one_alone = await stand.settings.read("SecurityCtrlr", "AdditionalRootCertificateCheck")  # M05.FR.09
    kinds = _NEW if (one_alone or "false").lower() == "true" else (*_NEW, _OWN)
    for kind in kinds:
        async with stand.step(f"a {kind}, and another one"):
            first = await station.get_installed_certificate_ids(kind)
            installs = [] if kind == _OWN else [await station.install_certificate(offered_root(), kind)]
            before = await station.get_installed_certificate_ids(kind)
            installs += [await station.install_certificate(offered_root(), kind)]
            after = await station.get_installed_certificate_ids(kind)
        if all(each.accepted for each in installs):  # it may have no room for more (M05.FR.06)
            new, had, has = installs[-1].call, before.call, after.call
            stand.claim(certificates.kept, install=new, before=had, get=has, group=kind)
        if kind == _OWN:
            await station.install_certificate(ours, kind)
        for mine in newly_installed(first, after):
            await station.delete_certificate(mine)
