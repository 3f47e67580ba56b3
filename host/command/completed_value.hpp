// What may stand for the value of an option: what completion offers.
#pragma once

#include <string>
#include <vector>

#include "host/command/program_help.hpp"

namespace longwatch {

struct CompletedValue {
    enum class Kind { nothing, words, study, result, file, folder, arm, model };
    Kind kind = Kind::file;
    std::vector<std::string> words = {};  ///< of Kind::words
    std::string models = {};              ///< of Kind::model: of this kind; all if empty
};

/// By the verb and the option's name, else by what its value is called. An unknown one is a file.
CompletedValue completed_value(std::string const& verb, OptionHelp const& option);

}  // namespace longwatch
