#ifndef PRATIQUE_CPROCESS_H
#define PRATIQUE_CPROCESS_H

/// Makes this process unreadable to its own user's other processes: no core file, no ptrace, and
/// /proc/self/mem owned by root. Returns 0, or -1 with errno set. (prctl is variadic, so Swift cannot call it.)
int pratique_forbid_memory_dumps(void);

#endif
