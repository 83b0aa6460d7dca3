package compliance

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
)

// A Fault is why a rule, a form, a unit or a conversion is refused. Nothing is kept of what is
// refused.
type Fault struct {
	Key    string // what sort of thing is wrong: FaultSyntax and so on
	Column int    // where in the rule, from 1; 0 where that cannot be said
	Text   string // a sentence in English
}

// What can be wrong.
const (
	FaultSize       = "size"       // too long, too deep, too many parts, or empty
	FaultSyntax     = "syntax"     // it cannot be read
	FaultWord       = "word"       // something that the language of rules does not have
	FaultName       = "name"       // a quantity that the agreement does not have
	FaultType       = "type"       // things that cannot be put together
	FaultConstant   = "constant"   // a number, a day or a count of days that is none
	FaultCost       = "cost"       // it could take too many steps
	FaultUnit       = "unit"       // a unit that is none
	FaultConversion = "conversion" // an agreement's conversion that is none, or one that it does not state
)

// Error is the sentence.
func (f *Fault) Error() string { return f.Text }

// Sentence is the refusal as data: which sort it is, where in the rule (0: nowhere in particular), and
// the sentence in English for those who can read it.
func (f *Fault) Sentence() Sentence {
	return ruleSay("fault."+f.Key, map[string]Arg{"At": count(f.Column), "Detail": word(f.Text)})
}

func fault(key string, column int, format string, args ...any) *Fault {
	if column > 0 {
		return &Fault{key, column, fmt.Sprintf("At character %d: ", column) + fmt.Sprintf(format, args...)}
	}
	text := fmt.Sprintf(format, args...)
	if text != "" && text[0] >= 'a' && text[0] <= 'z' {
		text = string(text[0]-'a'+'A') + text[1:]
	}
	return &Fault{key, column, text}
}

// issue makes a refusal of the first thing that CEL has against a rule.
func issue(rule string, issues *cel.Issues) *Fault {
	errs := issues.Errors()
	if len(errs) == 0 {
		return fault(FaultSyntax, 0, "The rule cannot be read: %v.", issues.Err())
	}
	e, column := errs[0], 0
	lines := strings.SplitAfter(rule, "\n")
	if n := e.Location.Line(); n >= 1 && n <= len(lines) {
		column = utf8.RuneCountInString(strings.Join(lines[:n-1], "")) + e.Location.Column() + 1
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(e.Message, "Syntax error: "), "\n")
	if m := undeclared.FindStringSubmatch(text); m != nil {
		return fault(FaultName, column, "%s is no quantity of this agreement, and no word of the language of rules.", m[1])
	}
	if m := overload.FindStringSubmatch(text); m != nil {
		return fault(FaultType, column, "%s cannot be used with %s.", operator(m[1]), typeWords(strings.TrimPrefix(m[2], "series.")))
	}
	text, _, _ = strings.Cut(text, " expecting ")
	if text == "mismatched input '<EOF>'" {
		return fault(FaultSyntax, column, "the rule breaks off here.")
	}
	if len(text) > maxIssue {
		text = strings.ToValidUTF8(text[:maxIssue], "") + " …"
	}
	return fault(FaultSyntax, column, "the rule cannot be read: %s.", strings.TrimSuffix(text, "."))
}

const maxIssue = 200 // bytes of what CEL says that are told

// What CEL says of names and types that it does not have.
var (
	undeclared = regexp.MustCompile(`^undeclared reference to '([^']{1,60})`)
	overload   = regexp.MustCompile(`^found no matching overload for '([^']{1,60})' applied to '(.*)'$`)
)

func operator(name string) string {
	if sign, ok := signOf[name]; ok {
		return sign
	}
	return name + "()"
}

// typeWords says what CEL calls by the names of types.
func typeWords(s string) string {
	s = strings.NewReplacer("timestamp", "a day", "series", "a quantity itself (ask for its latest() or another of its functions)",
		"amount", "an amount", "double", "a number", "int", "a number", "bool", "true or false", "string", "words", "(", "", ")", "", ", ", " and ", ".", " of ").Replace(s)
	return s
}
