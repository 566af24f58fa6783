#!/usr/bin/env bash
# Brings a machine to the point where LabDesk runs (`run`), can be tested (`test`) or is packed (`package`: a wheel in
# dist/), and prepares nothing where that was done before.
# What is needed is looked for by what it gives (a library, a command); Debian's packages are only the way to get it.
set -euo pipefail
cd "$(dirname "$0")/.."

goal=${1:-run}
venv=${VENV:-.venv}
stamp="$venv/.labdesk-setup"
system_certificates=/etc/ssl/certs/ca-certificates.crt

say() { printf 'labdesk setup: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# ---- what the system must give -----------------------------------------------------------------------------------------

missing=()
has_command() { command -v "$1" >/dev/null 2>&1; }
libraries=""
if [ "$(uname -s)" = Linux ]; then
  libraries=$({ ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null || true)
fi

need_library() { # file name, package
  case "$libraries" in *"$1 "*) ;; *) missing+=("$2") ;; esac
}

need_command() { # command, package
  has_command "$1" || missing+=("$2")
}

usable_python() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11; do
    if has_command "$candidate" && usable_python "$candidate"; then
      echo "$candidate"
      return
    fi
  done
}

need_python() {
  local python
  python=$(find_python)
  if [ -z "$python" ]; then
    has_command python3 && fail "Python 3.11, 3.12 or 3.13 is needed, but python3 is $(python3 -V 2>&1); install one of them and call: make PYTHON=python3.12 …"
    missing+=(python3 python3-venv)
  elif ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    missing+=(python3-venv)
  fi
}

need_system() {
  need_python
  [ "$(uname -s)" = Linux ] || return 0
  need_library libglib-2.0.so.0 libglib2.0-0
  need_library libEGL.so.1 libegl1
  need_library libGL.so.1 libgl1
  need_library libdbus-1.so.3 libdbus-1-3
  need_library libfontconfig.so.1 libfontconfig1
  need_library libxkbcommon.so.0 libxkbcommon0
  need_library libxcb-cursor.so.0 libxcb-cursor0
  need_library libxcb-icccm.so.4 libxcb-icccm4
  need_library libxcb-keysyms.so.1 libxcb-keysyms1
  need_library libxcb-shape.so.0 libxcb-shape0
  need_library libxkbcommon-x11.so.0 libxkbcommon-x11-0
  [ -e "$system_certificates" ] || [ ! -e /etc/debian_version ] || missing+=(ca-certificates)
  [ "$goal" = test ] || return 0
  need_command git git
  need_command Xvfb xvfb
  need_command xdotool xdotool
  need_command openbox openbox
  has_command google-chrome || has_command chromium-browser || need_command chromium chromium
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || has_command initdb || missing+=(postgresql)
}

# ---- Debian packages ---------------------------------------------------------------------------------------------------

log=""
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    fail "apt-get $1 did not succeed (the lines above say why); install these yourself and call make again: ${missing[*]}"
  }
}

# Debian would make and start a server of its own with the package; the tests bring up their own and need only the programs.
without_own_cluster() {
  apt install --no-install-recommends postgresql-common
  local folder=/etc/postgresql-common/createcluster.d
  as_root mkdir -p "$folder"
  echo 'create_main_cluster = false' | as_root tee "$folder/labdesk-setup.conf" >/dev/null
  apt install --no-install-recommends postgresql
  as_root rm -f "$folder/labdesk-setup.conf"
}

may_install() {
  has_command apt-get || return 1
  [ "$(id -u)" = 0 ] && return 0
  has_command sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

install_packages() {
  [ ${#missing[@]} -gt 0 ] || return 0
  may_install || fail "these system packages are missing and can only be installed by an administrator: ${missing[*]} (on Debian or Ubuntu: apt-get install --no-install-recommends ${missing[*]})"
  say "installing from Debian: ${missing[*]}"
  log=$(mktemp)
  apt update
  local package others=() postgresql=""
  for package in "${missing[@]}"; do
    if [ "$package" = postgresql ]; then postgresql=yes; else others+=("$package"); fi
  done
  [ ${#others[@]} -eq 0 ] || apt install --no-install-recommends "${others[@]}"
  [ -z "$postgresql" ] || without_own_cluster
  rm -f "$log"
}

# ---- the virtual environment -------------------------------------------------------------------------------------------

fingerprint() {
  { cat pyproject.toml setup.py; pwd; } | cksum
}

# uv does not read pip's settings: what a site has set there (an index of its own, a certificate) is passed on.
adopt_pip_settings() {
  local index certificate
  index=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
  index=${PIP_INDEX_URL:-$index}
  certificate=$("$venv/bin/python" -m pip config get global.cert 2>/dev/null || true)
  certificate=${PIP_CERT:-$certificate}
  # A site's own authority usually stands in the system's bundle, which older pip does not read by itself.
  [ -n "$certificate" ] || [ ! -r "$system_certificates" ] || certificate=$system_certificates
  [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-$index}}"
  [ -z "$certificate" ] || export PIP_CERT="$certificate" SSL_CERT_FILE="${SSL_CERT_FILE:-$certificate}"
  export UV_COMPILE_BYTECODE=1 UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}" PIP_DISABLE_PIP_VERSION_CHECK=1
}

install_python_packages() {
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    return 0
  fi
  say "preparing $venv (a few minutes the first time)"
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$(find_python)" -m venv --clear "$venv"
  adopt_pip_settings
  if "$venv/bin/python" -m pip install --quiet uv && "$venv/bin/python" -m uv pip install --quiet --python "$venv/bin/python" -e '.[dev]'; then
    :
  else
    say "uv could not install the packages; trying pip, which follows its own settings"
    "$venv/bin/python" -m pip install --quiet --timeout 180 -e '.[dev]' ||
      fail "the Python packages could not be installed (the lines above say why); check the network or the package index and call make again"
  fi
  fingerprint >"$stamp"
}

case "$goal" in run | test | package) ;; *) fail "unknown goal '$goal': say run, test or package" ;; esac
need_system
install_packages
install_python_packages
if [ "$goal" = package ]; then
  adopt_pip_settings
  "$venv/bin/python" -m uv build --quiet --wheel --out-dir dist .
fi
