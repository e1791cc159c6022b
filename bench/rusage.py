# Runs a command, and says on standard error what it and its descendants took: CPU time (user and system, of all threads), wall
# time, and the most memory that one of them had. The kernel counts, so this is the same for every program.
#   python3 bench/rusage.py COMMAND…
import json
import os
import sys
import time

began = time.monotonic()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.monotonic() - began
taken = {"cpuUs": (usage.ru_utime + usage.ru_stime) * 1e6, "wallUs": wall * 1e6, "maxRssKiB": usage.ru_maxrss}
print("\nUSAGE " + json.dumps(taken), file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
