package compliance

import (
	"strconv"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"entente/act"
)

// A node is a part of a rule in its canonical form. Only what the language of rules has can be one.
type node struct {
	kind nodeKind
	word string  // nodeCall: the function; nodeOp: the operator; nodeName: the name; nodeDay: the day
	num  float64 // nodeNumber
	days int64   // nodeDays
	args []*node // of a call, its series first
	at   int     // where it stood, from 1
}

type nodeKind uint8

const (
	nodeOp     nodeKind = iota // && || ! ?: and comparisons, + - * /
	nodeCall                   // of a function of a series
	nodeName                   // a quantity, or now
	nodeNumber                 // a number that amounts are compared with
	nodeDays                   // a count of days, within a call
	nodeDay                    // date("2017-12-19")
)

// A reader turns a parsed rule into its canonical tree, and refuses what the language does not have.
type reader struct {
	source *ast.SourceInfo
	nodes  int
	cost   int
	now    bool     // it looks at now
	names  []string // quantities, in the order of their first mention
}

// signature is what a function of a series takes: "a" an amount, "n" days, "d" a day, "s" a series.
var signatures = map[string]string{
	"latest": "", "age": "", "max": "n", "min": "n", "sum": "n", "count": "n",
	"by": "ad", "down_by": "ad", "each_followed": "sn",
}

