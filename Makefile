# All that a person must know: `make demo` runs the main job, `make test` passes the tests. `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export NAMEPLATE_TOOLS ?= $(HOME)/.cache/nameplate
export PATH := $(NAMEPLATE_TOOLS)/bin:$(PATH)

RUST_SOURCES := $(shell find src -name '*.rs') Cargo.toml Cargo.lock
WWW_SOURCES := $(shell find www/src www/tag www/edge www/geo www/token www/react www/studio -type f) www/build.mjs www/core-js.mjs www/core-wasm.mjs www/package.json www/package-lock.json
NAMEPLATE := target/release/nameplate
SECONDS_EACH ?= 60

# Announces a step; the runners' own closing lines follow.
say = @printf '\n== %s\n' '$(1)'

.PHONY: help setup build bench demo test test-rust test-wasm test-browser lint test-fallback test-fastly soak fuzz clean

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Install what this machine lacks (Debian 12, apt as root)
	@scripts/setup

build: setup ## Build the program with its browser files: target/release/nameplate
	@$(MAKE) --no-print-directory $(NAMEPLATE)

www/pkg/edge/nameplate_bg.wasm: $(RUST_SOURCES) scripts/wasm
	$(call say,WebAssembly modules)
	scripts/wasm
	@touch $@

www/dist/core.wasm: www/pkg/edge/nameplate_bg.wasm $(WWW_SOURCES) scripts/compress.mjs
	$(call say,browser files)
	cd www && npm run --silent build
	node scripts/compress.mjs
	@touch $@

$(NAMEPLATE): www/dist/core.wasm $(RUST_SOURCES) build.rs
	$(call say,program)
	cargo build --release --locked
	@touch $@

target/site.npb: $(NAMEPLATE) $(shell find data/site -type f)
	$(NAMEPLATE) build data/site -o $@

demo: build ## Compile the sample site, decide for real addresses, and preview it (CI=1: check and end)
	@$(MAKE) --no-print-directory target/site.npb
	@scripts/demo

lint: setup
	$(call say,rustfmt)
	cargo fmt --check
	cargo fmt --check --manifest-path tests/fuzz/Cargo.toml
	cargo fmt --check --manifest-path www/edge/examples/fastly/Cargo.toml
	$(call say,clippy: every feature set that ships)
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --lib --no-default-features -- -D warnings
	cargo clippy --locked --lib --no-default-features --features compiler -- -D warnings
	cargo clippy --locked --lib --no-default-features --features rewrite -- -D warnings
	cargo clippy --locked --lib --no-default-features --features geo -- -D warnings
	$(call say,clippy: WebAssembly)
	scripts/clippy-wasm
	$(call say,TypeScript)
	cd www && npm run --silent typecheck

test-rust: build
	$(call say,Rust tests)
	cargo test --locked
	$(call say,fuzz targets on their seeds)
	@$(MAKE) --no-print-directory target/site.npb
	tests/fuzz/smoke

test-wasm: build
	$(call say,tests of the WebAssembly package in Node)
	@$(MAKE) --no-print-directory target/site.npb
	cd www && npm test --silent

test-browser: build
	$(call say,tests in browsers)
	@$(MAKE) --no-print-directory target/site.npb
	node tests/e2e/run.mjs 'tests/e2e/'*.test.mjs 'tests/e2e/edge/'*.test.mjs 'tests/e2e/tag/'*.test.mjs 'tests/e2e/engines/'*.test.mjs

# One after the other: two cores are busy with each.
test: ## Format, lint, Rust, WebAssembly and browser tests
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-rust
	@$(MAKE) --no-print-directory test-wasm
	@$(MAKE) --no-print-directory test-browser
	$(call say,all tests passed)

test-fallback: setup ## Build the core with Debian's compiler and run the package's tests on it
	@scripts/test-fallback

test-fastly: build ## Run the Fastly example in Viceroy, which the first run compiles (seven minutes on two cores)
	@$(MAKE) --no-print-directory target/site.npb
	@scripts/test-fastly

soak: build ## Call the package ten million times in every way, change a page ten thousand times, and look at the memory; wear out the edge's runtimes and caches (an hour)
	$(call say,soak)
	@$(MAKE) --no-print-directory target/site.npb
	NAMEPLATE_SWAPS=10000 node --test tests/e2e/tag/growth.test.mjs
	NAMEPLATE_PAGES=10000 node --test tests/e2e/edge/endure.test.mjs
	NAMEPLATE_SWAPS=10000 node --test tests/e2e/edge/swap.test.mjs
	NAMEPLATE_REQUESTS=100000 node --test tests/e2e/edge/nginx.test.mjs
	NAMEPLATE_VISITS=1000000 node --test tests/e2e/edge/parity.test.mjs
	cd www && NAMEPLATE_CALLS=10000000 node --expose-gc --test test/growth.test.mjs

fuzz: build ## Fuzz the bundle's gate, the ways to a decision, the rewriter, and what people write: links, texts, conditions (SECONDS_EACH=60)
	@$(MAKE) --no-print-directory target/site.npb
	tests/fuzz/run $(SECONDS_EACH)

bench: build ## Measure us beside our peers, into tests/bench/RESULTS.md (25 minutes; QUICK=1: five, into target/bench)
	$(call say,bench)
	@$(MAKE) --no-print-directory target/site.npb
	tests/bench/run $(if $(QUICK),--quick)

clean: ## Remove what was built; the tools stay
	rm -rf target www/dist www/pkg www/node_modules tests/bench/node_modules
