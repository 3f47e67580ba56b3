// Makes one study of another: line by line, with the keys that the reader itself asks for, so that most of what it makes is
// TOML and much of it nearly a study.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace longwatch::fuzz {

class StudyMutator {
public:
    explicit StudyMutator(unsigned seed) : random_(seed) {}

    /// The text with one to four changes.
    std::string changed(std::string const& text);
    /// Parts of one and of the other.
    std::string crossed(std::string const& a, std::string const& b);

private:
    using Lines = std::vector<std::string>;

    std::size_t below(std::size_t count);
    std::string some_number();
    std::string some_text(Lines const& lines);
    std::string some_value(Lines const& lines, int depth);
    std::string value_for(std::size_t key, Lines const& lines);
    std::string some_key_line(Lines const& lines);
    std::string some_header();
    void change_value(Lines& lines);
    void change_number(Lines& lines);
    void change_section(Lines& lines);
    void change_once(Lines& lines);

    std::mt19937 random_;
};

}  // namespace longwatch::fuzz
