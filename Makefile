# Two commands, each on a fresh clone: `make media` and `make test`. `make` alone prints what there is.
# Written for the oldest make in use (3.81) and for sh.

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
STAMP := .venv/installed

# torch has a step of its own: its build (CPU, CUDA, ROCm) is each machine's choice. TORCH is handed
# to `pip install` as it stands; the stamp keeps it, so that a choice made once holds for later makes.
TORCH_DEFAULT := torch==2.13.0
INSTALLED := $(strip $(shell cat $(STAMP) 2>/dev/null))
CHOSEN := $(if $(filter undefined,$(origin TORCH)),$(INSTALLED),$(strip $(TORCH)))

.DEFAULT_GOAL := help
.PHONY: help media showcase test bench chaos lint setup lock bundle browser clean system FORCE

# What README opens with: committed, so 5 MB in all at most (a test says so).
SHOWCASE := media/showcase
SHOWCASE_FILM := descent_one_parameter
SHOWCASE_FIGURES := loss_surface network_parameters optimizer_race xor_boundary

help:
	@echo "make media   set up, then train and render everything into media/ (only what is out of date)"
	@echo "make showcase  draw anew what README opens with, into media/showcase/"
	@echo "make test    set up, then lint, types and tests"
	@echo "make bench   set up, then measure speed against the peers (about ten minutes; nothing else running)"
	@echo "make chaos   set up, then kill, damage, crowd and fill up, and count what is lost (half an hour)"
	@echo "make lint    ruff and mypy alone"
	@echo "make setup   system libraries, .venv and the packages of requirements.lock, nothing more"
	@echo "make lock    write requirements.lock anew from pyproject.toml (needs uv; UPGRADE=1: newest versions)"
	@echo "make bundle  bundle the scripts of the pages anew (needs node and npm)"
	@echo "make clean   remove .venv and the tools' caches; media/ stays (teachnet clean looks after it)"
	@echo
	@echo "PYTHON=python3.12   the Python that .venv is made with, 3.11 or newer (now: $(PYTHON))"
	@echo "TORCH='...'         what pip installs as torch (now: $(or $(CHOSEN),$(TORCH_DEFAULT))); say a version,"
	@echo "                    a file, or an index of other builds: TORCH='torch==2.13.0 --index-url ...'"
	@echo
	@echo "Afterwards: .venv/bin/teachnet --help"

media: $(STAMP)
	.venv/bin/teachnet all

showcase: $(STAMP)
	rm -f $(SHOWCASE)/*
	.venv/bin/teachnet render $(SHOWCASE_FILM) --only animation --format gif --theme both --size 720 --max-bytes 1600kB --to $(SHOWCASE)
	.venv/bin/teachnet render $(SHOWCASE_FIGURES) --only figure --format png --theme both --size 960 --to $(SHOWCASE)
	.venv/bin/teachnet embed README.md --flavour github --from $(SHOWCASE)

test: $(STAMP) browser
	$(PY) -m pytest -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

bench: $(STAMP)
	$(PY) -m pipeline.bench $(GROUP)

chaos: $(STAMP)
	$(PY) -m tests.chaos $(SECONDS) $(ROUNDS)

lint: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m mypy

setup: $(STAMP)
	@echo "ready: .venv/bin/teachnet --help"

# Anew too where .venv was made for another folder (a moved clone) or for another torch.
ifeq ($(shell grep -F '$(CURDIR)/.venv' .venv/bin/activate 2>/dev/null),)
$(STAMP): FORCE
endif
ifneq ($(CHOSEN),$(INSTALLED))
$(STAMP): FORCE
endif
$(STAMP): requirements.lock requirements-nodeps.lock pyproject.toml Makefile
	@$(MAKE) --no-print-directory system
	@grep -qsF '$(CURDIR)/.venv' .venv/bin/activate && $(PY) -m pip --version >/dev/null 2>&1 \
	  || { echo "making .venv"; $(PYTHON) -m venv --clear .venv; }
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --require-hashes --no-deps -r requirements-nodeps.lock
	$(PIP) install $(or $(CHOSEN),$(TORCH_DEFAULT))
	$(PIP) install --no-deps --no-build-isolation -e .
	@echo '$(CHOSEN)' > $@

# What pip cannot bring: cairo and pango with headers (pycairo and manimpango compile against them),
# and on Debian the parts that its Python leaves out.
system:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  version=`$(PYTHON) --version 2>&1` || version='not on this machine'; \
	  echo "teachnet needs Python 3.11 or newer, and $(PYTHON) is $$version. Name another: make PYTHON=python3.12 ..."; \
	  exit 1; }
	@python=python`$(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'`; need=; \
	pkg-config --exists cairo pangocairo 2>/dev/null || need="libcairo2-dev libpango1.0-dev pkg-config"; \
	command -v cc >/dev/null || need="$$need gcc libc6-dev"; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || need="$$need $$python-venv"; \
	$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_config_var("INCLUDEPY"), "Python.h")))' \
	  || need="$$need $$python-dev"; \
	test -n "$$need" || exit 0; \
	if test "`id -u`" = 0; then as=env; elif sudo -n true 2>/dev/null; then as='sudo -n env'; else as=; fi; \
	if test -n "$$as" && command -v apt-get >/dev/null; then \
	  echo "installing what the system lacks: $$need"; \
	  $$as DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -q && apt-get install -q -y --no-install-recommends $$need" && exit 0; \
	fi; \
	echo "teachnet needs cairo and pango with their headers, pkg-config, a C compiler, and Python's headers and venv;"; \
	echo "something of that is missing here. Run the line for this system, then make again:"; \
	echo "  Debian, Ubuntu:  sudo apt-get install -y `echo $$need`"; \
	echo "  Fedora:          sudo dnf install -y cairo-devel pango-devel pkgconf-pkg-config gcc python3-devel"; \
	echo "  macOS:           brew install cairo pango pkgconf"; \
	exit 1

# Pages are tested in a browser. Without one those tests are skipped, so this never fails.
browser:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0; \
	if test "`id -u`" = 0; then as=env; elif sudo -n true 2>/dev/null; then as='sudo -n env'; else as=; fi; \
	test -n "$$as" && command -v apt-get >/dev/null \
	  && $$as DEBIAN_FRONTEND=noninteractive sh -c \
	    "apt-get update -q && apt-get install -q -y --no-install-recommends chromium chromium-driver" \
	  || echo "no chromium and chromedriver here: tests of pages are skipped"

# In a folder of its own, so that nothing of node lies beside the sources.
bundle:
	mkdir -p build/page
	cp figures/page/package.json figures/page/package-lock.json figures/page/build.mjs build/page/
	cd build/page && npm ci --ignore-scripts --omit-lockfile-registry-resolved
	node build/page/build.mjs figures/page $(or $(TO),figures/page/dist)

lock:
	uv pip compile pyproject.toml --extra hub --extra test --extra bench --group torch --universal --fork-strategy fewest \
	  --generate-hashes --no-emit-package torch --no-annotate $(if $(UPGRADE),--upgrade) \
	  --custom-compile-command 'make lock' --output-file requirements.lock

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './media/*' -prune -exec rm -rf {} +
