#!/bin/sh
# Runs under a real systemd, inside the container that nspawn.sh boots; writes to /out.
set -u
problems=0
check() { # what it is, whether it holds (0)
  if [ "$2" = 0 ]; then echo "ok: $1"; else
    echo "WRONG: $1"
    problems=$((problems + 1))
  fi
}
until_true() { # seconds, command…
  end=$(($(date +%s) + $1))
  shift
  while ! "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$end" ] || return 1
    sleep 0.3
  done
}
property() { systemctl show -p "$1" --value illavad.service; }
is() { [ "$(property "$1")" = "$2" ]; }
answers() { [ "$(find /var/lib/illava/outbox -name answer.json | wc -l)" -ge "$1" ]; }
drop() { install -o illava -g illava -m 660 "$1" "/var/lib/illava/inbox/.$2" &&
  mv "/var/lib/illava/inbox/.$2" "/var/lib/illava/inbox/$2"; }

DEBIAN_FRONTEND=noninteractive dpkg -i /out/illava.deb
check "the package installs" $?
cp -r /out/model /var/lib/illava/model
chown -R illava:illava /var/lib/illava/model
sed -i 's/^#stability = .*/stability = "200ms"/; s/^#retry_first = .*/retry_first = "100ms"/' \
  /etc/illava/illavad.toml
sed -i 's/^\[defaults.options\]/&\nmax_new_tokens = 4/' /etc/illava/illavad.toml
illava config check
check "the configuration is right" $?
systemctl restart illavad.service
check "the unit starts and says that it is ready" $?
is ActiveState active
check "it is active" $?

for file in /out/media/*; do drop "$file" "$(basename "$file")"; done
count=$(ls /out/media | wc -l)
until_true 60 answers "$count"
check "$count dropped files are answered inside the sandbox" $?
property StatusText
illava status | sed 's/^/  /'
journalctl -u illavad --no-pager -o json ILLAVA_JOB="$(ls /var/lib/illava/outbox | head -n 1)" |
  grep -q '"PRIORITY":"5"'
check "journal lines have the job and the level as fields" $?

# Two groups: one may submit, the other may read answers and send requests.
useradd -M -s /bin/sh -G illava-drop dropper
useradd -M -s /bin/sh -G illava reader
useradd -M -s /bin/sh stranger
as() { # user, command
  runuser -u "$1" -- sh -c "$2" >/dev/null 2>&1
}
first=$(ls /out/media | head -n 1)
chmod a+rx /out /out/media
as dropper "cp /out/media/$first /var/lib/illava/inbox/.d && mv /var/lib/illava/inbox/.d /var/lib/illava/inbox/dropped.png"
check "a member of illava-drop may drop" $?
as dropper "illava submit /out/media/$first"
check "and submit" $?
until_true 30 answers $((count + 2))
check "both are answered" $?
count=$((count + 2))
! as dropper "ls /var/lib/illava/outbox" && ! as dropper "illava status" &&
  ! as dropper "cat /var/lib/illava/state.sqlite" && ! as dropper "ls /var/lib/illava/work"
check "but may see nothing else" $?
as reader "cat /var/lib/illava/outbox/*/answer.json" && as reader "illava list --json" &&
  as reader "illava show dropped.png" && as reader "illava pause && illava resume"
check "a member of illava may read answers and give orders" $?
! as reader "cat /var/lib/illava/state.sqlite" && ! as reader "touch /var/lib/illava/inbox/x.png"
check "but may neither read the store nor drop" $?
! as stranger "ls /var/lib/illava/inbox" && ! as stranger "ls /var/lib/illava" &&
  ! as stranger "illava status"
check "a stranger may do nothing" $?

