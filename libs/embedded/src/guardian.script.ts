/**
 * The program of the guardian. It is a POSIX shell script because a shell takes a fortieth of the memory of Node.js and
 * holds the whole script in memory: it needs no file when it acts.
 *
 * Its input has a line per service, `database PID START SIGNAL SECONDS SIGNAL SECONDS …` (the latest one counts), and
 * `folder PATH` for a folder to remove at the end. `end` dismisses it. If its input closes without `end`, the owner is
 * gone, and the guardian stops the services.
 *
 * START is the start time of a process, as in `process-identity.ts` with `_` for spaces: a process that reuses the pid
 * is not touched.
 *
 * Argument: the path of the running record.
 */
export const GUARDIAN_SCRIPT = `
set -f
trap '' HUP INT QUIT TERM
record=$1 database= redis= folder= boot=
{ read -r boot < /proc/sys/kernel/random/boot_id; } 2>/dev/null

lives() {
  wanted=$2
  if [ -n "$boot" ]; then
    { read -r stat < "/proc/$1/stat"; } 2>/dev/null || return 1
    set -- \${stat##*) }
    case $1 in Z | X) return 1 ;; esac
    [ "$boot:\${20}" = "$wanted" ]
  else
    set -- $(ps -o stat=,lstart= -p "$1" 2>/dev/null)
    case $1 in '' | Z*) return 1 ;; esac
    [ "$2_$3_$4_$5_$6" = "$wanted" ]
  fi
}

end() {
  [ $# -gt 2 ] || return 0
  pid=$1 start=$2
  shift 2
  while [ $# -gt 1 ]; do
    lives "$pid" "$start" || return 0
    kill -s "$1" "$pid" 2>/dev/null
    tenths=$(($2 * 10))
    shift 2
    while [ $tenths -gt 0 ] && lives "$pid" "$start"; do
      sleep 0.1 2>/dev/null || sleep 1
      tenths=$((tenths - 1))
    done
  done
  ! lives "$pid" "$start"
}

while read -r what rest; do
  case $what in
    database) database=$rest ;;
    redis) redis=$rest ;;
    folder) folder=$rest ;;
    end) exit 0 ;;
  esac
done

end $database & first=$!
end $redis & second=$!
wait $first && wait $second || exit 1
[ -z "$folder" ] || rm -rf -- "$folder"
[ -z "$database$redis" ] || rm -f -- "$record"
`;
