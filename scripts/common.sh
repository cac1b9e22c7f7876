# Shared by scripts/run and scripts/test: where the project is, what it needs, how it is built.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[1]}")/.." && pwd)"
cd "$root"

build_packages="g++ cmake ninja-build pkg-config git ccache juce-modules-source libasound2-dev libjack-jackd2-dev
  libfreetype-dev libx11-dev libxext-dev libxinerama-dev libxrandr-dev libxcursor-dev libflac-dev libvorbis-dev libpng-dev
  libjpeg-dev zlib1g-dev libmd-dev libxxhash-dev libsndfile1-dev libfftw3-dev nlohmann-json3-dev libtag1-dev libhwy-dev libsoxr-dev
  libcli11-dev libarchive-dev catch2 libebur128-dev fonts-inter"
test_packages="clang clang-format libbenchmark-dev xvfb xauth openbox xdotool x11-utils jackd2 libasound2-plugins
  ffmpeg sox libsox-fmt-all flac python3 python3-numpy python3-scipy"

say() { printf '\033[1m== %s\033[0m\n' "$*"; }

# Installs what is missing of the packages named; does nothing, and asks for nothing, when all are there.
need() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing and only root can install them: ${missing[*]}" >&2; exit 3; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Compiled objects are kept in ccache's own folder: a second build, in any folder, takes seconds.
export CCACHE_BASEDIR="$root" CCACHE_SLOPPINESS=time_macros,pch_defines CCACHE_COMPRESS=1

# build PRESET [TARGET...]: configures and builds, with ninja's progress line.
build() {
  local preset="$1"; shift
  say "Configuring ($preset)"
  cmake --preset "$preset" >"$root/build/configure-$preset.log" 2>&1 || { cat "$root/build/configure-$preset.log"; exit 1; }
  say "Building ($preset)"
  cmake --build --preset "$preset" -j "$(nproc)" ${1+--target "$@"}
}
mkdir -p "$root/build"
