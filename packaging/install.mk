# make install      installs what was built, by default below /usr/local (PREFIX, DESTDIR)
#                   illava itself is the small illava-front, which runs the whole of it for commands
#                   that need a model; it starts in a fraction of the time. illavad, too, is a small
#                   program that becomes illava-daemon
# make uninstall    removes it again; spool and configuration stay
# make deb          builds with the static Swift runtime and makes .build/illava_*.deb

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITS ?= /etc/systemd/system
BUILD ?= .build/release
DEB_BUILD ?= .build-static
# Where zsh looks depends on who installs: Debian's packages have a folder of their own.
ZSH_FUNCTIONS ?= site-functions
SHARE = $(DESTDIR)$(PREFIX)/share
STRIP_OPTION = $(if $(STRIP),-s)

.PHONY: install uninstall deb

install:
	@for program in illava illavad illava-daemon illava-front illava-manual illava-web; do \
	  test -x $(BUILD)/$$program || { echo "build first: make build" >&2; exit 1; }; done
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illava-front $(DESTDIR)$(PREFIX)/bin/illava
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illava $(DESTDIR)$(PREFIX)/libexec/illava/illava
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illavad $(DESTDIR)$(PREFIX)/bin/illavad
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illava-daemon \
	  $(DESTDIR)$(PREFIX)/libexec/illava/illava-daemon
	install -D $(STRIP_OPTION) -m 755 $(BUILD)/illava-web $(DESTDIR)$(PREFIX)/libexec/illava/illava-web
	install -d $(DESTDIR)$(UNITS) $(DESTDIR)$(SYSCONFDIR)/illava
	sed 's|/usr/bin/illavad|$(PREFIX)/bin/illavad|' systemd/illavad.service \
	  >$(DESTDIR)$(UNITS)/illavad.service
	sed 's|/usr/libexec/|$(PREFIX)/libexec/|' systemd/illava-web.service \
	  >$(DESTDIR)$(UNITS)/illava-web.service
	install -m 644 systemd/illava-web.socket $(DESTDIR)$(UNITS)/illava-web.socket
	chmod 644 $(DESTDIR)$(UNITS)/illavad.service $(DESTDIR)$(UNITS)/illava-web.service
	test -e $(DESTDIR)$(SYSCONFDIR)/illava/illavad.toml || \
	  install -m 644 etc/illava/illavad.toml $(DESTDIR)$(SYSCONFDIR)/illava/illavad.toml
	install -D -m 644 docs/answer.schema.json $(SHARE)/illava/answer.schema.json
	install -D -m 644 docs/merging.schema.json $(SHARE)/illava/merging.schema.json
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/$(ZSH_FUNCTIONS) \
	  $(SHARE)/fish/vendor_completions.d $(SHARE)/man/man1 $(SHARE)/man/man8
	$(BUILD)/illava --generate-completion-script bash >$(SHARE)/bash-completion/completions/illava
	$(BUILD)/illava --generate-completion-script zsh >$(SHARE)/zsh/$(ZSH_FUNCTIONS)/_illava
	$(BUILD)/illava --generate-completion-script fish >$(SHARE)/fish/vendor_completions.d/illava.fish
	rm -f $(SHARE)/man/man1/illava.1.gz $(SHARE)/man/man1/illava-*.1.gz $(SHARE)/man/man8/illavad.8.gz
	$(BUILD)/illava --experimental-dump-help | \
	  $(BUILD)/illava-manual 1 $(SHARE)/man/man1 packaging/illava.man
	$(BUILD)/illavad --experimental-dump-help | \
	  $(BUILD)/illava-manual 8 $(SHARE)/man/man8 packaging/illavad.man
	gzip -n -9 $(SHARE)/man/man1/illava.1 $(SHARE)/man/man1/illava-*.1 $(SHARE)/man/man8/illavad.8

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/illava $(DESTDIR)$(PREFIX)/bin/illavad \
	  $(DESTDIR)$(PREFIX)/libexec/illava/illava $(DESTDIR)$(PREFIX)/libexec/illava/illava-daemon \
	  $(DESTDIR)$(PREFIX)/libexec/illava/illava-web $(DESTDIR)$(UNITS)/illava-web.service \
	  $(DESTDIR)$(UNITS)/illava-web.socket \
	  $(DESTDIR)$(UNITS)/illavad.service $(SHARE)/bash-completion/completions/illava \
	  $(SHARE)/zsh/$(ZSH_FUNCTIONS)/_illava $(SHARE)/fish/vendor_completions.d/illava.fish \
	  $(SHARE)/man/man1/illava.1.gz $(SHARE)/man/man1/illava-*.1.gz $(SHARE)/man/man8/illavad.8.gz
	rm -f $(SHARE)/illava/answer.schema.json $(SHARE)/illava/merging.schema.json
	-rmdir $(DESTDIR)$(PREFIX)/libexec/illava $(SHARE)/illava 2>/dev/null

deb: dependencies
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illava-daemon
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illavad
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illava
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illava-front
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illava-manual
	swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD) --product illava-web
	sh packaging/deb.sh $(DEB_BUILD)/release .build
