package compliance

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"entente/act"
)

// LanguageVersion is the version of the language of rules. What a rule means does not change within
// one.
const LanguageVersion = 1

// Bounds of a rule. Its length is act.MaxRule.
const (
	maxRuleDepth = 24        // of brackets and calls
	maxRuleNodes = 400       // of its tree
	maxRuleCost  = 1_000_000 // of days looked at, if there were a reading on every one

	// What may be looked at while a rule is asked once, in readings. A rule has no loops and makes no
	// text, so that what it does beside looking at readings is bounded by its size, and so is the memory
	// that it takes; CEL's own meter would count the same steps again.
	maxRuleReads = 50_000_000
)

// A Quantity is something that is measured: how rules name it, and the unit of its numbers in them.
type Quantity struct{ Name, Unit string }

// A Rule is a rule that was read, checked and put into its canonical form. It does not change, and can
// be asked by many at once.
//
// The language of rules is the Common Expression Language (cel.dev) with very little in it: the
// quantities of the agreement, now (the beginning of the day that is asked about, in UTC),
// date("2017-12-19"), numbers, and what joins and compares them. A quantity is asked with
//
//   - latest(): what is read of the last day with a reading;
//   - max(n), min(n), sum(n): the highest and the lowest reading, and all added up, of the n days that
//     end with the day that is asked about;
//   - count(n): how many readings stand in those days; none are 0;
//   - age(): how many days ago the last day with a reading is;
//   - by(v, date): it has come up to v by the end of that day; down_by(v, date): it has come down to it;
//   - each_followed(other, n): each reading that is not 0 has one of other that is not 0 on its day or
//     one of the n days after it.
//
// The first six are amounts, which may be bounds. They are compared with numbers and with each other,
// added, subtracted, and multiplied or divided by a number. What a bound does not decide, and what
// nothing was read of, is unknown, as CEL has it: && is false where one side is, || is true where one
// side is, whatever the other would be. A deadline is unknown until its day is over, unless it is met;
// after that a reading of the day or later is needed to say that it was missed, and what is reached
// later is missed.
//
// The canonical form has numbers as doubles, constants to the right of what they are compared with, no
// needless brackets, and !(a == b) for a != b.
type Rule struct {
	tree      *node
	canonical string
	names     []string
	units     []string
	cost      int                         // days looked at, at most
	program   func() (cel.Program, error) // made when it is first asked
	spare     sync.Pool                   // *variables that nobody uses
}

// Compile reads the rule of an obligation: CEL over the quantities of its agreement. What is refused is
// refused with a [Fault].
func Compile(rule string, quantities []Quantity) (*Rule, error) {
	r, err := compileRule(rule, quantities)
	if err == nil && len(r.names) == 0 {
		return nil, fault(FaultName, 0, "The rule names no quantity, so that no reading could ever decide it.")
	}
	return r, err
}

// CompileNear reads the rule of what counts as near a limit. It may ask for the day alone.
func CompileNear(near string, quantities []Quantity) (*Rule, error) {
	return compileRule(near, quantities)
}

func compileRule(rule string, quantities []Quantity) (*Rule, error) {
	if strings.TrimSpace(rule) == "" {
		return nil, fault(FaultSize, 0, "There is no rule here.")
	}
	if len(rule) > act.MaxRule {
		return nil, fault(FaultSize, 0, "A rule has at most %d bytes; this has %d.", act.MaxRule, len(rule))
	}
	base, err := ruleEnv()
	if err != nil {
		return nil, fmt.Errorf("rules cannot be read here: %w", err)
	}
	parsed, issues := base.Parse(rule)
	if issues.Err() != nil {
		return nil, issue(rule, issues)
	}
	read := reader{source: parsed.NativeRep().SourceInfo()}
	tree, err := read.read(parsed.NativeRep().Expr())
	if err != nil {
		return nil, err
	}
	out := &Rule{tree: tree, canonical: tree.String(), names: read.names, cost: read.cost}
	if out.units, err = unitsOf(read.names, quantities); err != nil {
		return nil, err
	}
	if len(out.names) == 0 && !read.now {
		return nil, fault(FaultName, 0, "The rule names no quantity, so that no reading could ever decide it.")
	}
	if read.cost > maxRuleCost {
		return nil, fault(FaultCost, 0, "The rule could take too many steps: up to %d days looked at, and %d are allowed. Look at shorter times, or make two obligations of it.", read.cost, maxRuleCost)
	}
	if err := out.check(rule, parsed); err != nil {
		return nil, err
	}
	out.program = sync.OnceValues(out.plan)
	return out, nil
}

// check has CEL check what was written, and then the canonical form, which alone is ever asked.
func (r *Rule) check(rule string, parsed *cel.Ast) error {
	lang, err := languageOf(r.names)
	if err != nil {
		return err
	}
	checked, issues := lang.Check(parsed)
	if issues.Err() != nil {
		return issue(rule, issues)
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		return fault(FaultType, 0, "A rule is true or false; this one gives %s. Compare it with something, as in heavy_water.latest() <= 130.0.", typeWords(checked.OutputType().String()))
	}
	if len(r.canonical) > act.MaxRule {
		return fault(FaultSize, 0, "In its canonical form the rule has %d bytes, more than %d. Make it shorter.", len(r.canonical), act.MaxRule)
	}
	if r.canonical != rule {
		if _, issues = lang.Compile(r.canonical); issues.Err() != nil {
			return issue(r.canonical, issues)
		}
	}
	return nil
}

// plan makes the canonical form one that can be asked. Most rules are limits, which are seldom asked by
// way of CEL: this is done when one is, so that many rules take little memory.
func (r *Rule) plan() (cel.Program, error) {
	lang, err := languageOf(r.names)
	if err != nil {
		return nil, err
	}
	checked, issues := lang.Compile(r.canonical)
	if issues.Err() != nil {
		return nil, issue(r.canonical, issues)
	}
	return lang.Program(checked)
}

