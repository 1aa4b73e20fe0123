# Everything this project can do on a fresh Debian 12 machine that has Swift, git and apt.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BUILD := swift build --disable-automatic-resolution
ifeq ($(wildcard Package.resolved),)
BUILD := swift build
endif
PREFIX ?= /usr/local

.PHONY: help
help: ## List what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: setup
setup: ## Install the Debian packages that building and testing need
	@scripts/install-packages build

.PHONY: setup-test
setup-test: setup
	@scripts/install-packages test

.PHONY: demo
demo: setup ## Build, start a throw-away service and two registries, store, prove and use credentials, scan an image, look for the secrets
	@scripts/install-packages demo
	swift build --product pratique
	swift build --product stub-registries
	@scripts/demo

.PHONY: run
run: setup ## Build and run the service in ./.pratique
	swift build --product pratique
	.build/debug/pratique serve --data-directory .pratique

.PHONY: test
test: setup-test ## Build and run every test
	swift build --build-tests
	scripts/test
	scripts/fuzz
	scripts/report-schemas
	scripts/schemathesis

.PHONY: fuzz
fuzz: setup-test ## Run libFuzzer over every reader of foreign bytes (ten minutes; PRATIQUE_FUZZ_SECONDS for each of 14)
	scripts/libfuzzer

.PHONY: bench
bench: setup ## Measure against OpenBao and against the ceilings and `inspect` against Trivy and Syft (takes half an hour, the first time longer)
	@scripts/install-packages bench
	swift build -c release --static-swift-stdlib --product pratique
	swift build -c release --static-swift-stdlib --product ceilings
	swift build -c release --static-swift-stdlib --product stub-registries
	swift build -c release --static-swift-stdlib --product seed-scans
	Benchmarks/run
	Benchmarks/inspect
	Benchmarks/scans

.PHONY: lint
lint: ## Check formatting and documentation comments
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz/Harness Benchmarks

.PHONY: format
format: ## Format every file in place
	swift format --in-place --recursive Package.swift Sources Tests Fuzz/Harness Benchmarks

.PHONY: install
install: setup ## Build for release and install to $(PREFIX)/bin
	swift build -c release --static-swift-stdlib --product pratique
	install -D -m 0755 .build/release/pratique $(DESTDIR)$(PREFIX)/bin/pratique

.PHONY: clean
clean: ## Delete what was built
	rm -rf .build .venv .venv-reports
