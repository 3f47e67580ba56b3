// Memory for the files that fuzzers make up.
#pragma once

#include <malloc.h>

namespace longwatch::fuzz {

/// Images are of some hundred kilobytes: kept at hand, not fetched from the system for every one. Returns 0, as libFuzzer wants it.
inline int hold_image_memory()
{
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    return 0;
}

}  // namespace longwatch::fuzz
