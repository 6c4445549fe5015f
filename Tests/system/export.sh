#!/usr/bin/env bash
# An export of photos with its metadata and litter is dropped in: each picture is answered, nothing else
# becomes a job or is touched, status says so in one line, and a damaged picture is marked.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=${BINDIR:-.build/release}
scratch=$(mktemp -d)
spool=$scratch/spool
daemon=
trap '[ -z "$daemon" ] || kill "$daemon" || true; rm -rf "$scratch"' EXIT
fail() { echo "export: $1" >&2; cat "$scratch/out" "$scratch/daemon.log" >&2; exit 1; }
illava() { "$programs/illava" "$@" --spool "$spool" >"$scratch/out" 2>&1; }
says() { grep -qE "$1" "$scratch/out" || fail "no “$1” in the output"; }
saysNot() { if grep -qE "$1" "$scratch/out"; then fail "“$1” is in the output"; fi; }

album="$scratch/Takeout/Google Photos/Trip"
mkdir -p "$album"
for number in $(seq 10 29); do
  name=IMG_$number.jpg
  cp Examples/street.jpg "$album/$name"
  # The export cuts long names.
  ending=$([ $((number % 3)) = 0 ] && echo .supplemental-metadat.json || echo .json)
  printf '{"title": "%s", "description": "", "creationTime": {"timestamp": "1612345678"}, "geoData": {}}' \
    "$name" >"$album/$name$ending"
  printf '<x:xmpmeta/>' >"$album/IMG_$number.xmp"
done
head -c 7000 Examples/street.jpg >"$album/IMG_12.jpg"
printf '{"title": "Trip"}' >"$album/metadata.json"
printf '<plist/>' >"$album/IMG_11.AAE"
printf '<html>' >"$scratch/Takeout/archive_browser.html"
# Questions as Windows saves them: UTF-8 with a mark, and UTF-16.
printf '\xef\xbb\xbfIs it night?\r\n' >"$album/IMG_20.jpg.txt"
printf '\xff\xfeW\0h\0o\0?\0\r\0\n\0' >"$album/IMG_21.jpg.txt"
# It asks about nothing.
printf 'a caption' >"$album/IMG_22.txt"
before=$(cd "$scratch/Takeout" && find . -type f ! -name '*.jpg' ! -name '*.jpg.txt' | sort)

cat >"$scratch/illavad.toml" <<CONF
[model]
path = "$PWD/Models/demo"
[inbox]
patience = "3s"
[defaults.options]
max_new_tokens = 24
[outbox]
visualize = "none"
CONF
"$programs/illava-daemon" --spool "$spool" --config "$scratch/illavad.toml" >"$scratch/daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 100); do [ -d "$spool/inbox" ] && break; sleep 0.1; done
cp -r "$scratch/Takeout" "$spool/inbox/"
for _ in $(seq 600); do
  answers=("$spool"/outbox/*/answer.json)
  [ "${#answers[@]}" = 20 ] && break
  sleep 0.1
done
sleep 4

illava list
[ "$(grep -c ' done ' "$scratch/out")" = 20 ] || fail "not 20 answers"
saysNot "failed"
[ "$(grep -c ' done ! ' "$scratch/out")" = 1 ] || fail "not one mark"
says '^! answered with warnings'
illava show "Takeout/Google Photos/Trip/IMG_12.jpg"
says '^warning +.*is missing'
illava show "Takeout/Google Photos/Trip/IMG_20.jpg"
says '^Is it night\?$'
illava show "Takeout/Google Photos/Trip/IMG_21.jpg"
says '^Who\?$'

illava status
says '20 done \(1 with warnings\)'
[ "$(grep -c '^left ' "$scratch/out")" = 1 ] || fail "not one line about what is left alone"
says '^left +44 files are no jobs; illava doctor says why'
saysNot '^(pending|refused)'
illava status --json
says '"left_alone":\{"count":44,'
illava doctor --config "$scratch/illavad.toml" || true
says 'IMG_22.txt asks about “IMG_22”'
after=$(cd "$spool/inbox/Takeout" && find . -type f | sort)
[ "$before" = "$after" ] || fail "the inbox holds $after"
kill "$daemon"
wait "$daemon" || true
daemon=
echo "export: 20 pictures answered, 44 files left alone"