// comparisons are the operators that give an outcome of two amounts, each with the one that says the
// same from the other side.
var comparisons = map[string]string{"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "==", "!=": "!="}

// signOf is how CEL's operators are written.
var signOf = map[string]string{
	operators.LogicalAnd: "&&", operators.LogicalOr: "||", operators.LogicalNot: "!", operators.Conditional: "?:",
	operators.LessEquals: "<=", operators.Less: "<", operators.GreaterEquals: ">=", operators.Greater: ">",
	operators.Equals: "==", operators.NotEquals: "!=",
	operators.Add: "+", operators.Subtract: "-", operators.Multiply: "*", operators.Divide: "/",
}

const language = "A rule has quantities with latest(), max(days), min(days), sum(days), count(days), age(), by(number, date), down_by(number, date) " +
	"and each_followed(quantity, days); now, date(\"2017-12-19\"), numbers, comparisons, + - * /, &&, ||, ! and ?:."

func (r *reader) column(e ast.Expr) int {
	o, ok := r.source.GetOffsetRange(e.ID())
	if !ok {
		return 0
	}
	return int(o.Start) + 1
}

// read turns one expression into a node.
func (r *reader) read(e ast.Expr) (*node, error) {
	if r.nodes++; r.nodes > maxRuleNodes {
		return nil, fault(FaultSize, 0, "The rule has more than %d parts. Make it shorter, or make two obligations of it.", maxRuleNodes)
	}
	switch e.Kind() {
	case ast.LiteralKind:
		return r.literal(e)
	case ast.IdentKind:
		return r.name(e)
	case ast.CallKind:
		return r.call(e)
	}
	return nil, fault(FaultWord, r.column(e), "this is no part of the language of rules. %s", language)
}

func (r *reader) literal(e ast.Expr) (*node, error) {
	n := &node{kind: nodeNumber, at: r.column(e)}
	switch v := e.AsLiteral().(type) {
	case types.Double:
		n.num = float64(v)
	case types.Int:
		if n.num = float64(v); v > maxWhole || v < -maxWhole {
			return nil, fault(FaultConstant, n.at, "%d has too many digits to be compared exactly.", int64(v))
		}
	default:
		return nil, fault(FaultWord, n.at, "words and other values that are no numbers have no place in a rule, apart from a day in date(\"2017-12-19\").")
	}
	if n.num == 0 {
		n.num = 0 // never -0
	}
	return n, nil
}

func (r *reader) name(e ast.Expr) (*node, error) {
	n := &node{kind: nodeName, word: e.AsIdent(), at: r.column(e)}
	switch {
	case n.word == "now":
		r.now = true
	case !act.QuantityOK(n.word):
		return nil, fault(FaultName, n.at, "%.60q is no name of a quantity: small letters, digits and _, at most %d.", n.word, act.MaxQuantity)
	default:
		r.mention(n.word)
	}
	return n, nil
}

func (r *reader) mention(name string) {
	for _, have := range r.names {
		if have == name {
			return
		}
	}
	r.names = append(r.names, name)
}

func (r *reader) call(e ast.Expr) (*node, error) {
	c := e.AsCall()
	sign, isOp := signOf[c.FunctionName()]
	switch {
	case isOp && !c.IsMemberFunction():
		return r.operation(e, sign)
	case c.FunctionName() == "date" && !c.IsMemberFunction():
		return r.date(e)
	case c.FunctionName() == operators.Negate:
		return nil, fault(FaultWord, r.column(e), "a minus stands only before a number, or between two amounts.")
	}
	sig, ok := signatures[c.FunctionName()]
	if !ok {
		return nil, fault(FaultWord, r.column(e), "%.60q is no part of the language of rules. %s", strings.Trim(c.FunctionName(), "@_"), language)
	}
	if !c.IsMemberFunction() || c.Target().Kind() != ast.IdentKind || c.Target().AsIdent() == "now" {
		return nil, fault(FaultType, r.column(e), "%s() is asked of a quantity, as in heavy_water.%s.", c.FunctionName(), usage(c.FunctionName(), sig))
	}
	return r.member(e, sig)
}

// usage is how a function is written.
func usage(name, sig string) string {
	return name + "(" + strings.Join(strings.Fields(strings.NewReplacer("a", "20.0, ", "n", "365", "d", `date("2017-12-19")`, "s", "other, ").Replace(sig)), " ") + ")"
}

// member reads the call of a function of a series.
func (r *reader) member(e ast.Expr, sig string) (*node, error) {
	c := e.AsCall()
	n := &node{kind: nodeCall, word: c.FunctionName(), at: r.column(e)}
	wrong := func() error {
		return fault(FaultType, n.at, "%s is written %s.%s.", n.word, c.Target().AsIdent(), usage(n.word, sig))
	}
	target, err := r.read(c.Target())
	if err != nil {
		return nil, err
	}
	if n.args = []*node{target}; len(c.Args()) != len(sig) {
		return nil, wrong()
	}
	r.cost++
	for i, a := range c.Args() {
		arg, err := r.read(a)
		if err != nil {
			return nil, err
		}
		switch sig[i] {
		case 'n':
			if arg, err = r.count(a, arg); err != nil {
				return nil, err
			}
			r.cost += int(arg.days)
		case 'a':
			if arg.kind != nodeNumber {
				return nil, wrong()
			}
			r.cost += act.MaxDays
		case 'd':
			if arg.kind != nodeDay {
				return nil, wrong()
			}
		case 's':
			if arg.kind != nodeName || arg.word == "now" {
				return nil, wrong()
			}
			r.cost += act.MaxDays
		}
		n.args = append(n.args, arg)
	}
	return n, nil
}

// count reads a number of days.
func (r *reader) count(e ast.Expr, n *node) (*node, error) {
	v, ok := types.Int(0), false
	if e.Kind() == ast.LiteralKind {
		v, ok = e.AsLiteral().(types.Int)
	}
	if !ok || v < 1 || v > act.MaxDays {
		return nil, fault(FaultConstant, n.at, "a number of days is a whole number from 1 to %d.", act.MaxDays)
	}
	return &node{kind: nodeDays, days: int64(v), at: n.at}, nil
}

// date reads date("2017-12-19").
func (r *reader) date(e ast.Expr) (*node, error) {
	n := &node{kind: nodeDay, at: r.column(e)}
	if args := e.AsCall().Args(); len(args) == 1 && args[0].Kind() == ast.LiteralKind {
		if s, ok := args[0].AsLiteral().(types.String); ok {
			if d, err := act.ParseDate(string(s)); err == nil {
				n.word = string(d)
				return n, nil
			}
			return nil, fault(FaultConstant, n.at, "%.40q is no day that exists: write it like date(\"2017-12-19\").", string(s))
		}
	}
	return nil, fault(FaultConstant, n.at, "a day is written like date(\"2017-12-19\").")
}

// operation reads an operator. A constant that stands before what it is compared with or put together
// with changes places with it.
func (r *reader) operation(e ast.Expr, sign string) (*node, error) {
	n := &node{kind: nodeOp, word: sign, at: r.column(e)}
	for _, a := range e.AsCall().Args() {
		arg, err := r.read(a)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, arg)
	}
	if back, compares := comparisons[sign]; compares && n.args[0].constant() && !n.args[1].constant() {
		n.word, n.args[0], n.args[1] = back, n.args[1], n.args[0]
	}
	switch {
	case sign == "!=": // CEL takes what is not known to be equal for unequal
		n.word = "=="
		return &node{kind: nodeOp, word: "!", args: []*node{n}, at: n.at}, nil
	case sign == "!" && n.args[0].is("!"):
		return n.args[0].args[0], nil
	case sign == "&&" || sign == "||":
		return n.chain(), nil
	case (sign == "+" || sign == "*") && n.args[0].constant() && !n.args[1].constant():
		n.args[0], n.args[1] = n.args[1], n.args[0]
	case sign == "/" && n.args[1].kind == nodeNumber && n.args[1].num == 0:
		return nil, fault(FaultConstant, n.args[1].at, "nothing can be divided by 0.")
	}
	return n, nil
}

