# Copyright (c) 2026, the nodetcp.paws authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs any Python 3 to begin with; tools/venv.py looks for one that ansible-core runs on.
PYTHON ?= python3
PY := .venv/bin/python

# The tools read and print UTF-8 wherever they are started; nothing here asks a question.
export LC_ALL := C.UTF-8
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export PIP_NO_INPUT := 1
export PYTHON
# Half of the tests' time is waiting. The longest tests stand first, so the order is kept.
AT_ONCE := -n 4 --dist loadgroup --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help venv venv-dev system-packages audit test test-full cores-next bench bench-fleet fleet node.pyz lint types format sanity units ecosystem docs tables screens matrix coverage mutation changelog build release clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z.-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

venv:
	@$(PYTHON) tools/venv.py run

venv-dev:  ## Make .venv with all that tests and tools need
	@$(PYTHON) tools/venv.py dev

system-packages:
	@tools/system_packages.sh

audit: venv  ## Audit this machine: prints the verdict table, writes paws-report/
	.venv/bin/ansible-playbook -i localhost, -c local playbooks/audit.yml

test: venv-dev system-packages  ## Gates, unit tests on the oldest and newest Pythons found, fleet and machine (as root)
	$(PY) -m pytest $(AT_ONCE)

test-full: venv-dev system-packages  ## `make test`, the long tests and every Python found
	$(PY) -m pytest $(AT_ONCE) -m ''

cores-next: venv-dev system-packages  ## Scenarios on the newest ansible-core there is, pre-releases too (as root)
	rm -rf .venv-core-next
	$(PYTHON) tools/venv.py core-next
	PAWS_CORES=next $(PY) -m pytest $(AT_ONCE) tests/scenarios tests/integration

bench: venv-dev system-packages  ## Measure, and write benchmark.json
	$(PY) -m tests.benchmark

bench-fleet: HOSTS ?= 1000
bench-fleet: venv-dev system-packages  ## Measure the audit of HOSTS=1000 names of 200 hosts (as root; PAIRS=5: by ping, SLICES="1 4": by runner)
	$(PY) -m tests.benchmark.many_names $(HOSTS) $(if $(PAIRS),--pairs $(PAIRS)) $(if $(SLICES),--slices $(SLICES))

fleet: venv-dev system-packages  ## Boot the test fleet (as root) and print the path of its inventory, and how to end it
	@$(PY) -m tests.fleet up

node.pyz: venv  ## One file that makes the record of a node out of Ansible's reach: build/node.pyz
	@$(PY) tools/build_node_pyz.py build/node.pyz

lint: venv-dev  ## Static checks, in seconds
	@$(PY) -m tests.gates lint

types: venv-dev  ## mypy, strict, on the controller side
	@$(PY) -m tests.gates types

format: venv-dev  ## Format the code in place
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

sanity: venv-dev  ## ansible-test sanity on the supported versions of ansible-core
	@$(PY) -m tests.gates sanity

units: venv-dev  ## ansible-test units on the oldest ansible-core, 2.19 and the newest
	@$(PY) -m tests.gates units

ecosystem: venv-dev  ## What Galaxy, the documentation site, GitHub and GitLab ask of a collection
	@$(PY) -m tests.gates ecosystem

matrix: venv-dev system-packages  ## Run every core against every Python (as root); write the table into the READMEs
	$(PY) -m tests.ecosystem.matrix

coverage: system-packages  ## Lines and branches that the unit tests run (as root)
	@$(PYTHON) tools/venv.py quality
	.venv-quality/bin/python -m coverage run -m pytest tests/unit
	.venv-quality/bin/python -m coverage combine
	.venv-quality/bin/python -m coverage report

mutation: system-packages  ## Change in small ways what differs from origin/main; red where 10 % go unnoticed (in a clean clone)
	@$(PYTHON) tools/venv.py quality
	rm -f .cache/mutation.sqlite && mkdir -p .cache
	PATH=$(CURDIR)/.venv-quality/bin:$$PATH cosmic-ray init cosmic-ray.toml .cache/mutation.sqlite
	PATH=$(CURDIR)/.venv-quality/bin:$$PATH cr-filter-git --config cosmic-ray.toml .cache/mutation.sqlite
	PATH=$(CURDIR)/.venv-quality/bin:$$PATH cosmic-ray exec cosmic-ray.toml .cache/mutation.sqlite
	PATH=$(CURDIR)/.venv-quality/bin:$$PATH cr-rate .cache/mutation.sqlite --fail-over 10

docs: venv-dev  ## Build the documentation site: build/docs/index.html
	@$(PY) -m tests.gates docs

tables: venv-dev  ## Write what pages take from the code: variables, rules, writers, the schema of audit.json
	$(PY) -m tools.role_variables
	$(PY) -m tools.docs_rules
	$(PY) -m tools.docs_writers
	$(PY) -m tools.audit_schema
	$(PY) -m tools.collector_script
	$(PY) -m tools.kubernetes_manifests

screens: venv-dev system-packages  ## Take the pictures of screens in docs/images (as root)
	$(PY) -m tests.screens

changelog: venv-dev  ## Take the fragments into the changelog of the version in galaxy.yml
	PATH=$(CURDIR)/.venv/bin:$$PATH antsibull-changelog release --reload-plugins --update-existing

build: venv  ## Pack the collection as users install it: build/nodetcp-paws-VERSION.tar.gz
	.venv/bin/ansible-galaxy collection build --force --output-path build

release: venv-dev  ## Everything of a release but the tag and the upload; says what to do next
	$(PY) -m tools.release

clean:  ## Remove what the targets above have made
	rm -rf .venv .venv-core-* .venv-docs .venv-ecosystem .venv-quality .venv*.lock .cache build paws-report .mypy_cache .pytest_cache .ruff_cache .hypothesis .ansible
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
