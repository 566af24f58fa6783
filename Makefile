# The front door. Every target prepares what it needs; `make` alone lists them.
VENV ?= .venv
OUT ?= out
# More arguments for pytest: make test ARGS="tests/unit -x"
ARGS ?=
# Two workers suit a small machine; one file stays on one worker, so module fixtures are built once. WORKERS=0 turns it off.
WORKERS ?= 2

BIN := $(VENV)/bin
GATES := tests/unit/test_shape.py tests/unit/test_house.py tests/unit/test_rules.py tests/unit/test_text.py
export VENV

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run demo test check check-format check-lint check-types check-contracts check-house check-texts bench package docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## system packages and a virtual environment, enough to run LabDesk
	@tools/setup.sh run

setup-test:
	@tools/setup.sh test

run: setup ## the desktop
	@$(BIN)/labdesk

demo: setup ## the whole main job with simulated machines; papers, pictures and summary.json in out/
	@$(BIN)/labdesk demo --out $(OUT)

test: setup-test ## all tests (throw-away PostgreSQL and virtual screens included)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: check-format check-lint check-types check-contracts check-house check-texts ## format, lint, types, import contracts, shape, translations

check-format: setup-test
	@$(BIN)/ruff format --check .

check-lint: setup-test
	@$(BIN)/ruff check .

check-types: setup-test
	@$(BIN)/mypy

check-contracts: setup-test
	@$(BIN)/lint-imports

check-house: setup-test
	@$(BIN)/python -m pytest $(GATES)

check-texts: setup-test
	@if [ -f tools/i18n.py ]; then $(BIN)/python tools/i18n.py check; else echo "tools/i18n.py is missing: translations were not checked."; fi

bench: setup-test ## every figure we claim, measured here (FULL=1: in the sizes the goals speak of)
	@$(BIN)/python -m benchmarks $(if $(FULL),--full)

package: ## a wheel in dist/ (installers for Windows and Debian do not exist yet)
	@tools/setup.sh package
	@echo "dist/ holds the wheel. Installers for Windows and Debian are not made yet: see installer/README.md."

docs: setup-test ## regenerate the table of rules and tests
	@$(BIN)/python tools/rules_table.py --write

clean: ## remove what was built or cached; never data, never the virtual environment
	@rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find labdesk drivers resources tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
