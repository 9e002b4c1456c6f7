#!/bin/sh
# Makes the environment that everything runs in, or brings it up to date:
#
#   scripts/environment.sh PYTHON VENV REQUIREMENTS [--compile]
#
# uv does it within seconds. It knows none of pip's settings, so where it has no wheel for this
# machine, or finds no packages (an index that only pip was told of), pip does it, in half a minute.
# --compile is for who starts the program next; the tests compile what they read.
set -eu
python=$1 venv=$2 requirements=$3 compile=${4:-}
own=$venv/bin/python
project="--quiet --no-deps --no-build-isolation -e ."

# The machine's own certificates, as pip takes them: a network may have one of its own.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" PIP_DISABLE_PIP_VERSION_CHECK=1

# The pip at hand works in another environment as well; the environment gets one where there is none.
fetch_uv() {
    set -- install --quiet --no-compile --only-binary=:all: --require-hashes -r requirements-uv.txt
    "$python" -m pip --python "$own" "$@" 2>/dev/null || { own_pip && "$own" -m pip "$@"; }
}

own_pip() {
    "$own" -m pip --version >/dev/null 2>&1 || "$own" -m ensurepip >/dev/null
}

with_uv() {
    flag=${compile:+--compile-bytecode}
    set -- --python "$own"
    "$venv/bin/uv" pip install --quiet $flag "$@" --require-hashes -r "$requirements" &&
        "$venv/bin/uv" pip install "$@" $project
}

with_pip() {
    flag=--no-compile
    test -z "$compile" || flag=
    own_pip &&
        "$own" -m pip install --quiet $flag --require-hashes -r "$requirements" &&
        "$own" -m pip install $project
}

test -x "$own" || "$python" -m venv --without-pip "$venv"
test -x "$venv/bin/uv" || fetch_uv || echo "There is no uv to be had: pip sets up." >&2
{ test -x "$venv/bin/uv" && with_uv; } || with_pip
