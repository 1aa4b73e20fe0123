// Debian: libisal-dev, libzstd-dev.
#include <isa-l.h>
#include <zstd.h>
#include <zstd_errors.h>
#include <stdlib.h>

// A state of ISA-L at its beginning: 90 kB with its tables inside, so not for a stack. Zeros first, for isal_inflate_init does not set all
// of it. Without memory it ends the process, as Swift's own allocations do.
static inline struct inflate_state *_Nonnull pratique_inflate_state_make(void) {
    struct inflate_state *state = calloc(1, sizeof(struct inflate_state));
    if (state == NULL) abort();
    isal_inflate_init(state);
    return state;
}

static inline void pratique_inflate_state_free(struct inflate_state *_Nonnull state) { free(state); }
