# make install      installs what was built, by default below /usr/local (PREFIX, DESTDIR)
# make uninstall    removes it again; spool and configuration stay
# make deb          builds with the static Swift runtime and makes .build/illava_*.deb

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITS ?= /etc/systemd/system
BUILD ?= .build/release
DEB_BUILD ?= .build-static
COMPLETIONS = $(DESTDIR)$(PREFIX)/share
STRIP_OPTION = $(if $(STRIP),-s)

.PHONY: install uninstall deb

install:
	@test -x $(BUILD)/illava && test -x $(BUILD)/illavad || \
	  { echo "build first: swift build -c release" >&2; exit 1; }
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illava $(DESTDIR)$(PREFIX)/bin/illava
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illavad $(DESTDIR)$(PREFIX)/bin/illavad
	install -d $(DESTDIR)$(UNITS) $(DESTDIR)$(SYSCONFDIR)/illava
	sed 's|/usr/bin/illavad|$(PREFIX)/bin/illavad|' systemd/illavad.service \
	  >$(DESTDIR)$(UNITS)/illavad.service
	chmod 644 $(DESTDIR)$(UNITS)/illavad.service
	test -e $(DESTDIR)$(SYSCONFDIR)/illava/illavad.toml || \
	  install -m 644 etc/illava/illavad.toml $(DESTDIR)$(SYSCONFDIR)/illava/illavad.toml
	install -d $(COMPLETIONS)/bash-completion/completions $(COMPLETIONS)/zsh/vendor-completions \
	  $(COMPLETIONS)/fish/vendor_completions.d
	$(BUILD)/illava --generate-completion-script bash \
	  >$(COMPLETIONS)/bash-completion/completions/illava
	$(BUILD)/illava --generate-completion-script zsh >$(COMPLETIONS)/zsh/vendor-completions/_illava
	$(BUILD)/illava --generate-completion-script fish \
	  >$(COMPLETIONS)/fish/vendor_completions.d/illava.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/illava $(DESTDIR)$(PREFIX)/bin/illavad \
	  $(DESTDIR)$(UNITS)/illavad.service $(COMPLETIONS)/bash-completion/completions/illava \
	  $(COMPLETIONS)/zsh/vendor-completions/_illava \
	  $(COMPLETIONS)/fish/vendor_completions.d/illava.fish

deb: dependencies
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illavad
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illava
	sh packaging/deb.sh $(DEB_BUILD)/release .build
