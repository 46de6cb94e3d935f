#!/bin/sh
# Is a weakness known of any package that is pinned? pip-audit asks a public register; where that cannot be reached, the
# answer is that nothing was found out (exit code 3), and never that all is well.
set -eu
cd "$(dirname "$0")/.."
audit=".venv/bin/python -m pip_audit"
if ! $audit --version >/dev/null 2>&1; then
    echo "Nothing was audited: pip-audit is not installed here (.venv/bin/python -m pip install pip-audit)." >&2
    exit 3
fi
for which in run dev; do
    code=0
    said=$($audit --require-hashes --disable-pip --requirement "requirements/$which.txt" 2>&1) || code=$?
    printf '%s\n' "$said"
    if [ "$code" -ne 0 ] && ! printf '%s' "$said" | grep -q "known vulnerabilit"; then
        echo "requirements/$which.txt was not audited: the register of weaknesses could not be asked." >&2
        exit 3
    fi
    [ "$code" -eq 0 ] || exit 1
done
