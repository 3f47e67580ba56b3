# longwatch_numerics: the floating-point rules and the instruction set, the same for every target, since
# two sets in one program break the one-definition rule and make numbers depend on the linker. Who builds on an installed
# Longwatch gets the floating-point rules with it; warnings are ours alone, and the instruction set goes with the libraries.
add_library(longwatch_numerics INTERFACE)

set(lanes_native native)
set(lanes_avx512 x86-64-v4)
set(lanes_avx2 x86-64-v3)
set(lanes_sse4 x86-64-v2)
if(NOT DEFINED lanes_${LW_LANES})
    message(FATAL_ERROR "LW_LANES is ${LW_LANES} (known: native, avx512, avx2, sse4)")
endif()
set(cxx $<COMPILE_LANGUAGE:CXX>)
set(cuda $<COMPILE_LANGUAGE:CUDA>)

# No contraction: a scalar and a lane of the same code then agree in every bit. No fast-math.
target_compile_options(longwatch_numerics INTERFACE
    $<BUILD_INTERFACE:$<${cxx}:-march=${lanes_${LW_LANES}}>>
    $<${cxx}:-ffp-contract=off>
    $<${cxx}:-fno-fast-math>
    $<BUILD_INTERFACE:$<${cuda}:-Xcompiler=-march=${lanes_${LW_LANES}},-ffp-contract=off,-fno-fast-math>>
    $<INSTALL_INTERFACE:$<${cuda}:-Xcompiler=-ffp-contract=off,-fno-fast-math>>
    # Device code: IEEE division and roots, subnormals kept, multiply-add fused (nvcc's defaults, said).
    $<${cuda}:--fmad=true>
    $<${cuda}:--ftz=false>
    $<${cuda}:--prec-div=true>
    $<${cuda}:--prec-sqrt=true>)

target_compile_options(longwatch_numerics INTERFACE
    $<BUILD_INTERFACE:$<${cxx}:-Wall>> $<BUILD_INTERFACE:$<${cxx}:-Wextra>> $<BUILD_INTERFACE:$<${cxx}:-Wshadow>>
    $<BUILD_INTERFACE:$<$<AND:${cxx},$<CONFIG:Debug>>:-g1>>)  # lines for stack traces

# GCC 12 warns of its own library: undefined operands of AVX-512 intrinsics, std::string's copies.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(longwatch_numerics INTERFACE
        $<BUILD_INTERFACE:$<${cxx}:-Wno-uninitialized>> $<BUILD_INTERFACE:$<${cxx}:-Wno-maybe-uninitialized>>
        $<BUILD_INTERFACE:$<${cxx}:-Wno-restrict>>)
endif()

if(LW_ASSERT)
    target_compile_options(longwatch_numerics INTERFACE $<BUILD_INTERFACE:$<${cxx}:-UNDEBUG>>)
    target_compile_definitions(longwatch_numerics INTERFACE $<BUILD_INTERFACE:$<${cxx}:_GLIBCXX_ASSERTIONS>>)
else()
    target_compile_definitions(longwatch_numerics INTERFACE $<BUILD_INTERFACE:$<${cxx}:NDEBUG>>)
endif()
# FUZZ_FAST leaves the address sanitizer out: four times as many executions in the same time.
set(sanitizers_SANITIZE address,undefined)
set(sanitizers_THREADS thread)
set(sanitizers_FUZZ address,undefined)
set(sanitizers_FUZZ_FAST undefined)
if(DEFINED sanitizers_${LW_ASSERT})
    target_compile_options(longwatch_numerics INTERFACE
        $<${cxx}:-fsanitize=${sanitizers_${LW_ASSERT}}> $<${cxx}:-fno-sanitize-recover=all>
        # Its way to look at memory, a pipe, is not to be had in a limited process (results/store/limited_process.hpp).
        $<${cxx}:-fno-sanitize=vptr>
        $<${cxx}:-fno-omit-frame-pointer>)
    target_link_options(longwatch_numerics INTERFACE -fsanitize=${sanitizers_${LW_ASSERT}})
endif()

if(LW_ASSERT MATCHES "^FUZZ")
    # Counters of edges only: what the fuzzers' own mutators know makes comparisons not worth their time.
    target_compile_options(longwatch_numerics INTERFACE
        $<${cxx}:-fsanitize-coverage=inline-8bit-counters,pc-table>)
endif()

# The stage bodies are long chains of small functions on packs; where GCC stops inlining, packs go by way of
# memory. Measured with tests/bench/stages.cpp: observe and engage take 1.6 times as long without these.
add_library(longwatch_lane_code INTERFACE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(inlining --param=inline-unit-growth=400 --param=large-function-growth=2000
        --param=max-inline-insns-auto=200 --param=max-inline-insns-single=1000)
    target_compile_options(longwatch_lane_code INTERFACE "$<$<AND:${cxx},$<CONFIG:Release,Coverage>>:${inlining}>")
endif()

# For the preset coverage: code whose lines are counted as they run. All else is as in a release, so that ccache has it.
add_library(longwatch_counted_lines INTERFACE)
target_compile_options(longwatch_counted_lines INTERFACE
    "$<$<CONFIG:Coverage>:-O0;--coverage;-fprofile-update=atomic>")
target_link_options(longwatch_counted_lines INTERFACE $<$<CONFIG:Coverage>:--coverage>)
