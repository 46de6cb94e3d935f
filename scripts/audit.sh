#!/bin/sh
# Is a weakness known of any package that is pinned? pip-audit asks a public register. Where that cannot be reached, or
# does not know a package, the answer is that nothing was found out (exit code 3), and never that all is well.
set -eu
cd "$(dirname "$0")/.."
audit=".venv/bin/python -m pip_audit"
worst=0
for which in run dev spark docs; do
    code=0
    said=$($audit --progress-spinner off --require-hashes --disable-pip --requirement "requirements/$which.txt" 2>&1) || code=$?
    unknown=$(printf '%s\n' "$said" | grep -c "could not be audited" || true)
    if printf '%s' "$said" | grep -Eq "Found [0-9]+ known"; then
        printf '%s\n' "$said"
        exit 1
    elif [ "$code" -ne 0 ]; then
        echo "requirements/$which.txt was not audited: the register of weaknesses could not be asked." >&2
        worst=3
    elif [ "$unknown" -ne 0 ]; then
        echo "requirements/$which.txt: the register that can be reached here does not know $unknown packages. Of the" \
            "others no weakness is known; of these nothing was found out." >&2
        worst=3
    else
        echo "requirements/$which.txt: no weakness is known of any package."
    fi
done
exit $worst
