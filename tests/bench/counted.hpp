// Numbers that count what is done with them, one flight at a time or several side by side as lanes go: what a model has to do,
// and what lanes do for it, of which some is for flights that wait.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace longwatch {

/// Kinds of operation; `function`: exponentials, logarithms and functions of angles; `look_up`: a number read at a place that
/// differs from lane to lane; `load` and `store`: of a column; `draw`: a block of four random words.
enum class Operation {
    multiply_add,
    sum,
    product,
    quotient,
    root,
    function,
    comparison,
    choice,
    rounding,
    look_up,
    load,
    store,
    draw,
    kinds
};

inline constexpr char const* operation_names[] = {
    "fma",    "sum",   "product", "quotient", "root",  "function", "compare",
    "choice", "round", "look-up", "load",     "store", "draw"};
static_assert(std::size(operation_names) == static_cast<std::size_t>(Operation::kinds));

struct Operations {
    std::array<double, static_cast<std::size_t>(Operation::kinds)> of{};

    double operator[](Operation kind) const { return of[static_cast<std::size_t>(kind)]; }
    /// Useful in the sense of a peak: sums, products, quotients, roots and functions count one, a multiply-add two; all
    /// others nothing.
    double useful() const
    {
        double sum = 2 * (*this)[Operation::multiply_add];
        for (auto kind : {Operation::sum, Operation::product, Operation::quotient, Operation::root,
                          Operation::function}) {
            sum += (*this)[kind];
        }
        return sum;
    }
};

/// What has been counted since start().
class Tallied {
public:
    static void start() { now_ = {}; }
    static Operations const& now() { return now_; }
    static void add(Operation kind, int times = 1)
    {
        now_.of[static_cast<std::size_t>(kind)] += times;
    }

private:
    inline static Operations now_;
};

template <int n>
struct CountedMask {
    std::array<bool, n> of{};

    friend CountedMask operator&&(CountedMask a, CountedMask const& b)
    {
        for (int k = 0; k < n; ++k) { a.of[k] = a.of[k] && b.of[k]; }
        return a;
    }
    friend CountedMask operator||(CountedMask a, CountedMask const& b)
    {
        for (int k = 0; k < n; ++k) { a.of[k] = a.of[k] || b.of[k]; }
        return a;
    }
    friend CountedMask operator!(CountedMask a)
    {
        for (bool& x : a.of) { x = !x; }
        return a;
    }
    friend bool any(CountedMask const& a)
    {
        bool out = false;
        for (bool const x : a.of) { out = out || x; }
        return out;
    }
    friend bool all(CountedMask const& a) { return !any(!a); }
};

/// n flights side by side; an operation on all of them counts once.
template <int n>
class Counted {
public:
    using Mask = CountedMask<n>;

    Counted() = default;
    Counted(double x) { of_.fill(x); }  // NOLINT(google-explicit-constructor): as a batch

    double at(int lane) const { return of_[static_cast<std::size_t>(lane)]; }
    double& at(int lane) { return of_[static_cast<std::size_t>(lane)]; }

    /// f of each lane's numbers.
    template <class Function, class... Others>
    static Counted of(Operation kind, Function const& f, Others const&... x)
    {
        Tallied::add(kind);
        Counted out;
        for (int k = 0; k < n; ++k) { out.at(k) = f(x.at(k)...); }
        return out;
    }
    template <class Function>
    static Mask compared(Counted const& a, Counted const& b, Function const& f)
    {
        Tallied::add(Operation::comparison);
        Mask out;
        for (int k = 0; k < n; ++k) { out.of[k] = f(a.at(k), b.at(k)); }
        return out;
    }

    friend Counted operator+(Counted const& a, Counted const& b)
    {
        return of(
            Operation::sum, [](double x, double y) { return x + y; }, a, b);
    }
    friend Counted operator-(Counted const& a, Counted const& b)
    {
        return of(
            Operation::sum, [](double x, double y) { return x - y; }, a, b);
    }
    friend Counted operator*(Counted const& a, Counted const& b)
    {
        return of(
            Operation::product, [](double x, double y) { return x * y; }, a, b);
    }
    friend Counted operator/(Counted const& a, Counted const& b)
    {
        return of(
            Operation::quotient, [](double x, double y) { return x / y; }, a, b);
    }
    friend Counted operator-(Counted a)
    {
        for (double& x : a.of_) { x = -x; }
        return a;
    }
    friend Mask operator<(Counted const& a, Counted const& b)
    {
        return compared(a, b, [](double x, double y) { return x < y; });
    }
    friend Mask operator>(Counted const& a, Counted const& b)
    {
        return compared(a, b, [](double x, double y) { return x > y; });
    }
    friend Mask operator<=(Counted const& a, Counted const& b)
    {
        return compared(a, b, [](double x, double y) { return x <= y; });
    }
    friend Mask operator>=(Counted const& a, Counted const& b)
    {
        return compared(a, b, [](double x, double y) { return x >= y; });
    }
    friend Mask operator==(Counted const& a, Counted const& b)
    {
        return compared(a, b, [](double x, double y) { return x == y; });
    }

    friend Counted select(Mask const& mask, Counted const& a, Counted const& b)
    {
        Tallied::add(Operation::choice);
        Counted out = b;
        for (int k = 0; k < n; ++k) {
            if (mask.of[k]) { out.at(k) = a.at(k); }
        }
        return out;
    }
    friend Counted abs(Counted a)
    {
        for (double& x : a.of_) { x = std::fabs(x); }
        return a;
    }
    friend Counted floor(Counted const& a)
    {
        return of(
            Operation::rounding, [](double x) { return std::floor(x); }, a);
    }
    friend Counted sqrt(Counted const& a)
    {
        return of(
            Operation::root, [](double x) { return std::sqrt(x); }, a);
    }
    friend Counted exp(Counted const& a)
    {
        return function([](double x) { return std::exp(x); }, a);
    }
    friend Counted log(Counted const& a)
    {
        return function([](double x) { return std::log(x); }, a);
    }
    friend Counted sin(Counted const& a)
    {
        return function([](double x) { return std::sin(x); }, a);
    }
    friend Counted cos(Counted const& a)
    {
        return function([](double x) { return std::cos(x); }, a);
    }
    friend Counted asin(Counted const& a)
    {
        return function([](double x) { return std::asin(x); }, a);
    }
    friend Counted acos(Counted const& a)
    {
        return function([](double x) { return std::acos(x); }, a);
    }
    friend Counted atan2(Counted const& a, Counted const& b)
    {
        return function([](double x, double y) { return std::atan2(x, y); }, a, b);
    }

private:
    template <class Function, class... Others>
    static Counted function(Function const& f, Others const&... x)
    {
        return of(Operation::function, f, x...);
    }

    std::array<double, n> of_;
};

}  // namespace longwatch
