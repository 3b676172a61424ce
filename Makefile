# fer_ros without a ROS installation: a virtual environment is the ROS prefix.
# `make demo` shows the whole graph on real frames, `make test` proves it.

VENV   ?= .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check

# A folder of shared models and datasets beside the checkout is used where there is one.
export FER_ROS_MODEL_PATH ?= $(wildcard $(CURDIR)/../shared/models)
export FER_ROS_DATA_PATH  ?= $(wildcard $(CURDIR)/../shared/data)
# Nothing leaves this machine unless somebody says so.
export ROS_AUTOMATIC_DISCOVERY_RANGE ?= LOCALHOST

.PHONY: demo test lint bench bench-switch docs build dev clean help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

DEMO_SOURCE = $(if $(VIDEO),--source video --input "$(VIDEO)" --camera.loop true)\
  $(if $(CAMERA),--source device --input "$(CAMERA)")\
  $(if $(BAG),--source bag --input "$(BAG)" --camera.loop true)

# --- what it does -----------------------------------------------------------------------------

demo: build $(VENV)/.models ## run the whole graph for about 20 s (VIDEO=clip.mp4, CAMERA=0 or BAG=dir for other input)
	@$(BIN)/fer_ros run --duration 20 --profile wifi --cut-link 9 4 $(DEMO_SOURCE)

# What needs no ROS is shared among the cores; nodes mostly wait for each other, two tests at a time.
WITH_ROS = test/nodes test/launch

test: dev lint ## every check and test
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile $(WITH_ROS:%=--ignore %)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(WITH_ROS)

lint: dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: dev ## every figure of the README; results in benchmarks/
	$(BIN)/python -m benchmarks.run

bench-switch: dev ## the switch under 1,000 simulated faults (REAL=1: under 100 real ones; SEED=, FAULTS=)
	@$(BIN)/python -m benchmarks.switch $(if $(REAL),--real) $(if $(SEED),--seed $(SEED)) $(if $(FAULTS),--faults $(FAULTS))

docs: build $(VENV)/.docs ## the documentation as a site: build/docs/index.html
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

build: $(VENV)/.built ## the environment and the generated interfaces

dev: build $(VENV)/.dev $(VENV)/.docs

clean: ## remove everything that was made
	rm -rf $(VENV) build log install *.egg-info

# --- how it is made ---------------------------------------------------------------------------

$(VENV)/.installed: requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "fer_ros needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@command -v c++ > /dev/null || { \
	  echo "fer_ros needs a C++ compiler for its ROS interfaces; on Debian or Ubuntu: apt install g++"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "the venv module is missing; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "installing ROS 2 Jazzy and the run-time packages (once, about a minute)"
	@$(PIP) install -q --no-deps -r requirements/run.txt
	@# "compat" puts the checkout on the path: the finder of the other mode would come after the
	@# generated folder and never run the package's own __init__.
	@$(PIP) install -q --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@$(BIN)/python scripts/relocate_wheels.py
	@touch $@

# Once, and only if it answers at once: without these models the demo runs on haar.
$(VENV)/.models: $(VENV)/.built
	@$(BIN)/fer_ros models fetch --optional --timeout 5
	@touch $@

INTERFACES := $(wildcard msg/*.msg srv/*.srv) CMakeLists.txt package.xml

$(VENV)/.built: $(VENV)/.installed $(INTERFACES)
	@echo "building the ROS interfaces"
	@AMENT_PREFIX_PATH=$(CURDIR)/$(VENV) CMAKE_PREFIX_PATH=$(CURDIR)/$(VENV) PATH=$(CURDIR)/$(BIN):$$PATH \
	  $(BIN)/colcon --log-base build/log build --merge-install --symlink-install \
	  --install-base $(VENV) --build-base build --event-handlers console_direct- \
	  --cmake-args -DPython3_EXECUTABLE=$(CURDIR)/$(BIN)/python -DINSTALL_MODULES=OFF > build.log 2>&1 \
	  || { cat build.log; exit 1; }
	@rm build.log
	@# Without it the generated folder is only a portion of the package, which is the checkout's.
	@rm -f $(VENV)/lib/python3*/site-packages/fer_ros/__init__.py
	@touch $@

$(VENV)/.dev: $(VENV)/.installed requirements/dev.txt requirements/train.txt
	@echo "installing what the tests need (once)"
	@$(PIP) install -q --no-deps -r requirements/dev.txt
	@$(PIP) install -q -r requirements/train.txt
	@touch $@

$(VENV)/.docs: $(VENV)/.installed requirements/docs.txt
	@$(PIP) install -q --no-deps -r requirements/docs.txt
	@touch $@
