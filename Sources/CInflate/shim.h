// Debian: libisal-dev, libzstd-dev.
#include <isa-l.h>
#include <zstd.h>
#include <zstd_errors.h>
