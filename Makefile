# Two commands: `make lab` opens the course, `make test` proves it. `make help` lists the rest.
# Plain POSIX make. PYTHON=... chooses the interpreter for .venv.

BIN = .venv/bin

help:
	@echo 'make lab     make .venv, install the course, open it in JupyterLab'
	@echo 'make test    run every test: style, types, units, notebooks, browser'
	@echo 'make build   build the notebooks from source/'
	@echo 'make lesson N=03  build lesson 03 alone, and test it'
	@echo 'make site    build the course as web pages into site/'
	@echo 'make format  put the code into the common style'
	@echo 'make clean   remove what can be made again; your workspace stays'

lab:
	@PYTHON='$(PYTHON)' sh .ci/environment lab
	@$(BIN)/python -m coursekit lab

test:
	@PYTHON='$(PYTHON)' sh .ci/environment dev
	@$(BIN)/python tests/everything.py

build:
	@PYTHON='$(PYTHON)' sh .ci/environment dev
	@$(BIN)/python -m coursekit.course.build

lesson:
	@PYTHON='$(PYTHON)' sh .ci/environment dev
	@$(BIN)/python tests/lesson.py $(N)

site:
	@PYTHON='$(PYTHON)' sh .ci/environment dev
	@$(BIN)/python -m coursekit site --out site

format:
	@PYTHON='$(PYTHON)' sh .ci/environment dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	rm -rf .venv build dist evidence site .hypothesis .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help lab test build lesson site format clean
