#!/bin/sh
# Makes .venv with what the machine has, or adds to it. Usage: scripts/environment.sh run|dev|spark|docs
# `other` makes .venv-other with another Python of this machine, if it has one, so that two can be compared.
# uv is used only if it is there; otherwise any Python from 3.11 that can make an environment.
# Every package that is needed stands in the file, so nothing else is looked for (--no-deps).
set -eu
cd "$(dirname "$0")/.."
wanted="requirements/$1.txt"

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

choose() {
    lacking=""
    for python in python3.13 python3.12 python3.14 python3.11 python3; do
        fits "$python" || continue
        if makes_environments "$python" || command -v uv >/dev/null; then
            echo "$python"
            return
        fi
        lacking="$python"
    done
    if [ -n "$lacking" ]; then
        echo "$lacking cannot make an environment here. On Debian or Ubuntu: sudo apt-get install -y python3-venv" >&2
    else
        echo "Python 3.11 or newer is needed, and none was found. On Debian: sudo apt-get install -y python3 python3-venv" >&2
    fi
    exit 1
}

version() { "$1" -c 'import sys; print(*sys.version_info[:2], sep=".")'; }

if [ "$1" = other ]; then
    for python in python3.13 python3.12 python3.11 python3.14 python3; do
        fits "$python" && makes_environments "$python" || continue
        [ "$(version "$python")" != "$(version .venv/bin/python)" ] || continue
        echo "Making .venv-other with $("$python" --version)"
        rm -rf .venv-other
        "$python" -m venv .venv-other
        .venv-other/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes \
            --requirement requirements/run.txt && exit
        rm -rf .venv-other
    done
    echo "This machine has no other Python from 3.11 that can make an environment: two cannot be compared here."
    exit
fi

if ! fits .venv/bin/python; then
    python=$(choose)
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    if makes_environments "$python"; then "$python" -m venv .venv; else uv venv --quiet --python "$python" .venv; fi
fi

echo "Installing $wanted, once: some minutes, and about 1.1 GB of disk"
# PySpark comes as source and is packed with what the environment holds already.
as_is=""
if [ "$1" = spark ]; then as_is="--no-build-isolation"; fi
if command -v uv >/dev/null; then
    uv pip install --quiet --python .venv/bin/python --require-hashes $as_is --requirement "$wanted"
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes $as_is --requirement "$wanted"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
touch ".venv/.assay-$1"
