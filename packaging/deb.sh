#!/bin/sh
# Makes a Debian package of the programs that were built with the static Swift runtime.
#
# usage: deb.sh BUILD_FOLDER OUTPUT_FOLDER
set -eu
cd "$(dirname "$0")/.."
build=$1 output=$2
version=$("$build/illavad" --version)
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

make --no-print-directory install DESTDIR="$tree/root" PREFIX=/usr UNITS=/lib/systemd/system \
  ZSH_FUNCTIONS=vendor-completions \
  BUILD="$build" STRIP=1
install -D -m 644 packaging/illava.sysusers "$tree/root/usr/lib/sysusers.d/illava.conf"
install -D -m 644 packaging/illava.tmpfiles "$tree/root/usr/lib/tmpfiles.d/illava.conf"
mkdir -p "$tree/root/DEBIAN" "$tree/debian"
for script in postinst prerm postrm; do
  install -m 755 "packaging/$script" "$tree/root/DEBIAN/$script"
done
echo /etc/illava/illavad.toml >"$tree/root/DEBIAN/conffiles"

# The libraries that the programs were linked with, by the packages that have them.
printf 'Source: illava\nPackage: illava\nArchitecture: any\n' >"$tree/debian/control"
depends=$(cd "$tree" && dpkg-shlibdeps -O root/usr/bin/illava root/usr/bin/illavad \
  root/usr/libexec/illava/illava root/usr/libexec/illava/illava-daemon \
  root/usr/libexec/illava/illava-web 2>/dev/null |
  sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "deb.sh: the libraries' packages were not found" >&2; exit 1; }
cat >"$tree/root/DEBIAN/control" <<CONTROL
Package: illava
Version: $version
Architecture: $architecture
Maintainer: illava <illava@localhost>
Section: graphics
Priority: optional
Depends: $depends, systemd
Recommends: fonts-liberation | fonts-dejavu-core, poppler-data
Installed-Size: $(du -sk "$tree/root" | cut -f1)
Description: answers questions about pictures and videos on the CPU
 A vision-language model without a GPU: drop a picture or a video into a
 folder, and the answer appears in another. With a daemon and a command line.
CONTROL
mkdir -p "$output"
# The usual compression takes minutes on a small machine.
dpkg-deb --root-owner-group -Zxz -z1 --build "$tree/root" "$output/illava_${version}_$architecture.deb"
