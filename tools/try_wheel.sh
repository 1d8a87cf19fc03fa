#!/bin/sh
# Builds the wheel, installs it alone into an empty environment, and lets it decide from another folder.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/.venv/bin/python" -m build --wheel --no-isolation --outdir "$work/dist" "$root" >"$work/build.log" 2>&1 ||
    { cat "$work/build.log"; exit 1; }
python=${PYTHON:-python3}
"$python" -m venv --without-pip "$work/venv"
runtime="$work/runtime.lock"
cp "$root/requirements.lock" "$runtime"
if "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1; then
    set -- "$root/.venv/bin/python" -m pip
elif "$python" -m pip --version >/dev/null 2>&1; then
    set -- "$python" -m pip
else
    set -- pip
fi
"$@" --disable-pip-version-check -q --python "$work/venv/bin/python" install --no-deps --require-hashes -r "$runtime"
"$@" --disable-pip-version-check -q --python "$work/venv/bin/python" install --no-deps "$work"/dist/*.whl
mkdir "$work/elsewhere"
cd "$work/elsewhere"
"$work/venv/bin/chargeproof" key new key.pem
"$work/venv/bin/chargeproof" run --dut emulated --out campaigns --key key.pem
"$work/venv/bin/chargeproof" verify campaigns/*/bundle.zip --key key.pub.pem --rejudge
