# `make demo` and `make test` do all their own set-up on a fresh machine: Python 3.11 or newer is all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Workers of the tests (0: one after the other); most tests wait, and tests/_spread.py says what stays together.
WORKERS ?= 2

.PHONY: demo test check browser-test defects variants thorough corpus bench lock exercised coverage schemas clean help

help:
	@echo "make demo      watch the emulated charger being accepted: live progress, evidence and report (about two minutes)"
	@echo "make test      the project's own tests, static checks included"
	@echo "make defects   run the suite against every defective charger"
	@echo "make variants  run the suite against every charger that is unusual yet correct: none may be blamed"
	@echo "make thorough  whole suites in both versions, killed runs, lost chargers, attacks, a million fuzzed inputs, a tenth of all altered chargers; days, goes on where it was (SHARD=1/4)"
	@echo "make corpus    record the committed traces of some chargers anew, with what is expected of them"
	@echo "make bench     the figures: campaign time, messages per second, timing error, memory"
	@echo "make lock      write the locks anew from pyproject.toml: requirements.lock (tests and demo), requirements-lab.lock (a lab)"

$(STAMP): requirements.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh tools/bootstrap.sh $(VENV)
	@touch $(STAMP)

DEMO_KEY := campaigns/demo-key
demo: $(STAMP)
	@mkdir -p campaigns
	@test -f $(DEMO_KEY).pem -a -f $(DEMO_KEY).pub.pem || $(BIN)/chargeproof key new $(DEMO_KEY).pem
	@$(BIN)/chargeproof run --dut emulated --key $(DEMO_KEY).pem; code=$$?; \
	if [ $$code -gt 1 ]; then exit $$code; fi; \
	latest=$$(ls -td campaigns/*/ | head -n 1); \
	$(BIN)/chargeproof verify $${latest}bundle.zip --key $(DEMO_KEY).pub.pem --rejudge && exit $$code

test: $(STAMP) check
	$(BIN)/python -m pytest -m "not browser" -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(TEST_ARGS) tests
	@printf 'browser tests not run here: '; $(BIN)/python -m pytest tests -m browser --collect-only -q 2>/dev/null | grep -c '::' || true

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/chargeproof catalog coverage --check

browser-test: $(STAMP)
	$(BIN)/python -m pytest -m browser tests

defects: $(STAMP)
	$(BIN)/python -m harness.emulator.defects --all --jobs 2 --proofs

variants: $(STAMP)
	$(BIN)/python -m harness.emulator.variants --all --jobs 2

THOROUGH ?= campaigns/thorough
SHARD ?= 1/1
thorough: $(STAMP)
	$(BIN)/python -m tests.thorough --out $(THOROUGH) --shard $(SHARD)

corpus: $(STAMP)
	$(BIN)/python -m tests.corpus

bench: $(STAMP)
	$(BIN)/python -m tests.benchmarks

exercised: $(STAMP)
	$(BIN)/python -m tests.emulator_ocpp

coverage: $(STAMP)
	$(BIN)/chargeproof catalog coverage --write

schemas: $(STAMP)
	$(BIN)/python -m harness.evidence.schema
	$(BIN)/python -m harness.profile.schema
	$(BIN)/python -m requirement_catalog.reading._schema

LOCK := uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml
lock:
	$(LOCK) --extra dev --extra emulator -o requirements.lock
	cp requirements.lock requirements-lab.lock  # the same versions, but for what the extra holds back
	$(LOCK) --upgrade-package cryptography -o requirements-lab.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis campaigns
