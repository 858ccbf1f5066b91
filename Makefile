# make run    see the main job: the window on a starter site, or the site and its trace viewer without a display
# make test   everything that is tested, as CI runs it
# make check  format, vet, static analysis, other systems
# make bench  speed and size beside a bare Go server, in one run
# make package  the two programs with their version and revision in dist/

GO       ?= go
TAGS     := migrated_fynedo
REVISION := $(shell git describe --always --dirty --abbrev=12 2>/dev/null)
LDFLAGS  := -X main.revision=$(REVISION)
BIN      := bin
SITE     ?= .cache/hello

# Go keeps its caches in HOME, which services and some containers do not set.
ifndef HOME
export HOME := $(shell getent passwd "$$(id -u)" | cut -d: -f6)
endif

# Fyne takes the C of C.UTF-8 for a language and complains at every start.
ifneq ($(filter C.%,$(or $(LC_ALL),$(LC_MESSAGES),$(LANG))),)
export LANGUAGE ?= en
endif

.PHONY: run test check bench package build packages-window packages-test clean

run: build
	@test -e '$(SITE)' || $(BIN)/huygens-worker new hello '$(SITE)'
	$(BIN)/huygens '$(SITE)'

build: packages-window
	CGO_ENABLED=0 $(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $(BIN)/huygens-worker ./app
	CGO_ENABLED=1 $(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $(BIN)/huygens ./app

# The race detector covers all packages once, with Fyne's windowless driver (Fyne's tag ci): the OpenGL bindings
# cost minutes of cgo for each way of building, and no test draws with them. vet and the second run build them
# once. That run, without our tag, turns Fyne's own thread check on.
test: packages-test
	$(GO) vet -tags $(TAGS) ./...
	$(GO) test -tags $(TAGS),ci -race -timeout 30m ./...
	@$(GO) test ./app/... > .cache/untagged.log 2>&1 || { cat .cache/untagged.log; exit 1; }
	@cat .cache/untagged.log
	@! grep -q 'Error in Fyne call thread' .cache/untagged.log

check: packages-window
	@unformatted=$$($(GO) run mvdan.cc/gofumpt@v0.12.0 -l app assets devserver pages) && \
		{ test -z "$$unformatted" || { echo gofumpt -w $$unformatted; exit 1; }; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags $(TAGS) ./...
	GOOS=windows CGO_ENABLED=0 $(GO) vet ./...
	GOOS=darwin CGO_ENABLED=0 $(GO) vet ./...
	CGO_ENABLED=0 $(GO) build -o /dev/null ./app

bench: build packages-test
	$(GO) run ./devserver/bench -huygens $(BIN)/huygens-worker -window $(BIN)/huygens

package: build
	mkdir -p dist
	cp $(BIN)/huygens $(BIN)/huygens-worker LICENSE README.md dist/

packages-window:
	@sh .ci/packages gcc:gcc pkg-config:pkg-config /usr/include/GL/gl.h:libgl1-mesa-dev /usr/include/X11/Xlib.h:xorg-dev /usr/include/xkbcommon/xkbcommon.h:libxkbcommon-dev

packages-test: packages-window
	@mkdir -p .cache
	@sh .ci/packages chromium:chromium xvfb-run:xvfb xauth:xauth

clean:
	rm -rf $(BIN) dist .cache
