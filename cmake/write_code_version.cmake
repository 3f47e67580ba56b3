# Writes HEADER with VERSION, the commit of SOURCE and its date. A tree with changes is marked; without git, or
# without a commit, the commit is "unknown" and the date empty. A source release knows its commit from the archive that
# it came in (.gitattributes), and asks no repository that it may lie in.
file(STRINGS ${SOURCE}/cmake/archived_commit.txt archived LIMIT_COUNT 1)
if(archived MATCHES "^([0-9a-f]+) ([0-9-]+)$")
    string(SUBSTRING ${CMAKE_MATCH_1} 0 12 commit)
    set(date ${CMAKE_MATCH_2})
else()
    execute_process(
        COMMAND git -C ${SOURCE} describe --always --dirty=-changed --abbrev=12 --exclude=*
        OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed OR commit STREQUAL "")
        set(commit unknown)
    endif()
    execute_process(
        COMMAND git -C ${SOURCE} log -1 --format=%cs
        OUTPUT_VARIABLE date ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
        set(date "")
    endif()
endif()

set(text "// Written by the build.
#pragma once

namespace longwatch {

inline constexpr char const* code_version = \"${VERSION}\";
inline constexpr char const* code_commit = \"${commit}\";
inline constexpr char const* code_date = \"${date}\";

}  // namespace longwatch
")
set(old "")
if(EXISTS ${HEADER})
    file(READ ${HEADER} old)
endif()
if(NOT old STREQUAL text)
    file(WRITE ${HEADER} "${text}")
endif()
