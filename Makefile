SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build page vendor test tested soak bench fuzz lint vuln validate tidy clean

FUNCTIONS := $(notdir $(wildcard functions/*))
TOOL      := go tool -modfile=.ci/tools/go.mod
FUZZTIME  := 10s

# The longest time for the tests of one package. On two idle cores most take less than 90 seconds.
TEST_TIMEOUT := 15m

# The only way to build a release: `make build`, SAM and the tests of the binaries use it. Equal sources give equal bytes from any folder,
# so unchanged code is not deployed again.
TARGET_OS   := linux
TARGET_ARCH := arm64
TARGET      := CGO_ENABLED=0 GOOS=$(TARGET_OS) GOARCH=$(TARGET_ARCH)
RELEASE      = $(TARGET) go build -trimpath -buildvcs=false -tags lambda.norpc -ldflags='-s -w -buildid= $(call stamp,$(TARGET),$(1))' -o $(2) $(1)

# The second part of a program's version: a fingerprint of its own sources. Equal sources give equal bytes.
FILES = {{if and .Module .Module.Main}}{{range .GoFiles}}{{$$.Dir}}/{{.}} {{end}}{{range .EmbedFiles}}{{$$.Dir}}/{{.}} {{end}}{{end}}
stamp = -X cloudmonitor.ai/copilot-connector/internal/platform.sources=$(shell cat go.sum $$($(1) go list -deps -f '$(FILES)' $(2)) | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c 1-12)

# A step that cannot run prints its name. With CI=true this is a failure.
skip = { echo "skipped: $(1)" >&2; [ "$${CI:-}" != true ]; }

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

run: ## the page and the Admin API on loopback with a simulated GitHub inside; it prints what to try
	@go build -ldflags='$(call stamp,,./internal/local)' -o build/local ./internal/local
	@build/local

build: $(FUNCTIONS:%=build/%/bootstrap) ## every function for Lambda, with its size
	@for f in $^; do printf '%s\t%s bytes, %s zipped\n' "$$f" "$$(wc -c <"$$f" | tr -d ' ')" "$$(gzip -9 -c "$$f" | wc -c | tr -d ' ')"; done | expand -t 32

build/%/bootstrap: FORCE
	@$(call RELEASE,./functions/$*,$@)

# SAM calls this with the logical id of the template: VerifyFunction lives in functions/verify.
build-%Function: FORCE
	$(call RELEASE,./functions/$(shell echo $* | tr '[:upper:]' '[:lower:]'),"$(ARTIFACTS_DIR)/bootstrap")

# The smallest possible Lambda, built with the same flags. `make bench` compares the functions with it.
build-Hello: FORCE
	$(call RELEASE,./internal/lambdatest/testdata/hello,"$(ARTIFACTS_DIR)/bootstrap")

FORCE:

page: ## the page anew from internal/page/src; where Node is, its types from openapi.yaml, and its sources formatted
	@.ci/page-types write
	go generate ./internal/page

vendor: ## what internal/page/third_party.txt lists, by npm
	@.ci/page-vendor

# The race detector makes tests take many times as long, and everything must be built for it a second time. So it watches only
# packages that start goroutines or share something between them (internal/architecture_test.go holds that none is missing). Long
# stories that repeat what shorter tests do with it are in files that begin with `//go:build !race`. They run without it, and only they.
RACED := adminapi collect edge github github/apptoken local notify queue/inprocess queue/sqs remind spend store store/dynamo \
	usage vault vault/files verify
LONG := adminapi collect local spend store store/dynamo usage verify
STORIES = $(shell grep -lx '//go:build !race' $(LONG:%=internal/%/*_test.go) | xargs sed -nE 's/^func ((Test|Fuzz|Example)[[:alnum:]_]*).*/\1/p' | paste -sd '|' -)

# What takes longest starts first, so that no processor is idle in the end.
SLOW       := page collect adminapi lambdatest store/dynamo store deployed
slow_first  = $(filter $(SLOW),$(1)) $(filter-out $(SLOW),$(1))

# The flags of a release, so that the tests and the releases that they run share what is compiled, and so do other clones.
test soak: export GOFLAGS := $(shell go env GOFLAGS) -trimpath -tags=lambda.norpc

test: ## every test, after fetching what stands for AWS; where several goroutines work, with the race detector if there is a C compiler
	@.ci/emulators
	@.ci/chromium
	@CGO_ENABLED=0 go build -o build/testrun ./internal/testrun/host
	@build/testrun $(MAKE) --no-print-directory tested

# What `make test` runs beside the emulators that all packages share. The programs live for seconds, so garbage is rarely
# collected. `make lint` vets.
tested:
	@race=; stories='^$$'; \
	if [ "$$(go env CGO_ENABLED)" = 1 ] && command -v $$(go env CC | cut -d" " -f1) >/dev/null; then race=-race; stories='^($(STORIES))$$'; \
	else $(call skip,the race detector: it needs cgo and a C compiler); fi; \
	unraced=$$(go list $(SLOW:%=./internal/%) ./... | grep -vxF "$$(go list $(RACED:%=./internal/%))"); \
	export GOGC=400; \
	{ failed=0; CGO_ENABLED=0 go test -json -vet=off -timeout $(TEST_TIMEOUT) $$unraced || failed=1; \
	CGO_ENABLED=0 go test -json -vet=off -timeout $(TEST_TIMEOUT) -run "$$stories" $(patsubst %,./internal/%,$(call slow_first,$(LONG))) || failed=1; \
	go test -json -vet=off -timeout $(TEST_TIMEOUT) $$race $(patsubst %,./internal/%,$(call slow_first,$(RACED))) || failed=1; exit $$failed; } | \
	CGO_ENABLED=0 go run ./internal/testlog $(if $(filter true,$(CI)),-strict)

soak: ## 400 days of five connectors with troubles of every kind, which takes minutes
	CGO_ENABLED=0 go test -timeout $(TEST_TIMEOUT) -count=1 -v ./internal/soak -args -days=400 -connectors=5

bench: ## the benchmarks, without the tests
	go test -run='^$$' -bench=. -benchmem ./...

fuzz: ## each fuzz test for FUZZTIME (10s)
	@grep -rEo --include='*_test.go' '^func Fuzz[[:alnum:]_]+' functions internal | sed -E 's|/[^/]*:func | |' | while read -r dir name; do \
	go test -run='^$$' -fuzz="^$$name$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=100x "./$$dir" </dev/null; done

lint: ## formatting, static analysis, module files
	go mod tidy -diff
	go -C .ci/tools mod tidy -diff
	go vet ./...
	@mkdir -p build
	@grep -rlx --include='*_test.go' '//go:build !race' internal | sed 's/.*/"&":""/' | paste -sd, | sed 's/.*/{"Replace":{&}}/' >build/raced.json
	go vet -overlay=build/raced.json $(LONG:%=./internal/%) # what the race detector sees must compile without the long stories
	$(TOOL) golangci-lint run
	@.ci/page-types

# Fetched in this version only when it is called, because no build needs it.
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
GOVULNDB    ?= https://vuln.go.dev

vuln: ## whether what we call has known vulnerabilities, by govulncheck, where its database can be reached
	@if curl --fail --silent --location --head --max-time 30 --output /dev/null $(GOVULNDB)/index/db.json; then \
	go run $(GOVULNCHECK) -db $(GOVULNDB) ./...; \
	else $(call skip,the search for known vulnerabilities: $(GOVULNDB) cannot be reached); fi

validate: ## the template: cfn-lint, sam validate, sam build, equal bytes from two folders, its deployment to moto
	@if python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then .ci/validate; \
	else $(call skip,the checks of template.yaml: they need Python 3.11 or newer with venv); fi

tidy: ## formats the code and tidies the module files
	go mod tidy
	go -C .ci/tools mod tidy
	$(TOOL) golangci-lint fmt

clean: ## removes what was built and fetched here
	rm -rf build .aws-sam .cache
