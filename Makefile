# `make` alone lists the words.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
TEST   ?=
# A process a core, at most four: each holds a torch of its own. Tests of one file share what they set up.
SIDE_BY_SIDE ?= -n auto --maxprocesses 4 --dist loadfile
TRAIN  ?=
HOST   ?= 127.0.0.1
PORT   ?= 7860

.DEFAULT_GOAL := help
.PHONY: help run test quick lint fix docs bench check audit demo house-model clean

help:            ## list these words
	@sed -n 's/^\([a-z-]*\): *.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: $(READY)    ## set up on first use, then open the web app at http://127.0.0.1:7860
	$(BIN)/genzu serve --host $(HOST) --port $(PORT)

test: $(READY)   ## set up on first use, then run every test
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(TEST)

quick: $(READY)  ## only the tests that take seconds
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not slow and not browser" $(TEST)

lint: $(READY)   ## style, types, import rules, printed docs up to date
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.printed --check

fix: $(READY)    ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)   ## print the reference again from the program, and build the site into build/site
	$(BIN)/python -m docs.printed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(READY)  ## measure what the record costs beside the painting
	$(BIN)/python -m bench

demo: $(READY)   ## the film's way end to end: layout, two passes, a revision by hand
	$(BIN)/genzu demo

check: lint test ## what CI runs, but for the audit

audit: $(READY)  ## ask a vulnerability database about every pinned package (needs a network)
	$(BIN)/python requirements/audit.py

house-model: $(READY) ## train the embedded model from its pictures (hours; needs npm); TRAIN="--minutes 120 --workers 2"
	$(BIN)/python -m pip install --quiet -e '.[house]'
	$(BIN)/python -m generation.house.training all $(TRAIN)

clean:           ## remove the virtual environment and the caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Pinned versions first, then the project itself over them.
$(READY): requirements/locked.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] < (3, 14) else "Genzu needs Python 3.11 to 3.13, this is %d.%d: make PYTHON=python3.12 ..." % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements/locked.txt
	$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $(READY)
