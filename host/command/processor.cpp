// Ends the program where the processor lacks what it was compiled for: said in words, before anything could meet an
// instruction that the processor does not know. Instruction sets: cmake/numerics.cmake.
#include <unistd.h>

#include <cstring>

#include "host/command/exit_status.hpp"

namespace {

#if defined(__x86_64__)

/// Code for any x86-64, whatever the rest of the program is compiled for.
#define LW_ANY_PROCESSOR __attribute__((target("arch=x86-64")))

/// What the build uses and the processor, or its operating system, does not offer; nullptr where it offers all.
LW_ANY_PROCESSOR char const* lacking()
{
    __builtin_cpu_init();
#ifdef __SSE4_2__
    if (!__builtin_cpu_supports("sse4.2")) { return "SSE4.2"; }
#endif
#ifdef __POPCNT__
    if (!__builtin_cpu_supports("popcnt")) { return "POPCNT"; }
#endif
#ifdef __AVX__
    if (!__builtin_cpu_supports("avx")) { return "AVX"; }
#endif
#ifdef __AVX2__
    if (!__builtin_cpu_supports("avx2")) { return "AVX2"; }
#endif
#ifdef __FMA__
    if (!__builtin_cpu_supports("fma")) { return "FMA"; }
#endif
#ifdef __BMI__
    if (!__builtin_cpu_supports("bmi")) { return "BMI"; }
#endif
#ifdef __BMI2__
    if (!__builtin_cpu_supports("bmi2")) { return "BMI2"; }
#endif
#ifdef __AVX512F__
    if (!__builtin_cpu_supports("avx512f")) { return "AVX-512F"; }
#endif
#ifdef __AVX512VL__
    if (!__builtin_cpu_supports("avx512vl")) { return "AVX-512VL"; }
#endif
#ifdef __AVX512BW__
    if (!__builtin_cpu_supports("avx512bw")) { return "AVX-512BW"; }
#endif
#ifdef __AVX512DQ__
    if (!__builtin_cpu_supports("avx512dq")) { return "AVX-512DQ"; }
#endif
#ifdef __AVX512IFMA__
    if (!__builtin_cpu_supports("avx512ifma")) { return "AVX-512IFMA"; }
#endif
#ifdef __AVX512VBMI__
    if (!__builtin_cpu_supports("avx512vbmi")) { return "AVX-512VBMI"; }
#endif
#ifdef __AVX512VBMI2__
    if (!__builtin_cpu_supports("avx512vbmi2")) { return "AVX-512VBMI2"; }
#endif
    return nullptr;
}

/// Where nobody listens, nothing happens.
LW_ANY_PROCESSOR void tell_user(char const* text)
{
    [[maybe_unused]] auto const written = write(STDERR_FILENO, text, strlen(text));
}

/// Runs before the constructors of the program's own objects, which may use any instruction.
[[gnu::constructor(101)]] LW_ANY_PROCESSOR void check_processor()
{
    char const* const lacks = lacking();
    if (lacks == nullptr) { return; }
    tell_user("longwatch: cannot run on this processor (this build uses ");
    tell_user(lacks);
    tell_user(", which it lacks) build Longwatch on this machine, or with -DLW_LANES=sse4\n");
    _exit(longwatch::exit_could_not_run);
}

#endif

}  // namespace
