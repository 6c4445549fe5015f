# make demo    installs what is missing, builds, asks about the example picture and video
# make test    installs what is missing, builds, runs every test
# make bench   measures merging on against off on a 2B shape with random weights, in bf16 and in 8 bits
# make format  lays the sources out; make lint checks that they are

PACKAGES := pkg-config libsqlite3-dev libopenblas-dev libavformat-dev libavcodec-dev libavfilter-dev libswscale-dev \
  libavutil-dev libzimg-dev libtiff-dev libheif-dev libwebp-dev libpoppler-cpp-dev
# The tests make their videos and pictures with the ffmpeg command; the check of answer.json against
# its schema installs a validator into a virtual environment. The system tests look into the store
# with sqlite3, and load a library of their own into the daemon, which gcc makes.
TEST_PACKAGES := $(PACKAGES) ffmpeg python3-venv sqlite3 gcc libc6-dev

ILLAVA := .build/release/illava
DEMO_MODEL := Models/demo
DEMO_OUTPUT := .build/demo
SWIFT_SOURCES := Package.swift Sources Tests

# Installs the packages of $(1) that are not there; asks for a password only if something is missing.
define install
	@missing=$$(for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$as_root apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq --no-install-recommends $$missing; \
	fi
endef

.PHONY: demo test bench build format lint dependencies test-dependencies

build: dependencies
	swift build -c release --product illava
	swift build -c release --product illava-daemon
	swift build -c release --product illavad
	swift build -c release --product illava-front
	swift build -c release --product illava-manual
	swift build -c release --product illava-web

demo: build
	@mkdir -p $(DEMO_OUTPUT)
	@sh Examples/demo.sh $(ILLAVA) $(DEMO_MODEL) $(DEMO_OUTPUT)

test: test-dependencies
	swift build --build-tests
	swift test --skip-build --skip ComputeTests
# By themselves: they switch the whole process from one set of kernels to the next.
	swift test --skip-build --filter ComputeTests

bench: build
	$(ILLAVA) bench --config Benchmarks/shapes/qwen3-vl-2b.json --random-weights --repeats 3
	$(ILLAVA) bench --config Benchmarks/shapes/qwen3-vl-2b.json --random-weights --weights int8 --repeats 3

format:
	swift format -i -r $(SWIFT_SOURCES)

lint:
	swift format lint --strict -r $(SWIFT_SOURCES)

dependencies:
	$(call install,$(PACKAGES))

test-dependencies:
	$(call install,$(TEST_PACKAGES))

include packaging/install.mk
