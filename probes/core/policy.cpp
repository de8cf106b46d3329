#include "probes/core/policy.h"

#include <charconv>
#include <cmath>
#include <concepts>
#include <set>
#include <utility>

#include "probes/core/json_body.h"
#include "probes/core/json_writer.h"
#include "probes/core/policy_members.h"

namespace smokeledger::probes::core {
namespace {

using Routes = std::vector<std::shared_ptr<const Route>>;
using Windows = std::vector<QuietWindow>;
using Days = decltype(QuietWindow::days);
using Strings = std::vector<std::string>;
using ExitCodes = decltype(DrillTerms::exit_codes);
namespace dom = simdjson::dom;

// Fractions are written as whole thousandths: a ledger line holds no floating point.
constexpr double thousandth = 1000;
constexpr std::int64_t longest_time = 10'000'000'000'000;

class Writer {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    out_.key(name);
    write(value);
  }
  std::string take() { return out_.take(); }
  void begin() { out_.begin_object(); }
  void end() { out_.end_object(); }

 private:
  void write(const std::string& text) { out_.string(text); }
  void write(bool flag) { out_.boolean(flag); }
  void write(std::integral auto number) { out_.integer(number); }
  void write(double number) { out_.integer(std::llround(number * thousandth)); }
  template <class Rep, class Period>
  void write(std::chrono::duration<Rep, Period> time) {
    out_.integer(time.count());
  }
  template <Worded E>
  void write(E value) {
    out_.string(word(value));
  }
  template <class T>
  void write(const std::optional<T>& value) {
    value ? write(*value) : void(out_.null());
  }
  template <Worded E>
  void write(const std::vector<E>& words) {
    out_.begin_array();
    for (const E value : words) write(value);
    out_.end_array();
  }
  void write(const Strings& strings) { out_.strings(strings); }
  void write(const ExitCodes& codes) {
    begin();
    for (const auto& [code, received] : codes) (*this)(std::to_string(code), received);
    end();
  }
  void write(const Routes& routes) {
    out_.begin_array();
    for (const auto& route : routes) {
      begin();
      describe_route(*this, *route, *route->provider, *route->contract);
      end();
    }
    out_.end_array();
  }
  void write(const Windows& windows) {
    out_.begin_array();
    for (const QuietWindow& window : windows) {
      begin();
      describe_window(*this, window);
      end();
    }
    out_.end_array();
  }
  void write(const Days& days) {
    out_.begin_array();
    for (const Weekday day : every<Weekday>()) {
      if (days[static_cast<std::size_t>(day)]) write(day);
    }
    out_.end_array();
  }
  void write(const ClassTable& classes) {
    begin();
    describe_classes(*this, classes);
    end();
  }
  void write(const RetryPolicy& retry) {
    begin();
    describe_retry(*this, retry);
    end();
  }
  void write(const Schedule& schedule) {
    begin();
    describe_schedule(*this, schedule);
    end();
  }
  void write(const DrillPlan& drill) {
    begin();
    describe_drill(*this, drill);
    end();
  }

  JsonWriter out_;
};

// Of one object. The first failure sticks, in `failure`, which the readers of nested objects share.
class Reader {
 public:
  Reader(dom::object object, std::string path, std::string& failure)
      : object_(object), path_(std::move(path)), failure_(failure) {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    known_.insert(name);
    dom::element element;
    if (!failure_.empty() || object_.at_key(name).get(element) != simdjson::SUCCESS) return;
    read(path_ + std::string(name), element, value);
  }
  // After every member was asked for.
  void refuse_others() {
    for (const auto& [name, value] : object_) {
      if (!known_.contains(name)) fail(path_ + std::string(name), "is not known to this build");
    }
  }

 private:
  void fail(const std::string& path, std::string_view what) {
    if (failure_.empty()) failure_ = "its member " + path + ' ' + std::string(what);
  }

