package national

import (
	"fmt"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"

	"entente/act"
	"entente/text"
)

// Bounds of a rule. Costs are in the units of CEL, of which one is about one step.
const (
	maxRuleCost   = 2_000_000 // of judging one text in one language
	maxRuleMemory = 1 << 20   // elements held while one text is judged
	maxRuleDepth  = 24        // of brackets and calls
	maxRuleNodes  = 400       // of its tree, with what short forms stand for
	maxPattern    = 400       // steps of a pattern's program
)

// A program is a rule that was compiled.
type program struct{ run cel.Program }

// ruleEnv is the language of rules, made once.
var ruleEnv = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.Variable("text", cel.StringType), cel.Variable("lang", cel.StringType), cel.Variable("element", cel.StringType),
		cel.Variable("numbers", cel.ListType(cel.MapType(cel.StringType, cel.DynType))),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(MaxRule), cel.ParserRecursionLimit(maxRuleDepth), cel.ExpressionNodeLimit(maxRuleNodes),
		cel.RegexProgramSizeLimit(maxPattern),
	)
})

// compile reads a rule. One that is no rule, or that some text could make cost too much, is refused.
func compile(rule string) (program, error) {
	if strings.TrimSpace(rule) == "" || len(rule) > MaxRule {
		return program{}, refuse("rule", "A rule has 1 to %d bytes; this has %d.", MaxRule, len(rule))
	}
	if err := text.Check(rule); err != nil {
		return program{}, refuse("rule", "The rule cannot be kept: %v.", err)
	}
	env, err := ruleEnv()
	if err != nil {
		return program{}, fmt.Errorf("rules cannot be read here: %w", err)
	}
	tree, issues := env.Compile(rule)
	if err := issues.Err(); err != nil {
		return program{}, refuse("rule", "The rule cannot be read: %s.", firstLine(err))
	}
	if !tree.OutputType().IsExactType(cel.BoolType) {
		return program{}, refuse("rule", "A rule says true or false of a text; this one gives %s.", tree.OutputType())
	}
	estimate, err := env.EstimateCost(tree, sizes{})
	if err != nil {
		return program{}, refuse("rule", "What the rule costs cannot be told: %s.", firstLine(err))
	}
	if estimate.Max > maxRuleCost {
		return program{}, refuse("cost", "The rule could take too many steps on a long text: up to %s, and %d are allowed. Make it simpler: one list inside another is what costs most.", steps(estimate.Max), maxRuleCost)
	}
	run, err := env.Program(tree, cel.CostLimit(maxRuleCost), cel.MemoryLimit(maxRuleMemory), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return program{}, refuse("rule", "The rule cannot be read: %s.", firstLine(err))
	}
	return program{run}, nil
}

func steps(n uint64) string {
	if n == 1<<64-1 {
		return "more than can be counted"
	}
	return fmt.Sprint(n)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSuffix(strings.TrimPrefix(line, "ERROR: <input>:"), ".")
}

// keeps judges a text. The error says why it could not be judged.
func (p program) keeps(element act.Ref, v text.Version) (bool, error) {
	list := []map[string]any{}
	for _, n := range numbers(v.Text) {
		for _, value := range n.Values {
			list = append(list, map[string]any{"value": value, "unit": n.Unit, "words": n.Words, "position": n.Position})
		}
	}
	out, _, err := p.run.Eval(map[string]any{"text": v.Text, "lang": string(v.Lang), "element": string(element), "numbers": list})
	if err != nil {
		return false, err
	}
	kept, ok := out.Value().(bool)
	if !ok {
		return false, fmt.Errorf("it gave %s", out.Type())
	}
	return kept, nil
}

// sizes says how large the variables of a rule can be.
type sizes struct{}

// EstimateSize is cost.Estimator's.
func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	path := n.Path()
	if len(path) == 0 {
		return nil
	}
	most := uint64(64) // a unit, a word, a reference
	switch {
	case path[0] == "text":
		most = text.MaxText
	case path[0] == "numbers" && len(path) == 1:
		most = 2 * maxNumbers
	case path[0] == "lang":
		most = 3
	}
	return &cost.SizeEstimate{Min: 0, Max: most}
}

// EstimateCallCost is cost.Estimator's.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
