# Where the tools are, and how Cargo makes one. For scripts to `source`, from the project's folder.

tools=${NAMEPLATE_TOOLS:-$HOME/.cache/nameplate}
logs=target/setup
mkdir -p "$tools/bin" "$logs"
export PATH="$tools/bin:$PATH"

# `cargo install` in a build folder of its own, unoptimised: the tools run for seconds, optimising them takes minutes.
install_tool() { # NAME VERSION [FLAG...]
  local name=$1 version=$2
  shift 2
  [ -x "$tools/bin/$name" ] && "$tools/bin/$name" --version | grep -qF " $version" && return
  local crate=$name
  [ "$name" = wasm-bindgen ] && crate=wasm-bindgen-cli
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$PWD/$logs/tools" \
    cargo install "$crate" --version "=$version" --root "$tools" --force "$@"
}
