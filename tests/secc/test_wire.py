"""The SECC on real sockets: framing, discovery, TLS, and cars that misbehave."""

from __future__ import annotations

from typing import Any

from harness.emulator.netns import network_plan

SAP_OK = "80400040"  # OK_SuccessfulNegotiation with schema id 1
SAP_FAILED = "80480000"


def test_both_ports_are_in_the_dynamic_range(raw: dict[str, Any]) -> None:
    """ISO 15118 takes TCP ports from 49152 upwards."""
    assert all(49152 <= port <= 65535 for port in raw["ports"].values())


def test_a_frame_may_come_octet_by_octet(raw: dict[str, Any]) -> None:
    """TCP may cut a message anywhere; the answer comes all the same, also to the next one."""
    assert raw["framing"]["split"] == SAP_OK
    assert raw["framing"]["split_second"].startswith("8090")  # SessionSetupRes


def test_two_frames_in_one_segment_get_two_answers(raw: dict[str, Any]) -> None:
    """Both messages are answered in order."""
    first, second = raw["framing"]["glued"]
    assert first == SAP_OK and second.startswith("8090")


def test_a_car_that_vanishes_inside_a_frame_ends_its_session(raw: dict[str, Any]) -> None:
    """The station hears of it at once, and that it was no orderly end."""
    assert raw["framing"]["vanished"]["clean"] is False
    assert "inside a frame" in raw["framing"]["vanished"]["reason"]


def test_a_message_out_of_sequence_is_refused_and_ends_the_session(raw: dict[str, Any]) -> None:
    """The answer is ServiceDiscoveryRes with a FAILED code, then the session is over."""
    assert raw["framing"]["unknown_session"].startswith("8080")
    assert raw["framing"]["unknown_session_end"]["clean"] is False


def test_rubbish_and_absurd_lengths_are_closed(raw: dict[str, Any]) -> None:
    """No answer, no wait for four gigabytes, and the reason is told."""
    assert raw["framing"]["rubbish"] == raw["framing"]["huge"] == raw["framing"]["announced_100_mb"] == ""
    assert "not a V2GTP header" in raw["framing"]["rubbish_event"]["reason"]


def test_a_request_before_session_setup_is_refused(raw: dict[str, Any]) -> None:
    """Even without a session the answer is ServiceDiscoveryRes, with FAILED_SequenceError and the id 0."""
    accepted, refused = raw["framing"]["before_setup"]
    assert accepted == SAP_OK
    assert refused.startswith("808004" + "00" * 8)


def test_a_garbled_request_ends_the_session(raw: dict[str, Any]) -> None:
    """Octets that leave the grammar are no SessionStopReq without its content: no answer, and the reason is told."""
    *_, after = raw["framing"]["garbled"]
    assert after == ""
    assert raw["framing"]["garbled_end"]["clean"] is False
    assert "undecodable EXI" in raw["framing"]["garbled_end"]["reason"]


def test_din_session_setup_twice_is_refused(raw: dict[str, Any]) -> None:
    """The second SessionSetupReq of a DIN 70121 session gets a SessionSetupRes too, with FAILED_SequenceError."""
    _, first, second = raw["framing"]["din_setup_twice"]
    assert first and second and first != second


def test_no_common_protocol_is_said(raw: dict[str, Any]) -> None:
    """A car that offers only unknown protocols hears Failed_NoNegotiation."""
    assert raw["framing"]["no_common_protocol"] == SAP_FAILED


def test_a_new_car_takes_over_from_a_silent_one(raw: dict[str, Any]) -> None:
    """One car at a time: the newest whole frame wins, the older connection is closed."""
    assert raw["framing"]["takeover"] == SAP_OK and raw["framing"]["taken_over"] == ""


def test_unplugging_ends_the_session(raw: dict[str, Any]) -> None:
    """Pilot state A is the end, whatever the connection looks like."""
    assert raw["framing"]["unplugged"]["reason"] == "ended by the station"


def test_tls13_is_mutual_and_strong(raw: dict[str, Any]) -> None:
    """TLS 1.3 with a suite of ISO 15118-20, and the car's certificate is seen."""
    facts = raw["tls"]["v13_facts"]
    assert raw["tls"]["v13"] == SAP_OK and facts["version"] == "TLSv1.3"
    assert facts["cipher"] in ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
    assert "WCPEV00000000000001" in facts["peer_subject"]


def test_tls13_without_a_certificate_gets_no_session(raw: dict[str, Any]) -> None:
    """A vehicle certificate is mandatory over TLS 1.3; afterwards others are served."""
    assert raw["tls"]["v13_without_certificate"] in ("", "refused: SSLError", "refused: ConnectionResetError")
    assert raw["tls"]["still_serves"] == SAP_OK


def test_iso_15118_20_is_not_spoken_over_tls12(raw: dict[str, Any]) -> None:
    """TLS 1.2 is for ISO 15118-2; the newer protocol is not negotiated there."""
    assert raw["tls"]["v12_asks_for_v20"] == SAP_FAILED
    assert raw["tls"]["v12_asks_for_v20_facts"]["version"] == "TLSv1.2"


def test_discovery_answers_by_the_security_byte(raw: dict[str, Any]) -> None:
    """Offered TLS: each car gets the port it asked for; an invalid request gets silence."""
    ports, answers = raw["ports"], raw["sdp"]
    assert answers["plain"] == [ports["port"], 0x10] and answers["tls"] == [ports["tls_port"], 0x00]
    assert answers["rubbish"] is None


def test_required_tls_is_answered_to_everybody(raw: dict[str, Any]) -> None:
    """There is no port in the clear, and no silent fall back to one."""
    mode = raw["modes"]["required"]
    assert mode["ports"][0] is None and mode["plain"] == mode["tls"] == [mode["ports"][1], 0x00]


def test_no_tls_is_said_to_everybody(raw: dict[str, Any]) -> None:
    """A charger without TLS says so in the security byte."""
    mode = raw["modes"]["off"]
    assert mode["ports"][1] is None and mode["plain"] == mode["tls"] == [mode["ports"][0], 0x10]
    assert mode["before"] is None  # not before it can serve


def test_a_second_secc_on_the_link_says_who_is_in_the_way(raw: dict[str, Any]) -> None:
    """UDP 15118 is fixed, so the second one cannot start, and explains itself."""
    assert "UDP 15118" in raw["second"] and "taken" in raw["second"]


def test_a_killed_secc_is_reported(raw: dict[str, Any]) -> None:
    """The station hears that its SECC is gone."""
    assert "ended with code -9" in raw["killed"]["reason"]


def test_the_scenario_ran_where_the_plan_says(raw: dict[str, Any]) -> None:
    """Where namespaces are permitted, discovery was real multicast between two interfaces."""
    assert raw["plan"] == network_plan().kind
