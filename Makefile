# Everything a person does with this project: `make help`.
# Needs make, /bin/sh and Python 3.11 or later; the rest is installed into .venv here.

PORT ?= 8000
WORKERS ?= 2
PYTHON ?= python3
# Where the browser tests find their browser.
CHROMIUM ?= /usr/bin/chromium
export CHROMIUM

PY = .venv/bin/python

.PHONY: help run setup demo test check bench lock format install-runtime install-dev install-system

help:
	@echo "make run     set everything up and serve on http://127.0.0.1:$(PORT) (another port: make run PORT=8080)"
	@echo "make setup   the same without serving"
	@echo "make demo    one user for each role of the content, with new passwords, for a try-out"
	@echo "make test    the whole test suite on SQLite, then every database test again on PostgreSQL"
	@echo "make check   format, lint, types, import directions, missing migrations, templates"
	@echo "make bench   the measured figures"
	@echo "make format  put Python and templates into the agreed format"
	@echo "make lock    write requirements*.txt anew (newer versions: make lock UPGRADE=--upgrade)"

run: setup
	@echo "Serving on http://127.0.0.1:$(PORT) - stop with Ctrl-C"
	@exec $(PY) -m gunicorn --bind 127.0.0.1:$(PORT) --workers $(WORKERS) --log-level warning config.wsgi

setup: install-runtime
	@echo "Bringing the database up to date"
	@$(PY) manage.py migrate --verbosity 0
	@echo "Loading the shipped content (never over an edit)"
	@$(PY) manage.py load_shipped_content
	@$(PY) manage.py set_up_roles
	@echo "Collecting style sheets and scripts"
	@$(PY) manage.py collectstatic --no-input --verbosity 0

demo: setup
	@$(PY) manage.py make_demo_users

# The last line of output is pytest's own.
test: install-dev install-system
	@echo "Tests, all of them, on SQLite"
	@unset DATABASE_URL; $(PY) -m pytest $(ARGS)
	@echo "Tests that touch the database, again on PostgreSQL"
	@$(PY) -m tests.postgres $(PY) -m pytest --only-database $(ARGS)

check: install-dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	find templates dosing -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +

format: install-dev
	$(PY) -m ruff check --fix --exit-zero --quiet .
	$(PY) -m ruff format .
	-find templates dosing -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

bench: setup install-dev
	@$(PY) -m benchmarks

# --universal: one lock for every platform and Python from 3.11 on. No index address is written into it.
COMPILE = .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

lock: install-dev
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

install-runtime:
	@$(PYTHON) tools/install.py requirements.txt

install-dev:
	@$(PYTHON) tools/install.py requirements-dev.txt

# What no Python package carries: the browser, the reader that turns printed pages into pictures, and
# the libraries that set type for PDF (the last of them only makes it faster).
PACKAGES = chromium poppler-utils libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
install-system:
	@if [ -x "$(CHROMIUM)" ] && command -v pdftoppm >/dev/null && \
		$(PY) -W error::DeprecationWarning -c "import weasyprint" >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing with apt-get: $(PACKAGES)"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; \
	else \
		echo "The tests need Chromium at $(CHROMIUM), pdftoppm, and Pango and HarfBuzz for PDF."; \
		echo "Debian, Ubuntu: sudo apt-get install $(PACKAGES)"; \
		echo "Elsewhere: install Chromium, poppler, Pango and HarfBuzz, then: make test CHROMIUM=/path/to/chromium"; \
		exit 1; \
	fi
