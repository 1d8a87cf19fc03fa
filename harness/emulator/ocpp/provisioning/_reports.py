"""GetVariables, SetVariables and the device model's reports in parts (use cases B05 to B08)."""

from __future__ import annotations

from collections.abc import Iterable

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, Refuse
from harness.emulator.ocpp.provisioning._model import Json, Variable

PART = 40


class Reports:
    """The CSMS's window on the device model."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.part = PART

    @answers("GetVariables")
    def get_variables(self, request: Json) -> Json:
        """B06."""
        wanted = request["getVariableData"]
        self._check_count(wanted, "GetVariables")
        return {"getVariableResult": [self._client.model.read(item) for item in wanted]}

    @answers("SetVariables")
    def set_variables(self, request: Json) -> Answer:
        """B05. Consequences of a change (a new password reconnects) come after the answer."""
        wanted = request["setVariableData"]
        self._check_count(wanted, "SetVariables")
        results = [self._client.model.write(item) for item in wanted]
        changed = [variable for _, variable in results if variable is not None]
        self._client.persist_variables()

        def announce() -> None:
            for variable in changed:
                self._client.model.announce(variable)

        return Answer({"setVariableResult": [result for result, _ in results]}, announce)

    @answers("GetBaseReport")
    def get_base_report(self, request: Json) -> Answer:
        """B07."""
        base = request["reportBase"]
        variables = list(self._client.model)
        if base == "ConfigurationInventory":
            variables = [v for v in variables if v.mutability != "ReadOnly"]
        elif base == "SummaryInventory":
            variables = [v for v in variables if v.name in ("AvailabilityState", "Problem", "Active")]
        elif base != "FullInventory":
            return Answer({"status": "NotSupported"})
        return Answer({"status": "Accepted"}, lambda: self.send(request["requestId"], variables))

    @answers("GetReport")
    def get_report(self, request: Json) -> Answer:
        """B08: by component and variable, or by criteria."""
        criteria = set(request.get("componentCriteria", []))
        if criteria - {"Active", "Available", "Enabled", "Problem"}:
            return Answer({"status": "NotSupported"})
        asked = request.get("componentVariable", [])
        variables = [
            v
            for v in self._client.model
            if (not asked or any(_matches(v, each) for each in asked)) and (not criteria or self._meets(v, criteria))
        ]
        if not variables:
            return Answer({"status": "EmptyResultSet"})
        return Answer({"status": "Accepted"}, lambda: self.send(request["requestId"], variables))

    async def send(self, request_id: int, variables: list[Variable]) -> None:
        """NotifyReport in parts; each part says whether more follow."""
        parts = [variables[at : at + self.part] for at in range(0, len(variables), self.part)] or [[]]
        for number, part in enumerate(parts):
            payload: Json = {
                "requestId": request_id,
                "generatedAt": self._client.time.text(),
                "seqNo": number,
                "tbc": number + 1 < len(parts),
            }
            if part:
                payload["reportData"] = [self._entry(v) for v in part]
            await self._client.call("NotifyReport", payload, triggered=True)

    def _entry(self, v: Variable) -> Json:
        attribute: Json = {
            "type": "Actual",
            "mutability": v.mutability,
            "persistent": v.persistent,
            "constant": v.constant,
        }
        if v.mutability != "WriteOnly":
            attribute["value"] = v.read() if v.read else v.value
        return {
            "component": v.component_json(),
            "variable": v.variable_json(),
            "variableAttribute": [attribute],
            "variableCharacteristics": v.characteristics_json(),
        }

    def _check_count(self, wanted: Iterable[Json], message: str) -> None:
        most = self._client.model.integer("DeviceDataCtrlr", "ItemsPerMessage", message)
        if len(list(wanted)) > most:
            raise Refuse("OccurrenceConstraintViolation", f"at most {most} items in one {message}")

    def _meets(self, v: Variable, criteria: set[str]) -> bool:
        # B08.FR.21: without a variable Problem there is no problem; the others count as true when absent
        for name in criteria:
            found = self._client.model.find(v.component, name, "", v.evse, v.connector, v.component_instance)
            value = (
                (found.read() if found.read else found.value) if found else ("false" if name == "Problem" else "true")
            )
            if value.lower() == "true":
                return True
        return False


def _matches(v: Variable, asked: Json) -> bool:
    component, variable = asked["component"], asked.get("variable")
    if v.component.lower() != component["name"].lower():
        return False
    if "instance" in component and component["instance"].lower() != v.component_instance.lower():
        return False
    where = component.get("evse")
    if where and (where["id"] != v.evse or where.get("connectorId", v.connector) != v.connector):
        return False
    if variable is None:
        return True
    same = variable["name"].lower() == v.name.lower()
    return same and ("instance" not in variable or variable["instance"].lower() == v.instance.lower())