# After being killed, the daemon restarts.
old=$(property MainPID)
kill -9 "$old"
until_true 30 sh -c "[ \"\$(systemctl show -p MainPID --value illavad)\" != $old ] &&
  [ \"\$(systemctl show -p ActiveState --value illavad)\" = active ]"
check "it is started again after kill -9" $?
first=$(ls /out/media | head -n 1)
drop "/out/media/$first" again.png
until_true 30 answers $((count + 1))
check "and answers" $?

# The watchdog ends a stopped daemon.
mkdir -p /run/systemd/system/illavad.service.d
printf '[Service]\nWatchdogSec=3s\n' >/run/systemd/system/illavad.service.d/test.conf
systemctl daemon-reload
systemctl restart illavad.service
old=$(property MainPID)
kill -STOP "$old"
until_true 40 sh -c "[ \"\$(systemctl show -p MainPID --value illavad)\" != $old ] &&
  [ \"\$(systemctl show -p ActiveState --value illavad)\" = active ]"
check "the watchdog restarts a daemon that stands still" $?
sleep 10
is ActiveState active
check "and does not restart one that only has nothing to do" $?

# If the worker is killed, the daemon stays.
old=$(property MainPID)
drop "/out/media/$first" worker.png
until_true 20 pgrep -P "$old"
kill -9 $(pgrep -P "$old") 2>/dev/null
until_true 30 answers $((count + 2))
check "a job whose worker was killed is answered all the same" $?
is MainPID "$old"
check "and the daemon is the same" $?

# Reload.
sed -i 's/^#priority = 0/priority = 7/' /etc/illava/illavad.toml
systemctl reload illavad.service
sleep 1
drop "/out/media/$first" reloaded.png
until_true 30 answers $((count + 3))
illava show reloaded.png | grep -q '^priority *7'
check "reload takes new settings" $?

# A stop returns jobs to the queue or lets them end.
for number in 1 2 3 4 5 6; do drop "/out/media/$first" "drain$number.png"; done
sleep 0.6
systemctl stop illavad.service
is Result success
check "it stops cleanly" $?
illava list --state running --json | grep -q .
[ $? = 1 ]
check "no job is left running" $?
systemctl start illavad.service
until_true 60 answers $((count + 9))
check "and the rest is answered afterwards" $?
! illava list --state failed --json | grep -q .
check "nothing has failed" $?
[ -s /usr/share/man/man1/illava-status.1.gz ] && [ -s /usr/share/man/man8/illavad.8.gz ]
check "manual pages are there" $?

# A worker taken over by an attacker can do no harm.
cat >/run/systemd/system/illavad.service.d/cage.conf <<CONF
[Service]
Environment=ILLAVA_WORKER_FAULT=breakout:burglar
CONF
systemctl daemon-reload
systemctl restart illavad.service
pid=$(property MainPID)
drop "/out/media/$first" burglar.png
until_true 60 sh -c "illava show burglar.png | grep -q '^state *failed'"
check "a job that takes its worker over fails" $?
illava show burglar.png | grep -o 'refused: .*' | head -n 1 | sed 's/^/  /'
if illava doctor | grep -q 'confined by.*Landlock version'; then
  grep -q 'not refused: nothing' /var/lib/illava/failed/*/error.json
  check "everything that it tried was refused" $?
else
  echo "NOT TESTED: Landlock, which the container's kernel does not allow"
  ! grep -E 'not refused: [^;]*(write|connect|shell|signal|trace)' /var/lib/illava/failed/*/error.json
  check "all but reading was refused" $?
fi
illava doctor | grep 'cage:'
drop "/out/media/$first" honest.png
until_true 30 answers $((count + 10))
check "the next job is answered" $?
is MainPID "$pid"
check "by the same daemon" $?
illava clean burglar.png --forget
rm /run/systemd/system/illavad.service.d/cage.conf

# At the memory limit the worker is killed and the daemon stays (where the kernel has the controller).
mkdir -p /run/systemd/system/illavad.service.d
cat >/run/systemd/system/illavad.service.d/memory.conf <<CONF
[Service]
MemoryMax=300M
MemoryHigh=infinity
Environment=ILLAVA_WORKER_FAULT=grow:balloon
CONF
systemctl daemon-reload
systemctl restart illavad.service
pid=$(property MainPID)
limit() {
  for file in "/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' "/proc/$pid/cgroup")/memory.limit_in_bytes" \
    "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")/memory.max"; do
    if [ -e "$file" ]; then cat "$file"; return; fi
  done
}
echo "  memory limit seen by the kernel: $(limit)"
if [ "$(limit)" = 314572800 ]; then
  drop "/out/media/$first" balloon.png
  until_true 60 sh -c "illava show balloon.png | grep -q '^state *failed'"
  check "a job that takes more than MemoryMax is given up" $?
  drop "/out/media/$first" beside.png
  until_true 30 answers $((count + 11))
  check "and others are answered within the limit" $?
  is MainPID "$pid"
  check "the daemon is the same" $?
  is ActiveState active
  check "and active" $?
  illava show balloon.png --json | grep -o '"signal":9' | wc -l | grep -qx 3
  check "three workers died of it" $?
  grep -q 'spool.worker-ended' /var/lib/illava/failed/*/error.json
  check "error.json says how" $?
  illava show balloon.png | sed 's/^/  /'
  illava clean balloon.png --forget
else
  echo "NOT TESTED: MemoryMax, the container's kernel does not enforce it"
  problems=$((problems + ${REQUIRE_MEMORY:-0}))
fi

illava doctor
check "illava doctor finds nothing bad" $?
journalctl -u illavad --no-pager >/out/journal.txt
echo "$problems problems"
echo "$problems" >/out/result