// languageOf is the language with the quantities that a rule names.
func languageOf(names []string) (*cel.Env, error) {
	base, err := ruleEnv()
	if err != nil {
		return nil, fmt.Errorf("rules cannot be read here: %w", err)
	}
	var options []cel.EnvOption
	for _, name := range names {
		options = append(options, cel.Variable(name, seriesType))
	}
	out, err := base.Extend(options...)
	if err != nil {
		return nil, fmt.Errorf("rules cannot be read here: %w", err)
	}
	return out, nil
}

var reserved = []string{"as", "break", "const", "continue", "date", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
	"namespace", "now", "null", "package", "return", "true", "var", "void", "while"}

// Reserved reports whether a name is a word of the language of rules, so that no quantity can be called
// by it.
func Reserved(name string) bool { return slices.Contains(reserved, name) }

// unitsOf finds the units of the quantities that a rule names.
func unitsOf(names []string, quantities []Quantity) ([]string, error) {
	units := make([]string, len(names))
	for i, name := range names {
		at := slices.IndexFunc(quantities, func(q Quantity) bool { return q.Name == name })
		if at < 0 || Reserved(name) {
			return nil, fault(FaultName, 0, "The rule names %s, which is no quantity of this agreement.%s", name, known(quantities))
		}
		units[i] = quantities[at].Unit
	}
	return units, nil
}

const maxTold = 8 // quantities that a refusal names

func known(quantities []Quantity) string {
	var names []string
	for _, q := range quantities {
		if len(names) < maxTold && !slices.Contains(names, q.Name) {
			names = append(names, q.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " It has " + strings.Join(names, ", ") + "."
}

// Canonical is the rule's one form: what is tabled, agreed and asked.
func (r *Rule) Canonical() string { return r.canonical }

// Quantities are the names of the quantities that the rule looks at, in the order of their first
// mention.
func (r *Rule) Quantities() []string { return slices.Clone(r.names) }

// Unit is the unit of a quantity's numbers in the rule; empty where the rule does not name it.
func (r *Rule) Unit(quantity string) string {
	if i := slices.Index(r.names, quantity); i >= 0 {
		return r.units[i]
	}
	return ""
}

// Limit is the rule as a comparison of one measure of one quantity with constants; false where it is
// more than that.
func (r *Rule) Limit() (Limit, bool) { return r.tree.limit() }

// Why says why a rule is undecided. Where there are several reasons, the first of these stands.
type Why uint8

// The reasons.
const (
	Decided      Why = iota
	WhyNoReading     // there is no reading to tell it by
	WhyBound         // a bound, or readings that differ, do not decide
	WhyNotDue        // the day by which it must be has not passed
	WhyFailed        // it could not be asked, or there was too much to look at
)

var whyNames = [...]string{"decided", "no reading", "bound", "not due yet", "failed"}

// String is the reason in a word or two.
func (w Why) String() string { return whyNames[min(int(w), len(whyNames)-1)] }

// A Result is what a rule comes to. Undecided has its reason and the quantity that is short of an
// answer.
type Result struct {
	Outcome  Outcome
	Why      Why
	Quantity string
}

// Eval asks the rule about a day. The tracks are those of Quantities, in that order; a nil track has
// no readings. Readings after the day are not looked at.
func (r *Rule) Eval(on Day, tracks []*Track) Result {
	program, err := r.program()
	if err != nil {
		return Result{Why: WhyFailed}
	}
	vars, ok := r.spare.Get().(*variables)
	if !ok {
		vars = &variables{names: r.names, series: make([]seriesVal, len(r.names))}
	}
	vars.on, vars.left = on, maxRuleReads
	for i := range vars.series {
		s := &vars.series[i]
		if s.name, s.on, s.left, s.track = r.names[i], on, &vars.left, noReadings; i < len(tracks) && tracks[i] != nil {
			s.track = tracks[i]
		}
	}
	out, _, err := program.Eval(vars)
	for i := range vars.series {
		vars.series[i].track = noReadings
	}
	r.spare.Put(vars)
	if err != nil {
		return Result{Why: WhyFailed}
	}
	return resultOf(out)
}

// noReadings is the track of a quantity of which nothing is read. It is never added to.
var noReadings = &Track{}

func resultOf(out ref.Val) Result {
	switch v := out.(type) {
	case types.Bool:
		if v {
			return Result{Outcome: Holds}
		}
		return Result{Outcome: Broken}
	case *types.Unknown:
		best := Result{Why: WhyFailed}
		if ids := v.IDs(); len(ids) > 0 && ids[len(ids)-1] < int64(WhyFailed) && ids[0] >= int64(WhyNoReading) {
			best.Why = Why(ids[0])
			trails, _ := v.GetAttributeTrails(ids[0])
			for _, t := range trails {
				if name := t.Variable(); best.Quantity == "" || name < best.Quantity {
					best.Quantity = name
				}
			}
		}
		return best
	}
	return Result{Why: WhyFailed}
}

// variables are what stands for the names of a rule while it is asked.
type variables struct {
	names  []string
	series []seriesVal
	on     Day
	left   int // readings that may still be looked at
}

// ResolveName is cel.Activation's.
func (v *variables) ResolveName(name string) (any, bool) {
	for i, n := range v.names {
		if n == name {
			return &v.series[i], true
		}
	}
	if name == "now" {
		return types.Timestamp{Time: v.on.time()}, true
	}
	return nil, false
}

// Parent is cel.Activation's.
func (v *variables) Parent() cel.Activation { return nil }
