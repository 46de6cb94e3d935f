# `make demo` and `make test` are the whole set-up on a fresh machine: each makes .venv by itself.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check quick read compiled docs site bench bench-inspection simulation-study truths sbom audit lock release spark other carried clean

PYTHON := .venv/bin/python
LOCK := uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --quiet
# To import every file of tests takes longer than the quick tests: only the files that hold the marker are opened.
QUICK_FILES = $$(grep -rlF --include='test_*.py' pytest.mark.quick tests)
STARTED := $(shell date +%s)
PRINT_WALL_CLOCK = @seconds=$$(( $$(date +%s) - $(STARTED) )); \
	echo "make $@: $$(( seconds / 60 )) min $$(( seconds % 60 )) s by the clock"
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
# Every process that the tests start would else compile the code anew where the machine is told to keep none compiled.
export PYTHONDONTWRITEBYTECODE :=

help: ## Say what can be made (this list)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.assay-dev ## Make the environment for work on the code

demo: .venv/.assay-run ## Inspect seven synthetic forces, from their returns to the report; says which page to open
	@echo "Inspecting seven synthetic forces: 3 to 7 minutes on two free processors. The last lines name the page to open."
	.venv/bin/assay demo --out demo

# Three processes for two processors: one of them waits for a browser, a disk or another process as a rule.
test: .venv/.assay-dev $(if $(filter all,$(ASSAY_REQUIRE)),.venv/.assay-spark) ## Check the code, run every suite this machine can run, and say which were left out and why
	@$(MAKE) --no-print-directory -j3 read compiled $(if $(filter all,$(ASSAY_REQUIRE)),other)
	$(PYTHON) -m pytest -n 3
	$(PRINT_WALL_CLOCK)

check: .venv/.assay-dev ## For every day: style, types, and beside them the tests marked quick (under 60 seconds)
	@$(MAKE) --no-print-directory --output-sync=target -j2 read quick
	$(PRINT_WALL_CLOCK)

quick: .venv/.assay-dev ## Run the tests marked quick, in one process
	$(PYTHON) -m pytest -m quick $(QUICK_FILES)

read: .venv/.assay-dev ## Read the code with ruff (style, layout) and mypy (types), and run nothing
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check --quiet .
	$(PYTHON) -m mypy

# Pytest rewrites each file of tests before it runs it, which takes longer than to import all that they need. Done here,
# beside mypy, it is done once; else each of the processes of `make test` does it for itself. What fails is said by them.
compiled: .venv/.assay-dev ## Compile the tests and the code that they import, once for all processes
	@$(PYTHON) -m pytest --collect-only -qq >/dev/null 2>&1 || true

site: .venv/.assay-docs ## Build the manual as a site, every link of it checked
	$(PYTHON) scripts/docs_site.py site

docs: .venv/.assay-docs ## Write the reference pages again, build the manual as a site, and run every block of code in it
	$(PYTHON) scripts/readers.py
	$(PYTHON) scripts/reference_pages.py
	$(PYTHON) scripts/docs_site.py site
	$(PYTHON) -m pytest tests/test_docs.py

bench: .venv/.assay-dev ## Run the benchmarks and print their ratios (minutes)
	@for each in $(filter-out benchmarks/simulation_study.py benchmarks/attack.py benchmarks/multiple_systems_coverage.py benchmarks/interrupted_runs.py benchmarks/fuzz.py benchmarks/table_subsets.py benchmarks/inspection.py benchmarks/disclosure_peers.py,$(wildcard benchmarks/*.py)); do echo "== $$each"; $(PYTHON) $$each; done

bench-inspection: .venv/.assay-dev ## Run the whole inspection at SCALES="0.01 0.1 1", stage by stage, beside plain alternatives (hours; KEEP=FILE goes on)
	$(PYTHON) benchmarks/inspection.py --scales $(or $(SCALES),0.01 0.1 1) --keep $(or $(KEEP),inspection-scales.json)

simulation-study: .venv/.assay-dev ## Measure how many injected failings the inspection finds, beside three other methods (QUICK=1: under a minute)
	$(PYTHON) benchmarks/simulation_study.py

truths: simulation-study ## Earlier name of simulation-study

sbom: .venv/.assay-run ## Write what the program is made of, with licences and hashes (CycloneDX), to bill-of-materials.json
	$(PYTHON) scripts/bill_of_materials.py run > bill-of-materials.json

audit: .venv/.assay-dev ## Ask a public register whether a weakness is known of any package that is pinned
	scripts/audit.sh

lock: .venv/.assay-dev ## Choose the newest versions again and write requirements/*.txt (needs uv)
	$(LOCK) --upgrade pyproject.toml requirements/build.in --extra workbench --output-file requirements/run.txt
	$(LOCK) pyproject.toml requirements/build.in --extra dev --constraints requirements/run.txt \
		--output-file requirements/dev.txt
	$(LOCK) pyproject.toml requirements/build.in --extra dev --extra spark --constraints requirements/dev.txt \
		--output-file requirements/spark.txt
	$(LOCK) pyproject.toml requirements/build.in --extra workbench --extra postgresql --constraints requirements/dev.txt \
		--output-file requirements/server.txt
	$(LOCK) requirements/docs.in --constraints requirements/dev.txt --output-file requirements/docs.txt

release: .venv/.assay-run ## Build wheel and source archive twice into dist/, and stop unless both builds are equal
	scripts/build_release.sh dist

spark: .venv/.assay-spark ## Add Spark to the environment (400 MB; Java 17 is needed), for the suite that compares the engines

other: .venv/.assay-dev ## Make a second environment with another Python of this machine, if there is one, to compare the two
	@[ -x .venv-other/bin/python ] || scripts/environment.sh other

carried: .venv/.assay-run ## Make the carried figures again from the official files in ASSAY_REFERENCE
	$(PYTHON) scripts/carried.py "$${ASSAY_REFERENCE:?name the folder that holds the official files}"

clean: ## Remove the environment, caches and the demo
	rm -rf .venv .venv-other demo demo-sent site dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/.assay-run: requirements/run.txt pyproject.toml scripts/environment.sh
	@scripts/environment.sh run

.venv/.assay-dev: requirements/dev.txt pyproject.toml scripts/environment.sh
	@scripts/environment.sh dev

.venv/.assay-docs: requirements/docs.txt .venv/.assay-dev
	@scripts/environment.sh docs

.venv/.assay-spark: requirements/spark.txt .venv/.assay-dev
	@scripts/environment.sh spark
