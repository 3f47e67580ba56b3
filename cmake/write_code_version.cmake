# Writes FILE with VERSION, the commit of SOURCE and its date. A tree with changes is marked, with a digest of them, so that
# two builds with different changes are not taken for one; without git, or without a commit, the commit is "unknown" and the date
# empty. A source release knows its commit from the archive that it came in (.gitattributes), and asks no repository that it may lie in.
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
    if(commit MATCHES "-changed$")
        execute_process(
            COMMAND git -C ${SOURCE} diff HEAD --binary --no-ext-diff --no-color
            OUTPUT_VARIABLE changes ERROR_QUIET)
        string(SHA256 digest "${changes}")
        string(SUBSTRING ${digest} 0 8 digest)
        string(APPEND commit "-${digest}")
    endif()
    execute_process(
        COMMAND git -C ${SOURCE} log -1 --format=%cs
        OUTPUT_VARIABLE date ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
        set(date "")
    endif()
endif()

set(text "// Written by the build.
#include \"host/command/code_version.hpp\"

namespace longwatch {

char const* const code_version = \"${VERSION}\";
char const* const code_commit = \"${commit}\";
char const* const code_date = \"${date}\";

}  // namespace longwatch
")
set(old "")
if(EXISTS ${FILE})
    file(READ ${FILE} old)
endif()
if(NOT old STREQUAL text)
    file(WRITE ${FILE} "${text}")
endif()
