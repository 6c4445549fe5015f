#!/bin/sh
# Cuts the power at many moments of a recorded run of the daemon, and checks that after the next start
# every job exists once, with its answer.
#
# usage: run.sh BINARIES [CUTS [SEED]]
#   BINARIES  a folder with illavad and illava-front
#   CUTS      in all, by default 2000; they are the same for the same seed and the same record
#
# 1. record.sh runs a real daemon with a real worker on a spool, three times, with the recorder
#    loaded into both: it records every call that changes a file or a name or syncs it to disk.
# 2. PowerCutTests, of the Swift tests, compares the end of each record with the real files, so that
#    nothing was missed. Then it applies the calls up to a cut, keeps what POSIX guarantees to be on
#    disk and a random part of the rest (see RecordedDisk and PowerCut), and writes that into a folder.
#    The daemon's own parts start on it and run to the end, with a simulated worker that only reports
#    its input. CutCheck checks what must be true then.
# 3. The same with one kind of fsync at a time removed from the records (Mutant): the tests must
#    notice each of them.
#
# Each problem names the record, the call, and the seed. ILLAVA_POWER_CUT_KEEP=DIR keeps the records.
#
# To see it fail for an order that is wrong in the source, change one of these in a copy, build that,
# and run this with its binaries:
#   Transfer.swift           take out the fsync at the end of copyBytes, or a target.sync()
#   Folder+Files.swift       take out the fsync in write, or do it after the rename
#   Disposal.swift, deliver  take out output.syncTree() or outbox.sync(), or put tidy before the rename
#   Claimer.swift, take      take out layout.work.sync() or syncSources
#   JobStore.swift           PRAGMA synchronous = OFF
# The copy's own tests have to be run, too: step 2 uses the parts that they are built from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binaries=$(cd "$1" && pwd)
root=$(cd "$here/../.." && pwd)
# In memory if possible, because the disk itself is not tested.
parent=/dev/shm
[ -w "$parent" ] || parent=${TMPDIR:-/tmp}
folder=${ILLAVA_POWER_CUT_KEEP:-$(mktemp -d "$parent/illava-cut.XXXXXX")}
[ -n "${ILLAVA_POWER_CUT_KEEP-}" ] || trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"

# As small as possible, because all of it is written for every cut.
ffmpeg -loglevel error -y -i "$root/Examples/street.jpg" -vf scale=64:-1 "$folder/small.jpg"
records=
pids=
for variant in delete archive keep; do
  sh "$here/record.sh" "$binaries" "$root/Tests/EngineTests/Fixtures/tiny-late" \
    "$folder/small.jpg" "$variant" "$folder/$variant" &
  pids="$pids $!"
  records="$records:$folder/$variant"
done
for pid in $pids; do wait "$pid"; done
echo "recorded: $(cd "$folder" && ls -s --block-size=K delete archive keep | tr '\n' ' ')"

cd "$root"
status=0
ILLAVA_POWER_CUT_RECORDS=${records#:} ILLAVA_POWER_CUTS=${2:-2000} ILLAVA_POWER_CUT_SEED=${3:-1} \
  swift test --skip-build --filter PowerCutTests >"$folder/output" 2>&1 || status=$?
# A filter that matches nothing would pass, too.
grep -q '✔ Test behindEveryCutAllJobsAreThereOnce' "$folder/output" || status=1
[ "$status" = 0 ] || { cat "$folder/output"; exit "$status"; }
grep -E '^without|^↳ /|✔ Test|✘|power cuts' "$folder/output"
