// HTML that cannot hold what nobody meant: text is escaped wherever it goes, names of tags and
// attributes are constants of this program, and addresses have a type of their own. Whoever builds
// a page has no other way to put a value into it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace smokeledger::exporters::page {

// A constant of this program. Nothing that is only known when it runs becomes one.
class Fixed {
 public:
  consteval Fixed(const char* text) : text_(text) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// The name of an element. Those whose content is not text are not to be had.
class Tag {
 public:
  consteval Tag(const char* name) : name_(name) {
    for (const std::string_view bad : {"script", "style", "iframe", "object", "embed", "base"}) {
      if (name_ == bad) throw "not an element of these pages";
    }
  }
  constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

// The name of an attribute whose value is plain text: no address, no style, no handler.
class AttributeName {
 public:
  consteval AttributeName(const char* name) : name_(name) {
    for (const std::string_view bad : {"href", "src", "srcset", "style", "action", "formaction"}) {
      if (name_ == bad) throw "its value is not plain text";
    }
    if (name_.starts_with("on") || name_ == "srcdoc") throw "its value is not plain text";
  }
  constexpr std::string_view text() const { return name_; }

 private:
  std::string_view name_;
};

// Where a link leads.
class Link {
 public:
  // A page of ours: `rest` is one more segment of the path, percent-encoded.
  static Link ours(Fixed path, std::string_view rest = {});
  static Link ours(Fixed path, const std::vector<std::pair<std::string, std::string>>& query);
  // A place on the same page, whose id is made by anchor_id() from the same.
  static Link anchor(Fixed prefix, std::string_view name);
  // Somebody else's page, without query and fragment; empty where it is not plainly http or https
  // to a named host, without user information.
  static std::optional<Link> outside(std::string_view url);

  const std::string& address() const { return address_; }
  bool is_outside() const { return outside_; }

 private:
  Link(std::string address, bool outside) : address_(std::move(address)), outside_(outside) {}
  std::string address_;
  bool outside_ = false;
};
std::string anchor_id(Fixed prefix, std::string_view name);

struct Attribute {
  AttributeName name;
  std::string value;  // escaped when it is written
};
using Attributes = std::vector<Attribute>;

class Markup {
 public:
  Markup() = default;
  explicit Markup(Fixed html) : html_(html.text()) {}

  Markup& operator+=(const Markup& more) {
    html_ += more.html_;
    return *this;
  }
  const std::string& html() const { return html_; }
  bool empty() const { return html_.empty(); }

 private:
  friend Markup text(std::string_view);
  friend Markup element(Tag, const Attributes&, const Markup&);
  friend Markup lone(Tag, const Attributes&);
  friend Markup link(const Link&, const Attributes&, const Markup&);
  void open(std::string_view tag, const Attributes&);

  std::string html_;
};

// Any bytes, as text: what HTML would read as anything else is escaped; what is not UTF-8, does not
// show, or turns the direction of reading is shown as U+FFFD.
Markup text(std::string_view);
Markup element(Tag, const Attributes&, const Markup& inside);
// An element that has no end: `input`, `br`.
Markup lone(Tag, const Attributes&);
// A link elsewhere opens without telling that page where it came from.
Markup link(const Link&, const Attributes&, const Markup& inside);

inline Markup operator+(Markup first, const Markup& second) {
  first += second;
  return first;
}
inline Markup element(Tag tag, const Markup& inside) {
  return element(tag, {}, inside);
}
inline Markup element(Tag tag, std::string_view inside) {
  return element(tag, {}, text(inside));
}

}  // namespace smokeledger::exporters::page
