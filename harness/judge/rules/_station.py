"""What is known of one charging station at a moment of the stream: kept in one place, bounded, read by every rule."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.judge.rules._message import CSMS, STATION, Message
from requirement_catalog import own_count

MOST_TRANSACTIONS = own_count("rules.most_transactions")
MOST_OPEN_CALLS = own_count("rules.most_open_calls")
MOST_NOTES = own_count("rules.most_notes")
MOST_MISSING = own_count("rules.most_missing")
_MOST_OUTAGES, _MOST_ASKED_FOR = own_count("rules.most_outages"), own_count("rules.most_asked_for")
ANYTHING = "anything"  # what a CustomTrigger asks for is between the two
UNANSWERED = "unanswered"  # of a request: it may have been accepted all the same
STOPS = ("StopAuthorized", "RemoteStop", "Deauthorized")  # triggers that end an authorization
# triggers of the first event after a remote start; the second one is what the conformance tests allow where a session
# starts with its signed values (part 6)
STARTS = ("RemoteStart", "SignedDataReceived")
ACCEPTED = ("Accepted", "AcceptedCanceled")


@dataclass(slots=True)
class Transaction:
    """One transaction as the station told it. `whole`: its beginning was seen."""

    id: str
    whole: bool
    last: Message | None = None  # the event with the highest number so far
    heard_ns: int = 0  # when its newest event came
    seq_no: int | None = None  # the highest number so far
    missing: set[int] = field(default_factory=set)  # numbers below it that have not come
    state: str | None = None
    began_s: float | None = None  # when its first event says that it began, by the station's clock
    ended_ns: int | None = None
    evse: int | None = None
    connector: int | None = None
    authorized: bool = False
    token_told: bool = False  # whether one of its events had an idToken
    went_on: bool = False  # whether it told a state in which energy is offered
    remote_start: Any = None  # the remoteStartId that it was told with
    registers: dict[tuple[Any, ...], tuple[float, float]] = field(default_factory=dict)  # what -> (moment s, Wh)
    began: dict[tuple[Any, ...], tuple[float, float]] = field(default_factory=dict)  # as Started told it
    power: tuple[float, float, float, float] | None = None  # moment s and Wh of a sample; least and most W since


class Station:
    """The facts of one station. Rules read; `_facts.py` alone writes."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.limits: Mapping[str, float] = {}  # of the rule that looks: the numbers of its row
        self.version: str | None = None
        self.now_ns = 0
        self.from_start: bool | None = None  # whether the first that was seen of it was a beginning
        self.answers: set[str] = set()  # which sides were heard to answer: a log may hold requests alone
        self.both_sides = False  # whether the backend was heard at all: a log may hold the station's messages alone
        # the line
        self.connection = -1
        self.connections_known = False  # whether the recorder tells of connections at all
        self.opened_ns: int | None = None
        self.lost_utc_ns: int | None = None
        self.outages: deque[tuple[int, int]] = deque(maxlen=_MOST_OUTAGES)  # (lost, opened), the recorder's UTC in ns
        # boot
        self.booted = False  # an answer to a BootNotification was seen
        self.booting = False  # a BootNotification is not answered yet
        self.boot_sent_ns = 0
        self.waits_since_ns = 0  # when it sent the boot that began its waiting; of one that is accepted, its last boot
        self.registration: str | None = None
        self.firmware: str | None = None  # the version that it booted with last
        self.interval_s: float | None = None  # of the last answer to BootNotification
        self.boot_answered_ns: int | None = None
        self.boot_answered_on = -1  # over which connection
        self.reset: Message | None = None  # the accepted Reset of the whole station that is not over yet
        self.reset_on = -1
        self.heartbeat_s: float | None = None
        self.clock: tuple[float, int] | None = None  # (the backend's time in s since 1970, when it was told)
        self.clock_jumped = False  # since the last boot the backend told another time than the one it had told
        self.ahead_s: float | None = None  # how far its clock is ahead of the recorder's, at least
        # what is going on
        self.transactions: OrderedDict[str, Transaction] = OrderedDict()
        self.connectors: dict[tuple[int, int], str] = {}
        self.cables: dict[tuple[Any, Any], str] = {}  # ConnectorType, as the device model told it
        self.open_calls: dict[str, OrderedDict[str, Message]] = {STATION: OrderedDict(), CSMS: OrderedDict()}
        self.asked_for: deque[tuple[int, str]] = deque(maxlen=_MOST_ASKED_FOR)  # (t_ns, action), by the backend
        self.last_sent: OrderedDict[str, int] = OrderedDict()  # action -> t_ns
        self.requests: OrderedDict[tuple[str, Any], str] = OrderedDict()  # (action, requestId) -> how it was answered
        self.remote_starts: OrderedDict[Any, dict[str, Any]] = OrderedDict()  # remoteStartId -> the request
        self.variables: OrderedDict[str, str] = OrderedDict()  # "component.variable" of the whole station, lower case
        self.kinds: OrderedDict[tuple[Any, ...], tuple[str, str]] = OrderedDict()  # full name -> (type, mutability)
        self.was_set: OrderedDict[tuple[Any, ...], str] = OrderedDict()  # a variable's name in full -> accepted value
        self.profiles: OrderedDict[int, dict[str, Any]] = OrderedDict()  # id -> profile as it was accepted
        self.knows_station_limits = False  # whether those from before the log are gone
        self.provoked_until_ns = -1
        self.notes: dict[str, Any] = {}

    def knows(self, state_from: str, message: Message) -> bool:
        """Whether a rule's state is known: "connection", "boot", "session" (the transaction's beginning was seen)."""
        if state_from == "boot":
            return self.booted or self.booting
        if state_from == "session" and message.trigger == "call:TransactionEvent":
            tx = self.transaction(message)
            return tx.whole if tx is not None else message.payload.get("eventType") == "Started"
        return True

    def transaction(self, message: Message) -> Transaction | None:
        """The transaction that a message names, as it was before."""
        memo = message.memo
        if "tx" in memo:
            known: Transaction | None = memo["tx"]
            return known
        info = message.payload.get("transactionInfo")
        identity = info.get("transactionId") if isinstance(info, dict) else None
        found = memo["tx"] = self.transactions.get(identity) if isinstance(identity, str) else None
        return found

    def runs(self, tx: Transaction) -> bool:
        """Whether a transaction runs for all we know: of one that told nothing since a lost connection nobody knows."""
        since_ns = self.opened_ns or 0
        return tx.whole and tx.ended_ns is None and tx.heard_ns >= since_ns

    def ongoing(self, evse: Any = None) -> list[Transaction]:
        """The transactions that run, on one EVSE (None: on any)."""
        return [t for t in self.transactions.values() if (evse is None or t.evse == evse) and self.runs(t)]

    def note(self, rule: str) -> OrderedDict[Any, Any]:
        """A rule's own memory of this station; it holds at most 64 entries, the oldest go."""
        kept: OrderedDict[Any, Any] | None = self.notes.get(rule)
        if kept is None:
            kept = self.notes[rule] = OrderedDict()
        while len(kept) > MOST_NOTES:
            kept.popitem(last=False)
        return kept

    def tells_answers_of(self, side: str) -> bool:
        """Whether the answers of one side are recorded at all."""
        return side in self.answers or (self.connections_known and self.both_sides)

    def was_asked_for(self, action: str | None, within_s: float) -> bool:
        """Whether the backend asked for such a message lately (TriggerMessage, GetReport, GetLog …)."""
        since_ns = self.now_ns - int(within_s * 1e9)
        return any(asked in (action, ANYTHING) and t_ns >= since_ns for t_ns, asked in self.asked_for)

    def waits_for(self, *actions: str, but: Message | None = None) -> bool:
        """Whether such a call of the backend's is not answered yet, `but` for one: what came of it nobody knows."""
        return any(call.action in actions and call is not but for call in self.open_calls[CSMS].values())

    def has_sent(self, action: str, since_ns: int) -> bool:
        """Whether it sent such a call after a moment."""
        sent_ns = self.last_sent.get(action)
        return sent_ns is not None and sent_ns > since_ns

    def backend_time_s(self, t_ns: int) -> float | None:
        """The backend's clock at a moment of the stream, from the time it told last; None before that."""
        return None if self.clock is None else self.clock[0] + (t_ns - self.clock[1]) / 1e9

    @property
    def is_provoked(self) -> bool:
        """Whether we are doing, or did a moment ago, something odd on purpose."""
        return self.now_ns <= self.provoked_until_ns
