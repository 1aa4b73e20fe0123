// Debian: libisal-dev, libzstd-dev.
#include <isa-l.h>
#include <zstd.h>
