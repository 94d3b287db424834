# kehou · make demo 试用，make bench 计时，make verdicts 看结论对不对，make clean 清理
#   make quick [PACKAGE=scoring]  一分钟以内：改动所及（或一个包）的检查
#   make test                     全部检查；随机抽样的长测试只跑一份
#   make full                     全部检查，抽样也跑全（KEHOU_SHARE，见 tests/support/share.py）
#   make fuzz MINUTES=30 [FAMILY=xlsx]  每一类读取程序随机试若干分钟，不写 FAMILY 就逐类试
#   make release                  发布用的安装包、成分清单和校验值（dist/）
# 需要：CPython 3.11 或 3.12（含头文件和 venv）、gcc、make。可用 PYTHON=/路径/python3.12 指定解释器。

SHELL := /bin/bash
EXAMPLE ?= examples/primary-compliant
DEMO_OPTIONS ?= --data county_list=examples/bureau/county_list.yaml
PYTEST_OPTIONS ?= -n auto --dist worksteal -q

.PHONY: demo quick test full lint types imports packs unit wheel bench bench-field20 verdicts fuzz release clean

demo: .venv/ready
	.venv/bin/kehou check $(EXAMPLE) $(DEMO_OPTIONS)

# What to run for which change is told in scripts/quick.
quick: .venv/ready
	@.venv/bin/python scripts/quick $(PACKAGE)

# The suite runs once: what reads the source tree against the checkout, the rest against the wheel.
# What takes one processor runs two at a time; the tests take all there are.
test: .venv/ready
	@$(MAKE) --no-print-directory -j2 --output-sync=target packs lint types imports
	@$(MAKE) --no-print-directory unit
	@$(MAKE) --no-print-directory wheel

full: export KEHOU_SHARE = 1
full: test

lint: .venv/ready
	.venv/bin/ruff check engine tests benchmarks
	.venv/bin/ruff format --check engine tests benchmarks

types: .venv/ready
	.venv/bin/mypy

imports: .venv/ready
	.venv/bin/lint-imports

packs: .venv/ready
	.venv/bin/kehou lint --prove
	.venv/bin/kehou test

unit: .venv/ready
	.venv/bin/python -m pytest $(PYTEST_OPTIONS) -m checkout

wheel: .venv/ready
	scripts/wheel-test $(PYTEST_OPTIONS) -m "not checkout"

# The source archive, the wheel and the list of its parts (CycloneDX), with their hashes, in dist/.
release: .venv/ready
	scripts/release

bench: .venv/ready
	.venv/bin/python -m benchmarks

# 编译的大批量与 orjson、与别的引擎相比；别的引擎装了的才跑（见 benchmarks/README.md）
bench-field20: .venv/ready
	.venv/bin/python -m benchmarks.field20.race

# 发布前：make verdicts AGAINST=上一版.json，所列的结论变化写进 CHANGELOG.md（见 CONTRIBUTING.md）
verdicts: .venv/ready
	.venv/bin/python -m benchmarks.verdicts $(if $(JSON),--json $(JSON)) $(if $(AGAINST),--against $(AGAINST))

# 每一类读取程序随机试 MINUTES 分钟；找到的放进 fuzz-crashes/，改好后手写成用例（见 CONTRIBUTING.md）
fuzz: .venv/ready
	.venv/bin/python -m tests.support.fuzz --minutes $(or $(MINUTES),30) $(if $(FAMILY),--family $(FAMILY))

.venv/ready: pyproject.toml $(wildcard requirements/*.txt) scripts/venv scripts/python
	@scripts/venv .venv
	@touch $@

clean:
	rm -rf .venv .wheels .release build dist engine/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
