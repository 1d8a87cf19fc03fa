"""Who may charge: authorisation cache, local list, and asking the CSMS (blocks C and D)."""

from __future__ import annotations

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._times import instant_of
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import CallFailed, Offline
from harness.emulator.ocpp.provisioning._model import Json


class Authorization:
    """Answers idTokenInfo for an idToken."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._cache: dict[str, Json] = client.storage.load("auth_cache", {})
        stored = client.storage.load("local_list", {"version": 0, "entries": {}})
        self._list_version: int = stored["version"]
        self._list: dict[str, Json] = stored["entries"]
        self._count_entries()

    async def ask(self, id_token: Json) -> Json:
        """Local list, cache, then AuthorizeRequest; offline only what LocalAuthorizeOffline allows (C13, C15)."""
        if id_token["type"] == "NoAuthorization":
            return {"status": "Accepted"}
        model = self._client.model
        known = self._known(id_token)
        online = self._client.connection.online.is_set() and self._client.provisioning.status == "Accepted"
        enough = model.flag("AuthCtrlr", "LocalPreAuthorize" if online else "LocalAuthorizeOffline")
        if known is not None and known["status"] == "Accepted" and enough:
            return known
        if online:
            try:
                answer = await self._client.call("Authorize", {"idToken": id_token})
            except (CallFailed, Offline):
                return {"status": "Unknown"}
            info: Json = answer["idTokenInfo"]
            self.learn(id_token, info)
            return info
        unknown_ok = known is None and model.flag("AuthCtrlr", "OfflineTxForUnknownIdEnabled")
        return {"status": "Accepted"} if unknown_ok else {"status": "Unknown"}

    def learn(self, id_token: Json, info: Json) -> None:
        """Every answer of the CSMS refreshes the cache (C10)."""
        if self._client.model.flag("AuthCacheCtrlr", "Enabled") and id_token["type"] != "NoAuthorization":
            self._cache[_key(id_token)] = {**info, "_seen": self._client.time.now()}
            while len(self._cache) > 200:
                self._cache.pop(next(iter(self._cache)))
            self._client.storage.save("auth_cache", self._cache)

    @answers("ClearCache")
    def clear_cache(self, _: Json) -> Json:
        """C11."""
        if not self._client.model.flag("AuthCacheCtrlr", "Enabled"):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "NotEnabled"}}
        self._cache.clear()
        self._client.storage.save("auth_cache", {})
        return {"status": "Accepted"}

    def kept(self, id_token: Json | None, *, forget: bool) -> Json | None:
        """What the cache holds about a token (N09); with `forget` it is gone then (N10)."""
        if id_token is None:
            return None
        found = self._cache.get(_key(id_token))
        if forget and found is not None:
            del self._cache[_key(id_token)]
            self._client.storage.save("auth_cache", self._cache)
        return found

    @answers("SendLocalList")
    def send_local_list(self, request: Json) -> Json:
        """D01."""
        entries = request.get("localAuthorizationList", [])
        version, kind = request["versionNumber"], request["updateType"]
        if version <= 0:
            return {"status": "Failed", "statusInfo": {"reasonCode": "ValuePositiveOnly"}}
        if kind == "Differential" and version <= self._list_version:
            return {"status": "VersionMismatch"}
        table = {} if kind == "Full" else dict(self._list)
        if len({_key(e["idToken"]) for e in entries}) != len(entries):
            return {"status": "Failed", "statusInfo": {"reasonCode": "InvalidValue"}}
        for entry in entries:
            if "idTokenInfo" in entry:
                table[_key(entry["idToken"])] = entry["idTokenInfo"]
            elif kind == "Full":
                return {"status": "Failed", "statusInfo": {"reasonCode": "MissingParam"}}
            else:
                table.pop(_key(entry["idToken"]), None)
        if len(table) > 100:
            return {"status": "Failed", "statusInfo": {"reasonCode": "TooManyElements"}}
        self._list, self._list_version = table, version
        self._client.storage.save("local_list", {"version": version, "entries": table})
        self._count_entries()
        return {"status": "Accepted"}

    @answers("GetLocalListVersion")
    def get_local_list_version(self, _: Json) -> Json:
        """D02; 0 means that there is no list, or that it is switched off."""
        on = self._client.model.flag("LocalAuthListCtrlr", "Enabled")
        return {"versionNumber": self._list_version if on else 0}

    def _known(self, id_token: Json) -> Json | None:
        model = self._client.model
        if model.flag("LocalAuthListCtrlr", "Enabled") and _key(id_token) in self._list:
            return _fresh(self._list[_key(id_token)], self._client.time.now())
        cached = self._cache.get(_key(id_token)) if model.flag("AuthCacheCtrlr", "Enabled") else None
        if cached is None:
            return None
        now = self._client.time.now()
        if now - float(cached["_seen"]) > model.integer("AuthCacheCtrlr", "LifeTime"):
            return None
        return _fresh({k: v for k, v in cached.items() if k != "_seen"}, now)

    def _count_entries(self) -> None:
        self._client.model.put("LocalAuthListCtrlr", "Entries", str(len(self._list)))


def _key(id_token: Json) -> str:
    return f"{id_token['type']}:{id_token['idToken']}".lower()


def _fresh(info: Json, now: float) -> Json:
    expiry = info.get("cacheExpiryDateTime")
    return {**info, "status": "Expired"} if expiry and instant_of(expiry) < now else info
