# Starts the daemon with `model`, by default the demo model.
start_daemon() {
  "$1/illavad" --spool "$spool" --model "${model:-Models/demo}" 2>>"$folder/daemon.log" &
  daemon=$!
}

# Starts a daemon and the page; sets `address`, `spool`, `daemon` and `web`. Both end, and the spool is removed,
# with the script.
serve() {
  local build=$1
  shift
  folder=$(mktemp -d)
  spool=$folder/spool
  start_daemon "$build"
  trap 'kill $web $daemon 2>/dev/null || true; wait $web $daemon 2>/dev/null || true; rm -rf "$folder"' EXIT
  for _ in $(seq 100); do
    [ -S "$spool/control.sock" ] && break
    sleep 0.1
  done
  serve_web "$build" "$@"
}

# Starts the page alone.
serve_web() {
  local build=$1
  shift
  "$build/illava-web" --spool "$spool" --listen 127.0.0.1:0 "$@" >"$folder/web.log" 2>&1 &
  web=$!
  for _ in $(seq 100); do
    address=$(sed -n 's/^illava is at //p' "$folder/web.log")
    [ -n "$address" ] && return
    sleep 0.1
  done
  cat "$folder/web.log" >&2
  return 1
}