// chain takes the parts of a chain of && or || together: how it was put in brackets makes no
// difference.
func (n *node) chain() *node {
	out := &node{kind: nodeOp, word: n.word, at: n.at}
	for _, a := range n.args {
		if a.is(n.word) {
			out.args = append(out.args, a.args...)
		} else {
			out.args = append(out.args, a)
		}
	}
	return out
}

func (n *node) is(op string) bool { return n.kind == nodeOp && n.word == op }

func (n *node) constant() bool { return n.kind == nodeNumber || n.kind == nodeDay }

// Levels of binding, the loosest first.
const (
	levelIf = iota
	levelOr
	levelAnd
	levelCompare
	levelSum
	levelProduct
	levelNot
	levelPart
)

func (n *node) level() int {
	if n.kind != nodeOp {
		return levelPart
	}
	switch n.word {
	case "?:":
		return levelIf
	case "||":
		return levelOr
	case "&&":
		return levelAnd
	case "+", "-":
		return levelSum
	case "*", "/":
		return levelProduct
	case "!":
		return levelNot
	}
	return levelCompare
}

// String writes the canonical form.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b, levelIf)
	return b.String()
}

// write puts the node, in brackets where it binds less than it has to.
func (n *node) write(b *strings.Builder, least int) {
	level := n.level()
	if level < least {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch {
	case n.kind == nodeName:
		b.WriteString(n.word)
	case n.kind == nodeNumber:
		b.WriteString(celNumber(n.num))
	case n.kind == nodeDays:
		b.WriteString(strconv.FormatInt(n.days, 10))
	case n.kind == nodeDay:
		b.WriteString(`date("` + n.word + `")`)
	case n.kind == nodeCall:
		n.writeCall(b)
	case n.word == "!":
		b.WriteByte('!')
		n.args[0].write(b, levelNot)
	case n.word == "?:":
		n.args[0].write(b, levelOr)
		b.WriteString(" ? ")
		n.args[1].write(b, levelOr)
		b.WriteString(" : ")
		n.args[2].write(b, levelIf)
	default:
		n.writeBetween(b, level)
	}
}

func (n *node) writeCall(b *strings.Builder) {
	n.args[0].write(b, levelPart)
	b.WriteString("." + n.word + "(")
	for i, a := range n.args[1:] {
		if i > 0 {
			b.WriteString(", ")
		}
		a.write(b, levelIf)
	}
	b.WriteByte(')')
}

// writeBetween writes an operator between its parts. All bind to the left, and a comparison to
// neither side.
func (n *node) writeBetween(b *strings.Builder, level int) {
	for i, a := range n.args {
		if i > 0 {
			b.WriteString(" " + n.word + " ")
		}
		if i > 0 || level == levelCompare {
			a.write(b, level+1)
		} else {
			a.write(b, level)
		}
	}
}

// celNumber is a number as CEL reads a double.
func celNumber(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if len(s) > 24 {
		s = strconv.FormatFloat(v, 'e', -1, 64)
	}
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}
