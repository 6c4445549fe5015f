#!/usr/bin/env bash
# `make install` puts every file in its place, `make uninstall` removes everything but the configuration,
# and the manual pages are correct.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make --no-print-directory install DESTDIR="$root" >/dev/null
for file in usr/local/bin/{illava,illavad} usr/local/libexec/illava/{illava,illava-daemon,illava-web} etc/illava/illavad.toml \
  etc/systemd/system/{illavad.service,illava-web.service,illava-web.socket} \
  usr/local/share/bash-completion/completions/illava usr/local/share/zsh/site-functions/_illava \
  usr/local/share/fish/vendor_completions.d/illava.fish usr/local/share/man/man1/illava.1.gz \
  usr/local/share/man/man8/illavad.8.gz \
  usr/local/share/illava/answer.schema.json usr/local/share/illava/merging.schema.json; do
  [ -s "$root/$file" ] || { echo "make install made no $file" >&2; exit 1; }
done
grep -q '^ExecStart=/usr/local/bin/illavad ' "$root/etc/systemd/system/illavad.service"
grep -q '^ExecStart=/usr/local/libexec/illava/illava-web ' "$root/etc/systemd/system/illava-web.service"
"$root/usr/local/bin/illava" web serve --help | grep -q -- '--listen'
# The installed illava has all commands: those about jobs itself, the others through the whole program.
"$root/usr/local/bin/illava" help | grep -q '^  run '
"$root/usr/local/bin/illava" run --help | grep -q -- '--visualize'
"$root/usr/local/bin/illava" status --help | grep -q '^USAGE: illava status '
[ "$("$root/usr/local/bin/illava" --version)" = "$("$root/usr/local/bin/illava" status --version)" ]
if ldd "$root/usr/local/bin/illava" | grep -q libav; then
  echo "illava loads media libraries to show its status" >&2
  exit 1
fi
grep -q '"\$id": "urn:illava:answer:2"' "$root/usr/local/share/illava/answer.schema.json"
bash -n "$root/usr/local/share/bash-completion/completions/illava"

# A page for each command in the help, without warnings of the formatter.
for command in $(.build/release/illava --help | sed -n 's/^  \([a-z-]*\)  .*/\1/p' | grep -v '^-'); do
  [ -s "$root/usr/local/share/man/man1/illava-$command.1.gz" ] || {
    echo "illava $command has no manual page" >&2
    exit 1
  }
done
for page in "$root"/usr/local/share/man/man?/*.gz; do
  if command -v groff >/dev/null; then
    status=0
    complaints=$(zcat "$page" | groff -man -Tutf8 -ww -K utf8 -z 2>&1) || status=$?
    if [ "$status" != 0 ] || [ -n "$complaints" ]; then
      echo "groff ended with $status over $page: $complaints" >&2
      exit 1
    fi
  fi
  if command -v mandoc >/dev/null; then zcat "$page" | mandoc -T lint -W warning; fi
done
command -v groff >/dev/null || printf '\n*** MANUAL PAGES WERE NOT FORMATTED: groff is missing ***\n\n' >&2

# A second installation keeps a changed configuration.
echo '# mine' >>"$root/etc/illava/illavad.toml"
make --no-print-directory install DESTDIR="$root" >/dev/null
grep -q '^# mine' "$root/etc/illava/illavad.toml"
make --no-print-directory uninstall DESTDIR="$root" >/dev/null
left=$(cd "$root" && find . -type f)
[ "$left" = ./etc/illava/illavad.toml ] || { echo "make uninstall left $left" >&2; exit 1; }
echo "install and uninstall behave"
