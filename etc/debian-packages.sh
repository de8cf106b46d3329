# Debian 12 packages that the two commands of the README need, and how missing ones are installed.
# Sourced by etc/demo/run and tests/run; runs nothing by itself.

build_packages=(g++ cmake ninja-build ccache pkg-config libboost1.81-dev libcurl4-openssl-dev
  prometheus-cpp-dev libtomlplusplus-dev libspdlog-dev libsimdjson-dev libcli11-dev libssl-dev
  libsystemd-dev libhowardhinnant-date-dev tzdata)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev prometheus prometheus-alertmanager python3
  strace iproute2 util-linux mount e2fsprogs procps openssl
  systemd git curl ca-certificates clang libclang-rt-14-dev chromium)
lint_packages=(clang-tidy clang-format)
bench_packages=(jq)

# ensure_packages NAME...: installs those that are missing, with sudo where we are not root.
ensure_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing and sudo is not there to install them: ${missing[*]}" >&2; return 1; }
    as_root=(sudo)
  fi
  echo "Installing missing Debian packages${as_root:+ with sudo}: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -qq &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt-get failed; its whole output is in $log" >&2
    return 1
  fi
  rm -f "$log"
}