  void read(const std::string& path, dom::element element, std::string& text) {
    std::string_view view;
    if (element.get(view) != simdjson::SUCCESS) return fail(path, "is not a string");
    text = view;
  }
  void read(const std::string& path, dom::element element, bool& flag) {
    if (element.get(flag) != simdjson::SUCCESS) fail(path, "is not true or false");
  }
  template <std::integral I>
  void read(const std::string& path, dom::element element, I& number) {
    std::int64_t wide = 0;
    if (element.get(wide) != simdjson::SUCCESS || wide < 0 || !std::in_range<I>(wide)) {
      return fail(path, "is not a whole number that fits");
    }
    number = static_cast<I>(wide);
  }
  void read(const std::string& path, dom::element element, double& number) {
    std::uint32_t whole = 0;
    read(path, element, whole);
    if (failure_.empty()) number = whole / thousandth;
  }
  template <class Rep, class Period>
  void read(const std::string& path,
            dom::element element,
            std::chrono::duration<Rep, Period>& time) {
    std::int64_t count = 0;
    read(path, element, count);
    // Sums and multiples of a few of them must not overflow, whoever wrote the text.
    if (count > longest_time) return fail(path, "is not a whole number that fits");
    if (failure_.empty()) time = std::chrono::duration<Rep, Period>{count};
  }
  template <Worded E>
  void read(const std::string& path, dom::element element, E& value) {
    std::string text;
    read(path, element, text);
    if (!failure_.empty()) return;
    const auto known = from_word<E>(text);
    if (!known) return fail(path, "is a word that this build does not know");
    value = *known;
  }
  template <class T>
  void read(const std::string& path, dom::element element, std::optional<T>& value) {
    if (element.is_null()) return value.reset();
    read(path, element, value.emplace());
  }
  template <Worded E>
  void read(const std::string& path, dom::element element, std::vector<E>& words) {
    read_list(path, element, [&](const std::string& at, dom::element item) {
      read(at, item, words.emplace_back());
    });
  }
  void read(const std::string& path, dom::element element, Strings& strings) {
    read_list(path, element, [&](const std::string& at, dom::element item) {
      read(at, item, strings.emplace_back());
    });
  }
  void read(const std::string& path, dom::element element, ExitCodes& codes) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return fail(path, "is not an object");
    for (const auto& [name, value] : object) {
      const std::string at = path + '.' + std::string(name);
      auto& [code, received] = codes.emplace_back();
      const char* const end = name.data() + name.size();
      if (std::from_chars(name.data(), end, code).ptr != end || name.empty()) {
        return fail(at, "is not named by an exit code");
      }
      read(at, value, received);
    }
  }
  void read(const std::string& path, dom::element element, Routes& routes) {
    read_list(path, element, [&](const std::string& at, dom::element item) {
      auto route = std::make_shared<Route>();
      auto provider = std::make_shared<Provider>();
      auto contract = std::make_shared<Contract>();
      read_object(at, item, [&](Reader& members) {
        describe_route(members, *route, *provider, *contract);
      });
      route->provider = std::move(provider);
      route->contract = std::move(contract);
      routes.push_back(std::move(route));
    });
  }
  void read(const std::string& path, dom::element element, Windows& windows) {
    read_list(path, element, [&](const std::string& at, dom::element item) {
      auto& window = windows.emplace_back();
      read_object(at, item, [&](Reader& members) { describe_window(members, window); });
    });
  }
  void read(const std::string& path, dom::element element, Days& days) {
    read_list(path, element, [&](const std::string& at, dom::element item) {
      Weekday day{};
      read(at, item, day);
      days[static_cast<std::size_t>(day)] = true;
    });
  }
  void read(const std::string& path, dom::element element, ClassTable& classes) {
    read_object(path, element, [&](Reader& members) { describe_classes(members, classes); });
  }
  void read(const std::string& path, dom::element element, RetryPolicy& retry) {
    read_object(path, element, [&](Reader& members) { describe_retry(members, retry); });
  }
  void read(const std::string& path, dom::element element, Schedule& schedule) {
    read_object(path, element, [&](Reader& members) { describe_schedule(members, schedule); });
  }
  void read(const std::string& path, dom::element element, DrillPlan& drill) {
    read_object(path, element, [&](Reader& members) { describe_drill(members, drill); });
  }
  template <class ReadItem>
  void read_list(const std::string& path, dom::element element, ReadItem read_item) {
    dom::array array;
    if (element.get(array) != simdjson::SUCCESS) return fail(path, "is not a list");
    std::size_t index = 0;
    for (const dom::element item : array) {
      read_item(path + '[' + std::to_string(index++) + ']', item);
    }
  }
  template <class Describe>
  void read_object(const std::string& path, dom::element element, Describe describe) {
    dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return fail(path, "is not an object");
    Reader members(object, path + '.', failure_);
    describe(members);
    members.refuse_others();
  }

  dom::object object_;
  std::string path_;
  std::string& failure_;
  std::set<std::string_view> known_;
};

}  // namespace

std::string policy_text(const ProbePlan& plan) {
  Writer members;
  members.begin();
  describe_plan(members, plan);
  members.end();
  return members.take();
}

boost::system::result<ProbePlan, std::string> read_policy(std::string_view policy_json) {
  // A plan can be made from a string, its name, so an error has to be called one.
  using Result = boost::system::result<ProbePlan, std::string>;
  constexpr auto is_error = boost::system::in_place_error;
  JsonBody body;
  dom::object object;
  if (body.parse(policy_json) || body.root().get(object) != simdjson::SUCCESS) {
    return Result(is_error, "it is not one JSON object");
  }
  ProbePlan plan;
  std::string failure;
  Reader members(object, {}, failure);
  describe_plan(members, plan);
  members.refuse_others();
  if (failure.empty() && plan.routes.empty()) failure = "its member routes names no route";
  if (!failure.empty()) return Result(is_error, failure);
  return plan;
}

}  // namespace smokeledger::probes::core
